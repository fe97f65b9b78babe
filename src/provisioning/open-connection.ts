import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogEntry } from '../catalog/entry.ts';
import type { Connection } from '../connectors/contract.ts';
import type { Connector } from '../connectors/definition.ts';
import type { App, AppLimits } from '../domain/app.ts';
import { allAttributes } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http-client.ts';
import type { AppId } from '../lib/ids.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { findConnection, mergeLearned, type StoredConnection } from '../store/app-connections.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import { findApp } from '../store/apps.ts';
import type { Db, Queryable } from '../store/database.ts';
import type { SecretBox } from '../store/secret-box.ts';
import { assertSettings, joinSecrets } from './connection-settings.ts';

/** Makes the way out to one app, bounded by its limits. */
export type HttpClientFactory = (limits: AppLimits) => HttpClient;

/** What it takes to speak to an app. */
export interface ConnectionDeps {
  readonly catalog: Catalog;
  readonly connectors: readonly Connector[];
  readonly secrets: SecretBox;
  readonly openHttp: HttpClientFactory;
}

/**
 * Opens the app's stored connection, whether enabled or not. The caller closes it, outside of any transaction:
 * closing waits until what was learned about the app is stored. `share` says how much of the app's limits it may use.
 *
 * @throws {UsherError} `not_found`, `unsupported` (no connector), `wrong_state` (no connection or credential),
 *   `secret_unreadable`, `invalid_input` (settings an older connector took).
 */
export async function openAppConnection(
  db: Db,
  deps: ConnectionDeps,
  appId: AppId,
  share: (limits: AppLimits) => AppLimits = (limits) => limits,
): Promise<Connection> {
  const app = await findApp(db, appId);
  if (app === undefined) throw new UsherError('not_found', `There is no app with the id ${appId}.`);
  const stored = await findConnection(db, appId);
  if (stored === undefined) {
    throw new UsherError('wrong_state', `${app.label} has no connection yet. Enter its address and credential first.`);
  }
  const settings = await unsealSettings(db, deps.secrets, app, stored);
  const learner = createLearner(db, appId);
  const shared = { ...app, limits: share(app.limits) };
  const connection = await open(db, deps, shared, settings, { learned: stored.learned, learn: learner.learn });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await learner.settle();
    },
  };
}

/** Opens a connection with settings that are not stored: nothing is kept of what it learns. */
export function openUnsavedConnection(
  db: Db,
  deps: ConnectionDeps,
  app: App,
  settings: JsonObject,
): Promise<Connection> {
  return open(db, deps, app, settings, { learned: {}, learn: () => undefined });
}

/** The catalog entry an app was made from; undefined for a private app. */
export function entryOf(deps: Pick<ConnectionDeps, 'catalog'>, app: App): CatalogEntry | undefined {
  return app.catalogKey === null ? undefined : deps.catalog.get(app.catalogKey);
}

/** The entry that says how the app is provisioned: its own, or the one an administrator gave it for that. */
export function provisioningEntryOf(deps: Pick<ConnectionDeps, 'catalog'>, app: App): CatalogEntry | undefined {
  const own = entryOf(deps, app);
  if (own?.connector != null || app.provisioningKey === null) return own;
  return deps.catalog.get(app.provisioningKey) ?? own;
}

/** The connector of the app's catalog entry. @throws {UsherError} `unsupported` where there is none. */
export function connectorOf(deps: Pick<ConnectionDeps, 'catalog' | 'connectors'>, app: App): Connector {
  const key = provisioningEntryOf(deps, app)?.connector;
  const connector = deps.connectors.find((candidate) => candidate.key === key);
  if (connector !== undefined) return connector;
  throw new UsherError(
    'unsupported',
    `${app.label} cannot be provisioned: Usher has no connector for it. Use it as a tile, or add it from a catalog entry with provisioning.`,
  );
}

/** Binds a sealed credential to the app it belongs to. */
export function secretPlace(appId: AppId): string {
  return `app_connections/${appId}`;
}

/** The stored settings with their secrets, in clear: for the connector and for nothing else. */
export async function unsealSettings(
  db: Queryable,
  secrets: SecretBox,
  app: App,
  stored: StoredConnection,
): Promise<JsonObject> {
  return joinSecrets({ plain: stored.settings, secrets: await unseal(db, secrets, app, stored) });
}

async function unseal(db: Queryable, secrets: SecretBox, app: App, stored: StoredConnection): Promise<JsonObject> {
  if (stored.sealed === null) {
    throw new UsherError('wrong_state', `The connection of ${app.label} has no credential. Enter it again.`);
  }
  const opened: unknown = JSON.parse(await secrets.open(db, stored.sealed, secretPlace(app.id)));
  return isJsonObject(opened) ? opened : {};
}

async function open(
  db: Db,
  deps: ConnectionDeps,
  app: App,
  settings: JsonObject,
  knowledge: { readonly learned: JsonObject; readonly learn: (facts: JsonObject) => void },
): Promise<Connection> {
  const connector = connectorOf(deps, app);
  assertSettings(connector, settings);
  const schema = await findAppSchema(db, app.id);
  const http = deps.openHttp(app.limits);
  try {
    const connection = connector.open({
      settings,
      attributes: schema === undefined ? {} : allAttributes(schema),
      quirks: { ...provisioningEntryOf(deps, app)?.quirks, ...verbQuirk(app) },
      ...knowledge,
      http,
      pageSize: app.limits.pageSize,
      ...uniqueOption(app),
    });
    return {
      ...connection,
      close: async () => {
        await connection.close();
        await http.close();
      },
    };
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** User name and e-mail are what connectors go by of their own accord. */
function uniqueOption({ provisioning: { uniqueAttribute = 'userName' } }: App): { uniqueAttribute?: string } {
  return uniqueAttribute === 'userName' ? {} : { uniqueAttribute };
}

/** The administrator's word on how changes are sent comes over the catalog's. */
function verbQuirk({ provisioning: { updateVerb = 'AUTOMATIC' } }: App): JsonObject {
  return updateVerb === 'AUTOMATIC' ? {} : { updateMethod: updateVerb };
}

interface Learner {
  learn(facts: JsonObject): void;
  /** Resolves when everything learned so far is stored. */
  settle(): Promise<void>;
}

/** Stores facts as they come, those that come while a write is under way together. */
function createLearner(db: Db, appId: AppId): Learner {
  let waiting: JsonObject = {};
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (Object.keys(waiting).length > 0) {
      const facts = waiting;
      waiting = {};
      await db.transaction((tx) => mergeLearned(tx, appId, facts));
    }
  };
  return {
    learn: (facts) => {
      waiting = { ...waiting, ...facts };
      writing ??= write()
        // A fact that could not be stored is learned again; no provisioning may fail for it.
        .catch(() => undefined)
        .finally(() => (writing = undefined));
    },
    settle: () => writing ?? Promise.resolve(),
  };
}
