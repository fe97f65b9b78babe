import type { GroupRef, GroupRule } from '../domain/group.ts';
import { underRules } from '../domain/rule-membership.ts';
import { userStatuses, type User } from '../domain/user.ts';
import { newId, type AppId, type GroupId, type GroupRuleId, type UserId } from '../lib/ids.ts';
import { listAppsOfGroups } from '../store/app-groups.ts';
import { listActiveRules } from '../store/group-rules.ts';
import { findGroups, findMembershipsOf } from '../store/groups.ts';
import { findUsers, listIdsByStatus } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { assertValidRule, getGroupRule, ruleOf, type GroupRuleInput } from './group-rules.ts';
import { evaluatePeople } from './rule-evaluation.ts';

export interface PreviewedRule extends Omit<GroupRuleInput, 'name'> {
  /** The rule that is to be so; left out for one that is to be made. */
  readonly ruleId?: GroupRuleId;
}

/** Somebody who would come into groups, or leave them. */
export interface PreviewedPerson {
  readonly userId: UserId;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly groupIds: readonly GroupId[];
}

export interface RulePreview {
  /** How many people were held against it. */
  readonly people: number;
  readonly joining: number;
  readonly leaving: number;
  /** The first of them, in order of ids. */
  readonly joins: readonly PreviewedPerson[];
  readonly leaves: readonly PreviewedPerson[];
  /** People it could not be told for, who would be left as they are, and why for the first of them. */
  readonly failure: { readonly people: number; readonly reason: string } | null;
  /** Apps its groups give. */
  readonly apps: readonly { readonly id: AppId; readonly label: string }[];
}

/** People at a time: what is held in memory, and for how long nobody else is served. */
const chunkSize = 1_000;
const shownMost = 50;

/**
 * What a rule would change if it were active as it is given, with the other active rules as they are. Whoever may look
 * must be allowed to make it: by asking, one learns what people's attributes are. Changes nothing.
 *
 * @throws {UsherError} `not_found` (rule), `invalid_input` or `invalid_expression`.
 */
export async function previewGroupRule(context: Context, input: PreviewedRule): Promise<RulePreview> {
  const draft = await draftOf(context, input);
  const rules = [...(await listActiveRules(context.db)).filter(({ id }) => id !== draft.id), draft];
  const groups = await findGroups(context.db, [...new Set(rules.flatMap((rule) => rule.groupIds))]);
  const groupsById = new Map<GroupId, GroupRef>(
    groups.map(({ id, type, profile }) => [id, { id, type, name: profile.name }]),
  );
  const statuses = userStatuses.filter(underRules);
  const sum: Sum = { people: 0, joins: nobody(), leaves: nobody(), failure: null };
  let userIds: UserId[] | undefined;
  while (userIds === undefined || userIds.length === chunkSize) {
    userIds = await listIdsByStatus(context.db, statuses, userIds?.at(-1), chunkSize);
    const users = await findUsers(context.db, userIds);
    const memberships = await findMembershipsOf(context.db, userIds);
    const found = evaluatePeople(users, rules, memberships, groupsById, context.clock.now());
    sum.people += users.length;
    count(sum.joins, found.added, draft.id, users);
    count(sum.leaves, found.removed, draft.id, users);
    const failure = found.failures.get(draft.id);
    if (failure !== undefined) sum.failure = addFailure(sum.failure, failure);
  }
  return {
    ...{ people: sum.people, joining: sum.joins.total, leaving: sum.leaves.total, failure: sum.failure },
    ...{ joins: sum.joins.shown, leaves: sum.leaves.shown },
    apps: await listAppsOfGroups(context.db, draft.groupIds),
  };
}

async function draftOf(context: Context, { ruleId, ...input }: PreviewedRule): Promise<GroupRule> {
  const named = { ...input, name: 'Preview' };
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'rules.manage');
    await assertValidRule(tx, named);
  });
  if (ruleId !== undefined) await getGroupRule(context, ruleId);
  const now = context.clock.now();
  return { ...ruleOf(ruleId ?? newId('group_rule'), named), status: 'ACTIVE', created: now, lastUpdated: now };
}

interface Counted {
  total: number;
  readonly shown: PreviewedPerson[];
}

interface Sum {
  people: number;
  readonly joins: Counted;
  readonly leaves: Counted;
  failure: RulePreview['failure'];
}

function nobody(): Counted {
  return { total: 0, shown: [] };
}

type Change = { readonly userId: UserId; readonly groupId: GroupId; readonly source: string };

function count(into: Counted, changes: readonly Change[], ruleId: GroupRuleId, users: readonly User[]): void {
  const groupIdsByUser = new Map<UserId, GroupId[]>();
  for (const { userId, groupId, source } of changes) {
    if (source === ruleId) groupIdsByUser.set(userId, [...(groupIdsByUser.get(userId) ?? []), groupId]);
  }
  into.total += groupIdsByUser.size;
  for (const { id, profile } of users) {
    const groupIds = groupIdsByUser.get(id);
    if (groupIds === undefined || into.shown.length === shownMost) continue;
    const { login, firstName, lastName } = profile;
    into.shown.push({
      ...{ userId: id, login: String(login), firstName: String(firstName ?? '') },
      ...{ lastName: String(lastName ?? ''), groupIds },
    });
  }
}

function addFailure(before: RulePreview['failure'], failure: { readonly people: number; readonly reason: string }) {
  return { people: (before?.people ?? 0) + failure.people, reason: before?.reason ?? failure.reason };
}
