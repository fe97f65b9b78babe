import type { AttributeMapping, MappingDirection, Mappings } from '../domain/mapping.ts';
import { allAttributes } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, MappingId } from '../lib/ids.ts';
import * as store from '../store/app-mappings.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import type { Queryable } from '../store/database.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { assertSoleOwner } from './attribute-owners.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { Context } from './context.ts';
import {
  assertMappings,
  mappingProblems,
  readsNothing,
  unmappedRequired,
  type MappingGround,
} from './mapping-checks.ts';
import { assertNoCircle, attributesRead, circleWith } from './profile-reads.ts';
import { assertUniqueAttribute } from './unique-attribute.ts';

/** Changed attributes only; null takes a mapping away. */
export type MappingChanges = { readonly [targetAttribute: string]: AttributeMapping | null };

/**
 * When a changed mapping reaches accounts. NOW: everybody in the app is looked at again. LATER: each person as soon as
 * something else about them changes, or when they are synchronized.
 */
export type ApplyWhen = 'NOW' | 'LATER';

export interface MappingFinding {
  readonly attribute: string;
  /** An `error` keeps the mapping from being saved, or the attribute from being evaluated; a `warning` does not. */
  readonly severity: 'error' | 'warning';
  readonly reason: string;
}

/** @throws {UsherError} `not_found` */
export async function getMapping(context: Context, mappingId: MappingId): Promise<store.AppMapping> {
  const mapping = await requireMapping(context.db, mappingId);
  await authorize(context, context.db, 'apps.read', { apps: [mapping.appId] });
  return mapping;
}

/** One page in order of ids; both directions of every app unless the filter says otherwise. */
export async function listMappings(context: Context, filter: store.MappingFilter): Promise<store.AppMapping[]> {
  return store.listMappings(context.db, { ...filter, within: visibleApps(context) });
}

/**
 * Holds a mapping against both schemas as they are now, with changes that are not saved: what has become wrong since,
 * what would be refused, and what is required and not mapped.
 *
 * @throws {UsherError} `not_found`
 */
export async function checkMapping(
  context: Context,
  mappingId: MappingId,
  changes: MappingChanges = {},
): Promise<MappingFinding[]> {
  const mapping = await requireMapping(context.db, mappingId);
  await authorize(context, context.db, 'mappings.manage', { apps: [mapping.appId] });
  const properties = mergeMappings(mapping.properties, changes);
  const ground = await groundOf(context, context.db, mapping, properties);
  const circle =
    mapping.direction === 'TO_APP'
      ? await circleWith(context.db, await requireApp(context.db, mapping.appId), properties)
      : undefined;
  const problems = [...mappingProblems(ground, properties), ...(circle === undefined ? [] : [circle])];
  return [
    ...problems.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...readsNothing(ground, properties).map(({ attribute, appName }) => ({
      attribute,
      severity: 'warning' as const,
      reason: `reads ${appName}, which is not a person or this app: what people have there gives nothing here`,
    })),
    ...unmappedRequired(ground, properties).map((attribute) => ({
      attribute,
      severity: 'warning' as const,
      reason: 'is required and not mapped: people need a value for it by their groups or their assignment',
    })),
  ];
}

/**
 * Merges changes into one direction's mappings. When they decide what is in the app, everybody in it is looked at
 * again, unless that is left for later.
 *
 * @throws {UsherError} `not_found`; `invalid_input` with a cause per attribute: unknown, read-only, or an expression
 *   that does not compile, names what is not there, or makes a profile of itself by way of other apps.
 */
export async function updateMapping(
  context: Context,
  mappingId: MappingId,
  changes: MappingChanges,
  apply: ApplyWhen = 'NOW',
): Promise<store.AppMapping> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, (await requireMapping(tx, mappingId)).appId);
    // Read again: only from here on nobody else can be changing it.
    const mapping = await requireMapping(tx, mappingId);
    await authorizeMapping(context, tx, mapping);
    assertMappings(await groundOf(context, tx, mapping, changes), changes);
    await store.updateMapping(tx, mappingId, mergeMappings(mapping.properties, changes));
    if (mapping.direction === 'TO_APP') {
      await assertNoCircle(tx, app);
      await assertUniqueAttribute(tx, app.id);
      await assertSoleOwner(tx, app.id);
      if (apply === 'NOW') await lookAgain(context, tx, app.id);
    }
    await logAppEvent(context, tx, app, 'directory.mapping.update', {
      debug: { direction: mapping.direction, changed: Object.keys(changes), apply },
    });
    return requireMapping(tx, mappingId);
  });
}

/**
 * Has everybody in the app looked at again, as if the mappings had changed. Towards the directory that is for the next
 * import to do.
 *
 * @throws {UsherError} `not_found` (app)
 */
export async function reapplyMappings(context: Context, appId: AppId, direction: MappingDirection): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await requireApp(tx, appId);
    await authorizeMapping(context, tx, { appId, direction });
    if (direction === 'TO_APP') await lookAgain(context, tx, appId);
    await logAppEvent(context, tx, app, 'app.app_instance.provision_sync_job.started', { debug: { direction } });
  });
}

/** What an app says of people may be written over what the directory says: that takes the right to change anybody. */
async function authorizeMapping(
  context: Context,
  db: Queryable,
  { appId, direction }: Pick<store.AppMapping, 'appId' | 'direction'>,
): Promise<void> {
  await authorize(context, db, 'mappings.manage', { apps: [appId] });
  if (direction === 'TO_DIRECTORY') await authorize(context, db, 'users.import');
}

async function requireMapping(db: Queryable, mappingId: MappingId): Promise<store.AppMapping> {
  const mapping = await store.findMapping(db, mappingId);
  if (mapping !== undefined) return mapping;
  throw new UsherError('not_found', `There is no mapping with the id ${mappingId}.`);
}

async function groundOf(
  context: Context,
  db: Queryable,
  { appId, direction }: { readonly appId: AppId; readonly direction: MappingDirection },
  mappings: MappingChanges,
): Promise<MappingGround> {
  const schema = await findAppSchema(db, appId);
  const ofApp = schema === undefined ? {} : allAttributes(schema);
  // One mapping serves people of every type; each takes the attributes that their type has.
  const ofPeople = await findAllUserAttributes(db);
  return direction === 'TO_APP'
    ? { direction, target: ofApp, source: ofPeople, others: await attributesRead(context, db, mappings) }
    : { direction, target: ofPeople, source: ofApp, others: new Map() };
}

/** Mappings with these changes. */
export function mergeMappings(current: Mappings, changes: MappingChanges): Mappings {
  const merged: Record<string, AttributeMapping> = { ...current };
  for (const [attribute, mapping] of Object.entries(changes)) {
    if (mapping === null) Reflect.deleteProperty(merged, attribute);
    else merged[attribute] = mapping;
  }
  return merged;
}
