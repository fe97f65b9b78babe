import type { AttributeDefinitions, ProfileSchema } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { SchemaId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export interface GroupSchema extends ProfileSchema {
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** What every group's profile may hold. */
export async function findGroupSchema(db: Queryable): Promise<GroupSchema> {
  return readGroupSchema(db, '');
}

/** The same, kept from changing until the transaction ends. */
export async function lockGroupSchema(tx: Tx): Promise<GroupSchema> {
  return readGroupSchema(tx, 'for update');
}

export async function updateGroupSchema(tx: Tx, schemaId: SchemaId, custom: AttributeDefinitions): Promise<void> {
  await tx.query(`update profile_schemas set custom = $2::jsonb, last_updated = now() where id = $1`, [
    schemaId,
    JSON.stringify(custom),
  ]);
}

/** Takes these attributes' values out of every group. */
export async function forgetGroupAttributes(tx: Tx, names: readonly string[]): Promise<void> {
  await tx.query(`update groups set profile = profile - $1::text[], last_updated = now() where profile ?| $1::text[]`, [
    names,
  ]);
}

async function readGroupSchema(db: Queryable, lock: string): Promise<GroupSchema> {
  const row = await queryOne<{
    id: SchemaId;
    base: AttributeDefinitions;
    custom: AttributeDefinitions;
    created: Date;
    last_updated: Date;
  }>(db, `select id, base, custom, created, last_updated from profile_schemas where kind = 'group' ${lock}`);
  if (row === undefined) {
    throw new UsherError('internal', 'The directory has no group schema yet: start the server once, which makes it.');
  }
  const { last_updated, ...same } = row;
  return { ...same, lastUpdated: last_updated };
}
