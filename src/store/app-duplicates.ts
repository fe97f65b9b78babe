import type { AppId } from '../lib/ids.ts';
import { queryOne, type Tx } from './database.ts';

/** Copies the uploaded logo, where there is one. */
export async function copyLogo(tx: Tx, from: AppId, to: AppId): Promise<void> {
  await tx.query(`insert into app_logos (app_id, bytes) select $2, bytes from app_logos where app_id = $1`, [from, to]);
}

/** Whether a worker has rows of the app in hand: what it is about to record belongs to links as they are now. */
export async function hasRowsInHand(tx: Tx, appId: AppId): Promise<boolean> {
  const row = await queryOne<{ busy: boolean }>(
    tx,
    `select exists (select 1 from app_users where app_id = $1 and sync_state = 'SYNCING' and lease_until > now()) as busy`,
    [appId],
  );
  return row?.busy ?? false;
}

/**
 * Moves the links to accounts from one instance to another, with the assignments they belong to; the first instance
 * keeps its assignments, without accounts. Rows of both are looked at again. Returns how many links have moved.
 */
export async function moveLinks(tx: Tx, from: AppId, to: AppId): Promise<number> {
  await tx.query(
    `insert into app_groups (app_id, group_id, priority, profile)
     select $2, group_id, priority, profile from app_groups where app_id = $1`,
    [from, to],
  );
  const moved = await queryOne<{ links: number }>(
    tx,
    `with copied as (
       insert into app_users (app_id, user_id, assigned, direct, assigned_profile, status, status_changed, unprovisioned,
         user_name, external_id, recorded, recorded_active, last_sync, look_first, due_at)
       select $2, user_id, assigned, direct, assigned_profile, status, status_changed, unprovisioned,
         user_name, external_id, recorded, recorded_active, last_sync, look_first, now()
       from app_users where app_id = $1 and (assigned or external_id is not null or look_first)
       returning external_id)
     select count(external_id)::int as links from copied`,
    [from, to],
  );
  await tx.query(
    `update app_users set external_id = null, recorded = null, recorded_active = null, look_first = false,
       unprovisioned = assigned, version = version + 1, due_at = now(), sync_state = 'OUT_OF_SYNC', last_updated = now()
     where app_id = $1 and (external_id is not null or look_first)`,
    [from],
  );
  return moved?.links ?? 0;
}
