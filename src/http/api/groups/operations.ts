import { Type } from 'typebox';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { AppSchema } from '../apps/answers.ts';
import { UserSchema } from '../users/answers.ts';
import { GroupSchema } from './answers.ts';

export const groupOperations: OperationGroup = {
  tag: 'Group',
  about: 'Groups and who is in them.',
  operations: {
    'GET /api/v1/groups': {
      id: 'listGroups',
      summary: 'List groups',
      parameters: {
        q: 'Looks for names that begin with this',
        filter: 'A filter such as `type eq "OKTA_GROUP"`',
        search: 'A filter over any attribute, such as `profile.name sw "Sales"`',
        sortBy: 'An attribute to order by, as `search` writes it; those without a value come last. Left out: the id',
        sortOrder: '`asc` or `desc`',
        expand: 'What comes along with each: `stats`, `app` (of a group that is from one), or both with a comma',
      },
      answers: ok(Type.Array(GroupSchema), 'A page of groups'),
    },
    'POST /api/v1/groups': {
      id: 'createGroup',
      summary: 'Create a group',
      example: { profile: { name: 'Engineering', description: 'Everybody who builds' } },
      answers: ok(GroupSchema, 'The group'),
    },
    'GET /api/v1/groups/:groupId': {
      id: 'getGroup',
      summary: 'Get a group',
      answers: ok(GroupSchema, 'The group'),
    },
    'PUT /api/v1/groups/:groupId': {
      id: 'replaceGroup',
      summary: 'Replace the profile of a group',
      example: { profile: { name: 'Engineering', description: 'Everybody who builds' } },
      answers: ok(GroupSchema, 'The group as it is now'),
    },
    'DELETE /api/v1/groups/:groupId': {
      id: 'deleteGroup',
      summary: 'Delete a group',
      description: 'Whoever had an app through it alone loses the app.',
      answers: noContent,
    },
    'GET /api/v1/groups/:groupId/users': {
      id: 'listGroupUsers',
      summary: 'List the members of a group',
      answers: ok(Type.Array(UserSchema), 'A page of users'),
    },
    'PUT /api/v1/groups/:groupId/users/:userId': {
      id: 'assignUserToGroup',
      summary: 'Put a user into a group',
      answers: noContent,
    },
    'DELETE /api/v1/groups/:groupId/users/:userId': {
      id: 'unassignUserFromGroup',
      summary: 'Take a user out of a group',
      answers: noContent,
    },
    'GET /api/v1/groups/:groupId/apps': {
      id: 'listAssignedApplicationsForGroup',
      summary: 'List the apps of a group',
      answers: ok(Type.Array(AppSchema), 'A page of app instances'),
    },
  },
};
