import type { AppId } from '../lib/ids.ts';
import { markDue } from './assignments.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** Rows there is something to look at for: those of people who have the app, or may still have an account in it. */
const concerned = '(assigned or external_id is not null or look_first)';

export async function countSyncable(db: Queryable, appId: AppId): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    `select count(*)::int as count from app_users where app_id = $1 and ${concerned}`,
    [appId],
  );
  return row?.count ?? 0;
}

/** The next people of an app in order of ids. Served by the key of app_users. */
export async function listSyncable(
  db: Queryable,
  appId: AppId,
  afterId: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ user_id: string }>(
    `select user_id from app_users where app_id = $1 and user_id > $2 and ${concerned} order by user_id limit $3`,
    [appId, afterId, limit],
  );
  return rows.map((row) => row.user_id);
}

/** Marks these people's rows as work, by `read` with a look at the account first. Returns how many there were. */
export async function markForSync(tx: Tx, appId: AppId, userIds: readonly string[], read: boolean): Promise<number> {
  const rows = await tx.query(
    `with given as materialized (select $1::text as app_id, unnest($2::text[]) as user_id)
     update app_users set ${markDue}, look_first = app_users.look_first or $3::boolean
     from given where app_users.app_id = given.app_id and app_users.user_id = given.user_id and ${concerned}
     returning 1`,
    [appId, userIds, read],
  );
  return rows.length;
}

/** Rows of an app that are due, up to a number. Served by index app_users_due. */
export async function countDueRows(db: Queryable, appId: AppId, most: number): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    `select count(*)::int as count from
       (select 1 from app_users where app_id = $1 and due_at <= now() limit $2) as due`,
    [appId, most],
  );
  return row?.count ?? 0;
}
