import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));

/** With so few people its figures mean nothing: that it gets to its end is what counts. */
test('the fan-out benchmark runs', { timeout: 120_000 }, async () => {
  const options = ['--people', '20', '--rounds', '1', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'fanout', ...options]);
  const { judged } = JSON.parse(stdout) as { readonly judged: readonly { readonly value: number }[] };
  expect(judged.length).toBeGreaterThan(0);
  for (const { value } of judged) expect(value).toBeGreaterThanOrEqual(0);
});
