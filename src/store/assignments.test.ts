import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople } from '../../test/fixtures.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import { countSyncStates, endDirectAssignments, recheckAssignments, refreshPeople } from './assignments.ts';
import type { Db } from './database.ts';

async function rowsOf(db: Db, appId: AppId) {
  return db.query<{ user_id: UserId; assigned: boolean; leaver: boolean; version: number; due: boolean }>(
    `select user_id, assigned, leaver, version, due_at <= now() as due, lease_until from app_users where app_id = $1 order by user_id`,
    [appId],
  );
}

/** As the engine leaves a row it has finished with. */
const settle = (db: Db) =>
  db.query(
    `update app_users set sync_state = 'SYNCHRONIZED', due_at = null, external_id = 'x' || user_id, recorded_active = assigned`,
  );

describeOnDatabases('assignments', (database) => {
  async function setUp(people = 3) {
    const db = await database.open();
    const userIds = await insertPeople(db, people);
    const appId = await insertApp(db);
    const groupId = await insertGroup(db, 'Sales', userIds);
    await assignGroupTo(db, appId, groupId);
    return { db, userIds, appId, groupId, first: userIds[0] ?? ('' as UserId) };
  }

  test('a group gives the app to its members, each once and due', async () => {
    const { db, userIds, appId } = await setUp();
    const other = await insertGroup(db, 'Also', userIds);
    await assignGroupTo(db, appId, other, 1);
    const rows = await rowsOf(db, appId);
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => row.assigned && row.due && !row.leaver)).toBe(true);
    expect(await countSyncStates(db, appId)).toMatchObject({ assigned: 3, waiting: 3 });
  });

  test('losing one of two groups keeps the app, losing both takes it', async () => {
    const { db, userIds, appId, groupId } = await setUp();
    const other = await insertGroup(db, 'Also', userIds);
    await assignGroupTo(db, appId, other, 1);
    await settle(db);
    for (const [lost, stays] of [
      [groupId, true],
      [other, false],
    ] as const) {
      await db.transaction(async (tx) => {
        await tx.query('delete from app_groups where group_id = $1', [lost]);
        expect(await recheckAssignments(tx, { appId, groupId: lost })).toEqual([appId]);
      });
      expect((await rowsOf(db, appId)).every((row) => row.assigned === stays && row.leaver === !stays && row.due)).toBe(
        true,
      );
    }
  });

  test('somebody assigned individually keeps the app without the group', async () => {
    const { db, appId, groupId, first } = await setUp();
    await db.query('update app_users set direct = true where user_id = $1', [first]);
    await db.transaction(async (tx) => {
      await tx.query('delete from app_groups where group_id = $1', [groupId]);
      await recheckAssignments(tx, { appId, groupId });
    });
    const kept = (await rowsOf(db, appId)).filter((row) => row.assigned);
    expect(kept.map((row) => row.user_id)).toEqual([first]);
  });

  test('a deactivated person loses every app, and gets those of groups back', async () => {
    const { db, appId, first } = await setUp();
    const direct = await insertApp(db);
    await db.query(`insert into app_users (app_id, user_id, assigned, direct) values ($1, $2, true, true)`, [
      direct,
      first,
    ]);
    await settle(db);
    await db.transaction(async (tx) => {
      await tx.query(`update users set status = 'DEPROVISIONED' where id = $1`, [first]);
      await endDirectAssignments(tx, [first]);
      expect((await refreshPeople(tx, [first])).sort()).toEqual([appId, direct].sort());
    });
    expect((await rowsOf(db, appId)).find((row) => row.user_id === first)).toMatchObject({
      assigned: false,
      leaver: true,
    });
    expect(await rowsOf(db, direct)).toMatchObject([{ assigned: false, leaver: true, due: true }]);
    await db.transaction(async (tx) => {
      await tx.query(`update users set status = 'ACTIVE' where id = $1`, [first]);
      await refreshPeople(tx, [first]);
    });
    expect((await rowsOf(db, appId)).find((row) => row.user_id === first)).toMatchObject({
      assigned: true,
      leaver: false,
    });
    expect(await rowsOf(db, direct)).toMatchObject([{ assigned: false }]);
  });

  test('a row in a worker’s hands keeps its lease and gets a new version', async () => {
    const { db, appId, first } = await setUp(1);
    await db.query(`update app_users set sync_state = 'SYNCING', lease_until = now() + interval '1 minute'`);
    await db.transaction((tx) => refreshPeople(tx, [first]));
    const [row] = await rowsOf(db, appId);
    expect(row).toMatchObject({ lease_until: expect.any(Date) });
    expect(row?.version).toBeGreaterThan(0);
  });

  test('a former holder without an account is left alone', async () => {
    const { db, appId, groupId, first } = await setUp(1);
    await db.query(`update app_users set assigned = false, due_at = null`);
    await db.query('delete from app_groups where group_id = $1', [groupId]);
    await db.transaction(async (tx) => {
      expect(await refreshPeople(tx, [first])).toEqual([]);
    });
    expect(await rowsOf(db, appId)).toMatchObject([{ due: null }]);
  });
});
