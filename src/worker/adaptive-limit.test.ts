import { describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import { createAdaptiveLimit } from './adaptive-limit.ts';

function answers(limit: ReturnType<typeof createAdaptiveLimit>, count: number, latencyMs: number, error?: UsherError) {
  for (let index = 0; index < count; index += 1) limit.observe(latencyMs, error);
  return limit.current();
}

describe('createAdaptiveLimit', () => {
  test('starts at four and doubles up to the most while the app keeps up', () => {
    const limit = createAdaptiveLimit(32);
    expect(limit.current()).toBe(4);
    expect(answers(limit, 4, 20)).toBe(8);
    expect(answers(limit, 100, 20)).toBe(32);
  });

  test('never exceeds what the app allows', () => {
    expect(answers(createAdaptiveLimit(2), 100, 20)).toBe(2);
  });

  test('halves once per flight on trouble, then grows by one', () => {
    const limit = createAdaptiveLimit(32);
    answers(limit, 100, 20);
    expect(answers(limit, 32, 20, new UsherError('app_failed', 'no'))).toBe(16);
    expect(answers(limit, 16, 20)).toBe(17);
  });

  test('takes latency three times the usual and a quarter second more as trouble', () => {
    const limit = createAdaptiveLimit(32);
    answers(limit, 100, 20);
    expect(answers(limit, 1, 200)).toBe(32);
    expect(answers(limit, 1, 300)).toBe(16);
  });

  test('a refusal of the row is no trouble of the app', () => {
    const limit = createAdaptiveLimit(32);
    answers(limit, 100, 20);
    expect(answers(limit, 5, 20, new UsherError('app_rejected', 'no'))).toBe(32);
  });
});
