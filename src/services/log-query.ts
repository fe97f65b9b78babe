import { parseFilter } from '../domain/filter/parser.ts';
import type { LogEvent } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import { findLogHorizon, queryLog, type LogCursor, type LogFilter } from '../store/log-query.ts';
import type { Context } from './context.ts';

/** What to read of the log. Left out, `since` is seven days ago and there is no end. */
export interface LogRead extends Omit<LogFilter, 'words' | 'order' | 'filter'> {
  readonly order: 'ASCENDING' | 'DESCENDING';
  /** As written. */
  readonly filter?: string;
  /** Words, each of which must occur in the event. */
  readonly text?: string;
}

export interface LogReading {
  readonly events: readonly LogEvent[];
  /**
   * Where the next page begins; undefined when there is none. Who reads forward without an end always has one: it is
   * where to ask for what has not happened yet.
   */
  readonly next: LogCursor | undefined;
}

/**
 * One page of the log. Read between two moments, or backwards, it is in order of publication. Read forward without an
 * end it is in the order in which events became visible, and stops before the oldest transaction still running: an
 * event of a transaction that takes long has the moment at which that began, and would be passed by otherwise.
 *
 * @throws {UsherError} `invalid_input` for a filter that does not hold, or a cursor of another database.
 */
export async function readLog(context: Pick<Context, 'db' | 'clock'>, read: LogRead): Promise<LogReading> {
  const { text, filter, limit, order, ...range } = read;
  const since = read.since ?? new Date(context.clock.now().getTime() - usualDays * 86_400_000);
  const asked = filter === undefined ? {} : { filter: parseFilter(filter, 'filter') };
  const words = wordsOf(text);
  const polling = order === 'ASCENDING' && read.until === undefined;
  // Before the page: what is there by then is on it.
  const horizon = polling ? await findLogHorizon(context.db) : undefined;
  if (horizon !== undefined && (read.after?.place ?? 0) > horizon.place) throw foreignCursor();
  const inOrder = { ...range, ...asked, since, words, limit: limit + 1, order: polling ? ('WRITTEN' as const) : order };
  const { events, ends } = await queryLog(context.db, inOrder);
  const page = events.slice(0, limit);
  const end = ends[page.length - 1];
  if (events.length > limit) return { events: page, next: end };
  return { events: page, next: polling ? (end ?? read.after ?? horizon) : undefined };
}

/** The words of a text that is searched for. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax);
}

function foreignCursor(): UsherError {
  const reason = 'lies in the future of this log: it is of another database, or of another kind of reading';
  return new UsherError('invalid_input', `The cursor cannot be used: it ${reason}. Begin again with since.`, {
    causes: [{ field: 'after', reason }],
  });
}

const usualDays = 7;
/** Okta's limit; each word is looked for in every event. */
const wordsMax = 10;
