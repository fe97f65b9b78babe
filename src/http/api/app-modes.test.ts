import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

interface Reply {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly signOnMode: string;
  readonly credentials: { readonly oauthClient?: Record<string, unknown> };
  readonly settings: { readonly app: object; readonly signOn?: object; readonly oauthClient?: object };
  readonly _links: Record<string, unknown>;
}
interface Refusal {
  readonly errorCode: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

const page = 'https://site.example/login';
const swa = { url: page, buttonField: 'b', passwordField: 'p', usernameField: 'u' };
const wsfed = {
  ...{ audienceRestriction: 'urn:a', authnContextClassRef: 'urn:c', groupValueFormat: 'windowsDomainQualifiedName' },
  ...{ nameIDFormat: 'urn:n', siteURL: page, usernameAttribute: 'username', wReplyURL: page },
};
const saml = {
  ...{ ssoAcsUrl: page, audience: 'urn:sp', recipient: page, destination: page },
  ...{ subjectNameIdTemplate: '${source.login}', subjectNameIdFormat: 'urn:format' },
  ...{ signatureAlgorithm: 'RSA_SHA256', digestAlgorithm: 'SHA256', authnContextClassRef: 'urn:class' },
};
const web = {
  ...{ application_type: 'web', grant_types: ['authorization_code'], response_types: ['code'] },
  redirect_uris: ['myapp://callback', 'https://*.site.example/callback'],
};
const shared = { scheme: 'SHARED_USERNAME_AND_PASSWORD', userName: 'team', password: { value: 'sesame-4711' } };

describeOnDatabases('/api/v1/apps by sign-on mode', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const create = (body: object) => on.call('POST', '/api/v1/apps', { label: 'Site', ...body });

  test.each([
    [
      'a bookmark',
      { name: 'bookmark', signOnMode: 'BOOKMARK', settings: { app: { url: page, requestIntegration: false } } },
      { name: 'bookmark', settings: { app: { url: page, requestIntegration: false } } },
    ],
    [
      'a private site with a password',
      { signOnMode: 'AUTO_LOGIN', settings: { signOn: { loginUrl: page, redirectUrl: null } } },
      {
        name: 'usher_site_1',
        settings: { app: {}, signOn: { loginUrl: page, redirectUrl: null } },
        credentials: { scheme: 'EDIT_USERNAME_AND_PASSWORD', revealPassword: false, signing: {} },
      },
    ],
    [
      'template_swa, whatever mode is asked for',
      { name: 'template_swa', signOnMode: 'AUTO_LOGIN', settings: { app: swa } },
      {
        name: 'template_swa',
        signOnMode: 'BROWSER_PLUGIN',
        visibility: { appLinks: { login: true } },
        settings: { app: { ...swa, checkbox: null, loginUrlRegex: null, redirectUrl: null } },
        _links: { appLinks: [{ name: 'login', href: page, type: 'text/html' }] },
      },
    ],
    [
      'template_swa3field',
      {
        name: 'template_swa3field',
        settings: {
          app: {
            ...{ targetURL: page, buttonSelector: 'b', passwordSelector: 'p', userNameSelector: 'u' },
            ...{ extraFieldSelector: 'x', extraFieldValue: 'y' },
          },
        },
      },
      { name: 'template_swa3field', signOnMode: 'BROWSER_PLUGIN', settings: { app: { loginUrlRegex: null } } },
    ],
    [
      'template_basic_auth',
      { name: 'template_basic_auth', signOnMode: 'BASIC_AUTH', settings: { app: { url: page, authURL: page } } },
      { signOnMode: 'BASIC_AUTH', settings: { app: { url: page, authURL: page } } },
    ],
    [
      'template_sps',
      {
        name: 'template_sps',
        settings: { app: { url: page, passwordField: 'p', usernameField: 'u' } },
        credentials: { scheme: 'ADMIN_SETS_CREDENTIALS', userName: '', password: {} },
      },
      {
        signOnMode: 'SECURE_PASSWORD_STORE',
        credentials: { scheme: 'ADMIN_SETS_CREDENTIALS', revealPassword: false },
        settings: { app: { optionalField1: null, optionalField3Value: null } },
      },
    ],
    [
      'a private SAML app, with what Okta adds',
      { signOnMode: 'SAML_2_0', settings: { signOn: { ...saml, defaultRelayState: '', slo: { enabled: false } } } },
      {
        settings: {
          app: {},
          signOn: {
            ...{ ...saml, idpIssuer: 'http://www.okta.com/${org.externalKey}', defaultRelayState: '' },
            ...{ requestCompressed: false, acsEndpoints: [], inlineHooks: [], attributeStatements: [] },
            ...{ slo: { enabled: false }, spIssuer: null, allowMultipleAcsEndpoints: false, responseSigned: true },
          },
        },
        credentials: { signing: {} },
        _links: { metadata: { type: 'application/xml' } },
      },
    ],
    [
      'a SAML app from the catalog, which needs none of that',
      { name: 'slack', signOnMode: 'AUTO_LOGIN' },
      { name: 'slack', signOnMode: 'SAML_2_0', settings: { signOn: { ssoAcsUrlOverride: null } } },
    ],
    [
      'template_wsfed',
      { name: 'template_wsfed', signOnMode: 'WS_FEDERATION', settings: { app: wsfed } },
      { signOnMode: 'WS_FEDERATION', settings: { app: { ...wsfed, wReplyOverride: false, groupName: null } } },
    ],
  ])('%s: 200', async (_, body, expected) => {
    const answer = await create(body);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toMatchObject(expected);
    const { id } = answer.json<Reply>();
    expect((await on.call('GET', `/api/v1/apps/${id}`)).json()).toEqual(answer.json());
  });

  test('the same template twice is two apps of one name; a private app is counted', async () => {
    const bookmark = { name: 'bookmark', settings: { app: { url: page } } };
    const apps = [(await create(bookmark)).json<Reply>(), (await create(bookmark)).json<Reply>()];
    expect(apps.map((app) => app.name)).toEqual(['bookmark', 'bookmark']);
    expect(apps[0]?.id).not.toBe(apps[1]?.id);
    const body = { label: 'My Wiki', signOnMode: 'SAML_2_0', settings: { signOn: saml } };
    const names = [(await create(body)).json<Reply>().name, (await create(body)).json<Reply>().name];
    expect(names).toEqual(['usher_mywiki_1', 'usher_mywiki_2']);
  });

  describe('an OpenID Connect client', () => {
    const oidc = { name: 'oidc_client', signOnMode: 'OPENID_CONNECT', settings: { oauthClient: web } };

    test('gets an id and a secret, which is shown once, sealed and never logged', async () => {
      const made = await create(oidc);
      expect(made.statusCode, made.body).toBe(200);
      const app = made.json<Reply>();
      const secret = app.credentials.oauthClient?.['client_secret'];
      expect(secret).toEqual(expect.stringMatching(/^[\w-]{64}$/));
      expect(app).toMatchObject({
        credentials: {
          oauthClient: {
            ...{ client_id: app.id, token_endpoint_auth_method: 'client_secret_basic' },
            ...{ autoKeyRotation: true, pkce_required: false },
          },
        },
        settings: {
          oauthClient: {
            ...{ ...web, client_uri: null, logo_uri: null, issuer_mode: 'ORG_URL', wildcard_redirect: 'DISABLED' },
            idp_initiated_login: { mode: 'DISABLED', default_scope: [] },
          },
        },
        _links: { clientCredentials: [{ name: 'secrets' }] },
      });
      const later = await on.call('GET', `/api/v1/apps/${app.id}`);
      expect(later.json<Reply>().credentials.oauthClient).not.toHaveProperty('client_secret');
      const stored = await on.db.query('select to_jsonb(a) as row from apps a where id = $1', [app.id]);
      const events = await on.db.query('select to_jsonb(e) as row from log_events e');
      expect(JSON.stringify([stored, events])).not.toContain(secret);
    });

    test('keeps its id; a new secret is taken; what is sent back changes nothing', async () => {
      const { id, ...app } = (await create({ ...oidc, label: 'Kept' })).json<Reply>();
      const url = `/api/v1/apps/${id}`;
      const back = { ...(await on.call('GET', url)).json<Reply>() };
      const same = await on.call('PUT', url, { ...back, features: ['GROUP_PUSH'], status: 'INACTIVE', created: null });
      expect(same.json()).toEqual({ ...back, lastUpdated: expect.any(String) });
      const sealed = async () => (await on.db.query('select sealed from apps where id = $1', [id]))[0];
      const before = await sealed();
      const given = { oauthClient: { client_secret: 'a-secret-of-my-own' } };
      expect((await on.call('PUT', url, { ...back, credentials: given })).statusCode).toBe(200);
      expect(await sealed()).not.toEqual(before);
      const other = { ...app, credentials: { oauthClient: { client_id: 'another-id' } } };
      expect((await on.call('PUT', url, other)).json<Refusal>().errorCauses[0]?.errorSummary).toMatch(
        /credentials\.oauthClient\.client_id: cannot be changed/,
      );
      const none = { ...app, credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } } };
      expect((await on.call('PUT', url, none)).statusCode).toBe(200);
      expect(await sealed()).toEqual({ sealed: null });
    });

    test('an id of its own is there once', async () => {
      const mine = { ...oidc, credentials: { oauthClient: { client_id: 'my-client' } } };
      expect((await create(mine)).json<Reply>().credentials.oauthClient?.['client_id']).toBe('my-client');
      const again = await create(mine);
      expect([again.statusCode, again.body]).toEqual([400, expect.stringContaining('is taken by another app')]);
    });

    test('the schema of its people has the standard claims', async () => {
      const { id } = (await create(oidc)).json<Reply>();
      const schema = await on.call('GET', `/api/v1/meta/schemas/apps/${id}/default`);
      const base = schema.json<{ definitions: { base: { properties: object } } }>().definitions.base;
      expect(Object.keys(base.properties)).toHaveLength(21);
      expect(base).toMatchObject({ properties: { formatted: { externalName: 'address.formatted' } } });
    });
  });

  test('a shared password is sealed and never shown; it goes when it is no longer shared', async () => {
    const made = await create({ name: 'template_swa', settings: { app: swa }, credentials: shared });
    expect(made.json()).toMatchObject({
      credentials: { scheme: 'SHARED_USERNAME_AND_PASSWORD', userName: 'team', password: {} },
    });
    expect(made.body).not.toContain('sesame');
    const url = `/api/v1/apps/${made.json<Reply>().id}`;
    const same = await on.call('PUT', url, { ...made.json<object>(), label: 'Renamed' });
    expect(same.json()).toMatchObject({ label: 'Renamed', credentials: { userName: 'team', password: {} } });
    const own = { ...made.json<object>(), credentials: { scheme: 'EDIT_PASSWORD_ONLY' } };
    expect((await on.call('PUT', url, own)).json<Reply>().credentials).not.toHaveProperty('userName');
    expect(await on.db.query('select sealed from apps where id = $1', [made.json<Reply>().id])).toEqual([
      { sealed: null },
    ]);
  });

  test.each([
    [
      'template_swa without its fields',
      { name: 'template_swa', settings: { app: { url: page } } },
      'buttonField: is missing',
    ],
    [
      'a setting the template has not',
      { name: 'template_swa', settings: { app: { ...swa, x: 1 } } },
      'app.x: is not a setting',
    ],
    [
      'an address that runs script',
      { name: 'template_swa', settings: { app: { ...swa, url: 'javascript:1' } } },
      'app.url',
    ],
    ['a private site without address', { signOnMode: 'AUTO_LOGIN' }, 'settings.signOn.loginUrl: is missing'],
    [
      'SAML without audience',
      { signOnMode: 'SAML_2_0', settings: { signOn: { ...saml, audience: '' } } },
      'signOn.audience',
    ],
    [
      'SAML with an algorithm nobody knows',
      { signOnMode: 'SAML_2_0', settings: { signOn: { ...saml, digestAlgorithm: 'MD5' } } },
      'signOn.digestAlgorithm: must be one of SHA1, SHA256',
    ],
    [
      'SAML with a hook',
      { signOnMode: 'SAML_2_0', settings: { signOn: { ...saml, inlineHooks: [{ id: 'cal1' }] } } },
      'signOn.inlineHooks[0]',
    ],
    [
      'SAML statements of another form',
      { signOnMode: 'SAML_2_0', settings: { signOn: { ...saml, attributeStatements: [{ type: 'X' }] } } },
      'attributeStatements[0].type',
    ],
    [
      'a client without redirect',
      { name: 'oidc_client', settings: { oauthClient: { ...web, redirect_uris: [] } } },
      'redirect_uris: is missing',
    ],
    [
      'a redirect that runs script',
      { name: 'oidc_client', settings: { oauthClient: { ...web, redirect_uris: ['javascript:alert(1)'] } } },
      'redirect_uris[0]: must be an absolute URI',
    ],
    [
      'a service that people sign in to',
      { name: 'oidc_client', settings: { oauthClient: { ...web, application_type: 'service' } } },
      'oauthClient.grant_types',
    ],
    [
      'a shared account without password',
      { name: 'template_swa', settings: { app: swa }, credentials: { ...shared, password: {} } },
      'credentials.password: is missing',
    ],
    [
      'a scheme nobody knows',
      { name: 'template_swa', settings: { app: swa }, credentials: { scheme: 'X' } },
      'credentials.scheme',
    ],
    [
      'a flag that is a text',
      { name: 'bookmark', settings: { app: { url: page } }, visibility: { hide: { web: 'yes' } } },
      'visibility.hide.web: must be true or false',
    ],
    [
      'a note that is a number',
      { name: 'bookmark', settings: { app: { url: page }, notes: { admin: 1 } } },
      'settings.notes.admin: must be a text',
    ],
    [
      'a text of ten thousand letters',
      { name: 'template_swa', settings: { app: { ...swa, buttonField: 'b'.repeat(10_000) } } },
      'is longer than 1024',
    ],
    [
      'control characters',
      { name: 'template_swa', settings: { app: { ...swa, buttonField: 'a\u0007b' } } },
      'contains a control character',
    ],
    [
      'a redirect of people to a program',
      { name: 'bookmark', settings: { app: { url: page } }, accessibility: { errorRedirectUrl: 'javascript:1' } },
      'accessibility.errorRedirectUrl',
    ],
  ])('%s: 400 and says where', async (_, body, cause) => {
    const answer = await create(body);
    expect([answer.statusCode, answer.json<Refusal>().errorCode]).toEqual([400, 'E0000001']);
    expect(
      answer
        .json<Refusal>()
        .errorCauses.map((each) => each.errorSummary)
        .join('\n'),
    ).toContain(cause);
    expect(answer.body).not.toContain('sesame');
  });

  test('403 for self-service, in Okta’s words', async () => {
    const answer = await create({
      name: 'bookmark',
      settings: { app: { url: page } },
      accessibility: { selfService: true },
    });
    expect([answer.statusCode, answer.json<Refusal>().errorCode]).toEqual([403, 'E0000043']);
  });

  test('a private app keeps its mode; a catalog app takes one of its own and leaves others aside', async () => {
    const site = (await create({ signOnMode: 'AUTO_LOGIN', settings: { signOn: { loginUrl: page } } })).json<Reply>();
    const refused = await on.call('PUT', `/api/v1/apps/${site.id}`, { ...site, signOnMode: 'BOOKMARK' });
    expect(refused.json<Refusal>().errorCauses[0]?.errorSummary).toContain('signOnMode: cannot be changed');
    const slack = (await create({ name: 'slack' })).json<Reply>();
    const as = async (signOnMode: string) =>
      (await on.call('PUT', `/api/v1/apps/${slack.id}`, { signOnMode })).json<Reply>().signOnMode;
    expect([await as('BROWSER_PLUGIN'), await as('WS_FEDERATION')]).toEqual(['BROWSER_PLUGIN', 'BROWSER_PLUGIN']);
  });

  test('expand=user/{id} brings the app user along, in one app and in a list', async () => {
    const userId = await on.addUser('expanded@acme.example');
    const { id } = (await create({ label: 'Expanded', name: 'slack' })).json<Reply>();
    const alone = await on.call('GET', `/api/v1/apps/${id}?expand=user/${userId}`);
    expect(alone.json()).not.toHaveProperty('_embedded');
    await on.call('POST', `/api/v1/apps/${id}/users`, { id: userId });
    const one = await on.call('GET', `/api/v1/apps/${id}?expand=user/${userId}`);
    expect(one.json()).toMatchObject({ _embedded: { user: { id: userId, scope: 'USER' } } });
    const list = await on.call('GET', `/api/v1/apps?q=expanded&expand=user/${userId}`);
    expect(list.json()).toMatchObject([{ id, _embedded: { user: { id: userId } } }]);
    expect((await on.call('GET', `/api/v1/apps/${id}?expand=group/1`)).statusCode).toBe(400);
  });
});
