import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from '../src/store/database.ts';
import { ensureDirectory } from '../src/store/directory.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPglite } from '../src/store/open-pglite.ts';
import { openPostgres } from '../src/store/open-postgres.ts';
import { openQueue, type Queue } from '../src/store/queue.ts';

/** A migrated, empty database and its queue, as a running server has them. */
export interface BenchDatabase {
  readonly kind: Db['kind'];
  readonly version: string;
  readonly db: Db;
  readonly queue: Queue;
  /** Closes both and deletes what they stored. */
  close(): Promise<void>;
}

/** On disk, in a folder of its own. */
export async function openEmbedded(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  const db = await openPglite(join(folder, 'pglite'));
  return prepare(db, {}, () => rm(folder, { recursive: true, force: true }));
}

/** In schemas of its own on the server. */
export async function openServer(url: string): Promise<BenchDatabase> {
  const schema = `bench_${randomBytes(6).toString('hex')}`;
  const admin = await openPostgres(url, { poolMax: 1 });
  await admin.execute(`create schema ${schema}`);
  const db = await openPostgres(url, { searchPath: schema });
  return prepare(db, { url }, async (bossSchema) => {
    await admin.execute(`drop schema ${schema} cascade; drop schema ${bossSchema} cascade`);
    await admin.close();
  });
}

async function prepare(
  db: Db,
  place: { readonly url?: string },
  remove: (bossSchema: string) => Promise<void>,
): Promise<BenchDatabase> {
  await migrate(db);
  await db.transaction(ensureDirectory);
  const schema = `boss_${randomBytes(6).toString('hex')}`;
  const queue = await openQueue(db, { schema, exclusive: true, onError: report, ...place });
  const [row] = await db.query<{ server_version: string }>('show server_version');
  return {
    kind: db.kind,
    version: row?.server_version.split(' ')[0] ?? '',
    db,
    queue,
    close: async () => {
      await queue.close(5_000);
      await db.close();
      await remove(schema);
    },
  };
}

function report(error: unknown): void {
  console.error(error);
}
