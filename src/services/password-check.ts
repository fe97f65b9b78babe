import { userTarget } from '../domain/event-targets.ts';
import { systemActor } from '../domain/log-event.ts';
import { maySignIn, type User } from '../domain/user.ts';
import { verifyImportedHash } from '../lib/imported-hash.ts';
import type { UserId } from '../lib/ids.ts';
import { hashSecret, verifyNothing, verifyPassword } from '../lib/password.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import {
  countAttempt,
  findSecrets,
  forgetAttempts,
  isLockOver,
  replaceImportedHash,
  type StoredSecrets,
} from '../store/user-credentials.ts';
import { findUser, lockUsers, updateStatus } from '../store/users.ts';
import type { Context } from './context.ts';
import { canonicalAnswer } from './credentials.ts';
import { succeeded } from './log.ts';
import { followPeople } from './people-changed.ts';

/** Okta's. */
const attemptsMax = 10;
/** How long nobody can try after that, unless an administrator unlocks the person. */
const lockSeconds = 15 * 60;

export interface SignedIn {
  readonly user: User;
  /** The hash in force that the password fits. */
  readonly passwordHash: string;
}

/**
 * Who has this login and this password, for signing in. That nobody has the login, that the password is wrong, and
 * that the person is locked out or may not sign in are one answer, and take equally long; only somebody whose hash
 * came from another system can be told by the time that system's algorithm takes, until they first sign in.
 *
 * @returns undefined where they do not fit. Somebody in PASSWORD_EXPIRED has yet to choose another password.
 */
export async function checkSignIn(context: Context, login: string, password: string): Promise<SignedIn | undefined> {
  const user = await findUser(context.db, login);
  if (user === undefined || !maySignIn(user)) {
    await verifyNothing(password);
    return undefined;
  }
  const passwordHash = await checkPassword(context, user.id, password);
  if (passwordHash === undefined) return undefined;
  return { user: (await findUser(context.db, user.id)) ?? user, passwordHash };
}

/**
 * The one place where a password is compared, and where guessing ends: after ten in a row that were wrong nothing fits
 * for a quarter of an hour, and an ACTIVE person is LOCKED_OUT. A hash that came from elsewhere and fits is replaced by
 * one of ours, so that it is used once.
 *
 * @returns the hash in force that the password fits; undefined where it fits none. Who acts on it compares it again
 *   inside their transaction: the password may be another one by then.
 */
export function checkPassword(context: Context, userId: UserId, password: string): Promise<string | undefined> {
  return guarded(context, userId, password, async ({ passwordHash, importedHash }) => {
    if (passwordHash !== null) return (await verifyPassword(passwordHash, password)) ? passwordHash : undefined;
    if (importedHash === null) return verifyNothing(password);
    if (!(await verifyImportedHash(importedHash, password))) return undefined;
    const own = await hashSecret(password);
    await context.db.transaction((tx) => replaceImportedHash(tx, userId, importedHash, own));
    return own;
  });
}

/** The same for the answer to the recovery question. Wrong answers and wrong passwords are counted together. */
export function checkAnswer(context: Context, userId: UserId, answer: string): Promise<string | undefined> {
  const text = canonicalAnswer(answer);
  return guarded(context, userId, text, async ({ answerHash }) => {
    if (answerHash === null) return verifyNothing(text);
    return (await verifyPassword(answerHash, text)) ? answerHash : undefined;
  });
}

/**
 * Ends the lock of somebody who has shown who they are without a password, if its time is up.
 *
 * @param user kept from changing by the caller.
 * @returns whether there was a lock, and is none any more.
 */
export async function endExpiredLock(context: Context, tx: Tx, user: User): Promise<boolean> {
  if (user.status !== 'LOCKED_OUT' || !(await isLockOver(tx, user.id, lockSeconds))) return false;
  await endLock(context, tx, user);
  return true;
}

/** Counts before it compares, so that those who try all at once get no more tries than those who take turns. */
async function guarded(
  context: Context,
  userId: UserId,
  text: string,
  compare: (secrets: StoredSecrets) => Promise<string | undefined>,
): Promise<string | undefined> {
  const attempts = await context.db.transaction((tx) => countAttempt(tx, userId, { attemptsMax, lockSeconds }));
  if (attempts === undefined) return verifyNothing(text);
  const proven = await compare(await findSecrets(context.db, userId));
  if (proven !== undefined) await welcome(context, userId);
  else if (attempts >= attemptsMax) await lockOut(context, userId);
  return proven;
}

async function lockOut(context: Context, userId: UserId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [user] = await lockUsers(tx, [userId]);
    if (user === undefined) return;
    const event = succeeded({ ...context, actor: systemActor }, 'user.account.lock', [userTarget(user)], {
      attempts: attemptsMax,
    });
    await appendEvents(tx, [{ ...event, outcome: 'FAILURE', severity: 'WARN', reason: 'LOCKED_OUT' }]);
    // Others have to choose a password or to be let in first, and still have to after an unlock.
    if (user.status !== 'ACTIVE') return;
    await updateStatus(tx, userId, 'LOCKED_OUT');
    await followPeople(context, tx, [userId], 'person');
  });
}

/** Ends the count, and a lock whose time is up. */
async function welcome(context: Context, userId: UserId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const [user] = await lockUsers(tx, [userId]);
    if (user !== undefined) await endLock(context, tx, user);
  });
}

async function endLock(context: Context, tx: Tx, user: User): Promise<void> {
  await forgetAttempts(tx, user.id);
  if (user.status !== 'LOCKED_OUT') return;
  await updateStatus(tx, user.id, 'ACTIVE');
  const event = succeeded({ ...context, actor: systemActor }, 'user.account.unlock', [userTarget(user)]);
  await appendEvents(tx, [event]);
  await followPeople(context, tx, [user.id], 'person');
}
