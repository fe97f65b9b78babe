import { parseFilter } from '../domain/filter/parser.ts';
import type { Group } from '../domain/group.ts';
import { baseGroupAttributes } from '../domain/user-schema.ts';
import type { Listed } from '../store/filter/page.ts';
import * as store from '../store/group-list.ts';
import { findGroupAttributes } from '../store/user-schema.ts';
import { visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';

/** What to list; `search` and `filter` as written. */
export interface GroupListing extends Omit<store.GroupList, 'attributes' | 'within' | 'search' | 'filter'> {
  readonly search?: string;
  readonly filter?: string;
}

/**
 * One page of the groups that one may see.
 *
 * @throws {UsherError} `invalid_input` for a search, filter, order or end of a page that does not hold.
 */
export async function listGroups(
  context: Pick<Context, 'db' | 'actor' | 'rights'>,
  listing: GroupListing,
): Promise<Listed<Group>[]> {
  const { search, filter, ...rest } = listing;
  const asked = {
    ...(search === undefined ? {} : { search: parseFilter(search, 'search') }),
    ...(filter === undefined ? {} : { filter: parseFilter(filter, 'filter') }),
  };
  const within = visibleGroups(context, 'groups.read');
  const needsSchema = search !== undefined || listing.sort !== undefined;
  const attributes = needsSchema ? await findGroupAttributes(context.db) : baseGroupAttributes;
  return store.listGroups(context.db, { ...rest, ...asked, attributes, within });
}
