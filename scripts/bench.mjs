// Runs a benchmark: `npm run bench -- provision`. PostgreSQL runs as it would in production, fsync on.
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const { startPostgres } = await import('./postgres.mjs');
const postgres = await startPostgres({ fsync: 'on' });
if (!postgres.url) console.log(`Without PostgreSQL: ${postgres.reason}`);
const env = { ...process.env, ...(postgres.url && { USHER_TEST_DATABASE_URL: postgres.url }) };
try {
  process.exitCode = await runNode([join(root, 'dist/bench/main.js'), ...process.argv.slice(2)], env);
} finally {
  await postgres.stop();
}
