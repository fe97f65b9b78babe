import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPglite } from './open-pglite.ts';

test('a first start that was killed half-way is made good by the next', async () => {
  const root = await mkdtemp(join(tmpdir(), 'usher-pglite-'));
  try {
    const folder = join(root, 'postgres');
    await mkdir(`${folder}.new`);
    await writeFile(join(`${folder}.new`, 'PG_VERSION'), '1');
    const db = await openPglite(folder);
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
    await db.close();
    expect(await readdir(root)).toEqual(['postgres']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}, 60_000);

test('a new one has its tables, and nothing in them that the machine which built the program put there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-pglite-'));
  const db = await openPglite(folder);
  const tables = await db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`,
  );
  expect(tables.map(({ name }) => name)).toContain('app_users');
  for (const { name } of tables) expect(await db.query(`select * from "${name}"`), name).toEqual([]);
  await db.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test.skipIf(process.platform === 'win32')(
  'nobody else on the machine gets at the files',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'usher-pglite-'));
    try {
      const folder = join(root, 'data', 'postgres');
      await mkdir(folder, { recursive: true, mode: 0o755 });
      for (const opening of ['first', 'second']) {
        const db = await openPglite(folder);
        expect(await db.query('select 1 as one'), opening).toEqual([{ one: 1 }]);
        await db.close();
        expect(((await stat(folder)).mode & 0o777).toString(8), opening).toBe('700');
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
  60_000,
);
