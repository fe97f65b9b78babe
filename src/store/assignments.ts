import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { notePushChanges } from './app-group-push-changes.ts';
import type { Queryable, Tx } from './database.ts';

/**
 * Which app users a change can concern: all members of one group in one app, some people in one app, or some people
 * in every app. Everything below is one statement for any number of rows.
 */
export type AssignmentScope =
  | { readonly appId: AppId; readonly groupId: GroupId }
  | { readonly appId: AppId; readonly userIds: readonly UserId[] }
  | { readonly userIds: readonly UserId[] };

/** What marks an existing row as work. A row in a worker's hands keeps its lease; the version tells it to go again. */
export const markDue = `
  version = app_users.version + 1,
  due_at = now(),
  sync_state = case when app_users.sync_state = 'SYNCING' then 'SYNCING' else 'OUT_OF_SYNC' end,
  attempts = 0,
  last_updated = now()`;

/** Whether a group still gives the app to the person of the row. Served by app_groups' and group_members' keys. */
export const assignedByGroup = `exists (
  select 1 from app_groups ag join group_members gm on gm.group_id = ag.group_id
  where ag.app_id = app_users.app_id and gm.user_id = app_users.user_id)`;

/**
 * Gives the app to everybody in scope whom a group gives it to: new rows, and rows of former holders.
 * Marks every one of them as work. Returns the apps concerned.
 */
export async function grantByGroups(tx: Tx, scope: AssignmentScope): Promise<AppId[]> {
  const [where, parameters] = scopeFilter(scope, {
    app: 'ag.app_id',
    user: 'gm.user_id',
    inGroup: (group) => `ag.group_id = ${group}`,
  });
  const rows = await tx.query<{ app_id: AppId }>(
    `with granted as (
       insert into app_users (app_id, user_id, assigned, direct, due_at)
       select distinct ag.app_id, gm.user_id, true, false, now()
       from app_groups ag
       join group_members gm on gm.group_id = ag.group_id
       join users u on u.id = gm.user_id and u.status <> 'DEPROVISIONED'
       where ${where}
       on conflict (app_id, user_id) do update set
         assigned = true,
         leaver = false,
         ${markDue}
       returning app_id, user_id),
     ${notePushChanges('granted', 'not a.assigned and a.external_id is not null')}
     select distinct app_id from granted`,
    parameters,
  );
  return rows.map((row) => row.app_id);
}

/**
 * Looks again at every existing row in scope: takes the app from those whom nothing gives it to any more, and marks
 * all of them as work. Returns the apps concerned.
 */
export async function recheckAssignments(tx: Tx, scope: AssignmentScope): Promise<AppId[]> {
  const [where, parameters] = scopeFilter(scope, {
    app: 'app_users.app_id',
    user: 'app_users.user_id',
    inGroup: (group) => `app_users.user_id in (select user_id from group_members where group_id = ${group})`,
  });
  const rows = await tx.query<{ app_id: AppId }>(
    `with rechecked as (
       select app_users.app_id, app_users.user_id,
         u.status is not null and u.status <> 'DEPROVISIONED' and (app_users.direct or ${assignedByGroup}) as assigned,
         coalesce(u.status = 'SUSPENDED', false) as suspended
       from app_users left join users u on u.id = app_users.user_id
       where ${where}),
     marked as (
       update app_users set
         assigned = r.assigned,
         leaver = not r.assigned or r.suspended,
         ${markDue}
       from rechecked r
       where app_users.app_id = r.app_id and app_users.user_id = r.user_id
         and (r.assigned or app_users.assigned or app_users.external_id is not null or app_users.look_first)
       returning app_users.app_id, app_users.user_id, app_users.assigned),
     ${notePushChanges('marked', 'a.assigned <> n.assigned and a.external_id is not null')}
     select distinct app_id from marked`,
    parameters,
  );
  return rows.map((row) => row.app_id);
}

/** Everything that may have changed for these people: membership, status or profile. Returns the apps to signal. */
export async function refreshPeople(tx: Tx, userIds: readonly UserId[]): Promise<AppId[]> {
  const granted = await grantByGroups(tx, { userIds });
  const rechecked = await recheckAssignments(tx, { userIds });
  return [...new Set([...granted, ...rechecked])];
}

/** Ends the individual assignments of these people, as Okta does when somebody is deactivated. */
export async function endDirectAssignments(tx: Tx, userIds: readonly UserId[]): Promise<void> {
  await tx.query(
    `update app_users set direct = false, assigned_profile = '{}', password_sealed = null, password_changed = null
     where user_id = any($1::text[]) and direct`,
    [userIds],
  );
}

/** Marks every app user of an app as work: its settings, schema, mappings or group values have changed. */
export async function markApp(tx: Tx, appId: AppId): Promise<void> {
  await tx.query(
    `update app_users set ${markDue} where app_id = $1 and (assigned or external_id is not null or look_first)`,
    [appId],
  );
}

/** How many rows of an app stand where. `waiting` counts what is due now or in hand. */
export interface SyncCounts {
  readonly assigned: number;
  readonly synchronized: number;
  readonly waiting: number;
  readonly failed: number;
  readonly unprovisioned: number;
}

/** The counts, as columns of a query on `app_users`. */
export const syncCountColumns = `
  count(*) filter (where assigned)::int as assigned,
  count(*) filter (where sync_state = 'SYNCHRONIZED')::int as synchronized,
  count(*) filter (where sync_state in ('OUT_OF_SYNC', 'SYNCING'))::int as waiting,
  count(*) filter (where sync_state = 'ERROR')::int as failed,
  count(*) filter (where unprovisioned and assigned)::int as unprovisioned`;

export async function countSyncStates(db: Queryable, appId: AppId): Promise<SyncCounts> {
  const [counts] = await db.query<SyncCounts>(`select ${syncCountColumns} from app_users where app_id = $1`, [appId]);
  return counts ?? { assigned: 0, synchronized: 0, waiting: 0, failed: 0, unprovisioned: 0 };
}

interface ScopeColumns {
  readonly app: string;
  readonly user: string;
  readonly inGroup: (group: string) => string;
}

/** A scope as a condition and its parameters. */
function scopeFilter(scope: AssignmentScope, columns: ScopeColumns): [where: string, parameters: unknown[]] {
  if (!('appId' in scope)) return [`${columns.user} = any($1::text[])`, [scope.userIds]];
  if ('groupId' in scope) return [`${columns.app} = $1 and ${columns.inGroup('$2')}`, [scope.appId, scope.groupId]];
  return [`${columns.app} = $1 and ${columns.user} = any($2::text[])`, [scope.appId, scope.userIds]];
}
