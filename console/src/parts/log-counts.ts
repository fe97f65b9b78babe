import { useQuery } from '@tanstack/react-query';
import { get, type Schemas } from '../api/client';
import type { BarOf, BarSeries } from '../charts/stacked-bars';
import { t } from '../text';

export type LogCounts = Schemas['LogCounts'];

export interface LogSelection {
  readonly since: string;
  readonly until?: string;
  readonly q?: string;
  readonly filter?: string;
}

export const logRanges = { '1h': 3_600, '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 } as const;
export type LogRange = keyof typeof logRanges;

export function isLogRange(text: string | null): text is LogRange {
  return text !== null && Object.hasOwn(logRanges, text);
}

/** The moment so long before now. */
export function sinceOf(range: LogRange): string {
  return new Date(performance.timeOrigin + performance.now() - logRanges[range] * 1_000).toISOString();
}

export const outcomes: readonly BarSeries[] = [
  { key: 'SUCCESS', label: t.log.outcomes['SUCCESS'] ?? '', tone: 'good' },
  { key: 'FAILURE', label: t.log.outcomes['FAILURE'] ?? '', tone: 'bad' },
  { key: 'DEFERRED', label: t.log.outcomes['DEFERRED'] ?? '', tone: 'info' },
  { key: 'SKIPPED', label: t.log.outcomes['SKIPPED'] ?? '', tone: 'quiet' },
];

/** Looked at again as things happen, but where `live` is false. */
export function useLogCounts(selection: LogSelection, options: { readonly buckets: number; readonly live?: boolean }) {
  const { buckets, live = true } = options;
  return useQuery({
    queryKey: ['log-counts', selection, buckets],
    queryFn: ({ signal }) =>
      get('/usher/v1/logs/counts', { query: { ...selection, buckets }, unattended: true, signal }),
    placeholderData: (before) => before,
    meta: { live },
  });
}

export function sumOfCounts(counts: LogCounts['total']): number {
  return counts.SUCCESS + counts.FAILURE + counts.SKIPPED + counts.DEFERRED;
}

/** Of one outcome, as it is written. */
export function countOf(bucket: LogCounts['total'], outcome: string): string {
  const count = new Map<string, unknown>(Object.entries(bucket)).get(outcome);
  return typeof count === 'number' ? count.toLocaleString(t.locale) : '';
}

/** The end of a bucket: where the next one begins. */
export function endOf({ buckets, until }: LogCounts, index: number): string {
  return buckets[index + 1]?.from ?? until;
}

const clock = new Intl.DateTimeFormat(t.locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(t.locale, { month: 'short', day: 'numeric' });
const whole = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'short' });

export function barsOf({ buckets, stepSeconds, since, until }: LogCounts): readonly BarOf[] {
  const long = Date.parse(until) - Date.parse(since) > 1.5 * 86_400_000 || stepSeconds >= 86_400;
  return buckets.map(({ from, SUCCESS, FAILURE, SKIPPED, DEFERRED }) => ({
    key: from,
    title: whole.format(new Date(from)),
    tick: (long ? day : clock).format(new Date(from)),
    values: { SUCCESS, FAILURE, SKIPPED, DEFERRED },
  }));
}
