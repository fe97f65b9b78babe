import { describe, expect, test } from 'vitest';
import type { AppId } from '../lib/ids.ts';
import { causeWords, failureTaskId, manualTaskId } from './task.ts';

const app = '0oa00000000000000001' as AppId;

describe('the cause of a failure', () => {
  test.each([
    ['names', 'User ada@acme.example is taken.', 'User bob@acme.example is taken.'],
    ['what is quoted', 'No licence for "Ada King" left.', 'No licence for "Bob" left.'],
    ['ids and numbers', 'Request 7f3a-11 failed after 31 ms.', 'Request 09bc-55 failed after 1204 ms.'],
    ['spaces', 'No  licence\nleft.', 'No licence left.'],
  ])('is the same whatever the %s', (_what, left, right) => {
    expect(causeWords(left)).toBe(causeWords(right));
  });

  test('has none of the person’s own words', () => {
    expect(causeWords('The name ada.king is taken by Ada King.', ['ada.king', 'Ada King'])).toBe(
      causeWords('The name bob is taken by Bob Ray.', ['bob', 'Bob Ray']),
    );
  });

  test('keeps apart what differs', () => {
    expect(causeWords('No licence left.')).not.toBe(causeWords('The e-mail is used already.'));
  });
});

test('one cause is one task: of its app, its code and its words', () => {
  const error = { code: 'app_rejected', message: 'No licence for ada@acme.example.' } as const;
  const id = failureTaskId(app, error, []);
  expect(id).toMatch(/^tsk[0-9A-Za-z]{17}$/);
  expect(failureTaskId(app, { ...error, message: 'No licence for bob@acme.example.' }, [])).toBe(id);
  const others = [
    failureTaskId('0oa00000000000000002' as AppId, error, []),
    failureTaskId(app, { ...error, code: 'app_failed' }, []),
    failureTaskId(app, { ...error, message: 'No.' }, []),
    manualTaskId(app, 'PROVISION'),
    manualTaskId(app, 'DEPROVISION'),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});
