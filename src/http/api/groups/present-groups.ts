import type { FastifyRequest } from 'fastify';
import type { Group } from '../../../domain/group.ts';
import type { AppId, GroupId } from '../../../lib/ids.ts';
import { findApps } from '../../../store/apps.ts';
import { countOfGroups, findGroupSources, type GroupStats } from '../../../store/group-extras.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { invalidValue } from '../../query-values.ts';
import { presentApps } from '../apps/present-apps.ts';
import { presentGroup } from './present.ts';

/** What comes along with each group of a list. */
export interface Expanded {
  readonly stats: boolean;
  readonly app: boolean;
}

const nothing: Expanded = { stats: false, app: false };

/** @throws {UsherError} `invalid_input` for anything but `stats` and `app`, with a comma between them. */
export function toExpand(expand: string | undefined): Expanded {
  const names = (expand ?? '').split(',').filter((name) => name !== '');
  if (names.some((name) => name !== 'stats' && name !== 'app')) {
    throw invalidValue('expand', 'must be stats, app or both with a comma between them');
  }
  return { stats: names.includes('stats'), app: names.includes('app') };
}

/** Groups in Okta's words, with what is asked of the database for all of them at once. */
export async function presentGroups(
  deps: ServerDeps,
  request: FastifyRequest,
  groups: readonly Group[],
  expanded: Expanded = nothing,
) {
  const base = baseOf(deps, request);
  const ids = groups.map((group) => group.id);
  const fromApps = groups.filter((group) => group.type === 'APP_GROUP').map((group) => group.id);
  const sources = fromApps.length === 0 ? new Map<GroupId, AppId>() : await findGroupSources(deps.db, fromApps);
  const stats = expanded.stats ? await countOfGroups(deps.db, ids) : undefined;
  const apps = expanded.app ? await appsById(deps, request, [...new Set(sources.values())]) : undefined;
  return groups.map((group) => {
    const source = sources.get(group.id);
    const counts = stats?.get(group.id);
    const app = source === undefined ? undefined : apps?.get(source);
    const embedded = {
      ...(counts === undefined ? {} : { stats: presentStats(counts, `${base}/api/v1/groups/${group.id}`) }),
      ...(app === undefined ? {} : { app }),
    };
    return {
      ...presentGroup(group, base, source),
      ...(Object.keys(embedded).length === 0 ? {} : { _embedded: embedded }),
    };
  });
}

/** One group alone. */
export async function presentOneGroup(deps: ServerDeps, request: FastifyRequest, group: Group) {
  const { [group.id]: source } = Object.fromEntries(
    group.type === 'APP_GROUP' ? await findGroupSources(deps.db, [group.id]) : [],
  );
  return presentGroup(group, baseOf(deps, request), source);
}

/** Okta's document has `hasAdminPrivilege` misspelt, and clients made from it read that. */
function presentStats({ users, apps, pushMappings, hasAdminRole }: GroupStats, self: string) {
  return {
    usersCount: users,
    appsCount: apps,
    groupPushMappingsCount: pushMappings,
    hasAdminPrivilege: hasAdminRole,
    hasAdminPrivlege: hasAdminRole,
    _links: { users: { href: `${self}/users` }, apps: { href: `${self}/apps` } },
  };
}

async function appsById(deps: ServerDeps, request: FastifyRequest, appIds: readonly AppId[]) {
  const presented = await presentApps(deps, request, await findApps(deps.db, appIds));
  return new Map(presented.map((app) => [app.id, app]));
}
