-- The lease of a row in a worker's hands, apart from due_at: no index holds it, so that claiming a row writes the row
-- and nothing else (a heap-only update).
alter table app_users add column lease_until timestamptz;
