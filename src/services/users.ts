import { groupTarget, userTarget } from '../domain/event-targets.ts';
import type { Group } from '../domain/group.ts';
import type { NewLogEvent } from '../domain/log-event.ts';
import { allAttributes, type AttributeDefinitions } from '../domain/profile-schema.ts';
import { profileChanges, type Profile } from '../domain/profile.ts';
import { ownProvider, signsInElsewhere, type CredentialProvider, type User, type UserStatus } from '../domain/user.ts';
import { versionOf } from '../domain/user-version.ts';
import { canonicalProfile, invalidProfile, validateProfile } from '../domain/validate-profile.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type GroupId, type TypeId, type UserId } from '../lib/ids.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findGroups, insertMemberships, listGroupsOfUser } from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { revokeOneTimeTokens } from '../store/one-time-tokens.ts';
import { saveCredentials } from '../store/user-credentials.ts';
import { findUserSchema, holdSchemaOfType, type UserSchema } from '../store/user-schema.ts';
import {
  findReports,
  findUser,
  insertUsers,
  lockUsers,
  loginTaken,
  updateProfiles,
  updateType,
} from '../store/users.ts';
import { authorize, forbidden, visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';
import { assertSuits, giveCredentials, hashCredentials, type Credentials } from './credentials.ts';
import { succeeded } from './log.ts';
import { followMemberships } from './memberships-changed.ts';
import { offerPassword } from './password-sync.ts';
import { followPeople } from './people-changed.ts';
import { claimValues } from './unique-values.ts';

export interface CreateUserInput extends Credentials {
  readonly profile: Profile;
  /** Groups of ours the person is in from the start. */
  readonly groupIds?: readonly GroupId[];
  /** Left out: the default type. */
  readonly typeId?: TypeId;
  /** Where else the person signs in: they need no password then, and cannot have one. */
  readonly provider?: CredentialProvider;
  /** False leaves the person STAGED. Default true. */
  readonly activate?: boolean;
  /** Okta's `nextLogin=changePassword`: the password given is good for one sign-in. */
  readonly mustChangePassword?: boolean;
}

/**
 * Adds a person: ACTIVE with a password or a place to sign in, PROVISIONED without, STAGED when not activated.
 *
 * @throws {UsherError} `invalid_input` with a cause per attribute, or for a type that does not exist; `conflict` when
 *   the login or a unique value is taken; `not_found` for a group that does not exist.
 */
export async function createUser(context: Context, input: CreateUserInput): Promise<User> {
  const provider = input.provider === undefined || input.provider.type === 'OKTA' ? undefined : input.provider;
  const hashes = { ...(await hashCredentials(input)), ...(provider === undefined ? {} : { provider }) };
  return context.db.transaction(async (tx) => {
    const schema = await schemaOfType(tx, input.typeId);
    const attributes = allAttributes(schema);
    const profile = canonicalProfile(attributes, input.profile);
    assertValid(attributes, profile, 'create');
    assertSuits(input, { login: profile['login'], provider: provider ?? ownProvider });
    const groups = await groupsToJoin(tx, input.groupIds ?? []);
    await authorizeCreation(context, tx, input.groupIds ?? []);
    const created = { id: newId('user'), status: firstStatus(input), profile };
    const inserted = await insertUsers(tx, schema.typeId, [created]);
    if (inserted.size === 0) throw loginTaken();
    await claimValues(context, tx, [created.id]);
    if (Object.keys(hashes).length > 0) await saveCredentials(tx, created.id, hashes);
    await insertMemberships(
      tx,
      groups.map((group) => ({ groupId: group.id, userId: created.id, source: 'direct' })),
    );
    const imported = hashes.importedHash === undefined ? [] : [passwordImported(context, created)];
    await appendEvents(tx, [...creationEvents(context, created), ...imported, ...joinEvents(context, created, groups)]);
    await followPeople(context, tx, [created.id, ...(await reportsOf(tx, created))], 'person');
    await followMemberships(
      context,
      tx,
      groups.map((group) => group.id),
    );
    return readUser(tx, created.id);
  });
}

/** The log events of a person who has just been added. */
export function creationEvents(context: Context, user: Pick<User, 'id' | 'profile' | 'status'>): NewLogEvent[] {
  const targets = [userTarget(user)];
  const created = succeeded(context, 'user.lifecycle.create', targets);
  return user.status === 'STAGED' ? [created] : [created, succeeded(context, 'user.lifecycle.activate', targets)];
}

/**
 * By id, login, or the part of the login before the @ where only one person has it.
 *
 * @throws {UsherError} `not_found`
 */
export function getUser(context: Context, key: string): Promise<User> {
  return readUser(context.db, key);
}

/**
 * In order of ids.
 *
 * @throws {UsherError} `not_found`
 */
export async function listUserGroups(
  context: Context,
  key: string,
  page: { readonly after?: GroupId; readonly limit: number },
): Promise<Group[]> {
  const user = await readUser(context.db, key);
  return listGroupsOfUser(context.db, user.id, { ...page, within: visibleGroups(context, 'groups.read') });
}

export interface UpdateUserInput extends Credentials {
  readonly profile?: Profile;
  readonly typeId?: TypeId;
  /** The person's version as the caller knows it: nothing is done where it is another by now. */
  readonly version?: string;
}

/**
 * Changes the attributes given; null clears one. What is the same already is neither written nor logged.
 *
 * @throws {UsherError} `not_found`; `invalid_input`, also for another type than the person's; `conflict` when the login
 *   is taken; `changed_meanwhile`.
 */
export function updateUser(context: Context, key: string, input: UpdateUserInput): Promise<User> {
  return changeUser(context, key, input, 'update');
}

/**
 * Replaces the whole profile: attributes that are not given are cleared. Without a profile it stays, and only
 * the credentials or the type change; another type has to fit the profile.
 *
 * @throws {UsherError} as `updateUser` does.
 */
export function replaceUser(context: Context, key: string, input: UpdateUserInput): Promise<User> {
  return changeUser(context, key, input, 'create');
}

/** The log event of a changed profile. It names the attributes, not their values. */
export function profileEvent(context: Context, user: Pick<User, 'id' | 'profile'>, before: Profile): NewLogEvent {
  const changed = Object.keys({ ...profileChanges(user.profile, before), ...profileChanges(before, user.profile) });
  return succeeded(context, 'user.account.update_profile', [userTarget(user)], {
    changedAttributes: changed.sort().join(','),
  });
}

/** People whose manager this is: what their apps are told of the manager may have changed. */
export function reportsOf(db: Queryable, ...managers: readonly Pick<User, 'id' | 'profile'>[]): Promise<UserId[]> {
  const names = managers.flatMap(({ id, profile: { login } }) => (typeof login === 'string' ? [id, login] : [id]));
  return findReports(db, names);
}

/** @throws {UsherError} `not_found` */
export async function readUser(db: Queryable, key: string): Promise<User> {
  const user = await findUser(db, key);
  if (user === undefined) throw userNotFound(key);
  return user;
}

/**
 * The person, kept from changing until the transaction ends.
 *
 * @throws {UsherError} `not_found`
 */
export async function lockUser(tx: Tx, key: string): Promise<User> {
  const { id } = await readUser(tx, key);
  const [user] = await lockUsers(tx, [id]);
  if (user === undefined) throw userNotFound(key);
  return user;
}

async function changeUser(
  context: Context,
  key: string,
  input: UpdateUserInput,
  mode: 'create' | 'update',
): Promise<User> {
  const hashes = await hashCredentials(input);
  return context.db.transaction(async (tx) => {
    const user = await lockUser(tx, key);
    await authorizeChange(context, tx, user, input);
    assertVersion(user, input.version);
    const retyped = input.typeId !== undefined && input.typeId !== user.typeId;
    if (retyped && mode === 'update') throw typeFixed();
    const profile = await changedProfile(tx, user, input, mode);
    assertSuits(input, { login: profile['login'], provider: user.provider });
    const after = { id: user.id, profile };
    if (retyped) await updateType(tx, user.id, input.typeId);
    const changed = Object.keys(profileChanges(profile, user.profile)).length > 0 || lost(user.profile, profile);
    if (changed) {
      await updateProfiles(tx, [after]);
      if (reachedElsewhere(user.profile, profile)) await revokeOneTimeTokens(tx, user.id);
    }
    if (changed || retyped) await claimValues(context, tx, [user.id]);
    if (changed || retyped) await appendEvents(tx, [profileEvent(context, after, user.profile)]);
    const moved = await giveCredentials(context, tx, user, hashes);
    if (changed) await followPeople(context, tx, [user.id, ...(await reportsOf(tx, user, after))], 'person');
    else if (moved) await followPeople(context, tx, [user.id], 'person');
    if (input.password !== undefined) await offerPassword(context, tx, user.id, input.password, 'CHANGED');
    return readUser(tx, user.id);
  });
}

/** Whoever is limited to groups adds people to these only: otherwise nobody could see who was added. */
async function authorizeCreation(context: Context, tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  await authorize(context, tx, 'users.manage', { groups: groupIds });
  if (groupIds.length > 0) await authorize(context, tx, 'groups.members', { groups: groupIds });
  else if (visibleGroups(context, 'users.manage') !== 'all') throw forbidden();
}

async function authorizeChange(context: Context, tx: Tx, user: User, input: UpdateUserInput): Promise<void> {
  const { profile, typeId, password, importedHash, recoveryQuestion } = input;
  const credentials = (password ?? importedHash ?? recoveryQuestion) !== undefined;
  if (credentials) await authorize(context, tx, 'users.credentials', { users: [user.id] });
  if (profile !== undefined || typeId !== undefined || !credentials) {
    await authorize(context, tx, 'users.manage', { users: [user.id] });
  }
}

async function changedProfile(
  tx: Tx,
  user: User,
  { profile: given, typeId }: UpdateUserInput,
  mode: 'create' | 'update',
): Promise<Profile> {
  if (given === undefined && typeId === undefined) return user.profile;
  const attributes = allAttributes(await schemaOfType(tx, typeId ?? user.typeId));
  const whole = canonicalProfile(attributes, given ?? user.profile);
  if (mode === 'create' || given === undefined) {
    assertValid(attributes, whole, 'create');
    return whole;
  }
  assertValid(attributes, given, 'update');
  return canonicalProfile(attributes, { ...user.profile, ...given });
}

/** A link sent to where somebody used to be reached must not work any more. */
function reachedElsewhere(before: Profile, after: Profile): boolean {
  return before['email'] !== after['email'] || before['login'] !== after['login'];
}

function lost(before: Profile, after: Profile): boolean {
  return Object.keys(before).some((name) => !Object.hasOwn(after, name));
}

function assertVersion(user: User, version: string | undefined): void {
  if (version === undefined || version === versionOf(user)) return;
  throw new UsherError(
    'changed_meanwhile',
    'The user has been changed since it was read: nothing was done. Read it again and repeat the change.',
  );
}

function typeFixed(): UsherError {
  const reason = 'The type of a user can only be changed by replacing the user (PUT)';
  return new UsherError('invalid_input', `${reason}.`, { causes: [{ field: 'type', reason }] });
}

/** @throws {UsherError} `invalid_input` where there is no such type. */
async function schemaOfType(tx: Tx, typeId: TypeId | undefined): Promise<UserSchema> {
  if (typeId === undefined) return findUserSchema(tx);
  const schema = await holdSchemaOfType(tx, typeId);
  if (schema !== undefined) return schema;
  const reason = `there is no user type ${typeId}`;
  throw new UsherError('invalid_input', `The user's type cannot be used: ${reason}.`, {
    causes: [{ field: 'type', reason }],
  });
}

function passwordImported(context: Context, user: Pick<User, 'id' | 'profile'>): NewLogEvent {
  return succeeded(context, 'user.import.password', [userTarget(user)]);
}

function firstStatus(input: CreateUserInput): UserStatus {
  if (input.activate === false) return 'STAGED';
  if (input.provider !== undefined && signsInElsewhere(input.provider)) return 'ACTIVE';
  if (input.password === undefined && input.importedHash === undefined) return 'PROVISIONED';
  return input.mustChangePassword === true ? 'PASSWORD_EXPIRED' : 'ACTIVE';
}

async function groupsToJoin(tx: Tx, groupIds: readonly GroupId[]): Promise<Group[]> {
  const groups = await findGroups(tx, groupIds);
  const missing = groupIds.find((id) => !groups.some((group) => group.id === id));
  if (missing !== undefined) throw new UsherError('not_found', `Not found: Resource not found: ${missing} (UserGroup)`);
  const unfit = groups.find((group) => group.type !== 'OKTA_GROUP');
  if (unfit !== undefined) {
    throw new UsherError('invalid_input', `Nobody can be added to ${unfit.profile.name}: it fills itself.`, {
      causes: [{ field: 'groupIds', reason: `${unfit.id} is a group of type ${unfit.type}` }],
    });
  }
  return groups;
}

function joinEvents(context: Context, user: Pick<User, 'id' | 'profile'>, groups: readonly Group[]): NewLogEvent[] {
  return groups.map((group) =>
    succeeded(context, 'group.user_membership.add', [
      userTarget(user),
      groupTarget({ id: group.id, name: group.profile.name }),
    ]),
  );
}

function assertValid(attributes: AttributeDefinitions, profile: Profile, mode: 'create' | 'update'): void {
  const causes = validateProfile(attributes, profile, mode);
  if (causes.length > 0) throw invalidProfile(causes);
}

function userNotFound(key: string): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${key} (User)`);
}
