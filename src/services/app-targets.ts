import type { AppTarget } from '../domain/rights.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { findAppNames, findAppsNamed } from '../store/apps.ts';
import type { Queryable } from '../store/database.ts';
import { templateOf } from './app-templates.ts';
import type { AppContext } from './context.ts';

/**
 * An integration of the catalog, the name of a private app, or an app of that name. The name that a template's apps
 * share stands for none of them: whoever is to administer one would get all, and each that is added later.
 *
 * @throws {UsherError} `not_found`, or `invalid_input` for the name of a template.
 */
export async function assertAppTargets(
  context: Pick<AppContext, 'catalog'>,
  db: Queryable,
  targets: readonly AppTarget[],
): Promise<void> {
  const appIds = targets.flatMap(({ appId }) => (appId === null ? [] : [appId]));
  const nameOf = await findAppNames(db, appIds);
  const wrong = targets.find(({ name, appId }) => appId !== null && nameOf.get(appId) !== name);
  if (wrong !== undefined) throw notFound(wrong.appId ?? wrong.name, 'OAuth2AppInstance');
  const unlisted = targets.filter(({ name, appId }) => appId === null && context.catalog.get(name) === undefined);
  const shared = unlisted.find(({ name }) => templateOf(name) !== undefined);
  if (shared !== undefined) {
    const reason = `${shared.name} is a template that apps of any kind are made from; name the apps by their ids`;
    throw new UsherError('invalid_input', `The role cannot be limited so: ${reason}.`, {
      causes: [{ field: 'appName', reason }],
    });
  }
  const found = await findAppsNamed(
    db,
    unlisted.map(({ name }) => name),
  );
  const unknown = unlisted.find(({ name }) => !found.has(name));
  if (unknown !== undefined) throw notFound(unknown.name, 'AppInstance');
}

/**
 * What somebody means who names integrations by their keys, and apps by their ids.
 *
 * @throws {UsherError} `not_found`
 */
export async function appTargetsNamed(db: Queryable, keys: readonly string[]): Promise<AppTarget[]> {
  const appIds = keys.flatMap((key) => (appIdPattern.test(key) ? [key as AppId] : []));
  const nameOf = await findAppNames(db, appIds);
  return [...new Set(keys)].map((key) => {
    if (!appIdPattern.test(key)) return { name: key, appId: null };
    const appId = key as AppId;
    const name = nameOf.get(appId);
    if (name === undefined) throw notFound(key, 'AppInstance');
    return { name, appId };
  });
}

const appIdPattern = /^0oa[0-9A-Za-z]{17}$/;

function notFound(what: string, type: string): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${what} (${type})`);
}
