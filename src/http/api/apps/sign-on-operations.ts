import { Type } from 'typebox';
import { AnyProperties, Moment, named } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

const SecretSchema = named(
  'OAuth2ClientSecret',
  'That there is a secret. The secret itself is shown when the app is made.',
  {
    id: Type.String(),
    status: Type.Literal('ACTIVE'),
    secret_hash: Type.String(),
    created: Moment,
    lastUpdated: Moment,
  },
);
const IdTokenSchema = named('IdTokenSettings', 'What an ID token would say. Usher makes none.', {
  issuer: Type.String(),
  orgUrl: Type.Null(),
  customUrl: Type.Null(),
  audience: Type.String(),
  issuerMode: Type.String(),
  valueType: Type.Optional(Type.String()),
  groupFilterType: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  value: Type.Optional(Type.String()),
});

export const signOnOperations: OperationGroup = {
  tag: 'ApplicationSSO',
  about: 'What clients ask of the way to sign in to an app, which Usher describes and does not perform.',
  operations: {
    'GET /api/v1/apps/:appId/credentials/keys': {
      id: 'listApplicationKeys',
      summary: 'List the signing keys of an app',
      description: 'There are none: Usher signs nothing.',
      answers: ok(Type.Array(AnyProperties), 'An empty list'),
    },
    'GET /api/v1/apps/:appId/credentials/secrets': {
      id: 'listOAuth2ClientSecrets',
      summary: 'List the secrets of an OpenID Connect client',
      answers: ok(Type.Array(SecretSchema), 'The one secret, or none'),
    },
    'GET /api/v1/apps/:appId/sso/saml/metadata': {
      id: 'previewSAMLmetadataForApplication',
      summary: 'Get the SAML metadata of an app',
      answers: { 200: { description: 'The metadata', schema: Type.String(), mediaType: 'application/xml' } },
    },
    'GET /api/v1/internal/apps/:appId/settings/oauth/idToken': {
      id: 'getIdTokenSettings',
      summary: 'Get what the ID token of a client would say',
      answers: ok(IdTokenSchema, 'The settings'),
    },
    'POST /api/v1/internal/apps/:appId/settings/oauth/idToken': {
      id: 'updateIdTokenSettings',
      summary: 'Set what the ID token of a client would say',
      example: { valueType: 'GROUPS', groupFilterType: 'REGEX', name: 'groups', value: '.*' },
      answers: ok(IdTokenSchema, 'The settings as they are now'),
    },
  },
};
