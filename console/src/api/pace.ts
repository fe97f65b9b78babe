import type { QueryCache } from '@tanstack/react-query';

/** What takes less is looked up as often as is asked for. */
const quickMs = 250;
const restFactor = 10;
const mostMs = 60_000;
const tookMs = new WeakMap<object, number>();

/** Measures from now on how long each query takes. */
export function measurePace(cache: QueryCache): void {
  const begunMs = new WeakMap<object, number>();
  cache.subscribe((event) => {
    if (event.type !== 'updated') return;
    const { query, action } = event;
    if (action.type === 'fetch') begunMs.set(query, performance.now());
    // With what is tried again the pauses between would count, too.
    if (action.type === 'failed') begunMs.delete(query);
    const begun = begunMs.get(query);
    if (action.type !== 'success' || action.manual === true || begun === undefined) return;
    tookMs.set(query, performance.now() - begun);
  });
}

/**
 * Milliseconds from one look to the next, `usualMs` unless the query is slow: to count a million people anew every
 * second would be the server's main work. Then a look takes a tenth of the time, and comes once a minute at least.
 */
export function pace(query: object, usualMs: number): number {
  const took = tookMs.get(query) ?? 0;
  return took < quickMs ? usualMs : Math.max(usualMs, Math.min(took * restFactor, mostMs));
}
