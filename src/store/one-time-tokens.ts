import type { UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** What a one-time token lets somebody do: set their first password, or another one. */
export type TokenPurpose = 'ACTIVATION' | 'PASSWORD_RESET';

export interface NewOneTimeToken {
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly expires: Date;
}

/** One per person: an earlier one stops working. */
export async function saveOneTimeToken(tx: Tx, token: NewOneTimeToken): Promise<void> {
  await tx.query(
    `insert into one_time_tokens (user_id, purpose, token_hash, expires) values ($1, $2, $3, $4)
     on conflict (user_id) do update set purpose = excluded.purpose, token_hash = excluded.token_hash,
       created = now(), expires = excluded.expires`,
    [token.userId, token.purpose, token.hash, token.expires],
  );
}

/** Undefined where there is none with this hash, or no more. */
export async function findOneTimeToken(
  db: Queryable,
  hash: Buffer,
  now: Date,
): Promise<{ readonly userId: UserId; readonly purpose: TokenPurpose } | undefined> {
  const row = await queryOne<{ user_id: UserId; purpose: TokenPurpose }>(
    db,
    'select user_id, purpose from one_time_tokens where token_hash = $1 and expires > $2',
    [hash, now],
  );
  return row && { userId: row.user_id, purpose: row.purpose };
}

/** False where it was used or taken back a moment ago. */
export async function deleteOneTimeToken(tx: Tx, hash: Buffer): Promise<boolean> {
  return (await tx.query('delete from one_time_tokens where token_hash = $1 returning user_id', [hash])).length > 0;
}

/** Whatever link the person was given does nothing from now on. */
export async function revokeOneTimeTokens(tx: Tx, userId: UserId): Promise<void> {
  await tx.query('delete from one_time_tokens where user_id = $1', [userId]);
}
