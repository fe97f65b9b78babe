import type { HealthState } from '../store/app-health.ts';
import { nextLeaverMs, releaseRows } from '../store/app-user-queue.ts';
import type { Reconciled, Subject } from '../provisioning/reconcile.ts';
import { describeOutcome } from '../provisioning/record.ts';
import { closeCircuit } from './app-judge.ts';
import { loadLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { afterAnswer } from './circuit.ts';
import { claimLeavers } from './claim-subjects.ts';
import { createRecorder } from './recorder.ts';
import { retryAfter } from './retry.ts';

/**
 * How often an app that is left alone is tried by a leaver all the same. One request: an app that is down feels nothing,
 * and one that refuses our credential, or asked for patience, is not pestered.
 */
const probeEveryMs: Record<HealthState, number> = { OK: 0, BROKEN: 5_000, QUARANTINED: 60_000, PAUSED: 60_000 };

/**
 * Has one leaver try an app that is being left alone, if there is one and it is time: nobody keeps access because an app
 * was down an hour ago. An app that answers is well again, for everybody.
 *
 * @returns milliseconds until the app is to be looked at again; undefined where the app has answered.
 */
export async function probeByLeaver(
  lane: AppLane,
  tools: WorkerTools,
  health: { readonly state: HealthState; readonly pausedMs: number; readonly revision: number | undefined },
  reconcile: (subject: Subject) => Promise<Reconciled>,
): Promise<number | undefined> {
  const leaverMs = await nextLeaverMs(tools.db, lane.appId);
  if (leaverMs === undefined) return health.pausedMs;
  const waitMs = Math.max(leaverMs, lane.probedMs + probeEveryMs[health.state] - tools.clock.monotonicMs());
  if (waitMs > 0) return Math.min(waitMs, health.pausedMs);
  lane.probedMs = tools.clock.monotonicMs();
  const later = Math.min(probeEveryMs[health.state], health.pausedMs);
  if (lane.setup?.revision !== health.revision && (await loadLane(lane, tools)) !== undefined) return later;
  const { setup } = lane;
  if (setup === undefined || !setup.active) return health.pausedMs;
  const subjects = await claimLeavers(lane, tools, 1);
  const [subject] = subjects === 'stale' ? [] : subjects;
  if (subject === undefined) return later;
  const result = await reconcile(subject);
  if (result.action.kind === 'none' && result.error === undefined) {
    await releaseRows(tools.db, lane.appId, [subject.row]);
    return later;
  }
  const { error } = result;
  const retry = retryAfter(error, subject.row, result.removal, tools.random);
  const recorder = createRecorder(tools.db, lane.appId, setup.pushesGroups, tools.onError);
  recorder.add(describeOutcome(result, setup, retry));
  await recorder.flush();
  const { circuit } = afterAnswer(lane.circuit, subject.row.userId, error);
  if (circuit.state !== 'OK' || circuit.failures > 0) return later;
  lane.circuit = circuit;
  await closeCircuit(lane, tools);
  return undefined;
}
