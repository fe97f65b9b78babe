/*
 * The bad-input table, row by row: what a client can send that it should not, and the test that shows the answer.
 * Where no file is named it is this one. Rows of the SCIM server, LDAP, SQL and CSV export wait for these to exist.
 *
 *   not JSON, truncated, empty                     server.test.ts `is refused in one shape`, slow-requests.test.ts
 *   text/plain, forms, XML, CSV on a JSON route    server.test.ts `a body of … is refused with 415`
 *   another charset or coding                      slow-requests.test.ts
 *   a body too large; connection closed            slow-requests.test.ts, usher/usher.test.ts (CSV, 50 MB)
 *   trickling, lying lengths, large headers        slow-requests.test.ts
 *   nested too deep, names twice, __proto__        json-body.test.ts, server.test.ts; elsewhere than in bodies: here
 *   wrong types, null                              `a wrong type`
 *   unknown and privileged fields                  `what nobody may set`
 *   NUL, surrogates, control characters, length    `text that cannot be kept`, server.test.ts
 *   look-alike logins                              `logins`
 *   lengths of logins and passwords                `lengths`, ../lib/password.test.ts
 *   e-mail forms                                   ../domain/validate-profile.test.ts
 *   dates that are none                            `dates`
 *   limit, after                                   `limits`, api/search.test.ts (forged cursors)
 *   paths in disguise                              `paths`, server.test.ts
 *   method overrides, HEAD, OPTIONS, TRACE         server.test.ts
 *   Host and X-Forwarded-…                         server.test.ts `links begin with`
 *   filters                                        `filters`, ../domain/filter/parser.test.ts
 *   expressions                                    `expressions`, ../expression/limits.test.ts
 *   CSV files                                      ../lib/csv.test.ts, ../services/people-import.test.ts
 *   addresses of apps                              `addresses`, ../lib/egress.test.ts
 *   logos                                          api/app-stubs.test.ts
 *   a user name that is empty or taken             ../provisioning/desired.test.ts, ../worker/worker.test.ts
 *   managers in a circle                           `two who manage each other`
 *   one person created many times at once          `many at once`
 *   Accept, API version, If-Match                  server.test.ts, `paths`, api/user-credentials.test.ts
 *   anything else                                  reference-fuzz.test.ts
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { scim } from '../connectors/scim/index.ts';
import { parseEgressRules } from '../lib/egress.ts';
import { createHttpClient } from '../lib/undici-http-client.ts';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import { describeOnDatabases } from '../../test/database.ts';

interface Refusal {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

describeOnDatabases('bad input', (database) => {
  let on: HttpTest;
  let appId: string;
  let mappingId: string;
  let people = 0;
  beforeAll(async () => {
    on = await openHttpTest(database, {
      connectors: [scim],
      openHttp: ({ timeoutMs }) => createHttpClient({ egress: parseEgressRules([]), timeoutMs, connections: 1 }),
    });
    const settings = { baseUrl: 'https://crm.example.com/scim' };
    const made = await on.call('POST', '/usher/v1/apps', { catalogKey: 'scim2headerauth', label: 'CRM', settings });
    appId = made.json<{ id: string }>().id;
    const mappings = await on.call('GET', `/api/v1/mappings?targetId=${appId}`);
    mappingId = mappings.json<{ id: string }[]>()[0]?.id ?? '';
  });
  const nextLogin = () => `bad${(people += 1)}@acme.example`;
  const personWith = (profile: Record<string, unknown>) => {
    const login = nextLogin();
    return { profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace', ...profile } };
  };
  const post = (url: string, body: unknown) => on.call('POST', `/api/v1${url}`, body);
  const create = (profile: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    post('/users', { ...personWith(profile), ...more });

  describe('a wrong type is named by its path and not made into another', () => {
    test.each([
      ['/users', () => personWith({ firstName: 5 }), 'firstName'],
      ['/users', () => personWith({ title: true }), 'title'],
      ['/users', () => personWith({ title: ['a'] }), 'title'],
      ['/users', () => personWith({ title: { a: 1 } }), 'title'],
      ['/users', () => personWith({ firstName: null }), 'firstName'],
      ['/users', () => ({ ...personWith({}), credentials: { password: { value: 12_345_678 } } }), 'credentials'],
      ['/users', () => ({ ...personWith({}), groupIds: 'x' }), 'groupIds'],
      ['/groups', () => ({ profile: { name: 5 } }), 'name'],
      ['/groups', () => ({ profile: 'x' }), 'profile'],
      ['/groups/rules', () => ({ name: 5, type: 'group_rule', conditions: {}, actions: {} }), 'name'],
      ['/apps', () => ({ name: 'bookmark', label: 7, signOnMode: 'BOOKMARK' }), 'label'],
      ['/meta/types/user', () => ({ name: {}, displayName: 'A' }), 'name'],
    ])('POST %s: %#', async (url, body, field) => {
      const answer = await post(url, body());
      expect([answer.statusCode, answer.json<Refusal>().errorCode]).toEqual([400, 'E0000001']);
      expect(answer.body).toContain(field);
    });
  });

  test('what nobody may set is left aside, and an unknown attribute refused', async () => {
    const privileged = { id: on.ownerId, status: 'STAGED', created: '2001-01-01T00:00:00.000Z', isAdmin: true };
    const links = { _links: { self: { href: 'https://evil.example' } }, roles: ['SUPER_ADMIN'], lastLogin: null };
    const user = (await create({}, { ...privileged, ...links })).json<{
      id: string;
      status: string;
      created: string;
    }>();
    expect([user.id === on.ownerId, user.status, user.created.startsWith('2001')]).toEqual([
      false,
      'PROVISIONED',
      false,
    ]);
    const roles = await on.call('GET', `/api/v1/users/${user.id}/roles`);
    expect(roles.json()).toEqual([]);
    const group = { id: '00g00000000000000001', type: 'BUILT_IN', profile: { name: 'Privileged' } };
    expect((await post('/groups', group)).json()).toMatchObject({ type: 'OKTA_GROUP' });
    for (const name of ['isAdmin', 'constructor', 'toString', '__proto__x']) {
      expect([name, (await create({ [name]: true })).statusCode]).toEqual([name, 400]);
    }
  });

  test.each([
    `/mappings/:mappingId {"properties":{"__proto__":{"expression":"user.login","pushStatus":"PUSH"}}}`,
    `/mappings/:mappingId {"properties":{"constructor":{"expression":"user.login","pushStatus":"PUSH"}}}`,
    `/meta/schemas/user/default {"definitions":{"custom":{"properties":{"__proto__":{"title":"A","type":"string"}}}}}`,
    `/meta/schemas/user/default {"definitions":{"custom":{"properties":{"constructor":{"title":"A","type":"string"}}}}}`,
    `/meta/types/user {"name":"__proto__","displayName":"A"}`,
  ])('a name of JavaScript’s own is no name: %s', async (line) => {
    const [path = '', body = ''] = line.split(/ (.*)/s);
    expect((await post(path.replace(':mappingId', mappingId), body)).statusCode).toBe(400);
    expect(({} as Record<string, unknown>)['expression']).toBeUndefined();
  });

  test.each(['__proto__=1', '__proto__[x]=1', 'constructor=1', 'constructor.prototype.x=1', 'toString=1'])(
    '?%s is a parameter nobody reads',
    async (query) => {
      expect((await on.call('GET', `/api/v1/users?limit=1&${query}`)).statusCode).toBe(200);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  test.each([
    ['a control character', 'a\u0007b'],
    ['a NUL', 'a\0b'],
    ['half a character', 'a\ud800b'],
    ['C1', 'a\u0085b'],
    ['1,025 letters', 'a'.repeat(1_025)],
  ])('text that cannot be kept: %s', async (_name, text) => {
    for (const answer of [
      await create({ title: text }),
      await post('/groups', { profile: { name: text } }),
      await post('/apps', { name: 'bookmark', label: text, settings: { app: { url: 'https://x.example' } } }),
    ]) {
      expect([answer.statusCode, answer.json<Refusal>().errorCode]).toEqual([400, 'E0000001']);
    }
  });

  test.each([
    ['full width', 'ＢＡＤ-ada@acme.example', 'bad-ada@acme.example'],
    ['letter case', 'BAD-Bob@acme.example', 'bad-bob@acme.example'],
    ['the Kelvin sign', 'bad-\u212aim@acme.example', 'bad-kim@acme.example'],
    ['a letter and its accent', 'bad-rene\u0301@acme.example', 'bad-ren\u00e9@acme.example'],
    ['the long s', 'bad-\u017fue@acme.example', 'bad-sue@acme.example'],
  ])('logins that look alike are one: %s', async (_name, first, second) => {
    expect((await create({ login: first })).statusCode).toBe(200);
    const answer = await create({ login: second });
    expect([answer.statusCode, answer.body.includes('already exists')]).toEqual([400, true]);
  });

  test.each(['bad\u200bada@acme.example', 'bad\u202eada@acme.example', 'bad ada@acme.example', 'bad@ada@acme.example'])(
    'a login nobody can read, or that is no address, is refused: %#',
    async (login) => {
      expect((await create({ login })).statusCode).toBe(400);
    },
  );

  test.each([
    [5, 200],
    [52, 200],
    [72, 200],
    [73, 200],
    [100, 200],
    [101, 400],
    [256, 400],
    [4_096, 400],
  ])('lengths: a login of %i letters: %i', async (length, status) => {
    const ending = length < 20 ? '@b.c' : `@${'c'.repeat(32)}.example`;
    const start = `${length}${'x'.repeat(length)}`.slice(0, length - ending.length);
    expect((await create({ login: start + ending })).statusCode).toBe(status);
  });

  test.each([
    [0, 400],
    [7, 400],
    [8, 200],
    [64, 200],
    [128, 200],
    [129, 400],
    [4_096, 400],
  ])('lengths: a password of %i letters: %i', async (length, status) => {
    const answer = await create({}, { credentials: { password: { value: 'p'.repeat(length) } } });
    expect(answer.statusCode).toBe(status);
    if (length > 0) expect(answer.body).not.toContain('ppp');
  });

  test.each([
    '/api/v1/logs?since=2026-02-30T00:00:00Z',
    '/api/v1/logs?since=yesterday',
    '/api/v1/logs?since=2026-01-01T00:00:00',
    '/api/v1/logs?until=99999-01-01T00:00:00Z',
    '/api/v1/logs?since=1764028800000',
    '/api/v1/users?search=lastUpdated%20gt%20%222026-13-01T00:00:00Z%22',
  ])('dates that are none: %s', async (url) => {
    expect((await on.call('GET', url)).statusCode).toBe(400);
  });

  test.each(['2026-02-30T00:00:00Z', 'tomorrow', '2001-01-01T00:00:00Z', 5])(
    'dates: a token does not expire on %j',
    async (expires) => {
      expect((await on.call('POST', '/usher/v1/api-tokens', { name: 'N', expires })).statusCode).toBe(400);
    },
  );

  describe('limits', () => {
    test.each(['0', '-1', 'NaN', '1e3', '0x10', '1.5', '', ' ', '٣', '1;drop'])(
      'limit=%s is refused',
      async (limit) => {
        const url = `/api/v1/users?limit=${encodeURIComponent(limit)}`;
        expect([limit, (await on.call('GET', url)).statusCode]).toEqual([limit, limit === '' ? 200 : 400]);
      },
    );

    test('a limit nobody needs is taken as the most there is', async () => {
      for (const limit of ['201', '1000000000', '9'.repeat(15)]) {
        expect((await on.call('GET', `/api/v1/users?limit=${limit}`)).statusCode).toBe(200);
      }
    });

    test.each(['x', '00u00000000000000000', 'e30.AAAA', 'a'.repeat(5_000), '../..'])(
      'after=%s is no cursor',
      async (after) => {
        for (const list of ['users', 'groups', 'apps', 'logs', `apps/${appId}/users`, `apps/${appId}/groups`]) {
          expect([list, (await on.call('GET', `/api/v1/${list}?after=${after}`)).statusCode]).toEqual([list, 400]);
        }
      },
    );
  });

  describe('paths', () => {
    test.each([
      '/api/v1/../v1/users',
      '/api/v1/users/../users/me',
      '/api/v1/users/',
      '/api/v1/users;x=1',
      '/api/v1/users;/me',
      '/api/v1%2fusers',
      '/api/v1/users%2fme',
      '/api/v1/users/%2e%2e/users/me',
      '/API/V1/users',
      '/api/v2/users',
      '/api/v1/users/%00',
      '/api/v1/users/%ff',
      '/api/v1/users/me%20',
      '/usher/v2/apps',
      '/api/v1/%75sers/me',
      'http://evil.example/api/v1/users/me',
    ])('%s gives nobody in who would not get in otherwise', async (url) => {
      const without = await on.call('GET', url, undefined, { token: null });
      expect([400, 401, 404]).toContain(without.statusCode);
      expect(without.body).not.toContain('usher.local');
      expect((await on.call('GET', url)).statusCode).toBeLessThan(500);
    });

    test('an id of 301 letters is no id of anything', async () => {
      for (const path of ['users', 'groups', 'apps', 'groups/rules', 'mappings', 'api-tokens']) {
        const answer = await on.call('GET', `/api/v1/${path}/${'a'.repeat(301)}`);
        expect([path, answer.statusCode]).toEqual([path, 414]);
        expect((await on.call('GET', `/api/v1/${path}/${'a'.repeat(101)}`)).statusCode).toBe(404);
      }
    });
  });

  describe('filters', () => {
    test.each([
      'profile.login eq "a" or 1 eq 1',
      'profile.login eq "a',
      Array.from({ length: 10_000 }, () => 'id pr').join(' and '),
      `${'('.repeat(200)}id pr${')'.repeat(200)}`,
      'credentials.password eq "x"',
      'password eq "x"',
      'profile.password sw "a"',
      "profile.login eq 'x'; drop table users",
      'profile.login eq "x" --',
      'profile.login like "%"',
      '\\',
    ])('are refused with their place: %#', async (filter) => {
      for (const parameter of ['search', 'filter']) {
        const answer = await on.call('GET', `/api/v1/users?${parameter}=${encodeURIComponent(filter)}`);
        expect([400, 414, 431]).toContain(answer.statusCode);
      }
    });

    test.each(['%', '_', '\\', "'", '";', '%25', '*', '.*'])('%s stands for itself', async (text) => {
      const search = `profile.login co ${JSON.stringify(text)}`;
      const answer = await on.call('GET', `/api/v1/users?search=${encodeURIComponent(search)}`);
      expect([answer.statusCode, answer.json()]).toEqual([200, []]);
      const q = await on.call('GET', `/api/v1/users?q=${encodeURIComponent(text)}`);
      expect([q.statusCode, q.json()]).toEqual([200, []]);
    });
  });

  describe('expressions', () => {
    test.each([
      'constructor.constructor("return process")()',
      'this',
      'globalThis',
      'noSuchFunction(user.login)',
      `${'('.repeat(2_000)}1${')'.repeat(2_000)}`,
      `"${'a'.repeat(1_000_000)}"`,
      'user.login +',
      '`${user.login}`',
    ])('are refused in a mapping and in a rule: %#', async (expression) => {
      const properties = { title: { expression, pushStatus: 'PUSH' } };
      const mapping = await post(`/mappings/${mappingId}`, { properties });
      expect([400, 413]).toContain(mapping.statusCode);
      const conditions = { expression: { value: expression, type: 'urn:okta:expression:1.0' } };
      const rule = { name: 'R', type: 'group_rule', conditions, actions: { assignUserToGroups: { groupIds: [] } } };
      expect([400, 413]).toContain((await post('/groups/rules', rule)).statusCode);
    });
  });

  describe('addresses', () => {
    test.each([
      'http://169.254.169.254/latest/meta-data',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://127.1/',
      'http://①②⑦.0.0.1/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::1]/',
      'http://localhost./',
      'http://localhost/',
      'http://0/',
      'http://10.0.0.1/',
      'http://metadata.google.internal/',
      'file:///etc/passwd',
      'gopher://x.example/',
      'javascript:alert(1)',
      'https://user:pw@x.example/',
      'x.example',
    ])('%s is no app', async (baseUrl) => {
      const body = { baseUrl, profile: { authScheme: 'TOKEN', token: 'canary-sesame' } };
      const answer = await post(`/apps/${appId}/connections/default?activate=true`, body);
      const stored = await on.call('GET', `/api/v1/apps/${appId}/connections/default`);
      expect([answer.statusCode, stored.json<{ status: string }>().status]).toEqual([400, 'DISABLED']);
      expect(answer.body).not.toContain('canary-sesame');
    });
  });

  test('two who manage each other are two people', async () => {
    const [ada, bob] = [nextLogin(), nextLogin()];
    expect((await create({ login: ada, managerId: bob })).statusCode).toBe(200);
    expect((await create({ login: bob, managerId: ada })).statusCode).toBe(200);
    for (const login of [ada, bob]) {
      expect((await post(`/users/${login}`, { profile: { managerId: login } })).statusCode).toBe(200);
    }
  });

  test('many at once: one is created', async () => {
    const login = nextLogin();
    const file = `login,email,firstName,lastName\n${login},${login},Ada,Lovelace\n`;
    const load = () => on.call('POST', '/usher/v1/imports/people', file, { headers: { 'content-type': 'text/csv' } });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 10 === 0 ? load() : create({ login }))),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(
      new Set([200, 202, 400].filter((status) => answers.some(({ statusCode }) => statusCode === status))),
    );
    await expect
      .poll(async () => (await on.db.query(`select 1 from runs where status = 'RUNNING'`)).length, { timeout: 10_000 })
      .toBe(0);
    expect(await on.db.query('select login_key from users where login_key = $1', [login])).toHaveLength(1);
  });
});
