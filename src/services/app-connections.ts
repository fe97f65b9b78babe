import type { CatalogEntry } from '../catalog/entry.ts';
import type { Connection, ConnectionReport } from '../connectors/contract.ts';
import type { Connector } from '../connectors/definition.ts';
import type { App } from '../domain/app.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { isJsonObject, jsonEqual, type JsonObject } from '../lib/json.ts';
import { assertSettings, joinSecrets, splitSecrets } from '../provisioning/connection-settings.ts';
import {
  connectorOf,
  provisioningEntryOf,
  openAppConnection,
  openUnsavedConnection,
  secretPlace,
  unsealSettings,
} from '../provisioning/open-connection.ts';
import {
  findConnection,
  recordGoodTest,
  resetHealth,
  saveConnection,
  setConnectionStatus,
  type StoredConnection,
} from '../store/app-connections.ts';
import { updateApp } from '../store/apps.ts';
import type { Tx } from '../store/database.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { catalogUrl, lacksAddress, withAddress } from './app-settings.ts';
import { assertSoleOwner } from './attribute-owners.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';

/** A connection as it may be shown. */
export interface ConnectionView {
  /** UNKNOWN: Usher has no connector for this app. */
  readonly status: 'ENABLED' | 'DISABLED' | 'UNKNOWN';
  readonly connector: string | null;
  /** The connector's settings without the secret ones; before the first save the address of the catalog entry. */
  readonly settings: JsonObject;
  readonly hasCredential: boolean;
  /** When the settings last passed a test; null since they were changed. */
  readonly lastTested: Date | null;
}

export interface SetConnection {
  /**
   * The connector's settings. What is left out stays as it is, or comes from the catalog entry (`baseUrl`); an app of
   * a generic entry that has no address yet takes the one given here for its own. Secrets may be left out only while everything else stays the same: a stored one never goes to another address.
   */
  readonly settings: JsonObject;
  /** Turns the connection on, after a test. One that is on is tested either way and stays on. */
  readonly activate?: boolean;
}

/** @throws {UsherError} `not_found` */
export async function getConnection(context: AppContext, appId: AppId): Promise<ConnectionView> {
  const app = await requireApp(context.db, appId);
  if (!hasConnector(context, app)) {
    return { status: 'UNKNOWN', connector: null, settings: {}, hasCredential: false, lastTested: null };
  }
  const connector = connectorOf(context, app);
  return view(
    connector,
    await findConnection(context.db, appId),
    defaultSettings(connector, provisioningEntryOf(context, app), app),
  );
}

/**
 * Stores how to reach the app. When a test is due and fails, its error is passed on and nothing is stored.
 *
 * @throws {UsherError} `not_found`, `unsupported` (no connector), `invalid_input` (a cause per setting), `conflict`
 *   (changed by somebody else meanwhile), and whatever the test finds.
 */
export async function setConnection(context: AppContext, appId: AppId, input: SetConnection): Promise<ConnectionView> {
  await authorize(context, context.db, 'connections.manage', { apps: [appId] });
  const app = await requireApp(context.db, appId);
  const connector = connectorOf(context, app);
  const before = await findConnection(context.db, appId);
  const settings = await completeSettings(context, app, connector, before, input.settings);
  const enable = input.activate === true || before?.status === 'ENABLED';
  // An address of another form than the entry's is told before anything is asked of it.
  addressed(context, app, settings);
  if (enable) await runTest(await openUnsavedConnection(context.db, context, app, settings));
  const { plain, secrets } = splitSecrets(connector, settings);
  return context.db.transaction(async (tx) => {
    const current = await beginAppChange(tx, appId);
    await assertUnchanged(tx, app, before);
    const appSettings = addressed(context, current, settings);
    if (appSettings !== current.settings) await updateApp(tx, appId, { settings: appSettings });
    await saveConnection(
      tx,
      {
        appId,
        status: enable ? 'ENABLED' : 'DISABLED',
        connector: connector.key,
        settings: plain,
        sealed: (await context.secrets.sealer(tx)).seal(JSON.stringify(secrets), secretPlace(appId)),
      },
      { sameApp: before !== undefined && jsonEqual(withoutAuth(before.settings), withoutAuth(plain)), tested: enable },
    );
    await resetHealth(tx, appId);
    await connectionChanged(context, tx, app, enable ? 'ENABLED' : 'DISABLED');
    return view(connector, await findConnection(tx, appId), {});
  });
}

/**
 * Tries the stored connection, or settings that are not stored yet. Reads only. When the stored one passes, a pause
 * or an open circuit of the app ends.
 *
 * @throws {UsherError} the first thing that is wrong: `app_*` as the connector says, `wrong_state` (nothing stored),
 *   `invalid_input`, `unsupported`, `not_found`.
 */
export async function testConnection(
  context: AppContext,
  appId: AppId,
  unsaved?: JsonObject,
): Promise<ConnectionReport> {
  await authorize(context, context.db, 'connections.manage', { apps: [appId] });
  const app = await requireApp(context.db, appId);
  if (unsaved !== undefined) {
    const stored = await findConnection(context.db, appId);
    const settings = await completeSettings(context, app, connectorOf(context, app), stored, unsaved);
    return runTest(await openUnsavedConnection(context.db, context, app, settings));
  }
  const report = await runTest(await openAppConnection(context.db, context, appId));
  await context.db.transaction(async (tx) => {
    await recordGoodTest(tx, appId);
    await context.queue.signalApps(tx, [appId]);
  });
  return report;
}

/**
 * Tests the stored connection, unless the caller has, and turns it on. Its errors are those of `testConnection`; then
 * nothing changes.
 */
export async function activateConnection(
  context: AppContext,
  appId: AppId,
  { tested = false }: { readonly tested?: boolean } = {},
): Promise<void> {
  await authorize(context, context.db, 'connections.manage', { apps: [appId] });
  const app = await requireApp(context.db, appId);
  const before = await findConnection(context.db, appId);
  if (!tested) await runTest(await openAppConnection(context.db, context, appId));
  await context.db.transaction(async (tx) => {
    await beginAppChange(tx, appId);
    await assertUnchanged(tx, app, before);
    await setConnectionStatus(tx, appId, 'ENABLED');
    await recordGoodTest(tx, appId);
    await connectionChanged(context, tx, app, 'ENABLED');
  });
}

/** From here on nothing is sent to the app. Settings and credential are kept. */
export async function deactivateConnection(context: Context, appId: AppId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'connections.manage', { apps: [appId] });
    if ((await findConnection(tx, appId)) === undefined) {
      throw new UsherError('wrong_state', `${app.label} has no connection that could be turned off.`);
    }
    await setConnectionStatus(tx, appId, 'DISABLED');
    await connectionChanged(context, tx, app, 'DISABLED');
  });
}

/**
 * The `auth` settings for an app that takes one token, in the form the app expects it: as a bearer token, or in the
 * catalog entry's own header.
 *
 * @throws {UsherError} `invalid_input` where the app signs in otherwise.
 */
export function tokenAuth(entry: Pick<CatalogEntry, 'name' | 'authModes' | 'connection'>, token: string): JsonObject {
  const mode = entry.authModes.find((candidate) => candidate === 'bearer' || candidate === 'header');
  if (mode === 'bearer') return { scheme: 'bearer', token };
  if (mode === 'header') {
    const template = entry.connection?.headerTemplate ?? '{token}';
    return { scheme: 'header', value: template.replace('{token}', () => token) };
  }
  throw wrongScheme(entry, 'token');
}

/** A test makes a handful of requests, each with its own time-out; this bounds them together. */
const testTimeoutMs = 60_000;

async function runTest(connection: Connection): Promise<ConnectionReport> {
  try {
    return await connection.test(AbortSignal.timeout(testTimeoutMs));
  } finally {
    await connection.close();
  }
}

function hasConnector(context: AppContext, app: App): boolean {
  const key = provisioningEntryOf(context, app)?.connector;
  return context.connectors.some((connector) => connector.key === key);
}

function view(connector: Connector, stored: StoredConnection | undefined, defaults: JsonObject): ConnectionView {
  return {
    status: stored?.status ?? 'DISABLED',
    connector: connector.key,
    settings: stored?.settings ?? defaults,
    hasCredential: stored !== undefined && stored.sealed !== null,
    lastTested: stored?.lastTested ?? null,
  };
}

function defaultSettings(connector: Connector, entry: CatalogEntry | undefined, app: App): JsonObject {
  const baseUrl = connector.settings.properties['baseUrl'] === undefined ? undefined : catalogUrl(entry, app);
  return baseUrl === undefined ? {} : { baseUrl };
}

/** The app's own settings, with the connection's address where they have none. */
function addressed(context: AppContext, app: App, { baseUrl }: JsonObject): JsonObject {
  const entry = provisioningEntryOf(context, app);
  return entry !== undefined && lacksAddress(entry, app.settings)
    ? withAddress(entry, app.settings, baseUrl)
    : app.settings;
}

/** The settings as given, completed with what is stored as far as that is safe, and checked. */
async function completeSettings(
  context: AppContext,
  app: App,
  connector: Connector,
  stored: StoredConnection | undefined,
  given: JsonObject,
): Promise<JsonObject> {
  const entry = provisioningEntryOf(context, app);
  const fallback = stored?.settings ?? defaultSettings(connector, entry, app);
  const settings = withTidyUrl({ ...fallback, ...given });
  assertScheme(entry, settings);
  const parts = splitSecrets(connector, settings);
  if (stored?.sealed != null && jsonEqual(parts.plain, stored.settings)) {
    const known = await unsealSettings(context.db, context.secrets, app, stored);
    const complete = joinSecrets({ plain: known, secrets: settings });
    assertSettings(connector, complete);
    return complete;
  }
  try {
    assertSettings(connector, settings);
  } catch (error) {
    const asked = error instanceof UsherError && error.causes.some(({ reason }) => reason === 'is missing');
    throw stored?.sealed != null && asked ? withReason(error) : error;
  }
  return settings;
}

function withReason(error: UsherError): UsherError {
  const hint =
    'The stored credential is used only while the address and the way to sign in stay the same; otherwise enter it again.';
  return new UsherError(error.code, `${error.message} ${hint}`, { causes: error.causes, cause: error });
}

function withTidyUrl(settings: JsonObject): JsonObject {
  const baseUrl = settings['baseUrl'];
  return typeof baseUrl === 'string' ? { ...settings, baseUrl: baseUrl.trim().replace(/\/+$/, '') } : settings;
}

function assertScheme(entry: CatalogEntry | undefined, settings: JsonObject): void {
  const auth = settings['auth'];
  if (entry === undefined || !isJsonObject(auth)) return;
  const scheme = auth['scheme'];
  if (typeof scheme === 'string' && !entry.authModes.some((mode) => mode === scheme)) throw wrongScheme(entry, scheme);
}

function wrongScheme(entry: Pick<CatalogEntry, 'name' | 'authModes'>, scheme: string): UsherError {
  const reason = `must be ${entry.authModes.join(' or ')}`;
  return new UsherError(
    'invalid_input',
    `${entry.name} does not sign in with "${scheme}": settings.auth.scheme ${reason}.`,
    {
      causes: [{ field: 'settings.auth.scheme', reason }],
    },
  );
}

function withoutAuth(settings: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'auth'));
}

/** What was tested, and whose secrets were reused, must be what is there when the change is made. */
async function assertUnchanged(tx: Tx, app: App, before: StoredConnection | undefined): Promise<void> {
  const now = await findConnection(tx, app.id);
  if (now?.sealed === before?.sealed && now?.status === before?.status) return;
  throw new UsherError('conflict', `The connection of ${app.label} was changed by somebody else meanwhile. Try again.`);
}

async function connectionChanged(
  context: Context,
  tx: Tx,
  app: App,
  status: StoredConnection['status'],
): Promise<void> {
  if (status === 'ENABLED') await assertSoleOwner(tx, app.id);
  await lookAgain(context, tx, app.id);
  await logAppEvent(context, tx, app, 'application.configuration.update', { debug: { connectionStatus: status } });
}
