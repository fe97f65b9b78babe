import type { AppId, GroupId } from '../lib/ids.ts';
import { permissions, roleAllows, type AdminRole, type Permission } from './admin-role.ts';

/** An app a role is limited to: all apps of a catalog integration, or of a private app's name, or one of them. */
export interface AppTarget {
  readonly name: string;
  /** Null: every app of that name. */
  readonly appId: AppId | null;
}

/** One role somebody holds, and what it is limited to. */
export interface Grant {
  readonly role: AdminRole;
  /** Of APP_ADMIN only. */
  readonly apps: AppScope;
  /** Of USER_ADMIN and HELP_DESK_ADMIN only: these groups, and the people in them. */
  readonly groups: GroupScope;
}

/** An empty list is nothing. */
export type AppScope = 'all' | readonly AppTarget[];
export type GroupScope = 'all' | readonly GroupId[];

/** All that somebody may do. Empty: nothing. */
export type Rights = readonly Grant[];

/** Whether any of the roles allows it, be it for one object only. */
export function allows(rights: Rights, permission: Permission): boolean {
  return rights.some((grant) => roleAllows(grant.role, permission));
}

/** Whoever grants roles can give themselves any: there is nothing to keep from them. */
export function mayEverything(rights: Rights): boolean {
  return allows(rights, 'roles.manage');
}

/** For which groups, and people in them, the permission is held. */
export function groupsWithin(rights: Rights, permission: Permission): GroupScope {
  return union(rights.filter((grant) => roleAllows(grant.role, permission)).map((grant) => grant.groups));
}

/** For which apps the permission is held. */
export function appsWithin(rights: Rights, permission: Permission): AppScope {
  return union(rights.filter((grant) => roleAllows(grant.role, permission)).map((grant) => grant.apps));
}

/** Whether somebody with `rights` may do all that somebody with `others` may do, to everything they may do it to. */
export function covers(rights: Rights, others: Rights): boolean {
  return permissions.every(
    (permission) =>
      !allows(others, permission) ||
      (allows(rights, permission) &&
        within(groupsWithin(others, permission), groupsWithin(rights, permission), (id, mine) => id === mine) &&
        within(appsWithin(others, permission), appsWithin(rights, permission), appCovered)),
  );
}

/** Whether a role for `mine` is also one for `target`. */
export function appCovered(target: AppTarget, mine: AppTarget): boolean {
  return target.name === mine.name && (mine.appId === null || mine.appId === target.appId);
}

type Scope<Target> = 'all' | readonly Target[];

function union<Target>(scopes: readonly Scope<Target>[]): Scope<Target> {
  return scopes.some((scope) => scope === 'all') ? 'all' : scopes.flatMap((scope) => (scope === 'all' ? [] : scope));
}

function within<Target>(
  inner: Scope<Target>,
  outer: Scope<Target>,
  covered: (target: Target, mine: Target) => boolean,
): boolean {
  if (outer === 'all') return true;
  return inner !== 'all' && inner.every((target) => outer.some((mine) => covered(target, mine)));
}
