import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { servePglite } from './pglite-server.ts';

// The thread of the embedded database. PGlite computes in the thread that calls it, a batch of outcomes for tens of
// milliseconds; here nobody waits for it but the caller of the statement.
if (parentPort !== null) {
  const pglite = await PGlite.create(workerData as { readonly dataDir?: string });
  servePglite(parentPort, pglite);
}
