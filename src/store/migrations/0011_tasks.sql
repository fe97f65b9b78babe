-- What waits for a person. A row of app_users says itself which task it belongs to, so that a failure costs no statement
-- of its own: tasks are these rows, grouped. `tasks` holds only what people have decided about a group.

-- The task the row belongs to; null for a row nobody has to look at. Derived from the app and the cause, so that the
-- same cause is the same task, today and next week: see domain/task.ts.
alter table app_users add column task_id text;

-- Lists, counts and pages of people are read from this index alone. Rows without a task are not in it, and claiming a row
-- changes none of its columns.
create index app_users_task on app_users (task_id, user_id)
  include (app_id, leaver, due_at, failing_since, status, status_changed, last_updated) where task_id is not null;

create table tasks (
  id            text primary key,
  app_id        text not null references apps on delete cascade,
  assignee_id   text references users on delete set null,
  -- Since when it is left alone, and why; null while it is open.
  ignored       timestamptz,
  reason        text,
  last_updated  timestamptz not null default now()
);

-- Failures from before have no task yet: they get one with their next attempt, which is now.
update app_users set due_at = now(), version = version + 1 where last_error_code is not null;
