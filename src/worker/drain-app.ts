import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../connectors/contract.ts';
import { asUsherError, UsherError } from '../lib/errors.ts';
import { findOwners } from '../provisioning/account-owners.ts';
import { listAccounts } from '../provisioning/list-accounts.ts';
import type { PushResult } from '../provisioning/push-group.ts';
import { reconcileRow, type Reconciled, type Subject } from '../provisioning/reconcile.ts';
import { describeOutcome } from '../provisioning/record.ts';
import { findLinkedUser, forgetAccount } from '../store/app-accounts.ts';
import { loadAppHealth } from '../store/app-health.ts';
import { nextDueMs, releaseRows, renewLeases, type ClaimedRow } from '../store/app-user-queue.ts';
import { createAppJudge, openCircuit } from './app-judge.ts';
import { closeRetired, loadLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { afterAnswer } from './circuit.ts';
import { createClaimer, leaseSeconds } from './claim-subjects.ts';
import { createLeaverPump, type LeaverPump } from './leaver-pump.ts';
import { probeByLeaver } from './probe-by-leaver.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createPushPump, type PushPump } from './push-pump.ts';
import { retryAfter } from './retry.ts';

const renewEveryMs = 20_000;
/** While requests are out, new work is looked for so often: one that hangs must not keep anybody waiting. */
const lookEveryMs = 250;
/** And leavers so often, whatever there is of other work. */
const lookForLeaversMs = 200;
/** A worker gives an app back after so long, so that with more apps than slots each gets its turn. */
const sliceMs = 30_000;
/** Of a slice full of accounts, pushed groups get what is left after so long. */
const pushesAfterMs = 10_000;

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
  let health = await loadAppHealth(tools.db, lane.appId);
  if (health.pausedMs > 0) {
    const probe = (subject: Subject) => reconcile(subject, lane, tools, signals);
    const nextMs = await probeByLeaver(lane, tools, health, probe);
    if (nextMs !== undefined) return { nextMs };
    health = await loadAppHealth(tools.db, lane.appId);
  }
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
  return drain(lane, tools, signals);
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

/** Rows of one run: those ready to be worked on, and those nobody else may have meanwhile. */
interface Hand {
  readonly ready: Subject[];
  readonly held: Map<string, ClaimedRow>;
  /** Broken off before anything was sent. */
  readonly interrupted: ClaimedRow[];
}

async function drain(lane: AppLane, tools: WorkerTools, signals: StopSignals): Promise<DrainEnd> {
  const { db } = tools;
  const hand: Hand = { ready: [], held: new Map(), interrupted: [] };
  const recorder = createRecorder(db, lane.appId, lane.setup?.pushesGroups === true, tools.onError);
  const judge = createAppJudge(lane, tools);
  const pump = createPump(lane, tools, signals, {
    hand,
    recorder,
    isPaused: () => judge.pausedMs() !== undefined,
    settle: (result) => {
      if (settle(result, lane, tools, signals, hand, recorder)) judge.observe(result);
    },
    settlePush: ({ push, error, durationMs }) => judge.observeWork(push.id, 'push', error, durationMs),
  });
  const renewal = setInterval(() => {
    void renewLeases(db, lane.appId, [...hand.held.values()], leaseSeconds).catch(tools.onError);
  }, renewEveryMs);
  const looking = setInterval(pump.lookAgain, lookEveryMs);
  const lookingForLeavers = setInterval(pump.lookForLeavers, lookForLeaversMs);
  signals.stop.addEventListener('abort', pump.turn);
  pump.turn();
  const { stale, failure, pushes, leavers } = await pump.finished;
  clearInterval(renewal);
  clearInterval(looking);
  clearInterval(lookingForLeavers);
  signals.stop.removeEventListener('abort', pump.turn);
  await recorder.flush();
  await judge.saved();
  const ready = [...hand.ready, ...leavers.waiting()];
  const unsent = [...ready.map((subject) => subject.row), ...hand.interrupted];
  if (unsent.length > 0) await releaseRows(db, lane.appId, unsent);
  await closeRetired(lane);
  if (failure !== undefined) throw failure;
  if (stale) return { nextMs: 0 };
  return { nextMs: judge.pausedMs() ?? soonest(await nextDueMs(db, lane.appId), await pushes.nextMs()) };
}

function soonest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Hands a finished row to the recorder. False where it was broken off before anything happened. */
function settle(
  result: Reconciled,
  lane: AppLane,
  tools: WorkerTools,
  signals: StopSignals,
  hand: Hand,
  recorder: Recorder,
): boolean {
  const { setup } = lane;
  const { row } = result.subject;
  hand.held.delete(row.userId);
  if (setup === undefined) return false;
  if (result.error !== undefined && signals.cancel.aborted && !result.error.outcomeUnknown) {
    hand.interrupted.push(row);
    return false;
  }
  recorder.add(describeOutcome(result, setup, retryAfter(result.error, row, result.removal, tools.random)));
  return true;
}

interface Pump {
  /** Starts what may be started, and claims more when little is left. */
  turn(): void;
  /** The same, with a look at the database even where it had nothing the last time. */
  lookAgain(): void;
  lookForLeavers(): void;
  readonly finished: Promise<PumpEnd>;
}

interface PumpEnd {
  readonly stale: boolean;
  readonly failure: unknown;
  readonly pushes: PushPump;
  readonly leavers: LeaverPump;
}

interface PumpParts {
  readonly hand: Hand;
  readonly recorder: Recorder;
  isPaused(): boolean;
  settle(result: Reconciled): void;
  settlePush(result: PushResult): void;
}

/** Keeps as many rows in flight as the app takes, until there are none or it is time to end. */
function createPump(lane: AppLane, tools: WorkerTools, signals: StopSignals, parts: PumpParts): Pump {
  const { ready, held } = parts.hand;
  const claimer = createClaimer(lane, tools);
  const endMs = tools.clock.monotonicMs() + sliceMs;
  const pushesMs = tools.clock.monotonicMs() + pushesAfterMs;
  let inFlight = 0;
  /** Not written up yet, in the order the app gave them. */
  const answered: Reconciled[] = [];
  let claiming = false;
  let flushing = false;
  let exhausted = false;
  let stale = false;
  let failure: unknown;
  let finish = (_end: PumpEnd) => {};
  const finished = new Promise<PumpEnd>((resolve) => (finish = resolve));

  const stopping = () =>
    signals.stop.aborted || parts.isPaused() || stale || failure !== undefined || tools.clock.monotonicMs() > endMs;
  const allowed = () => (lane.circuit.state === 'OK' ? lane.limit.current() : 1);
  const free = () => allowed() - inFlight - pushes.inFlight();
  const pushes = createPushPump(lane, tools, {
    isStopping: () => stopping(),
    cancel: signals.cancel,
    observe: (result) => parts.settlePush(result),
    onTurn: () => turn(),
  });

  const leavers = createLeaverPump(lane, tools, {
    isStopping: () => stopping() || lane.circuit.state !== 'OK',
    start: (subject) =>
      void run(subject, lane.leaverConnection).then((result) => {
        parts.settle(result);
        leavers.ended();
        turn();
      }),
    hold: (subjects) => hold(subjects),
    onStale: () => (stale = true),
    onFailure: (error) => (failure = error),
    onTurn: () => turn(),
  });

  const turn = () => {
    // Leavers take the first places of everybody's, and then their own.
    while (!stopping() && free() > 0) {
      const subject = leavers.next() ?? ready.shift();
      if (subject === undefined) break;
      start(subject);
    }
    leavers.turn();
    if (!claiming && !exhausted && !stopping() && claimer.wantsMore(ready.length, allowed())) void claim();
    const idle = inFlight === 0 && answered.length === 0 && leavers.isIdle() && !claiming && !flushing;
    const resting = idle && (stopping() || (exhausted && ready.length === 0));
    // Accounts before memberships; but where accounts do not come to an end, groups do not wait for that.
    if (resting || tools.clock.monotonicMs() > pushesMs) pushes.turn(free());
    if (resting && pushes.isIdle()) finish({ stale, failure: failure ?? pushes.failure(), pushes, leavers });
  };

  const claim = async () => {
    claiming = true;
    try {
      const subjects = await claimer.claim(allowed());
      if (subjects === 'stale') stale = true;
      else {
        exhausted = subjects.length === 0;
        hold(subjects);
        ready.push(...subjects);
      }
    } catch (error) {
      failure = error;
    }
    claiming = false;
    turn();
  };

  const hold = (subjects: readonly Subject[]) => {
    for (const subject of subjects) held.set(subject.row.userId, subject.row);
  };

  const run = (subject: Subject, connection: Connection | undefined) =>
    reconcile(subject, { ...lane, connection }, tools, signals);

  const start = (subject: Subject) => {
    inFlight += 1;
    void run(subject, lane.connection).then(async (result) => {
      inFlight -= 1;
      answered.push(result);
      // Answers come in bursts: the next requests go out before what came of these is written up, so that the app is
      // not kept waiting. Not after a failure, which may mean that no more is to be sent.
      if (result.error === undefined) {
        turn();
        await setImmediate();
      }
      if (answered.length === 0) return;
      // All that came before, too: how many failures come in a row tells whether the app is well.
      for (const earlier of answered.splice(0)) parts.settle(earlier);
      if (inFlight === 0 && ready.length === 0) void flushAndLookAgain();
      else turn();
    });
  };

  // Falling idle, the rows just written may have come due again: a change came while they were in hand.
  const flushAndLookAgain = async () => {
    flushing = true;
    await parts.recorder.flush();
    flushing = false;
    pushes.lookAgain();
    lookAgain();
  };

  const lookAgain = () => {
    exhausted = false;
    turn();
  };
  return { turn, lookAgain, lookForLeavers: leavers.look, finished };
}

function reconcile(
  subject: Subject,
  { appId, connection, setup }: Pick<AppLane, 'appId' | 'connection' | 'setup'>,
  { db, clock }: WorkerTools,
  { cancel }: StopSignals,
): Promise<Reconciled> {
  if (setup === undefined) throw new UsherError('internal', 'Work was begun on an app that is not loaded.');
  return reconcileRow(subject, {
    ...{ setup, connection, clock, signal: cancel },
    linkedUser: (externalId) => findLinkedUser(db, appId, externalId),
    owner: async (externalId) => (await findOwners(db, setup, [externalId])).get(externalId),
    forgetAccount: (externalId) => forgetAccount(db, appId, externalId),
  });
}
