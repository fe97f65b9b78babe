import { Type } from 'typebox';
import { invalidCursor } from '../../lib/cursor.ts';
import { UsherError } from '../../lib/errors.ts';
import type { RunId } from '../../lib/ids.ts';
import { findRun, listRuns, type Run } from '../../store/runs.ts';
import type { Api } from '../api.ts';
import { IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, pageLimit } from '../query-values.ts';

const RunParams = Type.Object({ runId: IdOf<RunId>() });

/** Bulk work, how far it is and what went wrong. */
export function runRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({ ...PageQuery, kind: Text });
  api.get('/runs', { config: may('runs.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { kind } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const after = afterId<RunId>(deps, request);
    const before = after === undefined ? undefined : await findRun(deps.db, after);
    if (after !== undefined && before === undefined) throw invalidCursor();
    const rows = await listRuns(deps.db, { ...defined({ kind, before }), limit: limit + 1 });
    return pageOf(deps, reply, { rows, limit, cursorOf: (run: Run) => run.id });
  });

  api.get('/runs/:runId', { config: may('runs.read'), schema: { params: RunParams } }, async (request) => {
    const run = await findRun(deps.db, request.params.runId);
    if (run === undefined) throw new UsherError('not_found', `There is no run with the id ${request.params.runId}.`);
    return run;
  });
}
