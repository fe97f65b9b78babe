import { Type } from 'typebox';
import type { AppId, UserId } from '../../lib/ids.ts';
import { explainAccess } from '../../services/explain/explain.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

/** Why somebody has an account with these values, or why not. */
export function explanationRoutes(api: Api, deps: ServerDeps): void {
  const params = Type.Object({ appId: IdOf<AppId>(), userId: IdOf<UserId>() });
  const options = { config: may('apps.read'), schema: { params } };
  api.get('/apps/:appId/users/:userId/explanation', options, async (request) =>
    explainAccess(contextOf(deps, request), request.params.appId, request.params.userId),
  );
}
