import type { Connection } from '../connectors/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { asUsherError, type UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { setUpApp, type AppSetup } from '../provisioning/app-setup.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Db } from '../store/database.ts';
import type { SecretBox } from '../store/secret-box.ts';
import { createAdaptiveLimit, type AdaptiveLimit } from './adaptive-limit.ts';
import { closedCircuit, type Circuit } from './circuit.ts';

/** What a worker needs to work on apps. */
export interface WorkerTools {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: () => number;
  /** `leavers`: the way out that nobody else takes. */
  readonly openConnection: (appId: AppId, lane?: 'leavers') => Promise<Connection>;
  /** Opens passwords that wait; without it none is pushed. */
  readonly secrets?: SecretBox;
  readonly onError: (error: unknown) => void;
  /** Called for every finished row, for metrics. */
  readonly onOutcome?: (observed: { appId: AppId; kind: string; failed: boolean; durationMs: number }) => void;
}

/**
 * What one worker keeps of one app between two runs of its job: the compiled set-up, the open connection, the pace.
 * Only the worker that holds the app's job uses it.
 */
export interface AppLane {
  readonly appId: AppId;
  setup: AppSetup | undefined;
  connection: Connection | undefined;
  /** The way out that only leavers take; opened for the first of them. */
  leaverConnection: Connection | undefined;
  /** Connections a newer configuration has replaced while requests were still using them. */
  retired: Connection[];
  limit: AdaptiveLimit;
  limitMost: number;
  circuit: Circuit;
  /** When a leaver last tried the app while it was left alone, or when that began. */
  probedMs: number;
  /** The app could not be listed, for a reason that will not pass: every create looks first. */
  listingFailed: boolean;
}

export function createLane(appId: AppId): AppLane {
  return {
    appId,
    setup: undefined,
    connection: undefined,
    leaverConnection: undefined,
    retired: [],
    limit: createAdaptiveLimit(1),
    limitMost: 1,
    circuit: closedCircuit,
    probedMs: -Infinity,
    listingFailed: false,
  };
}

/**
 * Loads the app's configuration afresh and opens its connection anew. Returns the error that keeps the connection
 * from opening (a secret that cannot be read, settings that no longer fit); the set-up is loaded all the same.
 */
export async function loadLane(lane: AppLane, tools: WorkerTools): Promise<UsherError | undefined> {
  const config = await loadAppConfig(tools.db, lane.appId);
  retireConnection(lane);
  lane.setup = config === undefined ? undefined : setUpApp(config);
  if (config === undefined) return undefined;
  if (lane.limitMost !== config.limits.concurrencyMax) {
    lane.limitMost = config.limits.concurrencyMax;
    lane.limit = createAdaptiveLimit(lane.limitMost);
  }
  lane.listingFailed = false;
  if (!config.connected) return undefined;
  try {
    lane.connection = await tools.openConnection(lane.appId);
    return undefined;
  } catch (error) {
    return asUsherError(error);
  }
}

/** Closes what a newer configuration has replaced. Call it when nothing is in flight. */
export async function closeRetired(lane: AppLane): Promise<void> {
  await Promise.all(lane.retired.splice(0).map((connection) => connection.close()));
}

/** Forgets everything kept of the app; the next run loads it afresh. */
export async function closeLane(lane: AppLane): Promise<void> {
  retireConnection(lane);
  lane.setup = undefined;
  await closeRetired(lane);
}

function retireConnection(lane: AppLane): void {
  if (lane.connection !== undefined) lane.retired.push(lane.connection);
  if (lane.leaverConnection !== undefined) lane.retired.push(lane.leaverConnection);
  lane.connection = undefined;
  lane.leaverConnection = undefined;
}
