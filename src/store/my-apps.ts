import type { App } from '../domain/app.ts';
import type { AppId, UserId } from '../lib/ids.ts';
import { findApps } from './apps.ts';
import type { Queryable } from './database.ts';

/** An app somebody has, and how far their account in it is. */
export interface MyApp {
  readonly app: App;
  readonly state: 'READY' | 'PREPARING' | 'FAILED';
  readonly userName: string | null;
}

/** The active apps somebody has now, in order of labels. Served by app_users_user. */
export async function listMyApps(db: Queryable, userId: UserId): Promise<MyApp[]> {
  const rows = await db.query<{ id: AppId; user_name: string | null; state: MyApp['state'] }>(
    `select a.id, au.user_name,
       case when au.external_id is not null or au.sync_state in ('SYNCHRONIZED', 'DISABLED') then 'READY'
         when au.sync_state = 'ERROR' then 'FAILED' else 'PREPARING' end as state
     from app_users au join apps a on a.id = au.app_id
     where au.user_id = $1 and au.assigned and a.status = 'ACTIVE' order by lower(a.label), a.id`,
    [userId],
  );
  const apps = await findApps(
    db,
    rows.map((row) => row.id),
  );
  const appsById = new Map(apps.map((app) => [app.id, app]));
  return rows.flatMap((row) => {
    const app = appsById.get(row.id);
    return app === undefined ? [] : [{ app, state: row.state, userName: row.user_name }];
  });
}
