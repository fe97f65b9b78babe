import { Type } from 'typebox';
import { Link, Moment, named, TextOrNull } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const UserTypeSchema = named('UserType', 'A type of people with a schema of their own.', {
  id: Type.String(),
  displayName: Type.String(),
  name: Type.String(),
  description: TextOrNull,
  createdBy: Type.String(),
  lastUpdatedBy: Type.String(),
  created: Moment,
  lastUpdated: Moment,
  default: Type.Boolean(),
  _links: Type.Object({ self: Link, schema: Link }),
});

const ofType = { key: 'Id of the user type, or `default`' };
const example = { name: 'contractor', displayName: 'Contractor', description: 'People of other companies' };

export const userTypeOperations: OperationGroup = {
  tag: 'UserType',
  about: 'Kinds of people, each with attributes of its own.',
  operations: {
    'GET /api/v1/meta/types/user': {
      id: 'listUserTypes',
      summary: 'List user types',
      answers: ok(Type.Array(UserTypeSchema), 'All of them, the default one first'),
    },
    'POST /api/v1/meta/types/user': {
      id: 'createUserType',
      summary: 'Create a user type',
      description: 'Its schema begins with the base attributes alone.',
      example,
      answers: ok(UserTypeSchema, 'The user type'),
    },
    'GET /api/v1/meta/types/user/:key': {
      id: 'getUserType',
      summary: 'Get a user type',
      parameters: ofType,
      answers: ok(UserTypeSchema, 'The user type'),
    },
    'POST /api/v1/meta/types/user/:key': {
      id: 'updateUserType',
      summary: 'Change a user type',
      description: 'What is left out stays as it is. The name is for life.',
      parameters: ofType,
      example: { displayName: 'Person' },
      answers: ok(UserTypeSchema, 'The user type as it is now'),
    },
    'PUT /api/v1/meta/types/user/:key': {
      id: 'replaceUserType',
      summary: 'Replace a user type',
      description: 'The name is for life and must be given as it is.',
      parameters: ofType,
      example: { name: 'user', displayName: 'Person' },
      answers: ok(UserTypeSchema, 'The user type as it is now'),
    },
    'DELETE /api/v1/meta/types/user/:key': {
      id: 'deleteUserType',
      summary: 'Delete a user type',
      description: 'Not the default one, and none that somebody is of.',
      parameters: ofType,
      answers: noContent,
    },
  },
};
