import { randomBytes } from 'node:crypto';
import { UsherError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createKeyBox, keyIdOf, unreadable, type KeyBox } from '../lib/key-box.ts';
import * as store from './data-keys.ts';
import type { Db, Queryable, Tx } from './database.ts';
import { countSecretsByKey } from './sealed-columns.ts';

export type Sealer = Pick<KeyBox, 'id' | 'seal'>;

/** Seals the secrets of the database, with data keys that the master key seals in turn. */
export interface SecretBox {
  /** The key of now. To be asked for in the transaction that stores what it seals: until that ends the key stays. */
  sealer(tx: Queryable): Promise<Sealer>;
  /**
   * Opens a secret, whichever process made its key. Within a transaction `db` is that.
   *
   * @throws {UsherError} `secret_unreadable` with another key, another place or a changed text.
   */
  open(db: Queryable, sealed: string, place: string): Promise<string>;
  /** Makes the key of now, which no process knows yet. */
  addKey(tx: Tx): Promise<string>;
  /** For what goes out and comes back. What the database keeps is not sealed with it. */
  readonly master: KeyBox;
}

/**
 * Reads the data keys, and makes the first one in a database that has none. Where the master key is another one than
 * before, `previous` is that: the data keys are then sealed anew, with `master`.
 *
 * @throws {UsherError} `secret_unreadable` with a key that is not this database's. Nothing has been changed then.
 */
export async function openSecretBox(db: Db, master: Buffer, previous?: Buffer): Promise<SecretBox> {
  const masterBox = createKeyBox(master);
  const masters = [masterBox, ...(previous === undefined ? [] : [createKeyBox(previous)])];
  const boxes = new Map(masters.map((box) => [box.id, box]));
  const read = ({ id, sealed }: Pick<store.StoredDataKey, 'id' | 'sealed'>): KeyBox => {
    const box = boxes.get(id) ?? createKeyBox(Buffer.from(unwrap(masters, id, sealed), 'base64'), id);
    boxes.set(id, box);
    return box;
  };
  const addKey = async (tx: Queryable): Promise<string> => {
    const id = newId('data_key');
    await store.insertActiveKey(tx, id, masterBox.seal(randomBytes(32).toString('base64'), wrapPlace(id)));
    return id;
  };
  await db.transaction(async (tx) => {
    const keys = await store.listDataKeys(tx);
    if (keys.length === 0) {
      await assertMaster(tx, masters);
      await addKey(tx);
    }
    const clear = keys.map(({ id, sealed }) => ({ id, sealed, plain: unwrap(masters, id, sealed) }));
    const foreign = clear.filter(({ sealed }) => keyIdOf(sealed) !== masterBox.id);
    if (foreign.length === 0) return;
    const anew = foreign.map(({ id, plain }) => ({ id, sealed: masterBox.seal(plain, wrapPlace(id)) }));
    await store.rewrapKeys(tx, anew);
  });
  return {
    sealer: async (tx) => {
      // Where a rotation commits between this query's look and its lock, the next look sees the new key.
      const active = (await store.holdActiveKey(tx)) ?? (await store.holdActiveKey(tx));
      if (active === undefined) throw new UsherError('internal', 'There is no key to seal secrets with.');
      return read(active);
    },
    open: async (queryable, sealed, place) => {
      const id = keyIdOf(sealed);
      if (id === undefined) throw unreadable(place);
      const known = boxes.get(id);
      if (known !== undefined) return known.open(sealed, place);
      const stored = await store.findDataKey(queryable, id);
      if (stored === undefined) throw unreadable(place);
      return read(stored).open(sealed, place);
    },
    addKey,
    master: masterBox,
  };
}

/** Undefined for a secret that no key at hand opens. */
export async function openIfReadable(
  secrets: SecretBox,
  db: Queryable,
  sealed: string,
  place: string,
): Promise<string | undefined> {
  try {
    return await secrets.open(db, sealed, place);
  } catch (error) {
    if (error instanceof UsherError && error.code === 'secret_unreadable') return undefined;
    throw error;
  }
}

function wrapPlace(id: string): string {
  return `data_keys/${id}`;
}

function unwrap(masters: readonly KeyBox[], id: string, sealed: string): string {
  const master = masters.find((box) => box.id === keyIdOf(sealed));
  if (master === undefined) throw wrongKey();
  try {
    return master.open(sealed, wrapPlace(id));
  } catch (cause) {
    throw wrongKey(cause);
  }
}

/** Before there were data keys the master key sealed secrets itself: they tell whether it is still the same. */
async function assertMaster(tx: Tx, masters: readonly KeyBox[]): Promise<void> {
  const counts = await countSecretsByKey(tx);
  if (counts.size > 0 && !masters.some(({ id }) => counts.has(id))) throw wrongKey();
}

function wrongKey(cause?: unknown): UsherError {
  return new UsherError(
    'secret_unreadable',
    'The key in use (USHER_KEY, or the file usher.key in the data folder) is not the one the secrets of this database are sealed with. ' +
      'Start with that key. If the key is to be replaced, start with the new one as USHER_KEY and the former one as USHER_KEY_PREVIOUS. Nothing has been changed.',
    { cause },
  );
}
