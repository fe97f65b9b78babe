-- Whose account may be whose: what comparing people without an account with the accounts of an app has come to.
create table account_matches (
  app_id       text not null references apps on delete cascade,
  user_id      text not null,
  result       text not null check (result in ('exact', 'partial', 'none', 'ambiguous')),
  -- The one account it may be; null where there is none, or are several.
  external_id  text,
  -- Why it is ambiguous.
  reason       text,
  -- What linking would change, per attribute; null where nothing would be linked.
  diff         jsonb,
  matched      timestamptz not null default now(),
  primary key (app_id, user_id)
);
