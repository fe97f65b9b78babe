import pg from 'pg';
import { systemClock, systemRandom } from '../lib/clock.ts';
import { UsherError } from '../lib/errors.ts';
import { asTx, sqlState, type Db } from './database.ts';
import { createReach, reachedClient, type ReachChange } from './postgres-reach.ts';

/** Serialization failure and deadlock: PostgreSQL undid the transaction and asks for another try. */
const retryable = new Set(['40001', '40P01']);
const attemptsMax = 3;

// Counts and identities are far below 2^53, so plain numbers are exact.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface PostgresDb extends Db {
  readonly kind: 'postgres';
  /** What other pools on the same server make their connections of, so that all share one back-off. */
  readonly Client: typeof pg.Client;
}

export interface PostgresOptions {
  readonly poolMax?: number;
  /** Puts all tables in one schema: tests use one schema each. */
  readonly searchPath?: string;
  /** Told when the server is lost and when it is back. */
  readonly onReach?: (change: ReachChange) => void;
}

/** Opens a pool on a PostgreSQL server. */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<PostgresDb> {
  const reach = createReach({
    onChange: options.onReach ?? (() => undefined),
    random: systemRandom,
    nowMs: () => systemClock.monotonicMs(),
  });
  const Client = reachedClient(reach);
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max: options.poolMax ?? 10,
    application_name: 'usher',
    ...(options.searchPath === undefined ? {} : { options: `-c search_path=${options.searchPath}` }),
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  await assertReachable(pool);
  return {
    kind: 'postgres',
    Client,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pool.query(sql, [...parameters])).rows as Row[],
    transaction: (work) => withRetry(() => runTransaction(pool, work)),
    execute: async (script) => {
      await pool.query(script);
    },
    close: () => pool.end(),
  };
}

async function assertReachable(pool: pg.Pool): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    const met = cause instanceof UsherError ? cause.cause : cause;
    const why = met instanceof Error ? met.message : String(met);
    throw new UsherError(
      'database_unavailable',
      `The PostgreSQL server in DATABASE_URL cannot be used: ${why}. Check the address, the credentials and that the server runs.`,
      { cause },
    );
  }
}

async function withRetry<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= attemptsMax || !retryable.has(sqlState(error) ?? '')) throw error;
    }
  }
}

async function runTransaction<Result>(pool: pg.Pool, work: Parameters<Db['transaction']>[0]): Promise<Result> {
  const client = await pool.connect();
  const effects: (() => void)[] = [];
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const tx = asTx(
      {
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
          (await client.query(sql, [...parameters])).rows as Row[],
      },
      effects,
    );
    const result = (await work(tx)) as Result;
    await client.query('commit');
    for (const effect of effects) effect();
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    });
    throw error;
  } finally {
    // A connection that could not roll back is thrown away, not handed to the next caller.
    client.release(broken);
  }
}
