import type { FastifyRequest } from 'fastify';
import type { App } from '../../../domain/app.ts';
import { enabledFeatures } from '../../../services/app-features.ts';
import type { CreatedApp } from '../../../services/apps.ts';
import type { ServerDeps } from '../../deps.ts';
import type { UserId } from '../../../lib/ids.ts';
import { findAppUsersOf } from '../../../store/app-users.ts';
import { baseOf } from '../../links.ts';
import { invalidValue } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { presentAppUsers } from '../app-users/present-app-users.ts';
import { presentApp } from './present.ts';

/**
 * Apps in Okta's words, with what is asked of the database for all of them at once. `expanded`: the person whose app
 * user comes along with each app they have.
 */
export async function presentApps(deps: ServerDeps, request: FastifyRequest, apps: readonly App[], expanded?: UserId) {
  const features = await enabledFeatures(contextOf(deps, request), apps);
  const around = { base: baseOf(deps, request), org: deps.org };
  const appUsers = expanded === undefined ? new Map() : await appUsersOf(deps, request, apps, expanded);
  return apps.map((app) => {
    const user = appUsers.get(app.id);
    return {
      ...presentApp(app, { ...around, features: features.get(app.id) ?? [] }),
      ...(user === undefined ? {} : { _embedded: { user } }),
    };
  });
}

/** @throws {UsherError} `invalid_input` for anything but `user/{id}`. */
export function userToExpand(expand: string | undefined): UserId | undefined {
  if (expand === undefined || expand === '') return undefined;
  const id = /^user\/([0-9A-Za-z]{1,40})$/.exec(expand)?.[1];
  if (id === undefined) throw invalidValue('expand', 'must be user/ and the id of a user');
  return id as UserId;
}

/** One app; the one just made with its client secret, which is shown this once. */
export async function presentOneApp(deps: ServerDeps, request: FastifyRequest, app: CreatedApp) {
  const features = await enabledFeatures(contextOf(deps, request), [app]);
  return presentApp(app, {
    base: baseOf(deps, request),
    org: deps.org,
    features: features.get(app.id) ?? [],
    ...(app.clientSecret === undefined ? {} : { clientSecret: app.clientSecret }),
  });
}

async function appUsersOf(deps: ServerDeps, request: FastifyRequest, apps: readonly App[], userId: UserId) {
  const rows = await findAppUsersOf(
    deps.db,
    userId,
    apps.map((app) => app.id),
  );
  const presented = await presentAppUsers(deps, request, rows);
  return new Map(presented.map((appUser, index) => [rows[index]?.appId, appUser]));
}
