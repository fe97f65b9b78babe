import type { Permission } from '../domain/admin-role.ts';
import {
  allows,
  appCovered,
  appsWithin,
  covers,
  groupsWithin,
  mayEverything,
  type AppScope,
  type GroupScope,
  type Rights,
} from '../domain/rights.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { findGroupsWithRole, findRightsOf } from '../store/admins.ts';
import { findAppNames } from '../store/apps.ts';
import type { Queryable } from '../store/database.ts';
import { countPeopleIn } from '../store/groups.ts';
import type { Context } from './context.ts';

/** What a use case is about to show or change. */
export interface Objects {
  readonly users?: readonly UserId[];
  readonly groups?: readonly GroupId[];
  readonly apps?: readonly AppId[];
  /** The integration an app is to be made of, or tried; null for a private app. */
  readonly integration?: string | null;
}

/**
 * The one decision whether whoever acts may do this to these. Every use case that writes asks it, inside its
 * transaction, for each object it touches; nothing else compares roles. Besides what the table of roles says:
 *
 * - Somebody who holds a role is changed only by who may do all that they may do, and a group that holds one only by
 *   who grants roles. Otherwise a new password or member would be a way to more than one has.
 * - Everybody may see themselves.
 * - What does not exist is refused like what is somebody else's to whoever is limited to some apps or groups.
 *
 * @throws {UsherError} `forbidden`
 */
export async function authorize(
  context: Pick<Context, 'actor' | 'rights'>,
  db: Queryable,
  permission: Permission,
  { users = [], groups = [], apps = [], integration }: Objects = {},
): Promise<void> {
  const rights = rightsOf(context);
  if (rights === 'all') return;
  if (!allows(rights, permission)) throw forbidden();
  if (mayEverything(rights)) return;
  const groupScope = groupsWithin(rights, permission);
  await assertGroups(groupScope, groups);
  const others = permission === 'users.read' ? users.filter((id) => id !== context.actor.id) : users;
  await assertUsers(db, groupScope, others);
  await assertApps(db, appsWithin(rights, permission), apps);
  if (integration !== undefined) assertIntegration(appsWithin(rights, permission), integration);
  if (changesPeople.includes(permission)) await assertNoHigherRole(db, rights, users);
  if (changesGroups.includes(permission)) await assertNoRole(db, groups);
}

/** The groups for which, and for whose members, the permission is held. For the queries of lists. */
export function visibleGroups(
  context: Pick<Context, 'actor' | 'rights'>,
  permission: 'users.read' | 'users.manage' | 'groups.read',
): GroupScope {
  const rights = rightsOf(context);
  return rights === 'all' ? 'all' : groupsWithin(rights, permission);
}

/** The apps that may be shown, or for which another permission is held; `all` for no limit. */
export function visibleApps(
  context: Pick<Context, 'actor' | 'rights'>,
  permission: 'apps.read' | 'apps.assign' | 'reports.read' = 'apps.read',
): AppScope {
  const rights = rightsOf(context);
  return rights === 'all' ? 'all' : appsWithin(rights, permission);
}

/** Those of these people whom whoever acts may not change, because of a role they hold. */
export async function peopleOutOfReach(
  context: Pick<Context, 'actor' | 'rights'>,
  db: Queryable,
  userIds: readonly UserId[],
): Promise<UserId[]> {
  const rights = rightsOf(context);
  return rights === 'all' ? [] : outOfReach(db, rights, userIds);
}

/** Whether the permission is held, for everything or for something. */
export function holds(context: Pick<Context, 'actor' | 'rights'>, permission: Permission): boolean {
  const rights = rightsOf(context);
  return rights === 'all' || allows(rights, permission);
}

export function forbidden(): UsherError {
  return new UsherError('forbidden', 'You do not have permission to perform the requested action');
}

const changesPeople: readonly Permission[] = ['users.manage', 'users.credentials', 'users.import'];
const changesGroups: readonly Permission[] = ['groups.manage', 'groups.members'];

function rightsOf({ actor, rights }: Pick<Context, 'actor' | 'rights'>): Rights | 'all' {
  return actor.type === 'SystemPrincipal' ? 'all' : (rights ?? []);
}

async function assertGroups(scope: GroupScope, groupIds: readonly GroupId[]): Promise<void> {
  if (scope === 'all' || groupIds.every((id) => scope.includes(id))) return;
  throw forbidden();
}

async function assertUsers(db: Queryable, scope: GroupScope, userIds: readonly UserId[]): Promise<void> {
  if (scope === 'all' || userIds.length === 0) return;
  const wanted = [...new Set(userIds)];
  if ((await countPeopleIn(db, scope, wanted)) < wanted.length) throw forbidden();
}

async function assertApps(db: Queryable, scope: AppScope, appIds: readonly AppId[]): Promise<void> {
  if (scope === 'all' || appIds.length === 0) return;
  const names = await findAppNames(db, appIds);
  const mine = (appId: AppId, name: string) => scope.some((target) => appCovered({ name, appId }, target));
  if (appIds.every((appId) => mine(appId, names.get(appId) ?? ''))) return;
  throw forbidden();
}

function assertIntegration(scope: AppScope, integration: string | null): void {
  if (scope === 'all' || scope.some(({ name, appId }) => appId === null && name === integration)) return;
  throw forbidden();
}

async function assertNoHigherRole(db: Queryable, rights: Rights, userIds: readonly UserId[]): Promise<void> {
  if ((await outOfReach(db, rights, userIds)).length > 0) throw forbidden();
}

async function outOfReach(db: Queryable, rights: Rights, userIds: readonly UserId[]): Promise<UserId[]> {
  if (userIds.length === 0 || mayEverything(rights)) return [];
  const higher = (others: Rights) => !allows(rights, 'admins.manage') || !covers(rights, others);
  return [...(await findRightsOf(db, userIds))].flatMap(([userId, others]) => (higher(others) ? [userId] : []));
}

async function assertNoRole(db: Queryable, groupIds: readonly GroupId[]): Promise<void> {
  if (groupIds.length === 0) return;
  if ((await findGroupsWithRole(db, groupIds)).length > 0) throw forbidden();
}
