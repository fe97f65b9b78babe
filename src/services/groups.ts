import { groupTarget, userTarget } from '../domain/event-targets.ts';
import type { Group, GroupRule } from '../domain/group.ts';
import type { EventTarget, NewLogEvent } from '../domain/log-event.ts';
import { sameValue, type Profile } from '../domain/profile.ts';
import type { User } from '../domain/user.ts';
import { canonicalProfile, invalidProfile, validateProfile } from '../domain/validate-profile.ts';
import { chunksOf } from '../lib/chunks.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type GroupId, type UserId } from '../lib/ids.ts';
import { markPushedGroups } from '../store/app-group-push-changes.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { addExclusion, invalidateRulesOf, lockRules, shareRules } from '../store/group-rules.ts';
import {
  deleteGroup as deleteGroupRow,
  deleteMemberships,
  findGroup,
  findMemberships,
  holdGroup,
  insertGroup,
  insertMemberships,
  listMemberIds,
  lockGroup,
  updateGroup as updateGroupRow,
} from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { findGroupAttributes } from '../store/user-schema.ts';
import { findUsers, lockUsers } from '../store/users.ts';
import { applyRules } from './app-group-push-rules.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { followMemberships, signalPushes } from './memberships-changed.ts';
import { followPeople } from './people-changed.ts';
import { ruleTarget } from './rule-evaluation.ts';

/** People whose rows one statement takes. */
const chunkSize = 5_000;

/** @throws {UsherError} `invalid_input`, or `conflict` when another group of ours has the name. */
export function createGroup(context: Context, profile: Profile): Promise<Group> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'groups.manage');
    const group = await insertGroup(tx, newId('group'), await checkedProfile(tx, profile));
    await appendEvents(tx, [succeeded(context, 'group.lifecycle.create', [targetOf(group)])]);
    await applyRules(context, tx, { groupIds: [group.id] });
    return group;
  });
}

/**
 * Replaces the profile of a group. A new name is seen by expressions that ask for it.
 *
 * @throws {UsherError} `not_found`, `invalid_input`, `conflict`, or `wrong_state` for a group that is not ours.
 */
export function updateGroup(context: Context, groupId: GroupId, profile: Profile): Promise<Group> {
  return context.db.transaction(async (tx) => {
    const before = await ownGroup(tx, groupId);
    await authorize(context, tx, 'groups.manage', { groups: [groupId] });
    const checked = await checkedProfile(tx, profile);
    if (sameValue(checked, before.profile)) return before;
    const group = await updateGroupRow(tx, groupId, checked);
    await appendEvents(tx, [succeeded(context, 'group.profile.update', [targetOf(group)])]);
    await applyRules(context, tx, { groupIds: [groupId] });
    if (group.profile.name !== before.profile.name) {
      await markPushedGroups(tx, [groupId]);
      await signalPushes(context, tx, [groupId]);
      await followPeople(context, tx, await listMemberIds(tx, groupId), 'membership');
    }
    return group;
  });
}

/**
 * Deletes a group; its members lose the apps only it gave them. Rules that put people into it become INVALID, in a
 * transaction of their own before the rest, so that no rule adds anybody meanwhile.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` for a group that is not ours.
 */
export async function deleteGroup(context: Context, groupId: GroupId): Promise<void> {
  await context.db.transaction(async (tx) => {
    await lockRules(tx);
    const group = await ownGroup(tx, groupId);
    await authorize(context, tx, 'groups.manage', { groups: [groupId] });
    const rules = await invalidateRulesOf(tx, groupId);
    await appendEvents(
      tx,
      rules.map((rule) =>
        succeeded(context, 'group.user_membership.rule.invalidate', [ruleTarget(rule), targetOf(group)]),
      ),
    );
  });
  await context.db.transaction(async (tx) => {
    const group = await ownGroup(tx, groupId);
    await authorize(context, tx, 'groups.manage', { groups: [groupId] });
    const memberIds = await listMemberIds(tx, groupId);
    const apps = await deleteGroupRow(tx, groupId);
    await appendEvents(tx, [
      ...apps.map(({ id, label }) =>
        succeeded(context, 'group.application_assignment.remove', [
          targetOf(group),
          { id, type: 'AppInstance', alternateId: label, displayName: label },
        ]),
      ),
      succeeded(context, 'group.lifecycle.delete', [targetOf(group)]),
    ]);
    await signalPushes(context, tx, [groupId]);
    await followPeople(context, tx, memberIds, 'membership');
  });
}

/** @throws {UsherError} `not_found` */
export function getGroup(context: Context, groupId: GroupId): Promise<Group> {
  return readGroup(context.db, groupId);
}

/**
 * Members, each once, in order of ids.
 *
 * @throws {UsherError} `not_found`
 */
export async function listMembers(
  context: Context,
  groupId: GroupId,
  page: { readonly after?: UserId; readonly limit: number },
): Promise<User[]> {
  await readGroup(context.db, groupId);
  return findUsers(context.db, await listMemberIds(context.db, groupId, page));
}

/**
 * Puts people into a group directly. Those who are in it directly already stay as they are.
 *
 * @throws {UsherError} `not_found` for the group or any of the people; `wrong_state` for a group that is not ours.
 */
export function addMembers(context: Context, groupId: GroupId, userIds: readonly UserId[]): Promise<void> {
  return context.db.transaction(async (tx) => {
    const group = await ownGroup(tx, groupId, holdGroup);
    await authorizeMembers(context, tx, groupId, userIds);
    const joined: UserId[] = [];
    for (const chunk of chunksOf([...new Set(userIds)].sort(), chunkSize)) {
      joined.push(...(await addChunk(context, tx, group, chunk)));
    }
    if (joined.length === 0) return;
    await followPeople(context, tx, joined, 'membership');
    await followMemberships(context, tx, [groupId]);
  });
}

/**
 * Takes a person out of a group, whatever put them there. Rules that did will leave them out from now on. Nothing
 * happens to somebody who is not in it.
 *
 * @throws {UsherError} `not_found` for the group or the person; `wrong_state` for a group that is not ours.
 */
export function removeMember(context: Context, groupId: GroupId, userId: UserId): Promise<void> {
  return context.db.transaction(async (tx) => {
    const group = await ownGroup(tx, groupId, holdGroup);
    await authorizeMembers(context, tx, groupId, [userId]);
    const [user] = await lockUsers(tx, [userId]);
    if (user === undefined) throw new UsherError('not_found', `Not found: Resource not found: ${userId} (User)`);
    const memberships = await findMemberships(tx, groupId, [userId]);
    if (memberships.length === 0) return;
    await shareRules(tx);
    const excludedFrom = await addExclusion(
      tx,
      memberships.map((membership) => membership.source),
      userId,
    );
    await deleteMemberships(tx, memberships);
    await followMemberships(context, tx, [groupId]);
    await appendEvents(tx, removalEvents(context, user, group, excludedFrom));
    await followPeople(context, tx, [userId], 'membership');
  });
}

/**
 * Whom somebody limited to groups adds to one must be in one of them already: a member is somebody whose password
 * they may set.
 */
async function authorizeMembers(context: Context, tx: Tx, groupId: GroupId, userIds: readonly UserId[]): Promise<void> {
  await authorize(context, tx, 'groups.members', { groups: [groupId] });
  await authorize(context, tx, 'users.manage', { users: userIds });
}

/** @throws {UsherError} `not_found` */
async function readGroup(db: Queryable, groupId: GroupId): Promise<Group> {
  const group = await findGroup(db, groupId);
  if (group === undefined) throw groupNotFound(groupId);
  return group;
}

/** The group, locked or held, where it is one that people may change. */
async function ownGroup(tx: Tx, groupId: GroupId, take = lockGroup): Promise<Group> {
  const group = await take(tx, groupId);
  if (group === undefined) throw groupNotFound(groupId);
  if (group.type === 'OKTA_GROUP') return group;
  const why = group.type === 'BUILT_IN' ? 'everybody is in it, always' : 'the app it was imported from decides';
  throw new UsherError('wrong_state', `The group ${group.profile.name} cannot be changed here: ${why}.`);
}

async function checkedProfile(tx: Tx, given: Profile): Promise<Group['profile']> {
  const attributes = await findGroupAttributes(tx);
  const profile = canonicalProfile(attributes, given);
  const causes = validateProfile(attributes, profile, 'create');
  const { name } = profile;
  if (causes.length > 0 || typeof name !== 'string') throw invalidProfile(causes);
  if (name.trim() === '') throw invalidProfile([{ field: 'name', reason: 'The field cannot be left blank' }]);
  return { ...profile, name };
}

/** Returns those who were not in the group before, for any reason. */
async function addChunk(context: Context, tx: Tx, group: Group, userIds: readonly UserId[]): Promise<UserId[]> {
  const users = await findUsers(tx, userIds);
  if (users.length < userIds.length) {
    const found = new Set(users.map((user) => user.id));
    const missing = userIds.filter((id) => !found.has(id));
    throw new UsherError('not_found', `Not found: Resource not found: ${missing.slice(0, 5).join(', ')} (User)`);
  }
  const before = new Set((await findMemberships(tx, group.id, userIds)).map((membership) => membership.userId));
  await insertMemberships(
    tx,
    userIds.map((userId) => ({ groupId: group.id, userId, source: 'direct' })),
  );
  const joined = users.filter((user) => !before.has(user.id));
  await appendEvents(
    tx,
    joined.map((user) => succeeded(context, 'group.user_membership.add', [userTarget(user), targetOf(group)])),
  );
  return joined.map((user) => user.id);
}

function removalEvents(context: Context, user: User, group: Group, rules: readonly GroupRule[]): NewLogEvent[] {
  return [
    succeeded(context, 'group.user_membership.remove', [userTarget(user), targetOf(group)]),
    ...rules.map((rule) =>
      succeeded(context, 'group.user_membership.rule.add_exclusion', [userTarget(user), ruleTarget(rule)]),
    ),
  ];
}

function targetOf(group: Group): EventTarget {
  return groupTarget({ id: group.id, name: group.profile.name });
}

function groupNotFound(groupId: GroupId): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${groupId} (UserGroup)`);
}
