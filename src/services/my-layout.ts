import { emptyLayout, layoutFaults, trimLayout, type MyLayout } from '../domain/my-layout.ts';
import { UsherError } from '../lib/errors.ts';
import type { UserId } from '../lib/ids.ts';
import type { Queryable } from '../store/database.ts';
import { findMyLayout, saveMyLayout } from '../store/my-layouts.ts';
import type { Context } from './context.ts';

export async function readMyLayout(db: Queryable, userId: UserId): Promise<MyLayout> {
  return (await findMyLayout(db, userId)) ?? emptyLayout;
}

/**
 * Keeps how somebody has arranged their tiles, in place of what was kept, and returns it. It is nobody else's matter,
 * so that the log says nothing of it.
 *
 * @throws {UsherError} `invalid_input`
 */
export async function arrangeMyApps({ db }: Context, userId: UserId, wanted: MyLayout): Promise<MyLayout> {
  const layout = trimLayout(wanted);
  const causes = layoutFaults(layout);
  if (causes.length > 0) {
    throw new UsherError('invalid_input', 'The layout cannot be kept as it is.', { causes });
  }
  await db.transaction((tx) => saveMyLayout(tx, userId, layout));
  return layout;
}
