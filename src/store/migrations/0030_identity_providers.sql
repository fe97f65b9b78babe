-- Where people sign in besides here, and who is who there.

create table identity_providers (
  id            text primary key,
  label         text not null,
  -- Two entries of one issuer would be two ways to be one and the same person.
  issuer        text not null unique,
  client_id     text not null,
  -- The client secret.
  sealed        text not null,
  match_claim   text not null check (match_claim in ('email', 'preferred_username')),
  status        text not null check (status in ('ACTIVE', 'INACTIVE')),
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now()
);
create unique index identity_providers_label on identity_providers (lower(label));

-- Whom an issuer means by a subject, from the first sign-in on. It outlives the provider's entry: who removes and adds
-- an entry again does not open it to whoever has somebody's address by then.
create table identity_links (
  issuer     text not null,
  subject    text not null,
  user_id    text not null references users on delete cascade,
  created    timestamptz not null default now(),
  last_used  timestamptz not null default now(),
  primary key (issuer, subject),
  unique (user_id, issuer)
);

-- Sessions end with the provider that vouched for them.
alter table sessions add column provider_id text references identity_providers on delete cascade;
create index sessions_provider on sessions (provider_id) where provider_id is not null;
