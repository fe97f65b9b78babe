import { readFileSync } from 'node:fs';

/** The version of Usher, from package.json, three folders above the compiled file. */
export function productVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return String(version);
}
