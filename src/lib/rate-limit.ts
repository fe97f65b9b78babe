import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { HttpClient } from './http-client.ts';

/** A burst of so many seconds' worth may go out at once. */
const burstSeconds = 2;

/** The same client, held to `requestsPerMinute` on average: a request too early waits for its turn, in order. */
export function withRateLimit(http: HttpClient, requestsPerMinute: number, clock: Clock): HttpClient {
  const msPerRequest = 60_000 / requestsPerMinute;
  const burstMs = Math.max(msPerRequest, burstSeconds * 1_000);
  // The virtual time up to which the budget is spent; it may run ahead of the clock by the burst at most.
  let spentUntilMs = clock.monotonicMs() - burstMs;
  return {
    request: async (request) => {
      const now = clock.monotonicMs();
      spentUntilMs = Math.max(spentUntilMs, now - burstMs) + msPerRequest;
      const waitMs = spentUntilMs - now;
      if (waitMs > 0) await sleep(waitMs, undefined, request.signal === undefined ? {} : { signal: request.signal });
      return http.request(request);
    },
    close: () => http.close(),
  };
}
