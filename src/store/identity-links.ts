import type { UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** Somebody as an issuer knows them. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export async function findLinkedUser(db: Queryable, { issuer, subject }: Identity): Promise<UserId | undefined> {
  const row = await queryOne<{ user_id: UserId }>(
    db,
    'select user_id from identity_links where issuer = $1 and subject = $2',
    [issuer, subject],
  );
  return row?.user_id;
}

/** Keeps who it is. False where the person, or the identity, is linked to another already: that link stays. */
export async function linkUser(tx: Tx, userId: UserId, { issuer, subject }: Identity): Promise<boolean> {
  await tx.query('insert into identity_links (issuer, subject, user_id) values ($1, $2, $3) on conflict do nothing', [
    issuer,
    subject,
    userId,
  ]);
  const rows = await tx.query(
    `update identity_links set last_used = now() where issuer = $1 and subject = $2 and user_id = $3 returning user_id`,
    [issuer, subject, userId],
  );
  return rows.length > 0;
}

/** Whether there was a link. */
export async function unlinkUser(tx: Tx, userId: UserId, issuer: string): Promise<boolean> {
  const rows = await tx.query('delete from identity_links where user_id = $1 and issuer = $2 returning user_id', [
    userId,
    issuer,
  ]);
  return rows.length > 0;
}
