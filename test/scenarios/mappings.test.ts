import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import type { RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases('mappings, by API and command line (issue 4, item 4)', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  let mappingId: string;
  let ada: UserId;
  let bob: UserId;
  let sales: GroupId;
  beforeAll(async () => {
    target = await startBetterAuthApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    const [first, second] = await on.addPeople('ada@acme.example', 'bob@acme.example');
    if (first === undefined || second === undefined) throw new Error('Nobody was added.');
    [ada, bob] = [first, second];
    sales = await on.addGroup('Sales', []);
    const found = await on.call('GET', `/api/v1/mappings?targetId=${appId}`);
    mappingId = found.json<{ id: string }[]>()[0]?.id ?? '';
    await on.usher('assign', appId, '--user', ada, bob);
    await on.drain(appId);
  });
  afterAll(() => target.close());

  /** The account as the app has it. */
  const account = async (name: string): Promise<JsonObject> => {
    await on.drain(appId);
    const answer = await request(`${target.url}/Users?count=100`, { headers: { authorization: 'Bearer secret' } });
    const { Resources } = (await answer.body.json()) as { Resources: JsonObject[] };
    return Resources.find((each) => each['userName'] === `${name}@acme.example`) ?? {};
  };
  const set = async (attribute: string, ...flags: string[]) => {
    const answer = await on.usher('mappings', 'set', appId, '--to', attribute, ...flags);
    expect([answer.exit, answer.stderr]).toEqual([0, expect.anything()]);
    return answer.json;
  };
  const profile = (who: UserId, changes: JsonObject) => on.call('POST', `/api/v1/users/${who}`, { profile: changes });

  test('how many accounts a change would change is told before it is saved; then it is saved, now or later', async () => {
    const flags = ['--expression', '"Agent " + user.firstName', '--when-empty', 'leave'];
    expect(await set('title', ...flags, '--plan')).toMatchObject({ counts: { update: 2 }, requests: 2 });
    expect((await account('ada'))['title']).toBeUndefined();

    expect(await set('title', ...flags, '--later')).toMatchObject({ properties: { title: { whenEmpty: 'LEAVE' } } });
    expect((await account('ada'))['title']).toBeUndefined();
    const synced = await on.usher('apps', 'sync', appId);
    expect([synced.exit, synced.json]).toMatchObject([0, { status: 'SUCCEEDED', total: 2, done: 2 }]);
    expect((await account('ada'))['title']).toBe('Agent ada');
    const events = await on.events(appId);
    expect(events.filter((type) => type.startsWith('app.app_instance.provision_sync_job'))).toEqual([
      'app.app_instance.provision_sync_job.started',
      'app.app_instance.provision_sync_job.completed',
    ]);
    expect((await on.usher('mappings', 'remove', appId, 'title')).exit).toBe(0);
  });

  test('one person is synchronized by reading the account: what was changed in the app is put right', async () => {
    await set('title', '--value', 'Agent');
    const { id } = await account('bob');
    await request(`${target.url}/Users/${String(id)}`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'title', value: 'Boss' }],
      }),
    });
    await on.usher('apps', 'sync', appId, '--user', bob);
    expect((await account('bob'))['title']).toBe('Boss');
    const synced = await on.usher('apps', 'sync', appId, '--user', bob, '--read');
    expect(synced.json).toMatchObject({ status: 'SUCCEEDED', done: 1 });
    expect((await account('bob'))['title']).toBe('Agent');
  });

  test('are previewed for a person, for somebody, and before they are saved, both ways', async () => {
    const draft = ['--to', 'title', '--expression', 'String.toUpperCase(user.firstName)'];
    const shown = await on.usher('mappings', 'preview', appId, '--user', 'ada@acme.example', ...draft);
    const row = { attribute: 'title', value: 'ADA' };
    expect(shown.json).toMatchObject({
      userId: ada,
      attributes: expect.arrayContaining([expect.objectContaining(row)]),
    });
    expect((await on.usher('mappings', 'preview', appId)).json).toMatchObject({ userId: [ada, bob].sort()[0] });
    const back = ['--direction', 'to-directory', '--user', ada, '--to', 'nickName', '--from', 'userName'];
    const inbound = await on.usher('mappings', 'preview', appId, ...back);
    expect(inbound.json).toMatchObject({
      attributes: expect.arrayContaining([
        expect.objectContaining({ attribute: 'nickName', value: 'ada@acme.example' }),
      ]),
    });
    const faulty = await on.usher(
      'mappings',
      'preview',
      appId,
      '--user',
      ada,
      '--to',
      'title',
      '--expression',
      'user.',
    );
    expect(faulty.json).toMatchObject({
      attributes: expect.arrayContaining([expect.objectContaining({ attribute: 'title', error: expect.any(String) })]),
    });
  });

  test('are checked, saved or not; nothing is saved by it, and what cannot be is refused', async () => {
    expect(await on.usher('mappings', 'check', appId)).toMatchObject({ exit: 0, json: [] });
    const check = (properties: object) => on.call('POST', `/usher/v1/mappings/${mappingId}/check`, { properties });
    const wrong = await check({ title: { expression: 'user.shoeSize' }, givenName: null });
    expect(wrong.json()).toMatchObject({
      findings: [
        { attribute: 'title', severity: 'error', reason: expect.stringContaining('user.shoeSize') },
        { attribute: 'givenName', severity: 'warning' },
      ],
    });
    const other = (await check({ title: { expression: 'zendesk_1.role' } })).json<{ findings: object[] }>();
    expect(other.findings).toMatchObject([{ severity: 'warning', reason: expect.stringContaining('zendesk_1') }]);
    expect((await on.usher('mappings', 'set', appId, '--to', 'title', '--from', 'shoeSize')).exit).toBe(1);
    expect((await on.usher('mappings', 'set', appId, '--to', 'title')).exit).toBe(2);
    expect((await on.usher('mappings', 'show', appId, '--direction', 'to-app')).json).toMatchObject({ id: mappingId });
    expect((await on.usher('mappings', 'list', '--app', appId)).json).toHaveLength(2);
    expect((await on.call('POST', '/usher/v1/mappings/pmzzzzzzzzzzzzzzzzzz/check')).statusCode).toBe(404);
    const nobody = await on.call('POST', `/usher/v1/apps/${appId}/synchronize`, { userIds: [] });
    expect(nobody.statusCode).toBe(400);
  });

  test('are recomputed when the manager changes, and when the manager is another', async () => {
    await set('title', '--expression', 'getManagerUser("active_directory").firstName');
    await profile(ada, { managerId: 'bob@acme.example' });
    expect((await account('ada'))['title']).toBe('bob');
    await profile(bob, { firstName: 'Robert' });
    expect((await account('ada'))['title']).toBe('Robert');
    await profile(ada, { managerId: ada });
    expect((await account('ada'))['title']).toBe('ada');
  });

  test('are recomputed when somebody joins or leaves a group', async () => {
    await set('userType', '--expression', 'isMemberOfGroupName("Sales") ? "Seller" : "Staff"');
    expect((await account('bob'))['userType']).toBe('Staff');
    await on.call('PUT', `/api/v1/groups/${sales}/users/${bob}`);
    expect((await account('bob'))['userType']).toBe('Seller');
    await on.call('PUT', `/api/v1/groups/${sales}`, { profile: { name: 'Trade' } });
    expect((await account('bob'))['userType']).toBe('Staff');
  });
});
