import { verifyImportedHash } from '../lib/imported-hash.ts';
import type { UserId } from '../lib/ids.ts';
import { hashSecret, verifyPassword } from '../lib/password.ts';
import { findSecrets, replaceImportedHash } from '../store/user-credentials.ts';
import type { Context } from './context.ts';
import { canonicalAnswer } from './credentials.ts';

/**
 * The one place where a password is compared. A hash that came from elsewhere and fits is replaced by one of ours,
 * so that it is used once.
 *
 * @returns the hash in force that the password fits; undefined where it fits none. Who acts on it compares it again
 *   inside their transaction: the password may be another one by then.
 */
export async function checkPassword(
  context: Pick<Context, 'db'>,
  userId: UserId,
  password: string,
): Promise<string | undefined> {
  const { passwordHash, importedHash } = await findSecrets(context.db, userId);
  if (passwordHash !== null) return (await verifyPassword(passwordHash, password)) ? passwordHash : undefined;
  if (importedHash === null || !(await verifyImportedHash(importedHash, password))) return undefined;
  const own = await hashSecret(password);
  await context.db.transaction((tx) => replaceImportedHash(tx, userId, importedHash, own));
  return own;
}

/** The same for the answer to the recovery question. */
export async function checkAnswer(
  context: Pick<Context, 'db'>,
  userId: UserId,
  answer: string,
): Promise<string | undefined> {
  const { answerHash } = await findSecrets(context.db, userId);
  if (answerHash === null || !(await verifyPassword(answerHash, canonicalAnswer(answer)))) return undefined;
  return answerHash;
}
