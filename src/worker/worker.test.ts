import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createMemoryApp, type MemoryApp } from '../../test/apps/memory-connection.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople, provisioningOn } from '../../test/fixtures.ts';
import { systemClock } from '../lib/clock.ts';
import { provisioningOff } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, ExternalId, UserId } from '../lib/ids.ts';
import { recheckAssignments, refreshPeople } from '../store/assignments.ts';
import type { Db } from '../store/database.ts';
import { createLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { drainApp } from './drain-app.ts';

const never = new AbortController().signal;

function toolsFor(db: Db, app: MemoryApp): WorkerTools {
  return {
    db,
    clock: systemClock,
    random: () => 0,
    openConnection: () => Promise.resolve(app.connection()),
    onError: (error) => {
      throw error;
    },
  };
}

async function drain(lane: AppLane, tools: WorkerTools) {
  return drainApp(lane, tools, { stop: never, cancel: never });
}

async function rowOf(db: Db, appId: AppId, userId: UserId) {
  const [row] = await db.query<Record<string, unknown>>('select * from app_users where app_id = $1 and user_id = $2', [
    appId,
    userId,
  ]);
  return row ?? {};
}

async function eventsOf(db: Db, appId: AppId): Promise<string[]> {
  const rows = await db.query<{ event: string }>(
    `select event_type || ' ' || outcome as event from log_events where target @> $1::jsonb order by seq`,
    [JSON.stringify([{ id: appId }])],
  );
  return rows.map((row) => row.event);
}

const failure = (
  code: 'app_failed' | 'app_rejected' | 'app_unreachable' | 'app_credentials_refused',
  unknown = false,
) => new UsherError(code, `The app said ${code}.`, { outcomeUnknown: unknown });

/** Rows waiting for their next attempt are due now. */
const hurry = (db: Db) => db.query(`update app_users set due_at = now(), lease_until = null where due_at is not null`);

describeOnDatabases('drainApp', (database) => {
  async function setUp(people: number, options: Parameters<typeof insertApp>[1] = {}) {
    const db = await database.open();
    const app = createMemoryApp();
    const userIds = await insertPeople(db, people);
    const appId = await insertApp(db, options);
    const groupId = await insertGroup(db, 'Everyone with the app', userIds);
    await assignGroupTo(db, appId, groupId);
    const lane = createLane(appId);
    const tools = toolsFor(db, app);
    const changePeople = (ids: readonly UserId[], set: string) =>
      db.transaction(async (tx) => {
        await tx.query(`update users set ${set} where id = any($1::text[])`, [ids]);
        await refreshPeople(tx, ids);
      });
    const unassign = () =>
      db.transaction(async (tx) => {
        await tx.query('delete from app_groups where app_id = $1', [appId]);
        await tx.query('update apps set revision = revision + 1 where id = $1', [appId]);
        await recheckAssignments(tx, { appId, groupId });
      });
    return {
      db,
      app,
      userIds,
      appId,
      groupId,
      lane,
      tools,
      changePeople,
      unassign,
      first: userIds[0] ?? ('' as UserId),
    };
  }

  test('creates one account a person in one request each, and records and logs it', async () => {
    const { db, app, appId, lane, tools, first } = await setUp(50);
    expect(await drain(lane, tools)).toEqual({ nextMs: undefined });
    expect(app.accounts.size).toBe(50);
    expect(app.calls.filter((call) => call.verb === 'create')).toHaveLength(50);
    expect(app.calls).toHaveLength(50);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'SYNCHRONIZED',
      status: 'PROVISIONED',
      due_at: null,
      attempts: 0,
      user_name: 'person0@acme.example',
      recorded: { givenName: 'Person', familyName: 'N0', title: 'Agent' },
    });
    const events = await eventsOf(db, appId);
    expect(events.filter((event) => event === 'application.user_membership.add SUCCESS')).toHaveLength(50);
    expect(events.filter((event) => event === 'application.provision.user.push SUCCESS')).toHaveLength(50);
    const operations = await db.query('select 1 from operations where app_id = $1 and kind = $2', [appId, 'create']);
    expect(operations).toHaveLength(50);
  });

  test('a change sends only what changed, a second look sends nothing', async () => {
    const { app, lane, tools, changePeople, first } = await setUp(3);
    await drain(lane, tools);
    app.calls.length = 0;
    await changePeople([first], `profile = profile || '{"department":"Legal","title":"Head"}'`);
    await drain(lane, tools);
    expect(app.calls.map((call) => call.verb)).toEqual(['update']);
    const account = [...app.accounts.values()].find((one) => one.userName === 'person0@acme.example');
    expect(account?.profile).toMatchObject({ department: 'Legal', title: 'Agent' });
    await changePeople([first], 'last_updated = now()');
    await drain(lane, tools);
    expect(app.calls).toHaveLength(1);
  });

  test('a leaver is deactivated, and gets the same account back on return', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(2);
    await drain(lane, tools);
    const id = String((await rowOf(db, appId, first))['external_id']);
    await changePeople([first], `status = 'DEPROVISIONED'`);
    await drain(lane, tools);
    expect(app.accounts.get(id)?.active).toBe(false);
    expect(await rowOf(db, appId, first)).toMatchObject({ assigned: false, status: 'DEPROVISIONED', external_id: id });
    await changePeople([first], `status = 'ACTIVE'`);
    await drain(lane, tools);
    expect(app.accounts.get(id)?.active).toBe(true);
    expect(app.accounts.size).toBe(2);
  });

  test('leaving the last group takes the accounts away, leavers before newcomers', async () => {
    const { db, app, appId, lane, tools, unassign } = await setUp(5, { limits: { concurrencyMax: 1 } });
    await drain(lane, tools);
    app.calls.length = 0;
    await unassign();
    const more = await insertPeople(db, 3, 100);
    await assignGroupTo(db, appId, await insertGroup(db, 'New', more));
    await drain(lane, tools);
    const writes = app.calls.map((call) => call.verb).filter((verb) => verb !== 'read');
    expect(writes).toEqual([...Array(5).fill('deactivate'), ...Array(3).fill('create')]);
    expect([...app.accounts.values()].filter((account) => account.active)).toHaveLength(3);
  });

  test('an answer lost after the create makes no second account', async () => {
    const { db, app, appId, lane, tools, first } = await setUp(1);
    app.fault = (verb) => (verb === 'create' ? { error: failure('app_failed', true), afterEffect: true } : undefined);
    await drain(lane, tools);
    expect(await rowOf(db, appId, first)).toMatchObject({ sync_state: 'ERROR', look_first: true });
    app.fault = () => undefined;
    await hurry(db);
    await drain(lane, tools);
    expect(app.accounts.size).toBe(1);
    expect(app.calls.map((call) => call.verb)).toEqual(['create', 'find']);
    expect(await rowOf(db, appId, first)).toMatchObject({ sync_state: 'SYNCHRONIZED', look_first: false });
  });

  test('a lost create of somebody who left meanwhile is found and deactivated', async () => {
    const { db, app, lane, tools, changePeople, first } = await setUp(1);
    app.fault = (verb) => (verb === 'create' ? { error: failure('app_failed', true), afterEffect: true } : undefined);
    await drain(lane, tools);
    await changePeople([first], `status = 'DEPROVISIONED'`);
    await hurry(db);
    await drain(lane, tools);
    expect([...app.accounts.values()].map((account) => account.active)).toEqual([false]);
  });

  test('a lost create of somebody who left meanwhile stays a leaver until somebody could look', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(1);
    app.fault = (verb) => (verb === 'create' ? { error: failure('app_failed', true), afterEffect: true } : undefined);
    await drain(lane, tools);
    app.fault = () => ({ error: failure('app_unreachable') });
    await changePeople([first], `status = 'DEPROVISIONED'`);
    await hurry(db);
    await drain(lane, tools);
    expect(await rowOf(db, appId, first)).toMatchObject({ leaver: true, look_first: true, due_at: expect.any(Date) });
    app.fault = () => undefined;
    await hurry(db);
    await drain(lane, tools);
    expect([...app.accounts.values()].map((account) => account.active)).toEqual([false]);
    expect(await rowOf(db, appId, first)).toMatchObject({ leaver: false, look_first: false });
  });

  test('a row whose lease ran out is looked up before anything is created again', async () => {
    const { db, app, appId, lane, tools } = await setUp(1);
    await db.query(
      `update app_users set sync_state = 'SYNCING', lease_epoch = 7, lease_until = now() - interval '1 s'`,
    );
    await drain(lane, tools);
    expect(app.calls.map((call) => call.verb)).toEqual(['find', 'create']);
    expect(await eventsOf(db, appId)).toContain('application.provision.user.push SUCCESS');
  });

  test.each([
    ['deactivate', 'ACTIVE', 'DEPROVISIONED'],
    ['update', 'DEPROVISIONED', 'ACTIVE'],
  ] as const)('a lost %s is not believed undone when the person is turned round', async (verb, back, lost) => {
    const { db, app, lane, tools, changePeople, first } = await setUp(1);
    await drain(lane, tools);
    if (back === 'DEPROVISIONED') {
      await changePeople([first], `status = 'DEPROVISIONED'`);
      await drain(lane, tools);
    }
    app.fault = (called) => (called === verb ? { error: failure('app_failed', true), afterEffect: true } : undefined);
    await changePeople([first], `status = '${lost}'`);
    await drain(lane, tools);
    app.fault = () => undefined;
    await changePeople([first], `status = '${back}'`);
    await hurry(db);
    await drain(lane, tools);
    expect([...app.accounts.values()].map((account) => account.active)).toEqual([back === 'ACTIVE']);
    expect(await db.query('select 1 from app_users where look_first')).toEqual([]);
  });

  test('a lost change that was carried out after all is recorded, not sent again', async () => {
    const { app, db, appId, lane, tools, changePeople, first } = await setUp(1);
    await drain(lane, tools);
    app.fault = (verb) => (verb === 'update' ? { error: failure('app_failed', true), afterEffect: true } : undefined);
    await changePeople([first], `profile = profile || '{"department":"Legal"}'`);
    await drain(lane, tools);
    app.calls.length = 0;
    app.fault = () => undefined;
    await hurry(db);
    await drain(lane, tools);
    expect(app.calls.map((call) => call.verb)).toEqual(['read']);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'SYNCHRONIZED',
      recorded: { department: 'Legal' },
    });
  });

  test('an outcome with an old epoch changes no row', async () => {
    const { db, app, appId, lane, tools, first } = await setUp(1);
    app.latencyMs = 300;
    const running = drain(lane, tools);
    await expect.poll(() => app.calls.length, { interval: 5 }).toBe(1);
    await db.query(`update app_users set lease_epoch = lease_epoch + 1, lease_until = now() + interval '1 h'`);
    await running;
    expect(await rowOf(db, appId, first)).toMatchObject({ sync_state: 'SYNCING', external_id: null });
  });

  test('a change while the row is in hand is not lost', async () => {
    const { app, lane, tools, changePeople, first } = await setUp(1);
    app.latencyMs = 300;
    const running = drain(lane, tools);
    await expect.poll(() => app.calls.length, { interval: 5 }).toBe(1);
    await changePeople([first], `profile = profile || '{"department":"Late"}'`);
    await running;
    expect([...app.accounts.values()][0]?.profile['department']).toBe('Late');
  });

  test('a run that has ended claims nothing more', async () => {
    const { db, app, lane, tools } = await setUp(1);
    app.latencyMs = 5;
    // The look for more rows is under way when the last answer comes, and its outcome takes longer to write.
    const slow: Db = {
      ...db,
      query: async (sql, parameters) => {
        if (sql.includes('skip locked')) await sleep(30);
        if (sql.includes('insert into operations')) await sleep(60);
        return db.query(sql, parameters);
      },
    };
    await drain(lane, { ...tools, db: slow });
    await db.query('update app_users set due_at = now(), version = version + 1');
    await sleep(60);
    expect(await db.query(`select user_id from app_users where sync_state = 'SYNCING'`)).toEqual([]);
  });

  test('a request that hangs does not keep a leaver waiting', async () => {
    const { db, app, lane, tools, changePeople, userIds, first } = await setUp(2);
    await drain(lane, tools);
    app.latencyMs = 2_000;
    await changePeople(userIds.slice(1), `profile = profile || '{"department":"Slow"}'`);
    const running = drain(lane, tools);
    await expect.poll(() => app.calls.at(-1)?.verb, { interval: 5 }).toBe('update');
    app.latencyMs = 0;
    await changePeople([first], `status = 'DEPROVISIONED'`);
    const active = () => [...app.accounts.values()].filter((account) => account.active).length;
    await expect.poll(active, { interval: 20, timeout: 1_500 }).toBe(1);
    await running;
    expect(await db.query(`select 1 from app_users where sync_state <> 'SYNCHRONIZED'`)).toEqual([]);
  });

  test('a leaver overtakes a lane full of slow creates, and the app is read back', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(2, { limits: { concurrencyMax: 2 } });
    await drain(lane, tools);
    await assignGroupTo(db, appId, await insertGroup(db, 'Many', await insertPeople(db, 40, 200)));
    app.latencyMs = 3_000;
    const running = drain(lane, tools);
    await expect.poll(() => app.calls.at(-1)?.verb, { interval: 5 }).toBe('create');
    app.latencyMs = 0;
    await changePeople([first], `status = 'DEPROVISIONED'`);
    const proven = async () =>
      (
        await db.query<{ proof: string }>(`select changes->>'proof' as proof from operations where kind = 'deactivate'`)
      )[0]?.proof;
    await expect.poll(proven, { interval: 20, timeout: 2_000 }).toBe('READ_INACTIVE');
    await running;
  });

  test('an account that stays active whatever the app says is taken away again and again', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(1);
    await drain(lane, tools);
    const connection = app.connection();
    const lying = { ...connection, deactivate: () => Promise.resolve() };
    await changePeople([first], `status = 'DEPROVISIONED'`);
    await drain(createLane(appId), { ...tools, openConnection: () => Promise.resolve(lying) });
    expect(await rowOf(db, appId, first)).toMatchObject({
      ...{ leaver: true, sync_state: 'ERROR', last_error_code: 'app_ignored_write', due_at: expect.any(Date) },
    });
    await hurry(db);
    await drain(createLane(appId), tools);
    expect([...app.accounts.values()].map((account) => account.active)).toEqual([false]);
  });

  test('an app that is left alone is tried by leavers, and is well again when it answers one', async () => {
    const { db, app, lane, tools, changePeople, first, userIds } = await setUp(5);
    await drain(lane, tools);
    app.fault = () => ({ error: failure('app_unreachable') });
    await changePeople(userIds.slice(1), `profile = profile || '{"department":"Late"}'`);
    await drain(lane, tools);
    await changePeople([first], `status = 'DEPROVISIONED'`);
    app.calls.length = 0;
    lane.probedMs = -Infinity;
    expect((await drain(lane, tools)).nextMs).toBeLessThanOrEqual(5_000);
    expect(app.calls.map((call) => call.verb)).toEqual(['deactivate']);
    await drain(lane, tools);
    expect(app.calls).toHaveLength(1);
    app.fault = () => undefined;
    lane.probedMs = -Infinity;
    await hurry(db);
    await drain(lane, tools);
    expect([...app.accounts.values()].filter((account) => !account.active)).toHaveLength(1);
    const departments = [...app.accounts.values()].filter((account) => account.profile['department'] === 'Late');
    expect(departments).toHaveLength(4);
  });

  test('one bad row does not delay the others, and is tried again in seconds', async () => {
    const { db, app, appId, lane, tools, first } = await setUp(20);
    app.fault = (_verb, userName) =>
      userName === 'person0@acme.example' ? { error: failure('app_failed') } : undefined;
    const { nextMs } = await drain(lane, tools);
    expect(app.accounts.size).toBe(19);
    expect(nextMs).toBeGreaterThan(3_000);
    expect(nextMs).toBeLessThan(6_000);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'ERROR',
      last_error: 'The app said app_failed.',
      attempts: 1,
    });
    expect(await eventsOf(db, appId)).toContain('application.provision.user.push FAILURE');
  });

  test('a refused row waits for a person, a refused removal is tried for ever', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(1);
    app.fault = () => ({ error: failure('app_rejected') });
    await drain(lane, tools);
    expect(await rowOf(db, appId, first)).toMatchObject({ sync_state: 'ERROR', due_at: null });
    app.fault = () => undefined;
    await changePeople([first], 'last_updated = now()');
    await drain(lane, tools);
    app.fault = () => ({ error: failure('app_rejected') });
    await changePeople([first], `status = 'DEPROVISIONED'`);
    await drain(lane, tools);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'ERROR',
      leaver: true,
      due_at: expect.any(Date),
    });
  });

  test('a refused row that is right again without a request is logged, so that who follows learns of it', async () => {
    const { db, app, appId, lane, tools, changePeople, first } = await setUp(1);
    const moveTo = (department: string) =>
      changePeople([first], `profile = profile || jsonb_build_object('department', '${department}')`);
    await moveTo('Sales');
    await drain(lane, tools);
    app.fault = () => ({ error: failure('app_rejected') });
    await moveTo('Legal');
    await drain(lane, tools);
    app.calls.length = 0;
    await moveTo('Sales');
    await drain(lane, tools);
    await moveTo('Sales');
    await drain(lane, tools);
    expect(app.calls).toEqual([]);
    expect((await eventsOf(db, appId)).slice(-2)).toEqual([
      'application.provision.user.push_profile FAILURE',
      'application.provision.user.verify_exists SUCCESS',
    ]);
  });

  test('an app that cannot be reached is paused as a whole, and no row is blamed', async () => {
    const { db, app, appId, lane, tools } = await setUp(50);
    app.fault = () => ({ error: failure('app_unreachable') });
    const { nextMs } = await drain(lane, tools);
    expect(nextMs).toBe(5_000);
    expect(app.calls.length).toBeLessThan(15);
    const failed = await db.query(`select 1 from app_users where sync_state = 'ERROR' or attempts > 0`);
    expect(failed).toHaveLength(0);
    expect(await eventsOf(db, appId)).toContain('application.integration.general_failure FAILURE');
    const again = await drain(lane, tools);
    expect(again.nextMs).toBeGreaterThan(3_000);
    app.fault = () => undefined;
    await db.query('update app_health set paused_until = now()');
    await hurry(db);
    await drain(lane, tools);
    expect(app.accounts.size).toBe(50);
    const [health] = await db.query<{ state: string }>('select state from app_health');
    expect(health?.state).toBe('OK');
  });

  test('refused credentials stop the app after three answers', async () => {
    const { app, appId, db, lane, tools } = await setUp(50, { limits: { concurrencyMax: 1 } });
    app.fault = () => ({ error: failure('app_credentials_refused') });
    const { nextMs } = await drain(lane, tools);
    expect(app.calls).toHaveLength(3);
    expect(nextMs).toBe(5 * 60_000);
    expect(await eventsOf(db, appId)).toContain('application.integration.authentication_failure FAILURE');
  });

  test('a rate limit pauses the whole app for as long as it says', async () => {
    const { app, lane, tools } = await setUp(50);
    app.fault = () => ({ error: new UsherError('app_rate_limited', 'Slow down.', { retryAfterSeconds: 42 }) });
    const { nextMs } = await drain(lane, tools);
    expect(nextMs).toBe(42_000);
    expect(app.calls.length).toBeLessThanOrEqual(4);
  });

  test('first contact lists the app once and links whom it knows without a write', async () => {
    const { app, appId, db, lane, tools } = await setUp(3, { listed: false });
    app.accounts.set('77', {
      externalId: '77' as ExternalId,
      userName: 'Person0@ACME.example',
      active: true,
      correlationId: undefined,
      profile: { givenName: 'Person', familyName: 'N0', email: 'person0@acme.example', department: 'Sales' },
    });
    await drain(lane, tools);
    expect(app.calls.map((call) => call.verb)).toEqual(['list', 'create', 'create']);
    expect(await eventsOf(db, appId)).toContain('application.provision.user.sync SUCCESS');
    expect(app.accounts.size).toBe(3);
  });

  test('an app set up in steps is listed once provisioning is on, whatever was looked at before', async () => {
    const { app, db, lane, tools } = await setUp(3, { listed: false, provisioning: provisioningOff });
    await drain(lane, tools);
    expect(app.calls).toEqual([]);
    await db.query(`update apps set provisioning = $1::jsonb, revision = revision + 1`, [
      JSON.stringify(provisioningOn),
    ]);
    await db.query(`update app_users set due_at = now(), version = version + 1, unprovisioned = false`);
    await drain(lane, tools);
    expect(app.calls.map((call) => call.verb)).toEqual(['list', 'create', 'create', 'create']);
  });

  test('a new configuration in mid-run is used from the next row on', async () => {
    const { app, db, lane, tools } = await setUp(60, { limits: { concurrencyMax: 2 } });
    app.latencyMs = 10;
    const running = drain(lane, tools);
    await expect.poll(() => app.accounts.size, { interval: 5 }).toBeGreaterThan(5);
    await db.query(`update mappings set properties = jsonb_set(properties, '{department,expression}', '"\\"New\\""')`);
    await db.query('update apps set revision = revision + 1');
    await db.query(`update app_users set version = version + 1,
      due_at = case when sync_state = 'SYNCING' then due_at else now() end`);
    expect(await running).toEqual({ nextMs: 0 });
    await drain(lane, tools);
    expect([...app.accounts.values()].map((account) => account.profile['department'])).toEqual(Array(60).fill('New'));
  });

  test('an account with a taken name is left alone when the app is set to ask', async () => {
    const { app, appId, db, lane, tools, first } = await setUp(1, {
      provisioning: { ...provisioningOn, existingAccount: 'ASK' },
    });
    app.accounts.set('77', {
      externalId: '77' as ExternalId,
      userName: 'person0@acme.example',
      active: true,
      correlationId: 'someone',
      profile: {},
    });
    const before = structuredClone([...app.accounts]);
    await drain(lane, tools);
    expect([...app.accounts]).toEqual(before);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'ERROR',
      external_id: null,
      last_error_code: 'app_account_exists',
    });
  });

  test('nothing is sent while the connection is off, and those people stay unprovisioned afterwards', async () => {
    const { app, appId, db, lane, tools, first } = await setUp(2, { connected: false });
    await drain(lane, tools);
    expect(await rowOf(db, appId, first)).toMatchObject({
      sync_state: 'DISABLED',
      status: 'ACTIVE',
      unprovisioned: true,
    });
    await db.query(`update app_connections set status = 'ENABLED'`);
    await db.query('update apps set revision = revision + 1');
    await db.query(`update app_users set due_at = now(), version = version + 1`);
    await drain(lane, tools);
    expect(app.calls).toEqual([]);
    expect(await rowOf(db, appId, first)).toMatchObject({ sync_state: 'DISABLED', unprovisioned: true });
  });
});
