import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { migrate, readMigrations } from './migrate.ts';

describeOnDatabases('migrate', (database) => {
  test('applies every file once, also when called again', async () => {
    const db = await database.open();
    await migrate(db);
    const applied = await db.query<{ version: number }>('select version from schema_migrations order by version');
    expect(applied.map((row) => row.version)).toEqual((await readMigrations()).map((migration) => migration.version));
  });

  test('applies a file whose number is below those that are applied', async () => {
    const db = await database.open();
    await db.query('delete from schema_migrations where version = 1');
    // That it is tried is seen by what it finds.
    await expect(migrate(db)).rejects.toThrow('already exists');
  });

  test('refuses a database from the future and says what to do', async () => {
    const db = await database.open();
    await db.query(`insert into schema_migrations (version, name) values (9999, 'future')`);
    await expect(migrate(db)).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('newer version'),
    });
  });
});
