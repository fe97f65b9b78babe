import type { Group } from '../domain/group.ts';
import { baseGroupAttributes } from '../domain/user-schema.ts';
import type { Listed } from '../store/filter/page.ts';
import * as store from '../store/group-list.ts';
import { findGroupAttributes } from '../store/user-schema.ts';
import { visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';
import { namesAttributes, parseListing, type DirectoryListing } from './directory-listing.ts';

/**
 * One page of the groups that one may see.
 *
 * @throws {UsherError} `invalid_input` for a search, filter, order or end of a page that does not hold.
 */
export async function listGroups(
  context: Pick<Context, 'db' | 'actor' | 'rights'>,
  listing: DirectoryListing,
): Promise<Listed<Group>[]> {
  const within = visibleGroups(context, 'groups.read');
  const asked = parseListing(listing);
  const attributes = namesAttributes(listing) ? await findGroupAttributes(context.db) : baseGroupAttributes;
  return store.listGroups(context.db, { ...asked, attributes, within });
}
