import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

const page = 'https://site.example/login';
const pixel = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001', 'hex');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

/** A form with one file in it. */
function form(bytes: Uint8Array, field = 'file', name = 'logo.png'): { body: Buffer; type: string } {
  const head = `--line\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`;
  return {
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--line--\r\n')]),
    type: 'multipart/form-data; boundary=line',
  };
}

describeOnDatabases('what Terraform asks of an app besides', (database) => {
  let on: HttpTest;
  let bookmark: string;
  let client: string;
  let saml: string;
  beforeAll(async () => {
    on = await openHttpTest(database);
    const create = async (body: object) =>
      (await on.call('POST', '/api/v1/apps', { label: 'App', ...body })).json<{ id: string }>().id;
    bookmark = await create({ name: 'bookmark', settings: { app: { url: page } } });
    client = await create({
      name: 'oidc_client',
      settings: { oauthClient: { application_type: 'service', grant_types: ['client_credentials'] } },
    });
    saml = await create({ name: 'slack' });
  });
  const get = (path: string) => on.call('GET', `/api/v1${path}`);

  test('there is exactly one access policy; every app can be tied to it and to no other', async () => {
    const list = (await get('/policies?type=ACCESS_POLICY')).json<{ id: string }[]>();
    expect(list).toMatchObject([{ id: expect.stringMatching(/^rst\w{17}$/), status: 'ACTIVE', system: true }]);
    expect((await get('/policies?type=PASSWORD')).json()).toEqual([]);
    expect((await get('/policies')).statusCode).toBe(400);
    const id = list[0]?.id ?? '';
    expect((await get(`/policies/${id}`)).json()).toEqual(list[0]);
    const app = (await get(`/apps/${bookmark}`)).json<{ _links: { accessPolicy: { href: string } } }>();
    expect(app._links.accessPolicy.href).toMatch(new RegExp(`/api/v1/policies/${id}$`));
    const tie = (appId: string, policyId: string) => on.call('PUT', `/api/v1/apps/${appId}/policies/${policyId}`);
    expect([(await tie(bookmark, id)).statusCode, (await tie(bookmark, id)).body]).toEqual([204, '']);
    expect((await tie(bookmark, 'rstother')).statusCode).toBe(404);
    expect((await tie('0oanone', id)).statusCode).toBe(404);
    expect((await get('/policies/rstother')).statusCode).toBe(404);
  });

  test('no signing keys, and of secrets only their hash', async () => {
    expect((await get(`/apps/${saml}/credentials/keys`)).json()).toEqual([]);
    expect((await get('/apps/0oanone/credentials/keys')).statusCode).toBe(404);
    const secrets = await get(`/apps/${client}/credentials/secrets`);
    expect(secrets.json()).toEqual([
      {
        ...{ id: expect.stringMatching(/^ocs/), status: 'ACTIVE', secret_hash: expect.stringMatching(/^[\w-]{22}$/) },
        ...{ created: expect.any(String), lastUpdated: expect.any(String) },
      },
    ]);
    expect((await get(`/apps/${saml}/credentials/secrets`)).json()).toEqual([]);
  });

  test('SAML metadata is XML, for SAML apps', async () => {
    const metadata = await get(`/apps/${saml}/sso/saml/metadata?kid=x`);
    expect(metadata.headers['content-type']).toContain('application/xml');
    expect(metadata.body).toContain('<md:IDPSSODescriptor');
    const refused = await get(`/apps/${bookmark}/sso/saml/metadata`);
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([404, expect.stringContaining('json')]);
  });

  test('a groups claim is kept, survives a change of the app, and is not in its settings', async () => {
    const path = `/internal/apps/${client}/settings/oauth/idToken`;
    expect((await get(path)).json()).toMatchObject({ issuerMode: 'ORG_URL', audience: client });
    const claim = { valueType: 'GROUPS', groupFilterType: 'REGEX', name: 'groups', value: '.*', issuerMode: 'ORG_URL' };
    expect((await on.call('POST', `/api/v1${path}`, claim)).json()).toMatchObject(claim);
    const app = (await get(`/apps/${client}`)).json<{ settings: object }>();
    expect(app.settings).not.toHaveProperty('idToken');
    await on.call('PUT', `/api/v1/apps/${client}`, { ...app, label: 'Renamed' });
    expect((await get(path)).json()).toMatchObject(claim);
    expect((await get(`/internal/apps/${bookmark}/settings/oauth/idToken`)).statusCode).toBe(404);
    expect((await on.call('POST', `/api/v1${path}`, { name: 'x'.repeat(2_000) })).statusCode).toBe(400);
  });

  describe('a logo', () => {
    const upload = (appId: string, { body, type }: { body: Buffer; type: string }) =>
      on.server.inject({
        method: 'POST',
        url: `/api/v1/apps/${appId}/logo`,
        headers: { authorization: `SSWS ${on.ownerToken}`, 'content-type': type },
        payload: body,
      });

    test('is 201, linked, and shown without a token as the picture it is', async () => {
      expect((await upload(bookmark, form(pixel, 'file', 'evil.html'))).statusCode).toBe(201);
      const app = (await get(`/apps/${bookmark}`)).json<{ _links: { logo: { href: string; type: string }[] } }>();
      expect(app._links.logo).toMatchObject([{ name: 'medium', type: 'image/png' }]);
      const url = new URL(app._links.logo[0]?.href ?? '').pathname;
      const shown = await on.call('GET', url, undefined, { token: null });
      expect(shown.rawPayload).toEqual(pixel);
      expect(shown.headers).toMatchObject({
        'content-type': 'image/png',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining('sandbox'),
      });
    });

    test('a drawing with a script in it cannot do anything', async () => {
      expect((await upload(saml, form(svg))).statusCode).toBe(201);
      const shown = await on.call('GET', `/usher/v1/apps/${saml}/logo`, undefined, { token: null });
      expect(shown.headers).toMatchObject({
        'content-type': 'image/svg+xml',
        'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
      });
    });

    test.each([
      ['a page', form(Buffer.from('<html><script>alert(1)</script></html>')), 400],
      ['a page that mentions a drawing', form(Buffer.from('<html><svg></svg></html>')), 400],
      ['more than a megabyte', form(Buffer.concat([pixel, Buffer.alloc(1_048_576)])), 400],
      ['a hundred megabytes', form(Buffer.concat([pixel, Buffer.alloc(3_000_000)])), 413],
      ['another field', form(pixel, 'picture'), 400],
      ['no form', { body: Buffer.from('nothing'), type: 'multipart/form-data; boundary=line' }, 400],
      ['a picture that is no form', { body: pixel, type: 'image/png' }, 415],
      ['JSON', { body: Buffer.from('{}'), type: 'application/json' }, 400],
    ])('%s is refused', async (_, file, status) => {
      expect((await upload(client, file)).statusCode).toBe(status);
      expect((await on.call('GET', `/usher/v1/apps/${client}/logo`)).statusCode).toBe(404);
    });

    test('forms are taken nowhere else', async () => {
      const { body, type } = form(pixel);
      const headers = { authorization: `SSWS ${on.ownerToken}`, 'content-type': type };
      const answer = await on.server.inject({ method: 'POST', url: '/api/v1/apps', headers, payload: body });
      expect(answer.statusCode).toBe(415);
    });
  });
});
