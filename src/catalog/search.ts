import MiniSearch, { type SearchOptions } from 'minisearch';
import type { Capabilities, CatalogEntry, Protocol } from './entry.ts';

export type FacetName = keyof CatalogEntry['facets'];
export type FacetValue<Name extends FacetName> = CatalogEntry['facets'][Name][number];

/** `users.create`, `groups.link`, … */
export type Capability =
  `users.${keyof Capabilities['users'] & string}` | `groups.${keyof Capabilities['groups'] & string}`;

export interface CatalogQuery {
  /** Words of the name (typing errors allowed) or of the description. Empty or absent lists everything. */
  readonly text?: string | undefined;
  /** Values of one facet widen the result, different facets narrow it. */
  readonly facets?: { readonly [Name in FacetName]?: readonly FacetValue<Name>[] } | undefined;
  /** All of these must be supported. */
  readonly capabilities?: readonly Capability[] | undefined;
  readonly protocol?: Protocol | undefined;
  readonly limit?: number | undefined;
}

export interface CatalogSearchResult {
  /** Best match first; alphabetical without a text. At most `limit`. */
  readonly entries: readonly CatalogEntry[];
  /** Matches before `limit`. */
  readonly total: number;
  /** Per facet value: how many entries choosing it would show, under all filters but those of the same facet. */
  readonly facetCounts: { readonly [Name in FacetName]: Readonly<Record<string, number>> };
}

const facetNames = ['collection', 'useCase', 'functionality', 'industry'] as const satisfies readonly FacetName[];

/** Builds the search index once; the returned function searches it. `entries` come in alphabetical order. */
export function createSearch(entries: readonly CatalogEntry[]): (query: CatalogQuery) => CatalogSearchResult {
  const ranked = createRanking(entries);
  return (query) => {
    const candidates = ranked(query.text ?? '').filter((entry) => supports(entry, query));
    const matches = candidates.filter((entry) => facetNames.every((name) => inFacet(entry, name, query)));
    return {
      entries: matches.slice(0, query.limit),
      total: matches.length,
      facetCounts: {
        collection: countFacet(candidates, 'collection', query),
        useCase: countFacet(candidates, 'useCase', query),
        functionality: countFacet(candidates, 'functionality', query),
        industry: countFacet(candidates, 'industry', query),
      },
    };
  };
}

function createRanking(entries: readonly CatalogEntry[]): (text: string) => readonly CatalogEntry[] {
  const index = new MiniSearch({
    idField: 'position',
    fields: ['name', 'key', 'facets', 'description'],
    tokenize: (text) => text.split(/[^\p{L}\p{N}.]+/u).filter((term) => term !== ''),
    processTerm: foldTerm,
  });
  index.addAll(
    entries.map((entry, position) => ({
      position,
      name: entry.name,
      key: entry.key.replaceAll('_', ' '),
      facets: Object.values(entry.facets).flat().join(' '),
      description: entry.description,
    })),
  );
  return (text) => {
    if (foldTerm(text) === '') return entries;
    const inNames: SearchOptions = {
      fields: ['name', 'key'],
      boost: { name: 8, key: 4 },
      prefix: true,
      combineWith: 'AND',
    };
    const hits = index.search({
      combineWith: 'OR',
      queries: [
        // Typing errors are forgiven in names only: in running text nearly every word is near another.
        { ...inNames, queries: [text], fuzzy: errorsAllowed },
        // "pager duty" is PagerDuty.
        { ...inNames, queries: [text.replace(/\s+/g, '')] },
        { queries: [text], boost: { name: 8, key: 4, facets: 2 }, prefix: true, combineWith: 'AND' },
      ],
    });
    return hits
      .toSorted((left, right) => right.score - left.score || Number(left.id) - Number(right.id))
      .flatMap((hit) => entries[Number(hit.id)] ?? []);
  };
}

/** Edits a search term may be away from a name: none in short words, two (one swap) from five letters on. */
function errorsAllowed(term: string): number {
  if (term.length < 4) return 0;
  return term.length < 5 ? 1 : 2;
}

function foldTerm(term: string): string {
  return term.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

function supports({ capabilities, protocol }: CatalogEntry, query: CatalogQuery): boolean {
  if (query.protocol !== undefined && query.protocol !== protocol) return false;
  const supported = new Set<string>([
    ...trueKeys(capabilities.users).map((name) => `users.${name}`),
    ...trueKeys(capabilities.groups).map((name) => `groups.${name}`),
  ]);
  return (query.capabilities ?? []).every((capability) => supported.has(capability));
}

function trueKeys(flags: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(flags).filter((name) => flags[name]);
}

function inFacet(entry: CatalogEntry, name: FacetName, { facets }: CatalogQuery): boolean {
  const wanted: readonly string[] = facets?.[name] ?? [];
  return wanted.length === 0 || entry.facets[name].some((value) => wanted.includes(value));
}

function countFacet(candidates: readonly CatalogEntry[], name: FacetName, query: CatalogQuery): Record<string, number> {
  const others = facetNames.filter((other) => other !== name);
  const values = candidates
    .filter((entry) => others.every((other) => inFacet(entry, other, query)))
    .flatMap((entry): readonly string[] => entry.facets[name])
    .toSorted();
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
