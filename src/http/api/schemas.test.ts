import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

interface Schema {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly definitions: Readonly<
    Record<'custom' | 'base', { readonly properties: Readonly<Record<string, object>>; readonly required: string[] }>
  >;
}
interface UserType {
  readonly id: string;
  readonly name: string;
  readonly lastUpdated: string;
  readonly _links: { readonly schema: { readonly href: string } };
}

const defaultSchema = '/api/v1/meta/schemas/user/default';
const types = '/api/v1/meta/types/user';

describeOnDatabases('/api/v1 schemas and user types', (database) => {
  let on: HttpTest;
  let people = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const custom = (properties: Record<string, unknown>) => ({ definitions: { custom: { id: '#custom', properties } } });
  const base = (properties: Record<string, unknown>) => ({ definitions: { base: { id: '#base', properties } } });
  const post = async (url: string, body: unknown) => {
    const answer = await on.call('POST', url, body);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return answer.json<Schema>();
  };
  const addUser = (profile: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => {
    people += 1;
    const login = `person${people}@schemas.example`;
    const whole = { login, email: login, firstName: 'Ada', lastName: 'Lovelace', ...profile };
    return on.call('POST', '/api/v1/users', { profile: whole, ...more });
  };
  const schemaOf = ({ _links }: UserType) => new URL(_links.schema.href).pathname;

  describe('attributes', () => {
    test.each<readonly [string, Record<string, unknown>]>([
      ['a string with limits', { title: 'A', type: 'string', description: 'D', minLength: 1, maxLength: 20 }],
      ['a list of values', { title: 'A', type: 'string', enum: ['S', 'M'] }],
      ['named values', { title: 'A', type: 'string', enum: ['S'], oneOf: [{ const: 'S', title: 'Small' }] }],
      ['numbers', { title: 'A', type: 'integer', enum: [1, 2], oneOf: [{ const: 1, title: 'One' }] }],
      [
        'an array of named values',
        { title: 'A', type: 'array', items: { type: 'string', enum: ['x'], oneOf: [{ const: 'x', title: 'X' }] } },
      ],
      [
        'what people may do',
        { title: 'A', type: 'boolean', permissions: [{ principal: 'SELF', action: 'READ_WRITE' }] },
      ],
      [
        'a source',
        { title: 'A', type: 'string', master: { type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oa' }] } },
      ],
      ['a place in an app', { title: 'A', type: 'string', externalName: 'a.b', externalNamespace: 'urn:x' }],
      ['a mark', { title: 'A', type: 'string', scope: 'SELF', mutability: 'READ_ONLY', required: false }],
    ])('%s comes back as it was sent', async (_name, attribute) => {
      const sent = custom({ echo: attribute });
      for (const answer of [await post(defaultSchema, sent), (await on.call('GET', defaultSchema)).json<Schema>()]) {
        expect(answer.definitions.custom.properties['echo']).toMatchObject(attribute);
      }
      const gone = await post(defaultSchema, custom({ echo: null }));
      expect(gone.definitions.custom).toEqual({ id: '#custom', type: 'object', properties: {}, required: [] });
    });

    test('what is left out has what Okta fills in, and null is nothing', async () => {
      const nulls = { description: null, enum: null, oneOf: null, items: null, master: null, permissions: null };
      const { definitions } = await post(defaultSchema, custom({ plain: { title: 'A', type: 'string', ...nulls } }));
      expect(definitions.custom.properties['plain']).toEqual({
        title: 'A',
        type: 'string',
        mutability: 'READ_WRITE',
        scope: 'NONE',
        permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
        master: { type: 'PROFILE_MASTER' },
      });
      await post(defaultSchema, custom({ plain: null }));
    });

    test('a list of required ones is made of the attributes, whatever list was sent', async () => {
      const body = {
        definitions: { custom: { properties: { need: { title: 'N', type: 'string', required: true } }, required: [] } },
      };
      expect((await post(defaultSchema, body)).definitions.custom.required).toEqual(['need']);
      expect((await addUser()).json()).toMatchObject({ errorSummary: 'Api validation failed: need' });
      await post(defaultSchema, custom({ need: null }));
      expect((await addUser()).statusCode).toBe(200);
    });

    test('named values limit what people have', async () => {
      await post(
        defaultSchema,
        custom({ size: { title: 'Size', type: 'string', oneOf: [{ const: 'S', title: 'Small' }] } }),
      );
      expect((await addUser({ size: 'S' })).statusCode).toBe(200);
      expect((await addUser({ size: 'Small' })).json()).toMatchObject({ errorSummary: 'Api validation failed: size' });
      await post(defaultSchema, custom({ size: null }));
    });

    test('of base attributes permissions, source and, for the login, a pattern change; null takes the pattern back', async () => {
      const hidden = [{ principal: 'SELF', action: 'HIDE' }];
      const changed = await post(
        defaultSchema,
        base({
          title: { title: 'Renamed', type: 'string', permissions: hidden, master: { type: 'OKTA' } },
          login: { title: 'Username', type: 'string', required: true, pattern: '[a-z0-9]+' },
        }),
      );
      expect(changed.definitions.base.properties['title']).toMatchObject({
        title: 'Title',
        permissions: hidden,
        master: { type: 'OKTA' },
      });
      expect(changed.definitions.base.properties['login']).toMatchObject({ pattern: '[a-z0-9]+' });
      expect((await addUser({ login: 'plainlogin' })).statusCode).toBe(200);
      expect((await addUser({ login: 'PlainLogin' })).statusCode).toBe(400);
      const back = await post(defaultSchema, base({ login: { pattern: null } }));
      expect(back.definitions.base.properties['login']).not.toHaveProperty('pattern');
      expect((await addUser({ login: 'anotherlogin' })).statusCode).toBe(400);
    });

    test('a whole document that was read can be sent back', async () => {
      const before = (await on.call('GET', defaultSchema)).json<Schema>();
      const after = await post(defaultSchema, before);
      expect(after.definitions).toEqual(before.definitions);
    });

    test.each<readonly [string, object]>([
      ['a base attribute as a custom one', custom({ email: { title: 'E', type: 'string' } })],
      ['a base attribute removed', custom({ email: null })],
      ['an e-mail that need not be there', base({ email: { required: false } })],
      ['a pattern for another than the login', base({ title: { pattern: '.*' } })],
      ['a pattern that is none', base({ login: { pattern: '[' } })],
      ['a base attribute nobody knows', base({ shoe: { required: false } })],
      ['values of another type', custom({ size: { title: 'S', type: 'integer', enum: ['1'] } })],
      ['items of what is no array', custom({ size: { title: 'S', type: 'string', items: { type: 'string' } } })],
      ['no title', custom({ size: { title: '', type: 'string' } })],
      ['a source nobody knows', custom({ size: { title: 'S', type: 'string', master: { type: 'MOON' } } })],
    ])('400 for %s, and nothing is changed', async (_name, body) => {
      const before = (await on.call('GET', defaultSchema)).json();
      expect((await on.call('POST', defaultSchema, body)).statusCode).toBe(400);
      expect((await on.call('GET', defaultSchema)).json()).toEqual(before);
    });

    test('404 for a schema that does not exist', async () => {
      for (const method of ['GET', 'POST'] as const) {
        const answer = await on.call(method, '/api/v1/meta/schemas/user/oscnone', method === 'GET' ? undefined : {});
        expect([answer.statusCode, answer.json<{ errorCode: string }>().errorCode]).toEqual([404, 'E0000007']);
      }
    });

    test('groups may have attributes that people have, too', async () => {
      const url = '/api/v1/meta/schemas/group/default';
      await post(url, custom({ department: { title: 'Department', type: 'string' } }));
      const made = await on.call('POST', '/api/v1/groups', { profile: { name: 'Dept', department: 'Sales' } });
      expect(made.json()).toMatchObject({ profile: { name: 'Dept', department: 'Sales' } });
      expect((await on.call('POST', url, custom({ name: { title: 'N', type: 'string' } }))).statusCode).toBe(400);
      await post(url, custom({ department: null }));
      const { id } = made.json<{ id: string }>();
      expect((await on.call('GET', `/api/v1/groups/${id}`)).json<{ profile: object }>().profile).not.toHaveProperty(
        'department',
      );
    });
  });

  describe('user types', () => {
    const create = async (name: string) =>
      post(types, { name, displayName: `The ${name}`, description: 'Who comes and goes' }) as unknown as UserType;

    test('200 for a new one with a schema of its own, 204 when it goes', async () => {
      const type = await create('contractor');
      expect(type).toMatchObject({
        id: expect.stringMatching(/^oty\w{17}$/),
        name: 'contractor',
        displayName: 'The contractor',
        description: 'Who comes and goes',
        default: false,
        createdBy: on.ownerId,
        lastUpdatedBy: on.ownerId,
      });
      expect((await on.call('GET', `${types}/${type.id}`)).json()).toEqual(type);
      const all = (await on.call('GET', types)).json<UserType[]>();
      expect(all.map(({ name }) => name)).toEqual(['user', 'contractor']);
      const schema = (await on.call('GET', schemaOf(type))).json<Schema>();
      expect(schema).toMatchObject({ name: 'contractor', title: 'The contractor' });
      expect([Object.keys(schema.definitions.base.properties).length, schema.definitions.custom.properties]).toEqual([
        31,
        {},
      ]);
      expect((await on.call('DELETE', `${types}/${type.id}`)).statusCode).toBe(204);
      for (const gone of [`${types}/${type.id}`, schemaOf(type)])
        expect((await on.call('GET', gone)).statusCode).toBe(404);
    });

    test('POST changes what is given, PUT replaces, the name is for life', async () => {
      const { id } = await create('intern');
      const url = `${types}/${id}`;
      expect((await on.call('POST', url, { displayName: 'Interns' })).json()).toMatchObject({
        displayName: 'Interns',
        description: 'Who comes and goes',
      });
      const replaced = await on.call('PUT', url, { name: 'intern', displayName: 'Learners' });
      expect(replaced.json()).toMatchObject({ displayName: 'Learners', description: null });
      expect((await on.call('PUT', url, { name: 'trainee', displayName: 'x' })).json()).toMatchObject({
        errorSummary: 'Api validation failed: name',
      });
      expect((await on.call('PUT', url, { displayName: 'x' })).statusCode).toBe(400);
      expect((await on.call('POST', url, { displayName: ' ' })).statusCode).toBe(400);
      expect((await on.call('POST', `${types}/default`, { description: 'Everybody' })).json()).toMatchObject({
        name: 'user',
        description: 'Everybody',
      });
    });

    test.each([
      ['a name with a space', { name: 'a b', displayName: 'x' }],
      ['a name of 51 letters', { name: 'a'.repeat(51), displayName: 'x' }],
      ['the name default', { name: 'default', displayName: 'x' }],
      ['a name that is taken', { name: 'user', displayName: 'x' }],
      ['no display name', { name: 'x' }],
    ])('400 for %s', async (_name, body) => {
      expect((await on.call('POST', types, body)).statusCode).toBe(400);
    });

    test('people are held to the attributes of their type', async () => {
      const type = await create('robot');
      await post(schemaOf(type), custom({ serial: { title: 'Serial', type: 'string', required: true } }));
      const missing = await addUser({}, { type: { id: type.id } });
      expect(missing.json()).toMatchObject({ errorSummary: 'Api validation failed: serial' });
      expect((await addUser({ serial: 'R2' })).json()).toMatchObject({
        errorSummary: 'Api validation failed: newUser',
      });
      const made = await addUser({ serial: 'R2' }, { type: { id: type.id } });
      const robot = made.json<UserType>();
      expect(made.json()).toMatchObject({ type: { id: type.id }, profile: { serial: 'R2' } });
      expect(schemaOf(robot)).toBe(schemaOf(type));
      expect((await on.call('DELETE', `${types}/${type.id}`)).json()).toMatchObject({
        errorCode: 'E0000001',
        errorSummary: 'Api validation failed: type',
      });

      const url = `/api/v1/users/${robot.id}`;
      expect((await on.call('POST', url, { profile: { serial: 'D2' } })).statusCode).toBe(200);
      expect((await on.call('POST', url, { profile: { serial: null } })).statusCode).toBe(400);
      await post(schemaOf(type), custom({ serial: null }));
      expect((await on.call('GET', url)).json<{ profile: object }>().profile).not.toHaveProperty('serial');
    });

    test('PUT gives another type where the profile fits it; POST cannot', async () => {
      const type = await create('visitor');
      await post(schemaOf(type), custom({ host: { title: 'Host', type: 'string', required: true } }));
      const user = (await addUser()).json<UserType & { profile: object }>();
      const url = `/api/v1/users/${user.id}`;
      const own = (await on.call('GET', `${types}/default`)).json<UserType>();
      const post400 = await on.call('POST', url, { type: { id: type.id } });
      expect(post400.json()).toMatchObject({ errorSummary: 'Api validation failed: type' });
      expect((await on.call('POST', url, { type: { id: own.id }, profile: { city: 'Paris' } })).statusCode).toBe(200);
      expect((await on.call('PUT', url, { type: { id: type.id } })).json()).toMatchObject({
        errorSummary: 'Api validation failed: host',
      });
      const profile = { ...user.profile, host: 'Byron' };
      const changed = await on.call('PUT', url, { type: { id: type.id }, profile });
      expect(changed.json()).toMatchObject({ type: { id: type.id }, profile: { host: 'Byron' } });
      expect((await on.call('PUT', url, { type: { id: 'otynone' } })).statusCode).toBe(400);
    });

    test('the default type stays: 400', async () => {
      expect((await on.call('DELETE', `${types}/default`)).statusCode).toBe(400);
    });

    test('of a deletion and a new person of the type at once, one wins', async () => {
      const type = await create('fleeting');
      const [gone, user] = await Promise.all([
        on.call('DELETE', `${types}/${type.id}`),
        addUser({}, { type: { id: type.id } }),
      ]);
      expect([gone.statusCode, user.statusCode].sort()).toEqual(gone.statusCode === 204 ? [204, 400] : [200, 400]);
    });
  });
});
