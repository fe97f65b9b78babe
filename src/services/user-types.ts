import type { UserType } from '../domain/user-type.ts';
import { baseUserAttributes } from '../domain/user-schema.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import * as store from '../store/user-types.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';

export interface UserTypeInput {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
}

/**
 * Adds a type of people. Its schema begins with the base attributes alone.
 *
 * @throws {UsherError} `invalid_input`, or `conflict` when the name is taken.
 */
export function createUserType(context: Context, input: UserTypeInput): Promise<UserType> {
  assertUsable(input);
  const type = { ...input, id: newId('user_type'), schemaId: newId('schema'), by: context.actor.id };
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'schemas.manage');
    await store.insertUserType(tx, type, baseUserAttributes);
    await log(context, tx, 'directory.non_default_user_profile.create', input.name);
    return required(tx, type.id);
  });
}

/** The default type first. */
export function listUserTypes(context: Context): Promise<UserType[]> {
  return store.listUserTypes(context.db);
}

/**
 * By id; the default type also as `default`.
 *
 * @throws {UsherError} `not_found`
 */
export async function getUserType(context: Context, key: string): Promise<UserType> {
  return (await store.findUserType(context.db, key)) ?? notFound(key);
}

/**
 * Changes what is given. The name is for life.
 *
 * @throws {UsherError} `not_found` or `invalid_input`
 */
export function updateUserType(context: Context, key: string, changes: Partial<UserTypeInput>): Promise<UserType> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'schemas.manage');
    const type = (await store.lockUserType(tx, key)) ?? notFound(key);
    const after = { name: type.name, displayName: type.displayName, description: type.description, ...changes };
    if (after.name !== type.name)
      throw invalid([{ field: 'name', reason: 'The name of a user type cannot be changed' }]);
    assertUsable(after);
    if (after.displayName === type.displayName && after.description === type.description) return type;
    await store.updateUserType(tx, type.id, after, context.actor.id);
    await log(context, tx, 'directory.user_profile.update', type.name);
    return required(tx, type.id);
  });
}

/**
 * Deletes a type nobody is of, with its schema.
 *
 * @throws {UsherError} `not_found`, or `wrong_state` for the default type and one that somebody is of.
 */
export function deleteUserType(context: Context, key: string): Promise<void> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'schemas.manage');
    const type = (await store.lockUserType(tx, key)) ?? notFound(key);
    const obstacle = type.isDefault
      ? 'it is the default user type'
      : (await store.typeHasUsers(tx, type.id))
        ? 'there are users of this type; give them another type, or delete them, first'
        : undefined;
    if (obstacle !== undefined) {
      throw new UsherError('wrong_state', `The user type ${type.name} cannot be deleted: ${obstacle}.`, {
        causes: [{ field: 'type', reason: obstacle }],
      });
    }
    await store.deleteUserType(tx, type);
    await log(context, tx, 'directory.user_profile.update', type.name, { deleted: true });
  });
}

async function log(
  context: Context,
  tx: Tx,
  eventType: 'directory.non_default_user_profile.create' | 'directory.user_profile.update',
  name: string,
  more: { readonly deleted?: true } = {},
): Promise<void> {
  await appendEvents(tx, [succeeded(context, eventType, [], { userType: name, ...more })]);
}

async function required(tx: Tx, key: string): Promise<UserType> {
  return (await store.findUserType(tx, key)) ?? notFound(key);
}

const nameMax = 50;
const textMax = 255;

function assertUsable({ name, displayName, description }: UserTypeInput): void {
  const causes: ErrorCause[] = [];
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || name.length > nameMax || name === 'default') {
    const reason = `must be a variable name of at most ${nameMax} letters, digits and underscores, beginning with a letter, and not default`;
    causes.push({ field: 'name', reason });
  }
  const texts = [
    ['displayName', displayName],
    ['description', description ?? ''],
  ] as const;
  for (const [field, text] of texts) {
    if (text.length > textMax) causes.push({ field, reason: `must have at most ${textMax} characters` });
    if (/\p{Cc}/u.test(text)) causes.push({ field, reason: 'must not contain a control character' });
  }
  if (displayName.trim() === '') causes.push({ field: 'displayName', reason: 'The field cannot be left blank' });
  if (causes.length > 0) throw invalid(causes);
}

function invalid(causes: readonly ErrorCause[]): UsherError {
  const reasons = causes.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return new UsherError('invalid_input', `The user type cannot be saved. ${reasons}.`, { causes });
}

function notFound(key: string): never {
  throw new UsherError('not_found', `Not found: Resource not found: ${key} (UserType)`);
}
