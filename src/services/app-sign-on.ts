import type { SettingRules } from './app-setting-rules.ts';

// What Okta knows of the ways to sign in. Usher keeps and shows it, so that clients find what they wrote; it does not
// sign people in.

const text = { type: 'text' } as const;
const no = { type: 'flag', otherwise: false } as const;
const yes = { type: 'flag', otherwise: true } as const;
const needed = { type: 'text', required: true } as const;
const page = { type: 'web', required: true } as const;

/** `settings.signOn` of a private app with a password. */
export const passwordRules: SettingRules = { loginUrl: page, redirectUrl: { type: 'web' } };

const attributeStatements = {
  type: 'list',
  otherwise: [],
  of: {
    type: 'object',
    rules: {
      type: { type: 'choice', choices: ['EXPRESSION', 'GROUP'], otherwise: 'EXPRESSION' },
      name: needed,
      namespace: { ...text, otherwise: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified' },
      values: { type: 'list', of: text, bare: true },
      filterType: { type: 'choice', choices: ['STARTS_WITH', 'EQUALS', 'CONTAINS', 'REGEX'], bare: true },
      filterValue: { ...text, bare: true },
    },
  },
} as const;

const certificate = {
  type: 'object',
  bare: true,
  rules: { x5c: { type: 'list', of: { type: 'text', max: 20_000 }, required: true } },
} as const;

/** `settings.signOn` of a private SAML app. */
export const samlRules: SettingRules = {
  defaultRelayState: text,
  ssoAcsUrl: page,
  idpIssuer: { ...text, otherwise: 'http://www.okta.com/${org.externalKey}' },
  audience: needed,
  recipient: page,
  destination: page,
  subjectNameIdTemplate: needed,
  subjectNameIdFormat: needed,
  responseSigned: yes,
  assertionSigned: yes,
  signatureAlgorithm: { type: 'choice', choices: ['RSA_SHA1', 'RSA_SHA256'], required: true },
  digestAlgorithm: { type: 'choice', choices: ['SHA1', 'SHA256'], required: true },
  honorForceAuthn: no,
  authnContextClassRef: needed,
  spIssuer: text,
  requestCompressed: no,
  attributeStatements,
  // There is nothing a hook could hook into.
  inlineHooks: { type: 'list', otherwise: [], of: { type: 'choice', choices: [] } },
  allowMultipleAcsEndpoints: no,
  acsEndpoints: {
    type: 'list',
    otherwise: [],
    of: { type: 'object', rules: { url: page, index: { type: 'number', required: true } } },
  },
  samlSignedRequestEnabled: no,
  samlAssertionLifetimeSeconds: { type: 'number', bare: true },
  spCertificate: certificate,
  slo: {
    type: 'object',
    otherwise: { enabled: false },
    rules: { enabled: no, issuer: { ...text, bare: true }, logoutUrl: { type: 'web', bare: true } },
  },
};

/** `settings.signOn` of a SAML app from the catalog, which brings the rest with it. */
export const catalogSamlRules: SettingRules = {
  defaultRelayState: text,
  ssoAcsUrlOverride: { type: 'web' },
  audienceOverride: text,
  recipientOverride: { type: 'web' },
  destinationOverride: { type: 'web' },
  attributeStatements,
};

const uris = (min?: 'required') =>
  ({ type: 'list', of: { type: 'uri', required: true }, ...(min === undefined ? {} : { required: true }) }) as const;
const signatures = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

/** `settings.oauthClient`. `applicationType` and the grants decide what is asked for. */
export function oauthRules(redirects: boolean): SettingRules {
  return {
    client_uri: { type: 'web' },
    logo_uri: { type: 'web' },
    redirect_uris: redirects ? uris('required') : { ...uris(), bare: true },
    post_logout_redirect_uris: { ...uris(), bare: true },
    response_types: {
      type: 'list',
      of: { type: 'choice', choices: ['code', 'token', 'id_token'] },
      ...(redirects ? { required: true } : { otherwise: ['token'] }),
    },
    grant_types: { type: 'list', of: { type: 'choice', choices: grantTypes }, required: true },
    initiate_login_uri: { type: 'web', bare: true },
    application_type: { type: 'choice', choices: ['web', 'native', 'browser', 'service'], required: true },
    consent_method: { type: 'choice', choices: ['REQUIRED', 'TRUSTED'], bare: true },
    issuer_mode: { type: 'choice', choices: ['CUSTOM_URL', 'ORG_URL', 'DYNAMIC'], otherwise: 'ORG_URL' },
    idp_initiated_login: {
      type: 'object',
      otherwise: { mode: 'DISABLED', default_scope: [] },
      rules: {
        mode: { type: 'choice', choices: ['DISABLED', 'SPEC', 'OKTA'], otherwise: 'DISABLED' },
        default_scope: { type: 'list', of: text, otherwise: [] },
      },
    },
    wildcard_redirect: { type: 'choice', choices: ['DISABLED', 'SUBDOMAIN'], otherwise: 'DISABLED' },
    tos_uri: { type: 'web', bare: true },
    policy_uri: { type: 'web', bare: true },
    jwks_uri: { type: 'web', bare: true },
    jwks: { type: 'object', bare: true, rules: { keys: { type: 'list', of: publicKey, otherwise: [] } } },
    refresh_token: {
      type: 'object',
      bare: true,
      rules: {
        rotation_type: { type: 'choice', choices: ['STATIC', 'ROTATE'], otherwise: 'STATIC' },
        leeway: { type: 'number', otherwise: 0 },
      },
    },
    frontchannel_logout_uri: { type: 'web', bare: true },
    frontchannel_logout_session_required: { type: 'flag', bare: true },
    participate_slo: { type: 'flag', bare: true },
    dpop_bound_access_tokens: { type: 'flag', bare: true },
    subject_type: { type: 'choice', choices: ['public', 'pairwise'], bare: true },
    sector_identifier_uri: { type: 'web', bare: true },
    request_object_signing_alg: { type: 'choice', choices: signatures, bare: true },
    id_token_encrypted_response_alg: { ...text, bare: true },
    backchannel_authentication_request_signing_alg: { type: 'choice', choices: signatures, bare: true },
    backchannel_custom_authenticator_id: { ...text, bare: true },
    backchannel_token_delivery_mode: { type: 'choice', choices: ['ping', 'poll', 'push'], bare: true },
  };
}

const grantTypes = [
  'authorization_code',
  'client_credentials',
  'implicit',
  'interaction_code',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:openid:params:grant-type:ciba',
  'urn:okta:params:oauth:grant-type:otp',
  'urn:okta:params:oauth:grant-type:oob',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-oob',
];

/** The public parts alone are kept: whoever sends a private key as well must not find it in our database. */
const publicKey = {
  type: 'object',
  rules: {
    kty: { type: 'choice', choices: ['RSA', 'EC'], required: true },
    kid: { ...text, bare: true },
    use: { ...text, bare: true },
    alg: { ...text, bare: true },
    status: { type: 'choice', choices: ['ACTIVE', 'INACTIVE'], bare: true },
    e: { ...text, bare: true },
    n: { type: 'text', max: 4_096, bare: true },
    crv: { ...text, bare: true },
    x: { ...text, bare: true },
    y: { ...text, bare: true },
  },
} as const;
