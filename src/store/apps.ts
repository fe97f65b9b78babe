import type {
  App,
  AppCredentials,
  AppLimits,
  ProvisioningSettings,
  SignOnMode,
  UserNameTemplate,
} from '../domain/app.ts';
import type { Filter } from '../domain/filter/ast.ts';
import { inboundDefaults, type InboundCapabilities } from '../domain/inbound.ts';
import type { AppScope } from '../domain/rights.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { appFields } from './app-fields.ts';
import { compileFilter } from './filter/compile.ts';
import type { SqlValues } from './filter/sql-values.ts';
import { appInScope, appTargetsOf } from './scopes.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

export type NewAppRow = Omit<App, 'provisioningKey' | 'inbound' | 'logoType' | 'created' | 'lastUpdated'> &
  SealedCredentials;

/** The secret of the app's credentials as an envelope: a shared password or a client secret. Never part of an `App`. */
export interface SealedCredentials {
  readonly sealed: string | null;
}

/** What may be changed in an app once it is there; `reviseApp` counts the change. */
export type AppFields = Omit<NewAppRow, 'id' | 'name' | 'catalogKey'> &
  Pick<App, 'provisioningKey' | 'inbound' | 'logoType'>;

export interface AppFilter {
  /** Start of the label or the name, in any letter case. */
  readonly prefix?: string;
  readonly filter?: Filter;
  /** These only. */
  readonly within?: AppScope;
  /** The last id of the page before. */
  readonly after?: AppId;
  readonly limit: number;
}

/** Whose instances bear its name; the condition of the index apps_own_name. */
const ownName = `name not in ('bookmark', 'oidc_client', 'template_swa', 'template_swa3field', 'template_basic_auth',
  'template_sps', 'template_wsfed')`;

/**
 * False, and nothing written, where the name is taken.
 *
 * @throws {UsherError} `conflict` when another app has just got the same client id; the transaction cannot go on.
 */
export async function insertApp(tx: Tx, app: NewAppRow): Promise<boolean> {
  const rows = await clientIdKept(
    tx.query(
      `insert into apps (id, name, catalog_key, label, status, sign_on_mode, settings, visibility, accessibility,
       user_name_template, provisioning, limits, credentials, sealed)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10::jsonb, $11::jsonb, $12::jsonb, $13::jsonb, $14)
     on conflict (name) where ${ownName} do nothing
     returning id`,
      [
        ...[app.id, app.name, app.catalogKey, app.label, app.status, app.signOnMode],
        ...[app.settings, app.visibility, app.accessibility].map((value) => JSON.stringify(value)),
        ...[app.userNameTemplate, app.provisioning, app.limits, app.credentials].map((value) => JSON.stringify(value)),
        app.sealed,
      ],
    ),
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

/** What each of these apps goes by among its like: its integration's key; its own name where it is private. */
export async function findAppNames(db: Queryable, appIds: readonly AppId[]): Promise<Map<AppId, string>> {
  const rows = await db.query<{ id: AppId; name: string }>(
    'select id, coalesce(catalog_key, name) as name from apps where id = any($1::text[])',
    [appIds],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Private apps by their names, each of which is one app's only. */
export async function findAppsNamed(db: Queryable, names: readonly string[]): Promise<Map<string, App>> {
  const rows = await db.query<AppRow>(
    `select ${columns} from apps where catalog_key is null and name = any($1::text[])`,
    [names],
  );
  return new Map(rows.map((row) => [row.name, toApp(row)]));
}

/**
 * In order of ids.
 *
 * @throws {UsherError} `invalid_input` for what apps cannot be asked.
 */
export async function listApps(db: Queryable, list: AppFilter): Promise<App[]> {
  const { prefix, filter, within, after, limit } = list;
  const into: SqlValues = { values: [after ?? '', limit, prefix ?? null, appTargetsOf(within)] };
  const asked = filter === undefined ? 'true' : compileFilter(filter, { parameter: 'filter', fields: appFields }, into);
  const rows = await db.query<AppRow>(
    `select ${columns} from apps
     where id > $1 and ${appInScope('apps', 4)} and ${asked}
       and ($3::text is null or starts_with(lower(label), lower($3)) or starts_with(lower(name), lower($3)))
     order by id limit $2`,
    into.values,
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
  await clientIdKept(
    tx.query(
      `update apps set ${changed.map(({ column }, index) => `${column} = $${index + 2}`).join(', ')} where id = $1`,
      [
        appId,
        ...changed.map(({ value }) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)),
      ],
    ),
  );
}

/** The sealed secret of the app's credentials; null where there is none. */
export async function findSealedCredentials(db: Queryable, appId: AppId): Promise<string | null> {
  const row = await queryOne<SealedCredentials>(db, `select sealed from apps where id = $1`, [appId]);
  return row?.sealed ?? null;
}

/** Removes the app and everything kept about it but the log. */
export async function deleteApp(tx: Tx, appId: AppId): Promise<void> {
  for (const table of ['app_users', 'app_accounts', 'operations', 'profile_schemas', 'app_group_push_changes']) {
    await tx.query(`delete from ${table} where app_id = $1`, [appId]);
  }
  await tx.query(`delete from groups where id in (select group_id from app_group_links where app_id = $1)`, [appId]);
  await tx.query(`delete from apps where id = $1`, [appId]);
}

/** The organisation's short name, for the names of private apps. */
export async function findSubDomain(db: Queryable): Promise<string | undefined> {
  const row = await queryOne<{ sub_domain: string }>(db, `select sub_domain from org`);
  return row?.sub_domain;
}

/** Two apps that ask for the same client id at once: the later one hears of it from the index. */
async function clientIdKept<Rows>(written: Promise<Rows>): Promise<Rows> {
  try {
    return await written;
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error;
    throw new UsherError('conflict', 'Another app has this client id. Choose another one, or leave it to Usher.', {
      causes: [{ field: 'credentials.oauthClient.client_id', reason: 'is taken by another app' }],
      cause: error,
    });
  }
}

const columns = `id, name, catalog_key, provisioning_key, label, status, sign_on_mode, settings, visibility, accessibility,
  user_name_template, credentials, provisioning, limits, inbound, logo_type, created, last_updated`;

const columnOf: { readonly [Name in keyof AppFields]: string } = {
  provisioningKey: 'provisioning_key',
  label: 'label',
  status: 'status',
  signOnMode: 'sign_on_mode',
  settings: 'settings',
  visibility: 'visibility',
  accessibility: 'accessibility',
  userNameTemplate: 'user_name_template',
  credentials: 'credentials',
  sealed: 'sealed',
  provisioning: 'provisioning',
  limits: 'limits',
  inbound: 'inbound',
  logoType: 'logo_type',
};

interface AppRow {
  readonly id: AppId;
  readonly name: string;
  readonly catalog_key: string | null;
  readonly provisioning_key: string | null;
  readonly label: string;
  readonly status: App['status'];
  readonly sign_on_mode: SignOnMode;
  readonly settings: JsonObject;
  readonly visibility: JsonObject;
  readonly accessibility: JsonObject;
  readonly user_name_template: UserNameTemplate;
  readonly credentials: AppCredentials;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly inbound: Partial<InboundCapabilities>;
  readonly logo_type: string | null;
  readonly created: Date;
  readonly last_updated: Date;
}

function toApp(row: AppRow): App {
  const { catalog_key, provisioning_key, sign_on_mode, user_name_template, logo_type, last_updated, ...same } = row;
  return {
    ...same,
    catalogKey: catalog_key,
    provisioningKey: provisioning_key,
    signOnMode: sign_on_mode,
    userNameTemplate: user_name_template,
    inbound: { ...inboundDefaults, ...row.inbound },
    logoType: logo_type,
    lastUpdated: last_updated,
  };
}
