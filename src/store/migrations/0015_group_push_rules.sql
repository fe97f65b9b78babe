-- A rule knows whether the groups its app has already may be taken over, so that groups that come need no catalog.
alter table app_group_push_rules add column may_link boolean not null default true;
