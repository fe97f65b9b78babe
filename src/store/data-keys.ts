import { queryOne, type Queryable, type Tx } from './database.ts';

/** ACTIVE seals; RETIRING is being replaced; RETIRED is kept because of secrets that it does not open. */
export type DataKeyState = 'ACTIVE' | 'RETIRING' | 'RETIRED';

export interface StoredDataKey {
  readonly id: string;
  /** The key, sealed with the master key. */
  readonly sealed: string;
  readonly state: DataKeyState;
  readonly created: Date;
}

/** The newest first. */
export function listDataKeys(db: Queryable): Promise<StoredDataKey[]> {
  return db.query<StoredDataKey>(`select id, sealed, state, created from data_keys order by created desc, id`);
}

export function findDataKey(db: Queryable, id: string): Promise<StoredDataKey | undefined> {
  return queryOne<StoredDataKey>(db, `select id, sealed, state, created from data_keys where id = $1`, [id]);
}

/**
 * The key that seals. In a transaction it is neither deleted nor counted as unused until that ends. Undefined for the
 * moment in which another one takes its place.
 */
export function holdActiveKey(db: Queryable): Promise<StoredDataKey | undefined> {
  return queryOne<StoredDataKey>(
    db,
    `select id, sealed, state, created from data_keys where state = 'ACTIVE' for key share`,
  );
}

/** Of several processes that add the first one, one succeeds; the others have added nothing. */
export async function insertActiveKey(db: Queryable, id: string, sealed: string): Promise<void> {
  await db.query(
    `insert into data_keys (id, sealed, state) values ($1, $2, 'ACTIVE') on conflict (state) where state = 'ACTIVE' do nothing`,
    [id, sealed],
  );
}

/** Lets nobody else lock it until the transaction ends. Whoever seals with it does not wait. */
export async function lockActiveKey(tx: Tx): Promise<void> {
  await tx.query(`select 1 from data_keys where state = 'ACTIVE' for no key update`);
}

/** From now on nothing new is sealed with the keys there are. */
export async function retireKeys(tx: Tx): Promise<void> {
  await tx.query(`update data_keys set state = 'RETIRING'`);
}

/** Seals keys with another master key, all of them or none. */
export async function rewrapKeys(tx: Tx, keys: readonly { readonly id: string; readonly sealed: string }[]) {
  await tx.query(
    `update data_keys k set sealed = s.sealed from jsonb_to_recordset($1::jsonb) as s(id text, sealed text) where k.id = s.id`,
    [JSON.stringify(keys)],
  );
}

export async function isRotating(db: Queryable): Promise<boolean> {
  const row = await queryOne(db, `select 1 from data_keys where state = 'RETIRING' limit 1`);
  return row !== undefined;
}

/** Waits for whoever is just sealing with one of them: what is counted afterwards is all there will be. */
export async function lockRetiringKeys(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from data_keys where state = 'RETIRING' order by id for update`,
  );
  return rows.map(({ id }) => id);
}

export async function deleteDataKeys(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(`delete from data_keys where id = any($1::text[])`, [ids]);
}

export async function keepRetired(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(`update data_keys set state = 'RETIRED' where id = any($1::text[])`, [ids]);
}
