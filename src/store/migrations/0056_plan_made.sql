-- The app a plan has made, where what it planned was a duplicate.
alter table plans add column made_app_id text references apps on delete set null;
