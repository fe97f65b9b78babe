import type { GroupRule } from '../../../domain/group.ts';
import { oktaDate } from '../dates.ts';

export function presentGroupRule(rule: GroupRule) {
  return {
    type: 'group_rule',
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: oktaDate(rule.created),
    lastUpdated: oktaDate(rule.lastUpdated),
    conditions: {
      people: { users: { exclude: rule.excludedUserIds }, groups: { exclude: rule.excludedGroupIds } },
      expression: { value: rule.expression, type: 'urn:okta:expression:1.0' },
    },
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
  };
}
