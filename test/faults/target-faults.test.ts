import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFaultyApp, type Behaviour, type Fault, type FaultyApp } from '../apps/faulty-app.ts';
import { describeOnDatabases } from '../database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople, provisioningOn } from '../fixtures.ts';
import { scim } from '../../src/connectors/scim/index.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { parseEgressRules } from '../../src/lib/egress.ts';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import { createHttpClient } from '../../src/lib/undici-http-client.ts';
import { loadAppConfig } from '../../src/store/app-config.ts';
import { refreshPeople } from '../../src/store/assignments.ts';
import type { Db } from '../../src/store/database.ts';
import { createLane, type AppLane, type WorkerTools } from '../../src/worker/app-lane.ts';
import { drainApp } from '../../src/worker/drain-app.ts';

// The whole engine with the real SCIM connector against an app that misbehaves: rows F8 to F16 of the fault table.
// After the faults end, the app must hold exactly one account for everybody, with the right values.

const never = new AbortController().signal;

interface World {
  readonly db: Db;
  readonly appId: AppId;
  readonly userIds: readonly UserId[];
  drain(): Promise<number | undefined>;
  /** Ends all waiting, and works until nothing is due. */
  drainToRest(): Promise<void>;
  deactivateEverybody(): Promise<void>;
  errors(): Promise<string[]>;
}

describeOnDatabases('an app that misbehaves', (database) => {
  let app: FaultyApp;
  beforeAll(async () => {
    app = await startFaultyApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    await app.close();
    app = await startFaultyApp();
  });

  async function world(
    people: number,
    options: { behaviour?: Partial<Behaviour>; timeoutMs?: number; settings?: typeof provisioningOn } = {},
  ): Promise<World> {
    app.behave(options.behaviour ?? {});
    const db = await database.open();
    const userIds = await insertPeople(db, people);
    const appId = await insertApp(db, {
      ...(options.settings === undefined ? {} : { provisioning: options.settings }),
    });
    await assignGroupTo(db, appId, await insertGroup(db, 'All', userIds));
    const attributes = (await loadAppConfig(db, appId))?.attributes ?? {};
    const http = createHttpClient({
      egress: parseEgressRules(['127.0.0.1/32']),
      timeoutMs: options.timeoutMs ?? 5_000,
      connections: 16,
    });
    const lane: AppLane = createLane(appId);
    const tools: WorkerTools = {
      db,
      clock: systemClock,
      random: () => 0,
      openConnection: () =>
        Promise.resolve(
          scim.open({
            settings: { baseUrl: app.url, auth: { scheme: 'bearer', token: 'secret' } },
            attributes,
            quirks: {},
            learned: {},
            learn: () => undefined,
            http,
            pageSize: 100,
          }),
        ),
      onError: (error) => {
        throw error;
      },
    };
    const drain = async () => (await drainApp(lane, tools, { stop: never, cancel: never })).nextMs;
    return {
      db,
      appId,
      userIds,
      drain,
      drainToRest: async () => {
        for (let round = 0; round < 30; round += 1) {
          await db.query('update app_users set due_at = now(), lease_until = null where due_at is not null');
          await db.query('update app_health set paused_until = null');
          if ((await drain()) === undefined) return;
        }
        throw new Error('The app does not come to rest.');
      },
      deactivateEverybody: () =>
        db.transaction(async (tx) => {
          await tx.query(`update users set status = 'DEPROVISIONED'`);
          await refreshPeople(tx, userIds);
        }),
      errors: async () =>
        (
          await db.query<{ error: string }>(
            'select last_error_code as error from app_users where last_error_code is not null',
          )
        ).map((row) => row.error),
    };
  }

  function expectOneAccountEach(userIds: readonly UserId[], active = true): void {
    const users = app.users();
    expect(users.map((user) => String(user['externalId'])).sort()).toEqual([...userIds].sort());
    expect(users.every((user) => user['active'] === active)).toBe(true);
  }

  describe('F8: 429', () => {
    const inFortySeconds = 'in forty seconds';
    const retryAfter: [string, Record<string, string>, number, number][] = [
      ['seconds', { 'retry-after': '7' }, 6_500, 7_000],
      ['an HTTP date', { 'retry-after': inFortySeconds }, 20_000, 40_500],
      ['nothing', {}, 29_000, 30_000],
      ['nonsense', { 'retry-after': 'soon' }, 29_000, 30_000],
      ['ten years', { 'retry-after': '315360000' }, 3_500_000, 3_600_000],
    ];
    test.each(retryAfter)(
      'with %s pauses the app, costs no attempt and loses nobody',
      async (_name, headers, least, most) => {
        const one = await world(20);
        const date = new Date(Date.now() + 40_000).toUTCString();
        const sent = Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value === inFortySeconds ? date : value]),
        );
        app.fail({ on: 'POST /Users', effect: 'before', status: 429, headers: sent, body: '{}', probability: 0.3 });
        const waitMs = await one.drain();
        expect(waitMs).toBeGreaterThanOrEqual(least);
        expect(waitMs).toBeLessThanOrEqual(most);
        const [row] = await one.db.query<{ attempts: number }>('select max(attempts)::int as attempts from app_users');
        expect(row?.attempts).toBe(0);
        app.clearFaults();
        await one.drainToRest();
        expectOneAccountEach(one.userIds);
      },
    );
  });

  test.each([500, 502, 503, 504])('F9: %i before the effect', async (status) => {
    const one = await world(50);
    app.fail({ on: '/Users', effect: 'before', status, body: 'oops', contentType: 'text/plain', probability: 0.1 });
    await one.drain();
    await one.drainToRest();
    expectOneAccountEach(one.userIds);
  });

  const lost: [string, Partial<Fault>][] = [
    ['a 500', { status: 500, body: '<h1>Error</h1>', contentType: 'text/html' }],
    ['a reset connection', { transport: 'reset' }],
    ['half an answer', { transport: 'cut', cutAt: 30 }],
    ['another person’s account', { body: JSON.stringify({ id: 'x1', userName: 'somebody.else@acme.example' }) }],
    ['no answer in time', { transport: 'hang' }],
  ];
  test.each(lost)('F10, F11: done, but the answer is %s', async (_name, fault) => {
    const one = await world(100, { behaviour: { duplicate: 'allowed' }, timeoutMs: 400 });
    app.fail({ on: 'POST /Users', effect: 'after', probability: 0.3, ...fault });
    await one.drain();
    app.clearFaults();
    await one.drainToRest();
    expectOneAccountEach(one.userIds);
    expect(await one.errors()).toEqual([]);
  });

  test('F10: lost answers to deactivation leave nobody active', async () => {
    const one = await world(50, { timeoutMs: 400 });
    await one.drainToRest();
    await one.deactivateEverybody();
    app.fail({ on: 'PATCH /Users', effect: 'after', transport: 'reset', probability: 0.5 });
    await one.drain();
    app.clearFaults();
    await one.drainToRest();
    expectOneAccountEach(one.userIds, false);
  });

  const wrongBodies: [string, Partial<Fault>][] = [
    ['without an id', { body: '{"userName":"person0@acme.example"}' }],
    ['empty', { body: '' }],
    ['an HTML page', { status: 200, body: '<html><title>Sign in</title></html>', contentType: 'text/html' }],
    ['XML', { body: '<User/>', contentType: 'application/xml' }],
    ['a list', { body: '[]' }],
    ['null', { body: 'null' }],
    ['a 204', { status: 204, body: '' }],
  ];
  test.each(wrongBodies)('F12: the answer to a create is %s', async (_name, fault) => {
    const one = await world(5);
    app.fail({ on: 'POST /Users', effect: 'after', ...fault });
    await one.drain();
    app.clearFaults();
    await one.drainToRest();
    expectOneAccountEach(one.userIds);
  });

  test('F12: an id that belongs to somebody else here is never linked twice', async () => {
    const one = await world(2);
    await one.drainToRest();
    const [first] = app.users();
    const more = await insertPeople(one.db, 1, 10);
    const [group] = await one.db.query<{ id: string }>('select id from groups');
    await one.db.query(`insert into group_members values ($1, $2, 'direct')`, [group?.id, more[0]]);
    await one.db.transaction((tx) => refreshPeople(tx, more));
    const stolen = { ...first, userName: 'person10@acme.example' };
    app.fail({ on: 'POST /Users', effect: 'before', times: 1, status: 201, body: JSON.stringify(stolen) });
    await one.drain();
    const rows = await one.db.query('select 1 from app_users where external_id = $1', [first?.['id']]);
    expect(rows).toHaveLength(1);
    expect(await one.errors()).toEqual(['conflict']);
  });

  test('F13, F14: an app that hangs, drips or floods frees its worker in time', async () => {
    for (const transport of ['hang', 'drip', 'huge', 'bomb', 'huge-headers'] as const) {
      const one = await world(3, { timeoutMs: 1_000 });
      app.fail({ on: 'POST /Users', effect: 'before', transport, dripMs: 100, bytes: 50_000_000, times: 3 });
      const started = Date.now();
      await one.drain();
      expect(Date.now() - started).toBeLessThan(8_000);
      app.clearFaults();
      await one.drainToRest();
      expectOneAccountEach(one.userIds);
      await app.close();
      app = await startFaultyApp();
    }
  });

  const conflicts: ['409' | '409-empty' | '400-uniqueness' | '500-html'][] = [
    ['409'],
    ['409-empty'],
    ['400-uniqueness'],
    ['500-html'],
  ];
  test.each(conflicts)('F15: a taken name answered with %s is linked when the app is set to', async (duplicate) => {
    const one = await world(2, { behaviour: { duplicate } });
    app.seed([{ userName: 'PERSON0@acme.example', active: true, name: { givenName: 'Old' } }]);
    await one.drain();
    await one.drainToRest();
    expect(app.users()).toHaveLength(2);
    expect(await one.errors()).toEqual([]);
  });

  test('F15: somebody else’s account is not touched when the app is set to ask', async () => {
    const one = await world(1, { settings: { ...provisioningOn, existingAccount: 'ASK' } });
    app.seed([{ userName: 'person0@acme.example', externalId: 'someone', active: true }]);
    const before = JSON.stringify(app.users());
    await one.drain();
    expect(JSON.stringify(app.users())).toBe(before);
    expect(await one.errors()).toEqual(['app_account_exists']);
  });

  test('F16: a token revoked in mid-run stops the app after three answers, and nobody is lost', async () => {
    const one = await world(100, { behaviour: { token: 'secret' } });
    app.fail({ on: '/Users', skip: 40, effect: 'before', status: 401, body: '{"detail":"The token was revoked"}' });
    const waitMs = await one.drain();
    expect(waitMs).toBe(5 * 60_000);
    expect(app.requests()).toBeLessThan(40 + 3 + 16);
    const [health] = await one.db.query<{ state: string; reason: string }>('select state, reason from app_health');
    expect(health).toMatchObject({ state: 'QUARANTINED', reason: expect.stringContaining('The token was revoked') });
    app.clearFaults();
    await one.drainToRest();
    expectOneAccountEach(one.userIds);
  });
});
