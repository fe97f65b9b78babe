import { contestedAttributes, type Rival } from '../domain/attribute-owner.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { loadAppConfig } from '../store/app-config.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findRivals, lockOwnership, sharePeople } from '../store/shared-accounts.ts';
import { requireApp } from './app-change.ts';
import type { Context } from './context.ts';

/** Another instance on the same accounts, and what both would write to an account they share. */
export interface SharedAccounts {
  readonly appId: AppId;
  readonly label: string;
  /** Empty where the two get along. */
  readonly contested: readonly string[];
  /** Somebody has both apps. */
  readonly sharePeople: boolean;
}

/** @throws {UsherError} `not_found` */
export async function listSharedAccounts(context: Context, appId: AppId): Promise<SharedAccounts[]> {
  await requireApp(context.db, appId);
  return Promise.all(
    (await rivalsOf(context.db, appId)).map(async ({ rival, contested }) => ({
      appId: rival.id,
      label: rival.label,
      contested,
      sharePeople: await sharePeople(context.db, appId, rival.id),
    })),
  );
}

/**
 * Call it at the end of every change to what an app writes, in its transaction. Each attribute of an account has one
 * instance that writes it; accounts come to be shared later, too, and are then left to the first (`planLink`).
 *
 * @throws {UsherError} `conflict` where the app and another one with people in common would write the same attributes.
 */
export async function assertSoleOwner(tx: Tx, appId: AppId): Promise<void> {
  await lockOwnership(tx);
  for (const { rival, contested } of await rivalsOf(tx, appId)) {
    if (contested.length === 0 || !(await sharePeople(tx, appId, rival.id))) continue;
    throw new UsherError(
      'conflict',
      `${rival.label} provisions the same accounts and already writes ${contested.join(', ')}. An attribute has one app that writes it: take it out of one of the two, or turn updates or deactivation off there.`,
      { causes: contested.map((field) => ({ field, reason: `is written by ${rival.label}` })) },
    );
  }
}

async function rivalsOf(
  db: Queryable,
  appId: AppId,
): Promise<{ readonly rival: Rival<AppId>; readonly contested: readonly string[] }[]> {
  const config = await loadAppConfig(db, appId);
  if (config === undefined || !config.connected) return [];
  const rivals = await findRivals(db, appId);
  return rivals.map((rival) => ({ rival, contested: contestedAttributes(config, rival) }));
}
