import type { CatalogEntry } from '../catalog/entry.ts';
import {
  defaultLimits,
  provisioningOff,
  type App,
  type AppLimits,
  type SignOnMode,
  type UserNameTemplate,
} from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type AppId } from '../lib/ids.ts';
import { jsonEqual, type JsonObject } from '../lib/json.ts';
import { entryOf } from '../provisioning/open-connection.ts';
import { findConnection, saveConnection } from '../store/app-connections.ts';
import { insertMapping } from '../store/app-mappings.ts';
import { insertAppSchema } from '../store/app-schemas.ts';
import * as store from '../store/apps.ts';
import type { Tx } from '../store/database.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { appNames } from './app-names.ts';
import {
  assertAppSettings,
  assertLabel,
  assertLimits,
  assertUserNameTemplate,
  catalogUrl,
  withVariables,
} from './app-settings.ts';
import type { AppContext, Context } from './context.ts';

/** An app to be: from a catalog entry, or private when there is no key. What is left out comes from the entry. */
export interface NewApp {
  readonly catalogKey?: string;
  readonly label?: string;
  /** A private app must say; of a catalog app's modes the first is taken when this is none of them. */
  readonly signOnMode?: SignOnMode;
  /** Okta's `settings`; the entry's variables are in its `app`. */
  readonly settings?: JsonObject;
  readonly visibility?: JsonObject;
  readonly accessibility?: JsonObject;
  readonly userNameTemplate?: UserNameTemplate;
  readonly limits?: Partial<AppLimits>;
  /** True when left out. */
  readonly activate?: boolean;
}

/** What is left out stays as it is. */
export interface AppChanges {
  readonly label?: string;
  readonly settings?: JsonObject;
  readonly visibility?: JsonObject;
  readonly accessibility?: JsonObject;
  readonly userNameTemplate?: UserNameTemplate;
  /** Null takes the limit away. */
  readonly limits?: Partial<Omit<AppLimits, 'requestsPerMinute'>> & { readonly requestsPerMinute?: number | null };
}

/**
 * Adds an app with its schema and default mappings. Nothing is provisioned until it is turned on.
 *
 * @throws {UsherError} `not_found` (catalog key), `invalid_input`, `invalid_expression` (name template).
 */
export async function createApp(context: AppContext, input: NewApp): Promise<App> {
  const entry = requireEntry(context, input.catalogKey);
  const signOnMode = chooseSignOnMode(entry, input.signOnMode);
  const label = input.label ?? entry?.name ?? '';
  const settings = withVariables(input.settings ?? {});
  const userNameTemplate = input.userNameTemplate ?? {
    template: entry?.userNameTemplate ?? '${source.login}',
    type: 'BUILT_IN',
  };
  const limits: AppLimits = { ...defaultLimits, ...definedOnly(entry?.limits), ...input.limits };
  assertLabel(label);
  assertAppSettings(entry, signOnMode, settings);
  assertUserNameTemplate(userNameTemplate);
  assertLimits(limits);
  return context.db.transaction(async (tx) => {
    const appId = await insertNamed(tx, entry, {
      id: newId('app'),
      catalogKey: entry?.key ?? null,
      label: label.trim(),
      status: input.activate === false ? 'INACTIVE' : 'ACTIVE',
      signOnMode,
      settings,
      visibility: input.visibility ?? defaultVisibility,
      accessibility: input.accessibility ?? defaultAccessibility,
      userNameTemplate,
      provisioning: provisioningOff,
      limits,
    });
    await insertAppSchema(tx, appId, { id: newId('schema'), base: { ...leastSchema, ...entry?.schema } });
    const mappings = { appId, toApp: entry?.mappings.toApp ?? {}, toDirectory: entry?.mappings.toDirectory ?? {} };
    await insertMapping(tx, { id: newId('mapping'), appId, direction: 'TO_APP', properties: mappings.toApp });
    await insertMapping(tx, {
      id: newId('mapping'),
      appId,
      direction: 'TO_DIRECTORY',
      properties: mappings.toDirectory,
    });
    const app = await requireApp(tx, appId);
    await logAppEvent(context, tx, app, 'application.lifecycle.create');
    return app;
  });
}

/** @throws {UsherError} `not_found` */
export async function getApp(context: Context, appId: AppId): Promise<App> {
  return requireApp(context.db, appId);
}

/** One page in order of ids. */
export async function listApps(context: Context, filter: store.AppFilter): Promise<App[]> {
  return store.listApps(context.db, filter);
}

/**
 * A variable that the connection's address is made of takes the connection with it: the address follows, and the
 * credential must be entered again, so that it never goes to an address it was not given for.
 *
 * @throws {UsherError} `not_found`, `invalid_input`, `invalid_expression`.
 */
export async function updateApp(context: AppContext, appId: AppId, changes: AppChanges): Promise<App> {
  return context.db.transaction(async (tx) => {
    const before = await beginAppChange(tx, appId);
    const entry = entryOf(context, before);
    const { limits, settings, ...fields } = changes;
    const after: App = {
      ...before,
      ...fields,
      label: (changes.label ?? before.label).trim(),
      ...(settings === undefined ? {} : { settings: withVariables(settings) }),
      ...(limits === undefined ? {} : { limits: mergeLimits(before.limits, limits) }),
    };
    assertLabel(after.label);
    assertUserNameTemplate(after.userNameTemplate);
    assertLimits(after.limits);
    if (settings !== undefined) assertAppSettings(entry, before.signOnMode, after.settings);
    await store.updateApp(tx, appId, {
      label: after.label,
      settings: after.settings,
      visibility: after.visibility,
      accessibility: after.accessibility,
      userNameTemplate: after.userNameTemplate,
      limits: after.limits,
    });
    if (entry !== undefined) await moveConnection(tx, entry, before, after);
    const names = changedNames(before, after);
    if (names.length === 0) return after;
    if (names.includes('settings') || names.includes('userNameTemplate')) await lookAgain(context, tx, appId);
    else await context.queue.signalApps(tx, [appId]);
    await logAppEvent(context, tx, after, 'application.lifecycle.update', { debug: { changed: names } });
    return requireApp(tx, appId);
  });
}

/** Nothing happens where the app is active already. */
export async function activateApp(context: Context, appId: AppId): Promise<void> {
  await setStatus(context, appId, 'ACTIVE', 'application.lifecycle.activate');
}

/** From here on nothing is sent to the app; assignments stay. Nothing happens where it is inactive already. */
export async function deactivateApp(context: Context, appId: AppId): Promise<void> {
  await setStatus(context, appId, 'INACTIVE', 'application.lifecycle.deactivate');
}

/**
 * Removes the app with everybody's assignment to it. Accounts in the app are left as they are; the log is kept.
 *
 * @throws {UsherError} `not_found`; `wrong_state` unless the app is inactive.
 */
export async function deleteApp(context: Context, appId: AppId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    if (app.status !== 'INACTIVE') {
      throw new UsherError('wrong_state', `${app.label} is active and cannot be deleted. Deactivate it first.`);
    }
    await store.deleteApp(tx, appId);
    await logAppEvent(context, tx, app, 'application.lifecycle.delete');
  });
}

const defaultVisibility: JsonObject = {
  autoLaunch: false,
  autoSubmitToolbar: false,
  hide: { iOS: false, web: false },
  appLinks: {},
};

const defaultAccessibility: JsonObject = { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null };

/** Every account has a name. */
const leastSchema = {
  userName: { title: 'Username', type: 'string', required: true, scope: 'NONE', maxLength: 100 },
} as const;

function requireEntry(context: AppContext, key: string | undefined): CatalogEntry | undefined {
  if (key === undefined) return undefined;
  const entry = context.catalog.get(key);
  if (entry !== undefined) return entry;
  throw new UsherError('not_found', `The catalog has no integration "${key}". Search the catalog for its name.`, {
    causes: [{ field: 'name', reason: `there is no integration "${key}"` }],
  });
}

function chooseSignOnMode(entry: CatalogEntry | undefined, asked: SignOnMode | undefined): SignOnMode {
  const mode = asked !== undefined && (entry?.signOnModes.includes(asked) ?? true) ? asked : entry?.signOnModes[0];
  if (mode !== undefined) return mode;
  throw new UsherError('invalid_input', 'A private app needs a sign-on mode. Give one, for instance BOOKMARK.', {
    causes: [{ field: 'signOnMode', reason: 'is missing' }],
  });
}

async function insertNamed(
  tx: Tx,
  entry: CatalogEntry | undefined,
  app: Omit<store.NewAppRow, 'name'>,
): Promise<AppId> {
  const names = appNames(entry?.key, app.label, await store.findSubDomain(tx));
  for (const name of names) {
    if (await store.insertApp(tx, { ...app, name })) return app.id;
  }
  throw new UsherError('internal', `No free machine name was found for ${app.label}. Try another label.`);
}

async function moveConnection(tx: Tx, entry: CatalogEntry, before: App, after: App): Promise<void> {
  const stored = await findConnection(tx, before.id);
  if (stored === undefined) return;
  const from = catalogUrl(entry, before);
  const to = catalogUrl(entry, after);
  if (from === to || to === undefined || stored.settings['baseUrl'] !== from) return;
  const settings = { ...stored.settings, baseUrl: to };
  await saveConnection(
    tx,
    { ...stored, status: 'DISABLED', settings, sealed: null },
    { sameApp: false, tested: false },
  );
}

async function setStatus(
  context: Context,
  appId: AppId,
  status: App['status'],
  eventType: 'application.lifecycle.activate' | 'application.lifecycle.deactivate',
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    if (app.status === status) return;
    await store.updateApp(tx, appId, { status });
    await lookAgain(context, tx, appId);
    await logAppEvent(context, tx, app, eventType);
  });
}

function changedNames(before: App, after: App): string[] {
  const names = ['label', 'settings', 'visibility', 'accessibility', 'userNameTemplate', 'limits'] as const;
  return names.filter((name) => !jsonEqual(before[name], after[name]));
}

function mergeLimits(limits: AppLimits, changes: NonNullable<AppChanges['limits']>): AppLimits {
  const { requestsPerMinute, ...others } = changes;
  const { requestsPerMinute: current, ...kept } = limits;
  const merged = { ...kept, ...others };
  const next = requestsPerMinute === undefined ? current : requestsPerMinute;
  return next === undefined || next === null ? merged : { ...merged, requestsPerMinute: next };
}

function definedOnly(limits: CatalogEntry['limits'] | undefined): Partial<AppLimits> {
  return Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => value !== undefined));
}
