import type { AppId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export interface StoredLogo {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export async function findLogo(db: Queryable, appId: AppId): Promise<StoredLogo | undefined> {
  return queryOne<StoredLogo>(
    db,
    `select a.logo_type as type, l.bytes from app_logos l join apps a on a.id = l.app_id where l.app_id = $1`,
    [appId],
  );
}

export async function saveLogo(tx: Tx, appId: AppId, bytes: Uint8Array): Promise<void> {
  await tx.query(
    `insert into app_logos (app_id, bytes) values ($1, $2)
     on conflict (app_id) do update set bytes = excluded.bytes, last_updated = now()`,
    [appId, bytes],
  );
}
