import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The routes of the console as its router has them, so that a page cannot be forgotten here. */
export async function patterns(): Promise<string[]> {
  const router = await readFile(join(root, 'console/src/router.tsx'), 'utf8');
  const tabs = /const tabs = \[([^\]]+)\]/.exec(await readFile(join(root, 'console/src/pages/app.tsx'), 'utf8'))?.[1];
  const names = [...(tabs ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
  const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path]) => path ?? '');
  return paths
    .filter((path) => !['/', '*', 'profile'].includes(path))
    .flatMap((path) => (path.endsWith(':appId/:tab') ? names.map((name) => path.replace(':tab', name)) : [path]))
    .map((path) => (path.startsWith('/') ? path : `/admin/${path}`))
    .concat('/my/profile');
}
