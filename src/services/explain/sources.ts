import type { GroupRef, GroupRule } from '../../domain/group.ts';
import type { User } from '../../domain/user.ts';
import { compileExpression } from '../../expression/compile.ts';
import { asUsherError } from '../../lib/errors.ts';
import type { GroupId, GroupRuleId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import type { AppSetup } from '../../provisioning/app-setup.ts';
import type { Queryable } from '../../store/database.ts';
import { listActiveRules } from '../../store/group-rules.ts';
import { findGroups, findMembershipsOf } from '../../store/groups.ts';
import { readsOf } from './values.ts';

/** A rule that fills a group, held against the person. */
export interface ExplainedRule {
  readonly ruleId: GroupRuleId;
  readonly name: string;
  readonly expression: string;
  /** Null where it cannot be evaluated for this person; then `error` says why. */
  readonly holds: boolean | null;
  readonly error: string | null;
  /** The person is one of those the rule leaves out. */
  readonly excluded: boolean;
  readonly reads: { readonly [reference: string]: Json };
}

/** A group that gives the app, and why the person is in it or not. */
export interface ExplainedGroup {
  readonly groupId: GroupId;
  readonly name: string;
  /** 0 is the one whose values win. */
  readonly priority: number;
  readonly member: boolean;
  /** Somebody has put the person in. */
  readonly direct: boolean;
  readonly rules: readonly ExplainedRule[];
}

/** An app may have thousands of groups. */
const groupsMax = 50;

/** Groups that give the app, those the person is in first, then by priority. At most 50. */
export async function explainGroups(db: Queryable, setup: AppSetup, user: User, now: Date): Promise<ExplainedGroup[]> {
  const memberships = (await findMembershipsOf(db, [user.id])).get(user.id) ?? [];
  const memberOf = new Set(memberships.map(({ group }) => group.id));
  const ranked = setup.groups.map(({ groupId }, priority) => ({ groupId, priority }));
  const shown = [
    ...ranked.filter(({ groupId }) => memberOf.has(groupId)),
    ...ranked.filter(({ groupId }) => !memberOf.has(groupId)),
  ].slice(0, groupsMax);
  const ids = shown.map(({ groupId }) => groupId);
  const names = new Map((await findGroups(db, ids)).map((group) => [group.id, group.profile.name]));
  const rules = await listActiveRules(db);
  const refs = memberships.map(({ group }) => group);
  return shown.map(({ groupId, priority }) => ({
    groupId,
    name: names.get(groupId) ?? '',
    priority,
    member: memberOf.has(groupId),
    direct: memberships.some((one) => one.group.id === groupId && one.source === 'direct'),
    rules: rules.filter((rule) => rule.groupIds.includes(groupId)).map((rule) => explainRule(rule, user, refs, now)),
  }));
}

function explainRule(rule: GroupRule, user: User, groups: readonly GroupRef[], now: Date): ExplainedRule {
  const known = {
    ruleId: rule.id,
    name: rule.name,
    expression: rule.expression,
    excluded: rule.excludedUserIds.includes(user.id) || groups.some(({ id }) => rule.excludedGroupIds.includes(id)),
  };
  try {
    const expression = compileExpression(rule.expression, 'condition');
    const internal = { id: user.id, status: user.status };
    const holds = expression.evaluate({ user: user.profile, internal, groups, now }) === true;
    return { ...known, holds, error: null, reads: readsOf(expression, { user: user.profile }) };
  } catch (error) {
    return { ...known, holds: null, error: asUsherError(error).message, reads: {} };
  }
}
