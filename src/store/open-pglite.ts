import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { asTx, type Db } from './database.ts';

export interface EmbeddedDb extends Db {
  readonly kind: 'pglite';
  readonly pglite: PGlite;
}

/**
 * Opens the embedded database in `folder`, or in memory when it is undefined. The caller must hold the data
 * folder's lock: PGlite itself lets two processes destroy each other's writes.
 */
export async function openPglite(folder: string | undefined): Promise<EmbeddedDb> {
  if (folder !== undefined) await mkdir(dirname(folder), { recursive: true });
  const pglite = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  return wrapPglite(pglite, () => pglite.close());
}

/** A `Db` over an instance somebody else owns; `close` says what closing it means. */
export function wrapPglite(pglite: PGlite, close: () => Promise<void>): EmbeddedDb {
  return {
    kind: 'pglite',
    pglite,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, [...parameters])).rows,
    transaction: async (work) => {
      const effects: (() => void)[] = [];
      const result = await pglite.transaction((inner) =>
        work(
          asTx(
            {
              query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
                (await inner.query<Row>(sql, [...parameters])).rows,
            },
            effects,
          ),
        ),
      );
      for (const effect of effects) effect();
      return result;
    },
    execute: async (script) => {
      await pglite.exec(script);
    },
    close,
  };
}
