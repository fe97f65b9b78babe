import { isDeepStrictEqual } from 'node:util';
import { featuresOf, type AppFeature } from '../catalog/features.ts';
import type { Capabilities } from '../catalog/entry.ts';
import { deprovisionPolicy, mergeProvisioning, type App, type ProvisioningSettings } from '../domain/app.ts';
import type { InboundCapabilities } from '../domain/inbound.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import { findConnection, findEnabledConnections } from '../store/app-connections.ts';
import { updateApp } from '../store/apps.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { dropPasswords } from '../store/password-pushes.ts';
import { beginAppChange, logAppEvent, lookAgain, requireApp } from './app-change.ts';
import { assertInbound, mergeInbound, type InboundUpdate } from './app-inbound.ts';
import { assertSoleOwner } from './attribute-owners.ts';
import { assertUniqueAttribute } from './unique-attribute.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import { assertDeletionsConfirmed, type ConfirmedDeletions } from './deletion-guard.ts';

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
    readonly password: Switch & { readonly seed: 'OKTA' | 'RANDOM'; readonly change: 'CHANGE' | 'KEEP_EXISTING' };
  };
}

export type AppFeatureView = {
  readonly status: EnabledStatus;
  readonly description: string;
} & (
  | { readonly name: 'USER_PROVISIONING'; readonly capabilities: UserProvisioningCapabilities }
  | { readonly name: 'INBOUND_PROVISIONING'; readonly capabilities: InboundCapabilities }
);

/** Any part of a feature's capabilities; what is left out stays as it is. */
export interface CapabilitiesUpdate extends InboundUpdate {
  readonly create?: { readonly lifecycleCreate?: Partial<Switch> };
  readonly update?: {
    readonly profile?: Partial<Switch>;
    readonly lifecycleDeactivate?: Partial<Switch>;
    readonly password?: Partial<UserProvisioningCapabilities['update']['password']>;
  };
}

/** @throws {UsherError} `not_found`; `invalid_input` while the connection is off, as in Okta. */
export async function listFeatures(context: AppContext, appId: AppId): Promise<AppFeatureView[]> {
  const app = await requireApp(context.db, appId);
  await assertConnectionEnabled(context.db, appId);
  return featureNames.filter((name) => hasFeature(context, app, name)).map((name) => featureOf(app, name));
}

/** @throws {UsherError} `not_found` (app or feature); `invalid_input` while the connection is off. */
export async function getFeature(context: AppContext, appId: AppId, name: string): Promise<AppFeatureView> {
  const app = await requireApp(context.db, appId);
  const feature = requireFeature(context, app, name);
  await assertConnectionEnabled(context.db, appId);
  return featureOf(app, feature);
}

/**
 * Turns capabilities on and off. Those of USER_PROVISIONING have everybody in the app looked at again; those of
 * INBOUND_PROVISIONING are for the imports to come.
 *
 * @throws {UsherError} `not_found` (app or feature); `invalid_input` while the connection is off, for a capability
 *   the app or the feature does not have, and for import settings that cannot be.
 */
export async function updateFeature(
  context: AppContext,
  appId: AppId,
  name: string,
  update: CapabilitiesUpdate,
): Promise<AppFeatureView> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const feature = requireFeature(context, app, name);
    await assertConnectionEnabled(tx, appId);
    assertOfFeature(feature, update);
    const after =
      feature === 'USER_PROVISIONING'
        ? await updateUserProvisioning(context, tx, app, update)
        : await updateInbound(context, tx, app, update);
    return featureOf(after, feature);
  });
}

/**
 * The same switches and the finer ones Okta's API has no place for. What is left out stays as it is.
 *
 * @throws {UsherError} `not_found`; `invalid_input` when something is turned on that the app does not have, or while
 *   the connection is off; `stale` when accounts would be deleted at once and not so many are confirmed.
 */
export async function updateProvisioning(
  context: AppContext,
  appId: AppId,
  changes: Partial<ProvisioningSettings>,
  confirmed?: ConfirmedDeletions,
): Promise<ProvisioningSettings> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const provisioning = mergeProvisioning(app.provisioning, changes, context.clock.now());
    await changeProvisioning(context, tx, app, provisioning, confirmed);
    return provisioning;
  });
}

/**
 * Settings as they are to be, in a change to the app that has begun.
 *
 * @throws as `updateProvisioning` does.
 */
export async function changeProvisioning(
  context: AppContext,
  tx: Tx,
  app: App,
  provisioning: ProvisioningSettings,
  confirmed?: ConfirmedDeletions,
): Promise<void> {
  await assertDeletionsConfirmed(context, tx, app, provisioning, confirmed);
  const connection = await findConnection(tx, app.id);
  if (provisioning.manual === true) assertManual(app, connection?.status === 'ENABLED');
  else if (switches.some(({ isOn: on }) => on(provisioning) && !on(app.provisioning))) {
    await assertConnectionEnabled(tx, app.id);
  }
  await saveProvisioning(context, tx, app, provisioning);
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
      const entry = provisioningEntryOf(context, app);
      const possible = entry === undefined || !enabled.has(app.id) ? [] : featuresOf(entry);
      return [app.id, possible.filter((feature) => featureIsOn(feature, app.provisioning))];
    }),
  );
}

const featureNames = ['USER_PROVISIONING', 'INBOUND_PROVISIONING'] as const;
type FeatureName = (typeof featureNames)[number];

const ownCapabilities: { readonly [Name in FeatureName]: readonly (keyof CapabilitiesUpdate)[] } = {
  USER_PROVISIONING: ['create', 'update'],
  INBOUND_PROVISIONING: ['importSettings', 'importRules'],
};

/** Whatever its connection does, an app has imports only if its accounts can be read. */
function hasFeature(context: AppContext, app: App, name: FeatureName): boolean {
  return name === 'USER_PROVISIONING' || provisioningEntryOf(context, app)?.capabilities.users.read === true;
}

function requireFeature(context: AppContext, app: App, asked: string): FeatureName {
  const known = featureNames.filter((name) => hasFeature(context, app, name));
  const name = known.find((candidate) => candidate === asked);
  if (name !== undefined) return name;
  throw new UsherError('not_found', `${app.label} has no feature "${asked}". It has ${known.join(' and ')}.`);
}

function assertOfFeature(name: FeatureName, update: CapabilitiesUpdate): void {
  const causes = Object.entries(update)
    .filter(([part, value]) => value !== undefined && !ownCapabilities[name].some((own) => own === part))
    .map(([part]) => ({ field: part, reason: `is no capability of ${name}` }));
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These capabilities cannot be set: ${sentences}.`, { causes });
}

async function updateUserProvisioning(
  context: AppContext,
  tx: Tx,
  app: App,
  { create, update }: CapabilitiesUpdate,
): Promise<App> {
  const { password } = update ?? {};
  const { status = 'DISABLED', seed, change } = { ...passwordDefaults, ...app.provisioning.password, ...password };
  const provisioning = mergeProvisioning(
    app.provisioning,
    {
      ...isOn('create', create?.lifecycleCreate),
      ...isOn('update', update?.profile),
      ...isOn('deactivate', update?.lifecycleDeactivate),
      ...(password === undefined ? {} : { password: { status, seed, change } }),
    },
    context.clock.now(),
  );
  await saveProvisioning(context, tx, app, provisioning);
  return { ...app, provisioning };
}

async function updateInbound(context: AppContext, tx: Tx, app: App, update: CapabilitiesUpdate): Promise<App> {
  // What an import finds may come over what the directory says, as with mappings to the directory.
  await authorize(context, tx, 'users.import');
  const inbound = mergeInbound(app.inbound, update);
  assertInbound(inbound);
  await updateApp(tx, app.id, { inbound });
  await logAppEvent(context, tx, app, 'application.configuration.update', {
    debug: { changed: Object.keys(update) },
  });
  return { ...app, inbound };
}

function featureOf(app: App, name: FeatureName): AppFeatureView {
  if (name === 'USER_PROVISIONING') return userProvisioning(app.provisioning);
  return {
    name,
    status: 'ENABLED',
    description: 'Settings for importing people from the app into Usher',
    capabilities: app.inbound,
  };
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
  if (!isDeepStrictEqual(provisioning.password, app.provisioning.password)) await dropPasswords(tx, app.id);
  await assertUniqueAttribute(tx, app.id);
  await assertSoleOwner(tx, app.id);
  await lookAgain(context, tx, app.id);
  await logAppEvent(context, tx, app, 'application.configuration.update', { debug: { ...provisioning } });
}

function assertCapable(context: AppContext, app: App, wanted: ProvisioningSettings): void {
  if (wanted.manual === true) return;
  const can = provisioningEntryOf(context, app)?.capabilities.users;
  const causes = switches.flatMap(({ isOn: on, capability, field }): ErrorCause[] =>
    on(wanted) && !on(app.provisioning) && can?.[capability] !== true
      ? [{ field, reason: `is not supported by ${app.label}` }]
      : [],
  );
  refuse('This cannot be turned on', causes);
}

function assertManual(app: App, connected: boolean): void {
  if (!connected) return;
  const reason = 'cannot be turned on while the connection is enabled; deactivate it first';
  refuse(`${app.label} is provisioned through its connection`, [{ field: 'manual', reason }]);
}

function refuse(what: string, causes: readonly ErrorCause[]): void {
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `${what}: ${sentences}.`, { causes });
}

/** What takes something of the app when it is turned on. */
const switches: readonly {
  readonly isOn: (settings: ProvisioningSettings) => boolean;
  readonly capability: keyof Capabilities['users'];
  readonly field: string;
}[] = [
  { isOn: ({ create }) => create, capability: 'create', field: 'create.lifecycleCreate' },
  { isOn: ({ update }) => update, capability: 'update', field: 'update.profile' },
  {
    isOn: (settings) => ['DEACTIVATE', 'DELETE'].includes(deprovisionPolicy(settings)),
    capability: 'deactivate',
    field: 'update.lifecycleDeactivate',
  },
  { isOn: (settings) => deprovisionPolicy(settings) === 'DELETE', capability: 'remove', field: 'deprovision' },
  {
    isOn: (settings) => deprovisionPolicy(settings) === 'REMOVE_ENTITLEMENTS',
    capability: 'update',
    field: 'deprovision',
  },
  { isOn: ({ reactivate }) => reactivate === true, capability: 'reactivate', field: 'reactivate' },
  { isOn: ({ password }) => password?.status === 'ENABLED', capability: 'password', field: 'update.password' },
  { isOn: ({ suspended }) => suspended === 'DEACTIVATE', capability: 'deactivate', field: 'suspended' },
];

function isOn<Name extends string>(name: Name, given: Partial<Switch> | undefined): { [Key in Name]?: boolean } {
  const change: { [Key in Name]?: boolean } = {};
  if (given?.status !== undefined) change[name] = given.status === 'ENABLED';
  return change;
}

const passwordDefaults = { seed: 'RANDOM', change: 'KEEP_EXISTING' } as const;

function userProvisioning({ create, update, deactivate, password }: ProvisioningSettings): AppFeatureView {
  return {
    name: 'USER_PROVISIONING',
    status: toStatus(create || update || deactivate).status,
    description: 'User provisioning settings from Usher to the app',
    capabilities: {
      create: { lifecycleCreate: toStatus(create) },
      update: {
        profile: toStatus(update),
        lifecycleDeactivate: toStatus(deactivate),
        password: { status: 'DISABLED', ...passwordDefaults, ...password },
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
      return settings.deactivate;
    case 'GROUP_PUSH':
      return settings.groupPush !== false;
    case 'REACTIVATE_USERS':
      return settings.reactivate ?? settings.deactivate;
    case 'PUSH_PASSWORD_UPDATES':
      return settings.password?.status === 'ENABLED';
    case 'SCIM_PROVISIONING':
      return true;
    default:
      // Imports have no switch yet, so they are off.
      return false;
  }
}
