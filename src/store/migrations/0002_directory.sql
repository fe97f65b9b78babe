-- Rows of a load of people between reading the file and applying it. Unlogged: what a crash loses is loaded again.
create unlogged table import_rows (
  run_id       text not null,
  line         integer not null,
  login_key    text not null,
  -- The manager the row names, folded like a login.
  manager_key  text,
  -- Attribute values of the row; null where its cell is empty.
  profile      jsonb not null,
  primary key (run_id, line)
);
create index import_rows_login on import_rows (run_id, login_key);

-- Groups of our own have one name each; groups imported from apps may share names.
create unique index groups_own_name on groups (lower(name)) where type <> 'APP_GROUP';

-- People are also found by the part of their login before the @.
create index users_short_login on users (split_part(login_key, '@', 1));
