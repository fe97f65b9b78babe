import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import { addMembers, removeMember } from '../../src/services/groups.ts';
import { changeLifecycle } from '../../src/services/user-lifecycle.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from './world.ts';

// One group gives people an app and is pushed to it, on real SCIM servers, by the command line.

describeOnDatabases('pushed groups', (database) => {
  describe.each([
    ['scimmy', startScimmyApp],
    ['better-auth', startBetterAuthApp],
  ] as const)('%s', (name, start) => {
    let on: ProvisioningWorld;
    let target: RunningApp;
    let appId: AppId;
    let groupId: GroupId;
    let people: UserId[];
    beforeAll(async () => {
      target = await start({ token: 'secret' });
      on = await openProvisioningWorld(database);
      appId = await on.addScimApp(target);
      people = await on.addPeople('ada@acme.example', 'bob@acme.example', 'eve@acme.example');
      groupId = await on.addGroup('Engineering', people);
      await ok('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    });
    afterAll(() => target.close());

    const ok = async (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) => {
      const answer = await on.call(method, path, body);
      expect(answer.statusCode, answer.body).toBeLessThan(300);
    };
    const usher = async (...args: readonly string[]) => {
      const run = await on.usher('apps', 'push-groups', ...args);
      expect([run.exit, run.stderr]).toEqual([0, expect.any(String)]);
      return run;
    };
    const read = async (path: string): Promise<JsonObject> => {
      const answer = await fetch(target.url + path, { headers: { authorization: 'Bearer secret' } });
      return (await answer.json()) as JsonObject;
    };
    const list = async (path: string) => ((await read(path))['Resources'] ?? []) as JsonObject[];
    /** Per group of the app its members' names, as the app itself tells it. */
    const groups = async () => {
      const names = new Map((await list('/Users')).map((user) => [user['id'], String(user['userName']).split('@')[0]]));
      const found = await list('/Groups');
      return Promise.all(
        found.map(async (group) => {
          const { displayName, members } = await read(`/Groups/${String(group['id'])}`);
          const shown = (Array.isArray(members) ? members : []) as { value: Json }[];
          return [
            displayName,
            shown
              .map(({ value }) => names.get(value))
              .sort()
              .join(' '),
          ];
        }),
      );
    };

    test(`accounts come before memberships, and people come and go by themselves (${name})`, async () => {
      await usher('add', appId, 'Engineering');
      await on.drain(appId);
      expect(await groups()).toEqual([['Engineering', 'ada bob eve']]);
      expect((await usher('targets', appId)).json).toMatchObject({
        groups: [{ name: 'Engineering', taken: true }],
        complete: true,
      });
      const [ada, bob] = people;
      if (ada === undefined || bob === undefined) throw new Error('Nobody is there.');
      await removeMember(on.context, groupId, ada);
      await changeLifecycle(on.context, bob, 'deactivate');
      const [newcomer] = await on.addPeople('joe@acme.example');
      if (newcomer === undefined) throw new Error('Nobody came.');
      await addMembers(on.context, groupId, [newcomer]);
      await on.drain(appId);
      expect(await groups()).toEqual([['Engineering', 'eve joe']]);
      await changeLifecycle(on.context, bob, 'activate');
      await on.drain(appId);
      expect(await groups()).toEqual([['Engineering', 'bob eve joe']]);
      const requests = target.requests();
      await on.drain(appId);
      expect(target.requests()).toBe(requests);
    });

    test(`listed, shown, paused, resumed, pushed, renamed and removed by commands (${name})`, async () => {
      const { json } = await usher('list', appId);
      expect(json).toMatchObject([
        { sourceName: 'Engineering', status: 'ACTIVE', syncState: 'SYNCHRONIZED', membersInApp: 3, membersWanted: 3 },
      ]);
      await usher('pause', appId, 'Engineering');
      await ok('PUT', `/api/v1/groups/${groupId}`, { profile: { name: 'Motors' } });
      await on.drain(appId);
      expect(await groups()).toEqual([['Engineering', 'bob eve joe']]);
      await usher('resume', appId, 'Motors');
      await on.drain(appId);
      expect(await groups()).toEqual([['Motors', 'bob eve joe']]);
      await usher('push', appId, 'Motors');
      await on.drain(appId);
      await usher('rename', appId, 'Motors', '--keep');
      expect((await usher('show', appId, 'Motors')).json).toMatchObject({ namePolicy: 'TARGET', people: 3 });
      expect((await usher('retry', appId)).json).toEqual({ retried: 0 });
      await usher('remove', appId, 'Motors', '--delete-in-app');
      await on.drain(appId);
      expect(await groups()).toEqual([]);
    });

    test(`a rule pushes the groups that fit, and those that come (${name})`, async () => {
      const [, , eve] = people;
      await on.addGroup('team-red', eve === undefined ? [] : [eve]);
      await usher('rules', 'add', appId, 'Teams', '--name-starts-with', 'TEAM-', '--preview');
      await usher('rules', 'add', appId, 'Teams', '--name-starts-with', 'TEAM-');
      await ok('POST', '/api/v1/groups', { profile: { name: 'team-blue' } });
      await on.drain(appId);
      const sorted = (await groups()).sort(([left], [right]) => String(left).localeCompare(String(right)));
      expect(sorted).toEqual([
        ['team-blue', ''],
        ['team-red', 'eve'],
      ]);
      expect((await usher('rules', 'list', appId)).json).toMatchObject([{ name: 'Teams', mappings: 2 }]);
      await usher('rules', 'delete', appId, 'Teams', '--mappings', 'delete');
      await on.drain(appId);
      expect(await groups()).toEqual([]);
    });
  });

  test('a wrong name, and a choice that is none, end with their exit codes', async () => {
    const on = await openProvisioningWorld(database);
    const target = await startScimmyApp({ token: 'secret' });
    const appId = await on.addScimApp(target);
    await on.addGroup('Sales', []);
    const exit = async (...args: readonly string[]) => (await on.usher('apps', 'push-groups', ...args)).exit;
    expect(await exit('show', appId, 'Nobody')).toBe(3);
    expect(await exit('add', appId, 'Nobody')).toBe(3);
    expect(await exit('rename', appId, 'Sales')).toBe(2);
    expect(await exit('rules', 'add', appId, 'X')).toBe(2);
    expect(await exit('rules', 'delete', appId, 'X', '--mappings', 'burn')).toBe(2);
    await target.close();
  });
});
