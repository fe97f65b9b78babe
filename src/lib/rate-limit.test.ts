import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { withRateLimit } from './rate-limit.ts';

test('a burst goes out at once, the rest at the given pace', async () => {
  const sentMs: number[] = [];
  const http = withRateLimit(
    {
      request: () => {
        sentMs.push(performance.now());
        return Promise.resolve({ status: 200, headers: {}, body: '' });
      },
      close: () => Promise.resolve(),
    },
    6_000,
    systemClock,
  );
  const started = performance.now();
  await Promise.all(Array.from({ length: 250 }, () => http.request({ method: 'GET', url: 'https://app.example/' })));
  expect(sentMs.filter((ms) => ms - started < 50).length).toBeGreaterThanOrEqual(190);
  const last = Math.max(...sentMs) - started;
  expect(last).toBeGreaterThan(400);
  expect(last).toBeLessThan(900);
});
