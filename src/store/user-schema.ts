import type { AttributeDefinitions, ProfileSchema } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { SchemaId, TypeId, UserId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** The schema of a user type, with the type's id. New people are of the default type. */
export interface UserSchema extends ProfileSchema {
  readonly typeId: TypeId;
  readonly typeName: string;
  readonly typeDisplayName: string;
  readonly created: Date;
  readonly lastUpdated: Date;
}

export async function findUserSchema(db: Queryable): Promise<UserSchema> {
  const schema = await selectSchema(db, 't.is_default', []);
  if (schema !== undefined) return schema;
  throw new UsherError('internal', 'The directory has no user type yet: start the server once, which makes it.');
}

/** Of every type of people, the default one first. An organisation has few. */
export async function listUserSchemas(db: Queryable): Promise<UserSchema[]> {
  const rows = await db.query<SchemaRow>(`${selectSchemas} order by t.is_default desc, t.id`);
  return rows.map(toSchema);
}

/**
 * The schema of one type of people, which is kept from being deleted until the transaction ends; undefined where there
 * is no such type.
 */
export function holdSchemaOfType(tx: Tx, typeId: TypeId): Promise<UserSchema | undefined> {
  return selectSchema(tx, 't.id = $1 for share of t', [typeId]);
}

/** By the schema's id, or `default`. */
export function findSchemaByKey(db: Queryable, key: string): Promise<UserSchema | undefined> {
  return selectSchema(db, byKey, [key]);
}

/** The same, kept from changing until the transaction ends. */
export function lockSchemaByKey(tx: Tx, key: string): Promise<UserSchema | undefined> {
  return selectSchema(tx, `(${byKey}) for update of s`, [key]);
}

const byKey = `s.id = $1 or ($1 = 'default' and t.is_default)`;

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

/** Takes these attributes' values out of every profile of the type. Returns the people who had one. Reads them all. */
export async function forgetAttributes(tx: Tx, typeId: TypeId, names: readonly string[]): Promise<UserId[]> {
  const rows = await tx.query<{ id: UserId }>(
    `update users set profile = profile - $2::text[], last_updated = now()
     where type_id = $1 and profile ?| $2::text[] returning id`,
    [typeId, names],
  );
  return rows.map((row) => row.id);
}

/** The attributes people of any type may have. Where types differ in one, the default type says what it is. */
export async function findAllUserAttributes(db: Queryable): Promise<AttributeDefinitions> {
  const rows = await db.query<{ base: AttributeDefinitions; custom: AttributeDefinitions }>(
    'select s.base, s.custom from user_types t join profile_schemas s on s.id = t.schema_id order by t.is_default, t.id',
  );
  return Object.assign({}, ...rows.flatMap(({ base, custom }) => [base, custom]));
}

/** The attributes people of every type but this one may have. */
export async function findAttributesOfOtherTypes(db: Queryable, typeId: TypeId): Promise<AttributeDefinitions> {
  const rows = await db.query<{ base: AttributeDefinitions; custom: AttributeDefinitions }>(
    'select s.base, s.custom from user_types t join profile_schemas s on s.id = t.schema_id where t.id <> $1',
    [typeId],
  );
  return Object.assign({}, ...rows.flatMap(({ base, custom }) => [base, custom]));
}

export async function findGroupAttributes(db: Queryable): Promise<AttributeDefinitions> {
  const row = await queryOne<{ base: AttributeDefinitions; custom: AttributeDefinitions }>(
    db,
    `select base, custom from profile_schemas where kind = 'group'`,
  );
  return { ...row?.base, ...row?.custom };
}

async function selectSchema(
  db: Queryable,
  where: string,
  parameters: readonly unknown[],
): Promise<UserSchema | undefined> {
  const row = await queryOne<SchemaRow>(db, `${selectSchemas} where ${where}`, parameters);
  return row && toSchema(row);
}

const selectSchemas = `select s.id, s.base, s.custom, s.created, s.last_updated, t.id as type_id, t.name as type_name,
    t.display_name as type_display_name
  from user_types t join profile_schemas s on s.id = t.schema_id`;

function toSchema({ type_id, type_name, type_display_name, last_updated, ...same }: SchemaRow): UserSchema {
  return {
    ...same,
    typeId: type_id,
    typeName: type_name,
    typeDisplayName: type_display_name,
    lastUpdated: last_updated,
  };
}

interface SchemaRow {
  readonly id: SchemaId;
  readonly type_id: TypeId;
  readonly type_name: string;
  readonly type_display_name: string;
  readonly base: AttributeDefinitions;
  readonly custom: AttributeDefinitions;
  readonly created: Date;
  readonly last_updated: Date;
}
