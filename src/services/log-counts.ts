import { parseFilter } from '../domain/filter/parser.ts';
import { eventTypes, type EventType } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import { countLog, type LogOutcome } from '../store/log-counts.ts';
import type { Context } from './context.ts';
import { wordsOf } from './log-query.ts';

/** Which events to count; what is left out is as in `readLog`, and `until` is now. */
export interface LogCountRead {
  readonly since?: Date;
  readonly until?: Date;
  /** As written. */
  readonly filter?: string;
  readonly text?: string;
  /** As many buckets at most, from 2: any two moments, on whichever side of 1970, are in two that are long enough. */
  readonly buckets: number;
}

export type OutcomeCounts = { readonly [Outcome in LogOutcome]: number };

export interface LogCounts {
  readonly since: Date;
  readonly until: Date;
  readonly stepSeconds: number;
  /** False where there are so many events that only the newest were counted. */
  readonly complete: boolean;
  readonly total: OutcomeCounts;
  /** One after the other from `since` on, empty ones too. The first is shorter where a whole one began before. */
  readonly buckets: readonly (OutcomeCounts & { readonly from: Date })[];
  /** Those with the most events first. */
  readonly types: readonly (OutcomeCounts & { readonly eventType: EventType; readonly displayMessage: string })[];
}

/** Enough for a year of a large company, and a second's work. */
const eventsMax = 1_000_000;
const typesMax = 200;
const usualDays = 7;

/** People read lengths of time that divide a minute, an hour, a day; or whole days. */
const steps = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/**
 * How many events there were when, and of what outcome.
 *
 * @throws {UsherError} `invalid_input` for a filter that does not hold, or an end that is not after the beginning.
 */
export async function countLogEvents(
  context: Pick<Context, 'db' | 'clock'>,
  { text, filter, ...read }: LogCountRead,
): Promise<LogCounts> {
  const until = read.until ?? context.clock.now();
  const since = read.since ?? new Date(until.getTime() - usualDays * 86_400_000);
  if (since >= until) throw notBefore();
  const stepSeconds = stepFor(since, until, read.buckets);
  const counts = await countLog(context.db, {
    ...{ since, until, stepSeconds, eventsMax: eventsMax + 1, words: wordsOf(text) },
    ...(filter === undefined ? {} : { filter: parseFilter(filter, 'filter') }),
  });
  const byBucket = new Map<number, OutcomeCounts>();
  const byType = new Map<EventType, OutcomeCounts>();
  let total = none;
  for (const { bucket, eventType, outcome, count } of counts) {
    if (bucket === null) byType.set(eventType, plus(byType.get(eventType), outcome, count));
    else {
      byBucket.set(bucket.getTime(), plus(byBucket.get(bucket.getTime()), outcome, count));
      total = plus(total, outcome, count);
    }
  }
  const counted = sumOf(total);
  const types = [...byType].sort(([, left], [, right]) => sumOf(right) - sumOf(left)).slice(0, typesMax);
  return {
    ...{ since, until, stepSeconds, complete: counted <= eventsMax, total },
    buckets: beginnings(since, until, stepSeconds).map((from) => ({
      from: from < since ? since : from,
      ...(byBucket.get(from.getTime()) ?? none),
    })),
    types: types.map(([eventType, each]) => ({
      eventType,
      displayMessage: eventTypes[eventType] ?? eventType,
      ...each,
    })),
  };
}

const none: OutcomeCounts = { SUCCESS: 0, FAILURE: 0, SKIPPED: 0, DEFERRED: 0 };

function plus(counts: OutcomeCounts = none, outcome: LogOutcome, count: number): OutcomeCounts {
  return { ...counts, [outcome]: counts[outcome] + count };
}

function sumOf(counts: OutcomeCounts): number {
  return counts.SUCCESS + counts.FAILURE + counts.SKIPPED + counts.DEFERRED;
}

/** The shortest step with which the buckets are no more than that many. */
function stepFor(since: Date, until: Date, buckets: number): number {
  const fits = (step: number) => beginningsCount(since, until, step) <= buckets;
  const usual = steps.find(fits);
  if (usual !== undefined) return usual;
  const days = Math.ceil((until.getTime() - since.getTime()) / 86_400_000 / buckets);
  for (let count = days; ; count *= 2) if (fits(count * 86_400)) return count * 86_400;
}

function beginningsCount(since: Date, until: Date, step: number): number {
  const place = (ms: number) => Math.floor(ms / 1_000 / step);
  return place(until.getTime() - 1) - place(since.getTime()) + 1;
}

function beginnings(since: Date, until: Date, step: number): Date[] {
  const first = Math.floor(since.getTime() / 1_000 / step);
  return Array.from(
    { length: beginningsCount(since, until, step) },
    (_each, index) => new Date((first + index) * step * 1_000),
  );
}

function notBefore(): UsherError {
  const reason = 'must be after since';
  return new UsherError('invalid_input', `The events cannot be counted: until ${reason}.`, {
    causes: [{ field: 'until', reason }],
  });
}
