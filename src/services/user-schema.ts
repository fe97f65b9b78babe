import { allAttributes, type AttributeDefinition } from '../domain/profile-schema.ts';
import { jsonEqual } from '../lib/json.ts';
import { definitionProblem } from '../domain/user-schema.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import {
  findUserSchema,
  forgetAttributes,
  lockUserSchema,
  updateUserSchema as updateSchemaRow,
  type UserSchema,
} from '../store/user-schema.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { followPeople } from './people-changed.ts';

export interface UserSchemaChanges {
  /** Custom attributes to add, to define anew, or with null to remove together with everybody's values. */
  readonly custom?: { readonly [variable: string]: AttributeDefinition | null };
  /** Whether a first and a last name must be given; nothing else of the base attributes can be changed. */
  readonly required?: { readonly firstName?: boolean; readonly lastName?: boolean };
}

export function getUserSchema(context: Context): Promise<UserSchema> {
  return findUserSchema(context.db);
}

/**
 * Changes the attributes given and leaves the rest. Values that people have already are not held against a new
 * definition; they are when they change.
 *
 * @throws {UsherError} `invalid_input`
 */
export function updateUserSchema(context: Context, changes: UserSchemaChanges): Promise<UserSchema> {
  return context.db.transaction((tx) => changeUserSchema(context, tx, changes));
}

/** The same inside a transaction that does more. */
export async function changeUserSchema(context: Context, tx: Tx, changes: UserSchemaChanges): Promise<UserSchema> {
  await authorize(context, tx, 'schemas.manage');
  const schema = await lockUserSchema(tx);
  const causes = Object.entries(changes.custom ?? {}).flatMap(([variable, definition]) =>
    definition === null ? [] : problems(schema, variable, definition),
  );
  if (causes.length > 0) {
    const reasons = causes.map(({ reason }) => reason);
    throw new UsherError('invalid_input', `The schema cannot be changed. ${reasons.join('; ')}.`, { causes });
  }
  const custom = new Map(Object.entries(schema.custom));
  const removed: string[] = [];
  for (const [variable, definition] of Object.entries(changes.custom ?? {})) {
    if (definition !== null) custom.set(variable, definition);
    else if (custom.delete(variable)) removed.push(variable);
  }
  const after = { base: withRequired(schema, changes.required ?? {}), custom: Object.fromEntries(custom) };
  if (jsonEqual(after.base, schema.base) && jsonEqual(after.custom, schema.custom)) return schema;
  await updateSchemaRow(tx, schema.id, after);
  await appendEvents(tx, [
    succeeded(context, 'directory.user_profile.update', [], {
      attributes: [...Object.keys(changes.custom ?? {}), ...Object.keys(changes.required ?? {})].sort().join(','),
    }),
  ]);
  if (removed.length > 0) await followPeople(context, tx, await forgetAttributes(tx, removed), 'person');
  return findUserSchema(tx);
}

function problems(schema: UserSchema, variable: string, definition: AttributeDefinition): ErrorCause[] {
  const earlier = Object.hasOwn(schema.custom, variable) ? schema.custom[variable] : undefined;
  const twin = Object.keys(allAttributes(schema)).find(
    (name) => name !== variable && name.toLowerCase() === variable.toLowerCase(),
  );
  const reason =
    definitionProblem(variable, definition) ??
    (twin !== undefined
      ? `'${variable}' differs from '${twin}' only in letter case`
      : earlier !== undefined && earlier.type !== definition.type
        ? `'${variable}' is of type ${earlier.type}, which cannot be changed; remove it first`
        : undefined);
  return reason === undefined ? [] : [{ field: variable, reason }];
}

function withRequired(schema: UserSchema, required: NonNullable<UserSchemaChanges['required']>): UserSchema['base'] {
  const changed = Object.entries(required).flatMap(([name, value]) => {
    const definition = schema.base[name];
    return definition === undefined ? [] : [[name, { ...definition, required: value }] as const];
  });
  return { ...schema.base, ...Object.fromEntries(changed) };
}
