import { Type } from 'typebox';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { AppUserSchema } from './answers.ts';

const expand = '`user`: each comes with the whole person';

export const appUserOperations: OperationGroup = {
  tag: 'ApplicationUsers',
  about: 'Who has an app, and their account in it.',
  operations: {
    'GET /api/v1/apps/:appId/users': {
      id: 'listApplicationUsers',
      summary: 'List who has an app',
      parameters: {
        q: 'Looks for user names, first names, last names and e-mail addresses that begin with this',
        filter:
          'A filter such as `syncState eq "ERROR"`, over id, status, syncState, scope, externalId, credentials.userName, created, lastUpdated, statusChanged and lastSync',
        expand,
      },
      answers: ok(Type.Array(AppUserSchema), 'A page of app users'),
    },
    'POST /api/v1/apps/:appId/users': {
      id: 'assignUserToApplication',
      summary: 'Give an app to a user',
      description: 'Their account is made as soon as the app takes it. Values given here win over mappings.',
      example: { id: exampleIds.user, scope: 'USER', profile: {} },
      answers: ok(AppUserSchema, 'The app user'),
    },
    'GET /api/v1/apps/:appId/users/:userId': {
      id: 'getApplicationUser',
      summary: 'Get somebody in an app',
      parameters: { expand },
      answers: ok(AppUserSchema, 'The app user, and how far their account is'),
    },
    'POST /api/v1/apps/:appId/users/:userId': {
      id: 'updateApplicationUser',
      summary: 'Change the assignment of a user',
      description:
        'Values make it an individual one, which groups do not change any more. Null takes a value back: `credentials.userName` to what the template makes, an attribute to its mapping.',
      example: { scope: 'USER', profile: {}, credentials: { userName: 'ada' } },
      answers: ok(AppUserSchema, 'The app user as it is now'),
    },
    'DELETE /api/v1/apps/:appId/users/:userId': {
      id: 'unassignUserFromApplication',
      summary: 'Take an app away from a user',
      description: 'Their account is deactivated where the app has that switched on.',
      answers: noContent,
    },
  },
};
