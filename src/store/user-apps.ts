import type { App } from '../domain/app.ts';
import type { AppScope } from '../domain/rights.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import { findApps } from './apps.ts';
import type { Queryable } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** The active apps somebody has now, in order of labels. Served by app_users_user. */
export async function listUserApps(db: Queryable, userId: UserId): Promise<App[]> {
  const rows = await db.query<{ id: AppId }>(
    `select a.id from app_users au join apps a on a.id = au.app_id
     where au.user_id = $1 and au.assigned and a.status = 'ACTIVE' order by lower(a.label), a.id`,
    [userId],
  );
  return findApps(
    db,
    rows.map((row) => row.id),
  );
}

/** The apps a group gives to its members, in order of ids. Served by app_groups_group. */
export async function listGroupApps(
  db: Queryable,
  groupId: GroupId,
  page: { readonly within?: AppScope; readonly after?: AppId; readonly limit: number },
): Promise<App[]> {
  const rows = await db.query<{ app_id: AppId }>(
    `select g.app_id from app_groups g join apps a on a.id = g.app_id
     where g.group_id = $1 and g.app_id > $2 and ${appInScope('a', 4)} order by g.app_id limit $3`,
    [groupId, page.after ?? '', page.limit, appTargetsOf(page.within)],
  );
  return findApps(
    db,
    rows.map((row) => row.app_id),
  );
}
