import { expect, test } from 'vitest';
import { linearRegex } from './linear-regex.ts';

test.each([
  ['abc', 'abc', true],
  ['abc', 'xabc', false],
  ['(?i)ABC', 'abc', true],
  ['^a.c$', 'abc', true],
  ['\\d{3}-\\w+', '123-abc', true],
  ['', '', true],
  ['ä|ö', 'ö', true],
])('%s against %s: %s', (pattern, text, matches) => {
  expect(linearRegex(pattern).matchesWhole(text)).toBe(matches);
});

test.each([['('], ['(?=a)b'], ['(a)\\1'], ['a{9999}'], ['a'.repeat(1_001)]])('%s is refused', (pattern) => {
  expect(() => linearRegex(pattern)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test('work grows with pattern and text', () => {
  expect(linearRegex('a').workOn(100)).toBe(linearRegex('a').workOn(50) * 2);
  expect(linearRegex('(a|b){50}').workOn(1)).toBeGreaterThan(linearRegex('a').workOn(1));
});

test('a recent pattern is kept, an old one makes room', () => {
  const kept = linearRegex('kept');
  expect(linearRegex('kept')).toBe(kept);
  for (let index = 0; index < 600; index += 1) linearRegex(`p${index}`);
  expect(linearRegex('kept')).not.toBe(kept);
});
