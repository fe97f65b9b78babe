import { readdir, readFile } from 'node:fs/promises';
import { UsherError } from '../lib/errors.ts';
import type { Db, Tx } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);
const fileName = /^(\d{4})_[a-z0-9_]+[.]sql$/;

/** Any number nobody else uses; two servers starting at once on one database take turns by it. */
const advisoryLock = 7_823_004_511;

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** The numbered SQL files, in order. They are never edited once released. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}

/**
 * Brings the schema up to date, each file in its own transaction, forward only. Safe to call from many processes
 * at once. Refuses a database that is newer than this program.
 */
export async function migrate(db: Db): Promise<void> {
  const migrations = await readMigrations();
  if (await isUpToDate(db, migrations)) return;
  const newest = migrations.at(-1)?.version ?? 0;
  for (const migration of migrations) {
    await db.transaction((tx) => applyOnce(tx, migration, newest));
  }
}

/** Nearly every start finds that it is, and need not take the lock for each file. */
async function isUpToDate(db: Db, migrations: readonly Migration[]): Promise<boolean> {
  const [table] = await db.query<{ exists: boolean }>(`select to_regclass('schema_migrations') is not null as exists`);
  if (table?.exists !== true) return false;
  const applied = await db.query<{ version: number }>('select version from schema_migrations order by version');
  return applied.map(({ version }) => version).join() === migrations.map(({ version }) => version).join();
}

async function applyOnce(tx: Tx, migration: Migration, newest: number): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [advisoryLock]);
  await tx.query(
    'create table if not exists schema_migrations (version integer primary key, name text not null, applied timestamptz not null default now())',
  );
  const [state] = await tx.query<{ newest: number; applied: boolean }>(
    'select coalesce(max(version), 0)::int as newest, coalesce(bool_or(version = $1), false) as applied from schema_migrations',
    [migration.version],
  );
  if (state !== undefined && state.newest > newest) {
    throw new UsherError(
      'database_unavailable',
      `The database is at schema version ${state.newest}, this program knows ${newest}. Start the newer version of Usher, or restore a backup from before the upgrade.`,
    );
  }
  if (state?.applied === true) return;
  for (const statement of splitStatements(migration.sql)) await tx.query(statement);
  await tx.query('insert into schema_migrations (version, name) values ($1, $2)', [migration.version, migration.name]);
}

/** Statements end with `;` at the end of a line; migrations with function bodies put `$$` around them. */
function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let current = '';
  let quoted = false;
  for (const line of sql.split('\n')) {
    if (line.trimStart().startsWith('--')) continue;
    current += `${line}\n`;
    if ((line.split('$$').length - 1) % 2 === 1) quoted = !quoted;
    if (!quoted && line.trimEnd().endsWith(';')) {
      statements.push(current);
      current = '';
    }
  }
  if (current.trim() !== '') statements.push(current);
  return statements;
}
