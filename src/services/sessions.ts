import { createHash, createHmac } from 'node:crypto';
import { userActor, userTarget } from '../domain/event-targets.ts';
import { providerTarget, type IdentityProvider } from '../domain/identity-provider.ts';
import { unknownActor, type EventTarget, type EventType } from '../domain/log-event.ts';
import type { User } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type SessionId, type UserId } from '../lib/ids.ts';
import { randomToken } from '../lib/random-text.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import {
  deleteSessions,
  findOwner,
  insertSession,
  listSessionsOf,
  nobodyCanSignIn,
  recordLogin,
  recordProof,
  type Session,
} from '../store/sessions.ts';
import { findSecrets } from '../store/user-credentials.ts';
import { findUser } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context, Nobody } from './context.ts';
import { succeeded } from './log.ts';
import { issueOneTimeToken } from './one-time-tokens.ts';
import { checkPassword, checkSignIn } from './password-check.ts';
import { offerPassword } from './password-sync.ts';
import { setPasswordByToken } from './user-credentials.ts';
import { lockUser, readUser } from './users.ts';

/** A session ends after so long however busy it is. */
const hoursMax = 12;

export interface SignedIn {
  readonly user: User;
  /** What the browser keeps. It is shown this once: only its hash is kept here. */
  readonly value: string;
}

/** Somebody whose password was right and is good no more: the token lets them set another one. */
export interface PasswordExpired {
  readonly user: User;
  readonly passwordToken: string;
}

/**
 * Lets somebody in who knows their password.
 *
 * @throws {UsherError} `unauthenticated`, in the same words and after the same work whether nobody has that name, the
 *   password is another one, or the person may not sign in.
 */
export async function signIn(nobody: Nobody, username: string, password: string): Promise<SignedIn | PasswordExpired> {
  const found = await checkSignIn({ ...nobody, actor: unknownActor }, username, password);
  if (found === undefined) {
    await fail(nobody, username);
    throw refused();
  }
  const { user, passwordHash } = found;
  const context = { ...nobody, actor: userActor(user) };
  return nobody.db.transaction(async (tx) => {
    const now = await lockUser(tx, user.id);
    // The password may be another one by now, and the person suspended.
    if ((await findSecrets(tx, now.id)).passwordHash !== passwordHash || now.status !== user.status) throw refused();
    if (now.status === 'PASSWORD_EXPIRED') {
      return { user: now, passwordToken: await issueOneTimeToken(context, tx, now.id, 'PASSWORD_RESET') };
    }
    await offerPassword(context, tx, now.id, password, 'SIGNED_IN');
    return { user: now, value: await begin(context, tx, now) };
  });
}

/**
 * Sets the password of whoever holds the token of an activation or a reset link, and lets them in.
 *
 * @throws {UsherError} `credentials_refused` for the token, or `invalid_input` for the password.
 */
export async function signInByLink(nobody: Nobody, token: string, password: string): Promise<SignedIn> {
  const { id } = await setPasswordByToken(nobody, token, password);
  return nobody.db.transaction(async (tx) => {
    const user = await lockUser(tx, id);
    if (user.status !== 'ACTIVE') throw refused();
    return { user, value: await begin({ ...nobody, actor: userActor(user) }, tx, user) };
  });
}

/** Who says who somebody is, and whether it has just asked them. */
interface Voucher {
  readonly provider: IdentityProvider;
  readonly fresh: boolean;
}

/** Lets somebody in for whom a provider vouches. Whether they may enter is for the caller to have asked, in `tx`. */
export async function letInByProvider(
  nobody: Nobody,
  tx: Tx,
  userId: UserId,
  { provider, fresh }: Voucher,
): Promise<SignedIn> {
  const user = await lockUser(tx, userId);
  const context = { ...nobody, actor: userActor(user) };
  const targets = [providerTarget(provider), userTarget(user)];
  await appendEvents(tx, [succeeded(context, 'user.authentication.auth_via_IDP', targets)]);
  return { user, value: await begin(context, tx, user, { provider, fresh }) };
}

/** A session for somebody who has just shown who they are, in place of the one their new password has ended. */
export function reopenSession(context: Context, userId: UserId): Promise<string> {
  return context.db.transaction(async (tx) => begin(context, tx, await lockUser(tx, userId)));
}

/**
 * A link for the owner to set their first password with, where nobody who may do everything can sign in; undefined
 * where somebody can. An earlier one stops working.
 */
export async function issueFirstLink(context: Context): Promise<string | undefined> {
  if (!(await nobodyCanSignIn(context.db))) return undefined;
  const owner = await findOwner(context.db);
  if (owner === undefined) return undefined;
  return context.db.transaction((tx) => issueOneTimeToken(context, tx, owner, 'ACTIVATION'));
}

/**
 * The password again, before something dangerous.
 *
 * @throws {UsherError} `credentials_refused`
 */
export async function proveSession(context: Context, session: ActingSession, password: string): Promise<void> {
  const user = await readUser(context.db, session.userId);
  if ((await checkPassword(context, user.id, password)) === undefined) {
    await writeFailure(context, 'user.authentication.verify', [userTarget(user)]);
    throw new UsherError('credentials_refused', 'That is not your password. Try again.', {
      causes: [{ field: 'password', reason: 'is not correct' }],
    });
  }
  await context.db.transaction(async (tx) => {
    await recordProof(tx, session.id);
    await appendEvents(tx, [succeeded(context, 'user.authentication.verify', [userTarget(user)])]);
  });
}

/** The same by a provider that somebody has just signed in to anew. Whether it is them is for the caller to have asked. */
export async function proveByProvider(
  nobody: Nobody,
  tx: Tx,
  user: User,
  sessionId: SessionId,
  provider: IdentityProvider,
): Promise<void> {
  const context = { ...nobody, actor: userActor(user) };
  await recordProof(tx, sessionId);
  const targets = [providerTarget(provider), userTarget(user)];
  await appendEvents(tx, [succeeded(context, 'user.authentication.verify', targets)]);
}

/** A session as the request shows it. */
interface ActingSession {
  readonly id: SessionId;
  readonly userId: UserId;
}

export async function signOut(context: Context, { id, userId }: ActingSession): Promise<void> {
  await context.db.transaction(async (tx) => {
    const user = await readUser(tx, userId);
    await deleteSessions(tx, userId, { only: id });
    await appendEvents(tx, [succeeded(context, 'user.session.end', [userTarget(user)])]);
  });
}

/** One's own, the newest first. */
export function listOwnSessions(context: Context): Promise<Session[]> {
  return listSessionsOf(context.db, context.actor.id as UserId);
}

/** Ends one's own sessions but the one that asks, or one of them. */
export async function endOwnSessions(
  context: Context,
  which: { readonly only?: SessionId; readonly except?: SessionId },
): Promise<void> {
  await context.db.transaction(async (tx) => end(context, tx, await readUser(tx, context.actor.id), which));
}

/**
 * Signs somebody out everywhere.
 *
 * @throws {UsherError} `not_found`, `forbidden`
 */
export async function endSessions(context: Context, key: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const user = await readUser(tx, key);
    await authorize(context, tx, 'users.credentials', { users: [user.id] });
    await end(context, tx, user, {});
  });
}

/** What is kept of a session. It has well over 128 random bits, so that a plain hash is enough. */
export function hashSession(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** What a page of ours shows with each change; another site's page cannot know it. */
export function csrfTokenOf(value: string): string {
  return createHmac('sha256', value).update('usher csrf').digest('base64url');
}

async function end(
  context: Context,
  tx: Tx,
  user: User,
  which: { readonly only?: SessionId; readonly except?: SessionId },
): Promise<void> {
  const sessions = await deleteSessions(tx, user.id, which);
  if (sessions > 0)
    await appendEvents(tx, [succeeded(context, 'user.session.clear', [userTarget(user)], { sessions })]);
}

async function begin(context: Context, tx: Tx, user: User, voucher?: Voucher): Promise<string> {
  const value = randomToken(sessionLetters);
  await insertSession(tx, {
    id: newId('session'),
    userId: user.id,
    providerId: voucher?.provider.id ?? null,
    proven: voucher === undefined || voucher.fresh,
    hash: hashSession(value),
    expires: new Date(context.clock.now().getTime() + hoursMax * 3_600_000),
    address: context.client?.ipAddress ?? null,
    userAgent: context.client?.userAgent ?? null,
  });
  await recordLogin(tx, user.id);
  await appendEvents(tx, [succeeded(context, 'user.session.start', [userTarget(user)])]);
  return value;
}

/** 256 bits. */
const sessionLetters = 43;

/** Written down also where nobody has the name, so that it takes as long. What was typed is not: it may be a secret. */
async function fail(nobody: Nobody, username: string): Promise<void> {
  const user = await findUser(nobody.db, username);
  const context = { ...nobody, actor: user === undefined ? unknownActor : userActor(user) };
  await writeFailure(context, 'user.session.start', user === undefined ? [] : [userTarget(user)]);
}

async function writeFailure(context: Context, eventType: EventType, targets: readonly EventTarget[]): Promise<void> {
  const event = succeeded(context, eventType, targets);
  await context.db.transaction((tx) =>
    appendEvents(tx, [{ ...event, outcome: 'FAILURE', reason: 'INVALID_CREDENTIALS' }]),
  );
}

function refused(): UsherError {
  return new UsherError('unauthenticated', 'Authentication failed');
}
