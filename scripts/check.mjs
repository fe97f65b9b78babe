// Everything a machine can judge without running Usher, two steps at a time; shows what failing steps said.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensure } from './ensure.mjs';

const bin = 'node_modules';
const folders = ['src', 'test', 'bench'].filter((folder) => existsSync(folder)).join(' ');
const steps = Object.entries({
  lint: `${bin}/eslint/bin/eslint.js --cache --cache-location ${bin}/.cache/eslint --cache-strategy content .`,
  types: `${bin}/typescript/bin/tsc -p tsconfig.json`,
  'console types': `${bin}/typescript/bin/tsc -p console/tsconfig.json`,
  'console size': 'scripts/check-bundle.mjs',
  format: `${bin}/prettier/bin/prettier.cjs --check --log-level warn --cache .`,
  arrows: `${bin}/dependency-cruiser/bin/dependency-cruise.mjs --config .dependency-cruiser.cjs ${folders}`,
  'unused exports': 'scripts/check-unused-exports.mjs',
  map: 'scripts/check-map.mjs',
  migrations: 'scripts/check-migrations.mjs',
});

await ensure({ build: true });
const waiting = [...steps];
const failures = [];
await Promise.all([worker(), worker()]);
for (const { name, output } of failures) console.log(`\n── ${name}\n${output.trim()}`);
console.log(failures.length === 0 ? '\nAll checks passed.' : `\n${failures.length} of ${steps.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function worker() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const [name, command] = step;
    const started = performance.now();
    const { code, output } = await run(command);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(16)}${seconds.padStart(6)} s`);
    if (code !== 0) failures.push({ name, output });
  }
}

function run(command) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command.split(' '), { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}
