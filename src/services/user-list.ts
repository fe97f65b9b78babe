import { parseFilter } from '../domain/filter/parser.ts';
import { baseUserAttributes } from '../domain/user-schema.ts';
import type { User } from '../domain/user.ts';
import type { Listed } from '../store/filter/page.ts';
import * as store from '../store/user-list.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import { visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';

/** What to list; `search` and `filter` as written. */
export interface UserListing extends Omit<store.UserList, 'attributes' | 'within' | 'search' | 'filter'> {
  readonly search?: string;
  readonly filter?: string;
}

/**
 * One page of the people whom one may see: without those who are deactivated unless they are searched for.
 *
 * @throws {UsherError} `invalid_input` for a search, filter, order or end of a page that does not hold.
 */
export async function listUsers(
  context: Pick<Context, 'db' | 'actor' | 'rights'>,
  listing: UserListing,
): Promise<Listed<User>[]> {
  const { search, filter, ...rest } = listing;
  const asked = {
    ...(search === undefined ? {} : { search: parseFilter(search, 'search') }),
    ...(filter === undefined ? {} : { filter: parseFilter(filter, 'filter') }),
  };
  const within = visibleGroups(context, 'users.read');
  const needsSchema = search !== undefined || listing.sort !== undefined;
  const attributes = needsSchema ? await findAllUserAttributes(context.db) : baseUserAttributes;
  return store.listUsers(context.db, { ...rest, ...asked, attributes, within });
}
