// Runs the built command line, building first when the sources changed: `node scripts/run.mjs demo --once`.
import { join } from 'node:path';
import { runNode } from './child.mjs';
import { ensure, root } from './ensure.mjs';

const caller = process.cwd();
await ensure({ build: true });
process.chdir(caller);
process.exitCode = await runNode([join(root, 'dist/src/main.js'), ...process.argv.slice(2)]);
