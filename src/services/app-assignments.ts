import type { App } from '../domain/app.ts';
import type { AppUser } from '../domain/app-user.ts';
import { userTarget } from '../domain/event-targets.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import type { User } from '../domain/user.ts';
import { canonicalProfile, validateProfile } from '../domain/validate-profile.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import { findConnection } from '../store/app-connections.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import * as store from '../store/app-users.ts';
import { recheckAssignments } from '../store/assignments.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findUser, lockUsers } from '../store/users.ts';
import { followAssignments, logAppEvent, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import type { Asked } from './directory-listing.ts';

export interface AssignmentValues {
  /** Values of app attributes for this person; they win over mappings and groups. Null takes one back. */
  readonly profile?: Profile;
  /** The account's name instead of what the app's template makes; null takes it back. */
  readonly userName?: string | null;
  /** A password of the account, kept sealed; null takes it away. Usher does not send it to the app. */
  readonly password?: string | null;
}

export interface UserAssignment extends AssignmentValues {
  readonly userId: UserId;
}

export interface AssignmentUpdate extends AssignmentValues {
  /** USER makes an assignment by group an individual one; GROUP gives it back to the groups. */
  readonly scope?: 'USER' | 'GROUP';
}

export interface AssignmentCounts {
  readonly assigned: number;
  /** Had the app individually before. */
  readonly already: number;
  /** Unknown or deactivated. */
  readonly refused: number;
}

/**
 * Gives the app to one person individually. Somebody who has it already keeps it, with the values given now.
 *
 * @throws {UsherError} `not_found` (app or user), `wrong_state` (deactivated), `invalid_input` (values).
 */
export async function assignUser(context: AppContext, appId: AppId, assignment: UserAssignment): Promise<AppUser> {
  return context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const user = await lockUser(tx, assignment.userId);
    if (user.status === 'DEPROVISIONED') {
      throw new UsherError(
        'wrong_state',
        `${label(user)} is deactivated and cannot be assigned an app. Activate them first.`,
      );
    }
    const before = await store.findAppUser(tx, appId, user.id);
    await store.assignDirectly(tx, appId, [user.id]);
    await saveValues(context, tx, app, user.id, true, before?.assignedProfile ?? {}, assignment);
    if (before !== undefined) await logUpdate(context, tx, app, user);
    await followAssignments(context, tx, appId, [user.id]);
    return requireAppUser(tx, app, user.id);
  });
}

/**
 * Gives the app to many people individually, in one statement.
 *
 * @throws {UsherError} `not_found` (app)
 */
export async function assignUsers(
  context: Context,
  appId: AppId,
  userIds: readonly UserId[],
): Promise<AssignmentCounts> {
  const wanted = [...new Set(userIds)];
  return context.db.transaction(async (tx) => {
    await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const assigned = (await store.assignDirectly(tx, appId, wanted)).length;
    const standing = await store.countDirect(tx, appId, wanted);
    if (assigned > 0) await followAssignments(context, tx, appId, wanted);
    return { assigned, already: standing - assigned, refused: wanted.length - standing };
  });
}

/**
 * Changes somebody's assignment. Values make it an individual one, so that no group changes them again.
 *
 * @throws {UsherError} `not_found` (app, or the person does not have it), `invalid_input` (values), `wrong_state` (no
 *   group to give it back to).
 */
export async function updateAssignment(
  context: AppContext,
  appId: AppId,
  userId: UserId,
  update: AssignmentUpdate,
): Promise<AppUser> {
  return context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const user = await lockUser(tx, userId);
    const before = await requireAppUser(tx, app, userId);
    if (update.scope === 'GROUP') {
      await backToGroups(tx, app, user);
    } else {
      // Nothing is taken back from who has the app by a group, and their assignment stays the group's.
      const hasValues = [update.profile, update.userName ?? undefined, update.password].some(
        (value) => value !== undefined,
      );
      const direct = update.scope === 'USER' || before.scope === 'USER' || hasValues;
      await saveValues(context, tx, app, userId, direct, before.assignedProfile, update);
    }
    await logUpdate(context, tx, app, user);
    await followAssignments(context, tx, appId, [userId]);
    return requireAppUser(tx, app, userId);
  });
}

/**
 * Ends somebody's individual assignment. Unless a group still gives them the app, their account is taken away.
 *
 * @throws {UsherError} `not_found` (app, or the person does not have it), `wrong_state` (only groups give it).
 */
export async function unassignUser(context: Context, appId: AppId, userId: UserId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const before = await requireAppUser(tx, app, userId);
    if (before.scope === 'GROUP') throw await givenByGroups(tx, app, userId);
    await store.endDirectAssignment(tx, appId, userId);
    await recheckAssignments(tx, { appId, userIds: [userId] });
    await followAssignments(context, tx, appId, [userId]);
  });
}

/**
 * Ends the individual assignments of many people, set-based. Who has the app through a group as well keeps it so.
 * Returns how many assignments were ended.
 *
 * @throws {UsherError} `not_found` (app)
 */
export async function unassignUsers(context: Context, appId: AppId, userIds: readonly UserId[]): Promise<number> {
  return context.db.transaction(async (tx) => {
    await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const ended = await store.endDirectAssignmentsOf(tx, appId, userIds);
    await recheckAssignments(tx, { appId, userIds: ended });
    if (ended.length > 0) await followAssignments(context, tx, appId, ended);
    return ended.length;
  });
}

/** One page in order of user ids: those who have the app. */
export async function listAppUsers(
  context: Context,
  appId: AppId,
  { filter, ...listing }: Asked<store.AppUserFilter>,
): Promise<AppUser[]> {
  await requireApp(context.db, appId);
  const asked = filter === undefined ? {} : { filter: parseFilter(filter, 'filter') };
  return store.listAppUsers(context.db, appId, { ...listing, ...asked });
}

/** @throws {UsherError} `not_found` (app, or the person does not have it) */
export async function getAppUser(context: Context, appId: AppId, userId: UserId): Promise<AppUser> {
  return requireAppUser(context.db, await requireApp(context.db, appId), userId);
}

/**
 * Provisions people who were assigned while provisioning was off. Returns how many of those named there were.
 *
 * @throws {UsherError} `not_found` (app), `wrong_state` (provisioning is still off).
 */
export async function provisionUnprovisioned(
  context: Context,
  appId: AppId,
  userIds: readonly UserId[] | 'all',
): Promise<number> {
  return context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    if (app.provisioning.manual !== true) await assertProvisioned(tx, app);
    const count = await store.releaseUnprovisioned(tx, appId, userIds === 'all' ? undefined : userIds);
    if (count > 0) await context.queue.signalApps(tx, [appId]);
    return count;
  });
}

/** @throws {UsherError} `wrong_state` while nothing is sent to the app. */
export async function assertProvisioned(db: Queryable, app: App): Promise<void> {
  const connection = await findConnection(db, app.id);
  if (connection?.status === 'ENABLED' && app.status === 'ACTIVE') return;
  throw new UsherError(
    'wrong_state',
    `Provisioning is not enabled for ${app.label}. Activate the app and its connection first.`,
  );
}

async function lockUser(tx: Tx, userId: UserId): Promise<User> {
  const [user] = await lockUsers(tx, [userId]);
  if (user !== undefined) return user;
  throw new UsherError('not_found', `There is no user with the id ${userId}.`);
}

async function requireAppUser(db: Queryable, app: App, userId: UserId): Promise<AppUser> {
  const appUser = await store.findAppUser(db, app.id, userId);
  if (appUser !== undefined) return appUser;
  throw new UsherError('not_found', `The user ${userId} is not assigned to ${app.label}.`);
}

async function saveValues(
  { secrets }: AppContext,
  tx: Tx,
  app: App,
  userId: UserId,
  direct: boolean,
  current: Profile,
  { profile = {}, userName, password }: AssignmentValues,
): Promise<void> {
  const given: Profile = userName === undefined ? profile : { ...profile, userName };
  const schema = await findAppSchema(tx, app.id);
  const attributes = schema === undefined ? {} : allAttributes(schema);
  assertValues(attributes, given);
  const assignedProfile = canonicalProfile(attributes, { ...current, ...given });
  if (typeof password === 'string') assertPassword(password);
  const sealed =
    typeof password === 'string'
      ? (await secrets.sealer(tx)).seal(password, `app_users/${app.id}/${userId}`)
      : password;
  await store.updateAssignment(tx, app.id, userId, {
    direct,
    assignedProfile,
    ...(sealed === undefined ? {} : { sealedPassword: sealed }),
  });
}

const passwordMax = 256;

function assertPassword(password: string): void {
  if (password !== '' && password.length <= passwordMax) return;
  const reason = password === '' ? 'is empty' : `is longer than ${passwordMax} characters`;
  throw new UsherError('invalid_input', `This password cannot be kept: it ${reason}.`, {
    causes: [{ field: 'credentials.password.value', reason }],
  });
}

/** Null is always good here: it gives the attribute back to its mapping. */
function assertValues(attributes: AttributeDefinitions, given: Profile): void {
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const readOnly = Object.keys(values).filter((name) => attributes[name]?.mutability === 'READ_ONLY');
  const causes: ErrorCause[] = [
    ...validateProfile(attributes, values, 'update'),
    ...readOnly.map((field) => ({ field, reason: 'is read-only' })),
  ];
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field}: ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These values cannot be assigned: ${sentences}.`, { causes });
}

async function backToGroups(tx: Tx, app: App, user: User): Promise<void> {
  const groups = await store.findAssigningGroups(tx, app.id, user.id);
  if (groups.length === 0) {
    throw new UsherError(
      'wrong_state',
      `No group gives ${app.label} to ${label(user)}, so the assignment stays individual. Add them to an assigned group first.`,
    );
  }
  await store.updateAssignment(tx, app.id, user.id, { direct: false, assignedProfile: {}, sealedPassword: null });
}

async function givenByGroups(tx: Tx, app: App, userId: UserId): Promise<UsherError> {
  const user = await findUser(tx, userId);
  const groups = await store.findAssigningGroups(tx, app.id, userId);
  const who = user === undefined ? userId : label(user);
  return new UsherError(
    'wrong_state',
    `${who} has ${app.label} through ${groups.join(', ')}. Take them out of the group, or the app from the group.`,
  );
}

async function logUpdate(context: Context, tx: Tx, app: App, user: User): Promise<void> {
  await logAppEvent(context, tx, app, 'application.user_membership.update', { targets: [userTarget(user)] });
}

function label(user: User): string {
  return userTarget(user).alternateId;
}
