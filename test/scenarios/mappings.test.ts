import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startFaultyApp, type FaultyApp } from '../apps/faulty-app.ts';
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
    expect(other.findings).toMatchObject([{ severity: 'error', reason: expect.stringContaining('zendesk_1') }]);
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

describeOnDatabases('mappings that read another app (issue 4, item 4)', (database) => {
  let on: ProvisioningWorld;
  let source: FaultyApp;
  let target: RunningApp;
  let directory: AppId;
  let wiki: AppId;
  let name: string;
  let ada: UserId;
  let bob: UserId;
  beforeAll(async () => {
    source = await startFaultyApp();
    target = await startBetterAuthApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    directory = await on.addScimApp(source, { label: 'Directory' });
    wiki = await on.addScimApp(target, { label: 'Wiki' });
    name = await nameOf(directory);
    const [first, second] = await on.addPeople('ada@acme.example', 'bob@acme.example');
    if (first === undefined || second === undefined) throw new Error('Nobody was added.');
    [ada, bob] = [first, second];
    await on.usher('assign', wiki, '--user', ada, bob);
    await on.drain(wiki);
  });
  afterAll(async () => {
    await source.close();
    await target.close();
  });

  const nameOf = async (appId: AppId) => (await on.call('GET', `/api/v1/apps/${appId}`)).json<{ name: string }>().name;
  const titles = async () => {
    await on.drain(wiki);
    const answer = await request(`${target.url}/Users?count=100`, { headers: { authorization: 'Bearer secret' } });
    const { Resources } = (await answer.body.json()) as { Resources: JsonObject[] };
    return Object.fromEntries(Resources.map((each) => [String(each['userName']).split('@')[0], each['title']]));
  };
  /** Whose rows in the app wait to be looked at. */
  const due = async (appId: AppId) => {
    const rows = await on.db.query<{ user_id: UserId }>(
      'select user_id from app_users where app_id = $1 and due_at is not null order by user_id',
      [appId],
    );
    return rows.map(({ user_id }) => user_id);
  };
  const set = (app: AppId, attribute: string, expression: string) =>
    on.usher('mappings', 'set', app, '--to', attribute, '--expression', expression);
  const assign = (app: AppId, user: UserId, profile: JsonObject) =>
    on.call('POST', `/api/v1/apps/${app}/users`, { id: user, scope: 'USER', profile });

  test('an app or attribute that is not there is refused when it is saved, with its place', async () => {
    const noApp = await set(wiki, 'title', 'user.firstName + nobody_1.title');
    expect([noApp.exit, noApp.stderr]).toEqual([1, expect.stringContaining('names nobody_1, at column 18')]);
    const noAttribute = await set(wiki, 'title', `"x" + ${name}.shoeSize`);
    expect(noAttribute.exit).toBe(1);
    expect(noAttribute.stderr).toContain(`names ${name}.shoeSize, at column ${name.length + 8}`);
    const template = { credentials: { userNameTemplate: { template: `\${${name}.title}`, type: 'CUSTOM' } } };
    const app = (await on.call('GET', `/api/v1/apps/${wiki}`)).json<JsonObject>();
    expect((await on.call('PUT', `/api/v1/apps/${wiki}`, { ...app, ...template })).statusCode).toBe(400);
  });

  test('who has the other app gets its value, from the mapping or the assignment there, before it is sent', async () => {
    expect((await set(directory, 'title', '"Agent " + user.firstName')).exit).toBe(0);
    const draft = ['--to', 'title', '--expression', `${name}.title`];
    await on.usher('assign', directory, '--user', ada);
    const preview = await on.usher('mappings', 'preview', wiki, '--user', ada, ...draft);
    const row = { attribute: 'title', value: 'Agent ada', reads: { [`${name}.title`]: 'Agent ada' } };
    expect(preview.json).toMatchObject({ attributes: expect.arrayContaining([expect.objectContaining(row)]) });
    expect((await set(wiki, 'title', `${name}.title`)).exit).toBe(0);
    expect(await titles()).toEqual({ ada: 'Agent ada', bob: undefined });
    expect(source.users()).toEqual([]);
    const explained = await on.usher('explain', ada, wiki);
    expect(explained.json).toMatchObject({
      values: expect.arrayContaining([
        expect.objectContaining({ source: expect.objectContaining({ reads: { [`${name}.title`]: 'Agent ada' } }) }),
      ]),
    });
  });

  test('a change there marks the rows that read it and no others', async () => {
    await on.drain(wiki);
    await assign(directory, ada, { title: 'Countess' });
    expect(await due(wiki)).toEqual([ada]);
    expect(await titles()).toEqual({ ada: 'Countess', bob: undefined });
    await on.drain(directory);
    await set(wiki, 'title', '"x"');
    await on.drain(wiki);
    await assign(directory, ada, { title: 'Nobody' });
    expect(await due(wiki)).toEqual([]);
    await set(wiki, 'title', `${name}.title`);
    expect(await titles()).toEqual({ ada: 'Nobody', bob: undefined });
  });

  test('groups that give the other app, its mappings, and losing it count, too', async () => {
    const staff = await on.addGroup('Staff', [bob]);
    await on.drain(wiki);
    await on.call('PUT', `/api/v1/apps/${directory}/groups/${staff}`, {});
    expect(await due(wiki)).toEqual([bob]);
    expect(await titles()).toEqual({ ada: 'Nobody', bob: 'Agent bob' });
    await set(directory, 'title', '"Spy " + user.firstName');
    expect(await titles()).toEqual({ ada: 'Nobody', bob: 'Spy bob' });
    await on.call('POST', `/api/v1/users/${bob}`, { profile: { firstName: 'Robert' } });
    expect(await titles()).toMatchObject({ bob: 'Spy Robert' });
    await on.usher('unassign', directory, '--user', ada);
    expect(await due(wiki)).toEqual([ada]);
    expect(await titles()).toEqual({ ada: undefined, bob: 'Spy Robert' });
  });

  test('a mapping that is broken there leaves what the account has, and says so', async () => {
    await set(directory, 'title', 'Convert.toInt(user.firstName) + "x"');
    expect(await titles()).toMatchObject({ bob: 'Spy Robert' });
    const tasks = await on.usher('tasks', 'list', '--app', wiki);
    expect(JSON.stringify(tasks.json)).toContain('The profile in Directory cannot be told');
    await set(directory, 'title', '"Spy " + user.firstName');
    expect(await titles()).toMatchObject({ bob: 'Spy Robert' });
  });

  test('a circle is refused naming its mappings, however long it is', async () => {
    const wikiName = await nameOf(wiki);
    const third = await on.addScimApp(source, { label: 'Third', on: false });
    expect((await set(third, 'title', `${wikiName}.title`)).exit).toBe(0);
    const refused = await set(directory, 'nickName', `${await nameOf(third)}.title`);
    expect(refused.exit).toBe(1);
    for (const part of ['nickName of Directory', 'title of Third', 'title of Wiki']) {
      expect(refused.stderr).toContain(part);
    }
    const own = await set(wiki, 'nickName', `${wikiName}.title`);
    expect([own.exit, own.stderr]).toEqual([1, expect.stringContaining('nickName of Wiki')]);
    const check = await on.usher('mappings', 'check', wiki);
    expect(check.json).toEqual([]);

    // By way of another: who has all three.
    await on.usher('assign', third, '--user', bob);
    await on.drain(third);
    await set(directory, 'title', '"Sir " + user.firstName');
    expect(await due(third)).toEqual([bob]);
    await on.call('POST', `/api/v1/apps/${third}/lifecycle/deactivate`);
    expect((await on.call('DELETE', `/api/v1/apps/${third}`)).statusCode).toBe(204);
  });

  test('nothing is taken from under a mapping: renaming goes on, deletion and removal are refused', async () => {
    const app = (await on.call('GET', `/api/v1/apps/${directory}`)).json<JsonObject>();
    await on.call('PUT', `/api/v1/apps/${directory}`, { ...app, label: 'Renamed' });
    expect((await on.usher('mappings', 'check', wiki)).json).toEqual([]);
    const schema = `/api/v1/meta/schemas/apps/${directory}/default`;
    const badge = { title: 'Badge', type: 'string', externalName: 'badge', externalNamespace: 'urn:acme:2.0:User' };
    const change = (definition: JsonObject | null) =>
      on.call('POST', schema, {
        definitions: { custom: { id: '#custom', type: 'object', properties: { badge: definition } } },
      });
    expect((await change(badge)).statusCode).toBe(200);
    expect((await set(wiki, 'nickName', `${name}.badge`)).exit).toBe(0);
    const removed = await change(null);
    expect([removed.statusCode, removed.body]).toEqual([400, expect.stringContaining('nickName of Wiki')]);

    await on.call('POST', `/api/v1/apps/${directory}/lifecycle/deactivate`);
    expect(await titles()).toMatchObject({ bob: 'Sir Robert' });
    const kept = await on.call('DELETE', `/api/v1/apps/${directory}`);
    expect([kept.statusCode, kept.body]).toEqual([400, expect.stringContaining('title of Wiki')]);
    await on.usher('mappings', 'remove', wiki, 'nickName');
    expect((await change(null)).statusCode).toBe(200);
    await on.usher('mappings', 'remove', wiki, 'title');
    expect((await on.call('DELETE', `/api/v1/apps/${directory}`)).statusCode).toBe(204);
  });
});
