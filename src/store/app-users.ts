import type { AppUser, AppUserStatus, SyncState } from '../domain/app-user.ts';
import type { Filter } from '../domain/filter/ast.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppId, ExternalId, GroupId, UserId } from '../lib/ids.ts';
import { appUserFields, appUserNamed } from './app-user-fields.ts';
import { markDue } from './assignments.ts';
import { notePushChanges } from './app-group-push-changes.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';

export interface AppUserFilter {
  /** Start of the name in the app, or of the person's first name, last name or e-mail; in any letter case. */
  readonly prefix?: string;
  readonly filter?: Filter;
  /** The last user id of the page before. */
  readonly after?: UserId;
  readonly limit: number;
}

/** Undefined where the person does not have the app now. */
export async function findAppUser(db: Queryable, appId: AppId, userId: UserId): Promise<AppUser | undefined> {
  const row = await queryOne<AppUserRow>(
    db,
    `select ${columns} from app_users au where app_id = $1 and user_id = $2 and assigned`,
    [appId, userId],
  );
  return row && toAppUser(row);
}

/** This person in these apps, as far as they have them. */
export async function findAppUsersOf(db: Queryable, userId: UserId, appIds: readonly AppId[]): Promise<AppUser[]> {
  const rows = await db.query<AppUserRow>(
    `select ${columns} from app_users au where user_id = $1 and app_id = any($2::text[]) and assigned`,
    [userId, appIds],
  );
  return rows.map(toAppUser);
}

/** In order of user ids. @throws {UsherError} `invalid_input` for what the people of an app cannot be asked for. */
export async function listAppUsers(db: Queryable, appId: AppId, list: AppUserFilter): Promise<AppUser[]> {
  const { prefix, filter, after, limit } = list;
  const into: SqlValues = { values: [] };
  const conditions = [
    `au.app_id = ${bindText(into, appId)}`,
    ...(after === undefined ? [] : [`au.user_id > ${bindText(into, after)}`]),
    'au.assigned',
    ...(prefix === undefined ? [] : [appUserNamed(prefix, into)]),
    ...(filter === undefined ? [] : [compileFilter(filter, { parameter: 'filter', fields: appUserFields }, into)]),
  ];
  const rows = await db.query<AppUserRow>(
    `select ${columns} from app_users au where ${conditions.join(' and ')}
     order by au.user_id limit ${bind(into, limit)}::int`,
    into.values,
  );
  return rows.map(toAppUser);
}

/**
 * Gives the app individually to those of these people who do not have it so yet, and marks their rows as work.
 * Nobody who is deactivated gets it. Returns whom it was given to.
 */
export async function assignDirectly(tx: Tx, appId: AppId, userIds: readonly UserId[]): Promise<UserId[]> {
  const rows = await tx.query<{ user_id: UserId }>(
    `with given as (
       insert into app_users (app_id, user_id, assigned, direct, due_at)
       select $1, id, true, true, now() from users where id = any($2::text[]) and status <> 'DEPROVISIONED'
       on conflict (app_id, user_id) do update set assigned = true, direct = true, leaver = false, ${markDue}
       where not (app_users.assigned and app_users.direct)
       returning app_id, user_id),
     ${notePushChanges('given', 'not a.assigned and a.external_id is not null')}
     select user_id from given`,
    [appId, userIds],
  );
  return rows.map((row) => row.user_id);
}

/** Changes what is assigned to one person, and marks the row as work. A password stays unless one, or null, is given. */
export async function updateAssignment(
  tx: Tx,
  appId: AppId,
  userId: UserId,
  assignment: { readonly direct: boolean; readonly assignedProfile: Profile; readonly sealedPassword?: string | null },
): Promise<void> {
  await tx.query(
    `update app_users set direct = $3, assigned_profile = $4::jsonb,
       password_sealed = case when $5 then $6 else password_sealed end,
       password_changed = case when $5 then case when $6::text is not null then now() end else password_changed end,
       ${markDue}
     where app_id = $1 and user_id = $2`,
    [
      ...[appId, userId, assignment.direct, JSON.stringify(assignment.assignedProfile)],
      ...[assignment.sealedPassword !== undefined, assignment.sealedPassword ?? null],
    ],
  );
}

/** How many of these people have the app individually. */
export async function countDirect(db: Queryable, appId: AppId, userIds: readonly UserId[]): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    `select count(*)::int as count from app_users
     where app_id = $1 and user_id = any($2::text[]) and assigned and direct`,
    [appId, userIds],
  );
  return row?.count ?? 0;
}

/** Ends an individual assignment. Whether a group still gives the app is for `recheckAssignments` to say. */
export async function endDirectAssignment(tx: Tx, appId: AppId, userId: UserId): Promise<void> {
  await tx.query(
    `update app_users set direct = false, assigned_profile = '{}', password_sealed = null, password_changed = null
     where app_id = $1 and user_id = $2`,
    [appId, userId],
  );
}

/** The same for many people. Returns those who had it individually. */
export async function endDirectAssignmentsOf(tx: Tx, appId: AppId, userIds: readonly UserId[]): Promise<UserId[]> {
  const rows = await tx.query<{ user_id: UserId }>(
    `update app_users set direct = false, assigned_profile = '{}', password_sealed = null, password_changed = null
     where app_id = $1 and user_id = any($2::text[]) and assigned and direct
     returning user_id`,
    [appId, userIds],
  );
  return rows.map((row) => row.user_id);
}

/** Says yes to sending those who were assigned while provisioning was off. Returns how many there were. */
export async function releaseUnprovisioned(
  tx: Tx,
  appId: AppId,
  userIds: readonly UserId[] | undefined,
): Promise<number> {
  const rows = await tx.query(
    `update app_users set unprovisioned = false, ${markDue}
     where app_id = $1 and unprovisioned and assigned and ($2::text[] is null or user_id = any($2))
     returning user_id`,
    [appId, userIds ?? null],
  );
  return rows.length;
}

/** The names of groups that give this person the app. */
export async function findAssigningGroups(db: Queryable, appId: AppId, userId: UserId): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select name from groups where id in (
       select ag.group_id from app_groups ag join group_members gm on gm.group_id = ag.group_id
       where ag.app_id = $1 and gm.user_id = $2)
     order by name, id`,
    [appId, userId],
  );
  return rows.map((row) => row.name);
}

const columns = `au.app_id, au.user_id, au.direct, au.status, au.sync_state, au.external_id, au.user_name,
  au.assigned_profile, au.recorded, au.last_error, au.last_error_code, au.attempts, au.due_at, au.created,
  au.last_updated, au.status_changed, au.last_sync, au.password_changed,
  case when not au.direct then (
    select ag.group_id from app_groups ag join group_members gm on gm.group_id = ag.group_id
    where ag.app_id = au.app_id and gm.user_id = au.user_id order by ag.priority, ag.group_id limit 1) end as group_id`;

interface AppUserRow {
  readonly app_id: AppId;
  readonly user_id: UserId;
  readonly direct: boolean;
  readonly status: AppUserStatus;
  readonly sync_state: SyncState;
  readonly external_id: ExternalId | null;
  readonly user_name: string | null;
  readonly assigned_profile: Profile;
  readonly recorded: Profile | null;
  readonly last_error: string | null;
  readonly last_error_code: string | null;
  readonly attempts: number;
  readonly due_at: Date | null;
  readonly created: Date;
  readonly last_updated: Date;
  readonly status_changed: Date;
  readonly last_sync: Date | null;
  readonly password_changed: Date | null;
  readonly group_id: GroupId | null;
}

function toAppUser(row: AppUserRow): AppUser {
  return {
    appId: row.app_id,
    userId: row.user_id,
    scope: row.direct ? 'USER' : 'GROUP',
    groupId: row.group_id,
    status: row.status,
    syncState: row.sync_state,
    externalId: row.external_id,
    userName: row.user_name,
    assignedProfile: row.assigned_profile,
    recordedProfile: row.recorded,
    lastError: row.last_error,
    lastErrorCode: row.last_error_code,
    attempts: row.attempts,
    // A row in a worker's hands is being attempted now.
    nextAttemptAt: row.sync_state === 'SYNCING' ? null : row.due_at,
    created: row.created,
    lastUpdated: row.last_updated,
    statusChanged: row.status_changed,
    lastSync: row.last_sync,
    passwordChanged: row.password_changed,
  };
}
