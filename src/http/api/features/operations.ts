import { Type } from 'typebox';
import { linksWith, named } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

const Status = Type.Enum(['ENABLED', 'DISABLED']);
const Switch = Type.Object({ status: Status });
const FeatureSchema = named('ApplicationFeature', 'What Usher does in an app of its own accord.', {
  name: Type.Enum(['USER_PROVISIONING']),
  status: Status,
  description: Type.String(),
  capabilities: Type.Object({
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
  }),
  _links: linksWith('self'),
});

const parameters = { name: 'Name of the feature: USER_PROVISIONING' };

export const featureOperations: OperationGroup = {
  tag: 'ApplicationFeatures',
  about: 'What Usher does in an app of its own accord.',
  operations: {
    'GET /api/v1/apps/:appId/features': {
      id: 'listFeaturesForApplication',
      summary: 'List the features of an app',
      description: 'Refused until the connection is ENABLED.',
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
      description: 'What is left out stays as it is. The body is the capabilities themselves.',
      example: {
        create: { lifecycleCreate: { status: 'ENABLED' } },
        update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
      },
      answers: ok(FeatureSchema, 'The feature as it is now'),
    },
  },
};
