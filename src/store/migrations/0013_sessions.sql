-- Sign-ins of people through a browser. Only a SHA-256 of what the browser keeps is here.
create table sessions (
  id          text primary key,
  user_id     text not null references users on delete cascade,
  token_hash  bytea not null unique,
  created     timestamptz not null default now(),
  last_seen   timestamptz not null default now(),
  -- When the person last showed their password: what is dangerous takes that they did a moment ago.
  proven      timestamptz not null default now(),
  expires     timestamptz not null,
  address     text,
  user_agent  text
);
create index sessions_user on sessions (user_id);
