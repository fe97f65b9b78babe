import { appsWithin, type AppScope } from '../../domain/rights.ts';
import { UsherError } from '../../lib/errors.ts';
import type { RunId } from '../../lib/ids.ts';
import type { Queryable, Tx } from '../../store/database.ts';
import { writeTimes, type WriteTimes } from '../../store/operations.ts';
import { deleteRunItems } from '../../store/run-items.ts';
import { listRunProblems, type RunProblem } from '../../store/run-problems.ts';
import * as store from '../../store/runs.ts';
import type { Run } from '../../store/runs.ts';
import { authorize } from '../authorize.ts';
import type { AppContext, Context } from '../context.ts';
import { advanceRun } from './advance.ts';
import { firstSliceMs } from './insert.ts';
import { runKinds } from './kinds.ts';

/** Runs one process works on at the same time: a long one must not keep a short one waiting. */
export const runSlots = 4;
/** Milliseconds a run is worked on before others get their turn. */
const sliceMs = 30_000;

/** Works on a run just inserted for a moment, so that a small one is over when its caller is answered. */
export async function beginRun(context: AppContext, runId: RunId): Promise<Run> {
  await advanceRun(context, runId, { forMs: firstSliceMs, signal: AbortSignal.timeout(2 * firstSliceMs) });
  return requireRun(context.db, runId);
}

/** The job `run`: works on a run until it is over, or for a while, and then asks for another job. */
export async function runJob(context: AppContext, runId: RunId, signal: AbortSignal): Promise<void> {
  const run = await advanceRun(context, runId, { forMs: sliceMs, signal });
  if (run?.status !== 'RUNNING') return;
  await context.db.transaction((tx) => context.queue.sendJob(tx, 'run', { runId }));
}

/** Asks for a job for each run that is to go on: what a process that died has left. Called as a process starts. */
export async function resumeRuns(context: Context): Promise<void> {
  const kinds = Object.entries(runKinds).flatMap(([name, kind]) => (kind?.open === undefined ? [] : [name]));
  await context.db.transaction(async (tx) => {
    for (const runId of await store.listRunningRuns(tx, kinds)) await context.queue.sendJob(tx, 'run', { runId });
  });
}

/** @throws {UsherError} `not_found`, also for a run the caller may not see. */
export async function getRun(context: Context, runId: RunId): Promise<Run> {
  const run = await requireRun(context.db, runId);
  if (await isVisible(context, context.db, run)) return run;
  throw runNotFound(runId);
}

/**
 * How long the app took for one write since the run began, and until an hour after its end: what it has made due is
 * written by then. Undefined for a run on no app, and when none of them is among the newest writes any more.
 */
export async function runWriteTimes(context: Context, run: Run): Promise<WriteTimes | undefined> {
  if (run.appId === null) return undefined;
  const until = new Date((run.finished ?? context.clock.now()).getTime() + 3_600_000);
  return writeTimes(context.db, run.appId, { since: run.started, until });
}

/** The newest first, without those the caller may not see. */
export async function listRuns(context: Context, filter: Omit<store.RunFilter, 'within'>): Promise<Run[]> {
  return store.listRuns(context.db, { ...filter, within: { apps: visible(context), actorId: context.actor.id } });
}

/** @throws {UsherError} as `getRun` does. */
export async function listProblems(
  context: Context,
  runId: RunId,
  page: { readonly after?: number; readonly limit: number },
): Promise<RunProblem[]> {
  await getRun(context, runId);
  return listRunProblems(context.db, runId, page);
}

/**
 * Stops a run before its next item, to be resumed. Nothing happens where it is paused already.
 *
 * @throws {UsherError} `not_found`, `wrong_state` (it has ended, or its kind cannot be paused).
 */
export function pauseRun(context: Context, runId: RunId): Promise<Run> {
  return change(context, runId, 'paused', async (tx, run) => {
    assertStoppable(run, 'paused');
    await store.updateRun(tx, runId, { status: 'PAUSED' });
  });
}

/** Goes on with a paused run where it stopped. @throws {UsherError} as `pauseRun` does. */
export function resumeRun(context: Context, runId: RunId): Promise<Run> {
  return change(context, runId, 'resumed', async (tx, run) => {
    if (run.status === 'RUNNING') return;
    await store.updateRun(tx, runId, { status: 'RUNNING', pace: [] });
    await context.queue.sendJob(tx, 'run', { runId });
  });
}

/** Ends a run before its next item: what is done stays done, the rest is left. @throws as `pauseRun` does. */
export function cancelRun(context: Context, runId: RunId): Promise<Run> {
  return change(context, runId, 'cancelled', async (tx, run) => {
    assertStoppable(run, 'cancelled');
    await store.updateRun(tx, runId, { status: 'CANCELLED' });
    await deleteRunItems(tx, runId);
  });
}

async function change(
  context: Context,
  runId: RunId,
  verb: string,
  act: (tx: Tx, run: Run) => Promise<void>,
): Promise<Run> {
  return context.db.transaction(async (tx) => {
    const run = await store.lockRun(tx, runId);
    if (run === undefined || !(await isVisible(context, tx, run))) throw runNotFound(runId);
    const permission = runKinds[run.kind]?.permission ?? 'roles.manage';
    await authorize(context, tx, permission, run.appId === null ? {} : { apps: [run.appId] });
    if (run.status !== 'RUNNING' && run.status !== 'PAUSED') {
      throw new UsherError('wrong_state', `The run ${runId} is ${run.status} and cannot be ${verb}: it has ended.`);
    }
    await act(tx, run);
    return requireRun(tx, runId);
  });
}

function assertStoppable(run: Run, verb: string): void {
  if (runKinds[run.kind]?.open !== undefined) return;
  throw new UsherError('wrong_state', `A run of the kind ${run.kind} cannot be ${verb}. Wait until it has ended.`);
}

async function isVisible(context: Context, db: Queryable, run: Run): Promise<boolean> {
  if (visible(context) === 'all' || run.startedBy.id === context.actor.id) return true;
  if (run.appId === null) return false;
  return authorize(context, db, 'runs.read', { apps: [run.appId] }).then(
    () => true,
    () => false,
  );
}

function visible({ actor, rights = [] }: Context): AppScope {
  return actor.type === 'SystemPrincipal' ? 'all' : appsWithin(rights, 'runs.read');
}

async function requireRun(db: Queryable, runId: RunId): Promise<Run> {
  const run = await store.findRun(db, runId);
  if (run === undefined) throw runNotFound(runId);
  return run;
}

function runNotFound(runId: RunId): UsherError {
  return new UsherError('not_found', `There is no run with the id ${runId}.`);
}
