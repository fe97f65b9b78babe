import { baseUserAttributes } from '../domain/user-schema.ts';
import type { User } from '../domain/user.ts';
import type { Listed } from '../store/filter/page.ts';
import * as store from '../store/user-list.ts';
import { findAllUserAttributes } from '../store/user-schema.ts';
import { visibleGroups } from './authorize.ts';
import type { Context } from './context.ts';
import { namesAttributes, parseListing, type DirectoryListing } from './directory-listing.ts';

/**
 * One page of the people whom one may see: without those who are deactivated unless they are searched for.
 *
 * @throws {UsherError} `invalid_input` for a search, filter, order or end of a page that does not hold.
 */
export async function listUsers(
  context: Pick<Context, 'db' | 'actor' | 'rights'>,
  listing: DirectoryListing,
): Promise<Listed<User>[]> {
  const within = visibleGroups(context, 'users.read');
  const asked = parseListing(listing);
  const attributes = namesAttributes(listing) ? await findAllUserAttributes(context.db) : baseUserAttributes;
  return store.listUsers(context.db, { ...asked, attributes, within });
}
