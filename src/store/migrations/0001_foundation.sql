-- The directory, the apps, who has which app, what is known of every account, and the record of it all.
--
-- Foreign keys stand where they cost nothing that matters. The tables that take a hundred thousand rows in one
-- statement (app_users, app_accounts, operations, log_events) have none towards people: a check per row would
-- double the time of assigning a large group, and a person's rows must outlive the person anyway, because an
-- account that is still active in an app has to be found and taken away.

create table org (
  only_row    boolean primary key default true check (only_row),
  id          text not null,
  name        text not null,
  sub_domain  text not null,
  created     timestamptz not null default now()
);

create table user_types (
  id            text primary key,
  name          text not null unique,
  display_name  text not null,
  is_default    boolean not null default false,
  schema_id     text not null,
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now()
);

-- Attribute definitions of users, groups (app_id null) and of each app's accounts.
create table profile_schemas (
  id            text primary key,
  kind          text not null check (kind in ('user', 'group', 'app')),
  app_id        text,
  base          jsonb not null,
  custom        jsonb not null default '{}',
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now()
);
create unique index profile_schemas_app on profile_schemas (app_id) where app_id is not null;

create table users (
  id                text primary key,
  type_id           text not null,
  status            text not null check (status in
    ('STAGED', 'PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED', 'DEPROVISIONED')),
  -- profile->>'login' after NFKC and case folding: what makes two logins the same.
  login_key         text not null unique,
  profile           jsonb not null,
  created           timestamptz not null default now(),
  activated         timestamptz,
  status_changed    timestamptz,
  last_login        timestamptz,
  last_updated      timestamptz not null default now(),
  password_changed  timestamptz
);
create index users_manager on users ((profile->>'managerId')) where profile ? 'managerId';

-- Apart from users, so that no query for people can ever bring a hash along.
create table user_credentials (
  user_id            text primary key references users on delete cascade,
  password_hash      text,
  recovery_question  text,
  recovery_answer_hash text
);

create table groups (
  id                       text primary key,
  type                     text not null check (type in ('OKTA_GROUP', 'APP_GROUP', 'BUILT_IN')),
  name                     text not null,
  profile                  jsonb not null,
  created                  timestamptz not null default now(),
  last_updated             timestamptz not null default now(),
  last_membership_updated  timestamptz not null default now()
);
create index groups_name on groups (lower(name), id);

create table group_rules (
  id                  text primary key,
  name                text not null,
  status              text not null check (status in ('ACTIVE', 'INACTIVE', 'INVALID')),
  expression          text not null,
  group_ids           text[] not null,
  excluded_user_ids   text[] not null default '{}',
  excluded_group_ids  text[] not null default '{}',
  created             timestamptz not null default now(),
  last_updated        timestamptz not null default now()
);

-- One row per reason somebody is in a group: source is 'direct' or the id of the rule that put them there.
create table group_members (
  group_id  text not null references groups on delete cascade,
  user_id   text not null references users on delete cascade,
  source    text not null,
  since     timestamptz not null default now(),
  primary key (group_id, user_id, source)
);
create index group_members_user on group_members (user_id, group_id);
create index group_members_rule on group_members (source, user_id) where source <> 'direct';

create table apps (
  id                  text primary key,
  name                text not null unique,
  catalog_key         text,
  label               text not null,
  status              text not null check (status in ('ACTIVE', 'INACTIVE')),
  sign_on_mode        text not null,
  settings            jsonb not null,
  visibility          jsonb not null,
  accessibility       jsonb not null,
  user_name_template  jsonb not null,
  provisioning        jsonb not null,
  limits              jsonb not null,
  -- Counts every change to the app, its connection, schema, mappings or group assignments, so that a worker
  -- knows with one number whether what it has loaded is still true.
  revision            bigint not null default 1,
  created             timestamptz not null default now(),
  last_updated        timestamptz not null default now()
);

create table app_connections (
  app_id           text primary key references apps on delete cascade,
  status           text not null check (status in ('ENABLED', 'DISABLED')),
  connector        text not null,
  -- The connector's settings without their secret fields; those are in `sealed`, as one envelope.
  settings         jsonb not null,
  sealed           text,
  -- What connections have learned about the app (dialects, filters, bulk); the connector reads and writes it.
  learned          jsonb not null default '{}',
  -- When the first complete listing of the app's accounts ended; before that, a create looks first.
  accounts_listed  timestamptz,
  last_tested      timestamptz,
  last_updated     timestamptz not null default now()
);

-- How the app is doing, and when it may be spoken to again. Apart from the settings: workers write it all the time.
create table app_health (
  app_id                text primary key references apps on delete cascade,
  state                 text not null default 'OK' check (state in ('OK', 'PAUSED', 'BROKEN', 'QUARANTINED')),
  paused_until          timestamptz,
  reason                text,
  consecutive_failures  integer not null default 0,
  opened_times          integer not null default 0,
  last_success          timestamptz
);

create table mappings (
  id            text primary key,
  app_id        text not null references apps on delete cascade,
  direction     text not null check (direction in ('TO_APP', 'TO_DIRECTORY')),
  properties    jsonb not null,
  last_updated  timestamptz not null default now(),
  unique (app_id, direction)
);

create table app_groups (
  app_id        text not null references apps on delete cascade,
  group_id      text not null references groups on delete cascade,
  priority      integer not null,
  profile       jsonb not null default '{}',
  last_updated  timestamptz not null default now(),
  primary key (app_id, group_id)
);
create index app_groups_group on app_groups (group_id);

-- One person in one app. This row is the work: what is wanted is computed afresh from the tables above whenever
-- due_at comes; what the app last confirmed is kept here.
create table app_users (
  app_id            text not null,
  user_id           text not null,
  -- Whether the person has the app now, and why. direct: assigned individually.
  assigned          boolean not null,
  direct            boolean not null,
  assigned_profile  jsonb not null default '{}',
  status            text not null default 'STAGED',
  status_changed    timestamptz not null default now(),
  -- True for somebody assigned while provisioning was off: nothing is sent until a person says so.
  unprovisioned     boolean not null default false,
  user_name         text,
  -- What the app has, as it last confirmed it.
  external_id       text,
  recorded          jsonb,
  recorded_active   boolean,
  last_sync         timestamptz,
  -- The work: see store/app-user-queue.ts.
  sync_state        text not null default 'OUT_OF_SYNC'
    check (sync_state in ('DISABLED', 'ERROR', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING')),
  due_at            timestamptz,
  leaver            boolean not null default false,
  version           bigint not null default 0,
  lease_epoch       bigint not null default 0,
  attempts          integer not null default 0,
  failing_since     timestamptz,
  -- True when a write may have reached the app unrecorded: look before writing again.
  look_first        boolean not null default false,
  last_error        text,
  last_error_code   text,
  -- What the log last said of `assigned`: the engine writes the membership event when the two differ.
  logged_assigned   boolean not null default false,
  created           timestamptz not null default now(),
  last_updated      timestamptz not null default now(),
  primary key (app_id, user_id)
) with (fillfactor = 70);
create index app_users_user on app_users (user_id);
create index app_users_due on app_users (app_id, leaver desc, due_at) where due_at is not null;
create unique index app_users_account on app_users (app_id, external_id) where external_id is not null;

-- Every account seen in an app, whoever it belongs to.
create table app_accounts (
  app_id          text not null,
  external_id     text not null,
  -- The account's user name, folded like a login: what people are matched by.
  name_key        text not null,
  correlation_id  text,
  active          boolean,
  profile         jsonb not null,
  last_seen       timestamptz not null default now(),
  primary key (app_id, external_id)
);
create index app_accounts_name on app_accounts (app_id, name_key);
create index app_accounts_correlation on app_accounts (app_id, correlation_id) where correlation_id is not null;

-- Bulk work with exact counts: loads of people, rule evaluations, listings.
create table runs (
  id          text primary key,
  kind        text not null,
  app_id      text,
  started_by  jsonb not null,
  status      text not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED', 'REFUSED')),
  total       integer,
  counts      jsonb not null default '{}',
  problems    jsonb not null default '[]',
  started     timestamptz not null default now(),
  finished    timestamptz
);
create index runs_started on runs (started desc, id);

-- One row per write to an app: what it was before, what was asked, what came of it.
create table operations (
  id           bigint generated always as identity primary key,
  app_id       text not null,
  user_id      text,
  kind         text not null,
  external_id  text,
  attempt      integer not null,
  before       jsonb,
  changes      jsonb,
  outcome      text not null check (outcome in ('SUCCESS', 'FAILURE', 'UNKNOWN')),
  error_code   text,
  error        text,
  ignored      text[],
  duration_ms  integer not null,
  at           timestamptz not null default now()
);
create index operations_app_user on operations (app_id, user_id, id desc);

-- Okta LogEvents. Append-only; display text and legacy fields are added when they are shown.
create table log_events (
  seq             bigint generated always as identity primary key,
  uuid            uuid not null default gen_random_uuid(),
  published       timestamptz not null default now(),
  event_type      text not null,
  severity        text not null default 'INFO',
  outcome         text not null,
  reason          text,
  actor           jsonb not null,
  target          jsonb not null default '[]',
  client          jsonb,
  debug           jsonb,
  transaction_id  text
);
create index log_events_published on log_events (published, seq);

create table admins (
  user_id  text not null references users on delete cascade,
  role     text not null,
  created  timestamptz not null default now(),
  primary key (user_id, role)
);

create table api_tokens (
  id            text primary key,
  name          text not null,
  user_id       text not null references users on delete cascade,
  -- SHA-256 of the token, which has at least 128 random bits, so that a plain hash is enough.
  token_hash    bytea not null unique,
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now(),
  last_used     timestamptz,
  expires       timestamptz
);
