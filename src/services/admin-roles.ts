import { roleLabels, targetKind, type AdminRole } from '../domain/admin-role.ts';
import { groupTarget, userTarget } from '../domain/event-targets.ts';
import type { EventTarget } from '../domain/log-event.ts';
import type { AppTarget, Grant } from '../domain/rights.ts';
import { UsherError } from '../lib/errors.ts';
import type { GroupId, RoleId } from '../lib/ids.ts';
import * as store from '../store/admins.ts';
import type { AssignedRole, RoleHolder } from '../store/admins.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { isFilledByRule } from '../store/group-rules.ts';
import { findGroup, findGroups, lockGroup } from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { findUsers, lockUsers } from '../store/users.ts';
import { assertAppTargets } from './app-targets.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { assertAdminLeft } from './last-admin.ts';
import { succeeded } from './log.ts';

/** What a new role is limited to. Left out: nothing. */
export interface RoleTargets {
  /** For APP_ADMIN only. */
  readonly apps?: readonly AppTarget[];
  /** For USER_ADMIN and HELP_DESK_ADMIN only. */
  readonly groups?: readonly GroupId[];
}

/**
 * Of a person also the roles of the groups they are in.
 *
 * @throws {UsherError} `forbidden`, `not_found` (holder)
 */
export async function listRolesOf(context: Context, holder: RoleHolder): Promise<AssignedRole[]> {
  await authorize(context, context.db, 'roles.read');
  await holderTarget(context.db, holder);
  return store.listRolesOf(context.db, holder);
}

/** @throws {UsherError} `forbidden`, `not_found` (holder or role) */
export async function getRole(context: Context, holder: RoleHolder, roleId: RoleId): Promise<AssignedRole> {
  const role = (await listRolesOf(context, holder)).find(({ id }) => id === roleId);
  if (role === undefined) throw roleNotFound(roleId);
  return role;
}

/** One page of all roles anybody holds, in order of ids. */
export async function listAdmins(
  context: Context,
  page: { readonly after?: RoleId; readonly limit: number },
): Promise<AssignedRole[]> {
  await authorize(context, context.db, 'roles.read');
  return store.listRoles(context.db, page);
}

/**
 * Gives a role to a person, or to a group for its members. A group with a role is filled by hand only: a rule that did
 * it would let whoever changes people decide who holds the role.
 *
 * @throws {UsherError} `forbidden`, `not_found` (holder, target), `conflict` (has it already), `invalid_input` (a group
 *   that fills itself, or a target that does not fit the role).
 */
export async function grantRole(
  context: AppContext,
  holder: RoleHolder,
  type: AdminRole,
  targets: RoleTargets = {},
): Promise<AssignedRole> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    const target = await lockHolder(tx, holder);
    assertFit(type, targets);
    const roleId = await store.insertRole(tx, holder, type);
    if (roleId === undefined) {
      const whom = 'userId' in holder ? 'user' : 'group';
      throw new UsherError('conflict', `The role specified is already assigned to the ${whom}.`);
    }
    if (targets.apps !== undefined) {
      await assertAppTargets(context, tx, targets.apps);
      await store.saveAppTargets(tx, roleId, targets.apps);
    }
    if (targets.groups !== undefined) {
      await assertGroups(tx, targets.groups);
      await store.saveGroupTargets(tx, roleId, [...new Set(targets.groups)]);
    }
    const role = await requireRole(tx, holder, roleId);
    await logRole(context, tx, role, target, 'grant');
    return role;
  });
}

/**
 * From the next request on the holder has the role no more. One that a person has through a group is taken from the
 * group.
 *
 * @throws {UsherError} `forbidden`, `not_found`, or `wrong_state` for the last super administrator.
 */
export async function revokeRole(context: Context, holder: RoleHolder, roleId: RoleId): Promise<void> {
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    const target = await holderTarget(tx, holder);
    const found = (await store.listRolesOf(tx, holder)).find(({ id }) => id === roleId);
    // Before the role itself is locked: all who take one away lock those of super administrators in the same order.
    if (found?.role === 'SUPER_ADMIN' && 'userId' in holder) {
      await assertAdminLeft(tx, { userId: holder.userId, role: 'revoked' });
    }
    const role = await requireRole(tx, holder, roleId);
    await store.deleteRole(tx, roleId);
    await logRole(context, tx, role, target, 'revoke');
  });
}

/**
 * Changes what a role is limited to. An empty list is refused: it would read like no limit.
 *
 * @throws {UsherError} `forbidden`, `not_found`, `invalid_input`, and what `change` throws.
 */
export async function changeAppTargets(
  context: AppContext,
  holder: RoleHolder,
  roleId: RoleId,
  change: (targets: Grant['apps']) => Grant['apps'],
): Promise<void> {
  await changeTargets(context, holder, roleId, 'apps', async (tx, role) => {
    const targets = change(role.apps);
    if (targets !== 'all') {
      assertSome(targets);
      await assertAppTargets(context, tx, targets);
    }
    await store.saveAppTargets(tx, roleId, targets);
  });
}

/** The same for groups. */
export async function changeGroupTargets(
  context: Context,
  holder: RoleHolder,
  roleId: RoleId,
  change: (targets: Grant['groups']) => Grant['groups'],
): Promise<void> {
  await changeTargets(context, holder, roleId, 'groups', async (tx, role) => {
    const targets = change(role.groups);
    if (targets !== 'all') {
      assertSome(targets);
      await assertGroups(tx, targets);
    }
    await store.saveGroupTargets(tx, roleId, targets);
  });
}

async function changeTargets(
  context: Context,
  holder: RoleHolder,
  roleId: RoleId,
  kind: 'apps' | 'groups',
  save: (tx: Tx, role: AssignedRole) => Promise<void>,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'roles.manage');
    const target = await holderTarget(tx, holder);
    const role = await requireRole(tx, holder, roleId);
    assertFit(role.role, { [kind]: [] });
    await save(tx, role);
    await logRole(context, tx, await requireRole(tx, holder, roleId), target, 'grant');
  });
}

async function requireRole(tx: Tx, holder: RoleHolder, roleId: RoleId): Promise<AssignedRole> {
  const role = await store.lockRole(tx, holder, roleId);
  if (role === undefined) throw roleNotFound(roleId);
  return role;
}

async function lockHolder(tx: Tx, holder: RoleHolder): Promise<EventTarget> {
  if ('userId' in holder) {
    await lockUsers(tx, [holder.userId]);
    return holderTarget(tx, holder);
  }
  const group = await lockGroup(tx, holder.groupId);
  const reason =
    group !== undefined && group.type !== 'OKTA_GROUP'
      ? 'it fills itself'
      : (await isFilledByRule(tx, holder.groupId))
        ? 'a group rule puts people into it'
        : undefined;
  if (reason === undefined) return holderTarget(tx, holder);
  throw new UsherError('invalid_input', `This group cannot hold an administrator role: ${reason}. Use another group.`, {
    causes: [{ field: 'groupId', reason }],
  });
}

async function holderTarget(db: Queryable, holder: RoleHolder): Promise<EventTarget> {
  if ('userId' in holder) {
    const [user] = await findUsers(db, [holder.userId]);
    if (user !== undefined) return userTarget(user);
    throw new UsherError('not_found', `Not found: Resource not found: ${holder.userId} (User)`);
  }
  const group = await findGroup(db, holder.groupId);
  if (group !== undefined) return groupTarget({ id: group.id, name: group.profile.name });
  throw new UsherError('not_found', `Not found: Resource not found: ${holder.groupId} (UserGroup)`);
}

function assertFit(role: AdminRole, targets: RoleTargets): void {
  const kind = targetKind(role);
  const unfit = (['apps', 'groups'] as const).find((name) => targets[name] !== undefined && name !== kind);
  if (unfit === undefined) return;
  const reason = `the role ${role} cannot be limited to ${unfit}`;
  throw new UsherError('invalid_input', `This cannot be done: ${reason}.`, { causes: [{ field: 'targets', reason }] });
}

function assertSome(targets: readonly unknown[]): void {
  if (targets.length > 0) return;
  const reason = 'the last target of a role cannot be removed; revoke the role, or make it one for all';
  throw new UsherError('invalid_input', `This cannot be done: ${reason}.`, { causes: [{ field: 'targets', reason }] });
}

async function assertGroups(tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  const found = new Set((await findGroups(tx, groupIds)).map(({ id }) => id));
  const missing = groupIds.find((id) => !found.has(id));
  if (missing !== undefined) throw new UsherError('not_found', `Not found: Resource not found: ${missing} (UserGroup)`);
}

async function logRole(
  context: Context,
  tx: Tx,
  { role, apps, groups }: AssignedRole,
  target: EventTarget,
  verb: 'grant' | 'revoke',
): Promise<void> {
  const area = target.type === 'UserGroup' ? 'group.privilege' : 'user.account.privilege';
  const targets = apps === 'all' ? (groups === 'all' ? 'all' : groups) : apps.map(({ name, appId }) => appId ?? name);
  await appendEvents(tx, [
    succeeded(context, `${area}.${verb}`, [target], {
      [verb === 'grant' ? 'privilegeGranted' : 'privilegeRevoked']: roleLabels[role],
      role,
      targets: typeof targets === 'string' ? targets : targets.join(','),
    }),
  ]);
}

function roleNotFound(roleId: RoleId): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${roleId} (RoleAssignment)`);
}
