import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../../lib/errors.ts';
import type { AppId, RunId, UserId } from '../../lib/ids.ts';
import { countDueRows, countSyncable, listSyncable, markForSync } from '../../store/app-sync.ts';
import type { Tx } from '../../store/database.ts';
import { appendRunItems, listRunItems } from '../../store/run-items.ts';
import type { Run } from '../../store/runs.ts';
import { logAppEvent, requireApp } from '../app-change.ts';
import { authorize } from '../authorize.ts';
import type { AppContext, Context } from '../context.ts';
import { insertRun } from './insert.ts';
import type { Chunk, RunKind } from './kind.ts';

export interface SynchronizationInput {
  /** Everybody who has or had the app when left out. */
  readonly userIds?: readonly UserId[];
  /** Each account is read from the app first, so that what was changed there is found: a request more per account. */
  readonly read?: boolean;
}

const chunkSize = 1_000;
/** Accounts that may be waiting before more are added: cancelling leaves no more than these to be worked on. */
const backlogMax = 2_000;
/** Milliseconds between two looks at the backlog, and as many looks before the run lets others have its turn. */
const lookEveryMs = 250;
const looksMax = 20;

/**
 * Begins a run that has everybody in an app looked at again, or the people named: what they should have is worked out
 * anew, and what differs is sent. It keeps step with the app, so that it can be paused and cancelled on the way.
 *
 * @throws {UsherError} `not_found` (app), `wrong_state` (the app is not active, and nothing would come of it).
 */
export async function startSynchronization(
  context: Context,
  appId: AppId,
  { userIds, read = false }: SynchronizationInput,
): Promise<RunId> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'mappings.manage', { apps: [appId] });
    const app = await requireActive(tx, appId);
    const request = { read, people: userIds === undefined ? 'all' : 'named' };
    const runId = await insertRun(context, tx, { kind: 'synchronization', appId, request }, (id) =>
      userIds === undefined ? countSyncable(tx, appId) : appendRunItems(tx, id, [...new Set(userIds)]),
    );
    await logAppEvent(context, tx, app, 'app.app_instance.provision_sync_job.started', {
      debug: { ...request, runId },
    });
    return runId;
  });
}

export const synchronizationRuns: RunKind = {
  permission: 'mappings.manage',
  open: (context, run) => {
    const { appId } = run;
    if (appId === null) throw new UsherError('internal', 'A run says not what it is to do.');
    let behind = true;
    return {
      before: async (_run, signal) => {
        behind = await keepsBehind(context, appId, signal);
      },
      chunk: async (tx, current) => (behind ? { cursor: current.cursor } : chunk(context, tx, current, appId)),
    };
  },
};

async function keepsBehind({ db }: AppContext, appId: AppId, signal: AbortSignal): Promise<boolean> {
  for (let look = 0; look < looksMax && !signal.aborted; look += 1) {
    if ((await countDueRows(db, appId, backlogMax)) < backlogMax) return false;
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return true;
}

async function chunk(context: AppContext, tx: Tx, run: Run, appId: AppId): Promise<Chunk> {
  const app = await requireActive(tx, appId);
  const { cursor, taken, userIds } = await nextPeople(tx, run, appId);
  const marked = await markForSync(tx, appId, userIds, run.request['read'] === true);
  if (marked > 0) await context.queue.signalApps(tx, [appId]);
  const ended = taken < chunkSize;
  if (ended) {
    const debug = { runId: run.id, accounts: run.done + marked };
    await logAppEvent(context, tx, app, 'app.app_instance.provision_sync_job.completed', { debug });
  }
  return { cursor, done: marked, skipped: taken - marked, ended };
}

async function nextPeople(tx: Tx, run: Run, appId: AppId) {
  if (run.request['people'] === 'named') {
    const from = typeof run.cursor === 'number' ? run.cursor : 0;
    const items = await listRunItems(tx, run.id, from, chunkSize);
    return { cursor: items.at(-1)?.seq ?? from, taken: items.length, userIds: items.map(({ subject }) => subject) };
  }
  const after = typeof run.cursor === 'string' ? run.cursor : '';
  const userIds = await listSyncable(tx, appId, after, chunkSize);
  return { cursor: userIds.at(-1) ?? after, taken: userIds.length, userIds };
}

async function requireActive(tx: Tx, appId: AppId) {
  const app = await requireApp(tx, appId);
  if (app.status === 'ACTIVE') return app;
  throw new UsherError('wrong_state', `${app.label} is not active, so nothing is sent to it. Activate it first.`);
}
