import { randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe } from 'vitest';
import type { Db } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { wrapPglite } from '../src/store/open-pglite.ts';
import { openPostgres } from '../src/store/open-postgres.ts';
import { connectPglite, type Pglite } from '../src/store/pglite-client.ts';
import { servePglite } from '../src/store/pglite-server.ts';
import { openQueue, type Queue } from '../src/store/queue.ts';

export interface TestDatabase {
  /** A migrated database nobody else uses. */
  open(): Promise<Db>;
  openQueue(db: Db): Promise<Queue>;
}

/** The server `npm test` started or was given; undefined where there is none. */
export const serverUrl = process.env['USHER_TEST_DATABASE_URL'];

/**
 * Declares the same tests on the embedded database and, where there is one, on a PostgreSQL server. Each call of
 * `open` gives fresh tables: a new in-memory instance or a new schema.
 */
export function describeOnDatabases(name: string, body: (database: TestDatabase) => void): void {
  describe(`${name} [pglite]`, () => body(testDatabase(openEmbedded)));
  describe.skipIf(serverUrl === undefined)(`${name} [postgres]`, () => body(testDatabase(openServer)));
}

interface Opened {
  readonly db: Db;
  readonly url?: string;
}

function testDatabase(openOne: () => Promise<Opened>): TestDatabase {
  const opened = new Map<Db, Opened>();
  const queues: Queue[] = [];
  afterAll(async () => {
    await Promise.all(queues.map((queue) => queue.close(2_000)));
    await Promise.all([...opened.keys()].map((db) => db.close()));
  });
  return {
    open: async () => {
      const one = await openOne();
      opened.set(one.db, one);
      return one.db;
    },
    openQueue: async (db) => {
      const url = opened.get(db)?.url;
      const queue = await openQueue(db, {
        schema: `boss_${randomBytes(6).toString('hex')}`,
        exclusive: true,
        onError: (error) => process.stderr.write(`queue: ${error.message}\n`),
        ...(url === undefined ? {} : { url }),
      });
      queues.push(queue);
      return queue;
    },
  };
}

/** One embedded instance serves a whole test file: making one takes seconds, a schema in it milliseconds. */
let instance: Promise<Pglite> | undefined;
let currentSchema = '';
/** The end of what was last asked of the instance. */
let before: Promise<unknown> = Promise.resolve();

async function openEmbedded(): Promise<Opened> {
  instance ??= openInstance();
  const pglite = await instance;
  const schema = `test_${randomBytes(6).toString('hex')}`;
  await pglite.exec(`create schema ${schema}`);
  const drop = async () => {
    await pglite.exec(`drop schema ${schema} cascade`);
  };
  const whole = wrapPglite(pglite, drop);
  // The instance has one session, so whoever speaks last has its schema in the search path, and nobody may come between
  // that and what is asked: what another file left running, say.
  const alone = <Result>(ask: () => Promise<Result>): Promise<Result> => {
    const asked = before.then(async () => {
      if (currentSchema !== schema) await pglite.exec(`set search_path to ${schema}`);
      currentSchema = schema;
      return ask();
    });
    before = asked.catch(() => undefined);
    return asked;
  };
  const db: typeof whole = {
    ...whole,
    query: (sql, parameters) => alone(() => whole.query(sql, parameters)),
    transaction: (work) => alone(() => whole.transaction(work)),
    execute: (script) => alone(() => whole.execute(script)),
  };
  await migrate(db);
  return { db };
}

/** In memory and in this thread, spoken to as if it were in its own. */
async function openInstance(): Promise<Pglite> {
  const { port1, port2 } = new MessageChannel();
  servePglite(port1, await PGlite.create());
  const { pglite } = connectPglite(port2);
  for (const port of [port1, port2]) port.unref();
  return pglite;
}

async function openServer(): Promise<Opened> {
  const url = serverUrl ?? '';
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const admin = await openPostgres(url, { poolMax: 1 });
  await admin.execute(`create schema ${schema}`);
  await admin.close();
  const db = await openPostgres(url, { searchPath: schema, poolMax: 8 });
  await migrate(db);
  const drop = async () => {
    await db.execute(`drop schema ${schema} cascade`);
    await db.close();
  };
  return { db: { ...db, close: drop }, url };
}
