import { leaverLimits } from '../domain/app.ts';
import type { Subject } from '../provisioning/reconcile.ts';
import type { AppLane, WorkerTools } from './app-lane.ts';
import { claimLeavers } from './claim-subjects.ts';

/** People who are to lose their accounts: claimed apart from everybody else, however much of that there is. */
export interface LeaverPump {
  /** Looks for them, and has them started. */
  look(): void;
  /** Starts what the lane of their own takes. */
  turn(): void;
  /** The next one for a place that everybody shares. */
  next(): Subject | undefined;
  isIdle(): boolean;
  /** One of them, started with `own`, is done. */
  ended(): void;
  /** Claimed and not started. */
  waiting(): readonly Subject[];
}

interface LeaverParts {
  isStopping(): boolean;
  /** Works on one over the way out that is theirs. */
  start(subject: Subject): void;
  hold(subjects: readonly Subject[]): void;
  onStale(): void;
  onFailure(error: unknown): void;
  onTurn(): void;
}

/**
 * The share of an app's concurrency that is kept for leavers, with connections and a rate of its own: a lane full of
 * slow creates does not hold them up. It comes on top of what everybody shares, of which leavers take the first places.
 */
export function createLeaverPump(lane: AppLane, tools: WorkerTools, parts: LeaverParts): LeaverPump {
  const ready: Subject[] = [];
  let inFlight = 0;
  let claiming = false;

  const turn = () => {
    const most = lane.setup === undefined ? 0 : leaverLimits(lane.setup.limits).concurrencyMax;
    while (lane.leaverConnection !== undefined && !parts.isStopping() && inFlight < most) {
      const subject = ready.shift();
      if (subject === undefined) return;
      inFlight += 1;
      parts.start(subject);
    }
  };

  const claim = async () => {
    claiming = true;
    try {
      const subjects = await claimLeavers(lane, tools);
      if (subjects === 'stale') parts.onStale();
      else if (subjects.length > 0) {
        parts.hold(subjects);
        ready.push(...subjects);
        await openWay(lane, tools);
      }
    } catch (error) {
      parts.onFailure(error);
    }
    claiming = false;
    parts.onTurn();
  };

  return {
    look: () => {
      if (!claiming && ready.length === 0 && !parts.isStopping()) void claim();
    },
    turn,
    next: () => ready.shift(),
    isIdle: () => inFlight === 0 && !claiming && (ready.length === 0 || parts.isStopping()),
    ended: () => void (inFlight -= 1),
    waiting: () => ready,
  };
}

/** Their own way out. Where it cannot be opened they take the one everybody shares. */
async function openWay(lane: AppLane, tools: WorkerTools): Promise<void> {
  if (lane.leaverConnection !== undefined || lane.connection === undefined) return;
  const opened = await tools.openConnection(lane.appId, 'leavers').catch(tools.onError);
  lane.leaverConnection = opened ?? undefined;
}
