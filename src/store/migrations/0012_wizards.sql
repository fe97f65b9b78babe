-- What servers were found to do, and apps that are being set up.

-- A probe that was killed has no report: its throw-away account may still be in the app.
create table probes (
  id          text primary key,
  url         text not null,
  wrote       boolean not null,
  report      jsonb,
  started_by  jsonb not null,
  started     timestamptz not null default now(),
  finished    timestamptz
);
create index probes_started on probes (started desc, id desc);

-- One app being given provisioning, step by step. Nothing of it is in the app until it is turned on.
create table wizards (
  id            text primary key,
  label         text not null,
  -- The app provisioning is added to; where the wizard makes one, the app it has made.
  app_id        text references apps on delete cascade,
  status        text not null check (status in ('OPEN', 'DONE')),
  -- What has been chosen so far, see domain/wizard.ts. The credential is in `sealed`.
  draft         jsonb not null,
  sealed        text,
  report        jsonb,
  started_by    jsonb not null,
  created       timestamptz not null default now(),
  last_updated  timestamptz not null default now()
);

-- The app's accounts as one listing showed them, and the people each of them could be.
create table wizard_accounts (
  wizard_id       text not null references wizards on delete cascade,
  external_id     text not null,
  user_name       text not null,
  name_key        text not null,
  email_key       text,
  person_key      text,
  correlation_id  text,
  active          boolean,
  profile         jsonb not null,
  exact           text[] not null default '{}',
  partial         text[] not null default '{}',
  primary key (wizard_id, external_id)
);
create index wizard_accounts_name on wizard_accounts (wizard_id, name_key);
create index wizard_accounts_email on wizard_accounts (wizard_id, email_key) where email_key is not null;
create index wizard_accounts_person on wizard_accounts (wizard_id, person_key) where person_key is not null;
create index wizard_accounts_correlation on wizard_accounts (wizard_id, correlation_id) where correlation_id is not null;

alter table apps add column provisioning_key text;
