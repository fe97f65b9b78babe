import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { reports } from '../../domain/report.ts';
import { invalidCursor } from '../../lib/cursor.ts';
import type { AppId, UserId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import { chartReport, getReport, readReport, type ReportAsked } from '../../services/reports.ts';
import type { Api } from '../api.ts';
import { IdOf, PageQuery, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { afterOf, pageOf } from '../links.ts';
import { may } from '../policy.ts';
import { defined, given, invalidValue, moment, pageLimit } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { reportAsCsv } from './report-csv.ts';

const filters = {
  appId: Type.Optional(IdOf<AppId>()),
  userId: Type.Optional(IdOf<UserId>()),
  ...{ state: Text, since: Text, until: Text },
};
const Filters = Type.Object(filters);
const params = Type.Object({ name: Type.String() });

/** What there is to know about everybody's access at once, as pages, as a file, and as a chart. */
export function reportRoutes(api: Api, deps: ServerDeps): void {
  const config = may('reports.read');
  api.get('/reports', { config }, async () => Object.values(reports));

  // A HEAD of the file would read all of it to throw it away.
  const one = {
    config,
    schema: { params, querystring: Type.Object({ ...PageQuery, ...filters, format: Text }) },
    exposeHeadRoute: false,
  };
  api.get('/reports/:name', one, async (request, reply) => {
    const context = contextOf(deps, request);
    const { name } = request.params;
    const asked = askedOf(request.query);
    void reply.header('vary', 'accept');
    if (wantsCsv(request, request.query.format)) {
      const file = await reportAsCsv(context, getReport(name), asked);
      return reply.headers(file.headers).send(Readable.from(file.lines));
    }
    const limit = pageLimit(request.query.limit, { fallback: 50, most: 500 });
    const after = endOf(afterOf(deps, request));
    const rows = await readReport(context, name, asked, { ...defined({ after }), limit: limit + 1 });
    return pageOf(deps, reply, { rows, limit, cursorOf: (row) => row.end }).map(({ cells }) => cells);
  });

  const chart = { config, schema: { params, querystring: Filters } };
  api.get('/reports/:name/chart', chart, async (request) =>
    chartReport(contextOf(deps, request), request.params.name, askedOf(request.query)),
  );
}

function askedOf(query: Static<typeof Filters>): ReportAsked {
  return defined({
    appId: query.appId === '' ? undefined : query.appId,
    userId: query.userId === '' ? undefined : query.userId,
    state: given(query.state),
    since: moment('since', query.since),
    until: moment('until', query.until),
  });
}

/** `format` says it where a caller, such as a link, cannot say what it accepts. */
function wantsCsv({ headers }: FastifyRequest, format: string | undefined): boolean {
  if (format === 'csv' || format === 'json') return format === 'csv';
  if (format !== undefined && format !== '') throw invalidValue('format', 'must be csv or json');
  const ranges = (headers.accept ?? '').split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  return ranges.includes('text/csv') && !ranges.includes('application/json');
}

function endOf(after: Json | undefined): readonly string[] | undefined {
  if (after === undefined) return undefined;
  if (Array.isArray(after) && after.every((part) => typeof part === 'string')) return after;
  throw invalidCursor();
}
