import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { insertApp, insertPeople } from '../../test/fixtures.ts';
import { createKeyBox, keyIdOf } from '../lib/key-box.ts';
import type { UserId } from '../lib/ids.ts';
import type { Db } from '../store/database.ts';
import { loadPasswords, settlePasswords } from '../store/password-pushes.ts';
import { replaceSecrets, sealedColumns } from '../store/sealed-columns.ts';
import { openSecretBox, type SecretBox } from '../store/secret-box.ts';
import { listKeys, resealSecrets, rotateKeys } from './data-keys.ts';

const never = new AbortController().signal;
const master = Buffer.alloc(32, 7);
const column = { table: 'identity_providers', column: 'sealed', key: ['id'] };

describeOnDatabases('keys of secrets', (database) => {
  let on: AppTest;
  beforeEach(async () => void (on = await openAppTest(database)));

  /** More than two batches of secrets `secret 1`, `secret 2`, … of providers `p1`, `p2`, … */
  const addSecrets = (count: number, secrets: SecretBox = on.context.secrets) =>
    on.db.transaction(async (tx) => {
      const sealer = await secrets.sealer(tx);
      const rows = Array.from({ length: count }, (_, index) => ({
        id: `p${index}`,
        sealed: sealer.seal(`secret ${index}`, `identity_providers/p${index}`),
      }));
      await tx.query(
        `insert into identity_providers (id, label, issuer, client_id, sealed, match_claim, status)
         select id, id, id, 'usher', sealed, 'email', 'INACTIVE' from jsonb_to_recordset($1::jsonb) as r(id text, sealed text)
         on conflict (id) do update set sealed = excluded.sealed`,
        [JSON.stringify(rows)],
      );
    });
  const stored = () =>
    on.db.query<{ id: string; sealed: string }>(`select id, sealed from identity_providers where id like 'p%'`);
  const openAll = async (secrets: SecretBox = on.context.secrets) => {
    const opened = await Promise.all(
      (await stored()).map(async ({ id, sealed }) => [
        id,
        await secrets.open(on.db, sealed, `identity_providers/${id}`),
      ]),
    );
    return new Map(opened.map(([id = '', secret = '']) => [id, secret]));
  };
  const expected = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [`p${index}`, `secret ${index}`]));
  const rotate = async () => {
    await rotateKeys(on.context);
    await resealSecrets(on.context, never);
  };

  test('every column of sealed texts is one that a rotation looks at', async () => {
    const found = await on.db.query<{ place: string }>(
      `select table_name || '.' || column_name as place from information_schema.columns
       where table_schema = current_schema() and column_name like '%sealed%' order by 1`,
    );
    const known = sealedColumns.map(({ table, column: name }) => `${table}.${name}`);
    expect(found.map(({ place }) => place)).toEqual([...known, 'data_keys.sealed'].sort());
  });

  test('a rotation that is broken off goes on where it was, and the former key is gone', async () => {
    await addSecrets(450);
    const [former] = (await listKeys(on.context)).keys;
    expect(former).toMatchObject({ state: 'ACTIVE', secrets: 450 });
    const begun = await rotateKeys(on.context);
    expect(begun.rotation).toEqual({ done: 0, total: 450 });
    await expect(rotateKeys(on.context)).rejects.toMatchObject({ code: 'conflict' });
    await resealSecrets({ ...on.context, db: diesAfter(on.db, 4) }, never).catch(() => undefined);
    const half = await listKeys(on.context);
    expect(half.rotation).toEqual({ done: 200, total: 450 });
    expect(await openAll()).toEqual(expected(450));
    await resealSecrets(on.context, never);
    const { keys, rotation, unreadable } = await listKeys(on.context);
    expect({ rotation, unreadable }).toEqual({ rotation: undefined, unreadable: 0 });
    expect(keys).toEqual([expect.objectContaining({ state: 'ACTIVE', secrets: 450 })]);
    expect(keys[0]?.id).not.toBe(former?.id);
    expect(await openAll()).toEqual(expected(450));
  });

  test('what is written meanwhile is kept, by this and by a process that does not know the new key', async () => {
    const other = await openSecretBox(on.db, master);
    await addSecrets(450);
    await rotateKeys(on.context);
    const writing = (async () => {
      for (let index = 0; index < 450; index += 30) {
        await on.db.transaction(async (tx) => {
          const sealed = (await other.sealer(tx)).seal(`newer ${index}`, `identity_providers/p${index}`);
          await tx.query('update identity_providers set sealed = $2 where id = $1', [`p${index}`, sealed]);
        });
      }
    })();
    await Promise.all([writing, resealSecrets(on.context, never), resealSecrets(on.context, never)]);
    const now = await openAll();
    expect(
      [...now].every(([id, secret]) => secret === (Number(id.slice(1)) % 30 ? 'secret ' : 'newer ') + id.slice(1)),
    ).toBe(true);
    expect(await openAll(other)).toEqual(now);
    expect((await listKeys(on.context)).keys).toHaveLength(1);
  });

  test('a text that another has replaced is left alone', async () => {
    await addSecrets(1);
    const [before] = await stored();
    await addSecrets(1);
    const stale = { rowKey: ['p0'], sealed: before?.sealed ?? '', next: 'v1.lost.update' };
    expect(await replaceSecrets(on.db, column, [stale])).toBe(0);
    expect((await openAll()).get('p0')).toBe('secret 0');
  });

  test('a key is kept for whoever is just sealing with it', async ({ skip }) => {
    skip(on.db.kind === 'pglite', 'one transaction at a time');
    await addSecrets(3);
    let resealing = Promise.resolve();
    await on.db.transaction(async (tx) => {
      const sealer = await on.context.secrets.sealer(tx);
      await rotateKeys(on.context);
      resealing = resealSecrets(on.context, never);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const sealed = sealer.seal('late', 'identity_providers/p0');
      await tx.query('update identity_providers set sealed = $1 where id = $2', [sealed, 'p0']);
    });
    await resealing;
    // As a process that has never seen the former key.
    expect((await openAll(await openSecretBox(on.db, master))).get('p0')).toBe('late');
    expect((await listKeys(on.context)).keys).toHaveLength(1);
  });

  test('a secret in the row of another does not open, and its key is kept until it does', async () => {
    await addSecrets(2);
    const swap = `update identity_providers p set sealed = o.sealed from identity_providers o
      where p.id in ('p0', 'p1') and o.id in ('p0', 'p1') and p.id <> o.id`;
    await on.db.query(swap);
    await expect(openAll()).rejects.toMatchObject({ code: 'secret_unreadable' });
    await rotate();
    const kept = (await listKeys(on.context)).keys.filter(({ state }) => state === 'RETIRED');
    expect(kept).toEqual([expect.objectContaining({ secrets: 2 })]);
    await on.db.query(swap);
    expect((await openAll()).get('p1')).toBe('secret 1');
    await rotate();
    expect((await listKeys(on.context)).keys).toHaveLength(1);
  });

  test('what the master key itself has sealed opens, and is sealed anew', async () => {
    await addSecrets(1);
    const sealed = createKeyBox(master).seal('secret 0', 'identity_providers/p0');
    await on.db.query('update identity_providers set sealed = $1 where id = $2', [sealed, 'p0']);
    expect((await openAll()).get('p0')).toBe('secret 0');
    expect((await listKeys(on.context)).master.secrets).toBe(1);
    await rotate();
    expect((await listKeys(on.context)).master.secrets).toBe(0);
    expect((await openAll()).get('p0')).toBe('secret 0');
  });

  test('a secret of a key nobody has is told, and is in nobody’s way', async () => {
    await addSecrets(1);
    const sealed = createKeyBox(randomBytes(32)).seal('lost', 'identity_providers/p0');
    await on.db.query('update identity_providers set sealed = $1 where id = $2', [sealed, 'p0']);
    await rotate();
    const { unreadable, keys } = await listKeys(on.context);
    expect({ unreadable, keys: keys.length }).toEqual({ unreadable: 1, keys: 1 });
  });

  test('a password that is on its way arrives once, whatever it is sealed with', async () => {
    const [userId] = await insertPeople(on.db, 1);
    const appId = await insertApp(on.db, { connected: false });
    await on.db.query(`insert into app_users (app_id, user_id, assigned, direct) values ($1, $2, true, true)`, [
      appId,
      userId,
    ]);
    await on.db.transaction(async (tx) => {
      const sealed = (await on.context.secrets.sealer(tx)).seal('hunter2', `password_pushes/${appId}/${userId}`);
      await tx.query(
        `insert into password_pushes (app_id, user_id, sealed, expires) values ($1, $2, $3, now() + interval '1 day')`,
        [appId, userId, sealed],
      );
    });
    const person: UserId = userId ?? ('' as UserId);
    const standing = (await loadPasswords(on.db, appId, [person])).get(person);
    await rotate();
    const kept = standing !== undefined && 'kept' in standing ? standing.kept : '';
    await settlePasswords(on.db, appId, [{ userId: person, kept, pushed: true }]);
    expect(await loadPasswords(on.db, appId, [person])).toEqual(new Map());
  });

  describe('the master key', () => {
    const next = Buffer.alloc(32, 8);
    const wraps = () => on.db.query<{ sealed: string }>('select sealed from data_keys');

    test('another one is told at the start, and nothing is changed', async () => {
      const before = [await wraps(), await stored()];
      await expect(openSecretBox(on.db, next)).rejects.toThrow(
        /is not the one .* USHER_KEY_PREVIOUS\. Nothing has been/,
      );
      expect([await wraps(), await stored()]).toEqual(before);
    });

    test('another one is told, too, before there is a data key', async () => {
      const fresh = await database.open();
      const sealed = createKeyBox(master).seal('secret', 'identity_providers/p0');
      await fresh.query(
        `insert into identity_providers (id, label, issuer, client_id, sealed, match_claim, status)
         values ('p0', 'p', 'p', 'p', $1, 'email', 'INACTIVE')`,
        [sealed],
      );
      await expect(openSecretBox(fresh, next)).rejects.toMatchObject({ code: 'secret_unreadable' });
      expect(await fresh.query('select 1 from data_keys')).toEqual([]);
      const opened = await openSecretBox(fresh, next, master);
      expect(await opened.open(fresh, sealed, 'identity_providers/p0')).toBe('secret');
    });

    test('is replaced by a start that has both', async () => {
      await addSecrets(3);
      const both = await openSecretBox(on.db, next, master);
      expect((await wraps()).map(({ sealed }) => keyIdOf(sealed))).toEqual([both.master.id]);
      const later = await openSecretBox(on.db, next);
      expect((await openAll(later)).get('p2')).toBe('secret 2');
      // A process that was started before goes on, and knows keys that are made before it ends.
      expect((await openAll()).get('p2')).toBe('secret 2');
    });

    test('has what it sealed itself sealed anew, once another takes its place', async () => {
      await addSecrets(2);
      const sealed = createKeyBox(master).seal('secret 0', 'identity_providers/p0');
      await on.db.query('update identity_providers set sealed = $1 where id = $2', [sealed, 'p0']);
      const both = await openSecretBox(on.db, next, master);
      expect(await openAll(both)).toEqual(expected(2));
      await resealSecrets({ ...on.context, secrets: both }, never);
      const later = await openSecretBox(on.db, next);
      expect(await openAll(later)).toEqual(expected(2));
      expect((await listKeys({ ...on.context, secrets: later })).master.secrets).toBe(0);
    });

    test('several that start at once make one first key', async () => {
      const fresh = await database.open();
      await Promise.all([1, 2, 3].map(() => openSecretBox(fresh, master)));
      expect(await fresh.query('select 1 from data_keys')).toHaveLength(1);
    });
  });
});

/** Lets so many transactions through. */
function diesAfter(db: Db, transactions: number): Db {
  let left = transactions;
  return {
    ...db,
    transaction: (work) => (left-- > 0 ? db.transaction(work) : Promise.reject(new Error('The process died.'))),
  };
}
