import { Type } from 'typebox';
import { GroupRuleSchema } from '../api/group-rules/operations.ts';
import { named } from '../openapi/answer-parts.ts';
import { ok, type OperationGroup } from '../openapi/operation.ts';
import { pushedGroup } from './group-push-operations.ts';

const PushSchema = named('PushOfGroup', 'An app that a group is pushed to, and how far that is.', {
  ...pushedGroup,
  appId: Type.String(),
  appLabel: Type.String(),
});

export const groupUseOperations: OperationGroup = {
  tag: 'Group',
  about: 'Groups and who is in them.',
  operations: {
    'GET /usher/v1/groups/:groupId/pushes': {
      id: 'listPushesOfGroup',
      summary: 'List the apps a group is pushed to, with members, errors and states',
      description: 'Of the apps the caller may see.',
      answers: ok(Type.Array(PushSchema), 'A page of mappings'),
    },
    'GET /usher/v1/groups/:groupId/rules': {
      id: 'listRulesOfGroup',
      summary: 'List the rules that put people into a group',
      answers: ok(Type.Array(GroupRuleSchema), 'A page of rules'),
    },
  },
};
