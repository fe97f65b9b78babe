import type { AttributeDefinitions, ProfileSchema } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { SchemaId, TypeId, UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** The schema of the default user type, with the type's id: new people get it. */
export interface UserSchema extends ProfileSchema {
  readonly typeId: TypeId;
  readonly created: Date;
  readonly lastUpdated: Date;
}

export async function findUserSchema(db: Queryable): Promise<UserSchema> {
  return readUserSchema(db, '');
}

/** The schema of one type of people; undefined where there is no such type. */
export function findSchemaOfType(db: Queryable, typeId: TypeId): Promise<UserSchema | undefined> {
  return selectSchema(db, 't.id = $1', [typeId]);
}

/** The same as `findUserSchema`, kept from changing until the transaction ends. */
export async function lockUserSchema(tx: Tx): Promise<UserSchema> {
  return readUserSchema(tx, 'for update of s');
}

export async function updateUserSchema(
  tx: Tx,
  schemaId: SchemaId,
  attributes: { readonly base: AttributeDefinitions; readonly custom: AttributeDefinitions },
): Promise<void> {
  await tx.query(
    `update profile_schemas set base = $2::jsonb, custom = $3::jsonb, last_updated = now() where id = $1`,
    [schemaId, JSON.stringify(attributes.base), JSON.stringify(attributes.custom)],
  );
}

/** Takes these attributes' values out of every profile. Returns the people who had one. Reads all of users. */
export async function forgetAttributes(tx: Tx, names: readonly string[]): Promise<UserId[]> {
  const rows = await tx.query<{ id: UserId }>(
    `update users set profile = profile - $1::text[], last_updated = now()
     where profile ?| $1::text[] returning id`,
    [names],
  );
  return rows.map((row) => row.id);
}

export async function findGroupAttributes(db: Queryable): Promise<AttributeDefinitions> {
  const row = await queryOne<{ base: AttributeDefinitions; custom: AttributeDefinitions }>(
    db,
    `select base, custom from profile_schemas where kind = 'group'`,
  );
  return { ...row?.base, ...row?.custom };
}

async function readUserSchema(db: Queryable, lock: string): Promise<UserSchema> {
  const schema = await selectSchema(db, `t.is_default ${lock}`, []);
  if (schema !== undefined) return schema;
  throw new UsherError('internal', 'The directory has no user type yet: start the server once, which makes it.');
}

async function selectSchema(
  db: Queryable,
  where: string,
  parameters: readonly unknown[],
): Promise<UserSchema | undefined> {
  const row = await queryOne<SchemaRow>(
    db,
    `select s.id, s.base, s.custom, s.created, s.last_updated, t.id as type_id
     from user_types t join profile_schemas s on s.id = t.schema_id where ${where}`,
    parameters,
  );
  if (row === undefined) return undefined;
  const { type_id, last_updated, ...same } = row;
  return { ...same, typeId: type_id, lastUpdated: last_updated };
}

interface SchemaRow {
  readonly id: SchemaId;
  readonly type_id: TypeId;
  readonly base: AttributeDefinitions;
  readonly custom: AttributeDefinitions;
  readonly created: Date;
  readonly last_updated: Date;
}
