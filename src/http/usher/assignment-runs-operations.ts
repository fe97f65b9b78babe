import { Type } from 'typebox';
import { Moment, MomentOrNull, named, orNull, TextOrNull, AnyProperties, AnyValue } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';
import { RunSchema } from './runs-operations.ts';

const count = Type.Integer({ minimum: 0 });
const begun = (schema: typeof RunSchema) => ({
  202: { description: 'The run, ended already where it is small', schema },
});

const GroupOrderSchema = named('AppGroupPriority', 'A group that has an app, and its priority.', {
  appId: Type.String(),
  groupId: Type.String(),
  priority: Type.Integer(),
  profile: AnyProperties,
  lastUpdated: Moment,
});

const UnprovisionedSchema = named('UnprovisionedPerson', 'Somebody who has an app and no account in it.', {
  userId: Type.String(),
  login: Type.String(),
  displayName: TextOrNull,
  userStatus: Type.String(),
  scope: Type.Enum(['USER', 'GROUP']),
  assigned: Moment,
  match: Type.Enum(['exact', 'partial', 'none', 'ambiguous', 'unknown']),
  reason: TextOrNull,
  externalId: TextOrNull,
  accountName: TextOrNull,
  diff: orNull(Type.Array(Type.Object({ attribute: Type.String(), now: AnyValue, after: AnyValue }))),
  matched: MomentOrNull,
});

export const assignmentRunOperations: OperationGroup = {
  tag: 'Bulk assignment',
  about: 'Giving an app to many people and taking it from them, and people who have an app and no account in it.',
  operations: {
    'POST /usher/v1/apps/:appId/assignment-runs': {
      id: 'startAssignmentRun',
      summary: 'Assign, unassign, override or return to groups in bulk',
      description:
        'For people by id or login, for everybody a search of users brings, or, where it is about how people have the app, for all of them.',
      example: { action: 'assign', search: 'profile.department eq "Sales"' },
      answers: begun(RunSchema),
    },
    'POST /usher/v1/apps/:appId/assignment-runs/csv': {
      id: 'startAssignmentRunFromCsv',
      summary: 'The same for the people a CSV file names',
      description: 'The body is the file, as text/csv, with a column called login or id.',
      parameters: { action: 'assign, unassign, override or return_to_groups' },
      takes: 'text/csv',
      answers: begun(RunSchema),
    },
    'PUT /usher/v1/apps/:appId/group-priorities': {
      id: 'orderAppGroups',
      summary: 'Change the priorities of groups of an app',
      description: 'Groups that are not named keep theirs. Two that would have the same are refused.',
      example: [{ groupId: exampleIds.group, priority: 0 }],
      answers: ok(Type.Array(GroupOrderSchema), 'All groups of the app, the best priority first'),
    },
    'GET /usher/v1/apps/:appId/unprovisioned': {
      id: 'listUnprovisionedPeople',
      summary: 'List people who have an app and no account in it',
      parameters: { match: 'Only exact, partial, none, ambiguous or unknown (not matched yet)' },
      answers: ok(Type.Array(UnprovisionedSchema), 'A page of people, in order of ids'),
    },
    'GET /usher/v1/apps/:appId/unprovisioned/summary': {
      id: 'countUnprovisionedPeople',
      summary: 'Count people who have an app and no account in it',
      answers: ok(
        named('UnprovisionedCounts', 'How many there are, by what matching has come to.', {
          ...{ total: count, exact: count, partial: count, none: count, ambiguous: count, unknown: count },
        }),
      ),
    },
    'POST /usher/v1/apps/:appId/unprovisioned/match': {
      id: 'matchUnprovisionedPeople',
      summary: "Compare people without an account with the app's accounts",
      description: 'Every account of the app is read once, a page at a time. Nothing is written and nobody is linked.',
      answers: begun(RunSchema),
    },
    'POST /usher/v1/apps/:appId/unprovisioned/provision': {
      id: 'provisionPeople',
      summary: 'Make or link accounts for people who have none',
      description:
        'For those named, those matching has come to something for, or all. An account that is theirs exactly is linked; of one that may be theirs it is to be said what happens.',
      example: { match: 'exact' },
      answers: begun(RunSchema),
    },
  },
};
