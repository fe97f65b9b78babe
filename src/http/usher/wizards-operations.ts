import { Type } from 'typebox';
import { signOnModes } from '../../domain/app.ts';
import { wizardSteps } from '../../domain/wizard.ts';
import { AppSchema } from '../api/apps/answers.ts';
import { mappingAnswer } from '../api/mappings/operations.ts';
import { AnyProperties, AnyValue, Moment, named, orNull, Reads, TextOrNull } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../openapi/operation.ts';
import { ProbeReportSchema } from './probes-operations.ts';

const count = Type.Integer({ minimum: 0 });
const counts = { accounts: count, exact: count, partial: count, none: count, ambiguous: count };

const DraftSchema = named('WizardDraft', 'What has been chosen so far.', {
  done: Type.Array(Type.Enum([...wizardSteps])),
  signOnMode: Type.Optional(Type.Enum([...signOnModes])),
  connection: Type.Optional(AnyProperties),
  provisioning: Type.Optional(
    Type.Object({ create: Type.Boolean(), update: Type.Boolean(), deactivate: Type.Boolean() }),
  ),
  attributes: Type.Optional(AnyProperties),
  mappings: Type.Optional(Type.Object({}, { additionalProperties: Type.Object(mappingAnswer) })),
  reasons: Type.Optional(Type.Object({}, { additionalProperties: Type.Enum(['scim', 'same name', 'similar name']) })),
  userNameTemplate: Type.Optional(AnyProperties),
  assignments: Type.Optional(Type.Object({ userIds: Type.Array(Type.String()), groupIds: Type.Array(Type.String()) })),
  logoType: Type.Optional(Type.String({ description: 'The media type of the logo that is kept for the app' })),
  match: Type.Optional(Type.Object({ ...counts, people: count, peopleWithout: count, complete: Type.Boolean() })),
});
const stored = {
  id: Type.String(),
  label: Type.String(),
  appId: TextOrNull,
  status: Type.Enum(['OPEN', 'DONE']),
  draft: DraftSchema,
  startedBy: AnyProperties,
  created: Moment,
  lastUpdated: Moment,
};
const WizardSchema = named('Wizard', 'An app being given provisioning, step by step.', {
  ...stored,
  next: orNull(Type.Enum([...wizardSteps, 'turn on'], { description: 'The step to be taken next' })),
  hasCredential: Type.Boolean(),
  report: orNull(ProbeReportSchema),
});
const Result = {
  value: Type.Optional(AnyValue),
  error: Type.Optional(Type.String()),
  left: Type.Optional(Type.Literal(true)),
};
const PreviewSchema = named('WizardPreview', 'What the draft makes of one person.', {
  user: Type.Object({ id: Type.String(), login: Type.String() }),
  userName: Type.Object(Result),
  attributes: Type.Array(Type.Object({ attribute: Type.String(), ...mappingAnswer, reads: Reads, ...Result })),
  missing: Type.Array(Type.String(), { description: 'Required by the app, and without a value' }),
});
const MatchSchema = named('WizardAccount', 'An account of the app, and whose it could be.', {
  externalId: Type.String(),
  userName: Type.String(),
  active: orNull(Type.Boolean()),
  match: Type.Enum(['exact', 'partial', 'none', 'ambiguous']),
  people: Type.Array(Type.Object({ id: Type.String(), login: Type.String() })),
});
const wizard = ok(WizardSchema, 'The wizard as it is now');
const path = '/usher/v1/wizards';

export const wizardOperations: OperationGroup = {
  tag: 'Wizard',
  about:
    'Giving an app provisioning, step by step: connection, probe, capabilities, schema, mappings, match, turn on. ' +
    'A step that is skipped is named in the refusal.',
  operations: {
    [`POST ${path}`]: {
      id: 'startWizard',
      summary: 'Begin to give an app provisioning',
      description: 'A new app, or one that is there whatever its sign-on mode.',
      example: { label: 'CRM', signOnMode: 'SAML_2_0' },
      answers: wizard,
    },
    [`GET ${path}`]: {
      id: 'listWizards',
      summary: 'List wizards',
      parameters: { status: 'Only those that are still open, or those that have been turned on' },
      answers: ok(Type.Array(named('WizardSummary', 'A wizard without its report.', stored)), 'A page of wizards'),
    },
    [`GET ${path}/:wizardId`]: { id: 'getWizard', summary: 'Get a wizard', answers: wizard },
    [`PATCH ${path}/:wizardId`]: {
      id: 'renameWizard',
      summary: 'Name the app to be made',
      example: { label: 'CRM' },
      answers: wizard,
    },
    [`DELETE ${path}/:wizardId`]: { id: 'discardWizard', summary: 'Discard a draft', answers: noContent },
    [`PUT ${path}/:wizardId/connection`]: {
      id: 'setWizardConnection',
      summary: 'Say where the app is and how to sign in there',
      description: 'Nothing is sent yet.',
      example: {
        settings: {
          baseUrl: 'https://crm.acme.example/scim/v2',
          auth: { scheme: 'bearer', token: 'the secret of the app' },
        },
      },
      answers: wizard,
    },
    [`POST ${path}/:wizardId/probe`]: {
      id: 'probeWizard',
      summary: 'Find out what the app can do',
      description: 'Proposes all that follows. Only GET is sent unless a throw-away account is allowed.',
      example: { allowWrites: false },
      answers: wizard,
    },
    [`PUT ${path}/:wizardId/capabilities`]: {
      id: 'setWizardCapabilities',
      summary: 'Choose what Usher does in the app',
      description: 'What is left out stays as proposed.',
      example: { create: true, update: true, deactivate: true },
      answers: wizard,
    },
    [`PUT ${path}/:wizardId/schema`]: {
      id: 'setWizardSchema',
      summary: 'Choose the attributes of accounts',
      description: 'What is left out stays as proposed; null takes an attribute away.',
      example: { attributes: { nickName: null } },
      answers: wizard,
    },
    [`PUT ${path}/:wizardId/mappings`]: {
      id: 'setWizardMappings',
      summary: 'Choose where values come from',
      description: 'What is left out stays as proposed; null takes a mapping away.',
      example: { properties: { title: { expression: 'user.title', whenEmpty: 'LEAVE' } } },
      answers: wizard,
    },
    [`POST ${path}/:wizardId/preview`]: {
      id: 'previewWizard',
      summary: 'See what the mappings give',
      description:
        'For one person, or for a few when nobody is named. Mappings in `properties`, and `userNameTemplate`, take the place of those in the draft and are not kept.',
      example: { userId: exampleIds.user },
      answers: ok(Type.Array(PreviewSchema), 'Accounts as they would be'),
    },
    [`POST ${path}/:wizardId/match`]: {
      id: 'matchWizard',
      summary: 'Find out whose the existing accounts are',
      description: 'Lists the accounts once; nothing is linked or changed.',
      answers: wizard,
    },
    [`GET ${path}/:wizardId/accounts`]: {
      id: 'listWizardAccounts',
      summary: 'List the existing accounts with whose they could be',
      parameters: { kind: 'Only accounts that match like this' },
      answers: ok(Type.Array(MatchSchema), 'A page of accounts'),
    },
    [`PUT ${path}/:wizardId/assignments`]: {
      id: 'setWizardAssignments',
      summary: 'Choose who gets the app when it is turned on',
      description: 'In place of whoever was chosen before. Needs no step before it, and no step needs it.',
      example: { userIds: [exampleIds.user], groupIds: [exampleIds.group] },
      answers: wizard,
    },
    [`GET ${path}/:wizardId/logo`]: {
      id: 'getWizardLogo',
      summary: 'Get the logo kept for the app',
      answers: { 200: { description: 'The picture', schema: Type.String(), mediaType: 'image/*' } },
    },
    [`PUT ${path}/:wizardId/logo`]: {
      id: 'setWizardLogo',
      summary: 'Keep a logo for the app',
      description: 'The body is the picture: PNG, JPEG, GIF or SVG, 1 MB at most.',
      takes: 'image/*',
      answers: wizard,
    },
    [`DELETE ${path}/:wizardId/logo`]: {
      id: 'removeWizardLogo',
      summary: 'Take the logo away again',
      answers: wizard,
    },
    [`POST ${path}/:wizardId/turn-on`]: {
      id: 'turnOnWizard',
      summary: 'Make the app, give it to whom it is for, and begin to provision it',
      answers: ok(AppSchema, 'The app'),
    },
  },
};
