import type { EventTarget } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import { keyIdOf } from '../lib/key-box.ts';
import * as store from '../store/data-keys.ts';
import type { Queryable } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import * as sealed from '../store/sealed-columns.ts';
import { openIfReadable } from '../store/secret-box.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { succeeded } from './log.ts';

export interface DataKeyView {
  readonly id: string;
  readonly state: store.DataKeyState;
  readonly created: Date;
  /** How many secrets it seals. */
  readonly secrets: number;
}

/** What secrets are sealed with. Nothing of a key itself. */
export interface KeysView {
  /** The newest first. */
  readonly keys: readonly DataKeyView[];
  /** The key that seals the data keys, and how many secrets it seals itself since before there were any. */
  readonly master: { readonly id: string; readonly secrets: number };
  /** Secrets no key at hand opens. They have to be entered again. */
  readonly unreadable: number;
  /** Undefined unless a rotation is under way. */
  readonly rotation?: { readonly done: number; readonly total: number };
}

/** How many secrets are sealed anew in one transaction. */
const batchSize = 200;

export async function listKeys(context: AppContext): Promise<KeysView> {
  await authorize(context, context.db, 'org.read');
  return viewOf(context, context.db);
}

/**
 * Makes a new key. From now on it seals; what others seal is sealed anew in the background, after which they are
 * deleted. Secrets can be used and changed all the while.
 *
 * @throws {UsherError} `conflict` while one is under way.
 */
export async function rotateKeys(context: AppContext): Promise<KeysView> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    // Of two who ask at once the second waits here, and is then told.
    await store.lockActiveKey(tx);
    if (await store.isRotating(tx)) {
      throw new UsherError('conflict', 'The keys are being rotated already. Wait until that has ended.');
    }
    await store.retireKeys(tx);
    const id = await context.secrets.addKey(tx);
    await appendEvents(tx, [succeeded(context, 'system.data_key.rotate', [keyTarget(id)])]);
    await context.queue.sendJob(tx, 'reseal', {});
    return viewOf(context, tx);
  });
}

/** Has a rotation that a process which died has left go on. Called as a process starts. */
export async function resumeRotation(context: AppContext, { always }: { readonly always: boolean }): Promise<void> {
  if (!always && !(await store.isRotating(context.db))) return;
  await context.db.transaction((tx) => context.queue.sendJob(tx, 'reseal', {}));
}

/**
 * Seals with the key of now whatever another one seals, and deletes the keys that are then of no use. Where it was
 * broken off it goes on, since what has been done no longer asks for it; several processes may do it at once.
 *
 * @param signal once it aborts, no other batch is begun.
 */
export async function resealSecrets(context: AppContext, signal: AbortSignal): Promise<void> {
  for (;;) {
    const stuck = new Map<string, number>();
    for (const column of sealed.sealedColumns) {
      let last: readonly string[] | undefined;
      do {
        if (signal.aborted) return;
        last = await resealBatch(context, column, last, stuck);
      } while (last !== undefined);
    }
    if (await endRotation(context, stuck)) return;
  }
}

/** Returns where the batch ends, or undefined for the last one. Counts by key, in `stuck`, what could not be opened. */
async function resealBatch(
  { db, secrets }: AppContext,
  column: sealed.SealedColumn,
  after: readonly string[] | undefined,
  stuck: Map<string, number>,
): Promise<readonly string[] | undefined> {
  return db.transaction(async (tx) => {
    const sealer = await secrets.sealer(tx);
    const found = await sealed.listSecretsOfOtherKeys(tx, column, sealer.id, after, batchSize);
    const replaced: (sealed.SealedSecret & { readonly next: string })[] = [];
    for (const secret of found) {
      const place = sealed.placeOf(column, secret.rowKey);
      const plain = await openIfReadable(secrets, tx, secret.sealed, place);
      if (plain === undefined) count(stuck, secret.sealed);
      else replaced.push({ ...secret, next: sealer.seal(plain, place) });
    }
    if (replaced.length > 0) await sealed.replaceSecrets(tx, column, replaced);
    return found.length < batchSize ? undefined : found.at(-1)?.rowKey;
  });
}

/** False where secrets are left that the last pass has not seen. */
function endRotation(context: AppContext, stuck: ReadonlyMap<string, number>): Promise<boolean> {
  return context.db.transaction(async (tx) => {
    const ids = await store.lockRetiringKeys(tx);
    if (ids.length === 0) return true;
    const counts = await sealed.countSecretsByKey(tx);
    if (ids.some((id) => (counts.get(id) ?? 0) > (stuck.get(id) ?? 0))) return false;
    const [kept, unused] = [ids.filter((id) => counts.has(id)), ids.filter((id) => !counts.has(id))];
    await store.keepRetired(tx, kept);
    await store.deleteDataKeys(tx, unused);
    const event = succeeded(context, 'system.data_key.retire', ids.map(keyTarget), { deleted: unused, kept });
    await appendEvents(tx, [event]);
    return true;
  });
}

function count(counts: Map<string, number>, text: string): void {
  const id = keyIdOf(text) ?? '';
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

async function viewOf({ secrets }: AppContext, db: Queryable): Promise<KeysView> {
  const [stored, counts] = [await store.listDataKeys(db), await sealed.countSecretsByKey(db)];
  const secretsOf = (id: string) => counts.get(id) ?? 0;
  const keys = stored.map(({ id, state, created }) => ({ id, state, created, secrets: secretsOf(id) }));
  const master = { id: secrets.master.id, secrets: secretsOf(secrets.master.id) };
  const total = keys.reduce((sum, key) => sum + key.secrets, master.secrets);
  const all = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const done = keys.find(({ state }) => state === 'ACTIVE')?.secrets ?? 0;
  const rotating = keys.some(({ state }) => state === 'RETIRING');
  return { keys, master, unreadable: all - total, ...(rotating ? { rotation: { done, total } } : {}) };
}

function keyTarget(id: string): EventTarget {
  return { id, type: 'DataKey', alternateId: 'unknown', displayName: id };
}
