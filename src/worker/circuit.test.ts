import { describe, expect, test } from 'vitest';
import { UsherError, type ErrorCode } from '../lib/errors.ts';
import { afterAnswer, closedCircuit, type Circuit } from './circuit.ts';

const failing = (code: ErrorCode, retryAfterSeconds?: number) =>
  new UsherError(code, code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

function feed(circuit: Circuit, ...answers: readonly [row: string, code: ErrorCode | undefined][]) {
  let change = { circuit, pauseMs: undefined as number | undefined };
  for (const [row, code] of answers) {
    change = afterAnswer(change.circuit, row, code === undefined ? undefined : failing(code));
  }
  return change;
}

describe('afterAnswer', () => {
  test('five failures of three rows open it, for longer each time', () => {
    const rows: [string, ErrorCode][] = ['a', 'b', 'c', 'a', 'b'].map((row) => [row, 'app_failed']);
    expect(feed(closedCircuit, ...rows.slice(0, 4)).pauseMs).toBeUndefined();
    const opened = feed(closedCircuit, ...rows);
    expect(opened).toMatchObject({ circuit: { state: 'BROKEN', openedTimes: 1 }, pauseMs: 5_000 });
    const again = feed(opened.circuit, ['a', 'app_failed']);
    expect(again).toMatchObject({ circuit: { openedTimes: 2 }, pauseMs: 10_000 });
    expect(feed({ ...again.circuit, openedTimes: 12 }, ['a', 'app_failed']).pauseMs).toBe(300_000);
  });

  test('one bad row never opens it', () => {
    const rows = Array.from({ length: 50 }, (): [string, ErrorCode] => ['poison', 'app_failed']);
    expect(feed(closedCircuit, ...rows).circuit.state).toBe('OK');
  });

  test('an app that cannot be reached needs no second row to prove it', () => {
    const rows = Array.from({ length: 5 }, (): [string, ErrorCode] => ['only', 'app_unreachable']);
    expect(feed(closedCircuit, ...rows)).toMatchObject({ circuit: { state: 'BROKEN' }, pauseMs: 5_000 });
  });

  test('three refusals quarantine it', () => {
    const rows: [string, ErrorCode][] = ['a', 'b', 'c'].map((row) => [row, 'app_credentials_refused']);
    expect(feed(closedCircuit, ...rows)).toMatchObject({ circuit: { state: 'QUARANTINED' }, pauseMs: 300_000 });
  });

  test.each<[string, ErrorCode | undefined]>([
    ['a success', undefined],
    ['a refusal of the row itself', 'app_rejected'],
    ['a taken name', 'app_account_exists'],
  ])('%s closes it and forgets the failures', (_name, code) => {
    const nearly = feed(
      closedCircuit,
      ['a', 'app_failed'],
      ['b', 'app_failed'],
      ['c', 'app_failed'],
      ['d', 'app_failed'],
    );
    expect(feed(nearly.circuit, ['e', code], ['f', 'app_failed']).circuit).toMatchObject({ state: 'OK', failures: 1 });
  });

  test.each([
    [42, 42_000],
    [undefined, 30_000],
    [10_000_000, 3_600_000],
  ])('a rate limit with Retry-After %s pauses it %i ms', (seconds, pauseMs) => {
    expect(afterAnswer(closedCircuit, 'a', failing('app_rate_limited', seconds))).toMatchObject({
      circuit: { state: 'PAUSED' },
      pauseMs,
    });
  });
});
