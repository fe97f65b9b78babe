import type { App, AppLimits, ProvisioningSettings, SignOnMode, UserNameTemplate } from '../domain/app.ts';
import type { AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export type NewAppRow = Omit<App, 'created' | 'lastUpdated'>;

/** What may be changed in an app once it is there; `reviseApp` counts the change. */
export type AppFields = Omit<NewAppRow, 'id' | 'name' | 'catalogKey' | 'signOnMode'>;

export interface AppFilter {
  /** Start of the label, in any letter case. */
  readonly prefix?: string;
  readonly status?: App['status'];
  /** The last id of the page before. */
  readonly after?: AppId;
  readonly limit: number;
}

/** False, and nothing written, where the name is taken. */
export async function insertApp(tx: Tx, app: NewAppRow): Promise<boolean> {
  const rows = await tx.query(
    `insert into apps (id, name, catalog_key, label, status, sign_on_mode, settings, visibility, accessibility,
       user_name_template, provisioning, limits)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10::jsonb, $11::jsonb, $12::jsonb)
     on conflict (name) do nothing
     returning id`,
    [
      ...[app.id, app.name, app.catalogKey, app.label, app.status, app.signOnMode],
      ...[app.settings, app.visibility, app.accessibility].map((value) => JSON.stringify(value)),
      ...[app.userNameTemplate, app.provisioning, app.limits].map((value) => JSON.stringify(value)),
    ],
  );
  if (rows.length === 0) return false;
  await tx.query(`insert into app_health (app_id) values ($1)`, [app.id]);
  return true;
}

export async function findApp(db: Queryable, appId: AppId): Promise<App | undefined> {
  const row = await queryOne<AppRow>(db, `select ${columns} from apps where id = $1`, [appId]);
  return row && toApp(row);
}

/** In the order of the ids given; those that do not exist are left out. */
export async function findApps(db: Queryable, appIds: readonly AppId[]): Promise<App[]> {
  const rows = await db.query<AppRow>(
    `select ${columns} from apps where id = any($1::text[]) order by array_position($1::text[], id)`,
    [appIds],
  );
  return rows.map(toApp);
}

/** In order of ids. */
export async function listApps(db: Queryable, filter: AppFilter): Promise<App[]> {
  const rows = await db.query<AppRow>(
    `select ${columns} from apps
     where id > $1 and ($2::text is null or status = $2) and ($3::text is null or starts_with(lower(label), lower($3)))
     order by id limit $4`,
    [filter.after ?? '', filter.status ?? null, filter.prefix ?? null, filter.limit],
  );
  return rows.map(toApp);
}

/**
 * Counts a change to the app's configuration, and keeps others from making one until the transaction ends.
 * Every change begins here; the app comes back as it still is.
 */
export async function reviseApp(tx: Tx, appId: AppId): Promise<App | undefined> {
  const row = await queryOne<AppRow>(
    tx,
    `update apps set revision = revision + 1, last_updated = now() where id = $1 returning ${columns}`,
    [appId],
  );
  return row && toApp(row);
}

export async function updateApp(tx: Tx, appId: AppId, fields: Partial<AppFields>): Promise<void> {
  const changed = Object.entries(fields).map(([name, value]) => ({ column: columnOf[name as keyof AppFields], value }));
  if (changed.length === 0) return;
  await tx.query(
    `update apps set ${changed.map(({ column }, index) => `${column} = $${index + 2}`).join(', ')} where id = $1`,
    [appId, ...changed.map(({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)))],
  );
}

/** Removes the app and everything kept about it but the log. */
export async function deleteApp(tx: Tx, appId: AppId): Promise<void> {
  for (const table of ['app_users', 'app_accounts', 'operations', 'profile_schemas']) {
    await tx.query(`delete from ${table} where app_id = $1`, [appId]);
  }
  await tx.query(`delete from apps where id = $1`, [appId]);
}

/** The organisation's short name, for the names of private apps. */
export async function findSubDomain(db: Queryable): Promise<string | undefined> {
  const row = await queryOne<{ sub_domain: string }>(db, `select sub_domain from org`);
  return row?.sub_domain;
}

const columns = `id, name, catalog_key, label, status, sign_on_mode, settings, visibility, accessibility,
  user_name_template, provisioning, limits, created, last_updated`;

const columnOf: { readonly [Name in keyof AppFields]: string } = {
  label: 'label',
  status: 'status',
  settings: 'settings',
  visibility: 'visibility',
  accessibility: 'accessibility',
  userNameTemplate: 'user_name_template',
  provisioning: 'provisioning',
  limits: 'limits',
};

interface AppRow {
  readonly id: AppId;
  readonly name: string;
  readonly catalog_key: string | null;
  readonly label: string;
  readonly status: App['status'];
  readonly sign_on_mode: SignOnMode;
  readonly settings: JsonObject;
  readonly visibility: JsonObject;
  readonly accessibility: JsonObject;
  readonly user_name_template: UserNameTemplate;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly created: Date;
  readonly last_updated: Date;
}

function toApp(row: AppRow): App {
  const { catalog_key, sign_on_mode, user_name_template, last_updated, ...same } = row;
  return {
    ...same,
    catalogKey: catalog_key,
    signOnMode: sign_on_mode,
    userNameTemplate: user_name_template,
    lastUpdated: last_updated,
  };
}
