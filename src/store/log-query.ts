import type { Actor, EventClient, EventTarget, EventType, LogEvent, NewLogEvent } from '../domain/log-event.ts';
import type { JsonObject } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

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
  readonly eventType?: string;
  readonly targetId?: string;
  readonly actorId?: string;
  readonly outcome?: string;
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

/** Served by log_events_published or, in order of writing, by log_events_tx. */
export async function queryLog(db: Queryable, filter: LogFilter): Promise<LogPage> {
  const { place, after, direction, more } = orders[filter.order];
  const rows = await db.query<LogRow>(
    `select seq, uuid, published, ${place}::text as place, event_type,
       severity, outcome, reason, actor, target, debug, transaction_id, client
     from log_events
     where ($1::timestamptz is null or published >= $1) and ($2::timestamptz is null or published < $2)
       and ($3::bigint is null or ${after}) ${more}
       and ($5::text is null or event_type = $5)
       and ($6::jsonb is null or target @> $6)
       and ($7::text is null or actor->>'id' = $7)
       and ($8::text is null or outcome = $8)
       and (select coalesce(bool_and(strpos(lower(concat_ws(' ', event_type, outcome, reason, actor, target)), word) > 0), true)
            from unnest($9::text[]) as word)
     order by ${direction} limit $10`,
    [
      filter.since ?? null,
      filter.until ?? null,
      filter.after?.place ?? null,
      filter.after?.seq ?? null,
      filter.eventType ?? null,
      filter.targetId === undefined ? null : JSON.stringify([{ id: filter.targetId }]),
      filter.actorId ?? null,
      filter.outcome ?? null,
      (filter.words ?? []).map((word) => word.toLowerCase()),
      filter.limit,
    ],
  );
  return {
    events: rows.map(toEvent),
    ends: rows.map((row) => ({ place: Number(row.place), seq: Number(row.seq) })),
  };
}

const horizon = 'pg_snapshot_xmin(pg_current_snapshot())';
const micros = '(extract(epoch from published) * 1000000)::bigint';
const moment = `(timestamptz 'epoch' + $3 * interval '1 microsecond', $4::bigint)`;

/**
 * Where a reading in order of writing begins that has no cursor: at the lowest number of the first minute from its
 * beginning, so that what is older is not gone through. Numbers are given when a transaction first writes; one that
 * began after that minute has a lower one only if none of the minute's had written anything by its end.
 */
const firstWritten = `(select min(tx) from log_events first where first.published >= $1 and first.published <
  (select min(published) from log_events earliest where earliest.published >= $1) + interval '1 minute')`;

const orders = {
  ASCENDING: { place: micros, after: `(published, seq) > ${moment}`, direction: 'published, seq', more: '' },
  DESCENDING: { place: micros, after: `(published, seq) < ${moment}`, direction: 'published desc, seq desc', more: '' },
  WRITTEN: {
    place: 'tx',
    after: `(tx, seq) > ($3::text::xid8, $4::bigint)`,
    direction: 'tx, seq',
    more: `and tx < ${horizon} and tx >= coalesce(case when $3 is null then ${firstWritten} end, '0')`,
  },
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
