// Packs the embedded database as it is when new, its tables made: `node scripts/new-database.mjs BUILD FILE`, where BUILD
// is the folder of the compiled program. To unpack it takes a second of the five that it takes to make one.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { packTar } from 'modern-tar/fs';

const [, , build, file] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'usher-new-database-'));
try {
  const pglite = await PGlite.create(folder);
  const built = (name) => import(pathToFileURL(resolve(build, 'src/store', name)).href);
  const { migrate } = await built('migrate.js');
  const { wrapPglite } = await built('open-pglite.js');
  const { connectPglite } = await built('pglite-client.js');
  const { servePglite } = await built('pglite-server.js');
  const { port1, port2 } = new MessageChannel();
  servePglite(port1, pglite);
  const db = wrapPglite(connectPglite(port2).pglite, () => pglite.close());
  await migrate(db);
  await db.close();
  port1.close();
  await pipeline(packTar(folder), createGzip(), createWriteStream(file));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
