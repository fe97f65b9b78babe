import { Type } from 'typebox';
import { readLog, type LogRead } from '../../../services/log-query.ts';
import type { LogCursor } from '../../../store/log-query.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { setLinks } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, invalidCursor, invalidValue, moment, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { equalities } from '../filter.ts';
import { PageQuery, Text } from '../schema.ts';
import { presentLogEvent } from './present.ts';

const LogQuery = Type.Object({ ...PageQuery, since: Text, until: Text, q: Text, filter: Text, sortOrder: Text });

/** Without `until` there is always a next page: what has not happened yet will be on it. */
export function logRoutes(api: Api, deps: ServerDeps): void {
  api.get('/logs', { config: may('logs.read'), schema: { querystring: LogQuery } }, async (request, reply) => {
    const { query } = request;
    const limit = pageLimit(query.limit, { fallback: 100, most: 1_000 });
    const filter = equalities(query.filter, ['eventType', 'target.id', 'actor.id', 'outcome.result']);
    const read: LogRead = {
      ...defined({
        since: moment('since', query.since),
        until: moment('until', query.until),
        text: query.q,
        eventType: filter.eventType,
        targetId: filter['target.id'],
        actorId: filter['actor.id'],
        outcome: filter['outcome.result'],
        after: cursorFrom(query.after),
      }),
      order: orderOf(query.sortOrder),
      limit,
    };
    const { events, since, next } = await readLog(contextOf(deps, request), read);
    const after =
      next === undefined ? undefined : next === 'start' ? { since: since.toISOString() } : { after: cursorTo(next) };
    setLinks(deps, reply, { limit, next: after });
    return events.map(presentLogEvent);
  });
}

function orderOf(text: string | undefined): 'ASCENDING' | 'DESCENDING' {
  if (text === undefined || text === '') return 'ASCENDING';
  if (text === 'ASCENDING' || text === 'DESCENDING') return text;
  throw invalidValue('sortOrder', 'must be ASCENDING or DESCENDING');
}

function cursorTo({ publishedMicros, seq }: LogCursor): string {
  return `${publishedMicros}_${seq}`;
}

function cursorFrom(text: string | undefined): LogCursor | undefined {
  if (text === undefined || text === '') return undefined;
  const parts = /^(\d{1,16})_(\d{1,15})$/.exec(text);
  if (parts === null) throw invalidCursor();
  return { publishedMicros: Number(parts[1]), seq: Number(parts[2]) };
}
