import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined, openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import type { Profile } from '../domain/profile.ts';
import { newId, type AppId, type UserId } from '../lib/ids.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import { countSyncStates } from '../store/assignments.ts';
import type { Db, Tx } from '../store/database.ts';
import {
  assignUser,
  assignUsers,
  getAppUser,
  listAppUsers,
  provisionUnprovisioned,
  unassignUser,
  updateAssignment,
} from './app-assignments.ts';
import { setConnection } from './app-connections.ts';
import { assignGroup, getAppGroup, listAppGroups, unassignGroup } from './app-group-assignments.ts';
import { updateMapping } from './app-mappings.ts';
import { updateAppSchema } from './app-schemas.ts';
import { createApp } from './apps.ts';

describeOnDatabases('app assignments', (database) => {
  let at: AppTest;
  let appId: AppId;
  let serial = 0;
  beforeAll(async () => {
    at = await openAppTest(database);
  });
  beforeEach(async () => {
    const app = await createApp(at.context, { catalogKey: 'slack' });
    appId = app.id;
    const place = { externalNamespace: 'urn:example:1.0:User' };
    await updateAppSchema(at.context, appId, {
      custom: {
        licences: { title: 'Licences', type: 'array', items: { type: 'string' }, externalName: 'licences', ...place },
        desk: { title: 'Desk', type: 'integer', scope: 'SELF', externalName: 'desk', ...place },
        seen: { title: 'Seen', type: 'string', mutability: 'READ_ONLY', externalName: 'seen', ...place },
      },
    });
  });

  const addUser = (status?: 'STAGED' | 'DEPROVISIONED') => at.addUser(`user${(serial += 1)}@example.com`, status);
  const addGroup = (members: readonly UserId[]) => at.addGroup(`Group ${(serial += 1)}`, members);
  const row = async (userId: UserId) => {
    const [found] = await at.db.query<Record<string, unknown>>(
      `select assigned, direct, leaver, assigned_profile, sync_state, due_at is not null as due, version
       from app_users where app_id = $1 and user_id = $2`,
      [appId, userId],
    );
    return found;
  };
  const settle = () =>
    at.db.query(
      `update app_users set sync_state = 'SYNCHRONIZED', due_at = null, external_id = 'x' || user_id where app_id = $1`,
      [appId],
    );

  describe('of people', () => {
    test('are work at once, and doing it twice is doing it once', async () => {
      await at.watchSignals();
      const userId = await addUser();
      const appUser = await assignUser(at.context, appId, { userId, profile: { desk: 7 }, userName: 'ada.l' });
      expect(appUser).toMatchObject({
        appId,
        userId,
        scope: 'USER',
        status: 'STAGED',
        syncState: 'OUT_OF_SYNC',
        externalId: null,
        assignedProfile: { desk: 7, userName: 'ada.l' },
      });
      expect(await row(userId)).toMatchObject({ assigned: true, direct: true, due: true });
      await assignUser(at.context, appId, { userId });
      expect((await getAppUser(at.context, appId, userId)).assignedProfile).toEqual({ desk: 7, userName: 'ada.l' });
      expect(await at.db.query('select 1 from app_users where app_id = $1', [appId])).toHaveLength(1);
      await expect.poll(() => at.signals.includes(appId), { timeout: 10_000 }).toBe(true);
    });

    const faulty: readonly (readonly [string, Profile, string, RegExp])[] = [
      ['an unknown attribute', { shoeSize: 1 }, 'shoeSize', /not defined/],
      ['a value of another type', { desk: '7' }, 'desk', /whole number/],
      ['a read-only attribute', { seen: 'today' }, 'seen', /read-only/],
      ['a name too long for the app', { userName: 'x'.repeat(21) }, 'userName', /at most 20/],
      ['an inherited name', { constructor: 'x' }, 'constructor', /not defined/],
    ];
    test.each(faulty)('%s is refused and nobody assigned', async (_, profile, field, reason) => {
      const userId = await addUser();
      await expect(assignUser(at.context, appId, { userId, profile })).rejects.toMatchObject({
        code: 'invalid_input',
        causes: [{ field, reason: expect.stringMatching(reason) }],
      });
      expect(await row(userId)).toBeUndefined();
    });

    test('who is deactivated or unknown gets nothing; who is staged does', async () => {
      const [gone, staged, unknown] = [await addUser('DEPROVISIONED'), await addUser('STAGED'), newId('user')];
      await expect(assignUser(at.context, appId, { userId: gone })).rejects.toMatchObject({ code: 'wrong_state' });
      await expect(assignUser(at.context, appId, { userId: unknown })).rejects.toMatchObject({ code: 'not_found' });
      await expect(assignUser(at.context, newId('app'), { userId: staged })).rejects.toMatchObject({
        code: 'not_found',
      });
      const had = await addUser();
      await assignUser(at.context, appId, { userId: had });
      await settle();
      expect(await assignUsers(at.context, appId, [gone, staged, unknown, had, staged])).toEqual({
        assigned: 1,
        already: 1,
        refused: 2,
      });
      expect(await row(had)).toMatchObject({ due: false });
      expect(await row(gone)).toBeUndefined();
    });

    test('ending one takes the account away, and giving it back keeps the account', async () => {
      const userId = await addUser();
      await assignUser(at.context, appId, { userId, profile: { desk: 7 } });
      await settle();
      await unassignUser(at.context, appId, userId);
      expect(await row(userId)).toMatchObject({
        assigned: false,
        direct: false,
        leaver: true,
        assigned_profile: {},
        due: true,
      });
      await expect(getAppUser(at.context, appId, userId)).rejects.toMatchObject({ code: 'not_found' });
      await expect(unassignUser(at.context, appId, userId)).rejects.toMatchObject({ code: 'not_found' });
      const back = await assignUser(at.context, appId, { userId });
      expect(back).toMatchObject({ externalId: `x${userId}`, assignedProfile: {} });
      expect(await row(userId)).toMatchObject({ assigned: true, leaver: false, due: true });
    });

    test('one in a worker’s hands keeps its lease and is done again', async () => {
      const userId = await addUser();
      await assignUser(at.context, appId, { userId });
      await at.db.query(
        `update app_users set sync_state = 'SYNCING', due_at = now() + interval '1 hour', version = 5 where app_id = $1`,
        [appId],
      );
      const updated = await updateAssignment(at.context, appId, userId, { profile: { desk: 8 } });
      expect(updated).toMatchObject({ syncState: 'SYNCING', nextAttemptAt: null });
      expect(await row(userId)).toMatchObject({ sync_state: 'SYNCING', version: 6 });
    });

    test('are listed by page and by the start of any name', async () => {
      const ids = [await addUser(), await addUser(), await addUser()].toSorted();
      await assignUsers(at.context, appId, ids);
      await unassignUser(at.context, appId, defined(ids[2]));
      await at.db.query(`update app_users set user_name = 'Zoë_1' where app_id = $1 and user_id = $2`, [appId, ids[0]]);
      const list = async (filter: object) =>
        (await listAppUsers(at.context, appId, { limit: 10, ...filter })).map((each) => each.userId);
      expect(await list({})).toEqual(ids.slice(0, 2));
      expect(await list({ after: ids[0] })).toEqual([ids[1]]);
      expect(await list({ limit: 1 })).toEqual([ids[0]]);
      expect(await list({ prefix: 'ZOË' })).toEqual([ids[0]]);
      expect(await list({ prefix: 'tester' })).toEqual(ids.slice(0, 2));
      expect(await list({ prefix: 'oë' })).toEqual([]);
      expect(await list({ filter: 'credentials.userName sw "zoë" and scope eq "USER"' })).toEqual([ids[0]]);
      expect(await list({ filter: 'not (credentials.userName pr)', prefix: 'tes' })).toEqual([ids[1]]);
      expect(await list({ filter: `id eq "${ids[1] ?? ''}" or syncState eq "ERROR"` })).toEqual([ids[1]]);
      for (const filter of ['syncState eq "TIRED"', 'name pr', 'id eq']) {
        await expect(list({ filter })).rejects.toMatchObject({ code: 'invalid_input' });
      }
      await expect(listAppUsers(at.context, newId('app'), { limit: 1 })).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('between person and group', () => {
    test('values make an assignment individual; it outlives the group and goes back on demand', async () => {
      const userId = await addUser();
      const groupId = await addGroup([userId]);
      await assignGroup(at.context, appId, groupId);
      expect(await getAppUser(at.context, appId, userId)).toMatchObject({ scope: 'GROUP' });
      await expect(unassignUser(at.context, appId, userId)).rejects.toMatchObject({
        code: 'wrong_state',
        message: expect.stringContaining('Group'),
      });
      expect(await updateAssignment(at.context, appId, userId, {})).toMatchObject({ scope: 'GROUP' });
      expect(await updateAssignment(at.context, appId, userId, { profile: { desk: 1 } })).toMatchObject({
        scope: 'USER',
        assignedProfile: { desk: 1 },
      });
      expect(
        await updateAssignment(at.context, appId, userId, { profile: { desk: null }, userName: 'x' }),
      ).toMatchObject({
        assignedProfile: { userName: 'x' },
      });
      expect(await updateAssignment(at.context, appId, userId, { scope: 'GROUP' })).toMatchObject({
        scope: 'GROUP',
        assignedProfile: {},
      });
      expect(await updateAssignment(at.context, appId, userId, { scope: 'USER' })).toMatchObject({ scope: 'USER' });
      await unassignGroup(at.context, appId, groupId);
      expect(await row(userId)).toMatchObject({ assigned: true, leaver: false });
      await expect(updateAssignment(at.context, appId, userId, { scope: 'GROUP' })).rejects.toMatchObject({
        code: 'wrong_state',
      });
    });

    test('ending an individual assignment leaves what a group gives', async () => {
      const userId = await addUser();
      await assignGroup(at.context, appId, await addGroup([userId]));
      await assignUser(at.context, appId, { userId });
      await unassignUser(at.context, appId, userId);
      expect(await getAppUser(at.context, appId, userId)).toMatchObject({ scope: 'GROUP' });
    });
  });

  describe('of groups', () => {
    test('reach every member in one go, and leave with the last group', async () => {
      const [ada, bob, gone] = [await addUser(), await addUser(), await addUser('DEPROVISIONED')];
      const [first, second] = [await addGroup([ada, bob, gone]), await addGroup([bob])];
      const before = await at.revision(appId);
      await assignGroup(at.context, appId, first);
      await assignGroup(at.context, appId, second);
      expect(await row(gone)).toBeUndefined();
      expect(await countSyncStates(at.db, appId)).toMatchObject({ assigned: 2, waiting: 2 });
      await settle();
      await unassignGroup(at.context, appId, first);
      expect(await row(ada)).toMatchObject({ assigned: false, leaver: true, due: true });
      expect(await row(bob)).toMatchObject({ assigned: true, leaver: false });
      await expect(unassignGroup(at.context, appId, first)).rejects.toMatchObject({ code: 'not_found' });
      expect(await at.revision(appId)).toBe(before + 3);
      expect(
        (await at.events(appId)).filter((type) => type.startsWith('group.')).map((type) => type.split('.')[2]),
      ).toEqual(['add', 'add', 'remove']);
    });

    test('come by priority; the first has 0, the next the next free one', async () => {
      const groups = [await addGroup([]), await addGroup([]), await addGroup([]), await addGroup([])];
      const priorities = [undefined, undefined, 7, undefined];
      for (const [index, groupId] of groups.entries()) {
        const priority = priorities[index];
        await assignGroup(at.context, appId, groupId, priority === undefined ? {} : { priority });
      }
      const listed = await listAppGroups(at.context, appId, { limit: 10 });
      expect(listed.map((each) => each.priority)).toEqual([0, 1, 7, 8]);
      expect(await listAppGroups(at.context, appId, { limit: 10, after: defined(listed[1]) })).toEqual(listed.slice(2));
      expect(await listAppGroups(at.context, appId, { limit: 10, prefix: 'nobody' })).toEqual([]);
      const filter = `id eq "${listed[1]?.groupId ?? ''}" and lastUpdated gt "2020-01-01T00:00:00Z"`;
      expect(await listAppGroups(at.context, appId, { limit: 10, filter })).toEqual(listed.slice(1, 2));
      await expect(assignGroup(at.context, appId, defined(groups[0]), { priority: -1 })).rejects.toMatchObject({
        causes: [{ field: 'priority' }],
      });
      await expect(getAppGroup(at.context, appId, newId('group'))).rejects.toMatchObject({ code: 'not_found' });
      await expect(assignGroup(at.context, appId, newId('group'))).rejects.toMatchObject({ code: 'not_found' });
    });

    test('a change looks again at that group’s members only; the same again at nobody', async () => {
      const [inside, outside] = [await addUser(), await addUser()];
      const groupId = await addGroup([inside]);
      await assignGroup(at.context, appId, groupId, { profile: { licences: ['a'] } });
      await assignGroup(at.context, appId, await addGroup([outside]));
      await settle();
      await assignGroup(at.context, appId, groupId, { priority: 0, profile: { licences: ['a'] } });
      expect(await row(inside)).toMatchObject({ due: false });
      expect(await assignGroup(at.context, appId, groupId, { profile: { licences: ['a', 'b'] } })).toMatchObject({
        priority: 0,
        profile: { licences: ['a', 'b'] },
      });
      expect([await row(inside), await row(outside)]).toMatchObject([{ due: true }, { due: false }]);
      expect(await at.events(appId)).toContain('group.application_assignment.update');
    });

    const faulty: readonly (readonly [string, Profile, string, RegExp])[] = [
      ['a personal attribute', { desk: 1 }, 'desk', /personal/],
      ['a read-only attribute', { seen: 'x' }, 'seen', /read-only/],
      ['an unknown attribute', { shoeSize: 1 }, 'shoeSize', /not defined/],
      ['a value of another type', { licences: 'a' }, 'licences', /list/],
    ];
    test.each(faulty)('%s is refused by name', async (_, profile, field, reason) => {
      const userId = await addUser();
      const groupId = await addGroup([userId]);
      await expect(assignGroup(at.context, appId, groupId, { profile })).rejects.toMatchObject({
        code: 'invalid_input',
        causes: [{ field, reason: expect.stringMatching(reason) }],
      });
      expect(await row(userId)).toBeUndefined();
    });

    test('a mapped attribute is refused, as in Okta', async () => {
      const mapping = await findAppMapping(at.db, appId, 'TO_APP');
      await updateMapping(at.context, defined(mapping).id, { licences: { expression: '{"a"}', pushStatus: 'PUSH' } });
      await expect(
        assignGroup(at.context, appId, await addGroup([]), { profile: { licences: ['a'] } }),
      ).rejects.toMatchObject({ causes: [{ field: 'licences', reason: expect.stringContaining('mapped') }] });
    });
  });

  test('people assigned before provisioning was on are released one by one or all at once', async () => {
    const ids = [await addUser(), await addUser(), await addUser()];
    await assignUsers(at.context, appId, ids);
    await at.db.query(
      `update app_users set unprovisioned = true, sync_state = 'DISABLED', due_at = null where app_id = $1`,
      [appId],
    );
    await expect(provisionUnprovisioned(at.context, appId, 'all')).rejects.toMatchObject({ code: 'wrong_state' });
    await setConnection(at.context, appId, { settings: { auth: { scheme: 'bearer', token: 'x' } }, activate: true });
    expect((await countSyncStates(at.db, appId)).unprovisioned).toBe(3);
    expect(await provisionUnprovisioned(at.context, appId, [defined(ids[0]), newId('user')])).toBe(1);
    expect(await provisionUnprovisioned(at.context, appId, 'all')).toBe(2);
    expect(await provisionUnprovisioned(at.context, appId, 'all')).toBe(0);
    expect(await countSyncStates(at.db, appId)).toMatchObject({ unprovisioned: 0, waiting: 3 });
  });

  test('a group of ten thousand takes as many statements as a group of one', async () => {
    const [large, small] = [await addGroup([]), await addGroup([await addUser()])];
    await at.db.query(
      `insert into users (id, type_id, status, login_key, profile)
       select 'bulk' || $1 || n, 't', 'ACTIVE', 'bulk' || $1 || n, '{}' from generate_series(1, 10000) n`,
      [appId],
    );
    await at.db.query(
      `insert into group_members (group_id, user_id, source) select $1, id, 'direct' from users where id like 'bulk' || $2 || '%'`,
      [large, appId],
    );
    let statements = 0;
    const db: Db = {
      ...at.db,
      transaction: (work) =>
        at.db.transaction((tx) => {
          const query: Tx['query'] = (sql, parameters) => {
            statements += 1;
            return tx.query(sql, parameters);
          };
          return work({ ...tx, query });
        }),
    };
    await assignGroup({ ...at.context, db }, appId, small);
    const forOne = statements;
    await assignGroup({ ...at.context, db }, appId, large);
    expect(statements).toBe(2 * forOne);
    expect((await countSyncStates(at.db, appId)).waiting).toBe(10_001);
  });
});
