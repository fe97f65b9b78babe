import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { UsherError } from '../../lib/errors.ts';
import type { AppId, UserId } from '../../lib/ids.ts';

interface Reply {
  readonly id: string;
  readonly status: string;
  readonly _links: Record<string, { readonly href: string }>;
}

describeOnDatabases('/api/v1 apps', (database) => {
  let on: HttpTest;
  let appId: AppId;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  beforeEach(async () => {
    on.app.refusal = undefined;
    const answer = await on.call('POST', '/api/v1/apps', {
      name: 'scim2headerauth',
      label: 'CRM',
      signOnMode: 'AUTO_LOGIN',
      settings: { app: { baseUrl: 'https://crm.example.com/scim' } },
    });
    expect(answer.statusCode).toBe(200);
    appId = answer.json<{ id: AppId }>().id;
  });
  const at = (path: string) => `/api/v1/apps/${appId}${path}`;
  const connect = () =>
    on.call('POST', `${at('/connections/default')}?activate=true`, {
      profile: { authScheme: 'TOKEN', token: 'sesame' },
    });

  describe('apps', () => {
    test('200 for a new one, with everything that clients read without asking', async () => {
      const app = (await on.call('GET', at(''))).json<Reply>();
      expect(app).toMatchObject({
        id: expect.stringMatching(/^0oa/),
        orn: expect.stringContaining(`:apps:`),
        label: 'CRM',
        status: 'ACTIVE',
        accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
        visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false } },
        features: [],
        credentials: { signing: {}, userNameTemplate: { template: expect.any(String), type: 'BUILT_IN' } },
        settings: {
          app: { baseUrl: 'https://crm.example.com/scim' },
          notes: { admin: null, enduser: null },
          notifications: { vpn: { network: { connection: 'DISABLED' } } },
        },
        _links: { deactivate: { href: expect.stringContaining(`/api/v1/apps/${appId}/lifecycle/deactivate`) } },
      });
      // Okta's SDK keeps what links to itself, and an app changes without a request.
      expect(app._links).not.toHaveProperty('self');
    });

    test('a private bookmark needs no catalog', async () => {
      const body = {
        label: 'Wiki',
        signOnMode: 'BOOKMARK',
        settings: { app: { url: 'https://wiki.example', requestIntegration: false } },
      };
      expect((await on.call('POST', '/api/v1/apps?activate=false', body)).json()).toMatchObject({
        status: 'INACTIVE',
        name: 'usher_wiki_1',
        _links: { activate: {} },
      });
    });

    test.each([
      [{ name: 'no_such_integration', label: 'x' }, 404],
      [{ label: 'x' }, 400],
      [{ label: 'x', signOnMode: 'TELEPATHY' }, 400],
      [{ name: 'scim2headerauth', label: '' }, 400],
      [{ name: 'scim2headerauth', settings: { app: { baseUrl: 'x', surprise: 1 } } }, 400],
    ])('%j is %i', async (body, status) => {
      expect((await on.call('POST', '/api/v1/apps', body)).statusCode).toBe(status);
    });

    test('PUT takes back what GET gave, with changes', async () => {
      const app = (await on.call('GET', at(''))).json<object>();
      const template = { template: '${source.email}', type: 'CUSTOM', pushStatus: 'DONT_PUSH' };
      const changed = { ...app, label: 'CRM 2', credentials: { userNameTemplate: template } };
      const answer = await on.call('PUT', at(''), changed);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ id: appId, label: 'CRM 2', credentials: { userNameTemplate: template } });
    });

    test('found by label and status, in pages', async () => {
      const list = await on.call(
        'GET',
        `/api/v1/apps?q=crm&limit=1&filter=${encodeURIComponent('status EQ "ACTIVE"')}`,
      );
      expect(list.json<Reply[]>()).toHaveLength(1);
      expect((await on.call('GET', '/api/v1/apps?filter=status%20eq%20%22INACTIVE%22&q=crm')).json()).toEqual([]);
    });

    test('deleted only when it is inactive', async () => {
      const refused = await on.call('DELETE', at(''));
      expect([refused.statusCode, refused.json<{ errorCode: string }>().errorCode]).toEqual([403, 'E0000056']);
      expect((await on.call('POST', at('/lifecycle/deactivate'))).body).toBe('{}');
      expect((await on.call('DELETE', at(''))).statusCode).toBe(204);
      const gone = await on.call('GET', at(''));
      expect([gone.statusCode, gone.json<{ errorCode: string }>().errorCode]).toEqual([404, 'E0000007']);
    });
  });

  describe('people and groups', () => {
    let userId: UserId;
    let count = 0;
    beforeEach(async () => {
      count += 1;
      userId = await on.addUser(`ada${count}@acme.example`);
    });

    test('assigned, shown, changed and taken away: 200 and 204', async () => {
      const given = await on.call('POST', at('/users'), { id: userId, scope: 'USER', credentials: { password: {} } });
      expect(given.statusCode).toBe(200);
      expect(given.json()).toMatchObject({
        id: userId,
        externalId: null,
        scope: 'USER',
        syncState: 'OUT_OF_SYNC',
        credentials: { userName: `ada${count}@acme.example` },
        _links: { app: {}, user: { href: expect.stringContaining(userId) } },
      });
      expect(given.json()).not.toHaveProperty('lastError');
      await on.db.query(`update app_users set last_error = 'It refused.' where user_id = $1`, [userId]);
      expect((await on.call('GET', `${at('/users')}/${userId}`)).json()).toMatchObject({ lastError: 'It refused.' });
      const one = await on.call('GET', `${at('/users')}/${userId}?expand=user`);
      expect(one.json()).toMatchObject({ _embedded: { user: { id: userId, profile: { firstName: `ada${count}` } } } });
      const named = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { userName: 'countess' } });
      expect(named.json()).toMatchObject({ credentials: { userName: 'countess' } });
      const kept = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { password: {} } });
      expect(kept.json()).toMatchObject({ credentials: { userName: 'countess' } });
      const back = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { userName: null } });
      expect(back.json()).toMatchObject({ scope: 'USER', credentials: { userName: `ada${count}@acme.example` } });
      const list = await on.call('GET', at('/users'));
      expect(list.json<Reply[]>().map((each) => each.id)).toEqual([userId]);
      expect(String(list.headers['link'])).toContain('limit=50>; rel="self"');
      expect((await on.call('GET', `/api/v1/users/${userId}/appLinks`)).json()).toMatchObject([
        { label: 'CRM', appInstanceId: appId },
      ]);
      expect((await on.call('DELETE', `${at('/users')}/${userId}?sendEmail=false`)).statusCode).toBe(204);
      expect((await on.call('GET', `${at('/users')}/${userId}`)).statusCode).toBe(404);
    });

    test('no user name of their own is no reason to make an assignment by group an individual one', async () => {
      const group = await on.call('POST', '/api/v1/groups', { profile: { name: `Namers ${count}` } });
      const groupId = group.json<{ id: string }>().id;
      await on.call('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
      await on.call('PUT', `${at('/groups')}/${groupId}`, {});
      const back = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { userName: null } });
      expect(back.json()).toMatchObject({ scope: 'GROUP', credentials: { userName: `ada${count}@acme.example` } });
    });

    test('a password is sealed, dated and never shown; it goes with the assignment', async () => {
      const credentials = { userName: 'countess', password: { value: 'sesame-4711' } };
      const given = await on.call('POST', at('/users'), { id: userId, credentials });
      expect(given.json()).toMatchObject({
        passwordChanged: expect.stringMatching(/Z$/),
        credentials: { userName: 'countess', password: {} },
      });
      const rows = async () =>
        JSON.stringify(await on.db.query('select to_jsonb(a) as row from app_users a where user_id = $1', [userId]));
      expect(given.body + (await rows())).not.toContain('sesame');
      const kept = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { password: {} } });
      expect(kept.json()).toMatchObject({ passwordChanged: given.json<{ passwordChanged: string }>().passwordChanged });
      for (const value of ['', 'x'.repeat(257)]) {
        const refused = await on.call('POST', `${at('/users')}/${userId}`, { credentials: { password: { value } } });
        expect([refused.statusCode, refused.body]).toEqual([400, expect.not.stringContaining('xxx')]);
      }
      await on.call('DELETE', `${at('/users')}/${userId}`);
      expect(await rows()).toContain('"password_sealed":null');
    });

    test('without a name of their own they are shown the one the template makes', async () => {
      const userNameTemplate = { template: 'String.toUpperCase(user.login)', type: 'CUSTOM' };
      await on.call('PUT', at(''), { credentials: { userNameTemplate } });
      const given = await on.call('POST', at('/users'), { id: userId, credentials: { password: {} } });
      expect(given.json()).toMatchObject({
        credentials: { userName: `ADA${count}@ACME.EXAMPLE` },
        passwordChanged: null,
      });
      expect(given.json<{ credentials: object }>().credentials).not.toHaveProperty('password');
    });

    test.each([
      [{ scope: 'GROUP' }, 'POST', 400],
      [{ scope: 'TEAM' }, 'POST', 400],
      [{ expand: 'app' }, 'GET', 400],
    ] as const)('%j with %s is %i', async (wish, method, status) => {
      const answer =
        method === 'POST'
          ? await on.call('POST', at('/users'), { id: userId, ...wish })
          : await on.call('GET', `${at('/users')}?expand=app`);
      expect(answer.statusCode).toBe(status);
    });

    test.each([
      [{ id: '00unobody' }, 404],
      [{}, 400],
      [{ id: 5 }, 400],
    ])('assigning %j is %i', async (body, status) => {
      expect((await on.call('POST', at('/users'), body)).statusCode).toBe(status);
    });

    test('400 for a value of an attribute that the app does not have', async () => {
      const answer = await on.call('POST', at('/users'), { id: userId, profile: { shoeSize: 40 } });
      expect(answer.statusCode).toBe(400);
    });

    test('a group has the app with a priority; its people have it through the group', async () => {
      const first = await on.addGroup(`First ${count}`, [userId]);
      const second = await on.addGroup(`Second ${count}`, []);
      const url = `${at('/groups')}/${first}`;
      expect((await on.call('PUT', url)).json()).toMatchObject({ id: first, priority: 0, profile: {} });
      expect((await on.call('PUT', `${at('/groups')}/${second}`, { priority: 7 })).json()).toMatchObject({
        priority: 7,
      });
      expect((await on.call('GET', url)).json()).toMatchObject({ id: first, _links: { group: {} } });
      const pages = [await on.call('GET', `${at('/groups')}?limit=1`)];
      const next = [pages[0]?.headers['link'] ?? []].flat()[1]?.match(/80(.*)>;/)?.[1] ?? '';
      pages.push(await on.call('GET', next));
      expect(pages.map((page) => page.json<Reply[]>()[0]?.id)).toEqual([first, second]);
      expect([pages[1]?.headers['link']].flat()).toHaveLength(1);
      expect((await on.call('GET', `${at('/users')}/${userId}`)).json()).toMatchObject({
        scope: 'GROUP',
        _links: { group: { href: expect.stringContaining(first) } },
      });
      expect((await on.call('DELETE', `${at('/users')}/${userId}`)).statusCode).toBe(403);
      const own = await on.call('POST', `${at('/users')}/${userId}`, { scope: 'USER' });
      expect(own.json()).toMatchObject({
        scope: 'USER',
        _links: expect.not.objectContaining({ group: expect.anything() }),
      });
      await on.call('POST', `${at('/users')}/${userId}`, { scope: 'GROUP' });
      expect((await on.call('GET', `/api/v1/groups/${first}/apps`)).json()).toMatchObject([
        { id: appId, label: 'CRM' },
      ]);
      expect((await on.call('DELETE', url)).statusCode).toBe(204);
      expect((await on.call('DELETE', url)).statusCode).toBe(404);
      expect((await on.call('GET', `${at('/groups')}?after=forged`)).statusCode).toBe(400);
    });
  });

  describe('connection and features', () => {
    const connection = () => on.call('GET', at('/connections/default'));

    test('saved without activate it is DISABLED, and the token is never shown', async () => {
      const saved = await on.call('POST', at('/connections/default'), {
        profile: { authScheme: 'TOKEN', token: 'sesame-4711' },
      });
      expect(saved.statusCode).toBe(200);
      expect(saved.json()).toMatchObject({
        authScheme: 'TOKEN',
        status: 'DISABLED',
        baseUrl: 'https://crm.example.com/scim',
        profile: { authScheme: 'TOKEN' },
        _links: { self: { hints: { allow: ['POST', 'GET'] } }, activate: {} },
      });
      expect(saved.body + (await connection()).body).not.toContain('sesame');
      const activated = await on.call('POST', at('/connections/default/lifecycle/activate'));
      expect([activated.statusCode, activated.body]).toEqual([204, '']);
      expect((await connection()).json()).toMatchObject({ status: 'ENABLED', _links: { deactivate: {} } });
      expect((await on.call('POST', at('/connections/default/lifecycle/deactivate'))).statusCode).toBe(204);
      expect((await connection()).json<Reply>().status).toBe('DISABLED');
    });

    test('400 credential where nothing is stored, and where the app refuses; nothing is enabled', async () => {
      const none = await on.call('POST', at('/connections/default/lifecycle/activate'));
      expect(none.json()).toMatchObject({ errorCode: 'E0000001', errorSummary: 'Api validation failed: credential.' });
      on.app.refusal = new UsherError(
        'app_credentials_refused',
        'The app at crm.example.com does not accept the token.',
      );
      const refused = await connect();
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({
        errorSummary: 'Api validation failed: credential.',
        errorCauses: [{ errorSummary: 'The app at crm.example.com does not accept the token.' }],
      });
      expect((await connection()).json<Reply>().status).toBe('DISABLED');
    });

    test('UNKNOWN with 200 for an app that cannot be provisioned', async () => {
      const tile = await on.call('POST', '/api/v1/apps', {
        name: 'bookmark',
        label: 'Tile',
        settings: { app: { url: 'https://t.example' } },
      });
      const answer = await on.call('GET', `/api/v1/apps/${tile.json<Reply>().id}/connections/default`);
      expect([answer.statusCode, answer.json<Reply>()]).toEqual([
        200,
        expect.objectContaining({ authScheme: 'UNKNOWN', status: 'UNKNOWN' }),
      ]);
    });

    test('features are 400 while the connection is off', async () => {
      for (const path of ['/features', '/features/USER_PROVISIONING']) {
        const answer = await on.call('GET', at(path));
        expect(answer.statusCode).toBe(400);
        expect(answer.json()).toMatchObject({ errorSummary: 'Api validation failed: feature' });
        expect(answer.body).toContain('Provisioning is not enabled for the app instance.');
      }
    });

    test('a part of the capabilities leaves the rest', async () => {
      expect((await connect()).json<Reply>().status).toBe('ENABLED');
      const url = at('/features/USER_PROVISIONING');
      const put = await on.call('PUT', url, { create: { lifecycleCreate: { status: 'ENABLED' } } });
      expect(put.json()).toMatchObject({
        name: 'USER_PROVISIONING',
        status: 'ENABLED',
        capabilities: {
          create: { lifecycleCreate: { status: 'ENABLED' } },
          update: { profile: { status: 'DISABLED' } },
        },
        _links: { self: { hints: { allow: ['GET', 'PUT'] } } },
      });
      expect((await on.call('GET', at('/features'))).json<object[]>()[0]).toEqual(put.json());
      expect((await on.call('GET', at(''))).json<{ features: string[] }>().features).toContain('PUSH_NEW_USERS');
      expect((await on.call('GET', at('/features/TELEPATHY'))).statusCode).toBe(404);
      expect((await on.call('PUT', url, { create: { lifecycleCreate: { status: 'ON' } } })).statusCode).toBe(400);
    });
  });

  describe('mappings and schema', () => {
    test('found by both sides, without properties; changed attribute by attribute', async () => {
      const { id: typeId } = (await on.call('GET', '/api/v1/meta/types/user/default')).json<Reply>();
      const list = await on.call('GET', `/api/v1/mappings?sourceId=${typeId}&targetId=${appId}`);
      expect(list.json()).toMatchObject([
        { source: { id: typeId, type: 'user' }, target: { id: appId, type: 'appuser' } },
      ]);
      expect(list.body).not.toContain('properties');
      expect((await on.call('GET', `/api/v1/mappings?sourceId=${appId}`)).json()).toMatchObject([
        { source: { id: appId } },
      ]);
      expect((await on.call('GET', '/api/v1/mappings?sourceId=0oanone&targetId=0oaother')).json()).toEqual([]);
      const url = `/api/v1/mappings/${list.json<Reply[]>()[0]?.id ?? ''}`;
      const changed = await on.call('POST', url, {
        properties: {
          title: { expression: 'String.toUpperCase(user.title)', pushStatus: 'DONT_PUSH' },
          nickName: null,
        },
      });
      expect(changed.json()).toMatchObject({ properties: { title: { pushStatus: 'DONT_PUSH' } } });
      expect((await on.call('GET', url)).json()).toEqual(changed.json());
      const wrong = await on.call('POST', url, {
        properties: { title: { expression: 'String.(', pushStatus: 'PUSH' } },
      });
      expect(wrong.json()).toMatchObject({ errorSummary: 'Api validation failed: properties.title' });
      for (const target of ['__proto__', 'constructor', 'toString', 'shoeSize']) {
        const body = `{"properties":{"${target}":{"expression":"user.title","pushStatus":"PUSH"}}}`;
        expect([target, (await on.call('POST', url, body)).statusCode]).toEqual([target, 400]);
      }
      expect((await on.call('GET', '/api/v1/mappings/prmnone')).statusCode).toBe(404);
    });

    test('the schema of an app takes custom attributes', async () => {
      const url = `/api/v1/meta/schemas/apps/${appId}/default`;
      const attribute = {
        title: 'Shirt size',
        type: 'string',
        externalName: 'shirtSize',
        externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
      };
      const added = await on.call('POST', url, { definitions: { custom: { properties: { shirtSize: attribute } } } });
      expect(added.statusCode).toBe(200);
      expect((await on.call('GET', url)).json()).toMatchObject({
        definitions: { custom: { properties: { shirtSize: attribute } } },
      });
      expect((await on.call('GET', '/api/v1/meta/schemas/apps/0oanone/default')).statusCode).toBe(404);
    });
  });
});
