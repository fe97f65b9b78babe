import { Type } from 'typebox';
import { linksWith, named } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const AppUserTypeSchema = named('AppUserType', 'The type of people in an app; each app has one.', {
  id: Type.String(),
  name: Type.String(),
  displayName: Type.String(),
  default: Type.Boolean(),
  _links: linksWith('schema'),
});

export const reapplyOperations: OperationGroup = {
  tag: 'MappingReapply',
  about: 'Having mappings applied again to everybody.',
  operations: {
    'GET /api/v1/apps/:appId/user/types': {
      id: 'listApplicationUserTypes',
      summary: 'List the types of people in an app',
      answers: ok(Type.Array(AppUserTypeSchema), 'The one there is'),
    },
    'PUT /api/internal/v1/mappings/reapply': {
      id: 'reapplyProfileMapping',
      summary: 'Apply the mappings of an app again to everybody who has it',
      parameters: {
        source: 'Id of the user type, the app or its user type that values come from',
        target: 'Id of the user type, the app or its user type that values go to',
      },
      answers: noContent,
    },
  },
};
