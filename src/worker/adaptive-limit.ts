import type { UsherError } from '../lib/errors.ts';

/** How many requests may be in flight to one app: grows while the app keeps up, halves when it does not. */
export interface AdaptiveLimit {
  current(): number;
  /** Reports one finished request. */
  observe(latencyMs: number, error: UsherError | undefined): void;
}

const start = 4;
/** Latency counts as rising above three times the usual, and never for less than a quarter of a second. */
const slowFactor = 3;
const slowMarginMs = 250;

/** Additive increase, multiplicative decrease, with doubling at first, as TCP does it. */
export function createAdaptiveLimit(most: number): AdaptiveLimit {
  let limit = Math.min(start, most);
  let doubling = true;
  let usualMs: number | undefined;
  let goodAnswers = 0;
  let answersToSkip = 0;
  return {
    current: () => limit,
    observe: (latencyMs, error) => {
      const congested =
        isCongestion(error) ||
        (usualMs !== undefined && latencyMs > Math.max(usualMs * slowFactor, usualMs + slowMarginMs));
      if (congested) {
        // What was already in flight will report the same trouble; one decrease per flight is enough.
        if (answersToSkip > 0) return void (answersToSkip -= 1);
        answersToSkip = limit;
        limit = Math.max(1, Math.floor(limit / 2));
        doubling = false;
        goodAnswers = 0;
        return;
      }
      answersToSkip = Math.max(0, answersToSkip - 1);
      usualMs = usualMs === undefined ? latencyMs : usualMs * 0.95 + latencyMs * 0.05;
      goodAnswers += 1;
      if (goodAnswers < limit) return;
      goodAnswers = 0;
      limit = Math.min(most, doubling ? limit * 2 : limit + 1);
    },
  };
}

function isCongestion(error: UsherError | undefined): boolean {
  return (
    error !== undefined && ['app_rate_limited', 'app_failed', 'app_timeout', 'app_unreachable'].includes(error.code)
  );
}
