import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases(
  'To App options from the command line, on a SCIM server of others (issue 4, item 2)',
  (database) => {
    let on: ProvisioningWorld;
    let target: RunningApp;
    let appId: AppId;
    let sent: string[] = [];
    let count = 0;
    beforeAll(async () => {
      on = await openProvisioningWorld(database);
    });
    // An app of its own for each option: nothing one leaves behind helps another.
    beforeEach(async () => {
      await target?.close();
      target = await startScimmyApp({ token: 'secret', onRequest: (line) => sent.push(line) });
      appId = await on.addScimApp(target);
    });
    afterAll(() => target.close());

    const set = async (...flags: readonly string[]) => {
      const { exit, stderr } = await on.usher('apps', 'provisioning', appId, ...flags);
      expect([exit, stderr]).toEqual([0, '']);
    };
    /** Lets the worker finish, and gives the writes that cost: "PATCH", "POST". */
    const writes = async () => {
      sent = [];
      await on.drain(appId);
      return sent.map((line) => line.split(' ')[0]).filter((method) => method !== 'GET');
    };
    const account = async (login: string) => {
      const answer = await fetch(`${target.url}/Users?filter=${encodeURIComponent(`userName eq "${login}"`)}`, {
        headers: { authorization: 'Bearer secret' },
      });
      const { Resources: [found] = [] } = (await answer.json()) as { Resources?: JsonObject[] };
      return found;
    };
    const newcomer = async () => {
      const login = `person${(count += 1)}@acme.example`;
      const [id = '' as UserId] = await on.addPeople(login);
      expect((await on.usher('assign', appId, '--user', login)).exit).toBe(0);
      return { id, login };
    };
    const change = (id: UserId, profile: JsonObject) => on.call('POST', `/api/v1/users/${id}`, { profile });

    test('create off: nothing is sent for a newcomer, a task says so, and a retry makes the account later', async () => {
      await set('--create', 'off');
      const { login } = await newcomer();
      expect(await writes()).toEqual([]);
      const { json } = await on.usher('tasks', 'list', '--app', appId);
      expect(json).toEqual([expect.objectContaining({ people: 1, leavers: 0 })]);
      await set('--create', 'on');
      expect((await on.usher('tasks', 'retry', '--app', appId)).exit).toBe(0);
      expect(await writes()).toEqual(['POST']);
      expect(await account(login)).toMatchObject({ active: true });
      expect((await on.usher('tasks', 'list', '--app', appId)).json).toEqual([]);
    });

    test('everything off: a newcomer is listed as without an account, and has one when somebody says so', async () => {
      await set('--create', 'off', '--update', 'off', '--deactivate', 'off');
      const { login } = await newcomer();
      expect(await writes()).toEqual([]);
      expect((await on.usher('unprovisioned', 'list', appId)).json).toEqual([expect.objectContaining({ login })]);
      await set('--create', 'on');
      expect(await writes()).toEqual([]);
      expect((await on.usher('apps', 'provision', appId, '--all')).exit).toBe(0);
      expect(await writes()).toEqual(['POST']);
    });

    test('update off: a change of the profile stays here until it is switched on', async () => {
      const { id, login } = await newcomer();
      await writes();
      await set('--update', 'off');
      await change(id, { title: 'Analyst' });
      expect(await writes()).toEqual([]);
      await set('--update', 'on');
      expect((await on.usher('apps', 'sync', appId)).exit).toBe(0);
      expect(await writes()).toEqual(['PATCH']);
      expect(await account(login)).toMatchObject({ title: 'Analyst' });
    });

    test.each([
      ['patch', 'PATCH'],
      ['put', 'PUT'],
      ['automatic', 'PATCH'],
    ])('the verb %s: a change is one %s', async (verb, method) => {
      await set('--update-verb', verb);
      const { id, login } = await newcomer();
      await writes();
      await change(id, { title: 'Analyst' });
      expect(await writes()).toEqual([method]);
      expect(await account(login)).toMatchObject({ title: 'Analyst', active: true });
    });

    test('user names are never changed where they are excluded', async () => {
      await set('--exclude-user-name-updates', 'on');
      const { id, login } = await newcomer();
      await writes();
      await change(id, { login: `renamed-${login}`, title: 'Analyst' });
      await writes();
      expect(await account(login)).toMatchObject({ title: 'Analyst' });
      expect(await account(`renamed-${login}`)).toBeUndefined();
      await set('--exclude-user-name-updates', 'off');
      expect((await on.usher('apps', 'sync', appId)).exit).toBe(0);
      await writes();
      expect(await account(`renamed-${login}`)).toMatchObject({ title: 'Analyst' });
    });

    test('somebody who is not activated yet has an account only with push-pending', async () => {
      const login = `pending${(count += 1)}@acme.example`;
      await on.addUser(login, 'STAGED');
      expect((await on.usher('assign', appId, '--user', login)).exit).toBe(0);
      expect(await writes()).toEqual([]);
      await set('--push-pending', 'on');
      await writes();
      expect(await account(login)).toBeDefined();
    });

    test.each([
      ['nothing', [], { active: true }],
      ['deactivate', ['PATCH'], { active: false }],
      ['delete', ['DELETE'], undefined],
      ['task', [], { active: true }],
    ])('a leaver, and the policy "%s"', async (policy, expected, left) => {
      await set('--deprovision', policy);
      const { login } = await newcomer();
      await writes();
      expect((await on.usher('users', 'deactivate', login)).exit).toBe(0);
      expect(await writes()).toEqual(expected);
      const found = await account(login);
      if (left === undefined) expect(found).toBeUndefined();
      else expect(found).toMatchObject(left);
      const { json } = await on.usher('tasks', 'list', '--app', appId);
      expect(json).toHaveLength(policy === 'task' ? 1 : 0);
    });

    test('with days before the deletion the account is off at once', async () => {
      await set('--deprovision', 'delete', '--delete-after-days', '30');
      const { login } = await newcomer();
      await writes();
      expect((await on.usher('users', 'deactivate', login)).exit).toBe(0);
      expect(await writes()).toEqual(['PATCH']);
      expect(await account(login)).toMatchObject({ active: false });
    });

    test.each([
      ['leave', [], true],
      ['deactivate', ['PATCH'], false],
    ])('a suspended person, and "%s"', async (choice, expected, active) => {
      await set('--suspended', choice);
      const { login } = await newcomer();
      await writes();
      expect((await on.usher('users', 'suspend', login)).exit).toBe(0);
      expect(await writes()).toEqual(expected);
      expect(await account(login)).toMatchObject({ active });
    });

    test.each([['before'], ['after']])(
      'an account is recognised by its unique attribute, %s the app was listed',
      async (when) => {
        await set('--unique-attribute', 'title');
        const made = await fetch(`${target.url}/Users`, {
          method: 'POST',
          headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
          body: JSON.stringify({
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
            ...{ userName: `old-${when}@acme.example`, active: true, title: 'No 4711' },
          }),
        });
        const { id: accountId } = (await made.json()) as JsonObject;
        if (when === 'after') expect((await on.usher('unprovisioned', 'match', appId)).exit).toBe(0);
        const login = `person${(count += 1)}@acme.example`;
        const [id = '' as UserId] = await on.addPeople(login);
        expect((await change(id, { title: 'no 4711' })).statusCode).toBe(200);
        expect((await on.usher('assign', appId, '--user', login)).exit).toBe(0);
        expect(await writes()).not.toContain('POST');
        expect(await account(login)).toMatchObject({ id: accountId, userName: login });
      },
    );

    test('people without an account are matched by the unique attribute, and namesakes are not', async () => {
      await set('--unique-attribute', 'externalId', '--create', 'off', '--update', 'off', '--deactivate', 'off');
      const { login } = await newcomer();
      await on.drain(appId);
      await fetch(`${target.url}/Users`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          ...{ userName: login, active: true },
        }),
      });
      const matched = async () => {
        expect((await on.usher('unprovisioned', 'match', appId)).exit).toBe(0);
        const { json } = await on.usher('unprovisioned', 'list', appId);
        return (json as readonly JsonObject[]).map(({ match }) => match);
      };
      expect(await matched()).toEqual(['none']);
      await set('--unique-attribute', 'userName');
      expect(await matched()).toEqual(['exact']);
    });

    test('the page size is the one the app is asked for', async () => {
      await set('--page-size', '7');
      await newcomer();
      await on.drain(appId);
      sent = [];
      expect((await on.usher('unprovisioned', 'match', appId)).exit).toBe(0);
      await on.drain(appId);
      const asked = sent.map((line) => /count=(\d+)/.exec(line)?.[1]).filter((size) => size !== undefined);
      expect(new Set(asked)).toEqual(new Set(['7']));
    });

    test.each([
      [['--page-size', '0'], 'pageSize'],
      [['--timeout-ms', '5'], 'timeoutMs'],
      [['--concurrency-max', '100000'], 'concurrencyMax'],
      [['--deprovision', 'burn'], 'deprovision'],
      [['--delete-after-days', '100000'], 'deleteAfterDays'],
      [['--update-verb', 'post'], 'updateVerb'],
      [['--unique-attribute', 'shoeSize'], 'shoeSize'],
      [['--unique-attribute', 'roles'], 'roles'],
    ])('%j is refused, naming %s, and nothing is changed', async (flags, field) => {
      const before = (await on.usher('apps', 'provisioning', appId)).json;
      const { exit, stderr } = await on.usher('apps', 'provisioning', appId, ...flags);
      expect([exit, stderr]).toEqual([1, expect.stringContaining(field)]);
      expect((await on.usher('apps', 'provisioning', appId)).json).toEqual(before);
    });
  },
);
