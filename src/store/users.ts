import type { Profile } from '../domain/profile.ts';
import { importProvider, ownProvider, type CredentialProvider, type User, type UserStatus } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import type { SchemaId, TypeId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import { queryOne, sqlState, uniqueViolation, type Queryable, type Tx } from './database.ts';

export interface NewUser {
  readonly id: UserId;
  readonly status: UserStatus;
  readonly profile: Profile;
}

/**
 * Adds people, at most 5,000 at once, and puts them into the group everybody is in. Those whose login is taken
 * are left out: the answer names those who were added.
 */
export async function insertUsers(tx: Tx, typeId: TypeId, users: readonly NewUser[]): Promise<ReadonlySet<UserId>> {
  const rows = users.map(({ id, status, profile }) => ({ id, status, profile, login_key: loginKeyOf(profile) }));
  const inserted = await tx.query<{ id: UserId }>(
    `with added as (
       insert into users (id, type_id, status, login_key, profile, activated, status_changed)
       select r.id, $2, r.status, r.login_key, r.profile, a.at, a.at
       from jsonb_to_recordset($1::jsonb) as r(id text, status text, login_key text, profile jsonb)
       cross join lateral (select case when r.status <> 'STAGED' then now() end as at) a
       on conflict (login_key) do nothing
       returning id)
     select id from added`,
    [JSON.stringify(rows), typeId],
  );
  const ids = inserted.map((row) => row.id);
  await tx.query(
    `insert into group_members (group_id, user_id, source)
     select g.id, u.id, 'builtin' from groups g cross join unnest($1::text[]) as u(id) where g.type = 'BUILT_IN'`,
    [ids],
  );
  return new Set(ids);
}

/** By id, by login, or by the part of the login before the @ where only one person has it. */
export async function findUser(db: Queryable, key: string): Promise<User | undefined> {
  // PostgreSQL's text has no NUL, so nobody has a key with one.
  if (key.includes('\0')) return undefined;
  const row = await queryOne<UserRow>(db, `${selectUsers} where u.id = $1 or u.login_key = $2`, [key, foldName(key)]);
  if (row !== undefined) return toUser(row);
  if (key.includes('@')) return undefined;
  const [found, another] = await db.query<UserRow>(
    `${selectUsers} where split_part(u.login_key, '@', 1) = $1 limit 2`,
    [foldName(key)],
  );
  return found === undefined || another !== undefined ? undefined : toUser(found);
}

/** In order of ids. Those who do not exist are left out. */
export async function findUsers(db: Queryable, userIds: readonly UserId[]): Promise<User[]> {
  const rows = await db.query<UserRow>(`${selectUsers} where u.id = any($1::text[]) order by u.id`, [userIds]);
  return rows.map(toUser);
}

/** Ids of people with one of these statuses, in order, for walking over everybody. */
export async function listIdsByStatus(
  db: Queryable,
  statuses: readonly UserStatus[],
  after: UserId | undefined,
  limit: number,
): Promise<UserId[]> {
  const rows = await db.query<{ id: UserId }>(
    'select id from users where id > $1 and status = any($2::text[]) order by id limit $3',
    [after ?? '', statuses, limit],
  );
  return rows.map((row) => row.id);
}

/** These people as they are, kept from changing until the transaction ends. Those who do not exist are left out. */
export async function lockUsers(tx: Tx, userIds: readonly UserId[]): Promise<User[]> {
  const rows = await tx.query<UserRow>(
    `${selectUsers} where u.id = any($1::text[]) order by u.id for no key update of u`,
    [userIds],
  );
  return rows.map(toUser);
}

/** The same by login, folded. */
export async function lockUsersByLogin(tx: Tx, loginKeys: readonly string[]): Promise<User[]> {
  const rows = await tx.query<UserRow>(
    `${selectUsers} where u.login_key = any($1::text[]) order by u.id for no key update of u`,
    [loginKeys],
  );
  return rows.map(toUser);
}

/**
 * Replaces profiles, at most 5,000 at once.
 *
 * @throws {UsherError} `conflict` when a login belongs to somebody else; the transaction cannot go on.
 */
export async function updateProfiles(
  tx: Tx,
  users: readonly { readonly id: UserId; readonly profile: Profile }[],
): Promise<void> {
  const rows = users.map(({ id, profile }) => ({ id, profile, login_key: loginKeyOf(profile) }));
  try {
    await tx.query(
      `update users set profile = r.profile, login_key = r.login_key, last_updated = now()
       from jsonb_to_recordset($1::jsonb) as r(id text, login_key text, profile jsonb) where users.id = r.id`,
      [JSON.stringify(rows)],
    );
  } catch (error) {
    throw sqlState(error) === uniqueViolation ? loginTaken(error) : error;
  }
}

export function loginTaken(cause?: unknown): UsherError {
  const reason = 'An object with this field already exists in the current organization';
  return new UsherError('conflict', `Somebody else has this login: ${reason}. Choose another one.`, {
    causes: [{ field: 'login', reason }],
    cause,
  });
}

/** Of another kind from now on. */
export async function updateType(tx: Tx, userId: UserId, typeId: TypeId): Promise<void> {
  await tx.query('update users set type_id = $2, last_updated = now() where id = $1', [userId, typeId]);
}

export async function updateStatus(tx: Tx, userId: UserId, status: UserStatus): Promise<void> {
  await tx.query(
    `update users set status = $2, status_changed = now(), last_updated = now(),
       activated = case when status in ('STAGED', 'DEPROVISIONED') and $2 <> 'DEPROVISIONED' then now() else activated end
     where id = $1`,
    [userId, status],
  );
}

/**
 * Deletes a person and what no app knows of. Rows of app_users that stand for an account, or for a write that may
 * have made one, outlive the person: the account is still to be taken away.
 */
export async function deleteUser(tx: Tx, userId: UserId): Promise<void> {
  await tx.query(
    `delete from app_users
     where user_id = $1 and external_id is null and not look_first and sync_state <> 'SYNCING'`,
    [userId],
  );
  await tx.query('delete from users where id = $1', [userId]);
}

/** People whose `managerId` is one of these logins or ids, written as there. Served by users_manager. */
export async function findReports(db: Queryable, managers: readonly string[]): Promise<UserId[]> {
  const rows = await db.query<{ id: UserId }>(
    `select id from users where profile ? 'managerId' and profile->>'managerId' = any($1::text[])`,
    [managers],
  );
  return rows.map((row) => row.id);
}

export function loginKeyOf(profile: Profile): string {
  const { login } = profile;
  if (typeof login !== 'string') throw new UsherError('internal', 'A profile without a login reached the database.');
  return foldName(login);
}

export const userColumns = `u.id, u.type_id, u.status, u.profile, u.created, u.activated, u.status_changed, u.last_login,
  u.last_updated, u.password_changed, coalesce(c.password_hash, c.imported_hash::text) is not null as has_password,
  c.recovery_question, c.provider, c.imported_hash is not null as imported,
  (select t.schema_id from user_types t where t.id = u.type_id) as schema_id`;

export const fromUsers = 'users u left join user_credentials c on c.user_id = u.id';

const selectUsers = `select ${userColumns} from ${fromUsers}`;

export interface UserRow {
  readonly id: UserId;
  readonly type_id: TypeId;
  readonly schema_id: SchemaId | null;
  readonly status: UserStatus;
  readonly profile: Profile;
  readonly has_password: boolean;
  readonly recovery_question: string | null;
  readonly provider: CredentialProvider | null;
  readonly imported: boolean;
  readonly created: Date;
  readonly activated: Date | null;
  readonly status_changed: Date | null;
  readonly last_login: Date | null;
  readonly last_updated: Date;
  readonly password_changed: Date | null;
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    typeId: row.type_id,
    schemaId: row.schema_id,
    status: row.status,
    profile: row.profile,
    hasPassword: row.has_password,
    recoveryQuestion: row.recovery_question,
    provider: row.imported ? importProvider : (row.provider ?? ownProvider),
    created: row.created,
    activated: row.activated,
    statusChanged: row.status_changed,
    lastLogin: row.last_login,
    lastUpdated: row.last_updated,
    passwordChanged: row.password_changed,
  };
}
