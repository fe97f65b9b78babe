import { groupTarget, userTarget } from '../domain/event-targets.ts';
import type { GroupRef, GroupRule } from '../domain/group.ts';
import { systemActor, type EventTarget, type NewLogEvent } from '../domain/log-event.ts';
import { changesByRules, maxRulePasses, underRules, type ReadyRule } from '../domain/rule-membership.ts';
import type { User } from '../domain/user.ts';
import { compileExpression, type CompiledExpression } from '../expression/compile.ts';
import { chunksOf } from '../lib/chunks.ts';
import { asUsherError } from '../lib/errors.ts';
import type { GroupId, GroupRuleId, UserId } from '../lib/ids.ts';
import type { Tx } from '../store/database.ts';
import { listActiveRules, shareRules } from '../store/group-rules.ts';
import {
  deleteMemberships,
  findGroups,
  findMembershipsOf,
  insertMemberships,
  type Membership,
} from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { lockUsers } from '../store/users.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { followMemberships } from './memberships-changed.ts';

/** What holding people against the rules has changed. */
export interface RuleOutcome {
  /** People who came into a group or left one. */
  readonly changedUserIds: readonly UserId[];
  readonly added: readonly Membership[];
  readonly removed: readonly Membership[];
  /** Per rule that could not be evaluated for everybody: for how many, and why for the first. */
  readonly failures: ReadonlyMap<GroupRuleId, RuleFailure>;
  /** How many people were left between rules that contradict each other. */
  readonly unsettled: number;
}

export interface RuleFailure {
  readonly rule: GroupRule;
  readonly people: number;
  readonly reason: string;
}

/** A change that can only concern rules that read groups leaves the others unasked. */
export type PeopleChange = 'person' | 'membership';

const nothing: RuleOutcome = { changedUserIds: [], added: [], removed: [], failures: new Map(), unsettled: 0 };

/** Rows of one statement. */
const maxRows = 5_000;

/**
 * Holds these people, at most 5,000, against all active rules, and writes and logs the memberships that come of
 * it. The people stay locked until the transaction ends, so that no two evaluations of one person overlap.
 * Failures are for the caller to log: {@link failureEvents}.
 */
export async function evaluateRules(
  context: Context,
  tx: Tx,
  userIds: readonly UserId[],
  change: PeopleChange,
): Promise<RuleOutcome> {
  await shareRules(tx);
  if (!concerned(await listActiveRules(tx), change)) return nothing;
  const users = (await lockUsers(tx, userIds)).filter((user) => underRules(user.status));
  // Read again: while we waited for the people, one of them may have been excluded from a rule.
  const rules = await listActiveRules(tx);
  const groups = await findGroups(tx, [...new Set(rules.flatMap((rule) => rule.groupIds))]);
  const memberships = await findMembershipsOf(tx, userIds);
  const groupsById = new Map<GroupId, GroupRef>(
    groups.map(({ id, type, profile }) => [id, { id, type, name: profile.name }]),
  );
  const found = evaluatePeople(users, rules, memberships, groupsById, context.clock.now());
  const outcome = { ...found, ...(await writeMemberships(context, tx, found)) };
  await appendEvents(tx, membershipEvents(context, outcome, users, groupsById));
  return {
    ...outcome,
    changedUserIds: [...new Set([...outcome.added, ...outcome.removed].map((each) => each.userId))],
  };
}

/** One event per rule that failed, and one where rules contradict each other. */
export function failureEvents(context: Context, outcome: Pick<RuleOutcome, 'failures' | 'unsettled'>): NewLogEvent[] {
  const events = [...outcome.failures.values()].map(({ rule, people, reason }) =>
    failed(
      context,
      [ruleTarget(rule)],
      `${reason} (${people} ${people === 1 ? 'person' : 'people'} left as they were)`,
    ),
  );
  if (outcome.unsettled > 0) {
    const reason = `Group rules contradict each other: they still changed the groups of ${outcome.unsettled} people after ${maxRulePasses} passes.`;
    events.push(failed(context, [], reason));
  }
  return events;
}

export function ruleTarget(rule: Pick<GroupRule, 'id' | 'name'>): EventTarget {
  return { id: rule.id, type: 'GroupRule', alternateId: 'unknown', displayName: rule.name };
}

function concerned(rules: readonly GroupRule[], change: PeopleChange): boolean {
  return change === 'person' ? rules.length > 0 : rules.some(readsGroups);
}

type Findings = Pick<RuleOutcome, 'added' | 'removed' | 'failures' | 'unsettled'>;

/** What the rules change for these people; nothing is written. */
export function evaluatePeople(
  users: readonly User[],
  rules: readonly GroupRule[],
  memberships: ReadonlyMap<UserId, readonly { readonly group: GroupRef; readonly source: string }[]>,
  groupsById: ReadonlyMap<GroupId, GroupRef>,
  now: Date,
): Findings {
  const added: Membership[] = [];
  const removed: Membership[] = [];
  const failures = new Map<GroupRuleId, RuleFailure>();
  let unsettled = 0;
  for (const user of users) {
    const failedFor = new Map<GroupRule, string>();
    const ready = rules.map((rule) => readyRule(rule, user, now, failedFor));
    const changes = changesByRules(user.id, ready, memberships.get(user.id) ?? [], groupsById);
    for (const { groupId, ruleId } of changes.added) added.push({ groupId, userId: user.id, source: ruleId });
    for (const { groupId, ruleId } of changes.removed) removed.push({ groupId, userId: user.id, source: ruleId });
    for (const [rule, reason] of failedFor) {
      const earlier = failures.get(rule.id);
      failures.set(rule.id, { rule, people: (earlier?.people ?? 0) + 1, reason: earlier?.reason ?? reason });
    }
    if (!changes.settled) unsettled += 1;
  }
  return { added, removed, failures, unsettled };
}

function readyRule(rule: GroupRule, user: User, now: Date, failures: Map<GroupRule, string>): ReadyRule {
  const internal = { id: user.id, status: user.status };
  return {
    rule,
    readsGroups: readsGroups(rule),
    holds: (groups) => {
      try {
        return compiled(rule.expression).evaluate({ user: user.profile, internal, groups, now }) === true;
      } catch (error) {
        failures.set(rule, asUsherError(error).message);
        return undefined;
      }
    },
  };
}

async function writeMemberships(
  context: Context,
  tx: Tx,
  changes: Findings,
): Promise<Pick<RuleOutcome, 'added' | 'removed'>> {
  const added: Membership[] = [];
  const removed: Membership[] = [];
  for (const chunk of chunksOf(changes.added, maxRows)) added.push(...(await insertMemberships(tx, chunk)));
  for (const chunk of chunksOf(changes.removed, maxRows)) removed.push(...(await deleteMemberships(tx, chunk)));
  const groupIds = new Set([...added, ...removed].map((each) => each.groupId));
  if (groupIds.size > 0) await followMemberships(context, tx, [...groupIds]);
  return { added, removed };
}

function membershipEvents(
  context: Context,
  outcome: Pick<RuleOutcome, 'added' | 'removed'>,
  users: readonly User[],
  groupsById: ReadonlyMap<GroupId, GroupRef>,
): NewLogEvent[] {
  const usersById = new Map(users.map((user) => [user.id, user]));
  const event = (eventType: 'group.user_membership.add' | 'group.user_membership.remove') => (each: Membership) => {
    const user = usersById.get(each.userId);
    const group = groupsById.get(each.groupId);
    if (user === undefined || group === undefined) return [];
    const targets = [userTarget(user), groupTarget(group)];
    return [succeeded({ ...context, actor: systemActor }, eventType, targets, { groupRule: each.source })];
  };
  return [
    ...outcome.added.flatMap(event('group.user_membership.add')),
    ...outcome.removed.flatMap(event('group.user_membership.remove')),
  ];
}

function failed(context: Context, targets: readonly EventTarget[], reason: string): NewLogEvent {
  const event = succeeded({ ...context, actor: systemActor }, 'group.user_membership.rule.error', targets);
  return { ...event, outcome: 'FAILURE', reason };
}

function readsGroups(rule: GroupRule): boolean {
  return rule.excludedGroupIds.length > 0 || compiled(rule.expression).dependencies.groups;
}

/** Expressions of rules seen lately, by their text, which says everything about them. */
const compiledExpressions = new Map<string, CompiledExpression>();
const maxCompiled = 2_000;

function compiled(source: string): CompiledExpression {
  let expression = compiledExpressions.get(source);
  if (expression === undefined) {
    expression = compileExpression(source, 'condition');
    const oldest = compiledExpressions.keys().next();
    if (compiledExpressions.size >= maxCompiled && oldest.done !== true) compiledExpressions.delete(oldest.value);
    compiledExpressions.set(source, expression);
  }
  return expression;
}
