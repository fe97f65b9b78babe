import { Type } from 'typebox';
import { Moment, named, Nothing } from '../../openapi/answer-parts.ts';
import { exampleIds } from '../../openapi/example-ids.ts';
import { noContent, ok, type OperationGroup } from '../../openapi/operation.ts';

const Excluded = Type.Object({ exclude: Type.Array(Type.String()) });
export const GroupRuleSchema = named('GroupRule', 'Who is in a group, by expression.', {
  type: Type.Literal('group_rule'),
  id: Type.String(),
  status: Type.Enum(['ACTIVE', 'INACTIVE', 'INVALID']),
  name: Type.String(),
  created: Moment,
  lastUpdated: Moment,
  conditions: Type.Object({
    people: Type.Object({ users: Excluded, groups: Excluded }),
    expression: Type.Object({ value: Type.String(), type: Type.Literal('urn:okta:expression:1.0') }),
  }),
  actions: Type.Object({ assignUserToGroups: Type.Object({ groupIds: Type.Array(Type.String()) }) }),
});

const example = {
  type: 'group_rule',
  name: 'Engineers',
  conditions: {
    people: { users: { exclude: [exampleIds.user] }, groups: { exclude: [] } },
    expression: { value: 'user.department == "Engineering"', type: 'urn:okta:expression:1.0' },
  },
  actions: { assignUserToGroups: { groupIds: [exampleIds.group] } },
};

export const groupRuleOperations: OperationGroup = {
  tag: 'GroupRule',
  about: 'Rules that put people into groups.',
  operations: {
    'GET /api/v1/groups/rules': {
      id: 'listGroupRules',
      summary: 'List group rules',
      parameters: { search: 'Looks for names that contain this' },
      answers: ok(Type.Array(GroupRuleSchema), 'A page of rules'),
    },
    'POST /api/v1/groups/rules': {
      id: 'createGroupRule',
      summary: 'Create a group rule',
      description: 'It does nothing until it is activated.',
      example,
      answers: ok(GroupRuleSchema, 'The rule'),
    },
    'GET /api/v1/groups/rules/:ruleId': {
      id: 'getGroupRule',
      summary: 'Get a group rule',
      answers: ok(GroupRuleSchema, 'The rule'),
    },
    'PUT /api/v1/groups/rules/:ruleId': {
      id: 'replaceGroupRule',
      summary: 'Replace a group rule',
      description: 'Only while it is INACTIVE.',
      example,
      answers: ok(GroupRuleSchema, 'The rule as it is now'),
    },
    'DELETE /api/v1/groups/rules/:ruleId': {
      id: 'deleteGroupRule',
      summary: 'Delete a group rule',
      parameters: { removeUsers: 'Whether the people it put into its groups leave them' },
      answers: { 202: { description: 'Done', schema: Nothing } },
    },
    'POST /api/v1/groups/rules/:ruleId/lifecycle/activate': {
      id: 'activateGroupRule',
      summary: 'Activate a group rule',
      answers: noContent,
    },
    'POST /api/v1/groups/rules/:ruleId/lifecycle/deactivate': {
      id: 'deactivateGroupRule',
      summary: 'Deactivate a group rule',
      answers: noContent,
    },
  },
};
