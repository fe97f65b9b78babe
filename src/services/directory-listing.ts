import type { Filter } from '../domain/filter/ast.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import type { DirectoryList } from '../store/filter/directory-list.ts';

/** What to list of people or groups; `search` and `filter` as written. */
export interface DirectoryListing extends Omit<DirectoryList, 'attributes' | 'within' | 'search' | 'filter'> {
  readonly search?: string;
  readonly filter?: string;
}

/** @throws {UsherError} `invalid_input`, with the place, for a search or filter that does not hold. */
export function parseListing({ search, filter, ...rest }: DirectoryListing): Omit<DirectoryList, 'attributes'> {
  return {
    ...rest,
    ...(search === undefined ? {} : { search: parseFilter(search, 'search') }),
    ...(filter === undefined ? {} : { filter: parseFilter(filter, 'filter') }),
  };
}

/** Whether attributes are named that only the schema knows. */
export function namesAttributes({ search, sort }: DirectoryListing): boolean {
  return search !== undefined || sort !== undefined;
}

/** What to list, the `filter` as written. */
export type Asked<List extends { readonly filter?: Filter }> = Omit<List, 'filter'> & { readonly filter?: string };
