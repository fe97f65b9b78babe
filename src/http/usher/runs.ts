import { Type } from 'typebox';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, RunId } from '../../lib/ids.ts';
import {
  cancelRun,
  getRun,
  listProblems,
  listRuns,
  pauseRun,
  resumeRun,
  runWriteTimes,
} from '../../services/runs/control.ts';
import { findRun, runStatuses, type Run } from '../../store/runs.ts';
import type { Api } from '../api.ts';
import { bodyOptional, IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterId, afterOf, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { presentProblem, presentRun, presentRunWith } from './present-run.ts';

const RunParams = Type.Object({ runId: IdOf<RunId>() });
/** As many problems as come with the run itself; the rest is a list of its own. */
const problemsShown = 100;

/** Bulk work, how far it is and what went wrong; and stopping it. */
export function runRoutes(api: Api, deps: ServerDeps): void {
  const ListQuery = Type.Object({
    ...PageQuery,
    kind: Text,
    status: Type.Optional(Type.Enum([...runStatuses])),
    appId: Type.Optional(IdOf<AppId>()),
  });
  api.get('/runs', { config: may('runs.read'), schema: { querystring: ListQuery } }, async (request, reply) => {
    const { kind, status, appId } = request.query;
    const limit = pageLimit(request.query.limit, { fallback: 20, most: 200 });
    const after = afterId<RunId>(deps, request);
    const before = after === undefined ? undefined : await findRun(deps.db, after);
    if (after !== undefined && before === undefined) throw invalidCursor();
    const filter = { ...defined({ kind, status, appId, before }), limit: limit + 1 };
    const rows = await listRuns(contextOf(deps, request), filter);
    return pageOf(deps, reply, { rows, limit, cursorOf: (run: Run) => run.id }).map(presentRun);
  });

  api.get('/runs/:runId', { config: may('runs.read'), schema: { params: RunParams } }, async (request) => {
    const context = contextOf(deps, request);
    const run = await getRun(context, request.params.runId);
    const writes = (await runWriteTimes(context, run)) ?? null;
    return { ...presentRunWith(run, await listProblems(context, run.id, { limit: problemsShown })), writes };
  });

  const problems = {
    config: may('runs.read'),
    schema: { params: RunParams, querystring: Type.Object(PageQuery) },
  };
  api.get('/runs/:runId/problems', problems, async (request, reply) => {
    const after = afterOf(deps, request);
    if (after !== undefined && typeof after !== 'number') throw invalidCursor();
    const limit = pageLimit(request.query.limit, { fallback: 200, most: 1_000 });
    const page = { ...defined({ after }), limit: limit + 1 };
    const rows = await listProblems(contextOf(deps, request), request.params.runId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (problem) => problem.seq }).map(presentProblem);
  });

  const control = { config: may('runs.manage'), schema: { params: RunParams }, preValidation: bodyOptional };
  api.post('/runs/:runId/pause', control, async (request) =>
    presentRun(await pauseRun(contextOf(deps, request), request.params.runId)),
  );
  api.post('/runs/:runId/resume', control, async (request) =>
    presentRun(await resumeRun(contextOf(deps, request), request.params.runId)),
  );
  api.post('/runs/:runId/cancel', control, async (request) =>
    presentRun(await cancelRun(contextOf(deps, request), request.params.runId)),
  );
}
