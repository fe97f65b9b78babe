import type { Method } from './http-context.ts';

/** A body of another kind than the one the API reference shows for the operation. `{…}` in its path is filled in. */
export interface OtherBody {
  readonly method: Method;
  readonly path: string;
  readonly example: object;
}

const profile = { login: 'new@acme.example', email: 'new@acme.example', firstName: 'N', lastName: 'W', title: 'T' };
const hash = { algorithm: 'PBKDF2', value: 'AAAA', salt: 'AAAA', saltOrder: 'PREFIX', workFactor: 4, keySize: 3 };
const question = { question: 'Q', answer: 'Byron' };
const page = 'https://site.example/login';
const attribute = {
  ...{ title: 'A', type: 'string', enum: ['a'], oneOf: [{ const: 'a', title: 'A' }], minLength: 1 },
  ...{ permissions: [{ principal: 'SELF', action: 'HIDE' }], externalName: 'a', externalNamespace: 'u' },
  ...{ master: { type: 'OKTA', priority: [{ type: 'APP', value: 'x' }] }, unique: 'UNIQUE_VALIDATED' },
};
const schema = {
  definitions: {
    custom: { properties: { a: attribute, b: null } },
    base: { properties: { login: { pattern: '.*' }, lastName: { required: true } } },
  },
};
const saml = {
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
const imports = {
  importSettings: {
    username: { userNameFormat: 'CUSTOM', userNameExpression: 'source.login' },
    schedule: { status: 'ENABLED', fullImport: { expression: '0 21 * * *', timezone: 'Europe/Berlin' } },
  },
  importRules: { userCreateAndMatch: { exactMatchCriteria: 'EMAIL', allowPartialMatch: false } },
};
const users = '/api/v1/users';

export const otherBodies: readonly OtherBody[] = [
  post(users, { profile, credentials: { password: { value: 'correct horse' }, recovery_question: question } }),
  post(users, { profile, credentials: { password: { hash }, provider: { type: 'FEDERATION', name: 'FEDERATION' } } }),
  post(`${users}/{userId}`, { profile: { title: 'T' }, credentials: { recovery_question: question } }),
  { ...post(`${users}/{userId}`, { profile }), method: 'PUT' },
  post('/api/v1/apps', { label: 'Site', signOnMode: 'SAML_2_0', settings: { signOn: saml } }),
  post('/api/v1/apps', { name: 'oidc_client', label: 'Client', settings: { oauthClient }, credentials: client }),
  post('/api/v1/apps', { name: 'template_swa', label: 'Site', settings: { app: site }, credentials: shared }),
  post('/api/v1/meta/schemas/user/default', schema),
  post('/api/v1/meta/schemas/group/default', schema),
  post('/api/v1/meta/schemas/apps/{appId}/default', schema),
  { ...post('/api/v1/apps/{appId}/features/INBOUND_PROVISIONING', imports), method: 'PUT' },
];

function post(path: string, example: object): OtherBody {
  return { method: 'POST', path, example };
}
