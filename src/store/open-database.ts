import { join } from 'node:path';
import type { Db } from './database.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import { openPglite } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';
import type { ReachChange } from './postgres-reach.ts';

/**
 * Opens the PostgreSQL server at `url`, or, without one, the embedded database in `dataFolder` under an exclusive
 * lock that `close` gives back. `onReach` is told when the server is lost and when it is back.
 *
 * @throws {UsherError} `data_folder_locked` or `database_unavailable`.
 */
export async function openDatabase(
  url: string | undefined,
  dataFolder: string,
  now: Date,
  onReach: (change: ReachChange) => void = () => undefined,
): Promise<Db> {
  if (url !== undefined) return openPostgres(url, { onReach });
  const unlock = await lockDataFolder(dataFolder, now);
  try {
    const db = await openPglite(join(dataFolder, 'postgres'));
    return {
      ...db,
      close: async () => {
        await db.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
