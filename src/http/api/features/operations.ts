import { Type } from 'typebox';
import { linksWith, named, orNull } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

const Status = Type.Enum(['ENABLED', 'DISABLED']);
const Switch = Type.Object({ status: Status });
const UserProvisioning = Type.Object({
  create: Type.Object({ lifecycleCreate: Switch }),
  update: Type.Object({
    profile: Switch,
    lifecycleDeactivate: Switch,
    password: Type.Object({
      status: Status,
      seed: Type.Enum(['OKTA', 'RANDOM']),
      change: Type.Enum(['CHANGE', 'KEEP_EXISTING']),
    }),
  }),
});
const Times = orNull(Type.Object({ expression: Type.String(), timezone: Type.Optional(Type.String()) }));
const Format = Type.Enum(['EMAIL', 'CUSTOM']);
const InboundProvisioning = Type.Object({
  importSettings: Type.Object({
    username: Type.Object({
      userNameFormat: Format,
      usernameFormat: Format,
      userNameExpression: Type.Optional(Type.String()),
    }),
    schedule: Type.Object({ status: Status, fullImport: Times, incrementalImport: Times }),
  }),
  importRules: Type.Object({
    userCreateAndMatch: Type.Object({
      exactMatchCriteria: Type.Enum(['EMAIL', 'USERNAME']),
      allowPartialMatch: Type.Boolean(),
      autoConfirmPartialMatch: Type.Boolean(),
      autoConfirmExactMatch: Type.Boolean(),
      autoConfirmNewUsers: Type.Boolean(),
      autoActivateNewUsers: Type.Boolean(),
    }),
  }),
});
const FeatureSchema = named('ApplicationFeature', 'What Usher does in an app of its own accord.', {
  name: Type.Enum(['USER_PROVISIONING', 'INBOUND_PROVISIONING']),
  status: Status,
  description: Type.String(),
  capabilities: Type.Union([UserProvisioning, InboundProvisioning]),
  _links: linksWith('self'),
});

const parameters = { name: 'Name of the feature: USER_PROVISIONING or INBOUND_PROVISIONING' };

export const featureOperations: OperationGroup = {
  tag: 'ApplicationFeatures',
  about: 'What Usher does in an app of its own accord.',
  operations: {
    'GET /api/v1/apps/:appId/features': {
      id: 'listFeaturesForApplication',
      summary: 'List the features of an app',
      description:
        'Refused until the connection is ENABLED. Imports are among them where the app can list its accounts.',
      answers: ok(Type.Array(FeatureSchema), 'The features'),
    },
    'GET /api/v1/apps/:appId/features/:name': {
      id: 'getFeatureForApplication',
      summary: 'Get a feature of an app',
      parameters,
      answers: ok(FeatureSchema, 'The feature'),
    },
    'PUT /api/v1/apps/:appId/features/:name': {
      id: 'updateFeatureForApplication',
      summary: 'Switch parts of a feature on and off',
      parameters,
      description:
        'What is left out stays as it is. The body is the capabilities themselves. What imports are told is kept for when they run.',
      example: {
        create: { lifecycleCreate: { status: 'ENABLED' } },
        update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
      },
      answers: ok(FeatureSchema, 'The feature as it is now'),
    },
  },
};
