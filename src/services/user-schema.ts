import {
  allAttributes,
  type AttributeDefinition,
  type AttributePermission,
  type AttributeSource,
} from '../domain/profile-schema.ts';
import { jsonEqual } from '../lib/json.ts';
import { definitionProblem, patternProblem } from '../domain/user-schema.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import {
  findSchemaByKey,
  forgetAttributes,
  lockSchemaByKey,
  updateUserSchema as updateSchemaRow,
  type UserSchema,
} from '../store/user-schema.ts';
import { releaseAttributes } from './attribute-uses.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { followPeople } from './people-changed.ts';
import { followUniqueness } from './unique-values.ts';

export interface UserSchemaChanges {
  /** Custom attributes to add, to define anew, or with null to remove together with everybody's values. */
  readonly custom?: { readonly [variable: string]: AttributeDefinition | null };
  /** What can be changed of base attributes; the rest of them stays as it is. */
  readonly base?: { readonly [variable: string]: BaseAttributeChanges };
  /** Takes the mappings that use removed attributes away too. Without it such an attribute is not removed. */
  readonly force?: boolean;
}

export interface BaseAttributeChanges {
  /** Only of the first and the last name. */
  readonly required?: boolean;
  /** Only of the login; null goes back to the form of an e-mail address. */
  readonly pattern?: string | null;
  readonly permissions?: readonly AttributePermission[];
  readonly master?: AttributeSource;
}

/**
 * By id; the schema of the default type also as `default`.
 *
 * @throws {UsherError} `not_found`
 */
export async function getUserSchema(context: Context, key = 'default'): Promise<UserSchema> {
  return (await findSchemaByKey(context.db, key)) ?? notFound(key);
}

/**
 * Changes the attributes given and leaves the rest. Values that people have already are not held against a new
 * definition; they are when they change. Only `unique` has to hold for everybody from the start.
 *
 * @throws {UsherError} `not_found`, `invalid_input`; `conflict` naming what uses an attribute that is to go.
 */
export function updateUserSchema(context: Context, changes: UserSchemaChanges, key = 'default'): Promise<UserSchema> {
  return context.db.transaction((tx) => changeUserSchema(context, tx, changes, key));
}

/** The same inside a transaction that does more. */
export async function changeUserSchema(
  context: Context,
  tx: Tx,
  changes: UserSchemaChanges,
  key = 'default',
): Promise<UserSchema> {
  await authorize(context, tx, 'schemas.manage');
  const schema = (await lockSchemaByKey(tx, key)) ?? notFound(key);
  assertChanges(schema, changes);
  const custom = new Map(Object.entries(schema.custom));
  const removed: string[] = [];
  for (const [variable, definition] of Object.entries(changes.custom ?? {})) {
    if (definition !== null) custom.set(variable, definition);
    else if (custom.delete(variable)) removed.push(variable);
  }
  const after = { base: changedBase(schema, changes.base ?? {}), custom: Object.fromEntries(custom) };
  if (jsonEqual(after.base, schema.base) && jsonEqual(after.custom, schema.custom)) return schema;
  const released = await releaseAttributes(context, tx, {
    typeId: schema.typeId,
    names: removed,
    force: changes.force === true,
  });
  await followUniqueness(tx, schema, after.custom);
  await updateSchemaRow(tx, schema.id, after);
  await appendEvents(tx, [
    succeeded(context, 'directory.user_profile.update', [], {
      schema: schema.id,
      attributes: [...Object.keys(changes.custom ?? {}), ...Object.keys(changes.base ?? {})].sort().join(','),
      ...(released.length === 0 ? {} : { removedMappings: released }),
    }),
  ]);
  if (removed.length > 0) {
    await followPeople(context, tx, await forgetAttributes(tx, schema.typeId, removed), 'person');
  }
  return (await findSchemaByKey(tx, schema.id)) ?? notFound(key);
}

function assertChanges(schema: UserSchema, { custom = {}, base = {} }: UserSchemaChanges): void {
  const causes = [
    ...Object.entries(custom).flatMap(([variable, definition]) =>
      definition === null ? removalProblems(schema, variable) : problems(schema, variable, definition),
    ),
    ...Object.entries(base).flatMap(([variable, change]) => baseProblems(schema, variable, change)),
  ];
  if (causes.length === 0) return;
  const reasons = causes.map(({ reason }) => reason);
  throw new UsherError('invalid_input', `The schema cannot be changed. ${reasons.join('; ')}.`, { causes });
}

function removalProblems(schema: UserSchema, variable: string): ErrorCause[] {
  return Object.hasOwn(schema.base, variable)
    ? [{ field: variable, reason: `'${variable}' is a base attribute and cannot be removed` }]
    : [];
}

function baseProblems(schema: UserSchema, variable: string, { required, pattern }: BaseAttributeChanges): ErrorCause[] {
  const definition = schema.base[variable];
  const mayBeOptional = variable === 'firstName' || variable === 'lastName';
  const reason =
    definition === undefined
      ? `'${variable}' is not a base attribute`
      : required !== undefined && required !== (definition.required === true) && !mayBeOptional
        ? `whether '${variable}' is required cannot be changed, only that of firstName and lastName`
        : pattern != null && variable !== 'login'
          ? `'${variable}' cannot have a pattern, only the login can`
          : pattern == null
            ? undefined
            : patternProblem(pattern);
  return reason === undefined ? [] : [{ field: variable, reason }];
}

function problems(schema: UserSchema, variable: string, definition: AttributeDefinition): ErrorCause[] {
  const earlier = Object.hasOwn(schema.custom, variable) ? schema.custom[variable] : undefined;
  const twin = Object.keys(allAttributes(schema)).find(
    (name) => name !== variable && name.toLowerCase() === variable.toLowerCase(),
  );
  const reason =
    definitionProblem(schema.base, variable, definition) ??
    (twin !== undefined
      ? `'${variable}' differs from '${twin}' only in letter case`
      : earlier !== undefined && earlier.type !== definition.type
        ? `'${variable}' is of type ${earlier.type}, which cannot be changed; remove it first`
        : undefined);
  return reason === undefined ? [] : [{ field: variable, reason }];
}

function changedBase(schema: UserSchema, changes: NonNullable<UserSchemaChanges['base']>): UserSchema['base'] {
  const changed = Object.entries(changes).flatMap(([name, change]) => {
    const definition = schema.base[name];
    return definition === undefined ? [] : [[name, withChanges(definition, change)] as const];
  });
  return { ...schema.base, ...Object.fromEntries(changed) };
}

function withChanges(before: AttributeDefinition, change: BaseAttributeChanges): AttributeDefinition {
  const { pattern, ...changes } = change;
  const { pattern: earlier, ...rest } = before;
  const after = pattern === undefined ? earlier : (pattern ?? undefined);
  return { ...rest, ...changes, ...(after === undefined ? {} : { pattern: after }) };
}

function notFound(key: string): never {
  throw new UsherError('not_found', `Not found: Resource not found: ${key} (UserSchema)`);
}
