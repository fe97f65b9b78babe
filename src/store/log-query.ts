import type { Actor, EventTarget, EventType, LogEvent, NewLogEvent } from '../domain/log-event.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Queryable } from './database.ts';

/** Where a page of the log ended. */
export interface LogCursor {
  /** Microseconds since 1970: what the database orders by has no less. */
  readonly publishedMicros: number;
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
  readonly order: 'ASCENDING' | 'DESCENDING';
  /** The last event of the page before. */
  readonly after?: LogCursor;
  readonly limit: number;
}

export interface LogPage {
  readonly events: readonly LogEvent[];
  /** For each event, where a page that it is the last of ends. */
  readonly ends: readonly LogCursor[];
}

/** In order of publication. Served by log_events_published. */
export async function queryLog(db: Queryable, filter: LogFilter): Promise<LogPage> {
  const [comparison, direction] = filter.order === 'ASCENDING' ? ['>', 'asc'] : ['<', 'desc'];
  const rows = await db.query<LogRow>(
    `select seq, uuid, published, (extract(epoch from published) * 1000000)::bigint as published_micros, event_type,
       severity, outcome, reason, actor, target, debug, transaction_id
     from log_events
     where ($1::timestamptz is null or published >= $1) and ($2::timestamptz is null or published < $2)
       and ($3::bigint is null
         or (published, seq) ${comparison} (timestamptz 'epoch' + $3 * interval '1 microsecond', $4::bigint))
       and ($5::text is null or event_type = $5)
       and ($6::jsonb is null or target @> $6)
       and ($7::text is null or actor->>'id' = $7)
       and ($8::text is null or outcome = $8)
       and (select coalesce(bool_and(strpos(lower(concat_ws(' ', event_type, outcome, reason, actor, target)), word) > 0), true)
            from unnest($9::text[]) as word)
     order by published ${direction}, seq ${direction} limit $10`,
    [
      filter.since ?? null,
      filter.until ?? null,
      filter.after?.publishedMicros ?? null,
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
    ends: rows.map((row) => ({ publishedMicros: Number(row.published_micros), seq: Number(row.seq) })),
  };
}

interface LogRow {
  readonly seq: number;
  readonly uuid: string;
  readonly published: Date;
  readonly published_micros: number;
  readonly event_type: EventType;
  readonly severity: NonNullable<NewLogEvent['severity']>;
  readonly outcome: NewLogEvent['outcome'];
  readonly reason: string | null;
  readonly actor: Actor;
  readonly target: readonly EventTarget[];
  readonly debug: JsonObject | null;
  readonly transaction_id: string | null;
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
  };
}
