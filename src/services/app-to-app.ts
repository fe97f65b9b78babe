import { mergeProvisioning, deprovisionPolicy, type AppLimits, type ProvisioningSettings } from '../domain/app.ts';
import type { AppId } from '../lib/ids.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import { updateApp } from '../store/apps.ts';
import { beginAppChange, requireApp } from './app-change.ts';
import { changeProvisioning } from './app-features.ts';
import { assertLimits } from './app-settings.ts';
import { authorize } from './authorize.ts';
import type { AppContext } from './context.ts';
import type { ConfirmedDeletions } from './deletion-guard.ts';

/** Everything about what Usher does in an app, and what the app can be asked for. */
export interface ToApp {
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly supports: ToAppSupport;
}

export interface ToAppSupport {
  readonly create: boolean;
  readonly update: boolean;
  readonly deactivate: boolean;
  readonly reactivate: boolean;
  readonly remove: boolean;
  readonly password: boolean;
}

/** What is left out stays as it is; a rate of null leaves the pace to the app. */
export interface ToAppChanges {
  readonly provisioning: Partial<ProvisioningSettings>;
  readonly limits: Partial<Omit<AppLimits, 'requestsPerMinute'>> & { readonly requestsPerMinute?: number | null };
}

/** @throws {UsherError} `not_found` */
export async function getToApp(context: AppContext, appId: AppId): Promise<ToApp> {
  const app = await requireApp(context.db, appId);
  const can = provisioningEntryOf(context, app)?.capabilities.users;
  const { create = false, update = false, deactivate = false, reactivate = false, remove = false } = can ?? {};
  return {
    provisioning: { ...app.provisioning, deprovision: deprovisionPolicy(app.provisioning) },
    limits: app.limits,
    supports: { create, update, deactivate, reactivate, remove, password: can?.password === true },
  };
}

/** @throws {UsherError} as `updateProvisioning` does; `invalid_input` for a limit that is none. */
export async function updateToApp(
  context: AppContext,
  appId: AppId,
  changes: ToAppChanges,
  confirmed?: ConfirmedDeletions,
): Promise<ToApp> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const { requestsPerMinute, ...others } = changes.limits;
    const { requestsPerMinute: current, ...kept } = app.limits;
    const rate = requestsPerMinute === undefined ? (current ?? null) : requestsPerMinute;
    const limits = { ...kept, ...others, ...(rate === null ? {} : { requestsPerMinute: rate }) };
    assertLimits(limits);
    await updateApp(tx, appId, { limits });
    await changeProvisioning(
      context,
      tx,
      app,
      mergeProvisioning(app.provisioning, changes.provisioning, context.clock.now()),
      confirmed,
    );
  });
  return getToApp(context, appId);
}
