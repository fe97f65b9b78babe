-- Bulk work that can be paused, resumed and cancelled and that goes on after a crash where it stopped, and changes
-- that are looked at before they are made.

alter table runs drop constraint runs_status_check;
alter table runs
  add constraint runs_status_check
    check (status in ('RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'REFUSED', 'CANCELLED')),
  -- What is to be done. Nothing secret.
  add column request jsonb not null default '{}',
  -- Where the next chunk begins. Written with the chunk's own work and never apart from it: a run that is taken up
  -- after a crash repeats nothing and leaves nothing out.
  add column cursor jsonb,
  add column phase text,
  add column done integer not null default 0,
  add column failed integer not null default 0,
  add column skipped integer not null default 0,
  -- How much was done when, over the last minute: what the rate is computed from.
  add column pace jsonb not null default '[]',
  add column last_updated timestamptz not null default now();
create index runs_app on runs (app_id, started desc, id) where app_id is not null;

-- Whom or what a run is about, in order, fixed when it begins. Gone when it has ended.
create table run_items (
  run_id   text not null references runs on delete cascade,
  seq      integer not null,
  subject  text not null,
  primary key (run_id, seq)
);

-- What went wrong, item by item.
create table run_problems (
  run_id  text not null references runs on delete cascade,
  seq     bigint generated always as identity,
  -- The id, login or line the problem is about; null where it is the run as a whole.
  item    text,
  code    text,
  reason  text not null,
  detail  jsonb,
  primary key (run_id, seq)
);

-- A change that is not made yet, and what it would do to whom.
create table plans (
  id            text primary key,
  -- The app whose accounts it is about.
  app_id        text not null references apps on delete cascade,
  change        jsonb not null,
  title         text not null,
  created_by    jsonb not null,
  status        text not null check (status in ('COMPUTING', 'READY', 'APPLIED', 'DISCARDED', 'FAILED')),
  -- The run that computes it.
  run_id        text references runs on delete set null,
  -- The app's revision the plan was computed at; an app that has moved on makes the plan stale.
  revision      bigint,
  -- The groups that would give the app, and whether the plan is about people named only.
  basis         jsonb,
  counts        jsonb not null default '{}',
  requests      bigint not null default 0,
  seconds       double precision,
  notes         jsonb not null default '[]',
  created       timestamptz not null default now(),
  computed      timestamptz,
  decided       timestamptz,
  decided_by    jsonb
);
create index plans_created on plans (created desc, id);
create index plans_app on plans (app_id, created desc, id);

create table plan_entries (
  plan_id      text not null references plans on delete cascade,
  user_id      text not null,
  kind         text not null,
  -- Why nothing would be done, or what would go wrong.
  reason       text,
  external_id  text,
  user_name    text,
  -- The user name folded: what an account that turned up meanwhile would be matched by.
  name_key     text,
  -- Per attribute what is in the app and what will be; null where nothing changes.
  diff         jsonb,
  requests     integer not null default 0,
  -- The state of everything the entry rests on, as it was when it was computed: of the person and their row, and of
  -- the account they would be linked to.
  fingerprint   text not null,
  account_mark  text,
  primary key (plan_id, user_id)
);
create index plan_entries_kind on plan_entries (plan_id, kind, user_id);
