import { groupTarget, userTarget } from '../domain/event-targets.ts';
import type { GroupRule } from '../domain/group.ts';
import { compileExpression } from '../expression/compile.ts';
import { chunksOf } from '../lib/chunks.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { newId, type GroupId, type GroupRuleId, type UserId } from '../lib/ids.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findGroupsWithRole } from '../store/admins.ts';
import {
  deleteRule,
  findMembershipsByRule,
  findRule,
  insertRule,
  keepMembersOfRule,
  listRules,
  lockRule,
  lockRules,
  updateRule,
  updateRuleStatus,
  type GroupRuleFilter,
} from '../store/group-rules.ts';
import { deleteMemberships, findGroups, holdGroup } from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { findUsers } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { followMemberships } from './memberships-changed.ts';
import { followPeople } from './people-changed.ts';
import { ruleTarget } from './rule-evaluation.ts';

export interface GroupRuleInput {
  /** At most 50 characters. */
  readonly name: string;
  /** A condition of Okta's classic expression language over `user.*` and `isMemberOf…`. */
  readonly expression: string;
  /** 1 to 100 groups of ours. */
  readonly groupIds: readonly GroupId[];
  readonly excludedUserIds?: readonly UserId[];
  readonly excludedGroupIds?: readonly GroupId[];
}

/**
 * Adds a rule, INACTIVE.
 *
 * @throws {UsherError} `invalid_input` or `invalid_expression`.
 */
export function createGroupRule(context: Context, input: GroupRuleInput): Promise<GroupRule> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    await assertValidRule(tx, input);
    return insertRule(tx, ruleOf(newId('group_rule'), input));
  });
}

/**
 * Changes an INACTIVE rule. Its groups are for life.
 *
 * @throws {UsherError} `not_found`, `wrong_state`, `invalid_input` or `invalid_expression`.
 */
export function updateGroupRule(context: Context, ruleId: GroupRuleId, input: GroupRuleInput): Promise<GroupRule> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    const rule = await lockExisting(tx, ruleId);
    if (rule.status !== 'INACTIVE') {
      throw new UsherError(
        'wrong_state',
        `The group rule "${rule.name}" is ${rule.status}; only an INACTIVE one can be changed. Deactivate it first.`,
      );
    }
    if (new Set([...rule.groupIds, ...input.groupIds]).size !== new Set(rule.groupIds).size) {
      const reason = 'The groups of a rule cannot be changed; make another rule';
      throw new UsherError('invalid_input', `${reason}.`, { causes: [{ field: 'groupIds', reason }] });
    }
    await assertValidRule(tx, input);
    return updateRule(tx, ruleOf(ruleId, input));
  });
}

/** @throws {UsherError} `not_found` */
export async function getGroupRule(context: Context, ruleId: GroupRuleId): Promise<GroupRule> {
  const rule = await findRule(context.db, ruleId);
  if (rule === undefined) throw ruleNotFound(ruleId);
  return rule;
}

/** In order of ids. */
export function listGroupRules(context: Context, filter: GroupRuleFilter): Promise<GroupRule[]> {
  return listRules(context.db, filter);
}

/**
 * Switches a rule on: from now on it is asked whenever somebody changes, and the job `evaluate-rule` walks over
 * everybody once. Nothing happens where it is on already.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` for an INVALID rule.
 */
export function activateGroupRule(context: Context, ruleId: GroupRuleId): Promise<void> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    await lockRules(tx);
    const rule = await lockSwitchable(tx, ruleId);
    if (rule.status === 'ACTIVE') return;
    await updateRuleStatus(tx, ruleId, 'ACTIVE');
    await context.queue.sendJob(tx, 'evaluate-rule', { ruleId });
  });
}

/**
 * Switches a rule off. Those it has put into its groups stay in them.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` for an INVALID rule.
 */
export function deactivateGroupRule(context: Context, ruleId: GroupRuleId): Promise<void> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    await lockRules(tx);
    const rule = await lockSwitchable(tx, ruleId);
    if (rule.status === 'INACTIVE') return;
    await switchOff(context, tx, rule);
  });
}

/**
 * Deletes a rule. Its members leave with it, or stay as direct members. It is switched off in a transaction of its
 * own before, so that it adds nobody meanwhile.
 *
 * @throws {UsherError} `not_found`
 */
export async function deleteGroupRule(
  context: Context,
  ruleId: GroupRuleId,
  { removeUsers }: { readonly removeUsers: boolean },
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    await lockRules(tx);
    const rule = await lockExisting(tx, ruleId);
    if (rule.status === 'ACTIVE') await switchOff(context, tx, rule);
  });
  await context.db.transaction(async (tx) => {
    const rule = await lockExisting(tx, ruleId);
    if (removeUsers) await removeMembers(context, tx, rule);
    else await keepMembersOfRule(tx, ruleId);
    await deleteRule(tx, ruleId);
  });
}

async function switchOff(context: Context, tx: Tx, rule: GroupRule): Promise<void> {
  await updateRuleStatus(tx, rule.id, 'INACTIVE');
  await appendEvents(tx, [succeeded(context, 'group.user_membership.rule.deactivated', [ruleTarget(rule)])]);
}

async function removeMembers(context: Context, tx: Tx, rule: GroupRule): Promise<void> {
  const names = new Map((await findGroups(tx, rule.groupIds)).map((group) => [group.id, group.profile.name]));
  for (const chunk of chunksOf(await findMembershipsByRule(tx, rule.id), 5_000)) {
    const removed = await deleteMemberships(tx, chunk);
    const userIds = [...new Set(removed.map((each) => each.userId))];
    const users = new Map((await findUsers(tx, userIds)).map((user) => [user.id, user]));
    const events = removed.flatMap(({ userId, groupId }) => {
      const user = users.get(userId);
      if (user === undefined) return [];
      const targets = [userTarget(user), groupTarget({ id: groupId, name: names.get(groupId) ?? groupId })];
      return [succeeded(context, 'group.user_membership.remove', targets, { groupRule: rule.id })];
    });
    await appendEvents(tx, events);
    await followPeople(context, tx, userIds, 'membership');
  }
  await followMemberships(context, tx, rule.groupIds);
}

async function lockExisting(tx: Tx, ruleId: GroupRuleId): Promise<GroupRule> {
  const rule = await lockRule(tx, ruleId);
  if (rule === undefined) throw ruleNotFound(ruleId);
  return rule;
}

async function lockSwitchable(tx: Tx, ruleId: GroupRuleId): Promise<GroupRule> {
  const rule = await lockExisting(tx, ruleId);
  if (rule.status === 'INVALID') {
    throw new UsherError('wrong_state', 'Cannot activate or deactivate a Group Rule with the status INVALID');
  }
  return rule;
}

export function ruleOf(id: GroupRuleId, input: GroupRuleInput) {
  return {
    id,
    name: input.name,
    expression: input.expression,
    groupIds: [...new Set(input.groupIds)],
    excludedUserIds: [...new Set(input.excludedUserIds ?? [])],
    excludedGroupIds: [...new Set(input.excludedGroupIds ?? [])],
  };
}

/** @throws {UsherError} `invalid_input` or `invalid_expression`. */
export async function assertValidRule(db: Tx, input: GroupRuleInput): Promise<void> {
  assertUsable(input.expression);
  // Held until the rule is there, so that none of the groups is given a role meanwhile.
  for (const groupId of [...new Set(input.groupIds)].sort().slice(0, 100)) await holdGroup(db, groupId);
  const causes = [...nameProblems(input.name), ...(await groupProblems(db, input.groupIds))];
  if (causes.length > 0) {
    const reasons = causes.map(({ field, reason }) => `${field}: ${reason}`);
    throw new UsherError('invalid_input', `The group rule cannot be saved. ${reasons.join('; ')}.`, { causes });
  }
}

/** A rule is asked again only when the person or their groups change, so it may read nothing else. */
function assertUsable(expression: string): void {
  const { references, linked, now } = compileExpression(expression, 'condition').dependencies;
  const foreign = references.find((reference) => reference !== 'user' && !reference.startsWith('user.'));
  const reason =
    foreign !== undefined
      ? `a group rule can only look at the person (user.…) and not at ${foreign}`
      : linked.length > 0
        ? `a group rule cannot look at the person's ${linked.join(' or ')}`
        : now
          ? 'a group rule cannot look at the time'
          : undefined;
  if (reason === undefined) return;
  throw new UsherError('invalid_expression', `The expression cannot be used: ${reason}.`, {
    causes: [{ field: 'expression', reason }],
  });
}

function nameProblems(name: string): ErrorCause[] {
  if (name.trim() === '') return [{ field: 'name', reason: 'The field cannot be left blank' }];
  if (/\p{Cc}/u.test(name)) return [{ field: 'name', reason: 'must not contain a control character' }];
  return name.length > 50 ? [{ field: 'name', reason: 'must have at most 50 characters' }] : [];
}

async function groupProblems(db: Queryable, groupIds: readonly GroupId[]): Promise<ErrorCause[]> {
  if (groupIds.length === 0 || groupIds.length > 100) {
    return [{ field: 'groupIds', reason: 'must name 1 to 100 groups' }];
  }
  const own = new Set((await findGroups(db, groupIds)).filter(({ type }) => type === 'OKTA_GROUP').map(({ id }) => id));
  // Whoever may change an attribute of a person would decide who holds the role.
  const withRole = await findGroupsWithRole(db, groupIds);
  return groupIds.flatMap((id) => {
    if (!own.has(id)) return [{ field: 'groupIds', reason: `${id} is not a group people can be added to` }];
    return withRole.includes(id) ? [{ field: 'groupIds', reason: `${id} holds an administrator role` }] : [];
  });
}

function ruleNotFound(ruleId: GroupRuleId): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${ruleId} (GroupRule)`);
}
