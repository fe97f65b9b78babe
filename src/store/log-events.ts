import type { NewLogEvent } from '../domain/log-event.ts';
import type { Tx } from './database.ts';

/** Appends events in order, in the transaction of what they report. One statement for any number. */
export async function appendEvents(tx: Tx, events: readonly NewLogEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(`insert into log_events (${eventColumns}) ${selectEvents('$1')}`, [
    JSON.stringify(events.map(eventRow)),
  ]);
}

/** What `selectEvents` selects. */
export const eventColumns = 'event_type, severity, outcome, reason, actor, target, debug, transaction_id, client';

/** The `select` half of appending events from one JSON array parameter, for statements that do more than that. */
export function selectEvents(parameter: string): string {
  return `select e.event_type, e.severity, e.outcome, e.reason, e.actor, e.target, e.debug, e.transaction_id, e.client
    from jsonb_to_recordset(${parameter}::jsonb) as e(event_type text, severity text, outcome text, reason text,
      actor jsonb, target jsonb, debug jsonb, transaction_id text, client jsonb)`;
}

/** An event, or what differs between events of one actor about one thing. */
type EventFields = Omit<NewLogEvent, 'actor' | 'targets'> & Partial<NewLogEvent>;

/** One event as an element of the JSON array that `selectEvents` reads. */
export function eventRow(event: EventFields): Record<string, unknown> {
  return {
    event_type: event.eventType,
    severity: event.severity ?? (event.outcome === 'FAILURE' ? 'WARN' : 'INFO'),
    outcome: event.outcome,
    reason: event.reason,
    actor: event.actor,
    target: event.targets,
    debug: event.debug,
    transaction_id: event.transactionId,
    client: event.client,
  };
}
