import type { AttributeDefinitions, ProfileSchema } from '../domain/profile-schema.ts';
import type { AppId, SchemaId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export interface AppSchema extends ProfileSchema {
  readonly created: Date;
  readonly lastUpdated: Date;
}

export async function insertAppSchema(
  tx: Tx,
  appId: AppId,
  schema: { readonly id: SchemaId; readonly base: AttributeDefinitions },
): Promise<void> {
  await tx.query(`insert into profile_schemas (id, kind, app_id, base) values ($1, 'app', $2, $3::jsonb)`, [
    schema.id,
    appId,
    JSON.stringify(schema.base),
  ]);
}

export async function findAppSchema(db: Queryable, appId: AppId): Promise<AppSchema | undefined> {
  const row = await queryOne<{
    id: SchemaId;
    base: AttributeDefinitions;
    custom: AttributeDefinitions;
    created: Date;
    last_updated: Date;
  }>(db, `select id, base, custom, created, last_updated from profile_schemas where app_id = $1`, [appId]);
  if (row === undefined) return undefined;
  const { last_updated, ...same } = row;
  return { ...same, lastUpdated: last_updated };
}

export async function updateAppSchema(
  tx: Tx,
  appId: AppId,
  { base, custom }: Pick<AppSchema, 'base' | 'custom'>,
): Promise<void> {
  await tx.query(
    `update profile_schemas set base = $2::jsonb, custom = $3::jsonb, last_updated = now() where app_id = $1`,
    [appId, JSON.stringify(base), JSON.stringify(custom)],
  );
}

/** Takes these attributes' values out of the app's individual and group assignments. */
export async function forgetAssignedAttributes(tx: Tx, appId: AppId, attributes: readonly string[]): Promise<void> {
  await tx.query(
    `update app_users set assigned_profile = assigned_profile - $2::text[]
     where app_id = $1 and assigned_profile ?| $2::text[]`,
    [appId, attributes],
  );
  await tx.query(`update app_groups set profile = profile - $2::text[] where app_id = $1 and profile ?| $2::text[]`, [
    appId,
    attributes,
  ]);
}
