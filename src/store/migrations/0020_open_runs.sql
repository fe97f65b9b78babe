-- Runs that go on are looked for twice a second while anybody watches.
create index runs_open on runs (started) where finished is null;
