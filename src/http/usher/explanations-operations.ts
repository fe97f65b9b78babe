import { Type } from 'typebox';
import { AnyValue, Moment, named, Reads, TextOrNull } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const RuleSchema = Type.Object({
  ruleId: Type.String(),
  name: Type.String(),
  expression: Type.String(),
  holds: Type.Union([Type.Boolean(), Type.Null()]),
  error: TextOrNull,
  excluded: Type.Boolean(),
  reads: Reads,
});

const GroupSchema = Type.Object({
  groupId: Type.String(),
  name: Type.String(),
  priority: Type.Integer(),
  member: Type.Boolean(),
  direct: Type.Boolean(),
  rules: Type.Array(RuleSchema),
});

const ValueSchema = Type.Object({
  attribute: Type.String(),
  source: Type.Object({
    kind: Type.Enum(['mapping', 'user_name_template', 'group', 'assignment']),
    expression: Type.Optional(Type.String()),
    pushStatus: Type.Optional(Type.Enum(['PUSH', 'DONT_PUSH'])),
    reads: Type.Optional(Reads),
    groupIds: Type.Optional(Type.Array(Type.String())),
  }),
  value: AnyValue,
  error: TextOrNull,
  inApp: AnyValue,
});

const ExplanationSchema = named('Explanation', 'Why somebody has an account with these values, or why not.', {
  person: Type.Object({ id: Type.String(), login: Type.String(), status: Type.String() }),
  app: Type.Object({ id: Type.String(), label: Type.String() }),
  entitled: Type.Boolean({ description: 'Something gives the app to the person' }),
  direct: Type.Boolean({ description: 'Assigned individually' }),
  groups: Type.Array(GroupSchema, {
    description: 'Groups that give the app, those the person is in first; at most 50',
  }),
  account: Type.Union([
    Type.Object({ externalId: Type.String(), userName: TextOrNull, active: Type.Boolean() }),
    Type.Null(),
  ]),
  decision: Type.Object({
    kind: Type.String(),
    reason: TextOrNull,
    sentence: Type.String({ description: 'What Usher would do now, or why nothing' }),
  }),
  trouble: Type.Union([
    Type.Object({ error: TextOrNull, nextAttemptAt: Type.Union([Moment, Type.Null()]), health: Type.String() }),
    Type.Null(),
  ]),
  values: Type.Array(ValueSchema),
  lastOperation: AnyValue,
});

export const explanationOperations: OperationGroup = {
  tag: 'App',
  about: 'Why somebody has an account with these values, or why not.',
  operations: {
    'GET /usher/v1/apps/:appId/users/:userId/explanation': {
      id: 'explainAppUser',
      summary: 'Explain why somebody has an account, or why not',
      description: 'From the person’s attributes through rules, groups, assignment and mappings to the last request.',
      answers: ok(ExplanationSchema, 'The explanation'),
    },
  },
};
