import { userTarget } from '../domain/event-targets.ts';
import type { EventType } from '../domain/log-event.ts';
import { canSignIn, statusAfter, type LifecycleVerb, type User, type UserStatus } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import { endDirectAssignments } from '../store/assignments.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { revokeOneTimeTokens } from '../store/one-time-tokens.ts';
import { deleteSessions } from '../store/sessions.ts';
import { forgetAttempts } from '../store/user-credentials.ts';
import { deleteUser as deleteUserRow, updateStatus } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { assertAdminLeft } from './last-admin.ts';
import { succeeded } from './log.ts';
import { issueOneTimeToken } from './one-time-tokens.ts';
import { followPeople, refreshPeopleOfApps } from './people-changed.ts';
import { lockUser, readUser, reportsOf } from './users.ts';

const eventOf: Record<LifecycleVerb, EventType> = {
  activate: 'user.lifecycle.activate',
  reactivate: 'user.lifecycle.reactivate',
  deactivate: 'user.lifecycle.deactivate',
  suspend: 'user.lifecycle.suspend',
  unsuspend: 'user.lifecycle.unsuspend',
  unlock: 'user.account.unlock',
};

const refusals: Record<LifecycleVerb, string> = {
  activate:
    'Activation failed because the user is already active; only a STAGED or DEPROVISIONED user can be activated',
  reactivate: 'Only a user who is PROVISIONED or in RECOVERY can be reactivated',
  deactivate: 'The user is deactivated already',
  suspend: 'Cannot suspend a user that is not active',
  unsuspend: 'Cannot unsuspend a user that is not suspended',
  unlock: 'Only a LOCKED_OUT user can be unlocked',
};

/**
 * Moves a person through their lifecycle. Deactivating takes every app: individual assignments end, group
 * memberships stay and give their apps again on the return.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` when the person's status does not allow the verb, or nobody else
 *   could administer Usher.
 */
export function changeLifecycle(context: Context, key: string, verb: LifecycleVerb): Promise<User> {
  return context.db.transaction(async (tx) => {
    const user = await lockUser(tx, key);
    await authorize(context, tx, verb === 'unlock' ? 'users.credentials' : 'users.manage', { users: [user.id] });
    await applyVerb(context, tx, user, verb);
    return readUser(tx, user.id);
  });
}

/**
 * Activates a person, or begins their activation anew, and returns the token of a link with which they set their
 * first password; undefined for somebody who needs none. Nothing is mailed.
 *
 * @throws {UsherError} as `changeLifecycle` does.
 */
export function activateByLink(
  context: Context,
  key: string,
  verb: 'activate' | 'reactivate',
): Promise<string | undefined> {
  return context.db.transaction(async (tx) => {
    const user = await lockUser(tx, key);
    await authorize(context, tx, 'users.manage', { users: [user.id] });
    const status = await applyVerb(context, tx, user, verb);
    return status === 'PROVISIONED' ? issueOneTimeToken(context, tx, user.id, 'ACTIVATION') : undefined;
  });
}

/**
 * Deactivates a person; called for somebody who is deactivated already, deletes them. Accounts that apps still
 * have of the person stay known until they are taken away.
 *
 * @returns which of the two was done.
 * @throws {UsherError} `not_found`, or `wrong_state` when nobody else could administer Usher.
 */
export function deleteUser(context: Context, key: string): Promise<'deactivated' | 'deleted'> {
  return context.db.transaction(async (tx) => {
    const user = await lockUser(tx, key);
    await authorize(context, tx, 'users.manage', { users: [user.id] });
    if (user.status !== 'DEPROVISIONED') {
      await applyVerb(context, tx, user, 'deactivate');
      return 'deactivated';
    }
    const reports = await reportsOf(tx, user);
    await deleteUserRow(tx, user.id);
    await appendEvents(tx, [succeeded(context, 'user.lifecycle.delete.initiated', [userTarget(user)])]);
    await followPeople(context, tx, [user.id, ...reports], 'person');
    return 'deleted';
  });
}

/** Returns the new status. Links the person was given before do nothing from now on. */
async function applyVerb(context: Context, tx: Tx, user: User, verb: LifecycleVerb): Promise<UserStatus> {
  const status = statusAfter(verb, user.status, canSignIn(user));
  if (status === undefined) {
    throw new UsherError('wrong_state', `${refusals[verb]}. The user's status is ${user.status}.`, {
      causes: [{ field: 'status', reason: refusals[verb] }],
    });
  }
  if (verb === 'deactivate' || verb === 'suspend') await assertAdminLeft(tx, { userId: user.id });
  await updateStatus(tx, user.id, status);
  if (status !== 'ACTIVE') await deleteSessions(tx, user.id);
  await revokeOneTimeTokens(tx, user.id);
  if (verb === 'unlock') await forgetAttempts(tx, user.id);
  await appendEvents(tx, [succeeded(context, eventOf[verb], [userTarget(user)])]);
  if (verb === 'deactivate') {
    await endDirectAssignments(tx, [user.id]);
    await refreshPeopleOfApps(context, tx, [user.id]);
  } else {
    await followPeople(context, tx, [user.id], 'person');
  }
  return status;
}
