import { Type } from 'typebox';
import { AnyProperties, MomentOrNull, named, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const ConnectionView = named('Connection', "A connection with all its connector's settings but the secret ones.", {
  status: Type.Enum(['ENABLED', 'DISABLED', 'UNKNOWN']),
  connector: TextOrNull,
  settings: AnyProperties,
  hasCredential: Type.Boolean(),
  lastTested: MomentOrNull,
});
const ConnectionReport = named('ConnectionReport', 'What a test of a connection found.', {
  findings: Type.Array(Type.Object({ subject: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});
const auth = { scheme: 'bearer', token: 'the secret of the app' };

export const usherConnectionOperations: OperationGroup = {
  tag: 'Connection',
  about: 'Connections with all that a connector can be told.',
  operations: {
    'GET /usher/v1/apps/:appId/connection': {
      id: 'getConnection',
      summary: 'Get the connection of an app, with its settings',
      answers: ok(ConnectionView, 'The connection'),
    },
    'PUT /usher/v1/apps/:appId/connection': {
      id: 'setConnection',
      summary: 'Set the connection of an app',
      parameters: { activate: 'Whether it is switched on, after a test' },
      example: { settings: { auth } },
      answers: ok(ConnectionView, 'The connection'),
    },
    'POST /usher/v1/apps/:appId/connection/test': {
      id: 'testConnection',
      summary: 'Test a connection',
      description: 'With settings these are tried and not kept; without, what is stored is.',
      example: { settings: { auth } },
      answers: ok(ConnectionReport, 'What was found'),
    },
    'POST /usher/v1/connection-tests': {
      id: 'testConnectionSettings',
      summary: 'Try connection settings before there is an app',
      example: {
        connector: 'scim',
        catalogKey: 'scim2headerauth',
        settings: { baseUrl: 'https://crm.acme.example/scim/v2', auth },
      },
      answers: ok(ConnectionReport, 'What was found'),
    },
  },
};
