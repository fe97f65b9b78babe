import type { AppScope } from '../domain/rights.ts';
import type { AppId } from '../lib/ids.ts';
import { queryOne, type Queryable } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

/** How far the first app is, or the one that is furthest. */
export interface SetUp {
  /** Null where there is no app. */
  readonly appId: AppId | null;
  readonly added: boolean;
  readonly connected: boolean;
  /** Accounts are made, from attributes that are mapped. */
  readonly mapped: boolean;
  readonly assigned: boolean;
  /** Somebody has an account. */
  readonly provisioned: boolean;
}

/** Of apps that can be connected at all, where there is one. Looks for one row of each kind per app. */
export async function findSetUp(db: Queryable, within: AppScope): Promise<SetUp> {
  const row = await queryOne<SetUp>(
    db,
    `select a.id as "appId", true as added, coalesce(c.status = 'ENABLED', false) as connected,
       c.status = 'ENABLED' and coalesce((a.provisioning->>'create')::boolean, false)
         and exists (select 1 from mappings m
           where m.app_id = a.id and m.direction = 'TO_APP' and m.properties <> '{}') as mapped,
       exists (select 1 from app_users au where au.app_id = a.id and au.assigned) as assigned,
       exists (select 1 from app_users au where au.app_id = a.id and au.external_id is not null) as provisioned
     from apps a left join app_connections c on c.app_id = a.id
     where ${appInScope('a', 1)}
     order by provisioned desc, mapped desc nulls last, connected desc, assigned desc, a.created, a.id limit 1`,
    [appTargetsOf(within)],
  );
  const none = { added: false, connected: false, mapped: false, assigned: false, provisioned: false };
  return row === undefined ? { appId: null, ...none } : { ...row, mapped: row.mapped === true };
}
