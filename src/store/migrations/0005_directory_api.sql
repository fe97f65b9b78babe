-- What the directory's part of the API needs besides: passwords brought along from elsewhere, links with a token in
-- them, user types, and a log that can be followed without missing anything.

alter table user_credentials
  -- A hash another system made, and how. It goes once a sign-in has shown the password it belongs to.
  add column imported_hash jsonb,
  -- Who vouches for the person, where that is not Usher itself: type and name.
  add column provider jsonb;

-- The one link somebody may have been given to set a password with; only a SHA-256 of its token is kept.
create table one_time_tokens (
  user_id     text primary key references users on delete cascade,
  purpose     text not null check (purpose in ('ACTIVATION', 'PASSWORD_RESET')),
  token_hash  bytea not null unique,
  created     timestamptz not null default now(),
  expires     timestamptz not null
);

alter table user_types
  add column description text,
  add column created_by text not null default 'system',
  add column last_updated_by text not null default 'system';
create index users_type on users (type_id);

-- The transaction that wrote an event. Whoever follows the log reads in this order and no further than the oldest
-- transaction still running, so that one that commits late is not passed by. Earlier rows count as the first.
alter table log_events add column tx xid8 not null default '0';
alter table log_events alter column tx set default pg_current_xact_id();
create index log_events_tx on log_events (tx, seq);
