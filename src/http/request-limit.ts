import type { Clock } from '../lib/clock.ts';

/** What a caller may still do in the minute that runs. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds at which the minute ends and everything is allowed again. */
  readonly resetSeconds: number;
  /** True when this request was one too many. */
  readonly exceeded: boolean;
}

/** Counts one request of a caller, who is named by a token or an address. */
export type RequestLimit = (caller: string) => Allowance;

const windowSeconds = 60;

/** So many requests per caller and whole minute of the clock, as Okta counts them. */
export function createRequestLimit(clock: Clock, limit: number): RequestLimit {
  const counts = new Map<string, number>();
  let windowEnd = 0;
  return (caller) => {
    const nowSeconds = clock.now().getTime() / 1_000;
    if (nowSeconds >= windowEnd) {
      windowEnd = (Math.floor(nowSeconds / windowSeconds) + 1) * windowSeconds;
      counts.clear();
    }
    const count = (counts.get(caller) ?? 0) + 1;
    counts.set(caller, count);
    return { limit, remaining: Math.max(0, limit - count), resetSeconds: windowEnd, exceeded: count > limit };
  };
}
