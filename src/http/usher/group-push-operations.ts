import { Type } from 'typebox';
import { textOperators } from '../../domain/group-push-rule.ts';
import { Moment, MomentOrNull, named, TextOrNull } from '../openapi/answer-parts.ts';
import { noContent, ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });

const OverviewSchema = named('GroupPushOverview', 'Group push in one app at a glance.', {
  enabled: Type.Boolean({ description: 'Whether it is switched on; see `groupPush` of the provisioning settings' }),
  can: Type.Object({
    create: Type.Boolean(),
    update: Type.Boolean(),
    delete: Type.Boolean(),
    link: Type.Boolean({ description: 'Groups the app has already can be taken over' }),
  }),
  active: count,
  inactive: count,
  error: count,
  waiting: Type.Integer({ minimum: 0, description: 'Mappings with something to do, or at work' }),
  rules: count,
});

/** What is said of a pushed group. */
export const pushedGroup = {
  id: Type.String(),
  sourceGroupId: Type.String(),
  sourceName: TextOrNull,
  targetGroupId: TextOrNull,
  targetName: Type.String(),
  namePolicy: Type.Enum(['SOURCE', 'TARGET']),
  status: Type.Enum(['ACTIVE', 'INACTIVE', 'ERROR']),
  syncState: Type.Enum(['DISABLED', 'ERROR', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING']),
  membersInApp: Type.Integer({ minimum: 0, description: 'Members the app has of us' }),
  membersWanted: Type.Integer({ minimum: 0, description: 'Members it is to have' }),
  lastPush: MomentOrNull,
  lastError: TextOrNull,
  lastErrorCode: TextOrNull,
  failingSince: MomentOrNull,
  attempts: count,
  nextLook: MomentOrNull,
  ruleId: TextOrNull,
  pausedByRule: Type.Boolean({ description: 'INACTIVE because the group no longer fits the rule' }),
};
const PushedGroupSchema = named('PushedGroup', 'A group that an app is given, and how far that is.', pushedGroup);
const PushedGroupDetailSchema = named('PushedGroupDetail', 'The same, with its people counted.', {
  ...pushedGroup,
  people: Type.Integer({ minimum: 0, description: 'People in the group here' }),
  withoutAccount: Type.Integer({ minimum: 0, description: 'Those of them without an active account in the app' }),
});

const TextConditionSchema = Type.Object({ operator: Type.Enum([...textOperators]), value: Type.String() });
const RuleSchema = named('GroupPushRule', 'Gives an app every group that fits.', {
  id: Type.String(),
  appId: Type.String(),
  name: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE']),
  conditions: Type.Object({
    name: Type.Optional(TextConditionSchema),
    description: Type.Optional(TextConditionSchema),
    groupTypes: Type.Array(Type.String()),
  }),
  mappings: count,
  created: Moment,
  lastUpdated: Moment,
});
const FittingSchema = named('FittingGroups', 'The groups some conditions fit.', {
  total: count,
  groups: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), pushed: Type.Boolean() })),
});

const TargetsSchema = named('GroupPushTargets', 'The groups an app has, by name.', {
  groups: Type.Array(
    Type.Object({
      externalId: Type.String(),
      name: Type.String(),
      taken: Type.Boolean({ description: 'It gets its members from a group already' }),
    }),
  ),
  complete: Type.Boolean({ description: 'False where the app has more than are listed' }),
});

const onePush = { pushId: 'Id of the mapping' };
const oneRule = { pushRuleId: 'Id of the push rule' };
const conditions = { name: { operator: 'STARTS_WITH', value: 'eng-' } };

export const usherGroupPushOperations: OperationGroup = {
  tag: 'GroupPushMapping',
  about: 'Groups that an app is given, with their members.',
  operations: {
    'GET /usher/v1/apps/:appId/group-push': {
      id: 'getGroupPushOverview',
      summary: 'See how group push stands in an app',
      answers: ok(OverviewSchema, 'What the app can, and how many mappings stand where'),
    },
    'GET /usher/v1/apps/:appId/group-push/targets': {
      id: 'listGroupPushTargets',
      summary: 'Ask an app which groups it has, to link them',
      description: 'Reads them from the app now, the first thousand, and changes nothing.',
      answers: ok(TargetsSchema, 'The groups'),
    },
    'GET /usher/v1/apps/:appId/group-push/mappings': {
      id: 'listPushedGroups',
      summary: 'List the groups an app is given, with members, errors and states',
      parameters: {
        status: 'Only mappings of this status',
        q: 'Only groups whose name begins with this',
        ruleId: 'Only mappings that came of this push rule',
      },
      answers: ok(Type.Array(PushedGroupSchema), 'A page of mappings'),
    },
    'GET /usher/v1/apps/:appId/group-push/mappings/:pushId': {
      id: 'getPushedGroup',
      summary: 'Get a group an app is given, with its people counted',
      parameters: onePush,
      answers: ok(PushedGroupDetailSchema, 'The mapping'),
    },
    'PATCH /usher/v1/apps/:appId/group-push/mappings/:pushId': {
      id: 'setPushedGroupNaming',
      summary: 'Say whether the group in the app follows when ours is renamed',
      parameters: onePush,
      example: { namePolicy: 'SOURCE' },
      answers: ok(PushedGroupDetailSchema, 'The mapping as it is now'),
    },
    'POST /usher/v1/apps/:appId/group-push/mappings/:pushId/push': {
      id: 'pushGroupNow',
      summary: 'Push a group now',
      description:
        'Compares the members the app shows with those it is to have, and puts right what differs. Members nobody here knows of stay.',
      parameters: onePush,
      answers: ok(PushedGroupDetailSchema, 'The mapping, which is work now'),
    },
    'POST /usher/v1/apps/:appId/group-push/retry': {
      id: 'retryFailedGroupPushes',
      summary: 'Push every group again whose push failed',
      answers: ok(named('RetriedGroupPushes', 'How many there were.', { retried: count })),
    },
    'GET /usher/v1/apps/:appId/group-push/rules': {
      id: 'listGroupPushRules',
      summary: 'List the rules that give an app groups',
      answers: ok(Type.Array(RuleSchema), 'A page of rules'),
    },
    'POST /usher/v1/apps/:appId/group-push/rules': {
      id: 'createGroupPushRule',
      summary: 'Give an app every group that fits',
      description: 'Those there are and those that come. Text is compared in any letter case.',
      example: { name: 'Engineering groups', conditions, status: 'ACTIVE' },
      answers: ok(RuleSchema, 'The rule'),
    },
    'POST /usher/v1/apps/:appId/group-push/rules/preview': {
      id: 'previewGroupPushRule',
      summary: 'See which groups a push rule would fit',
      example: { conditions },
      answers: ok(FittingSchema, 'The first hundred by name, and how many there are'),
    },
    'GET /usher/v1/apps/:appId/group-push/rules/:pushRuleId': {
      id: 'getGroupPushRule',
      summary: 'Get a push rule',
      parameters: oneRule,
      answers: ok(RuleSchema, 'The rule'),
    },
    'PATCH /usher/v1/apps/:appId/group-push/rules/:pushRuleId': {
      id: 'updateGroupPushRule',
      summary: 'Change a push rule, or switch it on or off',
      description:
        'With other conditions, mappings of groups that no longer fit are paused. INACTIVE lets no more come and leaves those there are alone.',
      parameters: oneRule,
      example: { status: 'INACTIVE' },
      answers: ok(RuleSchema, 'The rule as it is now'),
    },
    'DELETE /usher/v1/apps/:appId/group-push/rules/:pushRuleId': {
      id: 'deleteGroupPushRule',
      summary: 'Delete a push rule',
      parameters: {
        ...oneRule,
        mappings:
          'What becomes of its mappings: `KEEP` (the default) leaves them as if made by hand, `UNLINK` unties them, `DELETE` deletes their groups in the app too',
      },
      answers: noContent,
    },
  },
};
