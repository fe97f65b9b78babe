/**
 * The whole test suite, with all of its own set-up. Arguments go to vitest (`npm test -- src/planner`). Database
 * tests run on PGlite, and again on PostgreSQL where one can be had. Ends with `N passed, N failed, N skipped`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { findChromium } from './chromium.mjs';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const { startPostgres } = await import('./postgres.mjs');

const postgres = await startPostgres();
console.log(
  postgres.url
    ? `Database tests run on PGlite and on ${postgres.server}.`
    : `Database tests run on PGlite only: ${postgres.reason}`,
);
const chromium = findChromium();
console.log(chromium.path ? `Browser tests run in ${chromium.path}.` : `Browser tests do not run: ${chromium.reason}`);
const folder = mkdtempSync(join(tmpdir(), 'usher-test-'));
const report = join(folder, 'report.json');
try {
  process.exitCode = await runNode(vitest(report), testEnvironment(postgres.url));
  console.log(closingLine(report));
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function vitest(outputFile) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  return [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
}

/** `DATABASE_URL` is left out, so that a test which starts Usher cannot reach a database it did not mean. */
function testEnvironment(url) {
  const browser = chromium.path && { USHER_TEST_CHROMIUM: chromium.path };
  const env = { ...process.env, ...(url && { USHER_TEST_DATABASE_URL: url }), ...browser };
  delete env.DATABASE_URL;
  return env;
}

/** A file that could not be loaded counts as one failure: it has no tests to count. */
function closingLine(path) {
  let results;
  try {
    results = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.exitCode ||= 1;
    return 'The tests ended before they could be counted.';
  }
  const unloadable = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = results.numFailedTests + unloadable.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
}
