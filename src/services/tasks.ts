import { userTarget } from '../domain/event-targets.ts';
import type { EventTarget } from '../domain/log-event.ts';
import type { ManualVerb, Task } from '../domain/task.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, GroupPushId, TaskId, UserId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { sqlState, uniqueViolation, type Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import * as store from '../store/tasks.ts';
import { findUser, findUsers } from '../store/users.ts';
import { logAppEvent } from './app-change.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';

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

/** One page of the groups a task concerns. @throws as `getTask` does. */
export async function listTaskGroups(
  context: Context,
  taskId: TaskId,
  page: { readonly after?: GroupPushId; readonly limit: number },
): Promise<store.TaskGroup[]> {
  const task = await getTask(context, taskId);
  return store.listTaskGroups(context.db, task.id, page);
}

/** Whom to try again: some people, or mappings of groups, of the task. Left out: all of it. */
export interface RetryChoice {
  readonly userIds?: readonly UserId[];
  readonly mappingIds?: readonly GroupPushId[];
}

/**
 * Tries some or all of a task's people, or of its groups, again, now. Returns how many.
 *
 * @throws {UsherError} `not_found`; `wrong_state` for what only a person can do.
 */
export async function retryTask(
  context: Context,
  taskId: TaskId,
  { userIds, mappingIds }: RetryChoice,
): Promise<number> {
  return context.db.transaction(async (tx) => {
    const task = await requireTask(context, tx, taskId);
    if (isByHand(task)) throw nothingToRetry(task);
    const ofGroups = task.kind === 'GROUP_PUSH';
    if (ofGroups ? userIds !== undefined : mappingIds !== undefined) throw otherKind(ofGroups);
    const retried = ofGroups
      ? await retryPushes(context, tx, { taskId, mappingIds })
      : await retryPeople(context, tx, { taskId, userIds });
    await logTask(context, tx, task, { retried });
    return retried;
  });
}

/** Tries every failure again, or every one of an app. Returns how many. */
export async function retryAll(context: Context, appId: AppId | undefined): Promise<number> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'apps.assign', appId === undefined ? {} : { apps: [appId] });
    const scope = { appId, within: visibleApps(context, 'apps.assign') };
    return (await retryPeople(context, tx, scope)) + (await retryPushes(context, tx, scope));
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

/** What was done by hand for some or all of a task's people. */
export interface Completion {
  /** Left out: everybody. */
  readonly userIds?: readonly UserId[];
  readonly evidence: store.Evidence;
  /** The id of the account that was made, where one was made for one person. */
  readonly externalId?: string;
}

/**
 * Takes the word of who did by hand what the app has no interface for. Returns of how many people.
 *
 * @throws {UsherError} `not_found`; `wrong_state` for failures; `conflict` for an account somebody else has.
 */
export async function completeTask(context: Context, taskId: TaskId, completion: Completion): Promise<number> {
  const { userIds, evidence, externalId } = completion;
  if (externalId !== undefined && userIds?.length !== 1) {
    throw new UsherError('invalid_input', 'An account id is one person’s: name the person.', {
      causes: [{ field: 'externalId', reason: 'goes with exactly one of userIds' }],
    });
  }
  return context.db.transaction(async (tx) => {
    const task = await requireTask(context, tx, taskId);
    if (!isByHand(task)) {
      throw new UsherError(
        'wrong_state',
        'A failure is not completed by hand: mend its cause and retry, or ignore it.',
      );
    }
    let completed = 0;
    for (;;) {
      const done = { userIds, evidence, externalId, limit: completedAtOnce };
      const people = await accountFree(store.completeRows(tx, task, done));
      await logCompletion(context, tx, task, people, evidence);
      completed += people.length;
      if (people.length < completedAtOnce) break;
    }
    if (completed > 0) await context.queue.signalApps(tx, [task.appId]);
    return completed;
  });
}

const completedAtOnce = 5_000;

async function logCompletion(
  context: Context,
  tx: Tx,
  task: Task,
  people: readonly store.CompletedPerson[],
  evidence: store.Evidence,
): Promise<void> {
  const made = task.kind === 'PROVISION';
  const eventType = made ? 'application.user_membership.provision' : 'application.user_membership.deprovision';
  const users = await findUsers(
    tx,
    people.map(({ userId }) => userId),
  );
  const targetsById = new Map<string, EventTarget>(users.map((user) => [user.id, userTarget(user)]));
  const app: EventTarget = {
    ...{ id: task.appId, type: 'AppInstance' },
    ...{ alternateId: task.appLabel, displayName: task.appLabel },
  };
  await appendEvents(
    tx,
    people.map(({ userId }) => {
      const deleted: EventTarget = { id: userId, type: 'User', alternateId: userId, displayName: userId };
      const targets = [targetsById.get(userId) ?? deleted, app];
      return succeeded(context, eventType, targets, { taskId: task.id, evidence: { ...evidence } });
    }),
  );
}

async function accountFree<Rows>(written: Promise<Rows>): Promise<Rows> {
  try {
    return await written;
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error;
    throw new UsherError('conflict', 'Another person here has the account with this id. Look at both in the app.', {
      causes: [{ field: 'externalId', reason: 'is another person’s' }],
      cause: error,
    });
  }
}

async function retryPeople(context: Context, tx: Tx, scope: store.RetryScope): Promise<number> {
  const { retried, appIds } = await store.retryRows(tx, scope);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
  return retried;
}

async function retryPushes(context: Context, tx: Tx, scope: store.PushRetryScope): Promise<number> {
  const { retried, appIds } = await store.retryPushes(tx, scope);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
  return retried;
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

async function requireTask(context: Context, tx: Tx, taskId: TaskId): Promise<Task> {
  const task = await store.findTask(tx, taskId);
  if (task === undefined) throw noTask(taskId);
  await authorize(context, tx, 'apps.assign', { apps: [task.appId] });
  return task;
}

function isByHand(task: Task): task is Task & { readonly kind: ManualVerb } {
  return task.kind === 'PROVISION' || task.kind === 'DEPROVISION';
}

function otherKind(ofGroups: boolean): UsherError {
  const [field, reason] = ofGroups
    ? ['userIds', 'is for people, and this task is about groups: use mappingIds']
    : ['mappingIds', 'is for groups, and this task is about people: use userIds'];
  return new UsherError('invalid_input', `${field} ${reason}.`, { causes: [{ field, reason }] });
}

function nothingToRetry(task: Task): UsherError {
  return new UsherError(
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
