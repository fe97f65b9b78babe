import type { AdminRole } from '../domain/admin-role.ts';
import type { TokenId, UserId } from '../lib/ids.ts';
import type { Tx } from './database.ts';

/** Nothing happens where the person has the role already. */
export async function grantRole(tx: Tx, userId: UserId, role: AdminRole): Promise<void> {
  await tx.query(`insert into admins (user_id, role) values ($1, $2) on conflict do nothing`, [userId, role]);
}

/**
 * The API tokens that work and may do everything. Until the transaction ends nobody else reads them here: two who
 * take away the last but one and the last would each see the other's.
 */
export async function lockAdminTokens(tx: Tx): Promise<{ readonly tokenId: TokenId; readonly userId: UserId }[]> {
  await tx.query(`select 1 from admins where role = 'SUPER_ADMIN' order by user_id for update`);
  const rows = await tx.query<{ id: TokenId; user_id: UserId }>(
    `select t.id, t.user_id from api_tokens t
       join admins a on a.user_id = t.user_id and a.role = 'SUPER_ADMIN'
       join users u on u.id = t.user_id and u.status in ('ACTIVE', 'PROVISIONED')
     where t.expires is null or t.expires > now()`,
  );
  return rows.map((row) => ({ tokenId: row.id, userId: row.user_id }));
}
