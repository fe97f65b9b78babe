import type { Profile } from '../domain/profile.ts';
import type { RunId, TypeId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import type { Queryable, Tx } from './database.ts';

/** One row of a file of people on its way into the directory. */
export interface ImportRow {
  readonly line: number;
  /** The login, folded. */
  readonly loginKey: string;
  /** Values of the row's cells; null where the cell is empty. */
  readonly profile: Profile;
}

/** Keeps rows of a load, at most 5,000 at once, until they are applied. */
export async function insertImportRows(tx: Tx, runId: RunId, rows: readonly ImportRow[]): Promise<void> {
  const records = rows.map(({ line, loginKey, profile }) => {
    const { managerId } = profile;
    const manager_key = typeof managerId === 'string' ? foldName(managerId) : null;
    return { line, login_key: loginKey, manager_key, profile };
  });
  await tx.query(
    `insert into import_rows (run_id, line, login_key, manager_key, profile)
     select $1, r.line, r.login_key, r.manager_key, r.profile
     from jsonb_to_recordset($2::jsonb)
       as r(line integer, login_key text, manager_key text, profile jsonb)`,
    [runId, JSON.stringify(records)],
  );
}

/** The types of those of these people, by folded login, who are there and not of the default type. */
export async function findOtherTypes(db: Queryable, loginKeys: readonly string[]): Promise<Map<string, TypeId>> {
  const rows = await db.query<{ login_key: string; type_id: TypeId }>(
    `select u.login_key, u.type_id from users u join user_types t on t.id = u.type_id and not t.is_default
     where u.login_key = any($1::text[])`,
    [loginKeys],
  );
  return new Map(rows.map((row) => [row.login_key, row.type_id]));
}

/** The next rows of a load after `afterLine`, in order of lines. */
export async function listImportRows(
  db: Queryable,
  runId: RunId,
  afterLine: number,
  limit: number,
): Promise<ImportRow[]> {
  const rows = await db.query<{ line: number; login_key: string; profile: Profile }>(
    'select line, login_key, profile from import_rows where run_id = $1 and line > $2 order by line limit $3',
    [runId, afterLine, limit],
  );
  return rows.map((row) => ({ line: row.line, loginKey: row.login_key, profile: row.profile }));
}

/** Tells the planner how many rows there are: it has no idea of a table that was filled a moment ago. */
export async function analyzeImportRows(tx: Tx): Promise<void> {
  await tx.query('analyze import_rows');
}

/** The same for what a load has filled. The embedded database never does it by itself. */
export async function analyzePeople(tx: Tx): Promise<void> {
  await tx.query('analyze users, group_members');
}

/** Rows whose login an earlier line of the load has already. */
export async function findDuplicateRows(
  db: Queryable,
  runId: RunId,
): Promise<{ line: number; firstLine: number; login: string }[]> {
  return db.query(
    `select line, first_line as "firstLine", login_key as login
     from (select line, login_key, min(line) over (partition by login_key) as first_line
           from import_rows where run_id = $1) r
     where line <> first_line order by line`,
    [runId],
  );
}

/** Rows whose manager is neither in the load nor in the directory. */
export async function findUnknownManagers(db: Queryable, runId: RunId): Promise<{ line: number; managerId: string }[]> {
  return db.query(
    `select r.line, r.profile->>'managerId' as "managerId" from import_rows r
     where r.run_id = $1 and r.manager_key is not null
       and not exists (select 1 from import_rows m where m.run_id = $1 and m.login_key = r.manager_key)
       and not exists (select 1 from users u where u.login_key = r.manager_key)
       and not exists (select 1 from users u where u.id = r.profile->>'managerId')
     order by r.line`,
    [runId],
  );
}

/** Rows about people who hold an administrator role, or are in a group that does. */
export async function findRoleHolders(
  db: Queryable,
  runId: RunId,
): Promise<{ readonly userId: UserId; readonly row: ImportRow }[]> {
  const rows = await db.query<{ id: UserId; line: number; login_key: string; profile: Profile }>(
    `select u.id, r.line, r.login_key, r.profile
     from (select user_id from admins where user_id is not null
           union select m.user_id from admins a join group_members m on m.group_id = a.group_id) h
     join users u on u.id = h.user_id
     join import_rows r on r.run_id = $1 and r.login_key = u.login_key`,
    [runId],
  );
  return rows.map((row) => ({
    userId: row.id,
    row: { line: row.line, loginKey: row.login_key, profile: row.profile },
  }));
}

export async function deleteImportRows(tx: Tx, runId: RunId): Promise<void> {
  await tx.query('delete from import_rows where run_id = $1', [runId]);
}

/** Ends loads that have been running for more than a day, and drops rows that no running load owns. */
export async function dropAbandonedLoads(tx: Tx): Promise<void> {
  await tx.query(
    `update runs set status = 'FAILED', finished = now()
     where kind = 'people_import' and status = 'RUNNING' and started < now() - interval '1 day'`,
  );
  await tx.query(
    `delete from import_rows
     where run_id not in (select id from runs where kind = 'people_import' and status = 'RUNNING')`,
  );
}
