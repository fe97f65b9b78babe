import { beforeAll, describe, expect, test } from 'vitest';
import { addAdmin, addApp } from '../../../../test/access/world.ts';
import { defined } from '../../../../test/app-context.ts';
import { describeOnDatabases } from '../../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../../test/http-context.ts';
import type { AppId, GroupId, UserId } from '../../../lib/ids.ts';

describeOnDatabases('administrator roles', (database) => {
  let on: HttpTest;
  let person: UserId;
  beforeAll(async () => {
    on = await openHttpTest(database);
    person = await on.addUser('ada@acme.example');
  });

  const give = async (type: string, holder = `users/${person}`) => on.call('POST', `/api/v1/${holder}/roles`, { type });

  test('are given, shown, and taken away, and the log says so', async () => {
    const answer = await give('HELP_DESK_ADMIN');
    expect(answer.statusCode).toBe(201);
    const role = answer.json<{ id: string }>();
    expect(role).toMatchObject({
      id: expect.stringMatching(/^ra1\w{17}$/),
      label: 'Help Desk Administrator',
      type: 'HELP_DESK_ADMIN',
      status: 'ACTIVE',
      assignmentType: 'USER',
      _links: { assignee: { href: expect.stringContaining(`/api/v1/users/${person}`) } },
    });
    expect((await give('HELP_DESK_ADMIN')).json()).toMatchObject({ errorCode: 'E0000090' });
    expect((await on.call('GET', `/api/v1/users/ada@acme.example/roles`)).json()).toEqual([role]);
    expect((await on.call('GET', `/api/v1/users/${person}/roles/${role.id}`)).json()).toEqual(role);
    expect((await on.call('DELETE', `/api/v1/users/${person}/roles/${role.id}`)).statusCode).toBe(204);
    expect((await on.call('GET', `/api/v1/users/${person}/roles`)).json()).toEqual([]);
    const events = (
      await on.call('GET', `/api/v1/logs?until=2999-01-01T00:00:00Z&filter=target.id eq "${person}"`)
    ).json<{ eventType: string }[]>();
    expect(events.map(({ eventType }) => eventType)).toEqual([
      'user.account.privilege.grant',
      'user.account.privilege.revoke',
    ]);
  });

  test.each([
    ['POST', 'roles', { type: 'KING' }, 400],
    ['POST', 'roles', {}, 400],
    ['GET', 'roles/ra1unknown', undefined, 404],
    ['DELETE', 'roles/ra1unknown', undefined, 404],
    ['PUT', 'roles/ra1unknown/targets/groups/00gunknown', undefined, 404],
  ] as const)('%s %s %o is %i', async (method, path, body, status) => {
    expect((await on.call(method, `/api/v1/users/${person}/${path}`, body)).statusCode).toBe(status);
  });

  describe('targets', () => {
    let app: AppId;
    let group: GroupId;
    let [apps, groups, appRole]: string[] = [];
    beforeAll(async () => {
      app = await addApp(on, 'Slack', 'slack');
      group = await on.addGroup('Staff', []);
      const appAdmin = await addAdmin(on, 'APP_ADMIN');
      appRole = `/api/v1/users/${appAdmin.userId}/roles/${appAdmin.roleId}`;
      apps = `${appRole}/targets/catalog/apps`;
      const helpDesk = await addAdmin(on, 'HELP_DESK_ADMIN');
      groups = `/api/v1/users/${helpDesk.userId}/roles/${helpDesk.roleId}/targets/groups`;
    });
    const put = async (path: string) => (await on.call('PUT', path)).statusCode;
    const remove = async (path: string) => (await on.call('DELETE', path)).statusCode;
    const names = async (path = apps ?? '') =>
      (await on.call('GET', path)).json<{ id?: string; name?: string }[]>().map(({ id, name }) => id ?? name);

    test('of apps: an integration takes the place of its apps; the last cannot go', async () => {
      expect(await names()).toEqual([]);
      expect(await put(`${apps}/zendesk`)).toBe(204);
      expect(await put(`${apps}/slack/${app}`)).toBe(204);
      expect((await names()).sort()).toEqual([app, 'zendesk'].sort());
      expect(await put(`${apps}/slack`)).toBe(204);
      expect((await names()).sort()).toEqual(['slack', 'zendesk']);
      expect(await put(`${apps}/slack/${app}`)).toBe(409);
      expect(await remove(`${apps}/zendesk`)).toBe(204);
      expect(await remove(`${apps}/slack`)).toBe(400);
      expect(await put(apps ?? '')).toBe(204);
      expect(await names()).toEqual([]);
    });

    test('of apps: what does not exist is 404, another kind of role 400', async () => {
      expect(await put(`${apps}/nothing`)).toBe(404);
      expect(await put(`${apps}/zendesk/${app}`)).toBe(404);
      expect(await put(`${appRole}/targets/groups/${group}`)).toBe(400);
    });

    test('of groups', async () => {
      expect(await put(`${groups}/${group}`)).toBe(204);
      expect(await put(`${groups}/00gunknown`)).toBe(404);
      expect(await names(groups)).toEqual([group]);
      expect(await remove(`${groups}/${group}`)).toBe(400);
    });
  });

  describe('of a group', () => {
    test('are held by its members while they are in it, and are taken from the group', async () => {
      const group = await on.addGroup('Readers', [person]);
      const answer = await give('READ_ONLY_ADMIN', `groups/${group}`);
      expect(answer.json()).toMatchObject({ assignmentType: 'GROUP' });
      const roleId = answer.json<{ id: string }>().id;
      const held = (await on.call('GET', `/api/v1/users/${person}/roles`)).json<{ id: string }[]>();
      expect(held.map(({ id }) => id)).toEqual([roleId]);
      expect((await on.call('DELETE', `/api/v1/users/${person}/roles/${roleId}`)).statusCode).toBe(404);
      expect((await on.call('DELETE', `/api/v1/groups/${group}/users/${person}`)).statusCode).toBe(204);
      expect((await on.call('GET', `/api/v1/users/${person}/roles`)).json()).toEqual([]);
    });

    test('are refused for one that a rule fills, or that fills itself', async () => {
      const group = await on.addGroup('Filled', []);
      await on.call('POST', '/api/v1/groups/rules', {
        name: 'Fill',
        conditions: { expression: { value: 'user.title == "x"' } },
        actions: { assignUserToGroups: { groupIds: [group] } },
      });
      expect((await give('REPORT_ADMIN', `groups/${group}`)).statusCode).toBe(400);
      const [everyone] = (await on.call('GET', '/api/v1/groups?q=Everyone')).json<{ id: string }[]>();
      expect((await give('REPORT_ADMIN', `groups/${defined(everyone).id}`)).statusCode).toBe(400);
    });
  });

  test('in one list, and with targets from the start', async () => {
    const group = await on.addGroup('Support', []);
    const made = await on.call('POST', '/usher/v1/admins', { userId: person, type: 'USER_ADMIN', groups: [group] });
    expect(made.json()).toMatchObject({
      type: 'USER_ADMIN',
      holder: { type: 'USER', name: 'ada@acme.example' },
      apps: null,
      groups: [{ id: group, name: 'Support' }],
    });
    const list = (await on.call('GET', '/usher/v1/admins')).json<{ id: string; holder: { name: string } }[]>();
    expect(list.map(({ holder }) => holder.name)).toEqual(
      expect.arrayContaining(['owner@usher.local', 'ada@acme.example']),
    );
    for (const body of [
      { type: 'USER_ADMIN' },
      { userId: person, groupId: group, type: 'REPORT_ADMIN' },
      { userId: person, type: 'REPORT_ADMIN', groups: [group] },
      { userId: person, type: 'APP_ADMIN', apps: [] },
    ]) {
      expect((await on.call('POST', '/usher/v1/admins', body)).statusCode).toBe(400);
    }
  });

  test('the last super administrator keeps theirs', async () => {
    const [role] = (await on.call('GET', '/api/v1/users/me/roles')).json<{ id: string }[]>();
    const path = `/api/v1/users/me/roles/${role?.id}`;
    expect((await on.call('DELETE', path)).statusCode).toBe(403);
    const { token } = await addAdmin(on, 'SUPER_ADMIN');
    expect((await on.call('DELETE', path)).statusCode).toBe(204);
    expect((await on.call('GET', '/api/v1/users/me')).statusCode).toBe(403);
    expect((await on.call('GET', '/api/v1/users/me', undefined, { token })).statusCode).toBe(200);
  });

  test('tokens are their holder’s: made for oneself, shown to oneself, never outliving the one that asked', async () => {
    const { token, userId } = await addAdmin(on, 'REPORT_ADMIN');
    await on.db.query(`update api_tokens set expires = '2999-01-01T00:00:00Z' where user_id = $1`, [userId]);
    const ask = (body: object) => on.call('POST', '/usher/v1/api-tokens', body, { token });
    expect((await ask({ name: 'longer', expires: '2999-01-02T00:00:00Z' })).statusCode).toBe(400);
    const made = (await ask({ name: 'mine' })).json<{ id: string; userId: string; expiresAt: string }>();
    expect(made).toMatchObject({ userId, expiresAt: '2999-01-01T00:00:00.000Z' });
    const mine = (await on.call('GET', '/api/v1/api-tokens', undefined, { token })).json<{ userId: string }[]>();
    expect(mine.map((each) => each.userId)).toEqual([userId, userId]);
    const uses = (await on.call('GET', '/usher/v1/api-tokens', undefined, { token })).json<object[]>();
    const holder = { id: userId, login: expect.stringContaining('@admins.example'), name: expect.any(String) };
    expect(uses).toHaveLength(2);
    expect(uses).toContainEqual({
      ...{ id: made.id, name: 'mine', holder, lastUsed: null },
      ...{ created: expect.any(String), expires: '2999-01-01T00:00:00.000Z' },
    });
    expect(uses).toContainEqual(expect.objectContaining({ name: 'test', lastUsed: expect.any(String) }));
    const owner = await addAdmin(on, 'SUPER_ADMIN');
    const all = (await on.call('GET', '/usher/v1/api-tokens', undefined, { token: owner.token })).json<
      { holder: { id: string } }[]
    >();
    expect(new Set(all.map((each) => each.holder.id)).size).toBeGreaterThan(1);
    const other = await addAdmin(on, 'ORG_ADMIN');
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await on.call(method, `/api/v1/api-tokens/${made.id}`, undefined, { token: other.token });
      expect(answer.json()).toMatchObject({ errorCode: 'E0000006' });
    }
    expect((await on.call('DELETE', `/api/v1/api-tokens/${made.id}`, undefined, { token })).statusCode).toBe(204);
  });
});
