import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import { afterEnd } from '../links.ts';
import { defined, given, sorting } from '../query-values.ts';
import { PageQuery, Text } from './schema.ts';

/** What a list of people or of groups may be asked for. */
export const DirectoryQuery = {
  ...PageQuery,
  ...{ q: Text, filter: Text, search: Text, sortBy: Text, sortOrder: Text },
};
type Query = { readonly [Name in 'q' | 'filter' | 'search' | 'sortBy' | 'sortOrder']?: string | undefined };

/** The question of a request with a `DirectoryQuery`. @throws {UsherError} `invalid_input` for a bad order or cursor. */
export function askedOf(deps: ServerDeps, request: FastifyRequest, query: Query) {
  return defined({
    prefix: given(query.q),
    filter: given(query.filter),
    search: given(query.search),
    sort: sorting(query.sortBy, query.sortOrder),
    after: afterEnd(deps, request),
  });
}
