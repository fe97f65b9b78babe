import { Type } from 'typebox';
import { Nothing } from '../../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';
import { AppSchema } from './answers.ts';

const expand = '`user/` and the id of a user: who has the app comes with their app user in it';

export const appOperations: OperationGroup = {
  tag: 'Application',
  about: 'Instances of app integrations.',
  operations: {
    'GET /api/v1/apps': {
      id: 'listApplications',
      summary: 'List app instances',
      parameters: {
        q: 'Looks for names and labels that begin with this',
        filter: 'A filter such as `status eq "ACTIVE"`; also by `id`, `name`, `user.id` and `group.id`',
        expand,
      },
      answers: ok(Type.Array(AppSchema), 'A page of app instances'),
    },
    'POST /api/v1/apps': {
      id: 'createApplication',
      summary: 'Add an app instance',
      description:
        '`name` is the key of a catalog entry or one of the templates (`oidc_client`, `template_swa` …) and decides the sign-on mode. Without it the app is private. A client secret is in this answer and in no other.',
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
      parameters: { expand },
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
    'POST /api/v1/apps/:appId/logo': {
      id: 'uploadApplicationLogo',
      summary: 'Upload the logo of an app',
      description: 'A form with the picture as its field `file`: PNG, JPEG, GIF or SVG, 1 MB at most.',
      takes: 'multipart/form-data',
      answers: { 201: { description: 'Kept; `Location` says where it is' } },
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
