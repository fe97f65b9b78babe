import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';
import { describePace, duration, startProgress } from './progress.ts';

test.each([
  [0, 100, 0, '0 of 100 accounts'],
  [50, 100, 10, '50 of 100 accounts, 5/s, 10 s left'],
  [1_204, 5_000, 12, '1,204 of 5,000 accounts, 100/s, 38 s left'],
  [100, 100, 4, '100 of 100 accounts, 25/s'],
])('%i of %i after %i s reads "%s"', (done, total, seconds, text) => {
  expect(describePace(done, total, seconds, 'accounts')).toBe(text);
});

test.each([
  [43, '43 s'],
  [700, '12 min'],
  [10_800, '3 h'],
])('%i s are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test('without a terminal there is a line every ten seconds', () => {
  const stderr = new PassThrough();
  const output = createOutput({ stdout: new PassThrough(), stderr, json: false, quiet: false, colour: false });
  let ms = 0;
  const progress = startProgress(output, { now: () => new Date(0), monotonicMs: () => ms }, 'Wiki', 'accounts');
  for (; ms <= 25_000; ms += 500) progress.update(ms / 500, 100);
  progress.end();
  expect(String(stderr.read())).toBe(
    'Wiki: 20 of 100 accounts, 2/s, 40 s left\nWiki: 40 of 100 accounts, 2/s, 30 s left\n',
  );
});
