import type { RunId } from '../../lib/ids.ts';
import type { Tx } from '../../store/database.ts';
import { appendListedPeople } from '../../store/run-items.ts';
import { findAllUserAttributes } from '../../store/user-schema.ts';
import { visibleGroups } from '../authorize.ts';
import type { Context } from '../context.ts';
import { parseListing } from '../directory-listing.ts';

/**
 * Makes everybody a list of people would bring the items of a run, as they are found now. Returns how many.
 *
 * @throws {UsherError} `invalid_input`, with the place, for a search or filter that does not hold.
 */
export async function fillWithPeople(
  context: Context,
  tx: Tx,
  runId: RunId,
  asked: { readonly search?: string; readonly filter?: string; readonly prefix?: string },
): Promise<number> {
  const { limit: _limit, ...parsed } = parseListing({ ...asked, limit: 0 });
  return appendListedPeople(tx, runId, {
    ...parsed,
    attributes: await findAllUserAttributes(tx),
    within: visibleGroups(context, 'users.read'),
  });
}
