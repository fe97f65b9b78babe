import { createHash } from 'node:crypto';
import { UsherError } from '../lib/errors.ts';
import type { UserId } from '../lib/ids.ts';
import { randomToken } from '../lib/random-text.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { deleteOneTimeToken, findOneTimeToken, saveOneTimeToken, type TokenPurpose } from '../store/one-time-tokens.ts';
import type { Context } from './context.ts';

/** Makes the token of a link for somebody, in place of an earlier one. It is shown this once: its hash is kept. */
export async function issueOneTimeToken(
  context: Pick<Context, 'clock'>,
  tx: Tx,
  userId: UserId,
  purpose: TokenPurpose,
): Promise<string> {
  const value = randomToken(tokenLetters);
  const expires = new Date(context.clock.now().getTime() + minutesOf[purpose] * 60_000);
  await saveOneTimeToken(tx, { userId, purpose, hash: hashOf(value), expires });
  return value;
}

/**
 * Whose token this is.
 *
 * @throws {UsherError} `credentials_refused`, always with the same words.
 */
export async function holderOf(context: Pick<Context, 'clock'>, db: Queryable, value: string): Promise<UserId> {
  const found = await findOneTimeToken(db, hashOf(value), context.clock.now());
  if (found === undefined) throw refused();
  return found.userId;
}

/** Uses the token up. @throws {UsherError} `credentials_refused` where somebody else has, a moment ago. */
export async function spendOneTimeToken(tx: Tx, value: string): Promise<void> {
  if (!(await deleteOneTimeToken(tx, hashOf(value)))) throw refused();
}

const tokenLetters = 32;
/** Okta's: a week to begin, an hour to recover. */
const minutesOf: Readonly<Record<TokenPurpose, number>> = { ACTIVATION: 7 * 24 * 60, PASSWORD_RESET: 60 };

function hashOf(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function refused(): UsherError {
  return new UsherError('credentials_refused', 'The link is not valid any more. Ask your administrator for another.', {
    causes: [{ field: 'token', reason: 'is unknown, used or expired' }],
  });
}
