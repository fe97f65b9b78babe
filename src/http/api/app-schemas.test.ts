import { beforeAll, beforeEach, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

interface Attributes {
  readonly properties: Record<string, object>;
  readonly required?: readonly string[];
}
interface Document {
  readonly definitions: { readonly custom: Attributes; readonly base: Attributes };
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

const placed = (name: string) => ({
  externalName: name,
  externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
});

describeOnDatabases('/api/v1/meta/schemas/apps', (database) => {
  let on: HttpTest;
  let url: string;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const schemaOf = async (body: object) => {
    const app = await on.call('POST', '/api/v1/apps', { label: 'Client', ...body });
    return `/api/v1/meta/schemas/apps/${app.json<{ id: string }>().id}/default`;
  };
  beforeEach(async () => {
    url = await schemaOf({
      name: 'oidc_client',
      settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'] } },
    });
  });
  const show = async () => (await on.call('GET', url)).json<Document>();
  const change = (definitions: object) => on.call('POST', url, { definitions });

  test('is a JSON Schema of draft 4, as plain as Okta’s', async () => {
    const document = await show();
    expect(document).toMatchObject({
      id: expect.stringContaining(url),
      $schema: 'http://json-schema.org/draft-04/schema#',
      name: 'oidc_client',
      title: 'Client User',
      type: 'object',
      properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    });
    expect(document.definitions.custom).toEqual({ id: '#custom', type: 'object', properties: {} });
    expect(document.definitions.base.required).toEqual(['userName']);
    expect(document.definitions.base.properties['userName']).toEqual({
      ...{ title: 'Username', type: 'string', required: true, externalName: 'preferred_username' },
      ...{ scope: 'SELF', master: { type: 'PROFILE_MASTER' } },
    });
  });

  test('what is given of it is changed, the rest stays; required is counted anew; null removes', async () => {
    const before = await show();
    const level = { title: 'Level', description: 'How far', type: 'string', enum: ['a', 'b'], required: true };
    const tags = { title: 'Tags', type: 'array', items: { type: 'integer', enum: [1, 2] }, union: 'ENABLE' };
    const added = await change({ custom: { id: '#custom', type: 'object', properties: { level, tags } } });
    expect(added.statusCode, added.body).toBe(200);
    expect(added.json<Document>().definitions.custom).toEqual({
      ...{ id: '#custom', type: 'object', required: ['level'] },
      properties: {
        level: { ...level, scope: 'NONE', master: { type: 'PROFILE_MASTER' } },
        tags: { ...tags, scope: 'NONE', master: { type: 'PROFILE_MASTER' } },
      },
    });
    expect(await show()).toEqual(added.json());
    expect((await show()).definitions.base).toEqual(before.definitions.base);
    const optional = await change({ custom: { properties: { level: { ...level, required: false } } } });
    expect(optional.json<Document>().definitions.custom.required).toEqual([]);
    expect(Object.keys(optional.json<Document>().definitions.custom.properties).sort()).toEqual(['level', 'tags']);
    const gone = await change({ custom: { properties: { level: null, tags: null } } });
    expect(gone.json<Document>().definitions).toEqual(before.definitions);
  });

  test('values with names come back as they were given, and bind what may be assigned', async () => {
    const oneOf = [
      { const: 'one', title: 'string One' },
      { const: 'two', title: 'string Two' },
    ];
    const plan = { title: 'Plan', type: 'string', enum: ['one', 'two'], oneOf };
    const seats = {
      title: 'Seats',
      type: 'array',
      items: { type: 'integer', enum: [4, 5], oneOf: [{ const: 4, title: 'Four' }] },
    };
    const added = await change({ custom: { properties: { plan, seats } } });
    expect(added.json<Document>().definitions.custom.properties).toMatchObject({ plan, seats });
    expect(await show()).toEqual(added.json());
    const users = `/api/v1/apps/${url.split('/')[6] ?? ''}/users`;
    const userId = await on.addUser('oneof@acme.example');
    const assign = async (profile: object) => (await on.call('POST', users, { id: userId, profile })).statusCode;
    expect([
      await assign({ plan: 'two', seats: [5] }),
      await assign({ plan: 'three' }),
      await assign({ seats: [6] }),
    ]).toEqual([200, 400, 400]);
  });

  test('a base attribute is asked for, or called otherwise, as Terraform writes it', async () => {
    const name = {
      ...{ title: 'Full name', type: 'string', required: true, master: { type: 'PROFILE_MASTER' } },
      permissions: [{ action: 'READ_ONLY', principal: 'SELF' }],
    };
    const changed = await change({ base: { id: '#base', type: 'object', properties: { name } } });
    expect(changed.statusCode, changed.body).toBe(200);
    expect(changed.json<Document>().definitions.base).toMatchObject({
      properties: { name: { title: 'Full name', required: true, description: expect.any(String) } },
      required: expect.arrayContaining(['userName', 'name']),
    });
    const back = await change({ base: { properties: { name: { ...name, required: false } } } });
    expect(back.json<Document>().definitions.base.required).toEqual(['userName']);
    expect((await on.call('POST', url, await show())).json()).toMatchObject({
      definitions: (await show()).definitions,
    });
  });

  test.each([
    [{ base: { properties: { name: null } } }, 'base.name: is a base attribute and cannot be removed'],
    [{ base: { properties: { shoeSize: { title: 'X' } } } }, 'base.shoeSize: is no base attribute'],
    [{ base: { properties: { name: { type: 'integer' } } } }, 'base.name: is of type string'],
    [{ base: { properties: { name: { title: ' ' } } } }, 'base.name: has no title'],
    [{ base: { properties: { userName: { required: false } } } }, 'base.userName: is required'],
    [{ base: { properties: { name: { required: 'yes' } } } }, 'required'],
    [{ custom: { properties: { name: { title: 'X', type: 'string' } } } }, 'custom.name: is a base attribute'],
    [{ custom: { properties: { 'a b': { title: 'X', type: 'string' } } } }, 'is no variable name'],
    [{ custom: { properties: { x: { title: 'X', type: 'string', enum: [1] } } } }, 'allows 1'],
    [{ custom: { properties: { x: { title: 'X', type: 'string', enum: [null] } } } }, 'allows null'],
    [
      { custom: { properties: { x: { title: 'X', type: 'integer', oneOf: [{ const: 'S', title: 'S' }] } } } },
      'allows "S"',
    ],
    [
      { custom: { properties: { x: { title: 'X', type: 'array', items: { type: 'integer', enum: ['a'] } } } } },
      'allows "a"',
    ],
    [{ custom: { properties: { x: { title: 'X', type: 'array' } } } }, 'must have items'],
    [{ custom: { properties: { x: { title: 'X', type: 'colour' } } } }, 'type'],
    [{ custom: { properties: { x: { title: 'X', type: 'string', minLength: 9, maxLength: 3 } } } }, 'minLength'],
  ])('%j is 400 and says where', async (definitions, cause) => {
    const before = await show();
    const answer = await change(definitions);
    expect(answer.statusCode).toBe(400);
    expect(
      answer
        .json<Document>()
        .errorCauses.map((each) => each.errorSummary)
        .join('\n'),
    ).toContain(cause);
    expect(await show()).toEqual(before);
  });

  test('where a connector writes them, attributes need their place in the app', async () => {
    url = await schemaOf({ name: 'scim2headerauth', settings: { app: { baseUrl: 'https://crm.example.com/scim' } } });
    const badge = { title: 'Badge', type: 'string' };
    expect((await change({ custom: { properties: { badge } } })).body).toContain('needs an externalName');
    const added = await change({ custom: { properties: { badge: { ...badge, ...placed('badge') } } } });
    expect(added.json<Document>().definitions.custom.properties['badge']).toMatchObject(placed('badge'));
    const twice = await change({ custom: { properties: { other: { ...badge, ...placed('badge') } } } });
    expect(twice.body).toContain('has the same place in the app as badge');
  });

  test('404 for no app', async () => {
    url = '/api/v1/meta/schemas/apps/0oanone/default';
    expect((await on.call('GET', url)).statusCode).toBe(404);
    expect((await change({})).statusCode).toBe(404);
  });
});
