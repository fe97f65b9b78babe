import { UsherError } from '../../lib/errors.ts';
import type { RunId } from '../../lib/ids.ts';
import type { Tx } from '../../store/database.ts';
import { deleteRunItems } from '../../store/run-items.ts';
import { findRun, lockRun, updateRun, type PaceMark, type Run } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';
import type { Chunk, RunKind, RunWork } from './kind.ts';
import { runKinds } from './kinds.ts';

export interface AdvanceLimits {
  /** Milliseconds after which no other chunk is begun. */
  readonly forMs: number;
  /** Once it aborts, no other chunk is begun and waiting outside the database is broken off. */
  readonly signal: AbortSignal;
}

/**
 * Does a run's chunks until there are no more, it is paused or cancelled, or the time is over, and returns how far it
 * is. Several processes may do it at once: chunks take turns, and each begins where the last one committed.
 *
 * What is wrong with the work itself ends the run as FAILED.
 *
 * @throws what may pass, such as the database being away: the run stays RUNNING and is to be taken up again.
 */
export async function advanceRun(context: AppContext, runId: RunId, limits: AdvanceLimits): Promise<Run | undefined> {
  const endMs = context.clock.monotonicMs() + limits.forMs;
  let run = await findRun(context.db, runId);
  const kind: RunKind | undefined = run === undefined ? undefined : runKinds[run.kind];
  if (run === undefined || kind?.open === undefined) return run;
  const work = kind.open(asStarter(context, run), run);
  try {
    while (run?.status === 'RUNNING' && !limits.signal.aborted && context.clock.monotonicMs() < endMs) {
      run = await advanceOnce(context, work, run, limits.signal);
    }
    return run;
  } finally {
    await work.close?.();
  }
}

/** A run does what its starter was allowed to when it began, whatever becomes of their roles. */
function asStarter(context: AppContext, run: Run): AppContext {
  return { ...context, actor: run.startedBy, transactionId: run.id };
}

async function advanceOnce(
  context: AppContext,
  work: RunWork,
  seen: Run,
  signal: AbortSignal,
): Promise<Run | undefined> {
  try {
    await work.before?.(seen, signal);
    return await context.db.transaction(async (tx) => {
      const run = await lockRun(tx, seen.id);
      if (run?.status !== 'RUNNING') return run;
      await saveChunk(context, tx, run, await work.chunk(tx, run));
      return findRun(tx, run.id);
    });
  } catch (error) {
    if (!isFinal(error)) throw error;
    await context.db.transaction((tx) => failRun(tx, seen.id, error));
    return findRun(context.db, seen.id);
  }
}

function isFinal(error: unknown): error is UsherError {
  if (!(error instanceof UsherError) || error.code === 'internal' || error.code === 'database_unavailable')
    return false;
  return error.retryAfterSeconds === undefined;
}

async function failRun(tx: Tx, runId: RunId, error: UsherError): Promise<void> {
  const run = await lockRun(tx, runId);
  if (run === undefined || !['RUNNING', 'PAUSED'].includes(run.status)) return;
  await updateRun(tx, runId, { status: 'FAILED', problems: [{ code: error.code, reason: error.message }] });
  await deleteRunItems(tx, runId);
}

async function saveChunk(context: AppContext, tx: Tx, run: Run, chunk: Chunk): Promise<void> {
  const { cursor, phase, total, counts = {}, problems = [], ended = false } = chunk;
  const done = run.done + (chunk.done ?? 0);
  const failed = run.failed + (chunk.failed ?? 0);
  const skipped = run.skipped + (chunk.skipped ?? 0);
  const sums = Object.entries(counts).map(([name, count]) => [name, (run.counts[name] ?? 0) + count]);
  const items = done + failed + skipped;
  await updateRun(tx, run.id, {
    cursor,
    ...(phase === undefined ? {} : { phase }),
    ...(total === undefined ? {} : { total }),
    ...{ done, failed, skipped, counts: { ...run.counts, ...Object.fromEntries(sums) }, problems },
    pace: markPace(run.pace, { at: context.clock.now().getTime(), items }),
    ...(ended ? { status: 'SUCCEEDED' as const, total: total ?? run.total ?? items } : {}),
  });
  if (ended) await deleteRunItems(tx, run.id);
}

const paceWindowMs = 60_000;
const paceMarksMax = 13;

/** The marks of the last minute, one each five seconds, the newest always. */
function markPace(marks: readonly PaceMark[], now: PaceMark): PaceMark[] {
  const recent = marks.filter((mark) => mark.at > now.at - paceWindowMs);
  const last = recent.at(-2);
  const kept =
    last !== undefined && now.at - last.at < paceWindowMs / (paceMarksMax - 1) ? recent.slice(0, -1) : recent;
  return [...kept, now];
}
