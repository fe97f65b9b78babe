import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases('assignments from the command line, on a SCIM server of others (issue 4, item 5)', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  let people: UserId[];
  let folder: string;
  const names = ['ada', 'bob', 'eve', 'joe'];
  const loginOf = (name: string) => `${name}@acme.example`;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-assign-'));
    target = await startScimmyApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    people = await on.addPeople(...names.map(loginOf));
    await on.addGroup('Sales', people.slice(0, 3));
    await on.addGroup('Support', people.slice(1, 3));
  });
  afterAll(async () => {
    await target.close();
    await rm(folder, { recursive: true });
  });

  const usher = async (...args: readonly string[]): Promise<Json> => {
    const { exit, stderr, json } = await on.usher(...args);
    expect([exit, stderr]).toEqual([0, expect.any(String)]);
    return json;
  };
  const ok = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Json> => {
    const answer = await on.call(method, path, body);
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.statusCode === 204 ? null : answer.json<Json>();
  };
  /** An attribute of each active account, by name, as the app itself tells it once nothing is left to do. */
  const accounts = async (attribute: string) => {
    await on.drain(appId);
    const answer = await fetch(`${target.url}/Users?count=100`, { headers: { authorization: 'Bearer secret' } });
    const { Resources: all = [] } = (await answer.json()) as { Resources?: JsonObject[] };
    const active = all.filter((account) => account['active'] === true);
    return Object.fromEntries(
      active.map((account) => [String(account['userName']).split('@')[0], account[attribute] ?? null]),
    );
  };
  const personPath = (index: number) => `/api/v1/apps/${appId}/users/${people[index] ?? ''}`;
  const scopes = async () => {
    const rows = (await ok('GET', `/api/v1/apps/${appId}/users`)) as unknown as { id: UserId; scope: string }[];
    return Object.fromEntries(rows.map(({ id, scope }) => [names[people.indexOf(id)], scope]));
  };

  test('individually and by a group, with values of the group and of the person; edited, the app follows', async () => {
    await usher('mappings', 'remove', appId, 'title');
    await usher('assign', appId, '--user', loginOf('joe'), '--set', 'title=Chief');
    await usher('assign', appId, '--group', 'Sales', '--set', 'title=Seller', '--priority', '0');
    expect(await scopes()).toEqual({ ada: 'GROUP', bob: 'GROUP', eve: 'GROUP', joe: 'USER' });
    expect(await accounts('title')).toEqual({ ada: 'Seller', bob: 'Seller', eve: 'Seller', joe: 'Chief' });
    await usher('assign', appId, '--user', loginOf('joe'), '--set', 'title=Founder');
    expect(await accounts('title')).toMatchObject({ joe: 'Founder' });
  });

  test('somebody of a group is overridden, keeps their values, and is given back: one, some, all', async () => {
    await usher('assignments', 'override', appId, '--user', ...['ada', 'bob', 'eve'].map(loginOf));
    await usher('assign', appId, '--group', 'Sales', '--set', 'title=Agent');
    expect(await accounts('title')).toMatchObject({ ada: 'Seller', bob: 'Seller', eve: 'Seller' });
    await ok('POST', personPath(0), { scope: 'GROUP' });
    expect(await accounts('title')).toMatchObject({ ada: 'Agent', bob: 'Seller', eve: 'Seller' });
    const some = await usher('assignments', 'return-to-groups', appId, '--user', loginOf('bob'));
    expect(some).toMatchObject({ total: 1, done: 1, failed: 0 });
    const all = await on.usher('assignments', 'return-to-groups', appId, '--all');
    // No group gives Joe the app: that is said, and he keeps it.
    expect([all.exit, all.json]).toEqual([6, expect.objectContaining({ done: 1, failed: 1 })]);
    expect(await scopes()).toEqual({ ada: 'GROUP', bob: 'GROUP', eve: 'GROUP', joe: 'USER' });
    expect(await accounts('title')).toEqual({ ada: 'Agent', bob: 'Agent', eve: 'Agent', joe: 'Founder' });
  });

  test('who is in two groups has the values of the first, and those of both where an attribute combines them', async () => {
    const list = ['--type', 'array', '--items', 'string', '--combine', 'yes', '--external-name', 'licences'];
    await usher('schema', 'add', appId, 'licences', ...list, '--external-namespace', 'urn:acme:licences');
    await usher('assign', appId, '--group', 'Sales', '--set', 'title=Agent', 'licences:=["crm"]');
    await usher('assign', appId, '--group', 'Support', '--set', 'title=Helper', 'licences:=["desk","crm"]');
    expect(await accounts('title')).toMatchObject({ ada: 'Agent', bob: 'Agent', eve: 'Agent' });
    await usher('assignments', 'order', appId, 'Support', 'Sales');
    expect(await accounts('title')).toMatchObject({ ada: 'Agent', bob: 'Helper', eve: 'Helper' });
    const licences = async (index: number) =>
      ((await ok('GET', personPath(index))) as { profile: { licences: string[] } }).profile.licences.toSorted();
    expect([await licences(0), await licences(1)]).toEqual([['crm'], ['crm', 'desk']]);
    await usher('unassign', appId, '--group', 'Support');
    expect(await accounts('title')).toMatchObject({ bob: 'Agent', eve: 'Agent' });
    expect(await licences(1)).toEqual(['crm']);
  });

  test('many at once, by a list, a search or a file: exact counts, and the accounts come and go', async () => {
    await usher('unassign', appId, '--group', 'Sales');
    expect(await accounts('title')).toEqual({ joe: 'Founder' });
    const runs = `/usher/v1/apps/${appId}/assignment-runs`;
    const users = ['ada', 'bob', 'nobody'].map(loginOf);
    const { id } = (await ok('POST', runs, { action: 'assign', users })) as { id: string };
    expect(await ok('GET', `/usher/v1/runs/${id}`)).toMatchObject({ total: 3, done: 2, failed: 1, skipped: 0 });
    const found = await usher('assign', appId, '--search', 'profile.login sw "eve" or profile.login sw "joe"');
    expect(found).toMatchObject({ total: 2, done: 1, skipped: 1, failed: 0 });
    expect(Object.keys(await accounts('title')).sort()).toEqual(['ada', 'bob', 'eve', 'joe']);
    const file = join(folder, 'leaving.csv');
    await writeFile(file, 'login\nADA@acme.example\nbob@acme.example\n');
    expect(await usher('unassign', appId, '--csv', file)).toMatchObject({ total: 2, done: 2 });
    expect(Object.keys(await accounts('title')).sort()).toEqual(['eve', 'joe']);
  });

  test.each([
    [['--search', 'profile.login sw "eve"', '--set', 'title=X'], '--user or --group'],
    [['--user', 'eve@acme.example', '--priority', '1'], '--group'],
    [['--user', 'eve@acme.example', '--set', 'title'], 'title'],
  ])('%j is a usage error, and nothing changes', async (flags, said) => {
    const before = await scopes();
    const { exit, stderr } = await on.usher('assign', appId, ...flags);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(await scopes()).toEqual(before);
  });
});
