import type { EventType, NewLogEvent } from '../domain/log-event.ts';
import type { Queryable } from './database.ts';
import { bind, type SqlValues } from './filter/sql-values.ts';
import { logConditions, type LogFilter } from './log-query.ts';

export type LogOutcome = NewLogEvent['outcome'];

export interface LogCountQuery extends Pick<LogFilter, 'words' | 'filter'> {
  readonly since: Date;
  readonly until: Date;
  /** Buckets begin at whole multiples of it since 1970. */
  readonly stepSeconds: number;
  /** The newest events, and no more of them, are counted. */
  readonly eventsMax: number;
}

/** So many events of one outcome, in one bucket or of one type. */
export type LogCount = { readonly outcome: LogOutcome; readonly count: number } & (
  { readonly bucket: Date; readonly eventType: null } | { readonly bucket: null; readonly eventType: EventType }
);

/**
 * Counts without the empty ones, by bucket and by type, in one pass over log_events_published or the index that serves
 * what is asked.
 *
 * @throws {UsherError} `invalid_input` for a filter events cannot be asked.
 */
export async function countLog(db: Queryable, query: LogCountQuery): Promise<LogCount[]> {
  const into: SqlValues = { values: [] };
  const { words, filter, since, until } = query;
  const asked = { ...(words && { words }), ...(filter && { filter }) };
  const conditions = logConditions({ ...asked, since, until, order: 'DESCENDING', limit: 0 }, into);
  return db.query<LogCount>(
    `with counted as (
       select date_bin(${bind(into, query.stepSeconds)}::float8 * interval '1 second', published,
         timestamptz 'epoch') as bucket, event_type, outcome
       from log_events where ${conditions.join(' and ')}
       order by published desc, seq desc limit ${bind(into, query.eventsMax)}::int)
     select bucket, event_type as "eventType", outcome, count(*)::int as count from counted
     group by grouping sets ((bucket, outcome), (event_type, outcome))
     order by bucket, event_type, outcome`,
    into.values,
  );
}
