import type { UserType } from '../domain/user-type.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import { UsherError } from '../lib/errors.ts';
import type { SchemaId, TypeId } from '../lib/ids.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

export interface NewUserType extends Pick<UserType, 'id' | 'name' | 'displayName' | 'description' | 'schemaId'> {
  /** Who makes it. */
  readonly by: string;
}

/** Adds a type with a schema of its own. @throws {UsherError} `conflict` when the name is taken. */
export async function insertUserType(tx: Tx, type: NewUserType, base: AttributeDefinitions): Promise<void> {
  try {
    await tx.query(
      `insert into user_types (id, name, display_name, description, schema_id, created_by, last_updated_by)
       values ($1, $2, $3, $4, $5, $6, $6)`,
      [type.id, type.name, type.displayName, type.description, type.schemaId, type.by],
    );
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? nameTaken(error) : error;
  }
  await tx.query(`insert into profile_schemas (id, kind, base) values ($1, 'user', $2::jsonb)`, [
    type.schemaId,
    JSON.stringify(base),
  ]);
}

/** The default type first, then in order of ids. An organisation has few. */
export async function listUserTypes(db: Queryable): Promise<UserType[]> {
  const rows = await db.query<TypeRow>(`select ${columns} from user_types order by is_default desc, id`);
  return rows.map(toUserType);
}

/** By id, or `default`. */
export async function findUserType(db: Queryable, key: string): Promise<UserType | undefined> {
  const row = await queryOne<TypeRow>(db, `select ${columns} from user_types where ${byKey}`, [key]);
  return row && toUserType(row);
}

/** The same, kept from changing, and from getting people, until the transaction ends. */
export async function lockUserType(tx: Tx, key: string): Promise<UserType | undefined> {
  const row = await queryOne<TypeRow>(tx, `select ${columns} from user_types where ${byKey} for update`, [key]);
  return row && toUserType(row);
}

export async function updateUserType(
  tx: Tx,
  typeId: TypeId,
  change: Pick<UserType, 'displayName' | 'description'>,
  by: string,
): Promise<void> {
  await tx.query(
    `update user_types set display_name = $2, description = $3, last_updated_by = $4, last_updated = now()
     where id = $1`,
    [typeId, change.displayName, change.description, by],
  );
}

/** Deletes the type and its schema. */
export async function deleteUserType(tx: Tx, type: Pick<UserType, 'id' | 'schemaId'>): Promise<void> {
  await tx.query('delete from user_types where id = $1', [type.id]);
  await tx.query('delete from profile_schemas where id = $1', [type.schemaId]);
}

/** Whether anybody is of the type. Served by users_type. */
export async function typeHasUsers(db: Queryable, typeId: TypeId): Promise<boolean> {
  return (await db.query('select 1 from users where type_id = $1 limit 1', [typeId])).length > 0;
}

const byKey = `id = $1 or ($1 = 'default' and is_default)`;
const columns =
  'id, name, display_name, description, is_default, schema_id, created, last_updated, created_by, last_updated_by';

function nameTaken(cause: unknown): UsherError {
  const reason = 'An object with this field already exists';
  return new UsherError('conflict', `Another user type has this name: ${reason}. Choose another one.`, {
    causes: [{ field: 'name', reason }],
    cause,
  });
}

interface TypeRow {
  readonly id: TypeId;
  readonly name: string;
  readonly display_name: string;
  readonly description: string | null;
  readonly is_default: boolean;
  readonly schema_id: SchemaId;
  readonly created: Date;
  readonly last_updated: Date;
  readonly created_by: string;
  readonly last_updated_by: string;
}

function toUserType(row: TypeRow): UserType {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    isDefault: row.is_default,
    schemaId: row.schema_id,
    created: row.created,
    lastUpdated: row.last_updated,
    createdBy: row.created_by,
    lastUpdatedBy: row.last_updated_by,
  };
}
