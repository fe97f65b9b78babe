import type { Group, GroupRef, GroupType } from '../domain/group.ts';
import type { GroupScope } from '../domain/rights.ts';
import type { Profile } from '../domain/profile.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { markPushedGroups, markPushedMembers } from './app-group-push-changes.ts';
import { groupIdsOf } from './scopes.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

/** One reason somebody is in a group: `direct`, `builtin` or the id of a group rule. */
export interface Membership {
  readonly groupId: GroupId;
  readonly userId: UserId;
  readonly source: string;
}

/** @throws {UsherError} `conflict` when another group of ours has the name; the transaction cannot go on. */
export async function insertGroup(tx: Tx, groupId: GroupId, profile: Group['profile']): Promise<Group> {
  return writeGroup(
    tx,
    `insert into groups (id, type, name, profile) values ($1, 'OKTA_GROUP', $2, $3::jsonb) returning ${groupColumns}`,
    groupId,
    profile,
  );
}

/** @throws {UsherError} as `insertGroup` does. */
export async function updateGroup(tx: Tx, groupId: GroupId, profile: Group['profile']): Promise<Group> {
  return writeGroup(
    tx,
    `update groups set name = $2, profile = $3::jsonb, last_updated = now() where id = $1 returning ${groupColumns}`,
    groupId,
    profile,
  );
}

/** Deletes a group with its memberships and app assignments. Returns the apps that were assigned to it. */
export async function deleteGroup(tx: Tx, groupId: GroupId): Promise<{ readonly id: AppId; readonly label: string }[]> {
  const apps = await tx.query<{ id: AppId; label: string }>(
    `update apps set revision = revision + 1 where id in (select app_id from app_groups where group_id = $1)
     returning id, label`,
    [groupId],
  );
  await markPushedGroups(tx, [groupId]);
  await tx.query('delete from groups where id = $1', [groupId]);
  return apps;
}

export async function findGroup(db: Queryable, groupId: GroupId): Promise<Group | undefined> {
  const row = await queryOne<GroupRow>(db, `select ${groupColumns} from groups where id = $1`, [groupId]);
  return row && toGroup(row);
}

export async function findGroups(db: Queryable, groupIds: readonly GroupId[]): Promise<Group[]> {
  const rows = await db.query<GroupRow>(`select ${groupColumns} from groups where id = any($1::text[])`, [groupIds]);
  return rows.map(toGroup);
}

/** The group, kept from being changed, deleted or joined until the transaction ends. */
export async function lockGroup(tx: Tx, groupId: GroupId): Promise<Group | undefined> {
  const row = await queryOne<GroupRow>(tx, `select ${groupColumns} from groups where id = $1 for update`, [groupId]);
  return row && toGroup(row);
}

/** The group, kept from being deleted, or given an app, until the transaction ends. Many may hold it at once. */
export async function holdGroup(tx: Tx, groupId: GroupId): Promise<Group | undefined> {
  const row = await queryOne<GroupRow>(tx, `select ${groupColumns} from groups where id = $1 for key share`, [groupId]);
  return row && toGroup(row);
}

/** In order of ids. Served by group_members_user. */
export async function listGroupsOfUser(
  db: Queryable,
  userId: UserId,
  page: { readonly within?: GroupScope; readonly after?: GroupId; readonly limit: number },
): Promise<Group[]> {
  const rows = await db.query<GroupRow>(
    `select ${groupColumns} from groups
     where id in (select group_id from group_members where user_id = $1 and group_id > $2
       and ($4::text[] is null or group_id = any($4))) order by id limit $3`,
    [userId, page.after ?? '', page.limit, groupIdsOf(page.within)],
  );
  return rows.map(toGroup);
}

/** Ids of members, each once, in order. */
export async function listMemberIds(
  db: Queryable,
  groupId: GroupId,
  page: { readonly after?: UserId; readonly limit?: number } = {},
): Promise<UserId[]> {
  const rows = await db.query<{ user_id: UserId }>(
    `select distinct user_id from group_members where group_id = $1 and user_id > $2 order by user_id limit $3`,
    [groupId, page.after ?? '', page.limit ?? null],
  );
  return rows.map((row) => row.user_id);
}

/** Adds reasons, at most 5,000 at once. Returns those that were not there yet. */
export async function insertMemberships(tx: Tx, memberships: readonly Membership[]): Promise<Membership[]> {
  if (memberships.length === 0) return [];
  const rows = await tx.query<MembershipRow>(
    `insert into group_members (group_id, user_id, source)
     select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict do nothing returning group_id, user_id, source`,
    membershipColumns(memberships),
  );
  return followed(tx, rows.map(toMembership));
}

/** Removes reasons, at most 5,000 at once. Returns those that were there. */
export async function deleteMemberships(tx: Tx, memberships: readonly Membership[]): Promise<Membership[]> {
  if (memberships.length === 0) return [];
  const rows = await tx.query<MembershipRow>(
    `delete from group_members m
     using unnest($1::text[], $2::text[], $3::text[]) as d(group_id, user_id, source)
     where m.group_id = d.group_id and m.user_id = d.user_id and m.source = d.source
     returning m.group_id, m.user_id, m.source`,
    membershipColumns(memberships),
  );
  return followed(tx, rows.map(toMembership));
}

/** The same memberships, once pushed groups know of them. */
async function followed(tx: Tx, memberships: Membership[]): Promise<Membership[]> {
  if (memberships.length > 0) await markPushedMembers(tx, memberships);
  return memberships;
}

/** Every reason for which these people are in any group, with what expressions may know of the group. */
export async function findMembershipsOf(
  db: Queryable,
  userIds: readonly UserId[],
): Promise<Map<UserId, { readonly group: GroupRef; readonly source: string }[]>> {
  const rows = await db.query<MembershipRow & { name: string; type: GroupType }>(
    `select m.group_id, m.user_id, m.source, g.name, g.type
     from group_members m join groups g on g.id = m.group_id where m.user_id = any($1::text[])`,
    [userIds],
  );
  const byUser = new Map<UserId, { readonly group: GroupRef; readonly source: string }[]>();
  for (const { group_id, user_id, source, name, type } of rows) {
    const membership = { group: { id: group_id, name, type }, source };
    const others = byUser.get(user_id);
    if (others === undefined) byUser.set(user_id, [membership]);
    else others.push(membership);
  }
  return byUser;
}

/** Why these people are in this one group. */
export async function findMemberships(
  db: Queryable,
  groupId: GroupId,
  userIds: readonly UserId[],
): Promise<Membership[]> {
  const rows = await db.query<MembershipRow>(
    `select group_id, user_id, source from group_members where group_id = $1 and user_id = any($2::text[])`,
    [groupId, userIds],
  );
  return rows.map(toMembership);
}

/** How many of these people are in at least one of these groups. */
export async function countPeopleIn(
  db: Queryable,
  groupIds: readonly GroupId[],
  userIds: readonly UserId[],
): Promise<number> {
  const row = await queryOne<{ people: number }>(
    db,
    `select count(distinct user_id)::int as people from group_members
     where user_id = any($1::text[]) and group_id = any($2::text[])`,
    [userIds, groupIds],
  );
  return row?.people ?? 0;
}

/** Notes that who is in these groups has changed. Rows are taken in order, so that two of these never deadlock. */
export async function touchMemberships(tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  await tx.query(
    `update groups set last_membership_updated = now()
     where id in (select id from groups where id = any($1::text[]) order by id for no key update)`,
    [groupIds],
  );
}

export const groupColumns = 'id, type, profile, created, last_updated, last_membership_updated';

async function writeGroup(tx: Tx, sql: string, groupId: GroupId, profile: Group['profile']): Promise<Group> {
  try {
    const row = await queryOne<GroupRow>(tx, sql, [groupId, profile.name, JSON.stringify(profile)]);
    if (row === undefined) throw new UsherError('internal', `The group ${groupId} was gone when it was written.`);
    return toGroup(row);
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? nameTaken(error) : error;
  }
}

function nameTaken(cause: unknown): UsherError {
  const reason = 'An object with this field already exists';
  return new UsherError('conflict', `Another group has this name: ${reason}. Choose another one.`, {
    causes: [{ field: 'name', reason }],
    cause,
  });
}

export interface GroupRow {
  readonly id: GroupId;
  readonly type: GroupType;
  readonly profile: Profile & { readonly name: string };
  readonly created: Date;
  readonly last_updated: Date;
  readonly last_membership_updated: Date;
}

export function toGroup(row: GroupRow): Group {
  return {
    id: row.id,
    type: row.type,
    profile: row.profile,
    created: row.created,
    lastUpdated: row.last_updated,
    lastMembershipUpdated: row.last_membership_updated,
  };
}

interface MembershipRow {
  readonly group_id: GroupId;
  readonly user_id: UserId;
  readonly source: string;
}

function toMembership(row: MembershipRow): Membership {
  return { groupId: row.group_id, userId: row.user_id, source: row.source };
}

function membershipColumns(memberships: readonly Membership[]): unknown[] {
  return [
    memberships.map((each) => each.groupId),
    memberships.map((each) => each.userId),
    memberships.map((each) => each.source),
  ];
}
