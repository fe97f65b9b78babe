-- What reports are read from.

-- Active accounts left of people who have the app no more: few among very many.
create index app_users_left on app_users (app_id, external_id)
  where external_id is not null and not assigned and recorded_active;

-- Writes that failed, by time. Those that succeed pay nothing for it.
create index operations_failed on operations (at) where outcome <> 'SUCCESS';
