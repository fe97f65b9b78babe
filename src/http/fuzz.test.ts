import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../test/http-context.ts';

const rounds = 800;

/** Names that mean something somewhere, and texts that mean something to somebody. */
const words = fc.constantFrom(
  ...['profile', 'credentials', 'login', 'name', 'label', 'settings', 'app', 'type', 'value', 'properties', 'status'],
  ...['constructor', 'toString', '__proto__', 'hasOwnProperty', 'ENABLED', 'USER', 'BOOKMARK', 'OAUTH2', 'array'],
  ...['user.login', 'user.', '${', '%', "'; drop table users", '\u0000', '\ud800', '00unobody', 'https://', '', ' '],
);
const junk = fc.oneof(
  words,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ minLength: 300, maxLength: 3_000 }),
  fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 31, -1, 1e308, 2 ** 53)),
  fc.constantFrom(null, true, false, [], {}),
  fc.array(words, { maxLength: 3 }),
  fc.dictionary(words, fc.oneof(words, fc.integer(), fc.constant(null)), { maxKeys: 3 }),
);
/** Where to put what: each number chooses a branch on the way down, the last one a place there. */
const changes = fc.array(fc.record({ way: fc.array(fc.nat(20), { maxLength: 6 }), name: words, value: junk }), {
  minLength: 1,
  maxLength: 3,
});

interface Change {
  readonly way: readonly number[];
  readonly name: string;
  readonly value: unknown;
}

/** The body with something else, or something more, at one place. */
function changed(body: unknown, { way: [choice, ...way], name, value }: Change): unknown {
  if (choice === undefined || typeof body !== 'object' || body === null) return value;
  const keys = Object.keys(body);
  const key = choice < keys.length ? (keys[choice] ?? name) : name;
  if (Array.isArray(body)) return body.map((item: unknown, index) => (String(index) === key ? value : item));
  const inner: unknown = Reflect.get(body, key);
  return { ...body, [key]: Object.hasOwn(body, key) ? changed(inner, { way, name, value }) : value };
}

describeOnDatabases('any body', (database) => {
  let on: HttpTest;
  let routes: readonly (readonly [Method, string, unknown])[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    const userId = await on.addUser('ada@acme.example');
    const groupId = await on.addGroup('Engineering', [userId]);
    const auth = { scheme: 'bearer', token: 'sesame' };
    const newApp = {
      catalogKey: 'scim2headerauth',
      label: 'CRM',
      settings: { baseUrl: 'https://crm.example.com/scim' },
    };
    const appId = (await on.call('POST', '/usher/v1/apps', newApp)).json<{ id: string }>().id;
    const app = (await on.call('GET', `/api/v1/apps/${appId}`)).json<object>();
    const mapping = await on.call('GET', `/api/v1/mappings?targetId=${appId}`);
    const mappingId = mapping.json<{ id: string }[]>()[0]?.id ?? '';
    const profile = { login: 'new@acme.example', email: 'new@acme.example', firstName: 'N', lastName: 'W', title: 'T' };
    const credentials = { password: { value: 'correct horse' }, recovery_question: { question: 'Q', answer: 'A' } };
    const hash = { algorithm: 'PBKDF2', value: 'AAAA', salt: 'AAAA', saltOrder: 'PREFIX', workFactor: 4, keySize: 3 };
    const provider = { type: 'FEDERATION', name: 'FEDERATION' };
    const rule = {
      name: 'Rule',
      conditions: {
        people: { users: { exclude: [] }, groups: { exclude: [] } },
        expression: { value: 'user.title == "T"', type: 'urn:okta:expression:1.0' },
      },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    };
    const attribute = {
      title: 'A',
      type: 'string',
      enum: ['a'],
      oneOf: [{ const: 'a', title: 'A' }],
      permissions: [{ principal: 'SELF', action: 'HIDE' }],
      master: { type: 'OKTA', priority: [{ type: 'APP', value: 'x' }] },
      minLength: 1,
      externalName: 'a',
      externalNamespace: 'u',
    };
    const schema = {
      definitions: {
        custom: { properties: { a: attribute, b: null } },
        base: { properties: { login: { pattern: '.*' }, lastName: { required: true } } },
      },
    };
    const capabilities = {
      create: { lifecycleCreate: { status: 'ENABLED' } },
      update: { profile: { status: 'ENABLED' }, password: { status: 'DISABLED', seed: 'RANDOM' } },
    };
    const imports = {
      importSettings: {
        username: { userNameFormat: 'CUSTOM', userNameExpression: 'source.login' },
        schedule: { status: 'ENABLED', fullImport: { expression: '0 21 * * *', timezone: 'Europe/Berlin' } },
      },
      importRules: { userCreateAndMatch: { exactMatchCriteria: 'EMAIL', allowPartialMatch: false } },
    };
    const page = 'https://site.example/login';
    const signOn = {
      ...{ ssoAcsUrl: page, audience: 'urn:sp', recipient: page, destination: page, acsEndpoints: [] },
      ...{ subjectNameIdTemplate: '${source.login}', subjectNameIdFormat: 'urn:format', slo: { enabled: false } },
      ...{ signatureAlgorithm: 'RSA_SHA256', digestAlgorithm: 'SHA256', authnContextClassRef: 'urn:class' },
      attributeStatements: [{ type: 'EXPRESSION', name: 'A', values: ['user.title'] }],
    };
    const oauthClient = {
      ...{ application_type: 'web', grant_types: ['authorization_code'], response_types: ['code'] },
      redirect_uris: ['myapp://callback'],
    };
    const client = { oauthClient: { token_endpoint_auth_method: 'client_secret_post', pkce_required: true } };
    const site = { url: page, buttonField: 'b', passwordField: 'p', usernameField: 'u' };
    const shared = { scheme: 'SHARED_USERNAME_AND_PASSWORD', userName: 'team', password: { value: 'sesame' } };
    await on.call('POST', `/api/v1/apps/${appId}/connections/default?activate=true`, {
      profile: { authScheme: 'TOKEN', token: 'sesame' },
    });
    routes = [
      ['POST', '/api/v1/users', { profile, credentials, groupIds: [groupId] }],
      ['POST', `/api/v1/users/${userId}`, { profile: { title: 'T' }, credentials }],
      ['PUT', `/api/v1/users/${userId}`, { profile, credentials }],
      ['POST', '/api/v1/users?provider=true', { profile, credentials: { password: { hash }, provider } }],
      [
        'POST',
        `/api/v1/users/${userId}/credentials/change_password`,
        { oldPassword: { value: 'correct horse' }, newPassword: { value: 'correct horse' } },
      ],
      [
        'POST',
        `/api/v1/users/${userId}/credentials/change_recovery_question`,
        { password: { value: 'correct horse' }, recovery_question: { question: 'Q', answer: 'Byron' } },
      ],
      [
        'POST',
        `/api/v1/users/${userId}/credentials/forgot_password_recovery_question`,
        { password: { value: 'correct horse' }, recovery_question: { answer: 'Byron' } },
      ],
      ['POST', '/api/v1/groups', { profile: { name: 'N', description: 'D' } }],
      ['PUT', `/api/v1/groups/${groupId}`, { profile: { name: 'N', description: 'D' } }],
      ['POST', '/api/v1/groups/rules', rule],
      ['POST', '/api/v1/apps', { ...app, name: 'bookmark', settings: { app: { url: 'https://x.example' } } }],
      ['PUT', `/api/v1/apps/${appId}`, app],
      [
        'POST',
        `/api/v1/apps/${appId}/users`,
        { id: userId, scope: 'USER', profile: {}, credentials: { userName: 'a' } },
      ],
      ['POST', `/api/v1/apps/${appId}/users/${userId}`, { scope: 'USER', profile: { title: 'T' } }],
      ['PUT', `/api/v1/apps/${appId}/groups/${groupId}`, { priority: 1, profile: {} }],
      ['POST', `/api/v1/apps/${appId}/connections/default`, { profile: { authScheme: 'TOKEN', token: 'sesame' } }],
      ['PUT', `/api/v1/apps/${appId}/features/USER_PROVISIONING`, capabilities],
      ['PUT', `/api/v1/apps/${appId}/features/INBOUND_PROVISIONING`, imports],
      [
        'PATCH',
        `/api/v1/apps/${appId}/groups/${groupId}`,
        [
          { op: 'replace', path: '/priority', value: 1 },
          { op: 'add', path: '/profile/title', value: 'T' },
        ],
      ],
      [
        'POST',
        `/api/v1/apps/${appId}/group-push/mappings`,
        { sourceGroupId: groupId, targetGroupName: 'Engineers', status: 'INACTIVE', appConfig: null },
      ],
      ['POST', '/api/v1/apps', { label: 'Site', signOnMode: 'SAML_2_0', settings: { signOn } }],
      [
        'POST',
        '/api/v1/apps',
        { name: 'oidc_client', label: 'Client', settings: { oauthClient }, credentials: client },
      ],
      ['POST', '/api/v1/apps', { name: 'template_swa', label: 'Site', settings: { app: site }, credentials: shared }],
      [
        'POST',
        `/api/v1/mappings/${mappingId}`,
        { properties: { title: { expression: 'user.title', pushStatus: 'PUSH' } } },
      ],
      ['POST', '/api/v1/meta/schemas/user/default', schema],
      ['POST', '/api/v1/meta/schemas/group/default', schema],
      ['POST', '/api/v1/meta/types/user', { name: 'a', displayName: 'A', description: 'D' }],
      ['PUT', '/api/v1/meta/types/user/default', { name: 'user', displayName: 'A', description: 'D' }],
      ['POST', `/api/v1/meta/schemas/apps/${appId}/default`, schema],
      ['POST', '/usher/v1/apps', newApp],
      ['PUT', `/usher/v1/apps/${appId}/connection`, { settings: { auth } }],
      ['POST', `/usher/v1/apps/${appId}/connection/test`, { settings: { auth } }],
      ['PATCH', `/usher/v1/apps/${appId}/provisioning`, { create: true, existingAccount: 'ASK' }],
      ['POST', `/usher/v1/apps/${appId}/mappings/preview`, { userId }],
      ['POST', `/usher/v1/apps/${appId}/assignments`, { userIds: [userId] }],
      ['POST', `/usher/v1/apps/${appId}/provision`, { userIds: [userId] }],
      ['POST', '/usher/v1/connection-tests', { connector: 'scim', settings: { baseUrl: 'https://x.example', auth } }],
      ['POST', '/usher/v1/api-tokens', { name: 'N', expires: '2998-01-01T00:00:00Z' }],
    ];
  });

  test('is answered with 2xx or 4xx, never with our own fault', async () => {
    const property = fc.asyncProperty(fc.nat(1_000), changes, async (choice, edits) => {
      const [method, url, example] = routes[choice % routes.length] ?? ['GET', '/', undefined];
      const answer = await on.call(method, url, edits.reduce(changed, example));
      expect([url, answer.statusCode < 500, answer.body.includes('    at ')]).toEqual([url, true, false]);
    });
    await fc.assert(property, { numRuns: rounds });
  });

  test('neither is any text that should be JSON, any query, any path', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      // Halves of characters cannot be in a URL.
      const encoded = encodeURIComponent(Buffer.from(text).toString());
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
