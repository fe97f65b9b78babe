import type { AppId, GroupId, GroupPushId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export type GroupPushStatus = 'ACTIVE' | 'INACTIVE' | 'ERROR';

/** A group of ours that an app has, or is to have. */
export interface GroupPush {
  readonly id: GroupPushId;
  readonly appId: AppId;
  readonly sourceGroupId: GroupId;
  /** The group as the app has it: an APP_GROUP. Null once that has been deleted here. */
  readonly targetGroupId: GroupId | null;
  readonly status: GroupPushStatus;
  readonly lastError: string | null;
  readonly lastPush: Date | null;
  readonly created: Date;
  readonly lastUpdated: Date;
}

export interface GroupPushFilter {
  readonly sourceGroupId?: GroupId;
  readonly status?: GroupPushStatus;
  /** The last id of the page before. */
  readonly after?: GroupPushId;
  readonly limit: number;
}

/** Undefined also for one that is only left to be taken out of the app. */
export async function findGroupPush(db: Queryable, appId: AppId, id: GroupPushId): Promise<GroupPush | undefined> {
  const row = await queryOne<GroupPushRow>(
    db,
    `select ${columns} from app_group_push where app_id = $1 and id = $2 and not removing`,
    [appId, id],
  );
  return row && toGroupPush(row);
}

/** In order of ids. */
export async function listGroupPushes(db: Queryable, appId: AppId, filter: GroupPushFilter): Promise<GroupPush[]> {
  const rows = await db.query<GroupPushRow>(
    `select ${columns} from app_group_push
     where app_id = $1 and id > $2 and not removing and ($3::text is null or source_group_id = $3)
       and ($4::text is null or status = $4)
     order by id limit $5`,
    [appId, filter.after ?? '', filter.sourceGroupId ?? null, filter.status ?? null, filter.limit],
  );
  return rows.map(toGroupPush);
}

export interface NewGroupPushRow {
  readonly id: GroupPushId;
  readonly appId: AppId;
  readonly sourceGroupId: GroupId;
  readonly targetGroupId: GroupId;
  readonly targetName: string;
  /** SOURCE: the group in the app follows when ours is renamed. */
  readonly namePolicy: 'SOURCE' | 'TARGET';
  readonly status: 'ACTIVE' | 'INACTIVE';
  /** A group the app has under the name already may be taken over. */
  readonly mayLink: boolean;
}

/** An active one is work at once. */
export async function insertGroupPush(tx: Tx, push: NewGroupPushRow): Promise<void> {
  await tx.query(
    `insert into app_group_push (id, app_id, source_group_id, target_group_id, target_name, name_policy, status,
       may_link, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, case when $7 = 'ACTIVE' then now() end)`,
    [
      ...[push.id, push.appId, push.sourceGroupId, push.targetGroupId, push.targetName, push.namePolicy],
      ...[push.status, push.mayLink],
    ],
  );
}

/**
 * ACTIVE begins anew, with everybody, whatever went wrong before. A row in a worker's hands keeps its lease. `byRule`: a
 * rule pauses the mapping, and may resume it.
 */
export async function setGroupPushStatus(
  tx: Tx,
  id: GroupPushId,
  status: 'ACTIVE' | 'INACTIVE',
  { byRule = false }: { readonly byRule?: boolean } = {},
): Promise<void> {
  await tx.query(
    `update app_group_push set status = $2, attempts = 0, failing_since = null, last_error = null,
       last_error_code = null, task_id = null, concerned = null, verified = null, paused_by_rule = $3 and $2 = 'INACTIVE',
       due_at = case when sync_state = 'SYNCING' then due_at when $2 = 'ACTIVE' then now() end, ${lookAgain}
     where id = $1`,
    [id, status, byRule],
  );
}

/** Has one mapping, or all in error, compared with the app member by member. Returns how many. */
export async function pushGroupsNow(
  tx: Tx,
  appId: AppId,
  which: { readonly id: GroupPushId } | 'failed',
): Promise<number> {
  const rows = await tx.query(
    `update app_group_push set concerned = null, verified = null, attempts = 0, due_at = now(), ${lookAgain}
     where app_id = $1 and not removing and status <> 'INACTIVE'
       and case when $2::text is null then status = 'ERROR' else id = $2 end
     returning id`,
    [appId, which === 'failed' ? null : which.id],
  );
  return rows.length;
}

export async function setNamePolicy(tx: Tx, id: GroupPushId, namePolicy: 'SOURCE' | 'TARGET'): Promise<void> {
  await tx.query(
    `update app_group_push set name_policy = $2, target_name = coalesce(recorded_name, target_name),
       due_at = case when status = 'INACTIVE' then due_at else now() end, ${lookAgain}
     where id = $1`,
    [id, namePolicy],
  );
}

/** What makes a worker that has the row in hand come back to it. */
export const lookAgain = `version = version + 1, last_updated = now(),
  sync_state = case when sync_state = 'SYNCING' then 'SYNCING' else 'OUT_OF_SYNC' end`;

/**
 * Ends pushes. Where the group in the app is to go too, and may be there, the row stays as work until it has gone; why
 * it could not be pushed concerns nobody any more. Groups the app never had are forgotten.
 */
export async function removeGroupPushes(tx: Tx, ids: readonly GroupPushId[], deleteInApp: boolean): Promise<void> {
  await tx.query(
    `update app_group_push p set removing = true, rule_id = null, attempts = 0, failing_since = null, last_error = null,
       last_error_code = null, task_id = null,
       due_at = case when sync_state = 'SYNCING' then due_at else now() end, ${lookAgain}
     where id = any($1::text[]) and $2 and (look_first or sent_name is not null or sync_state = 'SYNCING' or exists (
       select 1 from app_group_links l where l.group_id = p.target_group_id and l.external_id is not null))`,
    [ids, deleteInApp],
  );
  const gone = await tx.query<{ target_group_id: GroupId | null }>(
    `delete from app_group_push where id = any($1::text[]) and not removing returning target_group_id`,
    [ids],
  );
  await tx.query(
    `delete from groups where id in (
       select group_id from app_group_links where group_id = any($1::text[]) and external_id is null)`,
    [gone.map((row) => row.target_group_id)],
  );
}

export async function isPushed(db: Queryable, appId: AppId, groupId: GroupId): Promise<boolean> {
  const rows = await db.query(
    `select 1 from app_group_push where app_id = $1 and source_group_id = $2 and not removing`,
    [appId, groupId],
  );
  return rows.length > 0;
}

/** Whether the group is one the app has, as it is known here. */
export async function isGroupOfApp(db: Queryable, appId: AppId, groupId: GroupId): Promise<boolean> {
  return (await findGroupOfApp(db, appId, { id: groupId })) !== undefined;
}

/** The app's groups that get their members from one of ours, by name in lower case. */
export async function takenGroupNames(db: Queryable, appId: AppId): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ name: string }>(
    `select lower(target_name) as name from app_group_push where app_id = $1 and not removing`,
    [appId],
  );
  return new Set(rows.map(({ name }) => name));
}

export interface GroupOfApp {
  readonly id: GroupId;
  readonly name: string;
  /** The app has confirmed it. */
  readonly external: boolean;
  /** A push fills it. */
  readonly taken: boolean;
}

/** One of the app's own groups, by its id here or by its name in any letter case. */
export async function findGroupOfApp(
  db: Queryable,
  appId: AppId,
  by: { readonly id?: GroupId | undefined; readonly name?: string },
): Promise<GroupOfApp | undefined> {
  return queryOne<GroupOfApp>(
    db,
    `select g.id, g.name, l.external_id is not null as external,
       exists (select 1 from app_group_push p where p.target_group_id = g.id and not p.removing) as taken
     from app_group_links l join groups g on g.id = l.group_id
     where l.app_id = $1 and ($2::text is null or g.id = $2) and ($3::text is null or lower(g.name) = lower($3))
     order by l.created, g.id limit 1`,
    [appId, by.id ?? null, by.name ?? null],
  );
}

/** A group the app is to have: from now on it has an id here. */
export async function insertGroupOfApp(tx: Tx, appId: AppId, groupId: GroupId, name: string): Promise<void> {
  await tx.query(`insert into groups (id, type, name, profile) values ($1, 'APP_GROUP', $2, $3::jsonb)`, [
    groupId,
    name,
    JSON.stringify({ name, description: null }),
  ]);
  await tx.query(`insert into app_group_links (group_id, app_id) values ($1, $2)`, [groupId, appId]);
}

const columns = `id, app_id, source_group_id, target_group_id, status, last_error, last_push, created, last_updated`;

interface GroupPushRow {
  readonly id: GroupPushId;
  readonly app_id: AppId;
  readonly source_group_id: GroupId;
  readonly target_group_id: GroupId | null;
  readonly status: GroupPushStatus;
  readonly last_error: string | null;
  readonly last_push: Date | null;
  readonly created: Date;
  readonly last_updated: Date;
}

function toGroupPush(row: GroupPushRow): GroupPush {
  return {
    id: row.id,
    appId: row.app_id,
    sourceGroupId: row.source_group_id,
    targetGroupId: row.target_group_id,
    status: row.status,
    lastError: row.last_error,
    lastPush: row.last_push,
    created: row.created,
    lastUpdated: row.last_updated,
  };
}
