-- Passwords on their way to an app. A row without a sealed password says no more than when one arrived.
create table password_pushes (
  app_id    text not null,
  user_id   text not null,
  -- Null once it has been pushed.
  sealed    text,
  -- Whoever has not been reached by then is given up: the next sign-in offers the password again.
  expires   timestamptz not null,
  pushed    timestamptz,
  primary key (app_id, user_id),
  foreign key (app_id, user_id) references app_users on delete cascade
);
create index password_pushes_expires on password_pushes (expires) where sealed is not null;
