import type { AppId } from '../lib/ids.ts';
import * as store from '../store/accounts.ts';
import { requireApp } from './app-change.ts';
import type { Context } from './context.ts';

/** One page of an app's accounts, in order of user ids. @throws {UsherError} `not_found` (app) */
export async function listAccounts(
  context: Context,
  appId: AppId,
  filter: store.AccountFilter,
): Promise<store.AccountRow[]> {
  await requireApp(context.db, appId);
  return store.listAccounts(context.db, appId, filter);
}
