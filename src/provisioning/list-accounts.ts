import type { Connection } from '../connectors/contract.ts';
import type { AppId } from '../lib/ids.ts';
import { markAccountsListed, upsertAccounts } from '../store/app-accounts.ts';
import type { Db } from '../store/database.ts';

/**
 * Reads every account of the app once, a page at a time, so that matching people to accounts is a join and not a
 * request for each of them. Counts as done only when the last page has been read. Returns how many were read.
 */
export async function listAccounts(db: Db, appId: AppId, connection: Connection, signal: AbortSignal): Promise<number> {
  if (connection.list === undefined) return 0;
  let cursor: string | undefined;
  let read = 0;
  do {
    const page = await connection.list(cursor, signal);
    if (page.accounts.length > 0) await upsertAccounts(db, appId, page.accounts);
    read += page.accounts.length;
    cursor = page.next;
  } while (cursor !== undefined);
  await markAccountsListed(db, appId);
  return read;
}
