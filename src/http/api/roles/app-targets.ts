import { Type } from 'typebox';
import type { AppTarget } from '../../../domain/rights.ts';
import type { AppId } from '../../../lib/ids.ts';
import { changeAppTargets, getRole } from '../../../services/admin-roles.ts';
import { addAppTarget, removeAppTarget } from '../../../services/admin-targets.ts';
import { findApps, findAppsNamed } from '../../../store/apps.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterOf, baseOf, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { PageQuery } from '../schema.ts';
import { paramsOf, type HolderKind, type RoleParams } from './holders.ts';
import { presentAppTarget } from './present.ts';

interface TargetParams extends RoleParams {
  readonly name: string;
  readonly appId?: AppId;
}

/** What an app administrator is for: integrations of the catalog (all their apps), and apps. An empty list: all. */
export function appTargetRoutes(api: Api, deps: ServerDeps, kind: HolderKind): void {
  const { holderOf } = kind;
  const params = paramsOf<RoleParams>(kind, 'roleId');
  const path = `${kind.path}/:roleId/targets/catalog/apps`;
  const listing = {
    config: may('roles.read'),
    schema: { params, querystring: Type.Object(PageQuery) },
  };
  api.get(path, listing, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    const { apps } = await getRole(contextOf(deps, request), holder, request.params.roleId);
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const targets = apps === 'all' ? [] : apps;
    const after = afterOf(deps, request);
    const begin = targets.findIndex((target) => cursorOf(target) === after) + 1;
    const rows = pageOf(deps, reply, { rows: targets.slice(begin, begin + limit + 1), limit, cursorOf });
    const facts = await factsOf(deps, rows);
    return rows.map((target) => presentAppTarget(target, facts(target), baseOf(deps, request)));
  });

  const change = { config: may('roles.manage'), schema: { params } };
  api.put(path, change, async (request, reply) => {
    const holder = await holderOf(deps, request, request.params);
    await changeAppTargets(contextOf(deps, request), holder, request.params.roleId, () => 'all');
    return reply.code(204).send();
  });

  for (const names of [['name'], ['name', 'appId']] as const) {
    const target = [path, ...names].join('/:');
    const targetParams = paramsOf<TargetParams>(kind, 'roleId', ...names);
    const targetChange = { config: may('roles.manage'), schema: { params: targetParams } };
    api.put(target, targetChange, async (request, reply) => {
      const holder = await holderOf(deps, request, request.params);
      await addAppTarget(contextOf(deps, request), holder, request.params.roleId, targetOf(request.params));
      return reply.code(204).send();
    });

    api.delete(target, targetChange, async (request, reply) => {
      const holder = await holderOf(deps, request, request.params);
      await removeAppTarget(contextOf(deps, request), holder, request.params.roleId, targetOf(request.params));
      return reply.code(204).send();
    });
  }
}

function targetOf({ name, appId }: TargetParams): AppTarget {
  return { name, appId: appId ?? null };
}

function cursorOf({ name, appId }: AppTarget): string {
  return appId ?? name;
}

async function factsOf({ db, catalog }: ServerDeps, targets: readonly AppTarget[]) {
  const appIds = targets.flatMap(({ appId }) => (appId === null ? [] : [appId]));
  const apps = new Map((await findApps(db, appIds)).map((app) => [app.id, app]));
  const named = await findAppsNamed(
    db,
    targets.map(({ name }) => name),
  );
  return ({ name, appId }: AppTarget) => {
    const app = appId === null ? named.get(name) : apps.get(appId);
    const displayName = app?.label ?? catalog.get(name)?.name ?? name;
    return { displayName, status: app?.status ?? ('ACTIVE' as const), lastUpdated: app?.lastUpdated };
  };
}
