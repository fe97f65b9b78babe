import { Type } from 'typebox';
import { AnyValue, linksWith, named } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

/** One attribute's mapping: Okta's two properties, and what becomes of empty values. */
export const mappingAnswer = {
  expression: Type.String(),
  pushStatus: Type.Enum(['PUSH', 'DONT_PUSH']),
  whenEmpty: Type.Optional(Type.Enum(['CLEAR', 'LEAVE', 'DEFAULT'])),
  defaultValue: Type.Optional(AnyValue),
};

const Side = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['user', 'appuser']),
  _links: linksWith('self', 'schema'),
});
const listed = { id: Type.String(), source: Side, target: Side };
const ListedMappingSchema = named('ListProfileMappings', 'A mapping without its expressions.', {
  ...listed,
  _links: linksWith('self'),
});
const MappingSchema = named('ProfileMapping', 'Which attribute comes from where.', {
  ...listed,
  properties: Type.Object(
    {},
    {
      additionalProperties: Type.Object(mappingAnswer),
      description: 'By attribute of the target',
    },
  ),
  _links: linksWith('self'),
});

export const mappingOperations: OperationGroup = {
  tag: 'ProfileMapping',
  about: 'Mappings between the profile of a person and the one in an app.',
  operations: {
    'GET /api/v1/mappings': {
      id: 'listProfileMappings',
      summary: 'List mappings',
      parameters: {
        sourceId: 'Id of the user type or the app that values come from',
        targetId: 'Id of the user type or the app that values go to',
      },
      answers: ok(Type.Array(ListedMappingSchema), 'A page of mappings'),
    },
    'GET /api/v1/mappings/:mappingId': {
      id: 'getProfileMapping',
      summary: 'Get a mapping',
      answers: ok(MappingSchema, 'The mapping'),
    },
    'POST /api/v1/mappings/:mappingId': {
      id: 'updateProfileMapping',
      summary: 'Change a mapping',
      description: 'What is left out stays as it is; null takes an attribute out.',
      parameters: {
        apply:
          'NOW, when left out: everybody in the app is looked at again. LATER: people get it when something about them changes, or when the app is synchronized',
      },
      example: { properties: { title: { expression: 'user.title', pushStatus: 'PUSH' }, nickName: null } },
      answers: ok(MappingSchema, 'The mapping as it is now'),
    },
  },
};
