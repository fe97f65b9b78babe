import { expect, test } from 'vitest';
import { assertTellsNothing, hashPassword, verifyPassword } from './password.ts';

test('a hash carries argon2id and its costs, and fits one password only', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hash, 'correct horse')).toBe(true);
  expect(await verifyPassword(hash, 'correct horse ')).toBe(false);
});

test('a letter with an accent is one password however it was typed', async () => {
  expect(await verifyPassword(await hashPassword('caf\u00e9-au-lait'), 'cafe\u0301-au-lait')).toBe(true);
});

test.each([
  ['x'.repeat(8), true],
  ['x'.repeat(128), true],
  ['𝒳'.repeat(128), true],
  ['', false],
  ['x'.repeat(7), false],
  ['x'.repeat(129), false],
  ['x'.repeat(4_096), false],
  ['12345678\ud800', false],
])('takes %j: %s', async (password, taken) => {
  const attempt = hashPassword(password).then(
    () => true,
    () => false,
  );
  expect(await attempt).toBe(taken);
});

test.each([
  ['correct horse', 'ada@acme.example', true],
  ['xADAx@ACME.examplex', 'ada@acme.example', true],
  ['my ada@acme.example', 'ada@acme.example', false],
  ['LoveLACE 1815', 'lovelace@acme.example', false],
  ['the ada in nevada', 'ada@acme.example', true],
])('%j beside %s: %s', (password, login, taken) => {
  const attempt = () => assertTellsNothing(password, login);
  if (taken) expect(attempt).not.toThrow();
  else expect(attempt).toThrow('must not contain the username');
});
