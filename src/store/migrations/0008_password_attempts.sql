-- How often in a row somebody's password or answer was guessed wrong, so that guessing comes to an end.
alter table user_credentials
  add column failed_attempts integer not null default 0,
  add column last_attempt timestamptz;
