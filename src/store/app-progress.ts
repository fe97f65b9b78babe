import type { App } from '../domain/app.ts';
import type { AppScope } from '../domain/rights.ts';
import type { AppId } from '../lib/ids.ts';
import type { HealthState } from './app-health.ts';
import { syncCountColumns, type SyncCounts } from './assignments.ts';
import { queryOne, type Queryable } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** How many people of an app stand where, and how the app is doing. */
export interface AppProgress extends SyncCounts, Pick<App, 'id' | 'label' | 'catalogKey' | 'logoType'> {
  /** Groups that cannot be pushed. */
  readonly failedGroups: number;
  readonly state: HealthState;
}

/**
 * Of these apps, or of those that are active; apps in trouble first, then those with most failures and most work. Reads
 * every row of their people.
 */
export async function listAppProgress(
  db: Queryable,
  asked: { readonly within: AppScope; readonly appIds: readonly AppId[] | undefined; readonly limit: number },
): Promise<AppProgress[]> {
  return db.query<AppProgress>(
    `select a.id, a.label, a.catalog_key as "catalogKey", a.logo_type as "logoType",
       coalesce(h.state, 'OK') as state, c.assigned, c.synchronized, c.waiting, c.failed, c.unprovisioned,
       (select count(*)::int from app_group_push p where p.app_id = a.id and p.task_id is not null) as "failedGroups"
     from apps a left join app_health h on h.app_id = a.id
     cross join lateral (select ${syncCountColumns} from app_users where app_id = a.id) c
     where ${appInScope('a', 1)} and case when $2::text[] is null then a.status = 'ACTIVE' else a.id = any($2) end
     order by coalesce(h.state, 'OK') <> 'OK' desc, c.failed desc, "failedGroups" desc, c.waiting desc, a.label, a.id
     limit $3`,
    [appTargetsOf(asked.within), asked.appIds ?? null, asked.limit],
  );
}

/** What there is, for the first look. */
export interface Figures {
  /** Everybody who has not been deactivated. */
  readonly people: number;
  readonly apps: number;
  /** Accounts in those apps that Usher keeps. */
  readonly accounts: number;
}

export async function countFigures(db: Queryable, within: AppScope): Promise<Figures> {
  const row = await queryOne<Figures>(
    db,
    `select
       (select count(*)::int from users where status <> 'DEPROVISIONED') as people,
       count(*)::int as apps,
       coalesce(sum((select count(*) from app_users au where au.app_id = a.id and au.external_id is not null)), 0)::int
         as accounts
     from apps a where a.status = 'ACTIVE' and ${appInScope('a', 1)}`,
    [appTargetsOf(within)],
  );
  return row ?? { people: 0, apps: 0, accounts: 0 };
}
