import type { ProvisioningSettings } from '../domain/app.ts';
import type { Rival } from '../domain/attribute-owner.ts';
import type { Mappings } from '../domain/mapping.ts';
import type { AppId, ExternalId } from '../lib/ids.ts';
import { markDue } from './assignments.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** Any number nobody else uses. */
const ownershipLock = 7_823_004_513;

/** Two changes that could each be right without the other are looked at one after the other. */
export async function lockOwnership(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [ownershipLock]);
}

/** The address of a connection as two instances are compared by it. */
const address = (alias: string) => `lower(rtrim(${alias}.settings->>'baseUrl', '/'))`;

/** Instances that work, in the sense that they may send requests, on the accounts at the same address. By label. */
export async function findRivals(db: Queryable, appId: AppId): Promise<Rival<AppId>[]> {
  return db.query<{ id: AppId; label: string; provisioning: ProvisioningSettings; mappings: Mappings }>(
    `select a.id, a.label, a.provisioning, coalesce(m.properties, '{}') as mappings
     from app_connections mine
     join app_connections c on c.connector = mine.connector and c.app_id <> mine.app_id and c.status = 'ENABLED'
       and ${address('c')} = ${address('mine')}
     join apps a on a.id = c.app_id and a.status = 'ACTIVE'
     left join mappings m on m.app_id = a.id and m.direction = 'TO_APP'
     where mine.app_id = $1 order by a.label, a.id`,
    [appId],
  );
}

/** Whether somebody has both apps. */
export async function sharePeople(db: Queryable, appId: AppId, otherId: AppId): Promise<boolean> {
  const row = await queryOne<{ shared: boolean }>(
    db,
    `select exists (select 1 from app_users a join app_users b on b.user_id = a.user_id and b.app_id = $2
       where a.app_id = $1 and a.assigned and b.assigned) as shared`,
    [appId, otherId],
  );
  return row?.shared ?? false;
}

/** Which of these apps have a link to which of these accounts. Served by app_users_account. */
export async function findLinksIn(
  db: Queryable,
  appIds: readonly AppId[],
  externalIds: readonly ExternalId[],
): Promise<Map<ExternalId, AppId>> {
  const rows = await db.query<{ app_id: AppId; external_id: ExternalId }>(
    `select app_id, external_id from app_users where app_id = any($1::text[]) and external_id = any($2::text[])`,
    [appIds, externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.app_id]));
}

/**
 * Marks as work what other instances at the same address could not take because of a conflict: this app's
 * configuration has changed, so it may be over. Returns the apps concerned.
 */
export async function retryConflictsOfRivals(tx: Tx, appId: AppId): Promise<AppId[]> {
  const rows = await tx.query<{ app_id: AppId }>(
    `with rival as (
       select c.app_id from app_connections mine
       join app_connections c on c.connector = mine.connector and c.app_id <> mine.app_id
         and ${address('c')} = ${address('mine')}
       where mine.app_id = $1),
     marked as (
       update app_users set ${markDue} from rival
       where app_users.app_id = rival.app_id and app_users.sync_state = 'ERROR'
         and app_users.last_error_code = 'conflict'
       returning app_users.app_id)
     select distinct app_id from marked`,
    [appId],
  );
  return rows.map((row) => row.app_id);
}
