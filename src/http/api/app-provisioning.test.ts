import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import type { GroupId, UserId } from '../../lib/ids.ts';

interface Reply {
  readonly id: string;
  readonly status: string;
  readonly targetGroupId: string;
  readonly priority: number;
  readonly capabilities: object;
  readonly errorSummary: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

describeOnDatabases('/api/v1 provisioning of an app', (database) => {
  let on: HttpTest;
  let appId: string;
  let count = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  beforeEach(async () => {
    count += 1;
    appId = await create({ name: 'scim2headerauth', settings: { app: { baseUrl: 'https://crm.example.com/scim' } } });
  });
  const create = async (body: object) =>
    (await on.call('POST', '/api/v1/apps', { label: 'CRM', ...body })).json<Reply>().id;
  const at = (path: string) => `/api/v1/apps/${appId}${path}`;
  const connect = () =>
    on.call('POST', `${at('/connections/default')}?activate=true`, {
      profile: { authScheme: 'TOKEN', token: 'sesame' },
    });

  describe('groups that have the app', () => {
    let groups: readonly GroupId[];
    let userId: UserId;
    beforeEach(async () => {
      userId = await on.addUser(`member${count}@acme.example`);
      groups = [
        await on.addGroup(`A ${count}`, [userId]),
        await on.addGroup(`B ${count}`, []),
        await on.addGroup(`C ${count}`, []),
        await on.addGroup(`D ${count}`, []),
      ];
    });
    const group = (index: number) => `${at('/groups')}/${groups[index] ?? ''}`;
    const priorities = async () =>
      Object.fromEntries(
        (await on.call('GET', at('/groups')))
          .json<Reply[]>()
          .map(({ id, priority }) => ['ABCD'[groups.findIndex((each) => each === id)], priority]),
      );

    test('make room for one another, as far as numbers follow without a gap', async () => {
      for (const [index, priority] of [0, 1, 5].entries()) await on.call('PUT', group(index), { priority });
      await on.call('PUT', group(3), { priority: 0 });
      expect(await priorities()).toEqual({ D: 0, A: 1, B: 2, C: 5 });
      await on.call('PUT', group(2), { priority: 1 });
      expect(await priorities()).toEqual({ D: 0, C: 1, A: 2, B: 3 });
      await on.call('PUT', group(0), { priority: 9 });
      expect(await priorities()).toEqual({ D: 0, C: 1, B: 3, A: 9 });
    });

    test('are expanded on demand', async () => {
      await on.call('PUT', group(0));
      const expected = { id: groups[0], _embedded: { group: { id: groups[0], profile: { name: `A ${count}` } } } };
      expect((await on.call('GET', `${at('/groups')}?expand=group`)).json()).toMatchObject([expected]);
      expect((await on.call('GET', `${group(0)}?expand=group`)).json()).toMatchObject(expected);
      expect((await on.call('GET', group(0))).json()).not.toHaveProperty('_embedded');
      expect((await on.call('GET', `${group(0)}?expand=user`)).statusCode).toBe(400);
    });

    test('are patched part by part, all parts or none', async () => {
      await on.call('POST', `/api/v1/meta/schemas/apps/${appId}/default`, {
        definitions: { custom: { properties: { plan: custom('Plan'), seat: custom('Seat') } } },
      });
      await on.call('PUT', group(0), { priority: 4, profile: { plan: 'gold' } });
      const patch = (operations: unknown) => on.call('PATCH', group(0), operations);
      const done = await patch([
        { op: 'replace', path: '/priority', value: 2 },
        { op: 'add', path: '/profile/seat', value: 'x/y' },
        { op: 'replace', path: '/profile/plan', value: 'silver' },
      ]);
      expect(done.json()).toMatchObject({ priority: 2, profile: { plan: 'silver', seat: 'x/y' } });
      expect((await patch([{ op: 'remove', path: '/profile/seat' }])).json()).toMatchObject({
        profile: { plan: 'silver' },
      });
      for (const [operations, status] of [
        [[{ op: 'replace', path: '/priority', value: 'first' }], 400],
        [[{ op: 'remove', path: '/priority' }], 400],
        [[{ op: 'remove', path: '/profile/none' }], 400],
        [[{ op: 'replace', path: '/id', value: 'x' }], 400],
        [[{ op: 'add', path: '/id', value: 'x' }], 400],
        [[{ op: 'add', path: 'priority', value: 1 }], 400],
        [[{ op: 'move', path: '/priority', from: '/x' }], 400],
        [[{ op: 'add', path: '/profile/shoeSize', value: 40 }], 400],
        [[{ op: 'add', path: '/profile/__proto__/x', value: 1 }], 400],
        [[{ op: 'add', path: '/profile/seat' }], 400],
        [
          [
            { op: 'replace', path: '/priority', value: 3 },
            { op: 'remove', path: '/nowhere' },
          ],
          400,
        ],
        [[], 400],
        [{ op: 'replace', path: '/priority', value: 3 }, 400],
      ] as const) {
        expect([operations, (await patch(operations)).statusCode]).toEqual([operations, status]);
      }
      expect((await on.call('GET', group(0))).json()).toMatchObject({ priority: 2, profile: { plan: 'silver' } });
      expect((await on.call('PATCH', group(1), [{ op: 'add', path: '/priority', value: 1 }])).statusCode).toBe(404);
    });

    const custom = (title: string) => ({
      ...{ title, type: 'string', externalName: title.toLowerCase() },
      externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
    });
  });

  describe('features', () => {
    beforeEach(connect);
    const url = (name: string) => at(`/features/${name}`);

    test('are two for an app whose accounts can be read', async () => {
      const list = (await on.call('GET', at('/features'))).json<{ name: string }[]>();
      expect(list.map((feature) => feature.name)).toEqual(['USER_PROVISIONING', 'INBOUND_PROVISIONING']);
      const inbound = (await on.call('GET', url('INBOUND_PROVISIONING'))).json<Reply>();
      expect(inbound).toEqual(list[1]);
      expect(inbound).toEqual({
        name: 'INBOUND_PROVISIONING',
        status: 'ENABLED',
        description: expect.any(String),
        capabilities: {
          importSettings: {
            username: { userNameFormat: 'EMAIL', usernameFormat: 'EMAIL' },
            schedule: { status: 'DISABLED', fullImport: null, incrementalImport: null },
          },
          importRules: {
            userCreateAndMatch: {
              ...{ exactMatchCriteria: 'USERNAME', allowPartialMatch: true, autoConfirmPartialMatch: false },
              ...{ autoConfirmExactMatch: false, autoConfirmNewUsers: false, autoActivateNewUsers: false },
            },
          },
        },
        _links: {
          self: { href: expect.stringContaining(url('INBOUND_PROVISIONING')), hints: { allow: ['GET', 'PUT'] } },
        },
      });
    });

    test.each(['userNameFormat', 'usernameFormat'])(
      'imports are set by %s, part by part, and null takes a time away',
      async (format) => {
        const times = { expression: '0 21 * * Mon,Thu', timezone: 'America/Los_Angeles' };
        const first = await on.call('PUT', url('INBOUND_PROVISIONING'), {
          importSettings: {
            username: { [format]: 'CUSTOM', userNameExpression: 'source.login' },
            schedule: {
              status: 'ENABLED',
              fullImport: times,
              incrementalImport: { expression: '0 * * * *', timezone: null },
            },
          },
        });
        expect(first.json()).toMatchObject({
          capabilities: {
            importSettings: {
              username: { userNameFormat: 'CUSTOM', usernameFormat: 'CUSTOM', userNameExpression: 'source.login' },
              schedule: { status: 'ENABLED', fullImport: times, incrementalImport: { expression: '0 * * * *' } },
            },
            importRules: { userCreateAndMatch: { exactMatchCriteria: 'USERNAME' } },
          },
        });
        const rules = { userCreateAndMatch: { exactMatchCriteria: 'EMAIL', autoConfirmNewUsers: true } };
        const second = await on.call('PUT', url('INBOUND_PROVISIONING'), {
          importSettings: { schedule: { fullImport: null } },
          importRules: rules,
        });
        expect(second.json()).toMatchObject({
          capabilities: {
            importSettings: { schedule: { status: 'ENABLED', fullImport: null, incrementalImport: {} } },
            importRules: { userCreateAndMatch: { ...rules.userCreateAndMatch, allowPartialMatch: true } },
          },
        });
        expect((await on.call('GET', url('INBOUND_PROVISIONING'))).json()).toEqual(second.json());
        // What one feature was told is not lost on the other.
        await on.call('PUT', url('USER_PROVISIONING'), { create: { lifecycleCreate: { status: 'ENABLED' } } });
        expect((await on.call('GET', url('INBOUND_PROVISIONING'))).json()).toEqual(second.json());
      },
    );

    test.each([
      [{ importSettings: { schedule: { status: 'ENABLED' } } }, 'schedule.status: cannot be ENABLED'],
      [
        { importSettings: { schedule: { fullImport: { expression: 'every day' } } } },
        'fullImport.expression: must be a cron',
      ],
      [
        { importSettings: { schedule: { fullImport: { expression: '0 25 * * *' } } } },
        'fullImport.expression: has "25"',
      ],
      [
        { importSettings: { schedule: { incrementalImport: { expression: '0 1 * * *', timezone: 'Mars' } } } },
        'timezone',
      ],
      [{ importSettings: { username: { userNameFormat: 'CUSTOM' } } }, 'userNameExpression: is missing'],
      [
        { importSettings: { username: { userNameFormat: 'CUSTOM', userNameExpression: 'String.(' } } },
        'userNameExpression: is faulty',
      ],
      [{ importSettings: { username: { userNameFormat: 'LOGIN' } } }, 'userNameFormat'],
      [{ importRules: { userCreateAndMatch: { allowPartialMatch: 'yes' } } }, 'allowPartialMatch'],
      [{ create: { lifecycleCreate: { status: 'ENABLED' } } }, 'create: is no capability of INBOUND_PROVISIONING'],
    ])('%j is 400 and says where', async (body, cause) => {
      const answer = await on.call('PUT', url('INBOUND_PROVISIONING'), body);
      expect(answer.statusCode).toBe(400);
      expect(
        answer
          .json<Reply>()
          .errorCauses.map((each) => each.errorSummary)
          .join('\n'),
      ).toContain(cause);
    });

    test('how passwords are made, and that they are pushed, is kept', async () => {
      const password = { seed: 'OKTA', change: 'CHANGE' };
      const kept = await on.call('PUT', url('USER_PROVISIONING'), {
        update: { password: { ...password, status: 'DISABLED' } },
      });
      expect(kept.json()).toMatchObject({
        capabilities: { update: { password: { ...password, status: 'DISABLED' } } },
      });
      const partly = await on.call('PUT', url('USER_PROVISIONING'), { update: { password: { seed: 'RANDOM' } } });
      expect(partly.json()).toMatchObject({
        capabilities: { update: { password: { seed: 'RANDOM', change: 'CHANGE' } } },
      });
      const pushed = await on.call('PUT', url('USER_PROVISIONING'), { update: { password: { status: 'ENABLED' } } });
      expect(pushed.json()).toMatchObject({
        capabilities: { update: { password: { status: 'ENABLED', seed: 'RANDOM', change: 'CHANGE' } } },
      });
      expect((await on.call('PUT', url('USER_PROVISIONING'), { importRules: {} })).statusCode).toBe(400);
    });
  });

  test('a connection with OAuth 2.0 shows its client and no secret', async () => {
    const app = await create({
      name: 'scim2oauth2clientcredentials',
      settings: { app: { baseUrl: 'https://crm.example.com/scim' } },
    });
    const profile = {
      authScheme: 'OAUTH2',
      clientId: 'usher',
      clientSecret: 'sesame-4711',
      tokenUrl: 'https://crm.example.com/token',
    };
    const saved = await on.call('POST', `/api/v1/apps/${app}/connections/default`, { profile });
    expect(saved.json()).toMatchObject({
      authScheme: 'OAUTH2',
      status: 'DISABLED',
      profile: { authScheme: 'OAUTH2', clientId: 'usher' },
    });
    expect(saved.body).not.toContain('sesame');
    for (const bad of [
      {},
      { profile: { authScheme: 'UNKNOWN' } },
      { profile: { authScheme: 'TOKEN' } },
      { profile: { authScheme: 'TOKEN', token: 'x'.repeat(20_000) } },
    ]) {
      expect((await on.call('POST', at('/connections/default'), bad)).statusCode).toBe(400);
    }
  });

  describe('mappings', () => {
    test('are applied again to everybody on demand, by the id of the app or of its user type', async () => {
      const userId = await on.addUser(`again${count}@acme.example`);
      await on.call('POST', at('/users'), { id: userId });
      const { id: typeId } = (await on.call('GET', '/api/v1/meta/types/user/default')).json<Reply>();
      const [type] = (await on.call('GET', at('/user/types'))).json<Reply[]>();
      expect(type?.id).toMatch(/^oty\w{17}$/);
      const reapply = (source: string, target: string) =>
        on.call('PUT', `/api/internal/v1/mappings/reapply?source=${source}&target=${target}`);
      const settle = () =>
        on.db.query(`update app_users set due_at = null, sync_state = 'SYNCHRONIZED' where app_id = $1`, [appId]);
      const due = async () =>
        (await on.db.query('select 1 from app_users where app_id = $1 and due_at is not null', [appId])).length;
      for (const side of [appId, type?.id ?? '']) {
        await settle();
        expect((await reapply(typeId, side)).statusCode).toBe(204);
        expect(await due()).toBe(1);
      }
      await settle();
      expect((await reapply(appId, typeId)).statusCode).toBe(204);
      expect(await due()).toBe(0);
      expect((await reapply(typeId, '0oanone')).statusCode).toBe(404);
      expect((await reapply('otyother', appId)).statusCode).toBe(404);
      expect((await on.call('PUT', '/api/internal/v1/mappings/reapply')).statusCode).toBe(400);
      const nobody = await on.call(
        'PUT',
        `/api/internal/v1/mappings/reapply?source=${typeId}&target=${appId}`,
        undefined,
        { token: null },
      );
      expect(nobody.statusCode).toBe(401);
    });
  });

  describe('pushed groups', () => {
    let source: GroupId;
    const mappings = (path = '') => at(`/group-push/mappings${path}`);
    beforeEach(async () => {
      source = await on.addGroup(`Engineering ${count}`, []);
    });
    const push = async (body: object = {}) => {
      const answer = await on.call('POST', mappings(), {
        sourceGroupId: source,
        targetGroupName: 'Engineers',
        ...body,
      });
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json<Reply>();
    };

    test('200 for a new one, in the very form Okta answers', async () => {
      await connect();
      const made = await push();
      expect(made).toEqual({
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        id: expect.stringMatching(/^gPm\w{17}$/),
        lastUpdated: expect.any(String),
        sourceGroupId: source,
        status: 'ACTIVE',
        targetGroupId: expect.stringMatching(/^00g\w{17}$/),
        _links: {
          app: { href: expect.stringContaining(appId) },
          sourceGroup: { href: expect.stringContaining(source) },
          targetGroup: { href: expect.stringContaining(made.targetGroupId) },
        },
      });
      expect((await on.call('GET', mappings(`/${made.id}`))).json()).toEqual(made);
      const list = await on.call('GET', mappings());
      expect([list.json(), String(list.headers['link'])]).toEqual([
        [made],
        expect.stringContaining('limit=100>; rel="self"'),
      ]);
      expect((await on.call('GET', `/api/v1/groups/${made.targetGroupId}`)).json()).toMatchObject({
        type: 'APP_GROUP',
        profile: { name: 'Engineers' },
      });
      const [row] = await on.db.query(
        'select due_at is not null as due, name_policy from app_group_push where id = $1',
        [made.id],
      );
      expect(row).toEqual({ due: true, name_policy: 'TARGET' });
    });

    test('lists are in pages, by group and by status', async () => {
      await connect();
      const other = await on.addGroup(`Other ${count}`, []);
      const made = [await push(), await push({ sourceGroupId: other, targetGroupName: 'Others', status: 'INACTIVE' })];
      const ids = made.map((each) => each.id).sort();
      const found = async (query: string) =>
        (await on.call('GET', mappings(query))).json<Reply[]>().map((each) => each.id);
      const first = await on.call('GET', mappings('?limit=1'));
      const next = [first.headers['link'] ?? []].flat()[1]?.match(/(\?[^>]*)>; rel="next"/)?.[1] ?? '';
      expect([first.json<Reply[]>().map((each) => each.id), await found(next)]).toEqual([[ids[0]], [ids[1]]]);
      expect((await on.call('GET', mappings('?after=forged'))).statusCode).toBe(400);
      expect(await found(`?sourceGroupId=${other}`)).toEqual([made[1]?.id]);
      expect(await found('?status=ACTIVE')).toEqual([made[0]?.id]);
      expect((await on.call('GET', mappings('?status=BROKEN'))).statusCode).toBe(400);
    });

    test('is paused and resumed, and untied only while it is paused', async () => {
      await connect();
      const { id, targetGroupId } = await push();
      const set = (status: string) => on.call('PATCH', mappings(`/${id}`), { status });
      const remove = (query = '') => on.call('DELETE', mappings(`/${id}${query}`));
      expect((await remove()).statusCode).toBe(400);
      expect((await set('INACTIVE')).json()).toMatchObject({ status: 'INACTIVE' });
      expect(await on.db.query('select 1 from app_group_push where due_at is not null and id = $1', [id])).toEqual([]);
      expect((await set('ACTIVE')).json()).toMatchObject({ status: 'ACTIVE' });
      expect((await set('ERROR')).statusCode).toBe(400);
      await set('INACTIVE');
      expect((await remove('?deleteTargetGroup=perhaps')).statusCode).toBe(400);
      expect((await remove('?deleteTargetGroup=true')).statusCode).toBe(204);
      expect((await on.call('GET', mappings(`/${id}`))).statusCode).toBe(404);
      // The app never had it, so there is nothing to delete there and nothing to remember.
      expect((await on.call('GET', `/api/v1/groups/${targetGroupId}`)).statusCode).toBe(404);
      const events = await on.events(appId as never);
      expect(
        events
          .filter((type) => type.startsWith('application.provision.group_push'))
          .map((type) => type.split('.').at(-1)),
      ).toEqual([...['created', 'deactivate_mapping', 'activate_mapping', 'deactivate_mapping', 'removed']]);
    });

    test('one that the app has is deleted by the worker, or stays and is taken over again', async () => {
      await connect();
      const { id, targetGroupId } = await push();
      await on.db.query(`update app_group_links set external_id = 'ext' where group_id = $1`, [targetGroupId]);
      await on.call('PATCH', mappings(`/${id}`), { status: 'INACTIVE' });
      expect((await on.call('DELETE', mappings(`/${id}`))).statusCode).toBe(204);
      const again = await push({ targetGroupName: 'engineers' });
      expect(again.targetGroupId).toBe(targetGroupId);
      await on.call('PATCH', mappings(`/${again.id}`), { status: 'INACTIVE' });
      expect((await on.call('DELETE', mappings(`/${again.id}?deleteTargetGroup=true`))).statusCode).toBe(204);
      expect((await on.call('GET', mappings())).json()).toEqual([]);
      expect(
        await on.db.query('select removing, due_at is not null as due from app_group_push where id = $1', [again.id]),
      ).toEqual([{ removing: true, due: true }]);
    });

    test('an error is shown while there is one, and gone with the next try', async () => {
      await connect();
      const { id } = await push();
      await on.db.query(
        `update app_group_push set status = 'ERROR', last_error = 'It refused.', last_push = now() where id = $1`,
        [id],
      );
      expect((await on.call('GET', mappings(`/${id}`))).json()).toMatchObject({
        status: 'ERROR',
        errorSummary: 'It refused.',
        lastPush: expect.any(String),
      });
      const again = await on.call('PATCH', mappings(`/${id}`), { status: 'ACTIVE' });
      expect(again.json()).not.toHaveProperty('errorSummary');
    });

    test.each([
      ['neither target', { targetGroupName: null }, 'targetGroupId: or targetGroupName must be given'],
      ['both targets', { targetGroupId: '00gnone' }, 'and not both'],
      ['a target the app has not', { targetGroupName: null, targetGroupId: '00gnone' }, 'is not a group of CRM'],
      ['an empty name', { targetGroupName: '  ' }, 'targetGroupName: is empty'],
      ['a name too long', { targetGroupName: 'x'.repeat(256) }, 'is longer than 255'],
      ['a name with a line break', { targetGroupName: 'a\nb' }, 'control character'],
      ['settings of another kind of app', { appConfig: { type: 'ACTIVE_DIRECTORY' } }, 'appConfig'],
      ['a status nobody can set', { status: 'ERROR' }, 'status'],
      ['a group that is no text', { sourceGroupId: 5 }, 'sourceGroupId'],
    ])('%s: 400 and says where', async (_, body, cause) => {
      await connect();
      const answer = await on.call('POST', mappings(), {
        sourceGroupId: source,
        targetGroupName: 'Engineers',
        ...body,
      });
      expect(answer.statusCode).toBe(400);
      expect(
        answer
          .json<Reply>()
          .errorCauses.map((each) => each.errorSummary)
          .join('\n'),
      ).toContain(cause);
    });

    test('a group is pushed once, to one; an app that is off or takes none refuses', async () => {
      const off = await on.call('POST', mappings(), { sourceGroupId: source, targetGroupName: 'Engineers' });
      expect([off.statusCode, off.body]).toEqual([400, expect.stringContaining('is not enabled')]);
      await connect();
      const { targetGroupId } = await push();
      const twice = await on.call('POST', mappings(), { sourceGroupId: source, targetGroupName: 'Others' });
      expect([twice.statusCode, twice.body]).toEqual([400, expect.stringContaining('is pushed to CRM already')]);
      const other = await on.addGroup(`Taken ${count}`, []);
      for (const target of [{ targetGroupName: 'Engineers' }, { targetGroupId }]) {
        const taken = await on.call('POST', mappings(), { sourceGroupId: other, ...target });
        expect([taken.statusCode, taken.body]).toEqual([400, expect.stringContaining('another group already')]);
      }
      const itself = await on.call('POST', mappings(), { sourceGroupId: targetGroupId, targetGroupName: 'Loop' });
      expect([itself.statusCode, itself.body]).toEqual([400, expect.stringContaining('a group of CRM itself')]);
      const nobody = await on.call('POST', mappings(), { sourceGroupId: '00gnone', targetGroupName: 'X' });
      expect(nobody.statusCode).toBe(404);
      const tile = await create({ name: 'bookmark', settings: { app: { url: 'https://t.example' } } });
      const none = await on.call('POST', `/api/v1/apps/${tile}/group-push/mappings`, {
        sourceGroupId: source,
        targetGroupName: 'X',
      });
      expect([none.statusCode, none.body]).toEqual([400, expect.stringContaining('cannot be given groups')]);
      expect((await on.call('GET', `/api/v1/apps/0oanone/group-push/mappings`)).statusCode).toBe(404);
    });
  });
});
