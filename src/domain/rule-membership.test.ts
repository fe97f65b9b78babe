import { expect, test } from 'vitest';
import { newId, type GroupId } from '../lib/ids.ts';
import type { GroupRef } from './group.ts';
import { changesByRules, type ReadyRule } from './rule-membership.ts';

const userId = newId('user');
const [a, b, c]: GroupRef[] = ['A', 'B', 'C'].map((name) => ({ id: newId('group'), name, type: 'OKTA_GROUP' }));
if (a === undefined || b === undefined || c === undefined) throw new Error('three groups');
const groupsById = new Map([a, b, c].map((group) => [group.id, group]));

function rule(
  group: GroupRef,
  holds: (names: string[]) => boolean | undefined,
  rest: { readsGroups?: boolean; excludedUserIds?: string[]; excludedGroupIds?: GroupId[] } = {},
): ReadyRule {
  return {
    rule: {
      id: newId('group_rule'),
      groupIds: [group.id],
      excludedUserIds: (rest.excludedUserIds ?? []) as never,
      excludedGroupIds: rest.excludedGroupIds ?? [],
    },
    readsGroups: rest.readsGroups ?? true,
    holds: (groups) => holds(groups.map((each) => each.name)),
  };
}
const by = (ready: ReadyRule, group: GroupRef) => ({ group, source: ready.rule.id });
const change = (ready: ReadyRule, group: GroupRef) => ({ groupId: group.id, ruleId: ready.rule.id });

test('joins where the condition holds and leaves where it no longer does', () => {
  const joins = rule(a, () => true);
  const leaves = rule(b, () => false);
  expect(changesByRules(userId, [joins, leaves], [by(leaves, b)], groupsById)).toEqual({
    added: [change(joins, a)],
    removed: [change(leaves, b)],
    settled: true,
  });
});

test('a direct membership stays beside a rule that ends', () => {
  const leaves = rule(a, () => false);
  const memberships = [by(leaves, a), { group: a, source: 'direct' }];
  expect(changesByRules(userId, [leaves], memberships, groupsById).removed).toEqual([change(leaves, a)]);
});

test('a rule that cannot be told leaves its members as they are', () => {
  const broken = rule(a, () => undefined);
  expect(changesByRules(userId, [broken], [by(broken, a)], groupsById)).toMatchObject({ added: [], removed: [] });
});

test('excluded people and members of excluded groups are left out', () => {
  const person = rule(a, () => true, { excludedUserIds: [userId] });
  const group = rule(b, () => true, { excludedGroupIds: [c.id] });
  expect(changesByRules(userId, [person, group], [{ group: c, source: 'direct' }], groupsById).added).toEqual([]);
});

test('what one rule does another one sees, in either direction', () => {
  const first = rule(a, () => true, { readsGroups: false });
  const second = rule(b, (names) => names.includes('A'));
  const third = rule(c, (names) => names.includes('B'));
  expect(changesByRules(userId, [third, second, first], [], groupsById)).toEqual({
    added: [change(third, c), change(second, b), change(first, a)],
    removed: [],
    settled: true,
  });
});

test('rules that contradict each other end', () => {
  const flips = rule(a, (names) => !names.includes('A'));
  expect(changesByRules(userId, [flips], [], groupsById).settled).toBe(false);
});
