import { describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import { asCommandError, CommandError, exitCodes, exitOfAnswer } from './exit-codes.ts';

describe('exit codes', () => {
  test('are the documented ones', () => {
    expect(exitCodes).toEqual({
      ok: 0,
      failed: 1,
      usage: 2,
      notFound: 3,
      denied: 4,
      conflict: 5,
      partial: 6,
      held: 7,
      unreachable: 8,
      timeout: 124,
      interrupted: 130,
    });
  });

  test.each([
    [400, 'E0000001', 'failed'],
    [401, 'E0000011', 'denied'],
    [403, 'E0000006', 'denied'],
    [403, 'E0000016', 'conflict'],
    [404, 'E0000007', 'notFound'],
    [409, 'E0000195', 'conflict'],
    [429, 'E0000047', 'failed'],
    [500, 'E0000009', 'failed'],
  ] as const)('an answer %i %s is %s', (status, code, exit) => {
    expect(exitOfAnswer(status, code)).toBe(exit);
  });
});

describe('asCommandError', () => {
  test('keeps the sentence and every cause of our own errors', () => {
    const error = new UsherError('conflict', 'The login is taken.', {
      causes: [{ field: 'login', reason: 'is taken' }],
    });
    expect(asCommandError(error)).toMatchObject({
      exit: 'conflict',
      message: 'The login is taken.',
      details: ['login: is taken'],
    });
  });

  test('passes its own kind through and calls everything else failed', () => {
    const own = new CommandError('held', 'Held.');
    expect(asCommandError(own)).toBe(own);
    expect(asCommandError(new TypeError('x is not y'))).toMatchObject({ exit: 'failed', message: 'x is not y' });
  });
});
