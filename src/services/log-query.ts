import type { LogEvent } from '../domain/log-event.ts';
import { queryLog, type LogCursor, type LogFilter } from '../store/log-query.ts';
import type { Context } from './context.ts';

/** What to read of the log. Left out, `since` is seven days ago and there is no end. */
export interface LogRead extends Omit<LogFilter, 'words'> {
  /** Words, each of which must occur in the event. */
  readonly text?: string;
}

export interface LogReading {
  readonly events: readonly LogEvent[];
  /** Where the reading began. */
  readonly since: Date;
  /**
   * Where the next page begins, `start` where that is the beginning still; undefined when there is none. Who reads
   * forward without an end always has one: it is where to ask for what has not happened yet.
   */
  readonly next: LogCursor | 'start' | undefined;
}

/** One page of the log. */
export async function readLog(context: Pick<Context, 'db' | 'clock'>, read: LogRead): Promise<LogReading> {
  const { text, limit, ...filter } = read;
  const since = read.since ?? new Date(context.clock.now().getTime() - usualDays * 86_400_000);
  const words = (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax);
  const { events, ends } = await queryLog(context.db, { ...filter, since, words, limit: limit + 1 });
  const page = events.slice(0, limit);
  const end = ends[page.length - 1];
  if (events.length > limit) return { events: page, since, next: end };
  const polling = read.order === 'ASCENDING' && read.until === undefined;
  return { events: page, since, next: polling ? (end ?? read.after ?? 'start') : undefined };
}

const usualDays = 7;
/** Okta's limit; each word is looked for in every event. */
const wordsMax = 10;
