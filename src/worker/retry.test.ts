import { describe, expect, test } from 'vitest';
import { UsherError, type ErrorCode } from '../lib/errors.ts';
import { retryAfter } from './retry.ts';

const error = (code: ErrorCode, outcomeUnknown = false) => new UsherError(code, code, { outcomeUnknown });
const fresh = { attempts: 1, failingSeconds: 0 };
const noJitter = () => 0;
const week = 7 * 24 * 3_600;

describe('retryAfter', () => {
  test.each<[string, UsherError, typeof fresh, boolean, ReturnType<typeof retryAfter>]>([
    ['first failure: seconds', error('app_failed'), fresh, false, { afterSeconds: 5, rowFailed: true }],
    ['second', error('app_timeout'), { ...fresh, attempts: 2 }, false, { afterSeconds: 30, rowFailed: true }],
    ['hundredth', error('app_failed'), { ...fresh, attempts: 100 }, false, { afterSeconds: 21_600, rowFailed: true }],
    [
      'after a week',
      error('app_failed'),
      { attempts: 40, failingSeconds: week + 1 },
      false,
      { afterSeconds: undefined, rowFailed: true },
    ],
    [
      'a removal after a week',
      error('app_failed'),
      { attempts: 40, failingSeconds: week + 1 },
      true,
      { afterSeconds: 600, rowFailed: true },
    ],
    ['refused', error('app_rejected'), fresh, false, { afterSeconds: undefined, rowFailed: true }],
    ['a refused removal', error('app_rejected'), fresh, true, { afterSeconds: 5, rowFailed: true }],
    ['outcome unknown', error('app_rejected', true), fresh, false, { afterSeconds: 5, rowFailed: true }],
    ['a broken mapping', error('evaluation_failed'), fresh, false, { afterSeconds: undefined, rowFailed: true }],
    ['the app unreachable', error('app_unreachable'), fresh, false, { afterSeconds: 5, rowFailed: false }],
  ])('%s', (_name, failure, row, removal, expected) => {
    expect(retryAfter(failure, row, removal, noJitter)).toEqual(expected);
  });

  test('takes up to a fifth off, never adds', () => {
    expect(retryAfter(error('app_failed'), fresh, false, () => 0.999).afterSeconds).toBeCloseTo(4, 1);
  });
});
