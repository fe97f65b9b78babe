import { userTarget } from '../domain/event-targets.ts';
import { signsInElsewhere, statusAfterPassword, type CredentialProvider, type User } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import { importedHashProblem, type ImportedHash } from '../lib/imported-hash.ts';
import { assertTellsNothing, hashPassword, hashSecret } from '../lib/password.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { revokeOneTimeTokens } from '../store/one-time-tokens.ts';
import { saveCredentials, type CredentialHashes } from '../store/user-credentials.ts';
import { updateStatus } from '../store/users.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';

export interface RecoveryQuestion {
  readonly question: string;
  /** Compared without regard to letter case and to spaces around it. */
  readonly answer: string;
}

export interface Credentials {
  /** 8 to 128 characters, the login not among them. */
  readonly password?: string;
  /** Instead of a password: the hash another system made of it. */
  readonly importedHash?: ImportedHash;
  readonly recoveryQuestion?: RecoveryQuestion;
}

/**
 * Does the slow part before a transaction is open.
 *
 * @throws {UsherError} `invalid_input` for a password or a hash that cannot be used.
 */
export async function hashCredentials(credentials: Credentials): Promise<CredentialHashes> {
  const { password, importedHash, recoveryQuestion } = credentials;
  if (importedHash !== undefined) assertUsable(importedHash);
  return {
    ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }),
    ...(importedHash === undefined ? {} : { importedHash }),
    ...(recoveryQuestion === undefined ? {} : { recovery: await hashRecovery(recoveryQuestion) }),
  };
}

/** The form in which answers are hashed and compared. */
export function canonicalAnswer(answer: string): string {
  return answer.trim().toLowerCase();
}

/**
 * Refuses credentials that do not go with the person.
 *
 * @throws {UsherError} `invalid_input`
 */
export function assertSuits(
  { password, importedHash }: Credentials,
  person: { readonly login: unknown; readonly provider: CredentialProvider },
): void {
  if (password === undefined && importedHash === undefined) return;
  if (signsInElsewhere(person.provider)) {
    const reason = `this user signs in through ${person.provider.name} and has no password here`;
    throw new UsherError('invalid_input', `The password cannot be set: ${reason}.`, {
      causes: [{ field: 'password', reason }],
    });
  }
  if (password !== undefined && typeof person.login === 'string') assertTellsNothing(password, person.login);
}

/** Saves and logs new credentials of somebody who exists. True when the person's status has changed with them. */
export async function giveCredentials(
  context: Context,
  tx: Tx,
  user: User,
  hashes: CredentialHashes,
): Promise<boolean> {
  if (Object.keys(hashes).length === 0) return false;
  await saveCredentials(tx, user.id, hashes);
  const targets = [userTarget(user)];
  if (hashes.recovery !== undefined) {
    const changed = { changedAttributes: 'credentials.recovery_question' };
    await appendEvents(tx, [succeeded(context, 'user.account.update_profile', targets, changed)]);
  }
  if (hashes.passwordHash === undefined && hashes.importedHash === undefined) return false;
  const eventType = hashes.importedHash === undefined ? 'user.account.update_password' : 'user.import.password';
  await appendEvents(tx, [succeeded(context, eventType, targets)]);
  await revokeOneTimeTokens(tx, user.id);
  const status = statusAfterPassword(user.status);
  if (status === user.status) return false;
  await updateStatus(tx, user.id, status);
  return true;
}

async function hashRecovery({ question, answer }: RecoveryQuestion): Promise<{ question: string; answerHash: string }> {
  const causes = [
    ...(question.trim() === '' ? [{ field: 'recovery_question', reason: 'The question cannot be left blank' }] : []),
    ...(canonicalAnswer(answer).length < answerLettersMin
      ? [{ field: 'recovery_question', reason: `The answer must have at least ${answerLettersMin} characters` }]
      : []),
  ];
  if (causes.length > 0) {
    const reasons = causes.map(({ reason }) => reason).join('; ');
    throw new UsherError('invalid_input', `The recovery question cannot be used. ${reasons}.`, { causes });
  }
  return { question, answerHash: await hashSecret(canonicalAnswer(answer)) };
}

/** Okta's. */
const answerLettersMin = 4;

function assertUsable(hash: ImportedHash): void {
  const problem = importedHashProblem(hash);
  if (problem === undefined) return;
  const field = `credentials.password.hash.${problem.field}`;
  throw new UsherError('invalid_input', `The password hash cannot be used: its ${problem.field} ${problem.reason}.`, {
    causes: [{ field, reason: problem.reason }],
  });
}
