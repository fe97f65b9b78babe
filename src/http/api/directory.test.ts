import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

interface Reply {
  readonly id: string;
  readonly status: string;
  readonly profile: Record<string, unknown>;
  readonly _links: Record<string, { readonly href: string }>;
}

const ada = { login: 'ada@acme.example', email: 'ada@acme.example', firstName: 'Ada', lastName: 'Lovelace' };
const oktaDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;

describeOnDatabases('/api/v1 directory', (database) => {
  let on: HttpTest;
  let people = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const addUser = async (changes: Record<string, unknown> = {}, query = '') => {
    people += 1;
    const login = `person${people}@acme.example`;
    const answer = await on.call('POST', `/api/v1/users${query}`, {
      profile: { ...ada, login, email: login, ...changes },
    });
    expect(answer.statusCode).toBe(200);
    return answer.json<Reply>();
  };
  const statusOf = async (id: string) => (await on.call('GET', `/api/v1/users/${id}`)).json<Reply>().status;

  describe('users', () => {
    test('200 for a new one, in Okta words, with what is not set as null', async () => {
      const answer = await on.call('POST', '/api/v1/users', {
        profile: ada,
        credentials: { password: {}, recovery_question: { question: 'Who?', answer: 'Byron' } },
        id: 'ignored',
        status: 'DEPROVISIONED',
        _links: {},
      });
      expect(answer.statusCode).toBe(200);
      const user = answer.json<Reply>();
      expect(user).toEqual({
        id: expect.stringMatching(/^00u\w{17}$/),
        status: 'PROVISIONED',
        created: expect.stringMatching(oktaDate),
        activated: expect.stringMatching(oktaDate),
        statusChanged: expect.stringMatching(oktaDate),
        lastLogin: null,
        lastUpdated: expect.stringMatching(oktaDate),
        passwordChanged: null,
        transitioningToStatus: null,
        type: { id: expect.stringMatching(/^oty/) },
        profile: { ...ada, mobilePhone: null, secondEmail: null },
        credentials: { recovery_question: { question: 'Who?' }, provider: { type: 'OKTA', name: 'OKTA' } },
        _links: expect.objectContaining({
          self: { href: `http://localhost:80/api/v1/users/${user.id}` },
          reactivate: { href: `http://localhost:80/api/v1/users/${user.id}/lifecycle/reactivate`, method: 'POST' },
        }),
      });
      expect((await on.call('GET', user._links['schema']?.href.slice(19) ?? '')).statusCode).toBe(200);
      expect((await on.call('GET', user._links['type']?.href.slice(19) ?? '')).statusCode).toBe(200);
    });

    test('a password makes them ACTIVE, activate=false STAGED, nextLogin PASSWORD_EXPIRED', async () => {
      const create = async (query: string, login: string) =>
        (
          await on.call('POST', `/api/v1/users${query}`, {
            profile: { ...ada, login },
            credentials: { password: { value: 'correct horse battery' } },
          })
        ).json<Reply>().status;
      expect(await create('', 'pw1@acme.example')).toBe('ACTIVE');
      expect(await create('?activate=false', 'pw2@acme.example')).toBe('STAGED');
      expect(await create('?nextLogin=changePassword', 'pw3@acme.example')).toBe('PASSWORD_EXPIRED');
    });

    test.each([
      [
        'a login that is taken',
        { ...ada, login: 'OWNER@usher.local' },
        'login',
        'An object with this field already exists in the current organization',
      ],
      [
        'an attribute nobody knows',
        { ...ada, login: 'u1@acme.example', shoeSize: 40 },
        'newUser',
        "Property name 'shoeSize' is not defined in profile",
      ],
      ['no login', { email: ada.email, firstName: 'A', lastName: 'B' }, 'login', 'The field cannot be left blank'],
      ['a number for a text', { ...ada, login: 'u2@acme.example', title: 5 }, 'title', 'must be'],
    ])('400 E0000001 for %s', async (_name, profile, subject, reason) => {
      const answer = await on.call('POST', '/api/v1/users', { profile });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ errorCode: 'E0000001', errorSummary: `Api validation failed: ${subject}` });
      expect(answer.body).toContain(reason.replaceAll('"', '\\"'));
    });

    test('found by id, login in any letter case, short login and me', async () => {
      const user = await addUser();
      const { login } = user.profile;
      for (const key of [user.id, login, String(login).toUpperCase(), String(login).split('@')[0]]) {
        expect((await on.call('GET', `/api/v1/users/${String(key)}`)).json<Reply>().id).toBe(user.id);
      }
      expect((await on.call('GET', '/api/v1/users/me')).json<Reply>().id).toBe(on.ownerId);
    });

    test('404 E0000007 for nobody, on every route', async () => {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/lifecycle/activate'],
        ['GET', '/groups'],
        ['GET', '/appLinks'],
      ] as const) {
        const answer = await on.call(method, `/api/v1/users/00unobody${path}`, method === 'GET' ? undefined : {});
        expect([path, answer.statusCode]).toEqual([path, 404]);
        expect(answer.json()).toMatchObject({
          errorCode: 'E0000007',
          errorSummary: 'Not found: Resource not found: 00unobody (User)',
        });
      }
    });

    test('POST changes what is given, null clears; PUT replaces; credentials alone leave the profile', async () => {
      const { id } = await addUser({ title: 'Engineer', city: 'London' });
      const change = await on.call('POST', `/api/v1/users/${id}`, { profile: { title: null, city: 'Paris' } });
      expect(change.json<Reply>().profile).toMatchObject({ city: 'Paris', firstName: 'Ada' });
      expect(change.json<Reply>().profile).not.toHaveProperty('title');
      const password = await on.call('PUT', `/api/v1/users/${id}`, {
        credentials: { password: { value: 'correct horse' } },
      });
      expect(password.json()).toMatchObject({
        status: 'ACTIVE',
        profile: { city: 'Paris' },
        credentials: { password: {} },
      });
      const login = `replaced${people}@acme.example`;
      const whole = await on.call('PUT', `/api/v1/users/${id}`, { profile: { ...ada, login } });
      expect(whole.json<Reply>().profile).toEqual({ ...ada, login, mobilePhone: null, secondEmail: null });
    });

    test('the lifecycle answers {} and, where the status forbids it, what Okta says', async () => {
      const { id } = await addUser({}, '?activate=false');
      const act = async (verb: string) => on.call('POST', `/api/v1/users/${id}/lifecycle/${verb}?sendEmail=false`);
      const refused = async (verb: string) => {
        const answer = await act(verb);
        return [answer.statusCode, answer.json<{ errorCode: string }>().errorCode];
      };
      expect(await refused('suspend')).toEqual([400, 'E0000001']);
      expect(await refused('unlock')).toEqual([403, 'E0000032']);
      const activated = await act('activate');
      expect([activated.statusCode, activated.json()]).toEqual([
        200,
        expect.objectContaining({ activationToken: expect.any(String) }),
      ]);
      expect(await refused('activate')).toEqual([403, 'E0000016']);
      expect(await statusOf(id)).toBe('PROVISIONED');
      expect((await act('reactivate')).statusCode).toBe(200);
      await on.call('POST', `/api/v1/users/${id}`, { credentials: { password: { value: 'correct horse' } } });
      for (const [verb, status] of [
        ['suspend', 'SUSPENDED'],
        ['unsuspend', 'ACTIVE'],
        ['deactivate', 'DEPROVISIONED'],
      ] as const) {
        expect((await act(verb)).body).toBe('{}');
        expect(await statusOf(id)).toBe(status);
      }
      expect(await refused('deactivate')).toEqual([403, 'E0000038']);
    });

    test('the first DELETE deactivates, the second deletes; each is 204', async () => {
      const { id } = await addUser();
      const first = await on.call('DELETE', `/api/v1/users/${id}?sendEmail=true`);
      expect([first.statusCode, first.body, first.headers['content-type']]).toEqual([204, '', undefined]);
      expect(await statusOf(id)).toBe('DEPROVISIONED');
      expect((await on.call('DELETE', `/api/v1/users/${id}`)).statusCode).toBe(204);
      expect((await on.call('GET', `/api/v1/users/${id}`)).statusCode).toBe(404);
    });

    test('pages link to the next only while there is one, and keep the query', async () => {
      for (let count = 0; count < 3; count += 1) await addUser({ lastName: 'Pagemaker' });
      let url = '/api/v1/users?q=pagem&limit=2';
      const seen: string[] = [];
      const sizes: number[] = [];
      for (let requests = 0; url !== '' && requests < 5; requests += 1) {
        const answer = await on.call('GET', url);
        const page = answer.json<Reply[]>();
        sizes.push(page.length);
        seen.push(...page.map((user) => user.id));
        expect(Object.keys(page[0]?._links ?? {})).toEqual(['self']);
        const links = [answer.headers['link'] ?? []].flat();
        expect(links[0]).toContain('rel="self"');
        url = links[1]?.match(/<http:\/\/localhost:80(.*)>; rel="next"/)?.[1] ?? '';
        if (url !== '') expect(url).toContain('q=pagem');
      }
      expect([sizes, new Set(seen).size]).toEqual([[2, 1], 3]);
    });

    test('the size of a page is filled in, and cut where it asks for more', async () => {
      expect(String((await on.call('GET', '/api/v1/users')).headers['link'])).toContain('limit=200>; rel="self"');
      expect(String((await on.call('GET', '/api/v1/users?q=a')).headers['link'])).toContain('limit=10>; rel="self"');
      expect(String((await on.call('GET', '/api/v1/users?limit=1000000000')).headers['link'])).toContain('limit=200>');
    });
  });

  describe('groups', () => {
    const addGroup = async (profile: Record<string, unknown>) => on.call('POST', '/api/v1/groups', { profile });

    test('200 for a new one, read back, changed and deleted', async () => {
      const created = await addGroup({ name: 'Engineering', description: '' });
      expect(created.statusCode).toBe(200);
      const group = created.json<Reply>();
      expect(group).toMatchObject({
        id: expect.stringMatching(/^00g/),
        objectClass: ['okta:user_group'],
        type: 'OKTA_GROUP',
        profile: { name: 'Engineering', description: '' },
        lastMembershipUpdated: expect.stringMatching(oktaDate),
        _links: { users: { href: expect.stringContaining(`/api/v1/groups/`) } },
      });
      const url = `/api/v1/groups/${group.id}`;
      expect((await on.call('GET', url)).json()).toEqual(group);
      expect((await on.call('PUT', url, { profile: { name: 'Builders' } })).json<Reply>().profile).toEqual({
        name: 'Builders',
        description: null,
      });
      expect((await on.call('DELETE', url)).statusCode).toBe(204);
      expect((await on.call('GET', url)).statusCode).toBe(404);
    });

    test('400 for a name that is taken and for none', async () => {
      await addGroup({ name: 'Taken' });
      expect((await addGroup({ name: 'taken' })).json()).toMatchObject({ errorSummary: 'Api validation failed: name' });
      expect((await addGroup({ description: 'x' })).json()).toMatchObject({
        errorSummary: 'Api validation failed: name',
      });
    });

    test('Everyone is there, and is not to be changed: 403', async () => {
      const [everyone] = (await on.call('GET', '/api/v1/groups?q=every')).json<Reply[]>();
      expect(everyone).toMatchObject({ type: 'BUILT_IN', profile: { name: 'Everyone' } });
      expect((await on.call('DELETE', `/api/v1/groups/${everyone?.id}`)).statusCode).toBe(403);
    });

    test('members come and go, each any number of times', async () => {
      const group = (await addGroup({ name: 'Club' })).json<Reply>();
      const user = await addUser();
      const url = `/api/v1/groups/${group.id}/users`;
      for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE', 'PUT'] as const) {
        expect((await on.call(method, `${url}/${user.id}`)).statusCode).toBe(204);
      }
      expect((await on.call('GET', `${url}?limit=1`)).json<Reply[]>().map((each) => each.id)).toEqual([user.id]);
      expect((await on.call('GET', `/api/v1/users/${user.id}/groups`)).json<Reply[]>()).toHaveLength(2);
      expect((await on.call('PUT', `${url}/00unobody`)).statusCode).toBe(404);
      expect((await on.call('GET', '/api/v1/groups/00gnone/users')).statusCode).toBe(404);
    });
  });

  describe('group rules', () => {
    const rule = (groupId: string, expression = 'user.department == "Sales"') => ({
      type: 'group_rule',
      name: 'Sales people',
      conditions: {
        people: { users: {}, groups: {} },
        expression: { type: 'urn:okta:expression:1.0', value: expression },
      },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    });

    test('from INACTIVE over ACTIVE to gone: 200, 204, 202', async () => {
      const group = (await on.call('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).json<Reply>();
      const created = await on.call('POST', '/api/v1/groups/rules', rule(group.id));
      expect(created.statusCode).toBe(200);
      expect(created.json()).toMatchObject({
        id: expect.stringMatching(/^0pr/),
        type: 'group_rule',
        status: 'INACTIVE',
        conditions: { people: { users: { exclude: [] }, groups: { exclude: [] } } },
        actions: { assignUserToGroups: { groupIds: [group.id] } },
      });
      const url = `/api/v1/groups/rules/${created.json<Reply>().id}`;
      const changed = await on.call('PUT', url, { ...rule(group.id), name: 'Sellers' });
      expect(changed.json()).toMatchObject({ name: 'Sellers' });
      const on204 = await on.call('POST', `${url}/lifecycle/activate`);
      expect([on204.statusCode, on204.body]).toEqual([204, '']);
      expect((await on.call('GET', url)).json<Reply>().status).toBe('ACTIVE');
      expect((await on.call('PUT', url, rule(group.id))).statusCode).toBe(403);
      expect((await on.call('GET', '/api/v1/groups/rules?search=ELLE')).json<Reply[]>()).toHaveLength(1);
      expect((await on.call('POST', `${url}/lifecycle/deactivate`)).statusCode).toBe(204);
      const gone = await on.call('DELETE', `${url}?removeUsers=true`);
      expect([gone.statusCode, gone.body]).toEqual([202, '{}']);
      expect((await on.call('GET', url)).statusCode).toBe(404);
    });

    test('400 for an expression that cannot be used', async () => {
      const group = (await on.call('POST', '/api/v1/groups', { profile: { name: 'Nobody' } })).json<Reply>();
      const answer = await on.call('POST', '/api/v1/groups/rules', rule(group.id, 'user.department =='));
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ errorCode: 'E0000001' });
    });
  });

  describe('schemas', () => {
    const url = '/api/v1/meta/schemas/user/default';

    test('the user schema takes attributes one by one, and gives them up', async () => {
      const attribute = { title: 'T-shirt', type: 'string', enum: ['S', 'M'], scope: 'NONE', required: true };
      const add = await on.call('POST', url, {
        definitions: { custom: { id: '#custom', type: 'object', properties: { shirt: attribute }, required: [] } },
      });
      expect(add.statusCode).toBe(200);
      const { definitions, ...document } = add.json<{ definitions: Record<string, Record<string, object>> }>();
      expect(document).toMatchObject({
        id: expect.stringMatching(/\/api\/v1\/meta\/schemas\/user\/osc\w+$/),
        $schema: 'http://json-schema.org/draft-04/schema#',
        properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
      });
      expect(definitions).toMatchObject({
        custom: { required: ['shirt'], properties: { shirt: { ...attribute, master: { type: 'PROFILE_MASTER' } } } },
        base: { required: expect.arrayContaining(['login', 'firstName']) },
      });
      const remove = await on.call('POST', url, { definitions: { custom: { properties: { shirt: null } } } });
      expect(remove.json()).toMatchObject({ definitions: { custom: { properties: {}, required: [] } } });
    });

    test('a name need not be given any more', async () => {
      const body = {
        definitions: { base: { properties: { firstName: { title: 'First name', type: 'string', required: false } } } },
      };
      expect((await on.call('POST', url, body)).body).not.toContain('"required":["login","email","firstName"');
      expect((await on.call('GET', url)).json()).toMatchObject({
        definitions: { base: { required: expect.not.arrayContaining(['firstName']) } },
      });
    });

    test('400 for what cannot be an attribute', async () => {
      const bad = { 'no spaces': { title: 'x', type: 'string' } };
      expect((await on.call('POST', url, { definitions: { custom: { properties: bad } } })).statusCode).toBe(400);
      const type = { shoe: { title: 'x', type: 'shoe' } };
      expect((await on.call('POST', url, { definitions: { custom: { properties: type } } })).statusCode).toBe(400);
    });

    test('groups have one too', async () => {
      const groups = '/api/v1/meta/schemas/group/default';
      const add = { definitions: { custom: { properties: { costCentre: { title: 'Cost centre', type: 'string' } } } } };
      expect((await on.call('POST', groups, add)).statusCode).toBe(200);
      expect((await on.call('GET', groups)).json()).toMatchObject({
        definitions: { custom: { properties: { costCentre: { type: 'string' } } }, base: { required: ['name'] } },
      });
      const remove = { definitions: { custom: { properties: { costCentre: null } } } };
      expect((await on.call('POST', groups, remove)).json()).toMatchObject({
        definitions: { custom: { properties: {} } },
      });
    });

    test('the user type points to the schema', async () => {
      const [type] = (await on.call('GET', '/api/v1/meta/types/user')).json<Reply[]>();
      expect(type).toMatchObject({ default: true, name: 'user' });
      expect(type?._links['schema']?.href).toMatch(/\/osc\w{17}$/);
      expect((await on.call('GET', '/api/v1/meta/types/user/default')).json()).toEqual(type);
      expect((await on.call('GET', '/api/v1/meta/types/user/otynone')).statusCode).toBe(404);
    });
  });
});
