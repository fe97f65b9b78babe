import type { Filter } from '../domain/filter/ast.ts';
import type { Actor, EventClient, EventTarget, EventType, LogEvent, NewLogEvent } from '../domain/log-event.ts';
import type { JsonObject } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';
import { logFields } from './log-fields.ts';

/** Where a page of the log ended, in the order it was read in. */
export interface LogCursor {
  /**
   * Of events in order of publication microseconds since 1970: what the database orders by has no less. Of events in
   * the order they became visible, the number of the transaction that wrote them.
   */
  readonly place: number;
  readonly seq: number;
}

export interface LogFilter {
  readonly since?: Date;
  readonly until?: Date;
  /** Each must occur somewhere in the event, in any letter case. */
  readonly words?: readonly string[];
  readonly filter?: Filter;
  /** `WRITTEN`: as events become visible, and none that another could still come before. */
  readonly order: 'ASCENDING' | 'DESCENDING' | 'WRITTEN';
  /** The last event of the page before. */
  readonly after?: LogCursor;
  readonly limit: number;
}

export interface LogPage {
  readonly events: readonly LogEvent[];
  /** For each event, where a page that it is the last of ends. */
  readonly ends: readonly LogCursor[];
}

/**
 * The beginning of what is not there yet: the oldest transaction that is still running. Its events and those of later
 * ones come after it, and everything before it is there.
 */
export async function findLogHorizon(db: Queryable): Promise<LogCursor> {
  const row = await queryOne<{ place: string }>(db, `select ${horizon}::text as place`);
  return { place: Number(row?.place ?? 0), seq: 0 };
}

/**
 * Numbers of transactions begin anew in a database that was restored from a dump: what came along gets the number
 * that comes before all others. Call it at every start; it finds nothing to do at all but the first after a restore.
 */
export async function settleRestoredLog(tx: Tx): Promise<void> {
  await tx.query(`update log_events set tx = '0' where tx >= pg_snapshot_xmax(pg_current_snapshot())`);
}

/**
 * Served by log_events_published or, in order of writing, by log_events_tx, unless an index of what is asked serves it.
 *
 * @throws {UsherError} `invalid_input` for a filter events cannot be asked.
 */
export async function queryLog(db: Queryable, query: LogFilter): Promise<LogPage> {
  const into: SqlValues = { values: [] };
  const conditions = logConditions(query, into);
  const { place, direction } = orders[query.order];
  const rows = await db.query<LogRow>(
    `select seq, uuid, published, ${place}::text as place, event_type,
       severity, outcome, reason, actor, target, debug, transaction_id, client
     from log_events
     ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
     order by ${direction} limit ${bind(into, query.limit)}::int`,
    into.values,
  );
  return {
    events: rows.map(toEvent),
    ends: rows.map((row) => ({ place: Number(row.place), seq: Number(row.seq) })),
  };
}

/** What an event has to meet, each a condition of a `where`; {@link queryLog} says what it throws. */
export function logConditions(query: LogFilter, into: SqlValues): string[] {
  const { since, until, filter, words = [] } = query;
  const conditions: string[] = [];
  if (since !== undefined) conditions.push(`published >= ${bind(into, since)}::timestamptz`);
  if (until !== undefined) conditions.push(`published < ${bind(into, until)}::timestamptz`);
  conditions.push(...placeConditions(query, into));
  if (filter !== undefined) conditions.push(compileFilter(filter, { parameter: 'filter', fields: logFields }, into));
  for (const word of words) conditions.push(`strpos(${wholeEvent}, lower(${bindText(into, word)})) > 0`);
  return conditions;
}

const wholeEvent = `lower(concat_ws(' ', event_type, outcome, reason, actor, target))`;

/** What leaves out what was read before, and what another event could still come before. */
function placeConditions({ order, since, after }: LogFilter, into: SqlValues): string[] {
  if (order === 'WRITTEN') {
    const begin =
      after !== undefined
        ? `(tx, seq) > (${bindText(into, String(after.place))}::xid8, ${bind(into, after.seq)}::bigint)`
        : since !== undefined
          ? `tx >= coalesce(${firstWritten(`${bind(into, since)}::timestamptz`)}, '0')`
          : 'true';
    return [begin, `tx < ${horizon}`];
  }
  if (after === undefined) return [];
  const moment = `timestamptz 'epoch' + ${bind(into, after.place)}::bigint * interval '1 microsecond'`;
  return [`(published, seq) ${order === 'ASCENDING' ? '>' : '<'} (${moment}, ${bind(into, after.seq)}::bigint)`];
}

const horizon = 'pg_snapshot_xmin(pg_current_snapshot())';
const micros = '(extract(epoch from published) * 1000000)::bigint';

/**
 * Where a reading in order of writing begins that has no cursor: at the lowest number of the first minute from its
 * beginning, so that what is older is not gone through. Numbers are given when a transaction first writes; one that
 * began after that minute has a lower one only if none of the minute's had written anything by its end.
 */
function firstWritten(since: string): string {
  return `(select min(tx) from log_events first where first.published >= ${since} and first.published <
    (select min(published) from log_events earliest where earliest.published >= ${since}) + interval '1 minute')`;
}

const orders = {
  ASCENDING: { place: micros, direction: 'published, seq' },
  DESCENDING: { place: micros, direction: 'published desc, seq desc' },
  WRITTEN: { place: 'tx', direction: 'tx, seq' },
} as const;

interface LogRow {
  readonly seq: number;
  readonly uuid: string;
  readonly published: Date;
  readonly place: string;
  readonly event_type: EventType;
  readonly severity: NonNullable<NewLogEvent['severity']>;
  readonly outcome: NewLogEvent['outcome'];
  readonly reason: string | null;
  readonly actor: Actor;
  readonly target: readonly EventTarget[];
  readonly debug: JsonObject | null;
  readonly transaction_id: string | null;
  readonly client: EventClient | null;
}

function toEvent(row: LogRow): LogEvent {
  return {
    seq: Number(row.seq),
    uuid: row.uuid,
    published: row.published,
    eventType: row.event_type,
    severity: row.severity,
    outcome: row.outcome,
    actor: row.actor,
    targets: row.target,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.debug === null ? {} : { debug: row.debug }),
    ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
    ...(row.client === null ? {} : { client: row.client }),
  };
}
