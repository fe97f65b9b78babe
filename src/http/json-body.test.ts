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

test.each([
  '{"login":"a","login":"b"}',
  '{"profile":{"login":"a"},"id":1,"profile":{}}',
  '{"a":[{"b":{"c":1 , "d":2,\n"c" :3}}]}',
  '{"login":"a","\\u006cogin":"b"}',
])('%s names a property twice, and which one counts is not for us to guess', (text) => {
  expect(() => parseJsonBody(Buffer.from(text))).toThrow('twice in one object');
});

test.each(['{"a":{"a":1},"b":{"a":2}}', '[{"a":1},{"a":2}]', '{"a":"a","b":"\\"a\\":","c":["a","a"]}'])(
  '%s is taken',
  (text) => {
    expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text));
  },
);

test('a megabyte of names is looked through at once', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `"n${index}":""`);
  const body = Buffer.from(`{${names.join(',')}}`);
  // Time of the processor: on a busy machine the clock also counts what others do.
  const began = process.cpuUsage();
  parseJsonBody(body);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
});

test('brackets in strings are no nesting', () => {
  const text = `\\"${'['.repeat(100)}`;
  expect(parseJsonBody(Buffer.from(JSON.stringify({ text })))).toEqual({ text });
});
