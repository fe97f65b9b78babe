import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFaultyApp, type Behaviour, type FaultyApp } from '../../test/apps/faulty-app.ts';
import { openScim } from '../../test/apps/open-scim.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople } from '../../test/fixtures.ts';
import { systemClock } from '../lib/clock.ts';
import { newId, type AppId, type GroupId, type GroupPushId, type UserId } from '../lib/ids.ts';
import { refreshPeople } from '../store/assignments.ts';
import { insertGroupOfApp, insertGroupPush, removeGroupPushes, setGroupPushStatus } from '../store/app-group-push.ts';
import type { Db, Tx } from '../store/database.ts';
import { deleteGroup, deleteMemberships, insertMemberships, updateGroup } from '../store/groups.ts';
import { createLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { drainApp } from './drain-app.ts';

const never = new AbortController().signal;

interface World {
  readonly db: Db;
  readonly app: FaultyApp;
  readonly appId: AppId;
  readonly groupId: GroupId;
  readonly pushId: GroupPushId;
  readonly userIds: readonly UserId[];
  /** Works until nothing is due. */
  drain(): Promise<void>;
  /** What is waiting for another attempt is due now. */
  hurry(): Promise<void>;
  join(...userIds: readonly UserId[]): Promise<void>;
  leave(...userIds: readonly UserId[]): Promise<void>;
  setStatus(userId: UserId, status: string): Promise<void>;
  push(): Promise<Record<string, unknown>>;
  /** User names of the members the app has, in order. */
  members(): string[];
  /** Writes since the last call, as `METHOD /collection`. */
  writes(): string[];
  /** The ids that PATCHes since the last call of `writes` put in and took out. */
  wire(): { added: number; removed: number };
}

describeOnDatabases('pushed groups', (database) => {
  let db: Db;
  const apps: FaultyApp[] = [];
  beforeAll(async () => void (db = await database.open()));
  afterAll(async () => void (await Promise.all(apps.map((app) => app.close()))));

  let world = 0;
  async function setUp(
    behaviour: Partial<Behaviour> = {},
    options: { people?: number; target?: string; mayLink?: boolean } = {},
  ): Promise<World> {
    world += 1;
    const app = await startFaultyApp({ behaviour });
    apps.push(app);
    const userIds = await insertPeople(db, options.people ?? 4, world * 1_000);
    const appId = await insertApp(db);
    const groupId = await insertGroup(db, `Engineering ${world}`, userIds);
    await assignGroupTo(db, appId, groupId);
    const pushId = newId('group_push');
    const targetGroupId = newId('group');
    const targetName = options.target ?? `Engineering ${world}`;
    await db.transaction(async (tx) => {
      await insertGroupOfApp(tx, appId, targetGroupId, targetName);
      const mayLink = options.mayLink ?? true;
      const namePolicy = options.target === undefined ? 'SOURCE' : 'TARGET';
      const push = { id: pushId, appId, sourceGroupId: groupId, targetGroupId, targetName, mayLink };
      await insertGroupPush(tx, { ...push, namePolicy, status: 'ACTIVE' });
    });
    const lane: AppLane = createLane(appId);
    const learned = {};
    const tools: WorkerTools = {
      db,
      clock: systemClock,
      random: () => 0,
      openConnection: () => Promise.resolve(openScim(app.url, { learned })),
      onError: (error) => {
        throw error;
      },
    };
    const change = (work: (tx: Tx) => Promise<unknown>, ids: readonly UserId[]) =>
      db.transaction(async (tx) => {
        await work(tx);
        await refreshPeople(tx, ids);
      });
    const memberships = (ids: readonly UserId[]) => ids.map((userId) => ({ groupId, userId, source: 'direct' }));
    let seen = 0;
    const since = () => app.journal.slice(seen).filter((entry) => entry.method !== 'GET');
    return {
      db,
      app,
      appId,
      groupId,
      pushId,
      userIds,
      drain: async () => {
        for (let turn = 0; turn < 20; turn += 1) {
          const { nextMs } = await drainApp(lane, tools, { stop: never, cancel: never });
          if (nextMs === undefined || nextMs > 0) return;
        }
        throw new Error('It does not come to rest.');
      },
      hurry: async () => {
        await db.query(`update app_group_push set due_at = now() where due_at is not null and app_id = $1`, [appId]);
        await db.query(`update app_health set paused_until = null where app_id = $1`, [appId]);
      },
      join: (...ids) => change((tx) => insertMemberships(tx, memberships(ids)), ids),
      leave: (...ids) => change((tx) => deleteMemberships(tx, memberships(ids)), ids),
      setStatus: (id, status) =>
        change((tx) => tx.query('update users set status = $2 where id = $1', [id, status]), [id]),
      push: async () => {
        const [row] = await db.query<Record<string, unknown>>('select * from app_group_push where id = $1', [pushId]);
        return row ?? {};
      },
      members: () => {
        const names = new Map(app.users().map((user) => [user['id'], String(user['userName'])]));
        const [group] = app.groups();
        const shown = (group?.['members'] ?? []) as { value: string }[];
        return shown.map(({ value }) => names.get(value) ?? value).sort();
      },
      writes: () => {
        const found = since().map((entry) => `${entry.method} /${entry.path.split('/')[1] ?? ''}`);
        seen = app.journal.length;
        return found;
      },
      wire: () => {
        const operations = since()
          .filter((entry) => entry.method === 'PATCH' && entry.path.startsWith('/Groups'))
          .flatMap(
            (entry) => (JSON.parse(entry.body) as { Operations: { op: string; value?: unknown[] }[] }).Operations,
          );
        return {
          added: operations.reduce((sum, { op, value }) => sum + (op === 'add' ? (value?.length ?? 0) : 0), 0),
          removed: operations.filter(({ op }) => op === 'remove').length,
        };
      },
    };
  }

  const numbers = new Map<World, number>();
  const open = async (...given: Parameters<typeof setUp>) => {
    const on = await setUp(...given);
    numbers.set(on, world);
    return on;
  };
  /** User names of the people of a world, in order. */
  const names = (on: World, ...places: number[]) =>
    places.map((place) => `person${(numbers.get(on) ?? 0) * 1_000 + place}@acme.example`).sort();
  const first = (on: World, place = 0) => on.userIds[place] ?? ('' as UserId);
  const eventsOf = async (on: World) => {
    const rows = await on.db.query<{ event: string }>(
      `select event_type || ' ' || outcome as event from log_events
       where target @> $1::jsonb and event_type like '%group_push%' order by seq`,
      [JSON.stringify([{ id: on.appId }])],
    );
    return rows.map((row) => row.event.replace('application.provision.group_push.', ''));
  };

  test('the same group gives the app and is pushed: accounts first, then one group with all of them', async () => {
    const on = await open();
    await on.drain();
    expect(on.members()).toEqual(names(on, 0, 1, 2, 3));
    expect(on.writes()).toEqual([...Array(4).fill('POST /Users'), 'POST /Groups', 'PATCH /Groups']);
    expect(await on.push()).toMatchObject({
      ...{ status: 'ACTIVE', sync_state: 'SYNCHRONIZED', members_in_app: 4, members_wanted: 4, attempts: 0 },
      ...{ concerned: [], look_first: false, last_error: null, last_push: expect.any(Date) },
    });
    expect(await eventsOf(on)).toEqual(['pushed SUCCESS', 'push_memberships SUCCESS']);
    const operations = await db.query<{ kind: string }>(
      `select kind from operations where app_id = $1 and user_id is null order by id`,
      [on.appId],
    );
    expect(operations.map((row) => row.kind)).toEqual(['group_create', 'group_members']);
    await on.drain();
    expect(on.writes()).toEqual([]);
  });

  test('one joins and one leaves: two members on the wire', async () => {
    const on = await open({}, { people: 250 });
    await on.drain();
    expect(on.members()).toHaveLength(250);
    on.writes();
    const [newcomer] = await insertPeople(db, 1, world * 1_000 + 900);
    await on.join(newcomer ?? ('' as UserId));
    await on.leave(first(on));
    await on.drain();
    expect(on.wire()).toEqual({ added: 1, removed: 1 });
    expect(on.members()).toHaveLength(250);
    expect(on.members()).not.toContain(names(on, 0)[0]);
    expect(await on.push()).toMatchObject({ members_in_app: 250, members_wanted: 250 });
  });

  test('a leaver leaves the group, a suspended person stays, and who returns is back in it', async () => {
    const on = await open();
    await on.drain();
    await on.setStatus(first(on), 'DEPROVISIONED');
    await on.setStatus(first(on, 1), 'SUSPENDED');
    await on.drain();
    expect(on.members()).toEqual(names(on, 1, 2, 3));
    await on.setStatus(first(on), 'ACTIVE');
    await on.drain();
    expect(on.members()).toEqual(names(on, 0, 1, 2, 3));
  });

  test('somebody whose account cannot be made yet comes into the group when it is', async () => {
    const on = await open();
    on.app.fail({ on: 'POST /Users', times: 1, effect: 'before', status: 500 });
    await on.drain();
    expect(on.members()).toHaveLength(3);
    expect(await on.push()).toMatchObject({ sync_state: 'SYNCHRONIZED', members_in_app: 3 });
    await db.query('update app_users set due_at = now() where due_at is not null and app_id = $1', [on.appId]);
    await on.drain();
    expect(on.members()).toHaveLength(4);
  });

  test('the name follows, or stays, as the mapping says', async () => {
    const following = await open();
    const kept = await open({}, { target: 'Engineers' });
    for (const on of [following, kept]) {
      await on.drain();
      await db.transaction((tx) => updateGroup(tx, on.groupId, { name: `Motors ${world} ${on.pushId}` }));
      await db.query('insert into app_group_push_changes (app_id, push_id) values ($1, $2)', [on.appId, on.pushId]);
      await on.drain();
    }
    expect(following.app.groups().map((group) => group['displayName'])).toEqual([
      `Motors ${world} ${following.pushId}`,
    ]);
    expect(await eventsOf(following)).toContain('mapping.app.group.renamed SUCCESS');
    expect(kept.app.groups().map((group) => group['displayName'])).toEqual(['Engineers']);
  });

  test('a refused name that is taken back leaves a word in the log that all is well', async () => {
    const on = await open();
    await on.drain();
    const rename = async (name: string) => {
      await db.transaction((tx) => updateGroup(tx, on.groupId, { name }));
      await db.query('insert into app_group_push_changes (app_id, push_id) values ($1, $2)', [on.appId, on.pushId]);
      await on.drain();
    };
    on.app.fail({ on: 'PATCH /Groups', times: 1, effect: 'before', status: 409, body: '{"detail":"Taken."}' });
    await rename('Taken');
    expect(await on.push()).toMatchObject({ status: 'ERROR' });
    on.writes();
    await rename(`Engineering ${world}`);
    await rename(`Engineering ${world}`);
    expect(await on.push()).toMatchObject({ status: 'ACTIVE', sync_state: 'SYNCHRONIZED' });
    expect(on.writes()).toEqual([]);
    expect((await eventsOf(on)).slice(-2)).toEqual([
      'mapping.update.or.delete.failed.with.error FAILURE',
      'updated SUCCESS',
    ]);
  });

  test('a group of the name is taken over with its members, who stay; or refused where it may not be', async () => {
    const on = await open();
    on.app.seed([{ userName: 'stranger@elsewhere.example', id: 'stranger' }]);
    const [stranger] = on.app.users();
    await fetch(`${on.app.url}/Groups`, {
      method: 'POST',
      body: JSON.stringify({ displayName: `engineering ${world}`, members: [{ value: stranger?.['id'] }] }),
    });
    on.writes();
    await on.drain();
    expect(on.app.groups()).toHaveLength(1);
    expect(on.members()).toEqual([...names(on, 0, 1, 2, 3), 'stranger@elsewhere.example'].sort());
    await on.leave(...on.userIds);
    await on.drain();
    expect(on.members()).toEqual(['stranger@elsewhere.example']);

    const refused = await open({}, { mayLink: false });
    await fetch(`${refused.app.url}/Groups`, {
      method: 'POST',
      body: JSON.stringify({ displayName: `Engineering ${world}` }),
    });
    await refused.drain();
    expect(await refused.push()).toMatchObject({
      status: 'ERROR',
      last_error_code: 'app_account_exists',
      due_at: null,
    });
    expect(refused.members()).toEqual([]);
  });

  test('an answer lost after the group was made leaves one group', async () => {
    const on = await open({ groupDuplicate: 'allowed' });
    on.app.fail({ on: 'POST /Groups', times: 1, effect: 'after', transport: 'reset' });
    await on.drain();
    expect(await on.push()).toMatchObject({ look_first: true, members_in_app: 0 });
    await on.hurry();
    await on.drain();
    expect(on.app.groups()).toHaveLength(1);
    expect(on.members()).toEqual(names(on, 0, 1, 2, 3));
  });

  test('somebody sent whose answer was lost, and who left meanwhile, is taken out', async () => {
    const on = await open({ members: 'hidden' });
    on.app.fail({ on: 'PATCH /Groups', times: 1, effect: 'after', transport: 'reset' });
    await on.drain();
    expect(on.members()).toHaveLength(4);
    await on.leave(first(on));
    await on.hurry();
    await on.drain();
    expect(on.members()).toEqual(names(on, 1, 2, 3));
    expect(await on.push()).toMatchObject({ members_in_app: 3, status: 'ACTIVE' });
  });

  test('somebody taken out whose answer was lost, and who came back meanwhile, is put in again', async () => {
    const on = await open({ members: 'hidden' });
    await on.drain();
    on.app.fail({ on: 'PATCH /Groups', times: 1, effect: 'after', transport: 'reset' });
    await on.leave(first(on));
    await on.drain();
    await on.join(first(on));
    await on.hurry();
    await on.drain();
    expect(on.members()).toEqual(names(on, 0, 1, 2, 3));
    expect(await on.push()).toMatchObject({ members_in_app: 4, status: 'ACTIVE' });
  });

  test('a member the app does not know holds nobody up, is said, and is made again', async () => {
    const on = await open({ memberUnknown: '400' });
    await db.query(`update app_group_push set status = 'INACTIVE', due_at = null where id = $1`, [on.pushId]);
    await on.drain();
    const [gone] = on.app.users();
    await fetch(`${on.app.url}/Users/${String(gone?.['id'])}`, { method: 'DELETE' });
    await db.transaction((tx) => setGroupPushStatus(tx, on.pushId, 'ACTIVE'));
    await on.drain();
    // The account was looked at, found gone and made again, and its group was told.
    expect(on.members()).toEqual(names(on, 0, 1, 2, 3));
    expect(await on.push()).toMatchObject({ status: 'ACTIVE', last_error: null });
    expect((await eventsOf(on)).some((event) => event.endsWith('FAILURE'))).toBe(true);
  });

  test('a group deleted in the app is made again with everybody', async () => {
    const on = await open();
    await on.drain();
    const [group] = on.app.groups();
    await fetch(`${on.app.url}/Groups/${String(group?.['id'])}`, { method: 'DELETE' });
    await on.leave(first(on));
    await on.drain();
    expect(on.members()).toEqual(names(on, 1, 2, 3));
  });

  test('what somebody changed in the app is found by and by, and strangers are left alone', async () => {
    const on = await open();
    await on.drain();
    on.app.seed([{ userName: 'stranger@elsewhere.example', id: 'stranger' }]);
    const stranger = on.app.users().find((user) => user['userName'] === 'stranger@elsewhere.example')?.['id'];
    const [group] = on.app.groups();
    await fetch(`${on.app.url}/Groups/${String(group?.['id'])}`, {
      method: 'PATCH',
      body: JSON.stringify({ Operations: [{ op: 'replace', path: 'members', value: [{ value: stranger }] }] }),
    });
    await db.query(`update app_group_push set verified = now() - interval '2 days' where id = $1`, [on.pushId]);
    await on.hurry();
    await on.drain();
    expect(on.members()).toEqual([...names(on, 0, 1, 2, 3), 'stranger@elsewhere.example'].sort());
  });

  test('when the group is deleted here, everybody comes out of its counterpart, and the mapping says so', async () => {
    const on = await open();
    await on.drain();
    await db.transaction(async (tx) => {
      await deleteGroup(tx, on.groupId);
      await refreshPeople(tx, on.userIds);
    });
    await on.drain();
    expect(on.members()).toEqual([]);
    expect(await on.push()).toMatchObject({ status: 'ERROR', last_error_code: 'not_found', due_at: null });
  });

  test('a mapping that goes with its group takes the group out of the app, also one whose making is uncertain', async () => {
    const on = await open();
    await on.drain();
    await db.transaction((tx) => removeGroupPushes(tx, [on.pushId], true));
    await on.drain();
    expect([on.app.groups(), await on.push()]).toEqual([[], {}]);
    expect(await eventsOf(on)).toContain('delete_appgroup SUCCESS');

    const unsure = await open();
    unsure.app.fail({ on: 'POST /Groups', times: 1, effect: 'after', transport: 'reset' });
    await unsure.drain();
    await db.transaction((tx) => removeGroupPushes(tx, [unsure.pushId], true));
    await unsure.drain();
    expect([unsure.app.groups(), await unsure.push()]).toEqual([[], {}]);
  });

  test('a paused mapping sends nothing, and catches up when it is resumed', async () => {
    const on = await open();
    await on.drain();
    await db.transaction((tx) => setGroupPushStatus(tx, on.pushId, 'INACTIVE'));
    await on.leave(first(on));
    await on.drain();
    expect(on.members()).toHaveLength(4);
    await db.transaction((tx) => setGroupPushStatus(tx, on.pushId, 'ACTIVE'));
    await on.drain();
    expect(on.members()).toEqual(names(on, 1, 2, 3));
  });

  test('trouble of the app pauses it and counts for no attempt; a refusal is on the mapping', async () => {
    const on = await open();
    on.app.fail({ on: 'POST /Groups', times: 1, effect: 'before', status: 429, headers: { 'retry-after': '30' } });
    await on.drain();
    expect(await on.push()).toMatchObject({ status: 'ACTIVE', sync_state: 'OUT_OF_SYNC', attempts: 0, task_id: null });
    on.app.fail({ on: 'POST /Groups', times: 1, effect: 'before', status: 400, body: '{"detail":"No more groups."}' });
    await on.hurry();
    await on.drain();
    expect(await on.push()).toMatchObject({
      ...{ status: 'ERROR', attempts: 1, last_error_code: 'app_rejected' },
      ...{ last_error: expect.stringContaining('No more groups.'), task_id: expect.stringMatching(/^tsk/) },
    });
    await db.transaction((tx) => setGroupPushStatus(tx, on.pushId, 'ACTIVE'));
    await on.drain();
    expect(await on.push()).toMatchObject({ status: 'ACTIVE', task_id: null });
  });

  test.each([
    ['lists a member twice', { memberTwice: 'doubled' }],
    ['takes ten members at a time', { membersPerPatchMax: 10 }],
    ['cannot take out by filter', { memberRemoveFilter: '501' }],
    ['says yes to a removal and does nothing', { memberRemoveFilter: 'nothing' }],
    ['shows no members', { members: 'empty' }],
    ['says members twice are wrong', { memberTwice: '409' }],
  ] as const)('an app that %s ends with the right members', async (_, behaviour) => {
    const on = await open(behaviour, { people: 30 });
    await on.drain();
    await on.leave(first(on), first(on, 1));
    await on.drain();
    expect(new Set(on.members()).size).toBe(28);
    expect(on.members()).toHaveLength(28);
  });
});
