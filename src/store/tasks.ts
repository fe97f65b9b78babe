import type { Task, TaskKind, TaskStatus } from '../domain/task.ts';
import type { AppScope } from '../domain/rights.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { AppId, GroupId, GroupPushId, TaskId, UserId } from '../lib/ids.ts';
import { lookAgain } from './app-group-push.ts';
import { markDue } from './assignments.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

export interface TaskFilter {
  readonly status?: TaskStatus;
  readonly kind?: TaskKind;
  readonly appId?: AppId;
  readonly assigneeId?: UserId;
  readonly within?: AppScope;
  /** Where the page before ended. */
  readonly after?: TaskEnd;
  readonly limit: number;
}

/** What the order of tasks goes by: those with leavers first, then by people or groups. */
export type TaskEnd = readonly [urgent: boolean, size: number, id: TaskId];

/** One of a task's people. */
export interface TaskPerson {
  readonly userId: UserId;
  /** Null for somebody who has been deleted. */
  readonly login: string | null;
  readonly userName: string | null;
  readonly externalId: string | null;
  readonly leaver: boolean;
  readonly errorCode: ErrorCode | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly since: Date;
  readonly nextAttempt: Date | null;
}

export interface TaskCounts {
  readonly tasks: number;
  readonly people: number;
  /** Groups that cannot be pushed. */
  readonly groups: number;
  readonly leavers: number;
  readonly ignored: number;
}

/**
 * Rows grouped by task, with what has been decided: every row that has a task is read, and the few pushes of groups that
 * fail. A task is made of one or of the other, and is one app's: to group by the app as well spares comparing the ids of
 * 100,000 rows in the order of a language.
 */
function groups(where: string): string {
  return `grouped as (
    select task_id, app_id, count(*)::int as people, 0 as groups, count(*) filter (where leaver)::int as leavers,
      count(due_at)::int as retrying, min(due_at) as next_attempt, min(coalesce(failing_since, status_changed)) as first_seen,
      max(last_updated) as last_seen,
      case when bool_or(failing_since is not null) then 'FAILURE'
           when bool_or(status = 'APPROVED') then 'PROVISION' else 'DEPROVISION' end as kind
    from app_users where task_id is not null and ${where}
    group by task_id, app_id
    union all
    select task_id, app_id, 0, count(*)::int, 0, count(due_at)::int, min(due_at), min(failing_since), max(last_updated),
      'GROUP_PUSH'
    from app_group_push where task_id is not null and ${where}
    group by task_id, app_id),
  judged as (
    select g.*, t.assignee_id, leavers > 0 or kind = 'DEPROVISION' as urgent,
      -- What began after the decision has not been decided about.
      case when t.ignored >= g.first_seen then t.ignored end as ignored,
      case when t.ignored >= g.first_seen then t.reason end as reason
    from grouped g left join tasks t on t.id = g.task_id)`;
}

/** One page: tasks with leavers first, then those of the most people or groups. */
export async function listTasks(db: Queryable, filter: TaskFilter): Promise<Task[]> {
  const [urgent, size, id] = filter.after ?? [null, null, null];
  const rows = await db.query<TaskRow>(
    `with ${groups('($1::text is null or app_id = $1)')},
     page as (
       select j.* from judged j join apps a on a.id = j.app_id
       where ${appInScope('a', 2)}
         and ($3::text is null or $3 = case when j.ignored is null then 'OPEN' else 'IGNORED' end)
         and ($4::text is null or j.kind = $4) and ($5::text is null or j.assignee_id = $5)
         and ($6::boolean is null or (j.urgent, j.people + j.groups, j.task_id) < ($6, $7, $8))
       order by j.urgent desc, j.people + j.groups desc, j.task_id desc limit $9)
     ${selectTasks('page')} order by page.urgent desc, page.people + page.groups desc, page.task_id desc`,
    [
      ...[filter.appId ?? null, appTargetsOf(filter.within), filter.status ?? null, filter.kind ?? null],
      ...[filter.assigneeId ?? null, urgent, size, id, filter.limit],
    ],
  );
  return rows.map(toTask);
}

/** Undefined where it concerns nobody: it has closed, or there never was one. */
export async function findTask(db: Queryable, taskId: TaskId): Promise<Task | undefined> {
  const row = await queryOne<TaskRow>(db, `with ${groups('task_id = $1')} ${selectTasks('judged')}`, [taskId]);
  return row && toTask(row);
}

/** All open tasks together, and how many are ignored: for a badge. */
export async function countTasks(db: Queryable, within: AppScope | undefined): Promise<TaskCounts> {
  const row = await queryOne<TaskCounts>(
    db,
    `with ${groups('true')}
     select count(*) filter (where j.ignored is null)::int as tasks,
       coalesce(sum(j.people) filter (where j.ignored is null), 0)::int as people,
       coalesce(sum(j.groups) filter (where j.ignored is null), 0)::int as groups,
       coalesce(sum(j.leavers) filter (where j.ignored is null), 0)::int as leavers,
       count(j.ignored)::int as ignored
     from judged j join apps a on a.id = j.app_id where ${appInScope('a', 1)}`,
    [appTargetsOf(within)],
  );
  return row ?? { tasks: 0, people: 0, groups: 0, leavers: 0, ignored: 0 };
}

/** In order of user ids. Served by app_users_task. */
export async function listTaskPeople(
  db: Queryable,
  taskId: TaskId,
  page: { readonly after?: UserId; readonly limit: number },
): Promise<TaskPerson[]> {
  return db.query<TaskPerson>(
    `select au.user_id as "userId", u.profile->>'login' as login, au.user_name as "userName",
       au.external_id as "externalId", au.leaver, au.last_error_code as "errorCode", au.last_error as error, au.attempts,
       coalesce(au.failing_since, au.status_changed) as since,
       case when au.sync_state <> 'SYNCING' then au.due_at end as "nextAttempt"
     from app_users au left join users u on u.id = au.user_id
     where au.task_id = $1 and au.user_id > $2 order by au.user_id limit $3`,
    [taskId, page.after ?? '', page.limit],
  );
}

/** A group that cannot be pushed. */
export interface TaskGroup {
  readonly id: GroupPushId;
  readonly groupId: GroupId;
  /** Null for a group that has been deleted. */
  readonly name: string | null;
  readonly nameInApp: string;
  readonly errorCode: ErrorCode | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly since: Date | null;
  readonly nextAttempt: Date | null;
}

/** In order of the ids of the mappings. Served by app_group_push_task. */
export async function listTaskGroups(
  db: Queryable,
  taskId: TaskId,
  page: { readonly after?: GroupPushId; readonly limit: number },
): Promise<TaskGroup[]> {
  return db.query<TaskGroup>(
    `select p.id, p.source_group_id as "groupId", g.name, p.target_name as "nameInApp",
       p.last_error_code as "errorCode", p.last_error as error, p.attempts, p.failing_since as since,
       case when p.sync_state <> 'SYNCING' then p.due_at end as "nextAttempt"
     from app_group_push p left join groups g on g.id = p.source_group_id
     where p.task_id = $1 and p.id > $2 order by p.id limit $3`,
    [taskId, page.after ?? '', page.limit],
  );
}

/** Which pushes are tried again: of one task, some of its mappings, or every failing one within a scope. */
export type PushRetryScope =
  | { readonly taskId: TaskId; readonly mappingIds: readonly GroupPushId[] | undefined }
  | { readonly appId: AppId | undefined; readonly within: AppScope };

/** Marks pushes of groups that fail as work, now. */
export async function retryPushes(
  tx: Tx,
  scope: PushRetryScope,
): Promise<{ retried: number; appIds: readonly AppId[] }> {
  const [where, parameters] =
    'taskId' in scope
      ? ['task_id = $1 and ($2::text[] is null or id = any($2))', [scope.taskId, scope.mappingIds ?? null]]
      : [
          `task_id is not null and ($1::text is null or app_id = $1)
           and exists (select 1 from apps a where a.id = app_group_push.app_id and ${appInScope('a', 2)})`,
          [scope.appId ?? null, appTargetsOf(scope.within)],
        ];
  const rows = await tx.query<{ app_id: AppId }>(
    `update app_group_push set concerned = null, verified = null, attempts = 0, due_at = now(), ${lookAgain}
     where ${where} returning app_id`,
    parameters,
  );
  return { retried: rows.length, appIds: [...new Set(rows.map((row) => row.app_id))] };
}

/** Which rows are tried again: of one task, some of its people, or every failure within a scope. */
export type RetryScope =
  | { readonly taskId: TaskId; readonly userIds: readonly UserId[] | undefined }
  | { readonly appId: AppId | undefined; readonly within: AppScope };

/** Marks failed rows as work, now. What people have to do themselves is left out. */
export async function retryRows(tx: Tx, scope: RetryScope): Promise<{ retried: number; appIds: readonly AppId[] }> {
  const [where, parameters] =
    'taskId' in scope
      ? ['task_id = $1 and ($2::text[] is null or user_id = any($2))', [scope.taskId, scope.userIds ?? null]]
      : [
          `task_id is not null and ($1::text is null or app_id = $1)
           and exists (select 1 from apps a where a.id = app_users.app_id and ${appInScope('a', 2)})`,
          [scope.appId ?? null, appTargetsOf(scope.within)],
        ];
  const rows = await tx.query<{ app_id: AppId; retried: number }>(
    `with marked as (
       update app_users set ${markDue} where ${where} and failing_since is not null returning app_id)
     select app_id, count(*)::int as retried from marked group by app_id`,
    parameters,
  );
  return { retried: rows.reduce((sum, row) => sum + row.retried, 0), appIds: rows.map((row) => row.app_id) };
}

/** What people decide about a task. What is left out stays. */
export interface TaskDecision {
  readonly assigneeId?: UserId | null;
  /** The reason for ignoring it; null opens it again. */
  readonly ignore?: string | null;
}

export async function decideTask(
  tx: Tx,
  { id, appId }: Pick<Task, 'id' | 'appId'>,
  decision: TaskDecision,
): Promise<void> {
  const { assigneeId, ignore } = decision;
  await tx.query(
    `insert into tasks as t (id, app_id, assignee_id, ignored, reason)
     values ($1, $2, $4, case when $6::text is not null then now() end, $6)
     on conflict (id) do update set
       assignee_id = case when $3 then excluded.assignee_id else t.assignee_id end,
       ignored = case when $5 then excluded.ignored else t.ignored end,
       reason = case when $5 then excluded.reason else t.reason end,
       last_updated = now()`,
    [id, appId, assigneeId !== undefined, assigneeId ?? null, ignore !== undefined, ignore ?? null],
  );
}

/** What somebody says they did in an app by hand. */
export interface Evidence {
  readonly text: string;
  readonly link?: string;
}

export interface CompletedPerson {
  readonly userId: UserId;
  readonly externalId: string | null;
}

/**
 * Takes people out of a task by the word of who did it: their accounts are there, or gone, from now on. The write is
 * kept like one of Usher's own. At most `limit` at once; `externalId` is for one person alone.
 */
export async function completeRows(
  tx: Tx,
  task: Pick<Task, 'id' | 'kind'>,
  done: {
    readonly userIds: readonly UserId[] | undefined;
    readonly evidence: Evidence;
    readonly externalId: string | undefined;
    readonly limit: number;
  },
): Promise<CompletedPerson[]> {
  const made = task.kind === 'PROVISION';
  return tx.query<CompletedPerson>(
    `with done as (
       update app_users set
         recorded_active = $3,
         external_id = case when $3 then coalesce($5, external_id) else external_id end,
         status = case when $3 then 'PROVISIONED' else 'DEPROVISIONED' end,
         status_changed = now(),
         last_sync = now(),
         leaver = false,
         task_id = null,
         -- Whoever has the row in hand has decided without knowing this; it is looked at once more.
         lease_epoch = lease_epoch + 1, lease_until = null,
         version = version + 1, sync_state = 'OUT_OF_SYNC', due_at = now(), last_updated = now()
       where ctid = any(array(
         select ctid from app_users where task_id = $1 and ($2::text[] is null or user_id = any($2))
         order by user_id limit $6 for update))
       returning app_id, user_id, external_id),
     written as (
       insert into operations (app_id, user_id, kind, external_id, attempt, changes, outcome, duration_ms)
       select app_id, user_id, case when $3 then 'create' else 'deactivate' end, external_id, 1,
         jsonb_build_object('byHand', $4::jsonb), 'SUCCESS', 0 from done)
     select user_id as "userId", external_id as "externalId" from done`,
    [task.id, done.userIds ?? null, made, JSON.stringify(done.evidence), done.externalId ?? null, done.limit],
  );
}

/** With one of its people as an example. */
function selectTasks(from: string): string {
  return `select ${from}.*, a.label, s.last_error_code, s.last_error
    from ${from} join apps a on a.id = ${from}.app_id
    cross join lateral (
      (select last_error_code, last_error from app_users where task_id = ${from}.task_id limit 1)
      union all
      (select last_error_code, last_error from app_group_push where task_id = ${from}.task_id limit 1)) s`;
}

interface TaskRow {
  readonly task_id: TaskId;
  readonly kind: TaskKind;
  readonly app_id: AppId;
  readonly label: string;
  readonly people: number;
  readonly groups: number;
  readonly leavers: number;
  readonly retrying: number;
  readonly next_attempt: Date | null;
  readonly first_seen: Date;
  readonly last_seen: Date;
  readonly last_error_code: ErrorCode | null;
  readonly last_error: string | null;
  readonly assignee_id: UserId | null;
  readonly ignored: Date | null;
  readonly reason: string | null;
}

function toTask(row: TaskRow): Task {
  return {
    id: row.task_id,
    kind: row.kind,
    appId: row.app_id,
    appLabel: row.label,
    status: row.ignored === null ? 'OPEN' : 'IGNORED',
    people: row.people,
    groups: row.groups,
    leavers: row.kind === 'DEPROVISION' ? row.people : row.leavers,
    retrying: row.retrying,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    nextAttempt: row.next_attempt,
    errorCode: row.last_error_code,
    error: row.last_error,
    assigneeId: row.assignee_id,
    ignored: row.ignored,
    reason: row.reason,
  };
}
