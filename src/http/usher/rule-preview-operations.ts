import { Type } from 'typebox';
import { named } from '../openapi/answer-parts.ts';
import { exampleIds } from '../openapi/example-ids.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';

const count = Type.Integer({ minimum: 0 });
const People = Type.Array(
  Type.Object({
    userId: Type.String(),
    login: Type.String(),
    firstName: Type.String(),
    lastName: Type.String(),
    groupIds: Type.Array(Type.String()),
  }),
);

const PreviewSchema = named('GroupRulePreview', 'What a group rule would change.', {
  people: Type.Integer({ minimum: 0, description: 'Everybody who was held against it' }),
  joining: Type.Integer({ minimum: 0, description: 'Those who would come into a group of it' }),
  leaving: Type.Integer({ minimum: 0, description: 'Those who would leave one' }),
  joins: People,
  leaves: People,
  failure: Type.Union([Type.Object({ people: count, reason: Type.String() }), Type.Null()], {
    description: 'People it could not be told for, who would be left as they are',
  }),
  apps: Type.Array(Type.Object({ id: Type.String(), label: Type.String() }), { description: 'What its groups give' }),
});

export const rulePreviewOperations: OperationGroup = {
  tag: 'GroupRule',
  about: 'Rules that put people into groups.',
  operations: {
    'POST /usher/v1/groups/rules/preview': {
      id: 'previewGroupRule',
      summary: 'See who would come into groups by a rule, and who would leave',
      description:
        'As if the rule were active as it is given. With `ruleId` it stands in for that rule. The first fifty each way are listed, and all are counted. Nothing is changed.',
      example: { expression: 'user.department == "Engineering"', groupIds: [exampleIds.group] },
      answers: ok(PreviewSchema, 'Who would join and leave'),
    },
  },
};
