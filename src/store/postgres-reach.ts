import pg from 'pg';
import { UsherError } from '../lib/errors.ts';
import { sqlState } from './database.ts';

/** The server was lost, after it could be reached; or it is back. Told once for each. */
export type ReachChange =
  { readonly state: 'lost'; readonly error: unknown } | { readonly state: 'back'; readonly afterMs: number };

export interface ReachOptions {
  readonly onChange: (change: ReachChange) => void;
  /** At least 0, less than 1: spreads the attempts of several processes. */
  readonly random: () => number;
  readonly nowMs: () => number;
}

/** How all connections to one server come about. */
export interface Reach {
  /**
   * Connects, unless the last attempt failed a short while ago or another is being made: then it fails at once.
   *
   * @throws {UsherError} `database_unavailable`
   */
  connect(attempt: () => Promise<unknown>): Promise<void>;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** The server answers, and has no place for one more: those who have a connection go on. */
const tooManyConnections = '53300';

/**
 * One back-off for everybody who needs the server: while it is away one of them tries, after ever longer pauses, and
 * the others do without. Dozens of workers poll, and each would try on its own otherwise.
 */
export function createReach({ onChange, random, nowMs }: ReachOptions): Reach {
  let lost: { readonly sinceMs: number; failures: number; nextMs: number; trying: boolean } | undefined;

  const failed = (error: unknown) => {
    if (lost === undefined) {
      lost = { sinceMs: nowMs(), failures: 0, nextMs: 0, trying: false };
      onChange({ state: 'lost', error });
    }
    // Those who were at it when the server went away failed together, which counts once.
    if (nowMs() >= lost.nextMs) {
      const pauseMs = Math.min(firstPauseMs * 2 ** lost.failures, longestPauseMs);
      lost.failures += 1;
      lost.nextMs = nowMs() + pauseMs * (1 - random() / 2);
    }
    lost.trying = false;
  };

  return {
    connect: async (attempt) => {
      if (lost !== undefined && (lost.trying || nowMs() < lost.nextMs)) throw away(lost.nextMs - nowMs());
      if (lost !== undefined) lost.trying = true;
      try {
        await attempt();
      } catch (error) {
        if (sqlState(error) === tooManyConnections) {
          if (lost !== undefined) lost.trying = false;
          throw error;
        }
        failed(error);
        throw away(firstPauseMs, error);
      }
      if (lost === undefined) return;
      const afterMs = nowMs() - lost.sinceMs;
      lost = undefined;
      onChange({ state: 'back', afterMs });
    },
  };
}

/** How long a server may keep silent when it is connected to. */
const connectTimeoutMs = 10_000;

/** The class of connections that come about over `reach`, for pools to make them of. */
export function reachedClient(reach: Reach): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(typeof config === 'object' ? { ...config, connectionTimeoutMillis: connectTimeoutMs } : config);
    }

    override connect(): Promise<this>;
    override connect(done: (error: Error | undefined) => void): void;
    override connect(done?: (error: Error | undefined) => void): Promise<this> | undefined {
      const connecting = reach.connect(() => super.connect());
      if (done === undefined) return connecting.then(() => this);
      connecting.then(
        () => done(undefined),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
      return undefined;
    }
  };
}

/** The codes of a connection that the server or the network has ended. */
const endedCodes = new Set(['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE']);

/** True for what only says that the server is away, or a connection to it ended: of that, `onChange` tells. */
export function isReachError(error: unknown): boolean {
  if (error instanceof UsherError) return error.code === 'database_unavailable';
  if (endedCodes.has(sqlState(error) ?? '')) return true;
  return error instanceof Error && /^(Connection terminated|LISTEN\/NOTIFY connection ended)/.test(error.message);
}

/** Callers of the API read the sentence: why it is so, which names addresses and users, is for the log. */
function away(waitMs: number, cause?: unknown): UsherError {
  return new UsherError('database_unavailable', 'The database cannot be reached at the moment. Try again shortly.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
    ...(cause === undefined ? {} : { cause }),
  });
}
