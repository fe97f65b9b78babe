-- What Okta's application API can set and 0001 had no place for: how people sign in, what imports should do, logos,
-- passwords of app users, and groups that an app is to be given.

-- Instances of these templates all bear the template's name, as in Okta. Everything else keeps a name of its own.
alter table apps drop constraint apps_name_key;
create unique index apps_own_name on apps (name) where name not in ('bookmark', 'oidc_client', 'template_swa',
  'template_swa3field', 'template_basic_auth', 'template_sps', 'template_wsfed');

-- `credentials` is Okta's, without the user name template and without anything secret; that is in `sealed`.
alter table apps
  add column credentials jsonb not null default '{}',
  add column sealed text,
  -- The capabilities of INBOUND_PROVISIONING, as far as they differ from the defaults.
  add column inbound jsonb not null default '{}',
  -- The media type of the logo in app_logos; null where there is none.
  add column logo_type text;
create unique index apps_client_id on apps ((credentials->'oauthClient'->>'client_id'))
  where credentials->'oauthClient'->>'client_id' is not null;

create table app_logos (
  app_id        text primary key references apps on delete cascade,
  bytes         bytea not null,
  last_updated  timestamptz not null default now()
);

-- A password an administrator has set for one person in one app. It goes with the individual assignment.
alter table app_users
  add column password_sealed text,
  add column password_changed timestamptz;

-- Groups as apps have them: each is a group of type APP_GROUP here. external_id is null until the app has confirmed it.
create table app_group_links (
  group_id     text primary key references groups on delete cascade,
  app_id       text not null references apps on delete cascade,
  external_id  text,
  created      timestamptz not null default now()
);
create index app_group_links_app on app_group_links (app_id);
create unique index app_group_links_external on app_group_links (app_id, external_id) where external_id is not null;

-- A group of ours that an app is to have, with its members. The row is the work, as in app_users: what is wanted is
-- computed afresh whenever due_at comes; what the app last confirmed is kept here and in app_group_push_members.
create table app_group_push (
  id               text primary key,
  app_id           text not null references apps on delete cascade,
  -- No foreign key: when the group is deleted, the one in the app must still be found.
  source_group_id  text not null,
  target_group_id  text references groups on delete set null,
  status           text not null check (status in ('ACTIVE', 'INACTIVE', 'ERROR')),
  -- SOURCE: the group in the app bears the name our group has, and follows when that changes. TARGET: target_name.
  name_policy      text not null check (name_policy in ('SOURCE', 'TARGET')),
  target_name      text not null,
  -- The mapping is gone for everybody but the worker, who deletes the group in the app and then the row.
  removing         boolean not null default false,
  -- What the app has, as it last confirmed it.
  recorded_name    text,
  last_push        timestamptz,
  -- The work: see store/app-user-queue.ts.
  sync_state       text not null default 'OUT_OF_SYNC'
    check (sync_state in ('DISABLED', 'ERROR', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING')),
  due_at           timestamptz,
  version          bigint not null default 0,
  lease_epoch      bigint not null default 0,
  attempts         integer not null default 0,
  failing_since    timestamptz,
  look_first       boolean not null default false,
  last_error       text,
  last_error_code  text,
  created          timestamptz not null default now(),
  last_updated     timestamptz not null default now()
);
create unique index app_group_push_source on app_group_push (app_id, source_group_id) where not removing;
create unique index app_group_push_target on app_group_push (target_group_id) where not removing;
create index app_group_push_group on app_group_push (source_group_id);
create index app_group_push_due on app_group_push (app_id, due_at) where due_at is not null;

-- The members the app has confirmed: what is not here was not put there by us, and is not taken out either.
create table app_group_push_members (
  push_id      text not null references app_group_push on delete cascade,
  user_id      text not null,
  external_id  text not null,
  since        timestamptz not null default now(),
  primary key (push_id, user_id)
);
