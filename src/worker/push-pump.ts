import { pushGroup, type PushResult } from '../provisioning/push-group.ts';
import { describePush } from '../provisioning/record-push.ts';
import {
  claimDuePushes,
  forgetPush,
  nextPushMs,
  recordPushOutcome,
  releasePush,
  takePushChanges,
  type ClaimedPush,
} from '../store/app-group-push-queue.ts';
import type { AppLane, WorkerTools } from './app-lane.ts';
import { retryAfter } from './retry.ts';

/** One app's pushed groups, worked on beside its accounts. */
export interface PushPump {
  /** Starts as many pushes as may be started: at most `free` requests' worth. */
  turn(free: number): void;
  /** Looks again for work, even where there was none. */
  lookAgain(): void;
  inFlight(): number;
  /** Nothing is in hand, and nothing more was found. */
  isIdle(): boolean;
  /** What went wrong with the database, if anything. */
  failure(): unknown;
  /** When the next push comes due, as `nextDueMs` says it. */
  nextMs(): Promise<number | undefined>;
}

export interface PushPumpParts {
  /** Told to take no more, and to leave off between two requests. */
  isStopping(): boolean;
  readonly cancel: AbortSignal;
  observe(result: PushResult): void;
  /** Called whenever something has ended. */
  onTurn(): void;
}

/** A push prolongs its lease with every request, which may take as long as the app's time-out and a few retries. */
const leaseSeconds = 180;
/** Pushes in hand at once. Each sends one request at a time. */
const pushesMax = 8;

/** Where the app is given no groups, or may not be, the pump has nothing to do and asks nobody. */
export function createPushPump(lane: AppLane, tools: WorkerTools, parts: PushPumpParts): PushPump {
  const { db } = tools;
  let inFlight = 0;
  let claiming = false;
  let exhausted = !mayPush(lane);
  let failure: unknown;

  const claim = async (limit: number) => {
    claiming = true;
    try {
      while (await takePushChanges(db, lane.appId));
      const pushes = await claimDuePushes(db, lane.appId, limit, leaseSeconds);
      exhausted = pushes.length < limit;
      for (const push of pushes) start(push);
    } catch (error) {
      failure = error;
    }
    claiming = false;
    parts.onTurn();
  };

  const start = (push: ClaimedPush) => {
    inFlight += 1;
    void work(lane, tools, parts, push)
      .catch((error: unknown) => (failure = error))
      .finally(() => {
        inFlight -= 1;
        // What came for it meanwhile has made it due again.
        exhausted = false;
        parts.onTurn();
      });
  };

  return {
    turn: (free) => {
      const limit = Math.min(free, pushesMax - inFlight);
      if (!claiming && !exhausted && failure === undefined && limit > 0 && !parts.isStopping()) void claim(limit);
    },
    lookAgain: () => {
      if (mayPush(lane)) exhausted = false;
    },
    inFlight: () => inFlight,
    isIdle: () => inFlight === 0 && !claiming && (exhausted || parts.isStopping() || failure !== undefined),
    failure: () => failure,
    nextMs: async () => (mayPush(lane) ? nextPushMs(db, lane.appId) : undefined),
  };
}

/** Groups are pushed to an app that has mappings, may be sent to, and has pushing switched on. */
function mayPush({ setup, connection }: AppLane): boolean {
  return (
    connection !== undefined && setup !== undefined && setup.pushesGroups && setup.provisioning.groupPush !== false
  );
}

async function work(lane: AppLane, tools: WorkerTools, parts: PushPumpParts, push: ClaimedPush): Promise<void> {
  const { setup, connection } = lane;
  if (setup === undefined || connection === undefined) return;
  const { db, clock } = tools;
  const isStopping = () => parts.isStopping();
  const result = await pushGroup(push, {
    db,
    setup,
    connection,
    clock,
    signal: parts.cancel,
    leaseSeconds,
    isStopping,
  });
  const { error, end } = result;
  if (end === 'lost') return;
  const brokenOff = error !== undefined && parts.cancel.aborted && !error.outcomeUnknown;
  if (!brokenOff) parts.observe(result);
  const outcome = describePush(result, setup, retryAfter(error, push, result.persist, tools.random));
  if (end === 'removed') await forgetPush(db, outcome);
  else if (end === 'interrupted' || brokenOff)
    await releasePush(db, { ...outcome, events: brokenOff ? [] : outcome.events });
  else await recordPushOutcome(db, outcome);
}
