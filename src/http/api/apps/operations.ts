import { Type } from 'typebox';
import { Nothing } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { AppSchema } from './answers.ts';

export const appOperations: OperationGroup = {
  tag: 'Application',
  about: 'Instances of app integrations.',
  operations: {
    'GET /api/v1/apps': {
      id: 'listApplications',
      summary: 'List app instances',
      parameters: {
        q: 'Looks for names and labels that begin with this',
        filter: 'A filter such as `status eq "ACTIVE"`',
      },
      answers: ok(Type.Array(AppSchema), 'A page of app instances'),
    },
    'POST /api/v1/apps': {
      id: 'createApplication',
      summary: 'Add an app instance',
      description: '`name` is the key of a catalog entry; it decides the sign-on mode.',
      example: {
        name: 'bookmark',
        label: 'Intranet',
        signOnMode: 'BOOKMARK',
        settings: { app: { url: 'https://intranet.acme.example', requestIntegration: false } },
      },
      answers: ok(AppSchema, 'The app instance'),
    },
    'GET /api/v1/apps/:appId': {
      id: 'getApplication',
      summary: 'Get an app instance',
      answers: ok(AppSchema, 'The app instance'),
    },
    'PUT /api/v1/apps/:appId': {
      id: 'replaceApplication',
      summary: 'Replace the settings of an app instance',
      description: 'Id, name, status and features stay as they are, whatever the body says.',
      example: { label: 'Intranet', visibility: { hide: { iOS: false, web: true } } },
      answers: ok(AppSchema, 'The app instance as it is now'),
    },
    'DELETE /api/v1/apps/:appId': {
      id: 'deleteApplication',
      summary: 'Delete an app instance',
      description: 'Only while it is INACTIVE.',
      answers: noContent,
    },
    'POST /api/v1/apps/:appId/lifecycle/activate': {
      id: 'activateApplication',
      summary: 'Activate an app instance',
      answers: ok(Nothing),
    },
    'POST /api/v1/apps/:appId/lifecycle/deactivate': {
      id: 'deactivateApplication',
      summary: 'Deactivate an app instance',
      description: 'Nothing is written to the app while it is INACTIVE.',
      answers: ok(Nothing),
    },
  },
};
