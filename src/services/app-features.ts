import { featuresOf, type AppFeature } from '../catalog/features.ts';
import type { Capabilities } from '../catalog/entry.ts';
import type { App, ProvisioningSettings } from '../domain/app.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { entryOf } from '../provisioning/open-connection.ts';
import { findConnection, findEnabledConnections } from '../store/app-connections.ts';
import { updateApp } from '../store/apps.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';

export type EnabledStatus = 'ENABLED' | 'DISABLED';
interface Switch {
  readonly status: EnabledStatus;
}

/** Okta's CapabilitiesObject of the feature USER_PROVISIONING. */
export interface UserProvisioningCapabilities {
  readonly create: { readonly lifecycleCreate: Switch };
  readonly update: {
    readonly profile: Switch;
    readonly lifecycleDeactivate: Switch;
    /** Always DISABLED: passwords are not pushed. */
    readonly password: Switch & { readonly seed: 'OKTA' | 'RANDOM'; readonly change: 'CHANGE' | 'KEEP_EXISTING' };
  };
}

export interface AppFeatureView {
  readonly name: 'USER_PROVISIONING';
  readonly status: EnabledStatus;
  readonly description: string;
  readonly capabilities: UserProvisioningCapabilities;
}

/** Any part of the capabilities; what is left out stays as it is. */
export interface CapabilitiesUpdate {
  readonly create?: { readonly lifecycleCreate?: Partial<Switch> };
  readonly update?: {
    readonly profile?: Partial<Switch>;
    readonly lifecycleDeactivate?: Partial<Switch>;
    readonly password?: Partial<UserProvisioningCapabilities['update']['password']>;
  };
}

/** @throws {UsherError} `not_found`; `invalid_input` while the connection is off, as in Okta. */
export async function listFeatures(context: Context, appId: AppId): Promise<AppFeatureView[]> {
  return [await getFeature(context, appId, 'USER_PROVISIONING')];
}

/** @throws {UsherError} `not_found` (app or feature); `invalid_input` while the connection is off. */
export async function getFeature(context: Context, appId: AppId, name: string): Promise<AppFeatureView> {
  assertFeature(name);
  const app = await requireApp(context.db, appId);
  await assertConnectionEnabled(context.db, appId);
  return userProvisioning(app.provisioning);
}

/**
 * Turns capabilities on and off; everybody in the app is looked at again.
 *
 * @throws {UsherError} `not_found` (app or feature); `invalid_input` while the connection is off, and for a capability
 *   the app does not have.
 */
export async function updateFeature(
  context: AppContext,
  appId: AppId,
  name: string,
  { create, update }: CapabilitiesUpdate,
): Promise<AppFeatureView> {
  assertFeature(name);
  if (update?.password?.status === 'ENABLED') throw passwordsUnsupported();
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    await assertConnectionEnabled(tx, appId);
    const provisioning = {
      ...app.provisioning,
      ...isOn('create', create?.lifecycleCreate),
      ...isOn('update', update?.profile),
      ...isOn('deactivate', update?.lifecycleDeactivate),
    };
    await saveProvisioning(context, tx, app, provisioning);
    return userProvisioning(provisioning);
  });
}

/**
 * The same switches and the finer ones Okta's API has no place for. What is left out stays as it is.
 *
 * @throws {UsherError} `not_found`; `invalid_input` when something is turned on that the app does not have, or while
 *   the connection is off.
 */
export async function updateProvisioning(
  context: AppContext,
  appId: AppId,
  changes: Partial<ProvisioningSettings>,
): Promise<ProvisioningSettings> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const provisioning = { ...app.provisioning, ...changes };
    if (changes.create === true || changes.update === true || changes.deactivate === true) {
      await assertConnectionEnabled(tx, appId);
    }
    await saveProvisioning(context, tx, app, provisioning);
    return provisioning;
  });
}

/** Per app the features that are on, for the `features` of its JSON; none while its connection is off. */
export async function enabledFeatures(
  context: AppContext,
  apps: readonly App[],
): Promise<ReadonlyMap<AppId, readonly AppFeature[]>> {
  const enabled = await findEnabledConnections(
    context.db,
    apps.map((app) => app.id),
  );
  return new Map(
    apps.map((app) => {
      const entry = entryOf(context, app);
      const possible = entry === undefined || !enabled.has(app.id) ? [] : featuresOf(entry);
      return [app.id, possible.filter((feature) => featureIsOn(feature, app.provisioning))];
    }),
  );
}

const description = 'User provisioning settings from Usher to the app';

function assertFeature(name: string): void {
  if (name === 'USER_PROVISIONING') return;
  throw new UsherError('not_found', `There is no feature "${name}" here. USER_PROVISIONING is the one there is.`);
}

async function assertConnectionEnabled(db: Queryable, appId: AppId): Promise<void> {
  const connection = await findConnection(db, appId);
  if (connection?.status === 'ENABLED') return;
  const message = 'Provisioning is not enabled for the app instance.';
  throw new UsherError('invalid_input', message, {
    causes: [{ field: 'connection', reason: 'is not enabled; set it up and activate it first' }],
  });
}

async function saveProvisioning(
  context: AppContext,
  tx: Tx,
  app: App,
  provisioning: ProvisioningSettings,
): Promise<void> {
  assertCapable(context, app, provisioning);
  await updateApp(tx, app.id, { provisioning });
  await lookAgain(context, tx, app.id);
  await logAppEvent(context, tx, app, 'application.configuration.update', { debug: { ...provisioning } });
}

function assertCapable(context: AppContext, app: App, wanted: ProvisioningSettings): void {
  const can = entryOf(context, app)?.capabilities.users;
  const causes = switches.flatMap(({ name, capability, field }): ErrorCause[] =>
    wanted[name] && !app.provisioning[name] && can?.[capability] !== true
      ? [{ field, reason: `is not supported by ${app.label}` }]
      : [],
  );
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `This cannot be turned on: ${sentences}.`, { causes });
}

const switches: readonly {
  readonly name: 'create' | 'update' | 'deactivate';
  readonly capability: keyof Capabilities['users'];
  readonly field: string;
}[] = [
  { name: 'create', capability: 'create', field: 'create.lifecycleCreate' },
  { name: 'update', capability: 'update', field: 'update.profile' },
  { name: 'deactivate', capability: 'deactivate', field: 'update.lifecycleDeactivate' },
];

function passwordsUnsupported(): UsherError {
  const field = 'update.password';
  return new UsherError('invalid_input', 'Usher does not push passwords: leave update.password DISABLED.', {
    causes: [{ field, reason: 'is not supported' }],
  });
}

function isOn<Name extends string>(name: Name, given: Partial<Switch> | undefined): { [Key in Name]?: boolean } {
  const change: { [Key in Name]?: boolean } = {};
  if (given?.status !== undefined) change[name] = given.status === 'ENABLED';
  return change;
}

function userProvisioning({ create, update, deactivate }: ProvisioningSettings): AppFeatureView {
  return {
    name: 'USER_PROVISIONING',
    status: toStatus(create || update || deactivate).status,
    description,
    capabilities: {
      create: { lifecycleCreate: toStatus(create) },
      update: {
        profile: toStatus(update),
        lifecycleDeactivate: toStatus(deactivate),
        password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
      },
    },
  };
}

function toStatus(on: boolean): Switch {
  return { status: on ? 'ENABLED' : 'DISABLED' };
}

function featureIsOn(feature: AppFeature, settings: ProvisioningSettings): boolean {
  switch (feature) {
    case 'PUSH_NEW_USERS':
      return settings.create;
    case 'PUSH_PENDING_USERS':
      return settings.create && settings.pushPending;
    case 'PUSH_PROFILE_UPDATES':
      return settings.update;
    case 'UPDATE_EXISTING_USERNAME':
      return settings.update && !settings.excludeUserNameUpdates;
    case 'PUSH_USER_DEACTIVATION':
    case 'REACTIVATE_USERS':
      return settings.deactivate;
    case 'SCIM_PROVISIONING':
      return true;
    default:
      // Imports, passwords and pushed groups have no switch yet, so they are off.
      return false;
  }
}
