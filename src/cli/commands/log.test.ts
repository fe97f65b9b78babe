import { expect, test } from 'vitest';
import { sinceOf } from './log.ts';

const now = new Date('2026-05-01T08:00:00.000Z');

test.each([
  ['90s', '2026-05-01T07:58:30.000Z'],
  ['30m', '2026-05-01T07:30:00.000Z'],
  ['12h', '2026-04-30T20:00:00.000Z'],
  ['7d', '2026-04-24T08:00:00.000Z'],
  ['2026-04-01T00:00:00Z', '2026-04-01T00:00:00.000Z'],
])('--since %s is %s', (text, iso) => expect(sinceOf(text, now)).toBe(iso));

test('anything else is a usage error', () => {
  expect(() => sinceOf('yesterday', now)).toThrow('"yesterday" is not a time');
});
