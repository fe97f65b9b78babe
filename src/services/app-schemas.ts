import {
  allAttributes,
  allowedValues,
  type AttributeDefinition,
  type AttributeDefinitions,
  type ProfileSchema,
} from '../domain/profile-schema.ts';
import { valueProblem } from '../domain/validate-profile.ts';
import { compileExpression } from '../expression/compile.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { userNameAttribute } from '../provisioning/app-setup.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import { listMappings, updateMapping, type AppMapping } from '../store/app-mappings.ts';
import { findAppSchema, forgetAssignedAttributes, updateAppSchema as saveAppSchema } from '../store/app-schemas.ts';
import type { AppSchema } from '../store/app-schemas.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { beginAppChange, logAppEvent, lookAgain } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { assertUnread } from './profile-reads.ts';
import { assertUniqueAttribute } from './unique-attribute.ts';

export interface AppSchemaChanges {
  /** Changed custom attributes only; null takes one away. */
  readonly custom?: CustomChanges;
  /** Base attributes come with the integration: they are there for good, but may be named and asked for otherwise. */
  readonly base?: { readonly [attribute: string]: BaseChanges | null };
  /** Takes the mappings onto removed attributes away too. Without it such an attribute is not removed. */
  readonly dropMappings?: boolean;
}

type CustomChanges = { readonly [attribute: string]: AttributeDefinition | null };

/** What is left out stays. A type may be given, and must be the one it is. */
export interface BaseChanges {
  readonly title?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly type?: string;
}

/** @throws {UsherError} `not_found` */
export async function getAppSchema(context: Context, appId: AppId): Promise<AppSchema> {
  return requireSchema(context.db, appId);
}

/**
 * Adds, changes and removes custom attributes, and changes base ones. Values assigned to people and groups go with a removed attribute.
 *
 * @throws {UsherError} `not_found`; `invalid_input` with a cause per attribute; `conflict` when a removed attribute
 *   is still mapped, or read by a mapping of another app.
 */
export async function updateAppSchema(
  context: AppContext,
  appId: AppId,
  changes: AppSchemaChanges,
): Promise<AppSchema> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const before = await requireSchema(tx, appId);
    assertChanges(before, changes, provisioningEntryOf(context, app)?.connector != null);
    const { custom = {}, base = {} } = changes;
    const removed = Object.keys(custom).filter((name) => custom[name] === null);
    await assertUnread(tx, app, removed);
    await removeMappings(tx, appId, removed, changes.dropMappings === true);
    await forgetAssignedAttributes(tx, appId, removed);
    await saveAppSchema(tx, appId, { base: mergeBase(before.base, base), custom: merge(before.custom, custom) });
    await assertUniqueAttribute(tx, appId);
    await lookAgain(context, tx, appId);
    await logAppEvent(context, tx, app, 'directory.app_user_profile.update', {
      debug: { changed: [...Object.keys(custom), ...Object.keys(base)] },
    });
    return requireSchema(tx, appId);
  });
}

const namePattern = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

async function requireSchema(db: Queryable, appId: AppId): Promise<AppSchema> {
  const schema = await findAppSchema(db, appId);
  if (schema !== undefined) return schema;
  throw new UsherError('not_found', `There is no app with the id ${appId}.`);
}

async function removeMappings(tx: Tx, appId: AppId, removed: readonly string[], drop: boolean): Promise<void> {
  if (removed.length === 0) return;
  const uses = (await listMappings(tx, { appId, limit: 2 })).map((mapping) => ({
    mapping,
    uses: usesOf(mapping, removed),
  }));
  const causes = uses.flatMap(({ mapping, uses: found }) =>
    found.map(({ attribute, name }): ErrorCause => {
      const back = `is used by the mapping of ${attribute} to the directory`;
      return { field: `custom.${name}`, reason: mapping.direction === 'TO_APP' ? 'is still mapped' : back };
    }),
  );
  if (causes.length === 0) return;
  if (!drop) {
    const names = [...new Set(uses.flatMap(({ uses: found }) => found.map(({ name }) => name)))];
    throw new UsherError(
      'conflict',
      `These attributes are still mapped and cannot be removed: ${names.join(', ')}. Remove their mappings first, or together with them.`,
      { causes },
    );
  }
  for (const { mapping, uses: found } of uses) {
    const gone = found.map(({ attribute }) => attribute);
    const kept = Object.entries(mapping.properties).filter(([attribute]) => !gone.includes(attribute));
    if (found.length > 0) await updateMapping(tx, mapping.id, Object.fromEntries(kept));
  }
}

/** Mapped attributes that are, or towards the directory are made of, one of these attributes of the app. */
function usesOf({ direction, properties }: AppMapping, names: readonly string[]) {
  return Object.entries(properties).flatMap(([attribute, { expression }]) => {
    const read = direction === 'TO_APP' ? [attribute] : readAttributes(expression);
    const name = names.find((each) => read.includes(each));
    return name === undefined ? [] : [{ attribute, name }];
  });
}

/** Attributes of the account an expression names; what does not compile names nothing. */
function readAttributes(expression: string): readonly string[] {
  try {
    return compileExpression(expression, 'mapping').dependencies.references.flatMap((reference) => {
      const [root = '', attribute] = reference.split('.');
      return attribute !== undefined && ['appuser', 'source'].includes(root) ? [attribute] : [];
    });
  } catch {
    return [];
  }
}

function merge(current: AttributeDefinitions, changes: CustomChanges): AttributeDefinitions {
  const merged: Record<string, AttributeDefinition> = { ...current };
  for (const [name, definition] of Object.entries(changes)) {
    if (definition === null) Reflect.deleteProperty(merged, name);
    else merged[name] = definition;
  }
  return merged;
}

function mergeBase(
  current: AttributeDefinitions,
  changes: NonNullable<AppSchemaChanges['base']>,
): AttributeDefinitions {
  const merged: Record<string, AttributeDefinition> = { ...current };
  for (const [name, change] of Object.entries(changes)) {
    const definition = current[name];
    if (definition === undefined || change === null) continue;
    const { type: _, required, ...texts } = change;
    const { required: before, ...rest } = definition;
    merged[name] = { ...rest, ...texts, ...((required ?? before) === true ? { required: true } : {}) };
  }
  return merged;
}

/** `places`: a connector writes the attributes, so each needs its place in the app. */
function assertChanges(schema: ProfileSchema, { custom = {}, base = {} }: AppSchemaChanges, places: boolean): void {
  const after = allAttributes({ base: schema.base, custom: merge(schema.custom, custom) });
  const causes = Object.entries(custom).flatMap(([name, definition]): ErrorCause[] => {
    const reason = Object.hasOwn(schema.base, name)
      ? 'is a base attribute and stays as it is'
      : definition === null
        ? undefined
        : definitionProblem(name, definition, schema.custom[name], after, places);
    return reason === undefined ? [] : [{ field: `custom.${name}`, reason }];
  });
  for (const [name, change] of Object.entries(base)) {
    const reason = baseProblem(name, change, Object.hasOwn(schema.base, name) ? schema.base[name] : undefined);
    if (reason !== undefined) causes.push({ field: `base.${name}`, reason });
  }
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `The schema cannot be changed: ${sentences}.`, { causes });
}

/** What is wrong with a set of definitions for an app a connector writes to, a cause per attribute. */
export function attributesProblem(attributes: AttributeDefinitions): UsherError | undefined {
  const causes = Object.entries(attributes).flatMap(([name, definition]): ErrorCause[] => {
    const reason = definitionProblem(name, definition, undefined, attributes, name !== userNameAttribute);
    return reason === undefined ? [] : [{ field: `attributes.${name}`, reason }];
  });
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  return causes.length === 0
    ? undefined
    : new UsherError('invalid_input', `The profile cannot be: ${sentences}.`, { causes });
}

function baseProblem(name: string, change: BaseChanges | null, definition: AttributeDefinition | undefined) {
  if (definition === undefined) return 'is no base attribute of the app';
  if (change === null) return 'is a base attribute and cannot be removed';
  if (change.title?.trim() === '') return 'has no title';
  if (change.type !== undefined && change.type !== definition.type) return `is of type ${definition.type} for good`;
  return name === userNameAttribute && change.required === false ? 'is required: every account has a name' : undefined;
}

function definitionProblem(
  name: string,
  definition: AttributeDefinition,
  before: AttributeDefinition | undefined,
  after: AttributeDefinitions,
  places: boolean,
): string | undefined {
  if (!namePattern.test(name)) return 'is no variable name: use letters, digits and _, at most 64, not a digit first';
  if (definition.title.trim() === '') return 'has no title';
  if (before !== undefined && before.type !== definition.type) {
    return `cannot change its type from ${before.type} to ${definition.type}; remove it and add it again`;
  }
  if ((definition.type === 'array') !== (definition.items !== undefined))
    return 'must have items if it is an array, else none';
  const { minLength = 0, maxLength = Infinity } = definition;
  if (minLength > maxLength) return 'has a minLength above its maxLength';
  const unfit = unfitValue(definition);
  if (unfit !== undefined) return `allows ${JSON.stringify(unfit)}, which does not fit the rest of its definition`;
  return places ? placeProblem(name, definition, after) : undefined;
}

/** A value that is allowed, of the attribute or of its items, and could never be one. */
function unfitValue({ enum: values, oneOf, ...rest }: AttributeDefinition): Json | undefined {
  const ofItems: AttributeDefinition = { title: rest.title, type: rest.items?.type ?? 'string' };
  const unfit = [...(values ?? []), ...(oneOf ?? []).map((named) => named.const)].find(
    (value) => value === null || valueProblem(rest, value) !== undefined,
  );
  if (unfit !== undefined) return unfit;
  return allowedValues(rest.items ?? {})?.find((value) => valueProblem(ofItems, value) !== undefined);
}

function placeProblem(name: string, definition: AttributeDefinition, after: AttributeDefinitions): string | undefined {
  const { externalName, externalNamespace } = definition;
  if (externalName === undefined || externalNamespace === undefined) {
    return 'needs an externalName and an externalNamespace: where the app keeps it';
  }
  const other = Object.entries(after).find(
    ([otherName, each]) =>
      otherName !== name && each.externalName === externalName && each.externalNamespace === externalNamespace,
  );
  return other === undefined ? undefined : `has the same place in the app as ${other[0]}`;
}
