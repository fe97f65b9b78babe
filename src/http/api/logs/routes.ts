import { Type } from 'typebox';
import { invalidCursor } from '../../../lib/cursor.ts';
import type { Json } from '../../../lib/json.ts';
import { readLog, type LogRead } from '../../../services/log-query.ts';
import type { LogCursor } from '../../../store/log-query.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterOf, nextOf, setLinks } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, given, invalidValue, moment, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { PageQuery, Text } from '../schema.ts';
import { presentLogEvent } from './present.ts';

const LogQuery = Type.Object({ ...PageQuery, since: Text, until: Text, q: Text, filter: Text, sortOrder: Text });

/** Without `until` there is always a next page: what has not happened yet will be on it. */
export function logRoutes(api: Api, deps: ServerDeps): void {
  api.get('/logs', { config: may('logs.read'), schema: { querystring: LogQuery } }, async (request, reply) => {
    const { query } = request;
    const limit = pageLimit(query.limit, { fallback: 100, most: 1_000 });
    const read: LogRead = {
      ...defined({
        since: moment('since', query.since),
        until: moment('until', query.until),
        text: query.q,
        filter: given(query.filter),
        after: endFrom(afterOf(deps, request)),
      }),
      order: orderOf(query.sortOrder),
      limit,
    };
    const { events, next } = await readLog(contextOf(deps, request), read);
    const after = next === undefined ? undefined : nextOf(deps, reply, [next.place, next.seq]);
    setLinks(deps, reply, { limit, next: after });
    return events.map(presentLogEvent);
  });
}

function orderOf(text: string | undefined): 'ASCENDING' | 'DESCENDING' {
  if (text === undefined || text === '') return 'ASCENDING';
  if (text === 'ASCENDING' || text === 'DESCENDING') return text;
  throw invalidValue('sortOrder', 'must be ASCENDING or DESCENDING');
}

function endFrom(end: Json | undefined): LogCursor | undefined {
  if (end === undefined) return undefined;
  const [place, seq]: readonly unknown[] = Array.isArray(end) ? end : [];
  if (typeof place !== 'number' || typeof seq !== 'number') throw invalidCursor();
  return { place, seq };
}
