// Fails when the console's first page, or a page loaded later, asks for more JavaScript than it may.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Kilobytes as they are sent, gzipped. */
const firstLoadMax = 250;
const chunkMax = 60;

const folder = 'dist/console';
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const sizeOf = (key) => gzipSync(readFileSync(join(folder, manifest[key].file))).length / 1_024;

const first = new Set();
collect('index.html', first);
const firstLoad = [...first].reduce((sum, key) => sum + sizeOf(key), 0);
const faults =
  firstLoad > firstLoadMax ? [`The first page loads ${Math.round(firstLoad)} KB; ${firstLoadMax} are allowed.`] : [];
for (const key of Object.keys(manifest)) {
  if (first.has(key) || !manifest[key].file.endsWith('.js')) continue;
  const size = sizeOf(key);
  if (size > chunkMax) faults.push(`${key} is ${Math.round(size)} KB; ${chunkMax} are allowed.`);
}
console.log(`The first page loads ${Math.round(firstLoad)} KB of JavaScript.`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

function collect(key, into) {
  if (into.has(key)) return;
  into.add(key);
  for (const next of manifest[key].imports ?? []) collect(next, into);
}
