import { Type } from 'typebox';
import { named } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';
import { RunSchema } from './runs-operations.ts';

const FindingsSchema = named('MappingFindings', 'What is wrong with the mappings of an app in one direction.', {
  findings: Type.Array(
    Type.Object({
      attribute: Type.String(),
      severity: Type.Enum(['error', 'warning'], { description: 'An error would be refused, a warning would not' }),
      reason: Type.String(),
    }),
  ),
});

export const usherMappingOperations: OperationGroup = {
  tag: 'Mapping',
  about: 'Mappings held against the schemas, and applied again.',
  operations: {
    'POST /usher/v1/mappings/:mappingId/check': {
      id: 'checkMapping',
      summary: 'Hold a mapping against both schemas',
      description: 'As it is saved, with the changes that are sent and not saved. Nothing is changed.',
      example: { properties: { title: { expression: 'user.title', pushStatus: 'PUSH' } } },
      answers: ok(FindingsSchema, 'What is wrong; an empty list where nothing is'),
    },
    'POST /usher/v1/apps/:appId/synchronize': {
      id: 'synchronizeApp',
      summary: 'Look at everybody in an app again, or at some people',
      description:
        'What they should have is worked out anew and what differs is sent. With `read` each account is read from the app first, so that what was changed there is found.',
      example: { userIds: [exampleIds.user], read: true },
      answers: { 202: { description: 'The run, ended already where it is small', schema: RunSchema } },
    },
  },
};
