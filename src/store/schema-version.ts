import { queryOne, type Queryable } from './database.ts';

/** The number of the newest migration the database has had; 0 where there was none. */
export async function findSchemaVersion(db: Queryable): Promise<number> {
  const row = await queryOne<{ version: number }>(
    db,
    'select coalesce(max(version), 0)::int as version from schema_migrations',
  );
  return row?.version ?? 0;
}
