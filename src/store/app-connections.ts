import type { AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export interface StoredConnection {
  readonly appId: AppId;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly connector: string;
  /** The connector's settings without the secret ones. */
  readonly settings: JsonObject;
  /** The secret settings as one envelope, or null where a credential has to be given first. */
  readonly sealed: string | null;
  readonly learned: JsonObject;
  /** When the stored settings last passed a test; null since they were changed. */
  readonly lastTested: Date | null;
}

export async function findConnection(db: Queryable, appId: AppId): Promise<StoredConnection | undefined> {
  const row = await queryOne<{
    app_id: AppId;
    status: StoredConnection['status'];
    connector: string;
    settings: JsonObject;
    sealed: string | null;
    learned: JsonObject;
    last_tested: Date | null;
  }>(
    db,
    `select app_id, status, connector, settings, sealed, learned, last_tested from app_connections where app_id = $1`,
    [appId],
  );
  if (row === undefined) return undefined;
  const { app_id, last_tested, ...same } = row;
  return { ...same, appId: app_id, lastTested: last_tested };
}

/** Which of these apps have an enabled connection. */
export async function findEnabledConnections(db: Queryable, appIds: readonly AppId[]): Promise<Set<AppId>> {
  const rows = await db.query<{ app_id: AppId }>(
    `select app_id from app_connections where app_id = any($1::text[]) and status = 'ENABLED'`,
    [appIds],
  );
  return new Set(rows.map((row) => row.app_id));
}

/** Whether what was learned about the app so far, and the listing of its accounts, still hold. */
export interface SaveConnectionOptions {
  readonly sameApp: boolean;
  readonly tested: boolean;
}

export async function saveConnection(
  tx: Tx,
  connection: Omit<StoredConnection, 'learned' | 'lastTested'>,
  options: SaveConnectionOptions,
): Promise<void> {
  await tx.query(
    `insert into app_connections (app_id, status, connector, settings, sealed, last_tested)
     values ($1, $2, $3, $4::jsonb, $5, case when $7::boolean then now() end)
     on conflict (app_id) do update set
       status = excluded.status,
       connector = excluded.connector,
       settings = excluded.settings,
       sealed = excluded.sealed,
       learned = case when $6::boolean then app_connections.learned else '{}' end,
       accounts_listed = case when $6::boolean then app_connections.accounts_listed end,
       last_tested = excluded.last_tested,
       last_updated = now()`,
    [
      connection.appId,
      connection.status,
      connection.connector,
      JSON.stringify(connection.settings),
      connection.sealed,
      options.sameApp,
      options.tested,
    ],
  );
}

export async function setConnectionStatus(tx: Tx, appId: AppId, status: StoredConnection['status']): Promise<void> {
  await tx.query(`update app_connections set status = $2, last_updated = now() where app_id = $1`, [appId, status]);
}

/** Notes that the app let us in just now: whatever kept it from being spoken to is over. */
export async function recordGoodTest(tx: Tx, appId: AppId): Promise<void> {
  await tx.query(`update app_connections set last_tested = now() where app_id = $1`, [appId]);
  await resetHealth(tx, appId);
}

export async function resetHealth(tx: Tx, appId: AppId): Promise<void> {
  await tx.query(
    `update app_health set state = 'OK', paused_until = null, reason = null, consecutive_failures = 0, opened_times = 0
     where app_id = $1`,
    [appId],
  );
}

/** Facts of the same name are replaced. */
export async function mergeLearned(tx: Tx, appId: AppId, facts: JsonObject): Promise<void> {
  await tx.query(`update app_connections set learned = learned || $2::jsonb where app_id = $1`, [
    appId,
    JSON.stringify(facts),
  ]);
}
