import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryApp, type MemoryApp } from '../../test/apps/memory-connection.ts';
import { openScim } from '../../test/apps/open-scim.ts';
import { startScimmyApp, type RunningApp } from '../../test/apps/scimmy-app.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople, provisioningOn } from '../../test/fixtures.ts';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import type { Connection } from '../connectors/contract.ts';
import { mergeProvisioning, type ProvisioningSettings } from '../domain/app.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import { refreshPeople } from '../store/assignments.ts';
import { createLane } from './app-lane.ts';
import { drainApp } from './drain-app.ts';

const never = new AbortController().signal;

describeOnDatabases('losing an app', (database) => {
  let on: HttpTest;
  let scimmy: RunningApp;
  let from = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
    scimmy = await startScimmyApp({ token: 'secret' });
  });
  afterAll(() => scimmy.close());

  interface World {
    readonly appId: AppId;
    readonly userId: UserId;
    readonly name: string;
    readonly app: MemoryApp;
    drain(): Promise<{ readonly nextMs: number | undefined }>;
    become(status: 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED'): Promise<void>;
    row(): Promise<Record<string, unknown>>;
  }

  async function world(
    changes: Partial<ProvisioningSettings>,
    { connection, connected }: { connection?: () => Connection; connected?: boolean } = {},
  ): Promise<World> {
    const app = createMemoryApp();
    const provisioning = mergeProvisioning(provisioningOn, changes, new Date(0));
    const appId = await insertApp(on.db, { provisioning, ...(connected === undefined ? {} : { connected }) });
    const [userId = '' as UserId] = await insertPeople(on.db, 1, from);
    const name = `person${from}@acme.example`;
    from += 1;
    await assignGroupTo(on.db, appId, await insertGroup(on.db, `Group ${from}`, [userId]));
    const lane = createLane(appId);
    const tools = {
      ...{ db: on.db, clock: on.context.clock, random: () => 0 },
      openConnection: () => Promise.resolve((connection ?? app.connection)()),
      onError: (error: unknown) => {
        throw error;
      },
    };
    return {
      ...{ appId, userId, name, app },
      drain: () => drainApp(lane, tools, { stop: never, cancel: never }),
      become: async (status) => {
        await on.db.query('update users set status = $2 where id = $1', [userId, status]);
        await on.db.transaction((tx) => refreshPeople(tx, [userId]));
      },
      row: async () => {
        const rows = await on.db.query<Record<string, unknown>>(
          'select * from app_users where app_id = $1 and user_id = $2',
          [appId, userId],
        );
        return rows[0] ?? {};
      },
    };
  }

  /** As if so many days had gone by since the person lost the app. */
  const daysLater = ({ userId }: World, days: number) =>
    on.db.query(
      `update app_users set status_changed = status_changed - $2 * interval '1 day', due_at = due_at - $2 * interval '1 day'
       where user_id = $1`,
      [userId, days],
    );

  describe('and a deletion days later', () => {
    test('the account is off at once, gone after the days, and made anew on the return', async () => {
      const at = await world({ deprovision: 'DELETE', deleteAfterDays: 30 });
      await at.drain();
      await at.become('DEPROVISIONED');
      const { nextMs } = await at.drain();
      expect(nextMs).toBeGreaterThan(29.9 * 86_400_000);
      expect([...at.app.accounts.values()].map((account) => account.active)).toEqual([false]);
      await daysLater(at, 29);
      await at.drain();
      expect(at.app.accounts.size).toBe(1);
      await daysLater(at, 1.1);
      await at.drain();
      expect(at.app.accounts.size).toBe(0);
      expect(await at.row()).toMatchObject({ external_id: null, status: 'DEPROVISIONED', due_at: null });
      expect(await on.events(at.appId)).toEqual(
        expect.arrayContaining(['application.provision.user.delete.schedule', 'application.provision.user.delete']),
      );
      await at.become('ACTIVE');
      await at.drain();
      expect(at.app.accounts.size).toBe(1);
    });

    test('who is back in time keeps the account, and nothing is due any more', async () => {
      const at = await world({ deprovision: 'DELETE', deleteAfterDays: 30 });
      await at.drain();
      await at.become('DEPROVISIONED');
      await at.drain();
      await at.become('ACTIVE');
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'PROVISIONED', due_at: null });
      await at.become('DEPROVISIONED');
      const { nextMs } = await at.drain();
      expect(nextMs).toBeGreaterThan(29.9 * 86_400_000);
    });

    test('turned on later, it deletes nobody before its days are over', async () => {
      const at = await world({});
      await at.drain();
      await at.become('DEPROVISIONED');
      await at.drain();
      await daysLater(at, 400);
      const settings = mergeProvisioning(provisioningOn, { deprovision: 'DELETE', deleteAfterDays: 30 }, new Date());
      await on.db.query('update apps set provisioning = $2::jsonb, revision = revision + 1 where id = $1', [
        at.appId,
        JSON.stringify(settings),
      ]);
      await on.db.query('update app_users set due_at = now() where app_id = $1', [at.appId]);
      const { nextMs } = await at.drain();
      expect(at.app.accounts.size).toBe(1);
      expect(nextMs).toBeGreaterThan(29 * 86_400_000);
    });
  });

  test('and its entitlements alone: the rest of the account stays', async () => {
    const at = await world({ deprovision: 'REMOVE_ENTITLEMENTS', entitlements: ['department'] });
    await at.drain();
    await at.become('DEPROVISIONED');
    await at.drain();
    const [account] = [...at.app.accounts.values()];
    expect(account).toMatchObject({ active: true, profile: { department: null, givenName: 'Person' } });
    expect(await at.row()).toMatchObject({ status: 'DEPROVISIONED', sync_state: 'SYNCHRONIZED' });
    await at.become('ACTIVE');
    await at.drain();
    expect([...at.app.accounts.values()][0]?.profile['department']).toBe('Sales');
  });

  test('a suspended person is switched off where the app is to know, and on again', async () => {
    const at = await world({ suspended: 'DEACTIVATE' });
    await at.drain();
    await at.become('SUSPENDED');
    await at.drain();
    expect([...at.app.accounts.values()].map((account) => account.active)).toEqual([false]);
    expect(await at.row()).toMatchObject({ status: 'SUSPENDED', assigned: true, sync_state: 'SYNCHRONIZED' });
    await at.become('ACTIVE');
    await at.drain();
    expect([...at.app.accounts.values()].map((account) => account.active)).toEqual([true]);
    const left = await world({});
    await left.drain();
    await left.become('SUSPENDED');
    await left.drain();
    expect([...left.app.accounts.values()].map((account) => account.active)).toEqual([true]);
  });

  test('a real SCIM server: off, deleted after its days, made anew', async () => {
    const at = await world({ deprovision: 'DELETE', deleteAfterDays: 1 }, { connection: () => openScim(scimmy.url) });
    const there = async () => {
      const connection = openScim(scimmy.url);
      const found = await connection.find({ userName: at.name, correlationId: at.userId }, never);
      await connection.close();
      return found?.active;
    };
    await at.drain();
    expect(await there()).toBe(true);
    await at.become('DEPROVISIONED');
    await at.drain();
    expect(await there()).toBe(false);
    await daysLater(at, 2);
    await at.drain();
    expect(await there()).toBeUndefined();
    await at.become('ACTIVE');
    await at.drain();
    expect(await there()).toBe(true);
  });

  describe('by hand', () => {
    const tasksOf = async (at: World) =>
      (await on.call('GET', `/usher/v1/tasks?appId=${at.appId}`)).json<
        { id: string; kind: string; leavers: number }[]
      >();
    const complete = (task: { readonly id: string } | undefined, body: object) =>
      on.call('POST', `/usher/v1/tasks/${task?.id ?? ''}/complete`, body);

    test('an app without an interface gives tasks to make and to take away, completed with evidence', async () => {
      const at = await world({ manual: true }, { connected: false });
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'APPROVED', sync_state: 'DISABLED' });
      const [make] = await tasksOf(at);
      expect(make).toMatchObject({ kind: 'PROVISION', people: 1, leavers: 0, errorCode: null });
      const evidence = { text: 'Made in the panel.', link: 'https://tickets.acme.example/1' };
      const done = await complete(make, { userIds: [at.userId], evidence, externalId: 'fax-7' });
      expect(done.json()).toEqual({ completed: 1 });
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'PROVISIONED', external_id: 'fax-7', sync_state: 'SYNCHRONIZED' });
      expect(await tasksOf(at)).toEqual([]);

      await at.become('DEPROVISIONED');
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'REVOKED' });
      const [take] = await tasksOf(at);
      expect(take).toMatchObject({ kind: 'DEPROVISION', leavers: 1 });
      expect((await on.call('POST', `/usher/v1/tasks/${take?.id ?? ''}/retry`, {})).statusCode).toBe(403);
      await on.db.query('update app_users set due_at = now() where app_id = $1', [at.appId]);
      await at.drain();
      expect((await complete(take, { all: true, evidence: { text: 'Cut.' } })).json()).toEqual({ completed: 1 });
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'DEPROVISIONED', recorded_active: false });
      expect((await on.events(at.appId)).filter((event) => event.startsWith('application.user_membership'))).toEqual([
        'application.user_membership.add',
        'application.user_membership.approve',
        'application.user_membership.provision',
        'application.user_membership.remove',
        'application.user_membership.revoke',
        'application.user_membership.deprovision',
      ]);
      const operations = await on.call('GET', `/usher/v1/apps/${at.appId}/operations`);
      expect(operations.json()).toMatchObject([
        { kind: 'deactivate', changes: { byHand: { text: 'Cut.' } } },
        { kind: 'create', changes: { byHand: evidence } },
      ]);
      expect(at.app.calls).toEqual([]);
    });

    test('a connected app can have its leavers taken away by hand', async () => {
      const at = await world({ deprovision: 'TASK' });
      await at.drain();
      await at.become('DEPROVISIONED');
      await at.drain();
      const [take] = await tasksOf(at);
      expect(take).toMatchObject({ kind: 'DEPROVISION', leavers: 1 });
      await complete(take, { all: true, evidence: { text: 'Switched off.' } });
      await at.drain();
      expect(await at.row()).toMatchObject({ status: 'DEPROVISIONED', recorded_active: false });
      expect(at.app.calls.map((call) => call.verb)).toEqual(['create']);
    });

    test.each([
      ['nothing said', { all: true }, 400],
      ['nobody named', { evidence: { text: 'x' } }, 400],
      ['a link that is a script', { all: true, evidence: { text: 'x', link: 'javascript:alert(1)' } }, 400],
      ['one account for everybody', { all: true, evidence: { text: 'x' }, externalId: '7' }, 400],
    ])('%s is refused', async (_what, body, status) => {
      const at = await world({ manual: true }, { connected: false });
      await at.drain();
      expect((await complete((await tasksOf(at))[0], body)).statusCode).toBe(status);
    });
  });
});
