import type { Mappings } from '../domain/mapping.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import type { App } from '../domain/app.ts';
import { appReferencesIn } from '../expression/apps-read.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findAttributesOfApps, listReadingApps, type ReadingApp } from '../store/profile-reads.ts';
import { lockOwnership } from '../store/shared-accounts.ts';
import { visibleApps } from './authorize.ts';
import type { Context } from './context.ts';

/** By machine name, the attributes of the apps these mappings read, of those the caller may see. */
export function attributesRead(
  context: Context,
  db: Queryable,
  mappings: { readonly [attribute: string]: { readonly expression: string } | null },
): Promise<ReadonlyMap<string, AttributeDefinitions>> {
  const names = Object.values(mappings).flatMap((mapping) =>
    mapping === null ? [] : appReferencesIn(mapping.expression).map(({ appName }) => appName),
  );
  return findAttributesOfApps(db, [...new Set(names)], visibleApps(context));
}

/** The mapping of an app that reads the profile in another: one step on the way round. */
export interface CircleStep {
  readonly attribute: string;
  readonly sentence: string;
}

/**
 * Call it after every change to what an app's mappings read, in its transaction.
 *
 * @throws {UsherError} `invalid_input` naming every mapping on the way, where the app's profile would rest on itself.
 */
export async function assertNoCircle(tx: Tx, app: Pick<App, 'name'>): Promise<void> {
  await lockOwnership(tx);
  const circle = circleThrough(await listReadingApps(tx), app.name);
  if (circle === undefined) return;
  throw new UsherError('invalid_input', `These mappings cannot be used: ${circleSentence(circle)}`, {
    causes: [{ field: `properties.${circle[0]?.attribute ?? ''}`, reason: circleSentence(circle) }],
  });
}

/** The same for mappings that are not saved; undefined where all is well. */
export async function circleWith(
  db: Queryable,
  app: Pick<App, 'id' | 'name' | 'label'>,
  properties: Mappings,
): Promise<{ readonly attribute: string; readonly reason: string } | undefined> {
  const others = (await listReadingApps(db)).filter(({ appId }) => appId !== app.id);
  const circle = circleThrough([...others, { appId: app.id, name: app.name, label: app.label, properties }], app.name);
  const [first] = circle ?? [];
  return circle === undefined || first === undefined
    ? undefined
    : { attribute: first.attribute, reason: circleSentence(circle) };
}

/**
 * Sees to it that no other app's mappings lose what they read: an app that goes, or these attributes of it.
 *
 * @throws {UsherError} `conflict` naming every mapping that reads them.
 */
export async function assertUnread(tx: Tx, app: App, attributes?: readonly string[]): Promise<void> {
  if (attributes?.length === 0) return;
  await lockOwnership(tx);
  const causes = (await listReadingApps(tx)).flatMap((reader) =>
    reader.appId === app.id ? [] : uses(reader, app, attributes),
  );
  if (causes.length === 0) return;
  const what = attributes === undefined ? `${app.label} cannot be deleted` : 'The attribute cannot be removed';
  const sentences = causes.map(({ field, reason }) => `'${field}' ${reason}`).join('; ');
  throw new UsherError('conflict', `${what}: ${sentences}. Change these mappings first.`, { causes });
}

function uses(reader: ReadingApp, { name }: App, attributes: readonly string[] | undefined): ErrorCause[] {
  return Object.entries(reader.properties).flatMap(([mapped, { expression }]) => {
    const found = appReferencesIn(expression).find(
      ({ appName, attribute }) =>
        appName === name && (attributes === undefined || (attribute !== undefined && attributes.includes(attribute))),
    );
    if (found === undefined) return [];
    const field = attributes === undefined ? name : `custom.${found.attribute ?? ''}`;
    return [{ field, reason: `is read by the mapping of ${mapped} of ${reader.label}` }];
  });
}

/** The shortest way from an app by what it reads back to itself. */
function circleThrough(apps: readonly ReadingApp[], name: string): readonly CircleStep[] | undefined {
  const byName = new Map(apps.map((app) => [app.name, app]));
  const seen = new Set<string>();
  let ways: { readonly at: string; readonly steps: readonly CircleStep[] }[] = [{ at: name, steps: [] }];
  while (ways.length > 0) {
    const longer = ways.flatMap(({ at, steps }) =>
      stepsFrom(byName.get(at)).map(({ to, step }) => ({ at: to, steps: [...steps, step] })),
    );
    const round = longer.find(({ at }) => at === name);
    if (round !== undefined) return round.steps;
    ways = longer.filter(({ at }) => !seen.has(at) && seen.add(at));
  }
  return undefined;
}

function stepsFrom(app: ReadingApp | undefined): { readonly to: string; readonly step: CircleStep }[] {
  if (app === undefined) return [];
  return Object.entries(app.properties).flatMap(([attribute, { expression }]) =>
    appReferencesIn(expression).map(({ appName }) => ({
      to: appName,
      step: { attribute, sentence: `the mapping of ${attribute} of ${app.label} reads ${appName}` },
    })),
  );
}

function circleSentence(circle: readonly CircleStep[]): string {
  const steps = circle.map(({ sentence }) => sentence).join(', and ');
  return `${steps}: a profile would be made of itself. Take one of them out.`;
}
