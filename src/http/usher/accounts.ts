import { Type } from 'typebox';
import { syncStates } from '../../domain/app-user.ts';
import type { AppId, UserId } from '../../lib/ids.ts';
import { listAccounts } from '../../services/accounts.ts';
import type { Api } from '../api.ts';
import { IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, given, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

/** Every account of an app, also those left of people who have it no more. */
export function accountRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({
    ...PageQuery,
    q: Text,
    state: Type.Optional(Type.Enum([...syncStates, 'FORMER'])),
  });
  const params = Type.Object({ appId: IdOf<AppId>() });
  const listing = { config: may('apps.read'), schema: { params, querystring: ListQuery } };
  api.get('/apps/:appId/accounts', listing, async (request, reply) => {
    const { q, state } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const asked = defined({ prefix: given(q), state, after: afterId<UserId>(deps, request) });
    const rows = await listAccounts(contextOf(deps, request), request.params.appId, { ...asked, limit: limit + 1 });
    return pageOf(deps, reply, { rows, limit, cursorOf: (row) => row.userId }).map(({ direct, ...account }) => ({
      ...account,
      scope: direct ? 'USER' : 'GROUP',
    }));
  });
}
