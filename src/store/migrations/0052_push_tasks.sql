-- A group that cannot be pushed is a task too, grouped by its cause as accounts are: see 0011_tasks.sql.
alter table app_group_push add column task_id text;
create index app_group_push_task on app_group_push (task_id, id) where task_id is not null;

-- Failures from before get their task with their next attempt, which is now.
update app_group_push set due_at = now(), version = version + 1
where last_error_code is not null and (removing or status <> 'INACTIVE');
