import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';

/** Packed by `scripts/new-database.mjs` when the program is built, of the PGlite that opens it. */
const image = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/database/new.tgz' : '../../database/new.tgz',
  import.meta.url,
);

/**
 * Puts a new database into `folder`, which is empty, where it holds none. It is unpacked beside it and moved there
 * whole: a start that is killed before leaves nothing the next could not replace.
 */
export async function unpackNewDatabase(folder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { mode: 0o700 });
  await pipeline(createReadStream(image), createGunzip(), unpackTar(beside));
  await rmdir(folder);
  await rename(beside, folder);
}
