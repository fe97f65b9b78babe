import { expect, test } from 'vitest';
import { parseJson } from './json.ts';

const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

test.each([
  ['{"a":1}', { a: 1 }],
  ['', undefined],
  ['{"a":', undefined],
  [JSON.stringify({ a: `${'[{'.repeat(300)}"\\`, b: '\\' }), { a: `${'[{'.repeat(300)}"\\`, b: '\\' }],
  ['{"__proto__":{"x":1},"a":{"constructor":1,"prototype":2,"b":3}}', { a: { b: 3 } }],
  [String.raw`{"\u005f_proto__":{"x":1},"a":1}`, { a: 1 }],
  [`{"a":"${'x'.repeat(300)}`, undefined],
])('%s', (text, expected) => expect(parseJson(text)).toEqual(expected));

test('a hundred levels are read, more are not', () => {
  expect(parseJson(nested(100))).toBeDefined();
  expect(parseJson(nested(102))).toBeUndefined();
  expect(parseJson(nested(500_000))).toBeUndefined();
});
