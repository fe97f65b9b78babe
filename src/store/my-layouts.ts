import type { MyLayout } from '../domain/my-layout.ts';
import type { UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** Undefined where nothing was arranged. */
export async function findMyLayout(db: Queryable, userId: UserId): Promise<MyLayout | undefined> {
  const row = await queryOne<{ layout: MyLayout }>(db, 'select layout from my_layouts where user_id = $1', [userId]);
  return row?.layout;
}

export async function saveMyLayout(tx: Tx, userId: UserId, layout: MyLayout): Promise<void> {
  await tx.query(
    `insert into my_layouts (user_id, layout) values ($1, $2::jsonb)
     on conflict (user_id) do update set layout = excluded.layout, last_updated = now()`,
    [userId, JSON.stringify(layout)],
  );
}
