import { userActor, userTarget } from '../domain/event-targets.ts';
import type { EventType } from '../domain/log-event.ts';
import { credentialObstacle, type CredentialVerb } from '../domain/user-credentials.ts';
import type { User, UserStatus } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import type { UserId } from '../lib/ids.ts';
import { randomPassword } from '../lib/random-text.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { revokeOneTimeTokens } from '../store/one-time-tokens.ts';
import { deleteSessions } from '../store/sessions.ts';
import { findSecrets } from '../store/user-credentials.ts';
import { updateStatus } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context, Nobody } from './context.ts';
import { assertSuits, giveCredentials, hashCredentials, type RecoveryQuestion } from './credentials.ts';
import { assertAdminLeft } from './last-admin.ts';
import { succeeded } from './log.ts';
import { holderOf, issueOneTimeToken, spendOneTimeToken } from './one-time-tokens.ts';
import { checkAnswer, checkPassword } from './password-check.ts';
import { offerPassword } from './password-sync.ts';
import { followPeople } from './people-changed.ts';
import { lockUser, readUser } from './users.ts';

/**
 * The next sign-in asks for a new password.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` when there is no password to expire, or nobody else could
 *   administer Usher.
 */
export function expirePassword(context: Context, key: string): Promise<User> {
  return context.db.transaction(async (tx) => {
    const user = await lockFor(context, tx, key, 'expirePassword');
    await move(context, tx, user, 'PASSWORD_EXPIRED', 'user.account.expire_password');
    return readUser(tx, user.id);
  });
}

/**
 * Gives a password that is good for one sign-in, and returns it: it is shown this once.
 *
 * @throws {UsherError} as `expirePassword` does.
 */
export async function giveTemporaryPassword(context: Context, key: string): Promise<string> {
  const password = randomPassword(16);
  const hashes = await hashCredentials({ password });
  await context.db.transaction(async (tx) => {
    const user = await lockFor(context, tx, key, 'giveTemporaryPassword');
    await giveCredentials(context, tx, user, hashes);
    await move(context, tx, user, 'PASSWORD_EXPIRED', 'user.account.expire_password');
  });
  return password;
}

/**
 * Makes the present password useless until another is set.
 *
 * @param link whether to return the token of a link to set it with. Nothing is mailed.
 * @throws {UsherError} as `expirePassword` does.
 */
export function resetPassword(
  context: Context,
  key: string,
  { link }: { readonly link: boolean },
): Promise<string | undefined> {
  return context.db.transaction(async (tx) => {
    const user = await lockFor(context, tx, key, 'resetPassword');
    await move(context, tx, user, 'RECOVERY', 'user.account.reset_password');
    return link ? issueOneTimeToken(context, tx, user.id, 'PASSWORD_RESET') : undefined;
  });
}

/**
 * What a person who cannot remember sets off: the password stays good.
 *
 * @param link as for `resetPassword`.
 * @throws {UsherError} `not_found`, or `wrong_state` for somebody who has no recovery question or is not ACTIVE.
 */
export function forgotPassword(
  context: Context,
  key: string,
  { link }: { readonly link: boolean },
): Promise<string | undefined> {
  return context.db.transaction(async (tx) => {
    const user = await lockFor(context, tx, key, 'forgotPassword');
    await appendEvents(tx, [succeeded(context, 'user.account.reset_password', [userTarget(user)], { forgot: true })]);
    return link ? issueOneTimeToken(context, tx, user.id, 'PASSWORD_RESET') : undefined;
  });
}

/**
 * Takes a new password from somebody who knows the present one.
 *
 * @throws {UsherError} `not_found`, `wrong_state`, `invalid_input`, or `credentials_refused` for a wrong password.
 */
export async function changePassword(
  context: Context,
  key: string,
  passwords: { readonly oldPassword: string; readonly newPassword: string },
): Promise<User> {
  const user = await readFor(context, key, 'changePassword');
  const proven = await checkPassword(context, user.id, passwords.oldPassword);
  if (proven === undefined) throw await refuse(context, user, 'oldPassword', 'Old Password is not correct');
  return setPassword(context, user.id, passwords.newPassword, async (tx) => {
    if ((await findSecrets(tx, user.id)).passwordHash !== proven) throw refusal('oldPassword', 'has just been changed');
  });
}

/** @throws {UsherError} as `changePassword` does. */
export async function changeRecoveryQuestion(
  context: Context,
  key: string,
  { password, recoveryQuestion }: { readonly password: string; readonly recoveryQuestion: RecoveryQuestion },
): Promise<User> {
  const user = await readFor(context, key, 'changeRecoveryQuestion');
  const proven = await checkPassword(context, user.id, password);
  if (proven === undefined) throw await refuse(context, user, 'password', 'Password is not correct');
  const hashes = await hashCredentials({ recoveryQuestion });
  return context.db.transaction(async (tx) => {
    const locked = await lockUser(tx, user.id);
    if ((await findSecrets(tx, user.id)).passwordHash !== proven) throw refusal('password', 'has just been changed');
    await giveCredentials(context, tx, locked, hashes);
    return readUser(tx, user.id);
  });
}

/**
 * Takes a new password from somebody who knows the answer to their recovery question.
 *
 * @throws {UsherError} as `changePassword` does.
 */
export async function answerRecoveryQuestion(
  context: Context,
  key: string,
  { answer, newPassword }: { readonly answer: string; readonly newPassword: string },
): Promise<User> {
  const user = await readFor(context, key, 'forgotPassword');
  const proven = await checkAnswer(context, user.id, answer);
  const wrong = 'The recovery question answer did not match our records';
  if (proven === undefined) throw await refuse(context, user, 'recovery_question', wrong);
  return setPassword(context, user.id, newPassword, async (tx) => {
    if ((await findSecrets(tx, user.id)).answerHash !== proven) throw refusal('recovery_question', wrong);
  });
}

/**
 * Sets the password of whoever holds the token of an activation or a reset link, once. It is they who act.
 *
 * @throws {UsherError} `credentials_refused`, or `invalid_input` for the password.
 */
export async function setPasswordByToken(nobody: Nobody, token: string, password: string): Promise<User> {
  const user = await readUser(nobody.db, await holderOf(nobody, nobody.db, token));
  const context = { ...nobody, actor: userActor(user) };
  return setPassword(context, user.id, password, (tx) => spendOneTimeToken(tx, token));
}

/** `assertStillAllowed` runs with the person locked: what was shown before must still hold. */
async function setPassword(
  context: Context,
  userId: UserId,
  password: string,
  assertStillAllowed: (tx: Tx) => Promise<void>,
): Promise<User> {
  const hashes = await hashCredentials({ password });
  return context.db.transaction(async (tx) => {
    const user = await lockUser(tx, userId);
    await assertStillAllowed(tx);
    assertSuits({ password }, { login: user.profile['login'], provider: user.provider });
    if (await giveCredentials(context, tx, user, hashes)) await followPeople(context, tx, [user.id], 'person');
    await offerPassword(context, tx, user.id, password, 'CHANGED');
    return readUser(tx, user.id);
  });
}

async function readFor(context: Context, key: string, verb: CredentialVerb): Promise<User> {
  const user = await readUser(context.db, key);
  // What follows takes a secret that only the person has: whoever shows their own needs no other right.
  if (user.id !== context.actor.id) await authorize(context, context.db, 'users.credentials', { users: [user.id] });
  assertAllowed(user, verb);
  return user;
}

async function lockFor(context: Context, tx: Tx, key: string, verb: CredentialVerb): Promise<User> {
  const user = await lockUser(tx, key);
  await authorize(context, tx, 'users.credentials', { users: [user.id] });
  assertAllowed(user, verb);
  return user;
}

function assertAllowed(user: User, verb: CredentialVerb): void {
  const obstacle = credentialObstacle(verb, user);
  if (obstacle === undefined) return;
  throw new UsherError('wrong_state', `This operation is not allowed in the user's current status. ${obstacle}.`, {
    causes: [{ field: 'status', reason: obstacle }],
  });
}

async function move(context: Context, tx: Tx, user: User, status: UserStatus, eventType: EventType): Promise<void> {
  await assertAdminLeft(tx, { userId: user.id });
  await updateStatus(tx, user.id, status);
  if (status !== 'ACTIVE') await deleteSessions(tx, user.id);
  await revokeOneTimeTokens(tx, user.id);
  await appendEvents(tx, [succeeded(context, eventType, [userTarget(user)])]);
  await followPeople(context, tx, [user.id], 'person');
}

/** Writes the failed attempt down, which a rolled back transaction would not. */
async function refuse(context: Context, user: User, field: string, reason: string): Promise<UsherError> {
  const event = succeeded(context, 'user.account.update_password', [userTarget(user)]);
  await context.db.transaction((tx) => appendEvents(tx, [{ ...event, outcome: 'FAILURE', reason }]));
  return refusal(field, reason);
}

function refusal(field: string, reason: string): UsherError {
  return new UsherError('credentials_refused', 'Update of credentials failed', { causes: [{ field, reason }] });
}
