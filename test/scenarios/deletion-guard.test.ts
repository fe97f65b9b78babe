import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId } from '../../src/lib/ids.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import type { RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases('deleting at once takes the exact number, or a plan (issue 4, item 10)', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  beforeAll(async () => {
    target = await startBetterAuthApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    const [ada = '', bob = '', eve = ''] = await on.addPeople('ada@a.example', 'bob@a.example', 'eve@a.example');
    await on.usher('assign', appId, '--user', ada, bob, eve);
    await on.drain(appId);
    for (const gone of [ada, bob]) await on.call('DELETE', `/api/v1/apps/${appId}/users/${gone}`);
    await on.drain(appId);
  });
  afterAll(() => target.close());

  const patch = (body: object) => on.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, body);
  const linked = async () =>
    (await on.db.query('select 1 from app_users where app_id = $1 and external_id is not null', [appId])).length;

  test.each([
    ['no number', {}],
    ['too few', { confirmDeletions: 1 }],
    ['too many', { confirmDeletions: 3 }],
  ])('%s: 409 that says how many, and nothing is deleted', async (_name, more) => {
    const refused = await patch({ deprovision: 'DELETE', ...more });
    expect([refused.statusCode, refused.body]).toEqual([409, expect.stringContaining('delete 2 accounts')]);
    await on.drain(appId);
    expect(await linked()).toBe(3);
  });

  test('with days to go nobody is deleted at once, so nothing is asked; fewer days later are', async () => {
    expect((await patch({ deprovision: 'DELETE', deleteAfterDays: 30, limits: { pageSize: 50 } })).statusCode).toBe(
      200,
    );
    await on.drain(appId);
    expect(await linked()).toBe(3);
    expect((await patch({ deleteAfterDays: 1 })).statusCode).toBe(200);
    expect((await patch({ deleteAfterDays: 0 })).statusCode).toBe(409);
    const cli = await on.usher('apps', 'provisioning', appId, '--delete-after-days', '0');
    expect([cli.exit, cli.stderr]).toEqual([5, expect.stringContaining('confirmDeletions=2')]);
  });

  test('a plan shows them, with limits among the settings, and applying it deletes just these', async () => {
    const flags = ['--delete-after-days', '0', '--page-size', '25', '--plan'];
    const plan = await on.usher('apps', 'provisioning', appId, ...flags);
    expect(plan.json).toMatchObject({ status: 'READY', counts: { remove: 2, none: 1 } });
    expect(await linked()).toBe(3);
    const { id } = plan.json as { id: string };
    expect((await on.usher('plan', 'apply', id)).exit).toBe(0);
    await on.drain(appId);
    expect(await linked()).toBe(1);
  });

  test('the exact number is enough, where there is one', async () => {
    expect((await patch({ deprovision: 'DEACTIVATE' })).statusCode).toBe(200);
    expect((await on.usher('unassign', appId, '--user', 'eve@a.example')).exit).toBe(0);
    await on.drain(appId);
    const flags = ['--deprovision', 'delete', '--confirm-deletions', '1'];
    expect((await on.usher('apps', 'provisioning', appId, ...flags)).exit).toBe(0);
    await on.drain(appId);
    expect(await linked()).toBe(0);
  });
});
