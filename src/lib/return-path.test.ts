import { expect, test } from 'vitest';
import { returnPath } from './return-path.ts';

test.each([
  ['/admin/people?tab=log', '/admin/people?tab=log'],
  ['/admin/../my', '/my'],
  ['/a\u00e4 b', '/a%C3%A4%20b'],
])('%j leads to %j', (text, path) => {
  expect(returnPath(text)).toBe(path);
});

test.each([
  [undefined],
  [''],
  ['admin'],
  ['//evil.example'],
  ['/\\evil.example'],
  ['\\\\evil.example'],
  ['/\t/evil.example'],
  ['/\r\n/evil.example'],
  ['/.//evil.example'],
  ['/x/..//evil.example'],
  ['https://evil.example/'],
  ['javascript:alert(1)'],
  [`/${'a'.repeat(1_000)}`],
  [`/${'\u00e4'.repeat(400)}`],
])('%j leads nowhere but home', (text) => {
  expect(returnPath(text)).toBe('/');
});
