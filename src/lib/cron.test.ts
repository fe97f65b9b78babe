import { expect, test } from 'vitest';
import { cronProblem } from './cron.ts';

test.each([
  ['0 21 * * Mon,Thu,Fri,Sat', true],
  ['*/15 * * * *', true],
  ['5-10/2,40 0-23 1,15 JAN-mar 0', true],
  ['0 0 * * 7', true],
  ['  0   3 * * *  ', true],
  ['0 21 * *', false],
  ['0 0 21 * * *', false],
  ['60 * * * *', false],
  ['* 24 * * *', false],
  ['* * 0 * *', false],
  ['* * * 13 *', false],
  ['* * * * 8', false],
  ['10-5 * * * *', false],
  ['*/0 * * * *', false],
  ['*-3 * * * *', false],
  ['@daily', false],
  ['1,,2 * * * *', false],
  ['-1 * * * *', false],
  ['* * * * MONDAY', false],
  ['', false],
  [`${'1,'.repeat(200)}1 * * * *`, false],
])('%j is an expression: %s', (text, good) => {
  expect(cronProblem(text) === undefined).toBe(good);
});

test('says which field is wrong and how', () => {
  expect(cronProblem('0 25 * * *')).toBe('has "25", which is not from 0 to 23, in its hour');
});
