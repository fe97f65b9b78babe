import { Type } from 'typebox';
import { AnyProperties, named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const DiscoveredSchema = named('DiscoveredAttributes', 'Attributes an app has and its profile does not have yet.', {
  properties: Type.Object(
    {},
    {
      additionalProperties: AnyProperties,
      description: 'By name, as the schema of the app takes them among its custom attributes',
    },
  ),
});

export const schemaDiscoveryOperations: OperationGroup = {
  tag: 'Schema discovery',
  about: 'What an app says it has.',
  operations: {
    'GET /usher/v1/apps/:appId/schema/discovered': {
      id: 'discoverAppSchema',
      summary: 'Ask an app which attributes it has besides those of its profile',
      description: 'Reads the schemas of the app now and changes nothing.',
      answers: ok(DiscoveredSchema, 'The attributes; none where all are known'),
    },
  },
};
