import { Type } from 'typebox';
import { linksWith, named } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const AuthScheme = Type.Enum(['TOKEN', 'OAUTH2', 'UNKNOWN']);
const ConnectionSchema = named('ProvisioningConnectionResponse', 'How Usher reaches an app. No credential is in it.', {
  authScheme: AuthScheme,
  status: Type.Enum(['ENABLED', 'DISABLED', 'UNKNOWN'], { description: 'UNKNOWN: the app cannot be provisioned' }),
  baseUrl: Type.Optional(Type.String()),
  profile: Type.Object({ authScheme: AuthScheme, clientId: Type.Optional(Type.String()) }),
  _links: linksWith('self'),
});

export const connectionOperations: OperationGroup = {
  tag: 'ApplicationConnections',
  about: 'How Usher reaches an app.',
  operations: {
    'GET /api/v1/apps/:appId/connections/default': {
      id: 'getDefaultProvisioningConnectionForApplication',
      summary: 'Get the connection of an app',
      answers: ok(ConnectionSchema, 'The connection'),
    },
    'POST /api/v1/apps/:appId/connections/default': {
      id: 'updateDefaultProvisioningConnectionForApplication',
      summary: 'Set the connection of an app',
      description:
        'A connection that is on, or is to be switched on, is tested first; when the test fails nothing is kept.',
      parameters: { activate: 'Whether it is switched on; without it a new connection is off' },
      example: {
        baseUrl: 'https://crm.acme.example/scim/v2',
        profile: { authScheme: 'TOKEN', token: 'the secret of the app' },
      },
      answers: ok(ConnectionSchema, 'The connection'),
    },
    'POST /api/v1/apps/:appId/connections/default/lifecycle/activate': {
      id: 'activateDefaultProvisioningConnectionForApplication',
      summary: 'Switch the connection on',
      description: 'After a test.',
      answers: noContent,
    },
    'POST /api/v1/apps/:appId/connections/default/lifecycle/deactivate': {
      id: 'deactivateDefaultProvisioningConnectionForApplication',
      summary: 'Switch the connection off',
      answers: noContent,
    },
  },
};
