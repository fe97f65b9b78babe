import { expect, test } from 'vitest';
import { parseJsonBody } from './json-body.ts';

test.each([
  ['a string of escaped quotes that is never closed', `"${'\\"'.repeat(500_000)}`],
  ['half a million quotes', '"'.repeat(999_999)],
  ['brackets after a string that is never closed', `"\\${'"[\\'.repeat(300_000)}`],
])('%s is refused at once', (_name, body) => {
  const began = performance.now();
  expect(() => parseJsonBody(Buffer.from(body))).toThrow();
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('brackets in strings are no nesting', () => {
  const text = `\\"${'['.repeat(100)}`;
  expect(parseJsonBody(Buffer.from(JSON.stringify({ text })))).toEqual({ text });
});
