import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { openPostgres } from '../../src/store/open-postgres.ts';
import type { CrashOrder } from '../apps/crashing-worker.ts';
import { serverUrl } from '../database.ts';

/** A database that outlives the workers killed on it. */
export interface Place {
  readonly database: CrashOrder['database'];
  /** Opens the database for the test itself; never while a worker has it. */
  open(): Promise<Db>;
  remove(): Promise<void>;
}

export async function embeddedPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-crash-'));
  return {
    database: { folder },
    open: () => openDatabase(undefined, folder, new Date()),
    remove: () => rm(folder, { recursive: true }),
  };
}

export async function serverPlace(): Promise<Place> {
  const url = serverUrl ?? '';
  const schema = `crash_${randomBytes(6).toString('hex')}`;
  const admin = await openPostgres(url, { poolMax: 1 });
  await admin.execute(`create schema ${schema}`);
  return {
    database: { url, schema },
    open: () => openPostgres(url, { searchPath: schema, poolMax: 2 }),
    remove: async () => {
      await admin.execute(`drop schema ${schema} cascade`);
      await admin.close();
    },
  };
}

/** Runs the worker; true when it was killed, false when it came to rest. */
export async function runWorker(order: CrashOrder): Promise<boolean> {
  const script = join(import.meta.dirname, '../../dist/test/apps/crashing-worker.js');
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal])),
  );
  if (signal === 'SIGKILL') return true;
  expect(`${code} ${errors}`).toBe('0 ');
  return false;
}

/** Works on the place's database while no worker has it. */
export async function withPlace<Result>(place: Place, work: (db: Db) => Promise<Result>): Promise<Result> {
  const db = await place.open();
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
