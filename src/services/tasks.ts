import type { Task, TaskKind } from '../domain/task.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, TaskId, UserId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Tx } from '../store/database.ts';
import * as store from '../store/tasks.ts';
import { findUser } from '../store/users.ts';
import { logAppEvent } from './app-change.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { Context } from './context.ts';

/** One page of what waits for a person, in the apps the caller may see. */
export function listTasks(context: Context, filter: Omit<store.TaskFilter, 'within'>): Promise<Task[]> {
  return store.listTasks(context.db, { ...filter, within: visibleApps(context) });
}

export function countTasks(context: Context): Promise<store.TaskCounts> {
  return store.countTasks(context.db, visibleApps(context));
}

/** @throws {UsherError} `not_found` for a task that has closed, or whose app the caller may not see. */
export async function getTask(context: Context, taskId: TaskId): Promise<Task> {
  const task = await store.findTask(context.db, taskId);
  if (task === undefined) throw noTask(taskId);
  await authorize(context, context.db, 'apps.read', { apps: [task.appId] });
  return task;
}

/** One page of those a task concerns. @throws as `getTask` does. */
export async function listTaskPeople(
  context: Context,
  taskId: TaskId,
  page: { readonly after?: UserId; readonly limit: number },
): Promise<store.TaskPerson[]> {
  const task = await getTask(context, taskId);
  return store.listTaskPeople(context.db, task.id, page);
}

/**
 * Tries some or all of a task's people again, now. Returns how many.
 *
 * @throws {UsherError} `not_found`; `wrong_state` for what only a person can do.
 */
export async function retryTask(
  context: Context,
  taskId: TaskId,
  userIds: readonly UserId[] | undefined,
): Promise<number> {
  return context.db.transaction(async (tx) => {
    const task = await requireTask(context, tx, taskId, 'FAILURE');
    const { retried } = await retry(context, tx, { taskId, userIds });
    await logTask(context, tx, task, { retried });
    return retried;
  });
}

/** Tries every failure again, or every one of an app. Returns how many. */
export async function retryAll(context: Context, appId: AppId | undefined): Promise<number> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'apps.assign', appId === undefined ? {} : { apps: [appId] });
    const { retried } = await retry(context, tx, { appId, within: visibleApps(context, 'apps.assign') });
    return retried;
  });
}

/** Gives a task to a colleague; null gives it back. @throws {UsherError} `not_found` (task or person). */
export async function assignTask(context: Context, taskId: TaskId, assigneeId: UserId | null): Promise<Task> {
  return decide(context, taskId, { assigneeId }, async (tx) => {
    const assignee = assigneeId === null ? undefined : await findUser(tx, assigneeId);
    if (assigneeId === null || (assignee !== undefined && assignee.status !== 'DEPROVISIONED')) return;
    throw new UsherError('not_found', `There is no active user with the id ${assigneeId}.`, {
      causes: [{ field: 'userId', reason: 'is nobody who could see to it' }],
    });
  });
}

/** Leaves a task alone until somebody else meets its cause. Retries go on. @throws {UsherError} `not_found` */
export function ignoreTask(context: Context, taskId: TaskId, reason: string): Promise<Task> {
  return decide(context, taskId, { ignore: reason });
}

/** @throws {UsherError} `not_found` */
export function reopenTask(context: Context, taskId: TaskId): Promise<Task> {
  return decide(context, taskId, { ignore: null });
}

async function retry(context: Context, tx: Tx, scope: store.RetryScope): Promise<{ readonly retried: number }> {
  const { retried, appIds } = await store.retryRows(tx, scope);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
  return { retried };
}

function decide(
  context: Context,
  taskId: TaskId,
  decision: store.TaskDecision,
  check: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<Task> {
  return context.db.transaction(async (tx) => {
    const task = await requireTask(context, tx, taskId);
    await check(tx);
    await store.decideTask(tx, task, decision);
    await logTask(context, tx, task, { ...decision });
    return (await store.findTask(tx, taskId)) ?? task;
  });
}

async function requireTask(context: Context, tx: Tx, taskId: TaskId, kind?: TaskKind): Promise<Task> {
  const task = await store.findTask(tx, taskId);
  if (task === undefined) throw noTask(taskId);
  await authorize(context, tx, 'apps.assign', { apps: [task.appId] });
  if (kind === undefined || task.kind === kind) return task;
  throw new UsherError(
    'wrong_state',
    `Nothing of this can be tried again: ${task.appLabel} has no interface for it. Do it there, then complete the task.`,
  );
}

function logTask(context: Context, tx: Tx, task: Task, change: JsonObject): Promise<void> {
  const app = { id: task.appId, label: task.appLabel };
  return logAppEvent(context, tx, app, 'task.lifecycle.update', { debug: { taskId: task.id, ...change } });
}

function noTask(taskId: TaskId): UsherError {
  return new UsherError('not_found', `There is no task ${taskId}: it concerns nobody any more, or never was.`);
}
