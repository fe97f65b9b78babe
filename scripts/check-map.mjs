// Fails when docs/architecture.md names a file, a folder or a symbol that is not there.
import { existsSync, readFileSync, statSync } from 'node:fs';

const page = 'docs/architecture.md';
const references = [
  ...readFileSync(page, 'utf8').matchAll(/`((?:src|test|bench|scripts|docs|examples)\/[^`#\s]*)(?:#(\w+))?`/g),
];
const missing = references.filter(([, path, symbol]) => !existsSync(path) || (symbol && !exportsSymbol(path, symbol)));

for (const [reference] of missing) console.error(`${page} names ${reference}, which is not there.`);
if (references.length === 0) console.error(`${page} names no file at all: is it still the map?`);
process.exitCode = missing.length > 0 || references.length === 0 ? 1 : 0;

function exportsSymbol(path, symbol) {
  if (statSync(path).isDirectory()) return false;
  const declaration = `export (?:async )?(?:function|const|class|interface|type) ${symbol}\\b`;
  return new RegExp(`${declaration}|export \\{[^}]*\\b${symbol}\\b`).test(readFileSync(path, 'utf8'));
}
