import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import { insertRole } from '../../src/store/admins.ts';
import { describeOnDatabases } from '../database.ts';
import { openHttpTest, type HttpTest, type Method } from '../http-context.ts';
import { addAdmin, addApp, type TestAdmin } from './world.ts';

describeOnDatabases('a role that is limited', (database) => {
  let on: HttpTest;
  let [mine, foreign, admin]: UserId[] = [];
  let [group, otherGroup, adminGroup]: GroupId[] = [];
  let [app, sibling, otherApp]: AppId[] = [];
  const admins: Record<string, TestAdmin> = {};

  beforeAll(async () => {
    on = await openHttpTest(database);
    mine = await on.addUser('mine@acme.example');
    foreign = await on.addUser('foreign@acme.example');
    group = await on.addGroup('Mine', [mine]);
    otherGroup = await on.addGroup('Foreign', [foreign]);
    app = await addApp(on, 'Slack one', 'slack');
    sibling = await addApp(on, 'Slack two', 'slack');
    otherApp = await addApp(on, 'Wiki');
    admins['group'] = await addAdmin(on, 'USER_ADMIN', { groups: [group] });
    admins['help desk'] = await addAdmin(on, 'HELP_DESK_ADMIN', { groups: [group] });
    admins['app'] = await addAdmin(on, 'APP_ADMIN', { apps: [{ name: 'slack', appId: app }] });
    admins['integration'] = await addAdmin(on, 'APP_ADMIN', { apps: [{ name: 'slack', appId: null }] });
    admins['nothing'] = await addAdmin(on, 'APP_ADMIN', { apps: [] });
    admins['org'] = await addAdmin(on, 'ORG_ADMIN');
    admin = (await addAdmin(on, 'READ_ONLY_ADMIN')).userId;
    adminGroup = await on.addGroup('With a role', []);
    const ids = [admin, adminGroup];
    await on.db.query(`insert into group_members (group_id, user_id, source) select $1, $2, 'direct'`, [group, ids[0]]);
    await on.db.transaction((tx) => insertRole(tx, { groupId: adminGroup as GroupId }, 'REPORT_ADMIN'));
  });

  const as = (who: string, method: Method, path: string, body?: unknown) =>
    on.call(method, fill(path), body, { token: admins[who]?.token ?? '' });
  const fill = (path: string) =>
    path.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const ids: Record<string, string | undefined> = {
        mine,
        foreign,
        admin,
        group,
        otherGroup,
        adminGroup,
        app,
        sibling,
        otherApp,
      };
      return ids[name] ?? name;
    });

  test.each<[who: string, path: string, found: readonly string[]]>([
    ['group', '/api/v1/users', ['mine', 'admin']],
    ['group', '/api/v1/groups', ['group']],
    ['group', '/api/v1/users/{mine}/groups', ['group']],
    ['help desk', '/api/v1/users?q=foreign', []],
    ['app', '/api/v1/apps', ['app']],
    ['integration', '/api/v1/apps', ['app', 'sibling']],
    ['nothing', '/api/v1/apps', []],
  ])('%s administrator: %s lists what it is for', async (who, path, found) => {
    const answer = await as(who, 'GET', path);
    expect(answer.statusCode).toBe(200);
    const ids = answer.json<{ id: string }[]>().map(({ id }) => id);
    expect(ids.sort()).toEqual(found.map((name) => fill(`{${name}}`)).sort());
  });

  test('lists mappings of its apps only', async () => {
    const found = (await as('app', 'GET', '/api/v1/mappings')).json<
      { source: { id: string }; target: { id: string } }[]
    >();
    expect(found).toHaveLength(2);
    for (const { source, target } of found) expect([source.id, target.id]).toContain(app);
  });

  const profile = { profile: { nickName: 'x' } };
  const login = { profile: { login: 'taken.over@evil.example' } };
  const password = { credentials: { password: { value: 'Correct-horse-1' } } };
  const created = (groups: string) => ({
    profile: { login: `new${groups}@new.example`, email: 'x@new.example', firstName: 'N', lastName: 'N' },
    ...(groups === '' ? {} : { groupIds: [`{${groups}}`] }),
  });
  const body = (value: object) => JSON.parse(fill(JSON.stringify(value))) as unknown;

  describe.each<[who: string, cases: readonly (readonly [Method, string, object | undefined, number])[]]>([
    [
      'group',
      [
        ['GET', '/api/v1/users/me', undefined, 200],
        ['GET', '/api/v1/users/{mine}', undefined, 200],
        ['GET', '/api/v1/users/{foreign}', undefined, 403],
        ['GET', '/api/v1/users/foreign@acme.example', undefined, 403],
        ['GET', '/api/v1/users/nobody@acme.example', undefined, 403],
        ['GET', '/api/v1/groups/{otherGroup}', undefined, 403],
        ['GET', '/api/v1/groups/{otherGroup}/users', undefined, 403],
        ['POST', '/api/v1/users/{mine}', profile, 200],
        ['POST', '/api/v1/users/{foreign}', profile, 403],
        ['POST', '/api/v1/users/{admin}', profile, 403],
        ['POST', '/api/v1/users/{admin}', login, 403],
        ['POST', '/api/v1/users/{admin}', password, 403],
        ['POST', '/api/v1/users/{admin}/lifecycle/suspend', undefined, 403],
        ['DELETE', '/api/v1/users/{foreign}', undefined, 403],
        ['PUT', '/api/v1/groups/{group}/users/{foreign}', undefined, 403],
        ['PUT', '/api/v1/groups/{otherGroup}/users/{mine}', undefined, 403],
        ['PUT', '/api/v1/groups/{group}/users/{admin}', undefined, 403],
        ['PUT', '/api/v1/groups/{group}/users/{mine}', undefined, 204],
        ['PUT', '/api/v1/groups/{adminGroup}/users/{mine}', undefined, 403],
        ['POST', '/api/v1/users', created(''), 403],
        ['POST', '/api/v1/users', created('otherGroup'), 403],
        ['POST', '/api/v1/users', created('group'), 200],
        ['POST', '/api/v1/groups', { profile: { name: 'Another' } }, 403],
        ['POST', '/api/v1/users/{mine}/roles', { type: 'REPORT_ADMIN' }, 403],
        ['POST', '/api/v1/apps/{app}/users', { id: '{mine}' }, 403],
      ],
    ],
    [
      'help desk',
      [
        ['POST', '/api/v1/users/{foreign}/lifecycle/reset_password?sendEmail=false', undefined, 403],
        ['POST', '/api/v1/users/{admin}/lifecycle/reset_password?sendEmail=false', undefined, 403],
        ['DELETE', '/api/v1/users/{admin}/sessions', undefined, 403],
        ['DELETE', '/api/v1/users/{mine}/sessions', undefined, 204],
        ['POST', '/api/v1/users/{mine}', profile, 403],
        ['POST', '/api/v1/users/{mine}/lifecycle/suspend', undefined, 403],
      ],
    ],
    [
      'app',
      [
        ['GET', '/api/v1/apps/{app}', undefined, 200],
        ['GET', '/api/v1/apps/{sibling}', undefined, 403],
        ['GET', '/api/v1/apps/0oaunknown0000000000', undefined, 403],
        ['PUT', '/api/v1/apps/{otherApp}', { label: 'Taken' }, 403],
        ['POST', '/api/v1/apps/{app}/users', { id: '{mine}' }, 200],
        ['POST', '/api/v1/apps/{otherApp}/users', { id: '{mine}' }, 403],
        ['PUT', '/api/v1/apps/{app}/groups/{group}', {}, 200],
        ['PUT', '/api/v1/apps/{otherApp}/groups/{group}', {}, 403],
        ['GET', '/api/v1/apps/{otherApp}/connections/default', undefined, 403],
        ['POST', '/usher/v1/apps/{otherApp}/connection/test', undefined, 403],
        ['POST', '/usher/v1/apps/{sibling}/mappings/preview', { userId: '{mine}' }, 403],
        ['POST', '/usher/v1/apps', { catalogKey: 'slack' }, 403],
        ['POST', '/usher/v1/connection-tests', { connector: 'scim', settings: {}, catalogKey: 'zendesk' }, 403],
        ['POST', '/api/v1/apps/{app}/lifecycle/deactivate', undefined, 200],
        ['POST', '/api/v1/apps/{sibling}/lifecycle/deactivate', undefined, 403],
        ['GET', '/api/v1/logs', undefined, 403],
      ],
    ],
    [
      'integration',
      [
        ['GET', '/api/v1/apps/{sibling}', undefined, 200],
        ['POST', '/usher/v1/apps', { catalogKey: 'slack', label: 'Slack three' }, 200],
        ['POST', '/usher/v1/apps', { catalogKey: 'zendesk' }, 403],
      ],
    ],
    [
      'org',
      [
        ['POST', '/api/v1/users/{admin}', profile, 200],
        ['POST', '/api/v1/users/owner@usher.local', profile, 403],
        ['POST', '/api/v1/users/owner@usher.local', password, 403],
        ['POST', '/api/v1/users/owner@usher.local/lifecycle/deactivate', undefined, 403],
        ['PUT', '/api/v1/groups/{adminGroup}/users/{mine}', undefined, 403],
        ['DELETE', '/api/v1/groups/{adminGroup}', undefined, 403],
        ['POST', '/api/v1/groups/rules', rule('{adminGroup}'), 400],
        ['POST', '/api/v1/groups/rules', rule('{group}'), 200],
      ],
    ],
  ])('%s administrator', (who, cases) => {
    test.each(cases)('%s %s', async (method, path, given, status) => {
      const answer = await as(who, method, path, given === undefined ? undefined : body(given));
      expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
      if (status === 403) expect(answer.json()).toMatchObject({ errorCode: 'E0000006' });
    });
  });

  test('a load of people changes nobody whose role is out of reach, and says which line', async () => {
    const load = async (who: string, text: string) => {
      const headers = { 'content-type': 'text/csv' };
      const started = await on.call('POST', '/usher/v1/imports/people', text, {
        token: admins[who]?.token ?? '',
        headers,
      });
      if (started.statusCode !== 202) return started.json<{ status?: string; problems?: unknown }>();
      const path = `/usher/v1/runs/${started.json<{ id: string }>().id}`;
      for (;;) {
        const run = (await on.call('GET', path)).json<{ status: string; problems: unknown }>();
        if (run.status !== 'RUNNING') return run;
        await sleep(20);
      }
    };
    const owner = (title: string) =>
      `login,email,firstName,lastName,title\nowner@usher.local,owner@usher.local,Usher,Owner,${title}\nmine@acme.example,m@acme.example,M,M,Boss\n`;
    expect(await load('org', owner('King'))).toMatchObject({
      status: 'REFUSED',
      problems: [{ line: 2, reason: expect.stringContaining('out of your reach') }],
    });
    expect(await load('org', owner(''))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await load('group', owner(''))).toMatchObject({ errorCode: 'E0000006' });
  });

  test('is for nothing, and not for everything, once its last target is deleted', async () => {
    const gone = await on.addGroup('Gone', []);
    const { token } = await addAdmin(on, 'USER_ADMIN', { groups: [gone] });
    expect((await on.call('DELETE', `/api/v1/groups/${gone}`)).statusCode).toBe(204);
    expect((await on.call('GET', '/api/v1/groups', undefined, { token })).json()).toEqual([]);
    expect((await on.call('GET', `/api/v1/users/${mine}`, undefined, { token })).statusCode).toBe(403);
  });
});

function rule(groupId: string) {
  return {
    name: `Rule ${groupId}`.slice(0, 40),
    conditions: { expression: { value: 'user.title == "x"' } },
    actions: { assignUserToGroups: { groupIds: [groupId] } },
  };
}
