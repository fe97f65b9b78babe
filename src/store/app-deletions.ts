import type { AppId } from '../lib/ids.ts';
import { queryOne, type Queryable } from './database.ts';

/**
 * Linked accounts of people without the app that are deleted as soon as they are looked at, when deletion comes `days`
 * after losing the app and no days count from before `since`.
 */
export async function countDueDeletions(
  db: Queryable,
  appId: AppId,
  { days, since, now }: { readonly days: number; readonly since: string; readonly now: Date },
): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    `select count(*)::int as count from app_users
     where app_id = $1 and not assigned and external_id is not null
       and ($2::int = 0 or status = 'DEPROVISIONED'
         and greatest(status_changed, $3::timestamptz) + $2::int * interval '1 day' <= $4::timestamptz)`,
    [appId, days, since, now.toISOString()],
  );
  return row?.count ?? 0;
}
