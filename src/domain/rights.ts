import type { AppId, GroupId } from '../lib/ids.ts';
import { roleAllows, type AdminRole, type Permission } from './admin-role.ts';

/** One role somebody holds, and what it is limited to. */
export interface Grant {
  readonly role: AdminRole;
  /** Of APP_ADMIN only. An integration by its catalog key stands for all its apps. */
  readonly apps: 'all' | { readonly names: readonly string[]; readonly ids: readonly AppId[] };
  /** Of USER_ADMIN and HELP_DESK_ADMIN only. */
  readonly groups: 'all' | readonly GroupId[];
}

/** All that somebody may do. Empty: nothing. */
export type Rights = readonly Grant[];

/** Whether any of the roles allows it, be it for one object only. */
export function allows(rights: Rights, permission: Permission): boolean {
  return rights.some((grant) => roleAllows(grant.role, permission));
}
