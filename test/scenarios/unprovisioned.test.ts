import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

interface Person {
  readonly userId: UserId;
  readonly login: string;
  readonly scope: string;
  readonly match: string;
  readonly accountName: string | null;
  readonly diff: readonly JsonObject[] | null;
}

const names = ['ada', 'bob', 'eve', 'ian', 'kim', 'leo', 'max', 'zoe'];

describeOnDatabases('people assigned before provisioning (issue 4, item 9)', (database) => {
  describe.each([
    ['SCIMMY', startScimmyApp],
    ['better-auth', startBetterAuthApp],
  ])('%s', (_name, startTarget) => {
    let on: ProvisioningWorld;
    let target: RunningApp;
    let appId: AppId;
    const people = new Map<string, UserId>();
    beforeAll(async () => {
      target = await startTarget({ token: 'secret' });
      on = await openProvisioningWorld(database);
      appId = await on.addScimApp(target, { on: false });
      for (const name of names) {
        const userId = await on.addUser(`${name}@acme.example`);
        people.set(name, userId);
        // better-auth gives every account a display name.
        await on.call('POST', `/api/v1/users/${userId}`, { profile: { displayName: `${name} Tester` } });
      }
      // As the app holds them: Ada as she should be, Zoe with another surname, Bob under another name, two like Max.
      await addAccount('ada@acme.example', 'ada', 'Tester', 'ada@acme.example');
      await addAccount('zoe@acme.example', 'zoe', 'Before', 'zoe@acme.example');
      await addAccount('robert', 'Robert', 'Tester', 'bob@acme.example');
      await addAccount('max1', 'max', 'Tester', 'max1@elsewhere.example');
      await addAccount('max2', 'max', 'Tester', 'max2@elsewhere.example');
      const groupId = await on.addGroup('Staff', [...people.values()].slice(1));
      await on.usher('assign', appId, '--user', 'ada@acme.example');
      await on.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`);
      await on.drain(appId);
    });
    afterAll(() => target.close());

    const headers = { authorization: 'Bearer secret' };
    const addAccount = async (userName: string, givenName: string, familyName: string, email: string) => {
      const answer = await request(`${target.url}/Users`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          ...{ userName, active: true, displayName: `${givenName} ${familyName}` },
          name: { givenName, familyName },
          emails: [{ value: email, type: 'work', primary: true }],
        }),
      });
      expect([answer.statusCode, await answer.body.text()]).toEqual([201, expect.anything()]);
    };
    const accountNames = async () => {
      const answer = await request(`${target.url}/Users?count=100`, { headers });
      const { Resources = [] } = (await answer.body.json()) as { Resources?: JsonObject[] };
      return Resources.map(({ userName }) => String(userName)).sort();
    };
    const at = (path = '') => `/usher/v1/apps/${appId}/unprovisioned${path}`;
    const list = async (query = '') => (await on.call('GET', at(query))).json<Person[]>();
    const logins = async (query = '') => (await list(query)).map(({ login }) => login.split('@')[0]).sort();
    const provision = (...args: string[]) => on.usher('unprovisioned', 'provision', appId, ...args);
    const appUser = async (name: string) =>
      (await on.call('GET', `/api/v1/apps/${appId}/users/${people.get(name)}`)).json<JsonObject>();
    /** Writes the app has taken while something was done and everything due was worked on. */
    const writesOf = async (act: () => Promise<unknown>) => {
      const before = target.writes();
      await act();
      await on.drain(appId);
      return target.writes() - before;
    };

    test('everybody assigned without an account is listed; nobody is provisioned while provisioning is off', async () => {
      expect(await logins()).toEqual(names);
      const found = await on.usher('unprovisioned', 'list', appId);
      expect(found.json).toEqual(await list());
      expect(await list()).toContainEqual(expect.objectContaining({ login: 'ada@acme.example', scope: 'USER' }));
      expect(await list()).toContainEqual(expect.objectContaining({ login: 'bob@acme.example', scope: 'GROUP' }));
      expect((await on.call('GET', at('/summary'))).json()).toMatchObject({ total: 8, unknown: 8 });
      expect((await on.call('POST', at('/provision'), {})).statusCode).toBe(403);
      expect((await provision('--all')).exit).toBe(5);
      expect((await on.call('GET', '/usher/v1/apps/0oanone/unprovisioned')).statusCode).toBe(404);
      expect((await on.call('GET', at('?match=perhaps'))).statusCode).toBe(400);
    });

    test('turning provisioning on makes no account; they are matched by one listing, without a write', async () => {
      const writes = await writesOf(async () => {
        await on.call('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/activate`);
        await on.usher('apps', 'provisioning', appId, '--create', 'on', '--update', 'on', '--deactivate', 'on');
        await on.drain(appId);
        const requests = target.requests();
        const matched = await on.usher('unprovisioned', 'match', appId);
        const summary = { total: 8, exact: 2, partial: 1, none: 4, ambiguous: 1, unknown: 0 };
        expect([matched.exit, matched.json]).toEqual([0, expect.objectContaining({ summary })]);
        // One page, and the empty one that ends the listing; not a request for each person.
        expect(target.requests() - requests).toBe(2);
      });
      expect(writes).toBe(0);
      expect((await on.usher('unprovisioned', 'list', appId, '--match', 'exact')).json).toHaveLength(2);
      const exact = new Map((await list('?match=exact')).map((person) => [person.login, person]));
      expect(exact.get('ada@acme.example')).toMatchObject({ accountName: 'ada@acme.example', diff: [] });
      expect(exact.get('zoe@acme.example')?.diff).toContainEqual(
        expect.objectContaining({ now: 'Before', after: 'Tester' }),
      );
      expect(await list('?match=partial')).toMatchObject([{ login: 'bob@acme.example', accountName: 'robert' }]);
      expect((await list('?match=partial'))[0]?.diff).toContainEqual({
        ...{ attribute: 'userName', now: 'robert', after: 'bob@acme.example' },
      });
      expect(await logins('?match=ambiguous')).toEqual(['max']);
      expect(await logins('?match=none')).toEqual(['eve', 'ian', 'kim', 'leo']);
    });

    test('one: an account that has the right values already is linked without a write', async () => {
      const writes = await writesOf(async () => {
        const run = await provision('--user', 'ada@acme.example');
        expect([run.exit, run.json]).toEqual([0, expect.objectContaining({ done: 1, failed: 0 })]);
      });
      expect(writes).toBe(0);
      expect(await appUser('ada')).toMatchObject({ syncState: 'SYNCHRONIZED', status: 'PROVISIONED' });
      expect(await on.counts(appId)).toMatchObject({ synchronized: 1, unprovisioned: 7 });
    });

    test('a selection, by API and by what matching came to: one write for each account, and none for the others', async () => {
      const userIds = [people.get('eve'), people.get('ian')];
      const made = await writesOf(async () => {
        const run = (await on.call('POST', at('/provision'), { userIds })).json<{ id: string }>();
        expect((await on.usher('runs', 'show', run.id)).json).toMatchObject({ done: 2, failed: 0 });
      });
      const linked = await writesOf(async () => {
        expect((await provision('--match', 'exact')).json).toMatchObject({ done: 1, failed: 0 });
      });
      expect([made, linked]).toEqual([2, 1]);
      expect(await appUser('zoe')).toMatchObject({ syncState: 'SYNCHRONIZED' });
      const again = await on.call('POST', at('/provision'), { userIds });
      expect((await on.usher('runs', 'show', again.json<{ id: string }>().id)).json).toMatchObject({ skipped: 2 });
      expect(await logins()).toEqual(['bob', 'kim', 'leo', 'max']);
    });

    test('all: nobody gets a second account, what is unclear is left until somebody decides', async () => {
      const before = await accountNames();
      const made = await writesOf(async () => {
        const run = await provision('--all');
        expect([run.exit, run.json]).toEqual([6, expect.objectContaining({ done: 2, failed: 2 })]);
        const { id } = run.json as { id: string };
        const problems = (await on.call('GET', `/usher/v1/runs/${id}/problems`)).json<JsonObject[]>();
        expect(problems.map(({ item }) => item).sort()).toEqual(['bob@acme.example', 'max@acme.example']);
      });
      expect(made).toBe(2);
      expect(await accountNames()).toEqual([...before, 'kim@acme.example', 'leo@acme.example'].sort());

      const linked = await provision('--user', 'bob@acme.example', '--partial', 'link');
      expect(linked.json).toMatchObject({ done: 1, counts: { linked: 1 } });
      await on.drain(appId);
      expect(await appUser('bob')).toMatchObject({ syncState: 'SYNCHRONIZED' });
      expect(await accountNames()).toEqual(
        [
          ...before.filter((name) => name !== 'robert'),
          'bob@acme.example',
          'kim@acme.example',
          'leo@acme.example',
        ].sort(),
      );
      expect((await on.usher('unprovisioned', 'list', appId)).json).toMatchObject([{ login: 'max@acme.example' }]);
    });
  });
});
