import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../test/http-context.ts';
import { newId } from '../lib/ids.ts';

const rounds = 400;

/** Names that mean something somewhere, so that bodies get past the first check. */
const names = fc.constantFrom(
  ...[
    'profile',
    'credentials',
    'login',
    'email',
    'firstName',
    'lastName',
    'name',
    'label',
    'settings',
    'app',
    'baseUrl',
  ],
  ...['type', 'value', 'expression', 'conditions', 'actions', 'assignUserToGroups', 'groupIds', 'priority', 'userIds'],
  ...[
    'definitions',
    'custom',
    'base',
    'properties',
    'title',
    'pushStatus',
    'signOnMode',
    'userNameTemplate',
    'template',
  ],
  ...['catalogKey', 'connector', 'auth', 'scheme', 'token', 'authScheme', 'create', 'lifecycleCreate', 'status', 'id'],
  ...[
    'scope',
    'userName',
    'all',
    'people',
    'users',
    'exclude',
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
  ],
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    'ENABLED',
    'USER',
    'BOOKMARK',
    'string',
    'TOKEN',
    'scim',
    'slack',
    'user.login',
    '%',
    "'; drop",
    '${',
    '',
  ),
);
const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 5 },
    fc.dictionary(names, tie('body'), { maxKeys: 6 }),
    fc.array(tie('body'), { maxLength: 3 }),
    texts,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  ),
}));

describeOnDatabases('any body', (database) => {
  let on: HttpTest;
  let routes: readonly (readonly [Method, string])[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    const userId = await on.addUser('ada@acme.example');
    const groupId = await on.addGroup('Engineering', [userId]);
    const app = await on.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      settings: { baseUrl: 'https://crm.example.com/scim' },
    });
    const appId = app.json<{ id: string }>().id;
    const mapping = await on.call('GET', `/api/v1/mappings?targetId=${appId}`);
    const mappingId = mapping.json<{ id: string }[]>()[0]?.id ?? '';
    routes = [
      ['POST', '/api/v1/users'],
      ['POST', `/api/v1/users/${userId}`],
      ['PUT', `/api/v1/users/${userId}`],
      ['POST', '/api/v1/groups'],
      ['PUT', `/api/v1/groups/${groupId}`],
      ['POST', '/api/v1/groups/rules'],
      ['PUT', `/api/v1/groups/rules/${newId('group_rule')}`],
      ['POST', '/api/v1/apps'],
      ['PUT', `/api/v1/apps/${appId}`],
      ['POST', `/api/v1/apps/${appId}/users`],
      ['POST', `/api/v1/apps/${appId}/users/${userId}`],
      ['PUT', `/api/v1/apps/${appId}/groups/${groupId}`],
      ['POST', `/api/v1/apps/${appId}/connections/default`],
      ['PUT', `/api/v1/apps/${appId}/features/USER_PROVISIONING`],
      ['POST', `/api/v1/mappings/${mappingId}`],
      ['POST', '/api/v1/meta/schemas/user/default'],
      ['POST', '/api/v1/meta/schemas/group/default'],
      ['POST', `/api/v1/meta/schemas/apps/${appId}/default`],
      ['POST', '/usher/v1/apps'],
      ['PUT', `/usher/v1/apps/${appId}/connection`],
      ['POST', `/usher/v1/apps/${appId}/connection/test`],
      ['PATCH', `/usher/v1/apps/${appId}/provisioning`],
      ['POST', `/usher/v1/apps/${appId}/mappings/preview`],
      ['POST', `/usher/v1/apps/${appId}/assignments`],
      ['POST', `/usher/v1/apps/${appId}/provision`],
      ['POST', '/usher/v1/connection-tests'],
      ['POST', '/usher/v1/api-tokens'],
    ];
  });

  test('is answered with 2xx or 4xx, never with our own fault', async () => {
    const property = fc.asyncProperty(fc.nat(), fc.dictionary(names, body, { maxKeys: 6 }), async (choice, given) => {
      const [method, url] = routes[choice % routes.length] ?? ['GET', '/'];
      const answer = await on.call(method, url, given);
      expect([url, answer.statusCode < 500, answer.body.includes('    at ')]).toEqual([url, true, false]);
    });
    await fc.assert(property, { numRuns: rounds });
  });

  test('neither is any text that should be JSON, any query, any path', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const encoded = encodeURIComponent(text.toWellFormed());
      for (const answer of [
        await on.call('POST', '/api/v1/users', text),
        await on.call('GET', `/api/v1/users/${encoded}`),
        await on.call('GET', `/api/v1/users?q=${encoded}&limit=1`),
        await on.call('GET', `/api/v1/logs?q=${encoded}&limit=1`),
        await on.call('GET', `/api/v1/apps?filter=${encoded}`),
        await on.call('GET', `/usher/v1/catalog/apps?q=${encoded}`),
      ]) {
        expect(answer.statusCode).toBeLessThan(500);
      }
    });
    await fc.assert(property, { numRuns: rounds / 4 });
  });
});
