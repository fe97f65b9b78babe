import { Type } from 'typebox';
import { deprovisionPolicies } from '../../domain/app.ts';
import { AppSchema } from '../api/apps/answers.ts';
import { mappingAnswer } from '../api/mappings/operations.ts';
import { AnyValue, Moment, named, orNull, Reads, TextOrNull } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';
import { toAppSettings } from './app-provisioning.ts';

const count = Type.Integer({ minimum: 0 });

const ProvisioningSchema = named('ToAppSettings', 'What Usher does in the app of its own accord, how, and how fast.', {
  ...toAppSettings,
  deprovision: Type.Enum([...deprovisionPolicies]),
  deleteSince: orNull(Type.String({ format: 'date-time', description: 'Since when the policy is DELETE' })),
  limits: Type.Object({
    concurrencyMax: count,
    requestsPerMinute: orNull(count),
    timeoutMs: count,
    pageSize: count,
  }),
  supports: Type.Object({
    create: Type.Boolean(),
    update: Type.Boolean(),
    deactivate: Type.Boolean(),
    reactivate: Type.Boolean(),
    remove: Type.Boolean(),
    password: Type.Boolean(),
  }),
});
const Result = {
  value: Type.Optional(AnyValue),
  error: Type.Optional(Type.String({ description: 'Why there is no value' })),
  left: Type.Optional(Type.Literal(true, { description: 'Nothing is sent: what the app has stays' })),
};
const PreviewSchema = named('MappingPreview', 'What the mappings of an app give for somebody.', {
  userId: orNull(Type.String({ description: 'Whom it is about; null for a profile made up' })),
  userName: Type.Object(Result),
  attributes: Type.Array(
    Type.Object({
      attribute: Type.String(),
      ...mappingAnswer,
      reads: Reads,
      ...Result,
    }),
  ),
});
const ProgressSchema = named('AppProgress', 'How many people of an app stand where, and how the app is doing.', {
  assigned: count,
  synchronized: count,
  waiting: count,
  failed: count,
  unprovisioned: count,
  health: Type.Object({
    state: Type.Enum(['OK', 'PAUSED', 'BROKEN', 'QUARANTINED']),
    pausedMs: Type.Number(),
    openedTimes: count,
  }),
});
const OperationSchema = named('Operation', 'A write to an app.', {
  id: Type.Integer(),
  appId: Type.String(),
  userId: TextOrNull,
  subject: orNull(Type.String({ description: 'The login of the person it is about, or the name of the group' })),
  kind: Type.String(),
  externalId: TextOrNull,
  attempt: count,
  before: AnyValue,
  changes: AnyValue,
  outcome: Type.Enum(['SUCCESS', 'FAILURE', 'UNKNOWN']),
  errorCode: TextOrNull,
  error: TextOrNull,
  ignored: Type.Array(Type.String(), { description: 'Attributes that were sent and not kept by the app' }),
  durationMs: Type.Number(),
  at: Moment,
});

export const usherAppOperations: OperationGroup = {
  tag: 'App',
  about: 'What Okta has no endpoint for: apps from the catalog, provisioning in full, bulk work and how it goes.',
  operations: {
    'POST /usher/v1/apps': {
      id: 'addAppFromCatalog',
      summary: 'Add an app instance from the catalog',
      example: {
        catalogKey: 'scim2headerauth',
        label: 'CRM',
        settings: { baseUrl: 'https://crm.acme.example/scim/v2' },
      },
      answers: ok(AppSchema, 'The app instance'),
    },
    'GET /usher/v1/apps/:appId/provisioning': {
      id: 'getAppProvisioning',
      summary: 'Get what is provisioned in an app',
      answers: ok(ProvisioningSchema, 'The settings'),
    },
    'PATCH /usher/v1/apps/:appId/provisioning': {
      id: 'updateAppProvisioning',
      summary: 'Change what is provisioned in an app',
      description:
        'What is left out stays as it is. A change that would delete accounts at once, of people who lost the app before, answers 409 with their number unless just that number is given as `confirmDeletions`; a plan shows them one by one.',
      example: { create: true, update: true, deprovision: 'DELETE', deleteAfterDays: 30, limits: { pageSize: 50 } },
      answers: ok(ProvisioningSchema, 'The settings as they are now'),
    },
    'POST /usher/v1/apps/:appId/mappings/preview': {
      id: 'previewMappings',
      summary: 'See what the mappings give for somebody',
      description:
        'For the person, or the profile, that is given; else for somebody who has the app. Mappings in `properties`, and `userNameTemplate`, take the place of those that are saved and are not saved.',
      example: { userId: exampleIds.user },
      answers: ok(PreviewSchema, 'The values, and what is wrong with the ones that are missing'),
    },
    'POST /usher/v1/apps/:appId/assignments': {
      id: 'assignManyUsers',
      summary: 'Give an app to many users',
      example: { userIds: [exampleIds.user] },
      answers: ok(
        named('AssignmentCounts', 'What became of the people who were named.', {
          assigned: count,
          already: count,
          refused: count,
        }),
      ),
    },
    'POST /usher/v1/apps/:appId/provision': {
      id: 'provisionUnprovisionedUsers',
      summary: 'Provision people who had the app before provisioning was on',
      description: 'Some of them by id, or all of them.',
      example: { userIds: [exampleIds.user] },
      answers: ok(named('ProvisionCounts', 'How many will be provisioned.', { provisioned: count })),
    },
    'GET /usher/v1/apps/:appId/logo': {
      id: 'getAppLogo',
      summary: 'Get the logo uploaded for an app',
      answers: { 200: { description: 'The picture', schema: Type.String(), mediaType: 'image/*' } },
    },
    'GET /usher/v1/apps/:appId/progress': {
      id: 'getAppProgress',
      summary: 'Get how far an app is',
      answers: ok(ProgressSchema, 'How many people stand where'),
    },
    'GET /usher/v1/apps/:appId/operations': {
      id: 'listAppOperations',
      summary: 'List the writes to an app',
      parameters: { userId: 'Only those about this user' },
      answers: ok(Type.Array(OperationSchema), 'A page of writes, the newest first'),
    },
  },
};
