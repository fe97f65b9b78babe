import type { CredentialProvider } from '../domain/user.ts';
import type { UserId } from '../lib/ids.ts';
import type { ImportedHash } from '../lib/imported-hash.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** What is to be kept of new credentials; what is left out stays as it is. */
export interface CredentialHashes {
  /** Takes the place of an imported one. */
  readonly passwordHash?: string;
  /** Takes the place of a hash of ours. */
  readonly importedHash?: ImportedHash;
  readonly recovery?: { readonly question: string; readonly answerHash: string };
  readonly provider?: CredentialProvider;
}

export interface StoredSecrets {
  readonly passwordHash: string | null;
  readonly importedHash: ImportedHash | null;
  readonly answerHash: string | null;
}

export async function saveCredentials(tx: Tx, userId: UserId, credentials: CredentialHashes): Promise<void> {
  const { passwordHash, importedHash, recovery, provider } = credentials;
  const newPassword = passwordHash !== undefined || importedHash !== undefined;
  await tx.query(
    `insert into user_credentials as c (user_id, password_hash, imported_hash, recovery_question, recovery_answer_hash, provider)
     values ($1, $2, $3::jsonb, $4, $5, $6::jsonb)
     on conflict (user_id) do update set
       password_hash = case when $7 then excluded.password_hash else c.password_hash end,
       imported_hash = case when $7 then excluded.imported_hash else c.imported_hash end,
       failed_attempts = case when $7 then 0 else c.failed_attempts end,
       recovery_question = coalesce(excluded.recovery_question, c.recovery_question),
       recovery_answer_hash = coalesce(excluded.recovery_answer_hash, c.recovery_answer_hash),
       provider = coalesce(excluded.provider, c.provider)`,
    [
      userId,
      passwordHash ?? null,
      importedHash === undefined ? null : JSON.stringify(importedHash),
      recovery?.question ?? null,
      recovery?.answerHash ?? null,
      provider === undefined ? null : JSON.stringify(provider),
      newPassword,
    ],
  );
  await tx.query(
    `update users set last_updated = now(), password_changed = case when $2 then now() else password_changed end
     where id = $1`,
    [userId, newPassword],
  );
}

/** For comparing only: nothing of it may leave the services. */
export async function findSecrets(db: Queryable, userId: UserId): Promise<StoredSecrets> {
  const row = await queryOne<{
    password_hash: string | null;
    imported_hash: ImportedHash | null;
    recovery_answer_hash: string | null;
  }>(db, `select password_hash, imported_hash, recovery_answer_hash from user_credentials where user_id = $1`, [
    userId,
  ]);
  return {
    passwordHash: row?.password_hash ?? null,
    importedHash: row?.imported_hash ?? null,
    answerHash: row?.recovery_answer_hash ?? null,
  };
}

/**
 * Counts an attempt to give the right password, before anybody knows whether it is.
 *
 * @returns how many there were in a row, this one included; undefined where no more are taken, or there is nothing to
 *   compare with.
 */
export async function countAttempt(
  tx: Tx,
  userId: UserId,
  { attemptsMax, lockSeconds }: { readonly attemptsMax: number; readonly lockSeconds: number },
): Promise<number | undefined> {
  const row = await queryOne<{ failed_attempts: number }>(
    tx,
    `update user_credentials set last_attempt = now(),
       failed_attempts = case when last_attempt > now() - $3 * interval '1 second' then failed_attempts else 0 end + 1
     where user_id = $1 and (failed_attempts < $2 or last_attempt <= now() - $3 * interval '1 second')
     returning failed_attempts`,
    [userId, attemptsMax, lockSeconds],
  );
  return row?.failed_attempts;
}

/** Whether the last attempt is so long ago that another one is taken. */
export async function isLockOver(db: Queryable, userId: UserId, lockSeconds: number): Promise<boolean> {
  const row = await queryOne(
    db,
    `select 1 from user_credentials where user_id = $1 and last_attempt > now() - $2 * interval '1 second'`,
    [userId, lockSeconds],
  );
  return row === undefined;
}

/** The next attempt is the first again. */
export async function forgetAttempts(tx: Tx, userId: UserId): Promise<void> {
  await tx.query('update user_credentials set failed_attempts = 0 where user_id = $1', [userId]);
}

/** A hash of ours in the place of the imported one that has just been shown to be of the same password. */
export async function replaceImportedHash(
  tx: Tx,
  userId: UserId,
  imported: ImportedHash,
  passwordHash: string,
): Promise<void> {
  await tx.query(
    `update user_credentials set password_hash = $3, imported_hash = null
     where user_id = $1 and imported_hash = $2::jsonb`,
    [userId, JSON.stringify(imported), passwordHash],
  );
}
