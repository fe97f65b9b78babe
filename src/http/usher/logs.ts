import { Readable } from 'node:stream';
import { Type, type Static } from 'typebox';
import { countLogEvents } from '../../services/log-counts.ts';
import type { Api } from '../api.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { defined, given, invalidValue, moment } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { exportLog, logAsCsv, logAsNdjson, type LogSelection } from './log-export.ts';

const selection = { since: Text, until: Text, q: Text, filter: Text };
const Selection = Type.Object(selection);
const bucketsMax = 500;
const bucketsUsually = 100;

/** How much happened when, and the log as a file. */
export function usherLogRoutes(api: Api, deps: ServerDeps): void {
  const config = may('logs.read');
  const counts = { config, schema: { querystring: Type.Object({ ...selection, buckets: Text }) } };
  api.get('/logs/counts', counts, async (request) => {
    const { query } = request;
    const read = { ...selectionOf(query), buckets: bucketsOf(query.buckets) };
    return countLogEvents(contextOf(deps, request), read);
  });

  // A HEAD would read the whole log to throw it away.
  const file = { config, schema: { querystring: Selection }, exposeHeadRoute: false };
  for (const [name, format, mediaType] of [
    ['csv', logAsCsv, 'text/csv; charset=utf-8'],
    ['ndjson', logAsNdjson, 'application/x-ndjson; charset=utf-8'],
  ] as const) {
    api.get(`/logs/${name}`, file, async (request, reply) => {
      const context = contextOf(deps, request);
      const { until = deps.clock.now(), since = new Date(0), ...rest } = selectionOf(request.query);
      const lines = await exportLog(context, { ...rest, since, until }, format);
      const title = `usher-log-${until.toISOString().slice(0, 19).replaceAll(':', '')}.${name}`;
      return reply
        .headers({ 'content-type': mediaType, 'content-disposition': `attachment; filename="${title}"` })
        .send(Readable.from(lines));
    });
  }
}

function selectionOf(query: Static<typeof Selection>): Partial<LogSelection> {
  const since = moment('since', query.since);
  const until = moment('until', query.until);
  return defined({ since, until, text: query.q, filter: given(query.filter) });
}

function bucketsOf(text: string | undefined): number {
  if (text === undefined || text === '') return bucketsUsually;
  const buckets = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (buckets >= 2 && buckets <= bucketsMax) return buckets;
  throw invalidValue('buckets', `must be a whole number from 2 to ${bucketsMax}`);
}
