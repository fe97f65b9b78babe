-- What secrets are sealed with. Each sealed text names its key; one that names none of these was sealed with the master
-- key itself, which is in no database.
create table data_keys (
  id       text primary key,
  -- The key, sealed with the master key.
  sealed   text not null,
  -- ACTIVE seals; the secrets of a RETIRING one are being sealed anew, after which it is deleted; a RETIRED one has been
  -- kept because of secrets that it does not open.
  state    text not null check (state in ('ACTIVE', 'RETIRING', 'RETIRED')),
  created  timestamptz not null default now()
);
create unique index data_keys_active on data_keys (state) where state = 'ACTIVE';

-- Secrets are counted by key, and few rows of these tables have one.
create index app_users_sealed on app_users (app_id, user_id) where password_sealed is not null;
create index password_pushes_sealed on password_pushes (app_id, user_id) where sealed is not null;
