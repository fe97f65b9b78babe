import { Type } from 'typebox';
import { AnyValue, Moment, named } from '../../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../../openapi/operation.ts';

const NamedValues = Type.Array(Type.Object({ const: AnyValue, title: Type.String() }));
const AttributeSchema = named('SchemaAttribute', 'An attribute of a profile.', {
  title: Type.String(),
  type: Type.Enum(['string', 'number', 'integer', 'boolean', 'array', 'object']),
  description: Type.Optional(Type.String()),
  required: Type.Optional(Type.Boolean()),
  enum: Type.Optional(Type.Array(AnyValue)),
  oneOf: Type.Optional(NamedValues),
  items: Type.Optional(
    Type.Object({
      type: Type.String(),
      enum: Type.Optional(Type.Array(AnyValue)),
      oneOf: Type.Optional(NamedValues),
    }),
  ),
  pattern: Type.Optional(Type.String()),
  minLength: Type.Optional(Type.Integer()),
  maxLength: Type.Optional(Type.Integer()),
  format: Type.Optional(Type.String()),
  unique: Type.Optional(Type.String()),
  union: Type.Optional(Type.Enum(['ENABLE', 'DISABLE'])),
  externalName: Type.Optional(Type.String()),
  externalNamespace: Type.Optional(Type.String()),
  mutability: Type.Optional(Type.String()),
  scope: Type.Enum(['NONE', 'SELF']),
  permissions: Type.Optional(Type.Array(Type.Object({ principal: Type.String(), action: Type.String() }))),
  master: Type.Object({
    type: Type.String(),
    priority: Type.Optional(Type.Array(Type.Object({ type: Type.String(), value: Type.String() }))),
  }),
});
const Definition = Type.Object({
  id: Type.String(),
  type: Type.Literal('object'),
  properties: Type.Object({}, { additionalProperties: AttributeSchema }),
  required: Type.Optional(Type.Array(Type.String())),
});
const schemaNamed = (name: string, of: string) =>
  named(name, `The attributes of ${of}, as a JSON Schema (draft 4).`, {
    id: Type.String(),
    $schema: Type.String(),
    name: Type.String(),
    title: Type.String(),
    created: Moment,
    lastUpdated: Moment,
    definitions: Type.Object({ custom: Definition, base: Definition }),
    type: Type.Literal('object'),
    properties: Type.Object({
      profile: Type.Object({ allOf: Type.Array(Type.Object({ $ref: Type.String() })) }),
    }),
  });
const UserSchemaSchema = schemaNamed('UserSchema', 'a person');
const GroupSchemaSchema = schemaNamed('GroupSchema', 'a group');
const AppSchemaSchema = schemaNamed('AppUserSchema', 'a person in an app');

const example = {
  definitions: {
    custom: {
      id: '#custom',
      type: 'object',
      properties: { badgeNumber: { title: 'Badge number', type: 'string', maxLength: 20 }, nickname: null },
    },
  },
};
const ofSchema = { key: 'Id of the schema, or `default`' };
const partly = 'What is left out stays as it is; null takes an attribute out, with its values.';

const forced = { force: 'Whether mappings that use a removed attribute go with it; without it that is refused' };

export const schemaOperations: OperationGroup = {
  tag: 'Schema',
  about: 'The attributes of people, of groups, and of people in an app.',
  operations: {
    'GET /api/v1/meta/schemas/user/:key': {
      id: 'getUserSchema',
      summary: 'Get the schema of people',
      parameters: ofSchema,
      answers: ok(UserSchemaSchema, 'The schema'),
    },
    'POST /api/v1/meta/schemas/user/:key': {
      id: 'updateUserProfile',
      summary: 'Change the schema of people',
      parameters: { ...ofSchema, ...forced },
      description: partly,
      example,
      answers: ok(UserSchemaSchema, 'The schema as it is now'),
    },
    'GET /api/v1/meta/schemas/apps/:appId/default': {
      id: 'getApplicationUserSchema',
      summary: 'Get the schema of people in an app',
      answers: ok(AppSchemaSchema, 'The schema'),
    },
    'POST /api/v1/meta/schemas/apps/:appId/default': {
      id: 'updateApplicationUserProfile',
      summary: 'Change the schema of people in an app',
      parameters: forced,
      description: partly,
      example,
      answers: ok(AppSchemaSchema, 'The schema as it is now'),
    },
    'GET /api/v1/meta/schemas/group/default': {
      id: 'getGroupSchema',
      summary: 'Get the schema of groups',
      answers: ok(GroupSchemaSchema, 'The schema'),
    },
    'POST /api/v1/meta/schemas/group/default': {
      id: 'updateGroupSchema',
      summary: 'Change the schema of groups',
      description: partly,
      example,
      answers: ok(GroupSchemaSchema, 'The schema as it is now'),
    },
  },
};
