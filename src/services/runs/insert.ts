import { newId, type AppId, type RunId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Tx } from '../../store/database.ts';
import * as store from '../../store/runs.ts';
import type { Context } from '../context.ts';

/** Milliseconds the caller waits for a run to end before it goes on by itself: small ones are over by then. */
export const firstSliceMs = 1_500;

export interface RunInput {
  readonly kind: string;
  readonly appId?: AppId;
  readonly request?: JsonObject;
}

/**
 * Begins a run, with the job that does it, in the caller's transaction; the caller has asked for the right to.
 * `fill` adds its items and returns how many there are; without it the kind finds out what there is to do.
 */
export async function insertRun(
  context: Context,
  tx: Tx,
  { kind, appId, request = {} }: RunInput,
  fill?: (runId: RunId) => Promise<number>,
): Promise<RunId> {
  const id = newId('run');
  await store.insertRun(tx, { id, kind, appId: appId ?? null, startedBy: context.actor, request });
  if (fill !== undefined) await store.updateRun(tx, id, { total: await fill(id) });
  await context.queue.sendJob(tx, 'run', { runId: id }, Math.ceil((2 * firstSliceMs) / 1_000));
  return id;
}
