import { systemActor, type NewLogEvent } from '../domain/log-event.ts';
import { asUsherError, type UsherError } from '../lib/errors.ts';
import { listAccounts } from '../provisioning/list-accounts.ts';
import { loadSubjects } from '../provisioning/load-subjects.ts';
import { reconcileRow, type Reconciled, type Subject } from '../provisioning/reconcile.ts';
import { describeOutcome } from '../provisioning/record.ts';
import { findLinkedUser } from '../store/app-accounts.ts';
import { loadAppHealth, saveAppHealth } from '../store/app-health.ts';
import {
  claimDueRows,
  nextDueMs,
  refreshStatistics,
  releaseRows,
  renewLeases,
  type ClaimedRow,
} from '../store/app-user-queue.ts';
import { loadPeopleOfApp } from '../store/people.ts';
import { closeRetired, loadLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { afterAnswer, type CircuitChange } from './circuit.ts';
import { createRecorder } from './recorder.ts';
import { retryAfter } from './retry.ts';

/** Rows claimed at once: what the app takes in so long, so that a leaver never waits longer behind them. */
const claimMs = 300;
const claimMax = 400;
/** A row nobody has finished or prolonged for so long is taken over by the next worker. */
const leaseSeconds = 60;
const renewEveryMs = 20_000;
/** While requests are out, new work is looked for so often: one that hangs must not keep a leaver waiting. */
const lookEveryMs = 250;
/** A worker gives an app back after so long, so that with more apps than slots each gets its turn. */
const sliceMs = 30_000;

/** `stop`: take no more. `cancel`: break off what is in flight, its outcome unknown. */
export interface StopSignals {
  readonly stop: AbortSignal;
  readonly cancel: AbortSignal;
}

/** When the app wants to be looked at again: milliseconds from now, undefined when nothing is due ever. */
export type DrainEnd = { readonly nextMs: number | undefined };

/**
 * Works on one app until nothing is due, the app is in trouble, the slice is over or it is told to stop. Never
 * throws for a row's failure: that is written on the row.
 */
export async function drainApp(lane: AppLane, tools: WorkerTools, signals: StopSignals): Promise<DrainEnd> {
  const health = await loadAppHealth(tools.db, lane.appId);
  if (health.pausedMs > 0) return { nextMs: health.pausedMs };
  if (health.state !== lane.circuit.state) {
    lane.circuit = { ...lane.circuit, state: health.state, openedTimes: health.openedTimes };
  }
  const refusal = lane.setup?.revision === health.revision ? undefined : await loadLane(lane, tools);
  if (lane.setup === undefined || !lane.setup.active) return { nextMs: undefined };
  const trouble = refusal ?? (await listIfNeeded(lane, tools, signals.stop));
  if (trouble !== undefined) {
    const change = afterAnswer(lane.circuit, lane.appId, trouble);
    const pauseMs = change.pauseMs ?? (trouble.retryAfterSeconds ?? 5) * 1_000;
    await openCircuit(lane, tools, { ...change, pauseMs }, trouble);
    return { nextMs: pauseMs };
  }
  return createDrain(lane, tools, signals).run();
}

/** The first contact with an app that has accounts: one paged listing instead of a look-up for each person. */
async function listIfNeeded(lane: AppLane, tools: WorkerTools, signal: AbortSignal): Promise<UsherError | undefined> {
  const { setup, connection } = lane;
  if (setup === undefined || connection?.list === undefined || lane.listingFailed) return undefined;
  const { create, update } = setup.provisioning;
  if (setup.accountsListed || !(create || update)) return undefined;
  try {
    await listAccounts(tools.db, lane.appId, connection, signal);
    return await loadLane(lane, tools);
  } catch (caught) {
    const error = asUsherError(caught);
    const appIsWell = error.code === 'app_rejected' || error.code === 'app_bad_answer' || error.code === 'unsupported';
    if (!appIsWell) return error;
    lane.listingFailed = true;
    return undefined;
  }
}

interface Drain {
  run(): Promise<DrainEnd>;
}

function createDrain(lane: AppLane, tools: WorkerTools, signals: StopSignals): Drain {
  const { db, clock } = tools;
  const startedMs = clock.monotonicMs();
  const recorder = createRecorder(db, lane.appId, tools.onError);
  const ready: Subject[] = [];
  const held = new Map<string, ClaimedRow>();
  let inFlight = 0;
  let claiming = false;
  let claimSize = 0;
  let claimedMs = startedMs;
  let exhausted = false;
  let flushing = false;
  let pausedMs: number | undefined;
  let stale = false;
  let savingHealth: Promise<void> | undefined;
  let failure: unknown;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));

  const stopping = () =>
    signals.stop.aborted ||
    pausedMs !== undefined ||
    stale ||
    failure !== undefined ||
    clock.monotonicMs() - startedMs > sliceMs;
  const allowed = () => (lane.circuit.state === 'OK' ? lane.limit.current() : 1);

  const pump = () => {
    while (!stopping() && ready.length > 0 && inFlight < allowed()) start(ready.shift());
    const wantsMore = ready.length < Math.max(allowed(), claimSize / 2);
    if (!claiming && !exhausted && !stopping() && wantsMore) void claim();
    if (inFlight === 0 && !claiming && !flushing && (stopping() || (exhausted && ready.length === 0))) finish();
  };

  const claim = async () => {
    claiming = true;
    try {
      const firstClaim = claimSize === 0;
      const sinceMs = clock.monotonicMs() - claimedMs;
      claimedMs += sinceMs;
      claimSize = Math.min(claimMax, Math.max(allowed() * 2, Math.round((claimSize / sinceMs) * claimMs)));
      const subjects = await claimSubjects(lane, tools, claimSize);
      if (subjects === 'stale') stale = true;
      else {
        if (firstClaim && subjects.length === claimSize) await refreshStatistics(db, lane.appId);
        take(subjects);
      }
    } catch (error) {
      failure = error;
    }
    claiming = false;
    pump();
  };

  const take = (subjects: readonly Subject[]) => {
    exhausted = subjects.length === 0;
    for (const subject of subjects) held.set(subject.row.userId, subject.row);
    ready.push(...subjects);
  };

  const start = (subject: Subject | undefined) => {
    const { setup } = lane;
    if (subject === undefined || setup === undefined) return;
    inFlight += 1;
    void reconcileRow(subject, {
      setup,
      connection: lane.connection,
      clock,
      signal: signals.cancel,
      linkedUser: (externalId) => findLinkedUser(db, lane.appId, externalId),
    }).then((result) => {
      settle(result);
      inFlight -= 1;
      if (inFlight === 0 && ready.length === 0) void flushAndLookAgain();
      else pump();
    });
  };

  // Falling idle, the rows just written may have come due again: a change came while they were in hand.
  const flushAndLookAgain = async () => {
    flushing = true;
    await recorder.flush();
    flushing = false;
    lookAgain();
  };

  const lookAgain = () => {
    exhausted = false;
    pump();
  };

  const settle = (result: Reconciled) => {
    const { setup } = lane;
    if (setup === undefined) return;
    const { row } = result.subject;
    held.delete(row.userId);
    if (result.error !== undefined && signals.cancel.aborted && !result.error.outcomeUnknown)
      return void interrupted.push(row);
    const retry =
      result.error === undefined
        ? { afterSeconds: undefined, rowFailed: true }
        : retryAfter(result.error, row, !result.entitled, tools.random);
    recorder.add(describeOutcome(result, setup, retry));
    observe(result);
  };

  const interrupted: ClaimedRow[] = [];
  const observe = (result: Reconciled) => {
    const { action, error, durationMs, subject } = result;
    tools.onOutcome?.({ appId: lane.appId, kind: action.kind, failed: error !== undefined, durationMs });
    if (action.kind === 'none' && error === undefined) return;
    lane.limit.observe(durationMs, error);
    const change = afterAnswer(lane.circuit, subject.row.userId, error);
    const wasOk = lane.circuit.state === 'OK';
    if (change.pauseMs !== undefined && error !== undefined) {
      pausedMs ??= change.pauseMs;
      savingHealth = openCircuit(lane, tools, { ...change, pauseMs: change.pauseMs }, error).catch(tools.onError);
    } else if (!wasOk && change.circuit.state === 'OK') {
      savingHealth = closeCircuit(lane, tools).catch(tools.onError);
    }
    lane.circuit = change.circuit;
  };

  const run = async (): Promise<DrainEnd> => {
    const renewal = setInterval(() => {
      void renewLeases(db, lane.appId, [...held.values()], leaseSeconds).catch(tools.onError);
    }, renewEveryMs);
    const looking = setInterval(lookAgain, lookEveryMs);
    const onAbort = () => pump();
    signals.stop.addEventListener('abort', onAbort);
    pump();
    await finished;
    clearInterval(renewal);
    clearInterval(looking);
    signals.stop.removeEventListener('abort', onAbort);
    await recorder.flush();
    await savingHealth;
    const unsent = [...ready.map((subject) => subject.row), ...interrupted];
    if (unsent.length > 0) await releaseRows(db, lane.appId, unsent);
    await closeRetired(lane);
    if (failure !== undefined) throw failure;
    return { nextMs: stale ? 0 : (pausedMs ?? (await nextDueMs(db, lane.appId))) };
  };
  return { run };
}

/**
 * Claims rows, then reads what their decisions rest on: in this order, so that no change between is missed. Gives the
 * rows back as `stale` when the app's configuration has changed: the next run begins with the new one.
 */
async function claimSubjects(lane: AppLane, tools: WorkerTools, limit: number): Promise<Subject[] | 'stale'> {
  const rows = await claimDueRows(tools.db, lane.appId, limit, leaseSeconds);
  if (rows.length === 0) return [];
  const { revision, people } = await loadPeopleOfApp(
    tools.db,
    lane.appId,
    rows.map((row) => row.userId),
  );
  if (lane.setup === undefined || (revision !== undefined && revision !== lane.setup.revision)) {
    await releaseRows(tools.db, lane.appId, rows);
    return 'stale';
  }
  return loadSubjects(tools.db, lane.setup, rows, people, tools.clock.now());
}

async function openCircuit(
  lane: AppLane,
  tools: WorkerTools,
  change: CircuitChange & { readonly pauseMs: number },
  error: UsherError,
): Promise<void> {
  const { state, openedTimes, failures } = change.circuit;
  lane.circuit = change.circuit;
  const health = {
    state: state === 'OK' ? ('BROKEN' as const) : state,
    pausedMs: change.pauseMs,
    openedTimes,
    reason: error.message,
    consecutiveFailures: failures,
  };
  await saveAppHealth(tools.db, lane.appId, health, [troubleEvent(lane, error, change.pauseMs)]);
}

async function closeCircuit(lane: AppLane, tools: WorkerTools): Promise<void> {
  const health = { state: 'OK' as const, pausedMs: 0, openedTimes: 0, reason: undefined, consecutiveFailures: 0 };
  await saveAppHealth(tools.db, lane.appId, health, []);
}

function troubleEvent(lane: AppLane, error: UsherError, pauseMs: number): NewLogEvent {
  const eventType =
    error.code === 'app_rate_limited'
      ? 'application.integration.rate_limit_exceeded'
      : error.code === 'app_credentials_refused'
        ? 'application.integration.authentication_failure'
        : 'application.integration.general_failure';
  return {
    eventType,
    outcome: 'FAILURE',
    severity: 'WARN',
    reason: `${error.message} Nothing is sent to the app for ${Math.ceil(pauseMs / 1_000)} s.`,
    actor: systemActor,
    targets: lane.setup === undefined ? [] : [lane.setup.target],
  };
}
