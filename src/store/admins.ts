import { targetKind, type AdminRole } from '../domain/admin-role.ts';
import type { AppTarget, Grant, Rights } from '../domain/rights.ts';
import { mayAct } from '../domain/user.ts';
import { newId, type GroupId, type RoleId, type TokenId, type UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** Whoever a role was given to: a person, or a group, whose members have it while they are in it. */
export type RoleHolder = { readonly userId: UserId } | { readonly groupId: GroupId };

/** A role that was given to somebody. */
export interface AssignedRole extends Grant {
  readonly id: RoleId;
  readonly holder: RoleHolder;
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** False, and nothing happens, where the holder has the role already. */
export async function insertRole(tx: Tx, holder: RoleHolder, role: AdminRole): Promise<RoleId | undefined> {
  const [userId, groupId] = columnsOf(holder);
  const row = await queryOne<{ id: RoleId }>(
    tx,
    `insert into admins (id, user_id, group_id, role) values ($1, $2, $3, $4) on conflict do nothing returning id`,
    [newId('role'), userId, groupId, role],
  );
  return row?.id;
}

export async function deleteRole(tx: Tx, roleId: RoleId): Promise<void> {
  await tx.query('delete from admins where id = $1', [roleId]);
}

/** A role of the holder itself. Until the transaction ends nobody changes it or what it is limited to. */
export async function lockRole(tx: Tx, holder: RoleHolder, roleId: RoleId): Promise<AssignedRole | undefined> {
  await tx.query('select 1 from admins where id = $1 for update', [roleId]);
  const roles = await listRolesOf(tx, holder);
  return roles.find((role) => role.id === roleId && sameHolder(role.holder, holder));
}

/** In order of ids; of a person also those of the groups they are in. */
export async function listRolesOf(db: Queryable, holder: RoleHolder): Promise<AssignedRole[]> {
  const [userId, groupId] = columnsOf(holder);
  const rows = await db.query<RoleRow>(
    `${selectRoles} where a.user_id = $1 or a.group_id = $2
       or exists (select 1 from group_members m where m.group_id = a.group_id and m.user_id = $1) order by a.id`,
    [userId, groupId],
  );
  return rows.map(toRole);
}

/** One page of all roles there are, in order of ids. */
export async function listRoles(
  db: Queryable,
  page: { readonly after?: RoleId; readonly limit: number },
): Promise<AssignedRole[]> {
  const rows = await db.query<RoleRow>(`${selectRoles} where a.id > $1 order by a.id limit $2`, [
    page.after ?? '',
    page.limit,
  ]);
  return rows.map(toRole);
}

/** What each of these people may do by their own roles and their groups'. Those who hold none are left out. */
export async function findRightsOf(db: Queryable, userIds: readonly UserId[]): Promise<Map<UserId, Rights>> {
  const rows = await db.query<RoleRow & { holder_id: UserId }>(
    `with held as (
       select id as admin_id, user_id as holder_id from admins where user_id = any($1::text[])
       union
       select a.id, m.user_id from admins a join group_members m on m.group_id = a.group_id
       where m.user_id = any($1::text[]))
     select r.*, held.holder_id from held join (${selectRoles}) r on r.id = held.admin_id`,
    [userIds],
  );
  const rightsOf = new Map<UserId, Grant[]>();
  for (const row of rows) {
    const rights = rightsOf.get(row.holder_id) ?? [];
    rights.push(grantOf(row));
    rightsOf.set(row.holder_id, rights);
  }
  return rightsOf;
}

/** Those of these groups that hold a role. */
export async function findGroupsWithRole(db: Queryable, groupIds: readonly GroupId[]): Promise<GroupId[]> {
  const rows = await db.query<{ group_id: GroupId }>(
    'select distinct group_id from admins where group_id = any($1::text[])',
    [groupIds],
  );
  return rows.map((row) => row.group_id);
}

/** Replaces what a role is limited to. `all` limits it no more. */
export async function saveAppTargets(tx: Tx, roleId: RoleId, targets: Grant['apps']): Promise<void> {
  await tx.query('delete from admin_app_targets where admin_id = $1', [roleId]);
  await setLimited(tx, roleId, targets !== 'all');
  if (targets === 'all') return;
  await tx.query(
    `insert into admin_app_targets (admin_id, name, app_id) select $1, * from unnest($2::text[], $3::text[])`,
    [roleId, targets.map((target) => target.name), targets.map((target) => target.appId)],
  );
}

/** The same for groups. */
export async function saveGroupTargets(tx: Tx, roleId: RoleId, targets: Grant['groups']): Promise<void> {
  await tx.query('delete from admin_group_targets where admin_id = $1', [roleId]);
  await setLimited(tx, roleId, targets !== 'all');
  if (targets === 'all') return;
  await tx.query('insert into admin_group_targets (admin_id, group_id) select $1, unnest($2::text[])', [
    roleId,
    targets,
  ]);
}

/**
 * The API tokens that work and may do everything by a role of the person's own. Until the transaction ends nobody
 * else reads them here: two who take away the last but one and the last would each see the other's.
 */
export async function lockAdminTokens(tx: Tx): Promise<{ readonly tokenId: TokenId; readonly userId: UserId }[]> {
  await tx.query(`select 1 from admins where role = 'SUPER_ADMIN' order by id for update`);
  const rows = await tx.query<{ id: TokenId; user_id: UserId }>(
    `select t.id, t.user_id from api_tokens t
       join admins a on a.user_id = t.user_id and a.role = 'SUPER_ADMIN'
       join users u on u.id = t.user_id and u.status = any($1::text[])
     where t.expires is null or t.expires > now()`,
    [mayAct],
  );
  return rows.map((row) => ({ tokenId: row.id, userId: row.user_id }));
}

/** One row per role, with what it is limited to as JSON. */
export const selectRoles = `
  select a.id, a.role, a.limited, a.user_id, a.group_id, a.created, a.last_updated,
    (select json_agg(json_build_object('name', t.name, 'appId', t.app_id) order by t.name, t.app_id)
     from admin_app_targets t where t.admin_id = a.id) as apps,
    (select json_agg(t.group_id order by t.group_id) from admin_group_targets t where t.admin_id = a.id) as groups
  from admins a`;

/** What a role and its targets allow, from a row of `selectRoles`. */
export function grantOf({ role, limited, apps, groups }: GrantRow): Grant {
  const kind = limited ? targetKind(role) : undefined;
  return { role, apps: kind === 'apps' ? (apps ?? []) : 'all', groups: kind === 'groups' ? (groups ?? []) : 'all' };
}

export interface GrantRow {
  readonly role: AdminRole;
  readonly limited: boolean;
  readonly apps: readonly AppTarget[] | null;
  readonly groups: readonly GroupId[] | null;
}

interface RoleRow extends GrantRow {
  readonly id: RoleId;
  readonly user_id: UserId | null;
  readonly group_id: GroupId | null;
  readonly created: Date;
  readonly last_updated: Date;
}

function toRole(row: RoleRow): AssignedRole {
  const { id, created, last_updated: lastUpdated } = row;
  const holder = row.user_id === null ? { groupId: row.group_id as GroupId } : { userId: row.user_id };
  return { id, holder, created, lastUpdated, ...grantOf(row) };
}

async function setLimited(tx: Tx, roleId: RoleId, limited: boolean): Promise<void> {
  await tx.query('update admins set limited = $2, last_updated = now() where id = $1', [roleId, limited]);
}

function columnsOf(holder: RoleHolder): readonly [userId: UserId | null, groupId: GroupId | null] {
  return 'userId' in holder ? [holder.userId, null] : [null, holder.groupId];
}

function sameHolder(left: RoleHolder, right: RoleHolder): boolean {
  return columnsOf(left).every((id, index) => id === columnsOf(right)[index]);
}
