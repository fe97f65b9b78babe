import type { CatalogEntry } from '../catalog/entry.ts';
import {
  defaultLimits,
  provisioningOff,
  type App,
  type AppLimits,
  type SignOnMode,
  type UserNameTemplate,
} from '../domain/app.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type AppId } from '../lib/ids.ts';
import { jsonEqual, type JsonObject } from '../lib/json.ts';
import { entryOf } from '../provisioning/open-connection.ts';
import { findConnection, saveConnection } from '../store/app-connections.ts';
import { insertMapping } from '../store/app-mappings.ts';
import { insertAppSchema } from '../store/app-schemas.ts';
import * as store from '../store/apps.ts';
import type { Tx } from '../store/database.ts';
import type { Sealer } from '../store/secret-box.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { prepareCredentials, sealCredentials, type CredentialsInput } from './app-credentials.ts';
import { idTokenSetting } from './app-id-token.ts';
import { appNames } from './app-names.ts';
import { oidcAttributes } from './app-oidc-schema.ts';
import {
  addressIn,
  assertLabel,
  assertLimits,
  assertUserNameTemplate,
  catalogUrl,
  completeAccessibility,
  completeSettings,
  completeVisibility,
  lacksAddress,
  withAddress,
  type AppKind,
} from './app-settings.ts';
import { templateOf } from './app-templates.ts';
import { assertSoleOwner } from './attribute-owners.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { assertUnread } from './profile-reads.ts';

/** An app to be: from a catalog entry or a template, or private when there is no key. What is left out comes from there. */
export interface NewApp {
  /** The key of a catalog entry, or the name of one of Okta's templates. */
  readonly catalogKey?: string;
  readonly label?: string;
  /** A private app must say; of a catalog app's modes the first is taken when this is none of them. */
  readonly signOnMode?: SignOnMode;
  /** Okta's `settings`; the entry's variables are in its `app`. */
  readonly settings?: JsonObject;
  readonly visibility?: JsonObject;
  readonly accessibility?: JsonObject;
  readonly userNameTemplate?: UserNameTemplate;
  readonly credentials?: CredentialsInput;
  readonly limits?: Partial<AppLimits>;
  /** True when left out. */
  readonly activate?: boolean;
  /** The address of a generic entry may be missing: clients of Okta's cannot send it, and the connection brings it. */
  readonly addressLater?: boolean;
}

/** What is left out stays as it is. */
export interface AppChanges {
  readonly label?: string;
  readonly settings?: JsonObject;
  readonly visibility?: JsonObject;
  readonly accessibility?: JsonObject;
  readonly userNameTemplate?: UserNameTemplate;
  readonly credentials?: CredentialsInput;
  /** Of the modes a catalog app may have; what it cannot have is left aside. Any other app keeps its own. */
  readonly signOnMode?: SignOnMode;
  /** Null takes the limit away. */
  readonly limits?: Partial<Omit<AppLimits, 'requestsPerMinute'>> & { readonly requestsPerMinute?: number | null };
}

/** An app just made. A client's secret is shown this once. */
export interface CreatedApp extends App {
  readonly clientSecret?: string;
}

/**
 * Adds an app with its schema and default mappings. Nothing is provisioned until it is turned on.
 *
 * @throws {UsherError} `not_found` (catalog key), `invalid_input`, `invalid_expression` (name template), `conflict`
 *   (client id).
 */
export async function createApp(context: AppContext, input: NewApp): Promise<CreatedApp> {
  await authorize(context, context.db, 'apps.manage', { integration: input.catalogKey ?? null });
  return context.db.transaction((tx) => createAppIn(context, tx, input));
}

/** The same inside a transaction that does more. The caller has asked whether it may. */
export async function createAppIn(context: AppContext, tx: Tx, input: NewApp): Promise<CreatedApp> {
  const { row, kind, secret } = prepareApp(context, await context.secrets.sealer(tx), input);
  const appId = await insertNamed(tx, kind.template?.name ?? kind.entry?.key, row);
  await insertDefaults(tx, appId, kind);
  const app = await requireApp(tx, appId);
  await logAppEvent(context, tx, app, 'application.lifecycle.create');
  return { ...app, ...(secret != null && app.credentials.oauthClient !== undefined ? { clientSecret: secret } : {}) };
}

/** @throws {UsherError} `not_found` */
export async function getApp(context: Context, appId: AppId): Promise<App> {
  return requireApp(context.db, appId);
}

/** What to list; `filter` as written. */
export interface AppListing extends Omit<store.AppFilter, 'filter' | 'within'> {
  readonly filter?: string;
}

/**
 * One page in order of ids.
 *
 * @throws {UsherError} `invalid_input` for a filter that does not hold.
 */
export async function listApps(context: Context, { filter, ...listing }: AppListing): Promise<App[]> {
  const asked = filter === undefined ? {} : { filter: parseFilter(filter, 'filter') };
  return store.listApps(context.db, { ...listing, ...asked, within: visibleApps(context) });
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
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const { after, sealed } = changedApp(
      context,
      await context.secrets.sealer(tx),
      before,
      await store.findSealedCredentials(tx, appId),
      changes,
    );
    await store.updateApp(tx, appId, {
      label: after.label,
      signOnMode: after.signOnMode,
      settings: after.settings,
      visibility: after.visibility,
      accessibility: after.accessibility,
      userNameTemplate: after.userNameTemplate,
      credentials: after.credentials,
      limits: after.limits,
      ...(sealed === undefined ? {} : { sealed }),
    });
    const entry = entryOf(context, before);
    if (entry !== undefined) await moveConnection(tx, entry, before, after);
    const names = changedNames(before, after, sealed !== undefined);
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
 * @throws {UsherError} `not_found`; `wrong_state` unless the app is inactive; `conflict` while mappings of others read it.
 */
export async function deleteApp(context: Context, appId: AppId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    if (app.status !== 'INACTIVE') {
      throw new UsherError('wrong_state', `${app.label} is active and cannot be deleted. Deactivate it first.`);
    }
    await assertUnread(tx, app);
    await store.deleteApp(tx, appId);
    await logAppEvent(context, tx, app, 'application.lifecycle.delete');
  });
}

/** Every account has a name. */
const leastSchema = {
  userName: { title: 'Username', type: 'string', required: true, scope: 'NONE', maxLength: 100 },
} as const;

interface PreparedApp {
  readonly row: Omit<store.NewAppRow, 'name'>;
  readonly kind: AppKind;
  readonly secret: string | null | undefined;
}

function prepareApp(context: AppContext, sealer: Sealer, input: NewApp): PreparedApp {
  const kind = chooseKind(context, input);
  const { entry, template, signOnMode } = kind;
  const id = newId('app');
  const label = input.label ?? entry?.name ?? '';
  const userNameTemplate = input.userNameTemplate ?? {
    template: entry?.userNameTemplate ?? '${source.login}',
    type: 'BUILT_IN',
  };
  const limits: AppLimits = { ...defaultLimits, ...definedOnly(entry?.limits), ...input.limits };
  assertLabel(label);
  const settings = completeSettings(kind, input.settings ?? {}, input);
  assertUserNameTemplate(userNameTemplate);
  assertLimits(limits);
  const subject = { id, signOnMode, name: template?.name ?? '' };
  const { credentials, secret } = prepareCredentials(subject, input.credentials ?? {});
  const row = {
    id,
    catalogKey: entry?.key ?? null,
    label: label.trim(),
    status: input.activate === false ? ('INACTIVE' as const) : ('ACTIVE' as const),
    signOnMode,
    settings,
    visibility: completeVisibility(input.visibility ?? {}),
    accessibility: completeAccessibility(input.accessibility ?? {}),
    userNameTemplate,
    credentials,
    sealed: secret == null ? null : sealCredentials(sealer, id, secret),
    provisioning: provisioningOff,
    limits,
  };
  return { row, kind, secret };
}

/** The app as the changes make it, and its secret in an envelope: null where it goes, undefined where it stays. */
function changedApp(
  context: AppContext,
  sealer: Sealer,
  before: App,
  sealedBefore: string | null,
  changes: AppChanges,
): { readonly after: App; readonly sealed: string | null | undefined } {
  const { label, userNameTemplate, limits, settings, visibility, accessibility } = changes;
  const kind = changedKind(context, before, changes.signOnMode);
  const subject = { id: before.id, signOnMode: kind.signOnMode, name: before.name };
  const known = { credentials: before.credentials, hasSecret: sealedBefore !== null };
  const { credentials, secret } = prepareCredentials(subject, changes.credentials ?? {}, known);
  const after: App = {
    ...before,
    label: (label ?? before.label).trim(),
    signOnMode: kind.signOnMode,
    settings:
      settings === undefined && kind.signOnMode === before.signOnMode
        ? before.settings
        : { ...changedSettings(kind, before.settings, settings ?? before.settings), ...kept(before.settings) },
    visibility: visibility === undefined ? before.visibility : completeVisibility(visibility),
    accessibility: accessibility === undefined ? before.accessibility : completeAccessibility(accessibility),
    userNameTemplate: userNameTemplate ?? before.userNameTemplate,
    credentials,
    limits: limits === undefined ? before.limits : mergeLimits(before.limits, limits),
  };
  assertLabel(after.label);
  assertUserNameTemplate(after.userNameTemplate);
  assertLimits(after.limits);
  return { after, sealed: secret == null ? secret : sealCredentials(sealer, before.id, secret) };
}

/** Who leaves a generic entry's address out did not mean to take it away: clients of Okta's drop it. */
function changedSettings(kind: AppKind, before: JsonObject, given: JsonObject): JsonObject {
  const { entry } = kind;
  const whole =
    entry !== undefined && lacksAddress(entry, given) ? withAddress(entry, given, addressIn(entry, before)) : given;
  return completeSettings(kind, whole, { addressLater: true });
}

/** What an app's settings hold that its API does not show, so that a body sent back has lost it. */
function kept({ [idTokenSetting]: idToken }: JsonObject): JsonObject {
  return idToken === undefined ? {} : { [idTokenSetting]: idToken };
}

async function insertDefaults(tx: Tx, appId: AppId, { entry, template }: AppKind): Promise<void> {
  const base = template?.signOnMode === 'OPENID_CONNECT' ? oidcAttributes : { ...leastSchema, ...entry?.schema };
  await insertAppSchema(tx, appId, { id: newId('schema'), base });
  for (const [direction, properties] of [
    ['TO_APP', entry?.mappings.toApp ?? {}],
    ['TO_DIRECTORY', entry?.mappings.toDirectory ?? {}],
  ] as const) {
    await insertMapping(tx, { id: newId('mapping'), appId, direction, properties });
  }
}

function chooseKind(context: AppContext, { catalogKey, signOnMode }: NewApp): AppKind {
  const template = catalogKey === undefined ? undefined : templateOf(catalogKey);
  if (template !== undefined) return { entry: undefined, template, signOnMode: template.signOnMode };
  const entry = requireEntry(context, catalogKey);
  return { entry, template, signOnMode: chooseSignOnMode(entry, signOnMode) };
}

function changedKind(context: AppContext, app: App, asked: SignOnMode | undefined): AppKind {
  const entry = entryOf(context, app);
  const template = app.catalogKey === null ? templateOf(app.name) : undefined;
  if (asked === undefined || asked === app.signOnMode) return { entry, template, signOnMode: app.signOnMode };
  if (app.catalogKey === null) {
    throw new UsherError('invalid_input', `${app.label} keeps its sign-on mode. Add another app for another one.`, {
      causes: [{ field: 'signOnMode', reason: `cannot be changed from ${app.signOnMode}` }],
    });
  }
  return { entry, template, signOnMode: entry?.signOnModes.includes(asked) === true ? asked : app.signOnMode };
}

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

/** Inserts the app under the first free machine name: of its catalog entry or template, or, without a key, of its own. */
export async function insertNamed(tx: Tx, key: string | undefined, app: Omit<store.NewAppRow, 'name'>): Promise<AppId> {
  const names = appNames(key, app.label, await store.findSubDomain(tx));
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
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    if (app.status === status) return;
    await store.updateApp(tx, appId, { status });
    if (status === 'ACTIVE') await assertSoleOwner(tx, appId);
    await lookAgain(context, tx, appId);
    await logAppEvent(context, tx, app, eventType);
  });
}

/** Names only: the log says that a secret has changed, never what it is. */
function changedNames(before: App, after: App, secretChanged: boolean): string[] {
  const names = [
    ...(['label', 'signOnMode', 'settings', 'visibility', 'accessibility'] as const),
    ...(['userNameTemplate', 'credentials', 'limits'] as const),
  ];
  const changed: string[] = names.filter((name) => !jsonEqual(before[name], after[name]));
  return secretChanged && !changed.includes('credentials') ? [...changed, 'credentials'] : changed;
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
