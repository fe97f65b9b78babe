import { chmod, mkdir } from 'node:fs/promises';
import { PGlite, types, type QueryOptions } from '@electric-sql/pglite';
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
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    // PGlite makes files that everybody may read and write; the folder is what keeps them ours.
    await chmod(folder, 0o700);
  }
  const pglite = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  return wrapPglite(pglite, () => pglite.close());
}

/**
 * JSON goes over as bytes: as text PGlite measures it twice, letter by letter, which for a batch of outcomes takes as
 * long as storing it. The binary form of jsonb is a version, 1, and the text.
 */
const options = {
  serializers: {
    [types.JSON]: (value: unknown) => Buffer.from(asJson(value)),
    [types.JSONB]: (value: unknown) => Buffer.from(`\u0001${asJson(value)}`),
  },
  // PGlite's types know of texts only, its code takes both.
} as unknown as QueryOptions;

function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A `Db` over an instance somebody else owns; `close` says what closing it means. */
export function wrapPglite(pglite: PGlite, close: () => Promise<void>): EmbeddedDb {
  return {
    kind: 'pglite',
    pglite,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(sql, [...parameters], options)).rows,
    transaction: async (work) => {
      const effects: (() => void)[] = [];
      const result = await pglite.transaction((inner) =>
        work(
          asTx(
            {
              query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
                (await inner.query<Row>(sql, [...parameters], options)).rows,
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
