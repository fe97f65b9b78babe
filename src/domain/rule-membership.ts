import type { GroupId, GroupRuleId, UserId } from '../lib/ids.ts';
import type { GroupRef, GroupRule } from './group.ts';
import type { UserStatus } from './user.ts';

/** How often the rules are gone through for one person when what one does makes another one true. */
export const maxRulePasses = 5;

/**
 * Whom rules look at. STAGED and DEPROVISIONED people are left as they are until they are activated. Unlike in
 * Okta, PROVISIONED people count: accounts are made for them before they first sign in, so their groups must stand.
 */
export function underRules(status: UserStatus): boolean {
  return status !== 'STAGED' && status !== 'DEPROVISIONED';
}

/** One active rule, ready to be asked about a person. */
export interface ReadyRule {
  readonly rule: Pick<GroupRule, 'id' | 'groupIds' | 'excludedUserIds' | 'excludedGroupIds'>;
  /** True when the answer can change with the groups the person is in. */
  readonly readsGroups: boolean;
  /** Whether the condition holds for somebody in these groups; undefined when that could not be told. */
  holds(groups: readonly GroupRef[]): boolean | undefined;
}

export interface RuleMembership {
  readonly groupId: GroupId;
  readonly ruleId: GroupRuleId;
}

export interface RuleChanges {
  readonly added: readonly RuleMembership[];
  readonly removed: readonly RuleMembership[];
  /** False when the rules still contradicted each other after the last pass. */
  readonly settled: boolean;
}

/**
 * What active rules change for one person. Where a rule's condition or exclusion looks at groups, the rules are
 * gone through again with the groups they lead to, up to {@link maxRulePasses} times. A rule whose condition could
 * not be told leaves its members as they are.
 *
 * @param memberships every reason why the person is in a group: the group and its source.
 * @param groupsById what rules may know of the groups they put people into.
 */
export function changesByRules(
  userId: UserId,
  rules: readonly ReadyRule[],
  memberships: readonly { readonly group: GroupRef; readonly source: string }[],
  groupsById: ReadonlyMap<GroupId, GroupRef>,
): RuleChanges {
  const before = new Set<string>();
  const sourcesOf = new Map<GroupId, { readonly group: GroupRef; readonly sources: Set<string> }>();
  const sourcesIn = (group: GroupRef): Set<string> => {
    const entry = sourcesOf.get(group.id) ?? { group, sources: new Set<string>() };
    sourcesOf.set(group.id, entry);
    return entry.sources;
  };
  for (const { group, source } of memberships) {
    before.add(`${group.id} ${source}`);
    sourcesIn(group).add(source);
  }

  let asked = rules;
  let settled = false;
  for (let pass = 1; pass <= maxRulePasses && !settled; pass += 1) {
    const groups = [...sourcesOf.values()].filter(({ sources }) => sources.size > 0).map(({ group }) => group);
    settled = true;
    for (const ready of asked) {
      const included = isIncluded(ready, userId, groups);
      if (included === undefined) continue;
      for (const groupId of ready.rule.groupIds) {
        const group = groupsById.get(groupId);
        if (group === undefined || sourcesIn(group).has(ready.rule.id) === included) continue;
        if (included) sourcesIn(group).add(ready.rule.id);
        else sourcesIn(group).delete(ready.rule.id);
        settled = false;
      }
    }
    asked = rules.filter((ready) => ready.readsGroups);
    if (asked.length === 0) settled = true;
  }
  return { ...difference(rules, before, sourcesOf), settled };
}

function isIncluded({ rule, holds }: ReadyRule, userId: UserId, groups: readonly GroupRef[]): boolean | undefined {
  if (rule.excludedUserIds.includes(userId)) return false;
  if (groups.some((group) => rule.excludedGroupIds.includes(group.id))) return false;
  return holds(groups);
}

function difference(
  rules: readonly ReadyRule[],
  before: ReadonlySet<string>,
  after: ReadonlyMap<GroupId, { readonly sources: ReadonlySet<string> }>,
): Pick<RuleChanges, 'added' | 'removed'> {
  const added: RuleMembership[] = [];
  const removed: RuleMembership[] = [];
  for (const { rule } of rules) {
    for (const groupId of rule.groupIds) {
      const was = before.has(`${groupId} ${rule.id}`);
      const is = after.get(groupId)?.sources.has(rule.id) ?? false;
      if (is && !was) added.push({ groupId, ruleId: rule.id });
      if (was && !is) removed.push({ groupId, ruleId: rule.id });
    }
  }
  return { added, removed };
}
