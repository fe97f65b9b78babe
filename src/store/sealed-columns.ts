import type { Queryable } from './database.ts';

/** A column that holds secrets. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The primary key. All of it is text. */
  readonly key: readonly string[];
}

/** Every one there is: what is not named here keeps its key from being replaced. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'app_connections', column: 'sealed', key: ['app_id'] },
  { table: 'apps', column: 'sealed', key: ['id'] },
  { table: 'app_users', column: 'password_sealed', key: ['app_id', 'user_id'] },
  { table: 'identity_providers', column: 'sealed', key: ['id'] },
  { table: 'password_pushes', column: 'sealed', key: ['app_id', 'user_id'] },
  { table: 'wizards', column: 'sealed', key: ['id'] },
];

export interface SealedSecret {
  readonly rowKey: readonly string[];
  readonly sealed: string;
}

/** What a secret is bound to, so that it opens in no other row. */
export function placeOf({ table }: SealedColumn, rowKey: readonly string[]): string {
  return [table, ...rowKey].join('/');
}

/** How many secrets each key seals, whatever key that is. */
export async function countSecretsByKey(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const each = sealedColumns.map(({ table, column }) => `select ${column} as sealed from ${table}`);
  const rows = await db.query<{ key_id: string; secrets: number }>(
    `select split_part(sealed, '.', 2) as key_id, count(*)::int as secrets from (${each.join(' union all ')}) s
     where sealed is not null group by 1`,
  );
  return new Map(rows.map(({ key_id, secrets }) => [key_id, secrets]));
}

/** The next secrets of the column that another key seals, in order of the primary key. */
export function listSecretsOfOtherKeys(
  db: Queryable,
  { table, column, key }: SealedColumn,
  keyId: string,
  after: readonly string[] | undefined,
  limit: number,
): Promise<SealedSecret[]> {
  const columns = key.join(', ');
  const last = key.map((_name, index) => `($2::text[])[${index + 1}]`).join(', ');
  return db.query<SealedSecret>(
    `select array[${columns}] as "rowKey", ${column} as sealed from ${table}
     where ${column} is not null and split_part(${column}, '.', 2) <> $1
       and ($2::text[] is null or (${columns}) > (${last}))
     order by ${columns} limit $3`,
    [keyId, after ?? null, limit],
  );
}

/** Puts sealed texts in the place of others, where those still stand. Returns in how many rows. */
export async function replaceSecrets(
  db: Queryable,
  { table, column, key }: SealedColumn,
  replaced: readonly (SealedSecret & { readonly next: string })[],
): Promise<number> {
  const sameRow = key.map((name, index) => `t.${name} = s."rowKey"[${index + 1}]`).join(' and ');
  const rows = await db.query(
    `update ${table} t set ${column} = s.next
     from jsonb_to_recordset($1::jsonb) as s("rowKey" text[], sealed text, next text)
     where ${sameRow} and t.${column} = s.sealed
     returning 1`,
    [JSON.stringify(replaced)],
  );
  return rows.length;
}
