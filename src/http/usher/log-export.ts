import type { LogEvent } from '../../domain/log-event.ts';
import { csvLine } from '../../lib/csv-line.ts';
import { readLog, type LogRead } from '../../services/log-query.ts';
import type { LogCursor } from '../../store/log-query.ts';
import type { Context } from '../../services/context.ts';
import { presentLogEvent } from '../api/logs/present.ts';

export type LogSelection = Pick<LogRead, 'text' | 'filter'> & { readonly since: Date; readonly until: Date };

/** Events that are read and written at once; one page is in memory, however many there are. */
const pageSize = 1_000;

/**
 * The events as lines of a file, the newest first, read page by page while they are sent.
 *
 * The first page is read before it resolves, so that a filter that does not hold is an answer and no broken file.
 */
export async function exportLog(
  context: Pick<Context, 'db' | 'clock'>,
  selection: LogSelection,
  format: { readonly head: string; readonly line: (event: LogEvent) => string },
): Promise<AsyncIterable<string>> {
  const page = (after: LogCursor | undefined) =>
    readLog(context, { ...selection, order: 'DESCENDING', limit: pageSize, ...(after && { after }) });
  const first = await page(undefined);
  return (async function* () {
    yield format.head;
    for (let { events, next } = first; ; { events, next } = await page(next)) {
      if (events.length > 0) yield events.map(format.line).join('');
      if (next === undefined) return;
    }
  })();
}

/** Okta's columns, as far as Usher has them; moments in UTC. */
export const logAsCsv = {
  head: csvLine([
    ...['published', 'event_type', 'display_message', 'severity', 'outcome', 'reason', 'actor_id', 'actor_type'],
    ...['actor_alternate_id', 'actor_display_name', 'target_ids', 'target_types', 'target_alternate_ids'],
    ...['target_display_names', 'client_ip', 'transaction_id', 'uuid'],
  ]),
  line: (event: LogEvent) => {
    const { published, eventType, displayMessage, severity, outcome, actor, target, client, transaction, uuid } =
      presentLogEvent(event);
    const targets = (name: 'id' | 'type' | 'alternateId' | 'displayName') =>
      target.map((each) => each[name]).join('; ');
    return csvLine([
      ...[published, eventType, displayMessage, severity, outcome.result, outcome.reason],
      ...[actor.id, actor.type, actor.alternateId, actor.displayName],
      ...[targets('id'), targets('type'), targets('alternateId'), targets('displayName')],
      ...[client.ipAddress, transaction.id, uuid],
    ]);
  },
};

/** Whole events, one JSON document a line. */
export const logAsNdjson = {
  head: '',
  line: (event: LogEvent) => `${JSON.stringify(presentLogEvent(event))}\n`,
};
