import { systemActor, type NewLogEvent } from '../domain/log-event.ts';
import type { UsherError } from '../lib/errors.ts';
import type { Reconciled } from '../provisioning/reconcile.ts';
import { saveAppHealth } from '../store/app-health.ts';
import type { AppLane, WorkerTools } from './app-lane.ts';
import { afterAnswer, type CircuitChange } from './circuit.ts';

/** What the answers of one run mean for the app as a whole: how much it takes at once, and when to leave it alone. */
export interface AppJudge {
  observe(result: Reconciled): void;
  /** The same for work that is about no account, and whose time says nothing about one request. */
  observeWork(id: string, kind: string, error: UsherError | undefined, durationMs: number): void;
  /** How long the app is to be left alone, from the moment that was found out; undefined while it is well. */
  pausedMs(): number | undefined;
  /** Resolves when what was found out is in the database. */
  saved(): Promise<void>;
}

export function createAppJudge(lane: AppLane, tools: WorkerTools): AppJudge {
  let pausedMs: number | undefined;
  let saving: Promise<void> | undefined;
  const judge = (id: string, error: UsherError | undefined) => {
    const change = afterAnswer(lane.circuit, id, error);
    const wasOk = lane.circuit.state === 'OK';
    if (change.pauseMs !== undefined && error !== undefined) {
      pausedMs ??= change.pauseMs;
      saving = openCircuit(lane, tools, { ...change, pauseMs: change.pauseMs }, error).catch(tools.onError);
    } else if (!wasOk && change.circuit.state === 'OK') {
      saving = closeCircuit(lane, tools).catch(tools.onError);
    }
    lane.circuit = change.circuit;
  };
  return {
    observe: ({ action, error, durationMs, subject }) => {
      tools.onOutcome?.({ appId: lane.appId, kind: action.kind, failed: error !== undefined, durationMs });
      if (action.kind === 'none' && error === undefined) return;
      lane.limit.observe(durationMs, error);
      judge(subject.row.userId, error);
    },
    observeWork: (id, kind, error, durationMs) => {
      tools.onOutcome?.({ appId: lane.appId, kind, failed: error !== undefined, durationMs });
      judge(id, error);
    },
    pausedMs: () => pausedMs,
    saved: async () => saving,
  };
}

/** Leaves the app alone for a while, and says so. */
export async function openCircuit(
  lane: AppLane,
  tools: WorkerTools,
  change: CircuitChange & { readonly pauseMs: number },
  error: UsherError,
): Promise<void> {
  const { state, openedTimes, failures } = change.circuit;
  lane.circuit = change.circuit;
  lane.probedMs = tools.clock.monotonicMs();
  const health = {
    state: state === 'OK' ? ('BROKEN' as const) : state,
    pausedMs: change.pauseMs,
    openedTimes,
    reason: error.message,
    consecutiveFailures: failures,
  };
  await saveAppHealth(tools.db, lane.appId, health, [troubleEvent(lane, error, change.pauseMs)]);
}

/** Says that the app is well again. */
export async function closeCircuit(lane: AppLane, tools: WorkerTools): Promise<void> {
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
