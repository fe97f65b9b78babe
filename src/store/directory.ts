import { baseGroupAttributes, baseUserAttributes } from '../domain/user-schema.ts';
import { newId } from '../lib/ids.ts';
import type { Tx } from './database.ts';

/**
 * Makes what every directory has: the default user type, the schemas of users and groups, and the group everybody
 * is in. Safe to call again and from many processes at once: the one that makes the user type makes the rest.
 */
export async function ensureDirectory(tx: Tx): Promise<void> {
  const userSchemaId = newId('schema');
  const types = await tx.query(
    `insert into user_types (id, name, display_name, is_default, schema_id) values ($1, 'user', 'User', true, $2)
     on conflict (name) do nothing returning id`,
    [newId('user_type'), userSchemaId],
  );
  if (types.length === 0) return;
  await tx.query(
    `insert into profile_schemas (id, kind, base) values ($1, 'user', $2::jsonb), ($3, 'group', $4::jsonb)`,
    [userSchemaId, JSON.stringify(baseUserAttributes), newId('schema'), JSON.stringify(baseGroupAttributes)],
  );
  const everyone = { name: 'Everyone', description: 'All users in your organization' };
  await tx.query(`insert into groups (id, type, name, profile) values ($1, 'BUILT_IN', $2, $3::jsonb)`, [
    newId('group'),
    everyone.name,
    JSON.stringify(everyone),
  ]);
}
