import { visibleApps } from '../../services/authorize.ts';
import { findSetUp } from '../../store/set-up.ts';
import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

/** How far the first app is, from nothing to the first account: what a new administrator does next. */
export function setUpRoutes(api: Api, deps: ServerDeps): void {
  api.get('/set-up', { config: may('apps.read') }, async (request) =>
    findSetUp(deps.db, visibleApps(contextOf(deps, request))),
  );
}
