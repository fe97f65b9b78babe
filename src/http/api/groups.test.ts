import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { insertTestApp } from '../../../test/directory.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import type { GroupId, UserId } from '../../lib/ids.ts';
import { lockRules, shareRules } from '../../store/group-rules.ts';

interface Reply {
  readonly id: GroupId;
  readonly status: string;
  readonly profile: Record<string, unknown>;
  readonly errorCode: string;
  readonly _embedded?: Record<string, Record<string, unknown>>;
  readonly _links: Record<string, { readonly href: string }>;
}

describeOnDatabases('/api/v1 groups and rules, what goes with them', (database) => {
  let on: HttpTest;
  let userId: UserId;
  beforeAll(async () => {
    on = await openHttpTest(database);
    userId = await on.addUser('ada@groups.example');
  });
  const addGroup = async (name: string) =>
    (await on.call('POST', '/api/v1/groups', { profile: { name, description: '' } })).json<Reply>();
  const list = async (query: string) => (await on.call('GET', `/api/v1/groups?${query}`)).json<Reply[]>();
  /** A group as an app has it. */
  const addAppGroup = async (name: string) => {
    const group = await addGroup(name);
    const appId = await insertTestApp(on.db);
    await on.db.query(`update groups set type = 'APP_GROUP' where id = $1`, [group.id]);
    await on.db.query(`insert into app_group_links (group_id, app_id, external_id) values ($1, $2, 'x')`, [
      group.id,
      appId,
    ]);
    return { ...group, appId };
  };

  test('owners are people and groups, noted once, listed in pages, gone with whoever they are', async () => {
    const [group, leads] = [await addGroup('Owned'), await addGroup('Leads')];
    const path = `/api/v1/groups/${group.id}/owners`;
    const add = (id: string, type: string) => on.call('POST', path, { id, type });
    const added = await add(userId, 'USER');
    expect([added.statusCode, added.json()]).toEqual([
      201,
      {
        ...{ id: userId, type: 'USER', displayName: 'ada Tester', lastUpdated: expect.any(String) },
        ...{ originId: null, originType: 'OKTA_DIRECTORY', resolved: true },
      },
    ]);
    expect([(await add(userId, 'USER')).statusCode, (await add(leads.id, 'GROUP')).statusCode]).toEqual([201, 201]);
    const idsOf = async (query = '') =>
      (await on.call('GET', `${path}${query}`)).json<{ id: string }[]>().map(({ id }) => id);
    expect(await idsOf()).toEqual([leads.id, userId]);
    expect(await idsOf('?search=type%20eq%20%22user%22')).toEqual([userId]);
    const next = /<([^>]+)>; rel="next"/.exec(String((await on.call('GET', `${path}?limit=1`)).headers['link']))?.[1];
    const { pathname, search } = new URL(next ?? '');
    expect((await on.call('GET', pathname + search)).json<{ id: string }[]>().map(({ id }) => id)).toEqual([userId]);
    for (const [id, type, status] of [
      [group.id, 'GROUP', 400],
      [userId, 'GROUP', 404],
      ['00u00000000000000000', 'USER', 404],
      [userId, 'ROBOT', 400],
    ] as const) {
      expect([type, (await add(id, type)).statusCode]).toEqual([type, status]);
    }
    expect((await on.call('GET', `${path}?search=name%20eq%20%22x%22`)).statusCode).toBe(400);
    expect((await on.call('DELETE', `${path}/${userId}`)).statusCode).toBe(204);
    expect((await on.call('DELETE', `${path}/${userId}`)).statusCode).toBe(404);
    expect(await idsOf()).toEqual([leads.id]);
    await on.call('DELETE', `/api/v1/groups/${leads.id}`);
    expect(await idsOf()).toEqual([]);
    expect(
      (await on.call('GET', group._links['owners']?.href.replace('http://localhost:80', '') ?? '')).statusCode,
    ).toBe(200);
    const events = await on.db.query<{ debug: object }>(
      `select debug from log_events where event_type = 'group.profile.update' and target->0->>'id' = $1 order by seq`,
      [group.id],
    );
    expect(events.map(({ debug }) => debug)).toEqual([
      { ownerAdded: userId },
      { ownerAdded: leads.id },
      { ownerRemoved: userId },
    ]);
  });

  test('expand=stats counts people once, however often they are in it', async () => {
    const group = await addGroup('Counted');
    await on.call('PUT', `/api/v1/groups/${group.id}/users/${userId}`);
    await on.db.query(`insert into group_members (group_id, user_id, source) values ($1, $2, '0prx')`, [
      group.id,
      userId,
    ]);
    await insertTestApp(on.db, [group.id]);
    const [found] = await list('q=Counted&expand=stats');
    expect(found?._embedded?.['stats']).toEqual({
      usersCount: 1,
      appsCount: 1,
      groupPushMappingsCount: 0,
      hasAdminPrivilege: false,
      hasAdminPrivlege: false,
      _links: {
        users: { href: `http://localhost:80/api/v1/groups/${group.id}/users` },
        apps: { href: `http://localhost:80/api/v1/groups/${group.id}/apps` },
      },
    });
    expect((await list('q=Counted'))[0]).not.toHaveProperty('_embedded');
    expect((await on.call('GET', '/api/v1/groups?expand=everything')).statusCode).toBe(400);
  });

  test('a group from an app links to it, and brings it along when asked', async () => {
    const group = await addAppGroup('From an app');
    const source = { href: `http://localhost:80/api/v1/apps/${group.appId}` };
    for (const found of [
      (await on.call('GET', `/api/v1/groups/${group.id}`)).json<Reply>(),
      (await list('q=From an app'))[0],
    ]) {
      expect(found).toMatchObject({ type: 'APP_GROUP', _links: { source } });
    }
    const [both] = await list('q=From an app&expand=stats,app');
    expect(both?._embedded).toMatchObject({ stats: { usersCount: 0 }, app: { id: group.appId, label: 'Test app' } });
    const own = await addGroup('Our own');
    expect((await list('q=Our own&expand=app'))[0]).not.toHaveProperty('_embedded');
    expect(own._links).not.toHaveProperty('source');
  });

  test('403 with the reason for every change to a group that is not ours', async () => {
    const group = await addAppGroup('Not ours');
    const [everyone] = await list('q=Everyone');
    for (const [{ id }, reason] of [
      [group, 'the app it was imported from decides'],
      [everyone ?? group, 'everybody is in it'],
    ] as const) {
      for (const [method, path, body] of [
        ['PUT', '', { profile: { name: 'Renamed' } }],
        ['DELETE', '', undefined],
        ['PUT', `/users/${userId}`, undefined],
        ['DELETE', `/users/${userId}`, undefined],
      ] as const) {
        const answer = await on.call(method, `/api/v1/groups/${id}${path}`, body);
        expect([method, path, answer.statusCode, answer.json<Reply>().errorCode]).toEqual([
          method,
          path,
          403,
          'E0000038',
        ]);
        expect(answer.body).toContain(reason);
      }
    }
  });

  test('an empty description stays empty, one that is left out is null', async () => {
    const group = await addGroup('Described');
    expect(group.profile).toEqual({ name: 'Described', description: '' });
    const url = `/api/v1/groups/${group.id}`;
    expect((await on.call('GET', url)).json<Reply>().profile).toEqual({ name: 'Described', description: '' });
    expect((await on.call('PUT', url, { profile: { name: 'Described' } })).json<Reply>().profile).toEqual({
      name: 'Described',
      description: null,
    });
  });

  describe('rules', () => {
    const ruleFor = (groupId: string, people?: unknown) => ({
      type: 'group_rule',
      name: 'Rule',
      conditions: {
        ...(people === undefined ? {} : { people }),
        expression: { type: 'urn:okta:expression:1.0', value: 'user.title == "Countess"' },
      },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    });
    const addRule = async (groupId: string, people?: unknown) => {
      const answer = await on.call('POST', '/api/v1/groups/rules', ruleFor(groupId, people));
      expect(answer.statusCode).toBe(200);
      return answer.json<Reply>();
    };

    test.each([[undefined], [{}], [{ users: {} }], [{ users: { exclude: [] }, groups: null }], [{ users: null }]])(
      'people: %j comes back with empty exclusions',
      async (people) => {
        const group = await addGroup(`Ruled ${JSON.stringify(people)}`);
        expect(await addRule(group.id, people)).toMatchObject({
          conditions: { people: { users: { exclude: [] }, groups: { exclude: [] } } },
        });
      },
    );

    test('a rule whose group is gone is INVALID: neither on nor off nor changed, with the words Terraform knows', async () => {
      const group = await addGroup('Fleeting');
      const { id } = await addRule(group.id);
      const url = `/api/v1/groups/rules/${id}`;
      await on.call('POST', `${url}/lifecycle/activate`);
      await on.call('DELETE', `/api/v1/groups/${group.id}`);
      expect((await on.call('GET', url)).json<Reply>().status).toBe('INVALID');
      for (const verb of ['activate', 'deactivate']) {
        const answer = await on.call('POST', `${url}/lifecycle/${verb}`);
        expect(answer.statusCode).toBe(403);
        expect(answer.body).toContain('Cannot activate or deactivate a Group Rule with the status INVALID');
      }
      expect((await on.call('PUT', url, ruleFor(group.id))).statusCode).toBe(403);
      const gone = await on.call('DELETE', url);
      expect([gone.statusCode, gone.body]).toEqual([202, '{}']);
    });

    test('423 E0000239 while rules are evaluated for longer than a client waits', async (test) => {
      if (on.db.kind === 'pglite') return test.skip('one connection cannot wait for another');
      const { id } = await addRule((await addGroup('Busy')).id);
      let finish = () => undefined as void;
      const mayFinish = new Promise<void>((resolve) => (finish = resolve));
      let begun = () => undefined as void;
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const evaluation = on.db.transaction(async (tx) => {
        await shareRules(tx);
        begun();
        await mayFinish;
      });
      await isBegun;
      const answer = await on.call('POST', `/api/v1/groups/rules/${id}/lifecycle/activate`);
      finish();
      await evaluation;
      expect([answer.statusCode, answer.json<Reply>().errorCode]).toEqual([423, 'E0000239']);
      expect(answer.headers['retry-after']).toBe('30');
      expect((await on.call('POST', `/api/v1/groups/rules/${id}/lifecycle/activate`)).statusCode).toBe(204);
    }, 30_000);

    test('whoever waited for rules waits for anything else as long as it takes', async () => {
      const [row] = await on.db.transaction(async (tx) => {
        await lockRules(tx);
        return tx.query<{ lock_timeout: string }>('show lock_timeout');
      });
      expect(row?.lock_timeout).toBe('0');
    });
  });
});
