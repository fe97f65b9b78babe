import { Type } from 'typebox';
import type { AppId, UserId } from '../../lib/ids.ts';
import { matchResults } from '../../planner/match.ts';
import { requireApp } from '../../services/app-change.ts';
import { beginRun } from '../../services/runs/control.ts';
import { startMatching } from '../../services/runs/matching.ts';
import { partialDecisions, startProvisioning } from '../../services/runs/provisioning.ts';
import { countUnprovisioned, listUnprovisioned } from '../../store/account-matches.ts';
import type { Api } from '../api.ts';
import { bodyOptional, IdOf, PageQuery } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { presentRun } from './present-run.ts';

const AppParams = Type.Object({ appId: IdOf<AppId>() });
const Match = Type.Enum([...matchResults, 'unknown']);
const userIdsMax = 10_000;

/** People who have an app and no account in it: who they are, whose account may be whose, and provisioning them. */
export function unprovisionedRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, match: Type.Optional(Match) });
  const list = { config: may('apps.read'), schema: { params: AppParams, querystring: ListQuery } };
  api.get('/apps/:appId/unprovisioned', list, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 100, most: 1_000 });
    const { id } = await requireApp(deps.db, request.params.appId);
    const asked = defined({ match: request.query.match, after: afterId<UserId>(deps, request) });
    const rows = await listUnprovisioned(deps.db, id, { ...asked, limit: limit + 1 });
    return pageOf(deps, reply, { rows, limit, cursorOf: (person) => person.userId });
  });

  const read = { config: may('apps.read'), schema: { params: AppParams } };
  api.get('/apps/:appId/unprovisioned/summary', read, async (request) => {
    const { id } = await requireApp(deps.db, request.params.appId);
    return countUnprovisioned(deps.db, id);
  });

  const match = { config: may('apps.assign'), schema: { params: AppParams }, preValidation: bodyOptional };
  api.post('/apps/:appId/unprovisioned/match', match, async (request, reply) => {
    const context = contextOf(deps, request);
    const runId = await startMatching(context, request.params.appId);
    return reply.code(202).send(presentRun(await beginRun(context, runId)));
  });

  const ProvisionBody = Type.Object(
    {
      userIds: Type.Optional(Type.Array(IdOf<UserId>(), { minItems: 1, maxItems: userIdsMax })),
      match: Type.Optional(Match),
      partial: Type.Optional(Type.Enum([...partialDecisions])),
    },
    { additionalProperties: false },
  );
  const provision = {
    config: may('apps.assign'),
    schema: { params: AppParams, body: ProvisionBody },
    preValidation: bodyOptional,
  };
  api.post('/apps/:appId/unprovisioned/provision', provision, async (request, reply) => {
    const context = contextOf(deps, request);
    const runId = await startProvisioning(context, request.params.appId, request.body);
    return reply.code(202).send(presentRun(await beginRun(context, runId)));
  });
}
