import { chmod, mkdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { UsherError } from '../lib/errors.ts';
import { asTx, type Db } from './database.ts';
import { unpackNewDatabase } from './new-database.ts';
import { connectPglite, type Pglite } from './pglite-client.ts';

export interface EmbeddedDb extends Db {
  readonly kind: 'pglite';
  readonly pglite: Pglite;
}

/**
 * Opens the embedded database in `folder`, in a thread of its own. The caller must hold the data folder's lock:
 * PGlite itself lets two processes destroy each other's writes.
 *
 * @throws {UsherError} `database_unavailable` when the folder's contents cannot be opened.
 */
export async function openPglite(folder: string): Promise<EmbeddedDb> {
  await mkdir(folder, { recursive: true });
  await unpackNewDatabase(folder);
  // PGlite makes files that everybody may read and write; the folder is what keeps them ours.
  await chmod(folder, 0o700);
  const thread = new Worker(threadModule, { workerData: { dataDir: folder } });
  const { pglite, fail } = connectPglite(thread);
  thread.on('error', (cause) => fail(threadEnded(cause)));
  thread.on('exit', () => fail(threadEnded()));
  await pglite.query('select 1');
  return wrapPglite(pglite, async () => {
    await pglite.close();
    await thread.terminate();
  });
}

/** A thread runs no TypeScript: tests, which run from the sources, use the built one. */
const threadModule = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/src/store/pglite-worker.js' : './pglite-worker.js',
  import.meta.url,
);

/** A `Db` over a database somebody else opened; `close` says what closing it means. */
export function wrapPglite(pglite: Pglite, close: () => Promise<void>): EmbeddedDb {
  return {
    kind: 'pglite',
    pglite,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, parameters)).rows,
    transaction: async (work) => {
      const effects: (() => void)[] = [];
      const result = await pglite.transaction((inner) => work(asTx(inner, effects)));
      for (const effect of effects) effect();
      return result;
    },
    execute: async (script) => {
      await pglite.exec(script);
    },
    close,
  };
}

function threadEnded(cause?: unknown): UsherError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new UsherError(
    'database_unavailable',
    `The embedded database has stopped${why}. Start Usher again; what it has acknowledged is in the data folder.`,
    { cause },
  );
}
