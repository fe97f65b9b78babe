import { Type } from 'typebox';
import { invalidCursor } from '../../lib/cursor.ts';
import type { ProbeId } from '../../lib/ids.ts';
import { getProbe, listAllProbes, runProbe } from '../../services/probes.ts';
import type { Api } from '../api.ts';
import { AnyObject, IdOf, PageQuery } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';

const ProbeParams = Type.Object({ probeId: IdOf<ProbeId>() });
const NewProbe = Type.Object(
  { settings: AnyObject, allowWrites: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

/** Servers held against the rules of their protocol. */
export function probeRoutes(api: Api, deps: ServerDeps): void {
  api.post('/probes', { config: may('connections.manage'), schema: { body: NewProbe } }, async (request) => {
    const { settings, allowWrites = false } = request.body;
    return runProbe(contextOf(deps, request), { settings, allowWrites });
  });

  const listing = { config: may('connections.manage'), schema: { querystring: Type.Object(PageQuery) } };
  api.get('/probes', listing, async (request, reply) => {
    const context = contextOf(deps, request);
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const after = afterId<ProbeId>(deps, request);
    const before = after === undefined ? undefined : await getProbe(context, after).catch(() => undefined);
    if (after !== undefined && before === undefined) throw invalidCursor();
    const rows = await listAllProbes(context, { ...(before === undefined ? {} : { before }), limit: limit + 1 });
    return pageOf(deps, reply, { rows, limit, cursorOf: (probe) => probe.id });
  });

  const reading = { config: may('connections.manage'), schema: { params: ProbeParams } };
  api.get('/probes/:probeId', reading, async (request) => getProbe(contextOf(deps, request), request.params.probeId));
}
