import { Type } from 'typebox';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { GroupSchema } from '../groups/answers.ts';
import { AppLinkSchema, UserSchema } from './answers.ts';
import { credentialOperations } from './credential-operations.ts';
import { lifecycleOperations } from './lifecycle-operations.ts';

const profile = {
  login: 'ada.lovelace@acme.example',
  email: 'ada.lovelace@acme.example',
  firstName: 'Ada',
  lastName: 'Lovelace',
};

export const userOperations: OperationGroup = {
  tag: 'User',
  about: 'People in the directory.',
  operations: {
    'GET /api/v1/users': {
      id: 'listUsers',
      summary: 'List users',
      description: 'People who are DEPROVISIONED are left out unless `filter` or `search` asks for them.',
      parameters: {
        q: 'Looks for first names, last names and e-mail addresses that begin with this',
        filter: 'A filter such as `status eq "ACTIVE"`',
        search: 'A filter over any attribute, such as `profile.department eq "Sales" and status eq "ACTIVE"`',
        sortBy: 'An attribute to order by, as `search` writes it; those without a value come last. Left out: the id',
        sortOrder: '`asc` or `desc`',
      },
      answers: ok(Type.Array(UserSchema), 'A page of users'),
    },
    'POST /api/v1/users': {
      id: 'createUser',
      summary: 'Create a user',
      description: 'Activated at once unless `activate=false`: ACTIVE with a password, PROVISIONED without.',
      parameters: {
        provider: 'Whether `credentials.provider` says who vouches for them',
        nextLogin: '`changePassword`: they have to set a new password when they first sign in',
      },
      example: {
        profile,
        credentials: { password: { value: 'correct horse battery' } },
        groupIds: [exampleIds.group],
      },
      answers: ok(UserSchema, 'The user'),
    },
    'GET /api/v1/users/:userId': {
      id: 'getUser',
      summary: 'Get a user',
      answers: ok(UserSchema, 'The user, with links to what their status allows'),
    },
    'POST /api/v1/users/:userId': {
      id: 'updateUser',
      summary: 'Change some attributes of a user',
      description: 'What is left out stays as it is; null clears.',
      example: { profile: { title: 'Countess' } },
      answers: ok(UserSchema, 'The user as they are now'),
    },
    'PUT /api/v1/users/:userId': {
      id: 'replaceUser',
      summary: 'Replace the profile of a user',
      description: 'Attributes that are left out are cleared. A body with credentials alone leaves the profile.',
      example: { profile },
      answers: ok(UserSchema, 'The user as they are now'),
    },
    'DELETE /api/v1/users/:userId': {
      id: 'deleteUser',
      summary: 'Deactivate a user, or delete one who is deactivated',
      description: 'The first call deactivates, the second deletes.',
      answers: noContent,
    },
    ...lifecycleOperations,
    ...credentialOperations,
    'DELETE /api/v1/users/:userId/sessions': {
      id: 'revokeUserSessions',
      summary: 'End the sessions of a user',
      description: 'They are signed out everywhere. API tokens go on working.',
      answers: noContent,
    },
    'GET /api/v1/users/:userId/groups': {
      id: 'listUserGroups',
      summary: 'List the groups of a user',
      answers: ok(Type.Array(GroupSchema), 'All of their groups'),
    },
    'GET /api/v1/users/:userId/appLinks': {
      id: 'listAppLinks',
      summary: 'List the tiles of a user',
      answers: ok(Type.Array(AppLinkSchema), 'What My Apps shows them'),
    },
  },
};
