import type { GroupRef } from '../domain/group.ts';
import type { Profile } from '../domain/profile.ts';
import type { UserStatus } from '../domain/user.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { queryAsJson, type Queryable } from './database.ts';

/** What the engine knows of one person when it decides about one app. */
export interface Person {
  readonly userId: UserId;
  readonly status: UserStatus;
  readonly profile: Profile;
  /** Groups of the person that have the app, in no order. */
  readonly assignedGroupIds: ReadonlySet<GroupId>;
}

export interface PeopleOfApp {
  /** The app's revision when the people were read; undefined when the app is gone. */
  readonly revision: number | undefined;
  /** Without those who are gone. */
  readonly people: ReadonlyMap<UserId, Person>;
}

/** People and the groups that give them the app, in one query. Served by primary keys and group_members_user. */
export async function loadPeopleOfApp(db: Queryable, appId: AppId, userIds: readonly UserId[]): Promise<PeopleOfApp> {
  const rows = await queryAsJson<{
    id: UserId;
    status: UserStatus;
    profile: Profile;
    revision: number | null;
    group_ids: GroupId[];
  }>(
    db,
    `select u.id, u.status, u.profile, (select revision from apps where id = $1) as revision,
       array(select distinct gm.group_id from group_members gm
             join app_groups ag on ag.group_id = gm.group_id and ag.app_id = $1
             where gm.user_id = u.id) as group_ids
     from users u where u.id = any($2::text[])`,
    [appId, userIds],
  );
  return {
    revision: rows[0]?.revision ?? undefined,
    people: new Map(
      rows.map((row) => [
        row.id,
        { userId: row.id, status: row.status, profile: row.profile, assignedGroupIds: new Set(row.group_ids) },
      ]),
    ),
  };
}

/** The same people where these groups, and no others, give the app. */
export async function loadPeopleOfGroups(
  db: Queryable,
  groupIds: readonly GroupId[],
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, Person>> {
  const rows = await queryAsJson<{ id: UserId; status: UserStatus; profile: Profile; group_ids: GroupId[] }>(
    db,
    `select u.id, u.status, u.profile,
       array(select distinct gm.group_id from group_members gm
             where gm.user_id = u.id and gm.group_id = any($1::text[])) as group_ids
     from users u where u.id = any($2::text[])`,
    [groupIds, userIds],
  );
  return new Map(
    rows.map(({ id, status, profile, group_ids }) => [
      id,
      { userId: id, status, profile, assignedGroupIds: new Set(group_ids) },
    ]),
  );
}

/** All groups of these people, for expressions that ask about groups. */
export async function loadGroupsOf(db: Queryable, userIds: readonly UserId[]): Promise<Map<UserId, GroupRef[]>> {
  const rows = await db.query<{ user_id: UserId; groups: GroupRef[] }>(
    `select m.user_id, jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'type', g.type) order by g.name, g.id) as groups
     from (select distinct user_id, group_id from group_members where user_id = any($1::text[])) m
     join groups g on g.id = m.group_id group by m.user_id`,
    [userIds],
  );
  return new Map(rows.map((row) => [row.user_id, row.groups]));
}

/**
 * Profiles by what a `managerId` may hold: a login in any letter case, or a user id. Keys are folded logins and ids.
 */
export async function loadProfilesByReference(
  db: Queryable,
  references: readonly string[],
): Promise<Map<string, Profile>> {
  const rows = await db.query<{ id: string; login_key: string; profile: Profile }>(
    'select id, login_key, profile from users where id = any($1::text[]) or login_key = any($2::text[])',
    [references, references.map(foldName)],
  );
  return new Map(
    rows.flatMap((row) => [
      [row.id, row.profile],
      [row.login_key, row.profile],
    ]),
  );
}
