import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from './world.ts';

interface Person {
  readonly login: string;
  readonly match: string;
  readonly diff: unknown;
}

describeOnDatabases('people without an account', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  let people: UserId[];
  const writes: string[] = [];
  const reads: string[] = [];
  beforeAll(async () => {
    target = await startScimmyApp({
      token: 'secret',
      onRequest: (line) => {
        (line.startsWith('GET') ? reads : writes).push(line);
      },
    });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target, { on: false });
    people = await on.addPeople('ada@acme.example', 'bob@acme.example', 'eve@acme.example', 'max@acme.example');
    // As the app holds them: Ada as she should be, Bob under another name, two that may be Max.
    await addAccount('ada@acme.example', 'ada', 'Tester', 'ada@acme.example');
    await addAccount('robert', 'Robert', 'Tester', 'bob@acme.example');
    await addAccount('max1', 'max', 'Tester', 'max1@elsewhere.example');
    await addAccount('max2', 'max', 'Tester', 'max2@elsewhere.example');
    await on.call('POST', `/usher/v1/apps/${appId}/assignments`, { userIds: people });
    await on.drain(appId);
    writes.length = 0;
  });
  afterAll(() => target.close());

  const addAccount = async (userName: string, givenName: string, familyName: string, email: string) => {
    const answer = await request(`${target.url}/Users`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        ...{ userName, active: true, name: { givenName, familyName } },
        emails: [{ value: email, type: 'work', primary: true }],
      }),
    });
    expect([answer.statusCode, await answer.body.text()]).toEqual([201, expect.anything()]);
  };
  const at = (path = '') => `/usher/v1/apps/${appId}/unprovisioned${path}`;
  const list = async (query = '') => (await on.call('GET', at(query))).json<Person[]>();

  test('are listed and counted, and nobody is provisioned while provisioning is off', async () => {
    expect((await list()).map(({ login, match }) => [login, match])).toHaveLength(4);
    expect((await on.call('GET', at('/summary'))).json()).toMatchObject({ total: 4, unknown: 4 });
    expect((await on.call('POST', at('/provision'), {})).statusCode).toBe(403);
    expect((await on.call('GET', '/usher/v1/apps/0oanone/unprovisioned')).statusCode).toBe(404);
    expect((await on.call('GET', at('?match=perhaps'))).statusCode).toBe(400);
  });

  test('are matched by one listing, without a write', async () => {
    await on.call('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/activate`);
    await on.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, { create: true, update: true, deactivate: true });
    await on.drain(appId);
    writes.length = 0;
    reads.length = 0;
    const matched = await on.usher('unprovisioned', 'match', appId);
    expect([matched.exit, matched.json]).toEqual([
      0,
      expect.objectContaining({ summary: { total: 4, exact: 1, partial: 1, none: 1, ambiguous: 1, unknown: 0 } }),
    ]);
    // One page, and the empty one that ends the listing; not a request for each person.
    expect(reads.map((line) => line.replace(/&.*/, ''))).toEqual([
      'GET /scim/v2/Users?startIndex=1',
      'GET /scim/v2/Users?startIndex=5',
    ]);
    expect(writes).toEqual([]);
    expect((await list('?match=exact'))[0]).toMatchObject({ login: 'ada@acme.example', diff: [] });
    expect((await list('?match=partial'))[0]?.diff).toContainEqual({
      ...{ attribute: 'userName', now: 'robert', after: 'bob@acme.example' },
    });
    expect(await list('?match=ambiguous')).toMatchObject([{ login: 'max@acme.example' }]);
  });

  test('one whose account has the right values already is linked without a write', async () => {
    const run = await on.usher('unprovisioned', 'provision', appId, '--match', 'exact');
    expect([run.exit, run.json]).toEqual([0, expect.objectContaining({ done: 1, failed: 0 })]);
    await on.drain(appId);
    expect(writes).toEqual([]);
    expect(await on.counts(appId)).toMatchObject({ synchronized: 1, unprovisioned: 3 });
  });

  test('of the others nobody gets a second account: what is unclear is left until somebody decides', async () => {
    const all = (await on.call('POST', at('/provision'), {})).json<{ id: string }>();
    expect((await on.call('GET', `/usher/v1/runs/${all.id}`)).json()).toMatchObject({ done: 1, failed: 2 });
    await on.drain(appId);
    expect(writes).toHaveLength(1);
    expect(await on.counts(appId)).toMatchObject({ synchronized: 2, unprovisioned: 2 });

    writes.length = 0;
    const linked = await on.usher(
      'unprovisioned',
      'provision',
      appId,
      '--user',
      'bob@acme.example',
      '--partial',
      'link',
    );
    expect(linked.json).toMatchObject({ done: 1, counts: { linked: 1 } });
    await on.drain(appId);
    expect(writes.map((line) => line.split(' ')[0])).not.toContain('POST');
    const bob = await on.call('GET', `/api/v1/apps/${appId}/users/${people[1]}`);
    expect(bob.json()).toMatchObject({ syncState: 'SYNCHRONIZED', credentials: { userName: 'bob@acme.example' } });
    expect((await on.usher('unprovisioned', 'list', appId)).json).toMatchObject([{ login: 'max@acme.example' }]);
  });
});
