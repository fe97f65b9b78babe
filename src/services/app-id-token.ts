import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import type { App } from '../domain/app.ts';
import type { JsonObject } from '../lib/json.ts';
import { updateApp } from '../store/apps.ts';
import { beginAppChange, logAppEvent, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';

/** Where in an app's settings its ID token is described. The API of apps does not show it; nor does Okta's. */
export const idTokenSetting = 'idToken';

/** What goes into an OpenID Connect client's ID token, as Okta's unpublished endpoint has it. Kept and not used. */
export interface IdTokenSettings {
  readonly valueType?: string;
  readonly groupFilterType?: string;
  readonly name?: string;
  readonly value?: string;
}

/** @throws {UsherError} `not_found` (app, or it is no OpenID Connect client) */
export async function getClient(context: Context, appId: AppId): Promise<App> {
  return assertClient(await requireApp(context.db, appId));
}

/** @throws {UsherError} `not_found` (app, or it is no OpenID Connect client) */
export async function setIdToken(context: Context, appId: AppId, idToken: IdTokenSettings): Promise<App> {
  return context.db.transaction(async (tx) => {
    const app = assertClient(await beginAppChange(tx, appId));
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const kept: JsonObject = { ...idToken };
    await updateApp(tx, appId, { settings: { ...app.settings, [idTokenSetting]: kept } });
    await logAppEvent(context, tx, app, 'application.lifecycle.update', { debug: { changed: ['idToken'] } });
    return requireApp(tx, appId);
  });
}

function assertClient(app: App): App {
  if (app.credentials.oauthClient !== undefined) return app;
  throw new UsherError('not_found', `${app.label} is no OpenID Connect client, so it has no such settings.`);
}
