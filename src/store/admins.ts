import type { UserId } from '../lib/ids.ts';
import type { Tx } from './database.ts';

/** Okta's names of what an administrator may do. */
export const adminRoles = ['SUPER_ADMIN', 'READ_ONLY_ADMIN'] as const;
export type AdminRole = (typeof adminRoles)[number];

/** Nothing happens where the person has the role already. */
export async function grantRole(tx: Tx, userId: UserId, role: AdminRole): Promise<void> {
  await tx.query(`insert into admins (user_id, role) values ($1, $2) on conflict do nothing`, [userId, role]);
}
