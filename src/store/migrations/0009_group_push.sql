-- What the engine needs to push groups: leases like those of app_users, whom a change concerns, and what is on its way.

alter table app_group_push
  add column lease_until timestamptz,
  -- Whom to compare: these people, or everybody where it is null. Empty: nobody.
  add column concerned text[],
  -- The name last sent to the app, before it was confirmed: a group that was made unrecorded is found by it.
  add column sent_name text,
  -- When the members the app shows were last compared with the ledger; null has it done with the next push.
  add column verified timestamptz,
  -- Members the app has of us, and those it is to have, kept by those who push.
  add column members_in_app integer not null default 0,
  add column members_wanted integer not null default 0,
  -- Whether a group the app has under the name already may be taken over.
  add column may_link boolean not null default true,
  -- The rule that made the mapping, and whether it paused the mapping because the group no longer fits.
  add column rule_id text,
  add column paused_by_rule boolean not null default false;
create index app_group_push_rule on app_group_push (rule_id) where rule_id is not null;

-- False from just before a member is sent until the app has taken it: whoever is here may be in the app.
alter table app_group_push_members add column confirmed boolean not null default true;
create index app_group_push_members_user on app_group_push_members (user_id);

-- What pushes have to look at, written by whoever changes a membership or an account, in the same transaction, and
-- taken by the worker of the app. Rows are only ever added and taken, so nobody waits for anybody here.
create table app_group_push_changes (
  id       bigint generated always as identity primary key,
  app_id   text not null,
  -- Null: every push of the app that has, or is to have, the person.
  push_id  text,
  -- Null: everybody.
  user_id  text
);
create index app_group_push_changes_app on app_group_push_changes (app_id, id);

-- Groups that get a mapping of their own accord.
create table app_group_push_rules (
  id            text primary key,
  app_id        text not null references apps on delete cascade,
  name          text not null,
  status        text not null check (status in ('ACTIVE', 'INACTIVE')),
  -- Which groups: {"name": {"operator", "value"}, "description": {…}, "groupTypes": […]}.
  conditions    jsonb not null,
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now()
);
create unique index app_group_push_rules_name on app_group_push_rules (app_id, lower(name));
