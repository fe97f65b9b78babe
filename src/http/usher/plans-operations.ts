import { Type } from 'typebox';
import { planStatuses } from '../../store/plans.ts';
import { AnyProperties, AnyValue, Moment, MomentOrNull, named, orNull, TextOrNull } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });
const Person = Type.Object({
  id: Type.String(),
  type: Type.String(),
  alternateId: Type.String(),
  displayName: Type.String(),
});

const PlanSchema = named('Plan', 'A change that is not made yet, and what it would do.', {
  id: Type.String(),
  appId: Type.String(),
  change: {
    ...AnyProperties,
    description: 'As it was sent, without people and without values of sensitive attributes',
  },
  title: Type.String(),
  createdBy: Person,
  status: Type.Enum([...planStatuses]),
  runId: TextOrNull,
  counts: Type.Object({}, { additionalProperties: count, description: 'Accounts by what would be done' }),
  requests: count,
  seconds: orNull(Type.Number({ description: 'How long the requests would take about' })),
  notes: Type.Array(Type.String()),
  created: Moment,
  computed: MomentOrNull,
  decided: MomentOrNull,
  decidedBy: orNull(Person),
  madeAppId: Type.Union([Type.String(), Type.Null()], { description: 'The app that applying it has made' }),
  clientSecret: Type.Optional(Type.String({ description: 'Of the app just made. It is never shown again' })),
});

const EntrySchema = named('PlanEntry', 'What a plan would do to one account.', {
  userId: Type.String(),
  login: TextOrNull,
  displayName: TextOrNull,
  kind: Type.String(),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'Why nothing would be done, or what would go wrong',
  }),
  externalId: TextOrNull,
  userName: TextOrNull,
  diff: orNull(
    Type.Array(Type.Object({ attribute: Type.String(), now: AnyValue, after: AnyValue }), {
      description: 'Values of sensitive attributes are •••• where there is one',
    }),
  ),
  requests: count,
});

export const planOperations: OperationGroup = {
  tag: 'Plan',
  about: 'Changes that are looked at before they are made.',
  operations: {
    'GET /usher/v1/plans': {
      id: 'listPlans',
      summary: 'List plans',
      parameters: { appId: 'Only plans about this app', status: 'Only plans in this state' },
      answers: ok(Type.Array(PlanSchema), 'A page of plans, the newest first'),
    },
    'POST /usher/v1/plans': {
      id: 'createPlan',
      summary: 'Plan a change',
      description:
        'The change is kept and not made, and nothing is sent. What it would do is computed by a run: a small plan is READY in the answer.',
      example: { change: { kind: 'group_assignment', appId: exampleIds.app, groupId: exampleIds.group } },
      answers: { 201: { description: 'The plan', schema: PlanSchema } },
    },
    'GET /usher/v1/plans/:planId': {
      id: 'getPlan',
      summary: 'Get a plan',
      answers: ok(PlanSchema, 'The plan'),
    },
    'GET /usher/v1/plans/:planId/entries': {
      id: 'listPlanEntries',
      summary: 'List what a plan would do to whom',
      parameters: {
        kind: 'Only create, link, update, reactivate, deactivate, remove_entitlements, remove, task, none or error; of a duplicate match, stay, move or none',
        attribute: 'Only accounts of which this attribute would change',
      },
      answers: ok(Type.Array(EntrySchema), 'A page of entries, in order of user ids'),
    },
    'POST /usher/v1/plans/:planId/again': {
      id: 'planAgain',
      summary: 'Plan the same change again',
      answers: { 201: { description: 'Another plan, of how things are now', schema: PlanSchema } },
    },
    'POST /usher/v1/plans/:planId/apply': {
      id: 'applyPlan',
      summary: 'Make exactly the change a plan shows',
      description:
        'Answers 409 with a cause per entry, nothing changed, where something it rests on has changed since.',
      answers: ok(PlanSchema, 'The plan, APPLIED'),
    },
    'POST /usher/v1/plans/:planId/discard': {
      id: 'discardPlan',
      summary: 'Put a plan away',
      answers: ok(PlanSchema, 'The plan, DISCARDED'),
    },
  },
};
