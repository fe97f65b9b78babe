import { readdir, readFile } from 'node:fs/promises';
import { UsherError } from '../lib/errors.ts';
import { foldName } from '../lib/text.ts';
import type { CatalogEntry } from './entry.ts';
import { createSearch, type CatalogQuery, type CatalogSearchResult } from './search.ts';
import { isCatalogEntry, validateEntry } from './validate.ts';

export interface Catalog {
  /** In alphabetical order of names. */
  all(): readonly CatalogEntry[];
  get(key: string): CatalogEntry | undefined;
  search(query: CatalogQuery): CatalogSearchResult;
  /** The configuration guide as Markdown. */
  guideOf(key: string): string | undefined;
  /** The logo as SVG text, checked to hold nothing but drawing. */
  logoOf(key: string): string | undefined;
}

const shippedEntries = new URL('./entries/', import.meta.url);

/**
 * Reads and checks every entry. Fails with `invalid_input` that names file, field and reason of all faults at once;
 * `folder` is a URL with a slash at the end.
 */
export async function loadCatalog(folder: URL = shippedEntries): Promise<Catalog> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((item) => item.isDirectory());
  const loaded = await Promise.all(names.map((item) => loadEntry(folder, item.name)));
  const problems = loaded.flatMap((result) => result.problems);
  if (problems.length > 0) {
    throw new UsherError(
      'invalid_input',
      `The catalog cannot be loaded because some entries are faulty: ${problems.join('; ')}. Correct these files or reinstall Usher.`,
      { causes: problems.map(asCause) },
    );
  }
  const packages = loaded.flatMap((result) => (result.package === undefined ? [] : [result.package]));
  const byKey = new Map(packages.map((item) => [item.entry.key, item]));
  const entries = packages.map((item) => item.entry).toSorted(byName);
  return {
    all: () => entries,
    get: (key) => byKey.get(key)?.entry,
    search: createSearch(entries),
    guideOf: (key) => byKey.get(key)?.guide,
    logoOf: (key) => byKey.get(key)?.logo,
  };
}

interface LoadedEntry {
  readonly problems: readonly string[];
  readonly package: { readonly entry: CatalogEntry; readonly guide: string; readonly logo: string } | undefined;
}

async function loadEntry(folder: URL, name: string): Promise<LoadedEntry> {
  const [source, guide, logo] = await Promise.all(
    ['integration.json', 'guide.md', 'logo.svg'].map((file) => readIfThere(new URL(`${name}/${file}`, folder))),
  );
  const json = parseJson(source);
  const problems = validateEntry({ folder: name, json, guide, logo }).map((problem) => `${name}/${problem}`);
  const complete = isCatalogEntry(json) && guide !== undefined && logo !== undefined;
  return { problems, package: complete ? { entry: json, guide, logo } : undefined };
}

async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseJson(source: string | undefined): unknown {
  try {
    return JSON.parse(source ?? '');
  } catch {
    return undefined;
  }
}

/** Compares code points of folded names: the same order on every machine, and no collation tables to load. */
function byName(left: CatalogEntry, right: CatalogEntry): number {
  const [a, b] = [`${foldName(left.name)}\0${left.key}`, `${foldName(right.name)}\0${right.key}`];
  return a < b ? -1 : 1;
}

function asCause(problem: string): { field: string; reason: string } {
  const [file = '', ...rest] = problem.split(': ');
  return { field: file, reason: rest.join(': ') };
}
