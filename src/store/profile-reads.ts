import type { AppScope } from '../domain/rights.ts';
import type { Mappings } from '../domain/mapping.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { markDue } from './assignments.ts';
import type { Queryable, Tx } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** Mappings towards an app that read profiles in other apps. */
export interface ReadingApp {
  readonly appId: AppId;
  /** Its machine name. */
  readonly name: string;
  readonly label: string;
  readonly properties: Mappings;
}

/** All of them: as many as apps at most, and few in practice. By name. */
export function listReadingApps(db: Queryable): Promise<ReadingApp[]> {
  return db.query<ReadingApp>(
    `select a.id as "appId", a.name, a.label, m.properties from mappings m join apps a on a.id = m.app_id
     where m.direction = 'TO_APP' and m.reads <> '{}' order by a.name`,
    [],
  );
}

/** Ids by machine name. */
export async function findAppIds(db: Queryable, names: readonly string[]): Promise<ReadonlyMap<string, AppId>> {
  const rows = await db.query<{ id: AppId; name: string }>('select id, name from apps where name = any($1::text[])', [
    names,
  ]);
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** The attributes of these apps' profiles by machine name, of those within the scope. */
export async function findAttributesOfApps(
  db: Queryable,
  names: readonly string[],
  within: AppScope | undefined,
): Promise<ReadonlyMap<string, AttributeDefinitions>> {
  if (names.length === 0) return new Map();
  const rows = await db.query<{ name: string; base: AttributeDefinitions; custom: AttributeDefinitions }>(
    `select a.name, s.base, s.custom from apps a join profile_schemas s on s.app_id = a.id
     where a.name = any($1::text[]) and ${appInScope('a', 2)}`,
    [names, appTargetsOf(within)],
  );
  return new Map(rows.map(({ name, base, custom }) => [name, allAttributes({ base, custom })]));
}

/** How these people have an app, of those who have it. Served by the key of app_users. */
export async function loadAssignmentFacts(
  db: Queryable,
  appId: AppId,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, { readonly direct: boolean; readonly assignedProfile: Profile }>> {
  const rows = await db.query<{ user_id: UserId; direct: boolean; assigned_profile: Profile }>(
    `select user_id, direct, assigned_profile from app_users
     where app_id = $1 and user_id = any($2::text[]) and assigned`,
    [appId, userIds],
  );
  return new Map(
    rows.map(({ user_id, direct, assigned_profile }) => [user_id, { direct, assignedProfile: assigned_profile }]),
  );
}

/** Whose profiles in an app have changed: these people's, those of a group's members, or everybody's. */
export type ChangedProfiles = { readonly userIds: readonly UserId[] } | { readonly groupId: GroupId } | 'everybody';

/**
 * Marks as work what these people have in the apps that read their profiles in this one, directly or by way of
 * another. Returns the apps concerned. Costs one look at the mappings where nothing reads this app.
 */
export async function markReaders(tx: Tx, appId: AppId, changed: ChangedProfiles): Promise<AppId[]> {
  const readers = await tx.query<{ app_id: AppId }>(
    `with recursive readers(app_id) as (
       select m.app_id from apps s join mappings m on s.name = any(m.reads) and m.direction = 'TO_APP' where s.id = $1
       union
       select m.app_id from readers r join apps s on s.id = r.app_id
       join mappings m on s.name = any(m.reads) and m.direction = 'TO_APP')
     select app_id from readers where app_id <> $1`,
    [appId],
  );
  if (readers.length === 0) return [];
  const [who, parameters] = whoseRows(changed, appId);
  const rows = await tx.query<{ app_id: AppId }>(
    `with marked as (
       update app_users set ${markDue}
       where app_id = any($1::text[]) and ${who} and (assigned or external_id is not null or look_first)
       returning app_id)
     select distinct app_id from marked`,
    [readers.map(({ app_id }) => app_id), ...parameters],
  );
  return rows.map(({ app_id }) => app_id);
}

function whoseRows(changed: ChangedProfiles, appId: AppId): [where: string, parameters: unknown[]] {
  if (changed === 'everybody') return ['user_id in (select user_id from app_users where app_id = $2)', [appId]];
  if ('userIds' in changed) return ['user_id = any($2::text[])', [changed.userIds]];
  return ['user_id in (select user_id from group_members where group_id = $2)', [changed.groupId]];
}
