import type { Profile } from '../domain/profile.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, ExternalId, UserId } from '../lib/ids.ts';
import type { ClaimedRow } from './app-user-queue.ts';
import { queryAsJson, type Queryable } from './database.ts';

// A row of app_users as it is, for deciding what would be done without claiming it.

/** Columns of `app_users a`, for `queryAsJson`; the user's id is the caller's. */
export const currentColumns = `
  case when a.status = 'DEPROVISIONED' then extract(epoch from now() - a.status_changed) else 0 end::float8
    as deprovisioned_seconds,
  a.lease_epoch, a.version, a.direct, a.assigned_profile, a.unprovisioned, a.logged_assigned,
  a.external_id, a.user_name, a.recorded, a.recorded_active, a.look_first`;

/** Null throughout where there is no row. */
export interface CurrentRow {
  readonly user_id: UserId;
  readonly lease_epoch: number | null;
  readonly version: number | null;
  readonly direct: boolean | null;
  readonly assigned_profile: Profile | null;
  readonly unprovisioned: boolean | null;
  readonly logged_assigned: boolean | null;
  readonly external_id: ExternalId | null;
  readonly user_name: string | null;
  readonly recorded: Profile | null;
  readonly recorded_active: boolean | null;
  readonly look_first: boolean | null;
  readonly deprovisioned_seconds: number;
}

/** As the engine would claim it; a row that is not there is as a new one. */
export function asClaimed(row: CurrentRow): ClaimedRow {
  return {
    userId: row.user_id,
    epoch: row.lease_epoch ?? 0,
    version: row.version ?? 0,
    attempts: 0,
    direct: row.direct ?? false,
    assignedProfile: row.assigned_profile ?? {},
    unprovisioned: row.unprovisioned ?? false,
    loggedAssigned: row.logged_assigned ?? false,
    externalId: row.external_id ?? undefined,
    userName: row.user_name ?? undefined,
    recorded: row.recorded ?? {},
    recordedActive: row.recorded_active ?? false,
    lookFirst: row.look_first ?? false,
    failingSeconds: 0,
    deprovisionedSeconds: row.deprovisioned_seconds,
    waitsForPerson: false,
  };
}

/** One person's row in the app. */
export async function findCurrentRow(db: Queryable, appId: AppId, userId: UserId): Promise<ClaimedRow> {
  const [row] = await queryAsJson<CurrentRow>(
    db,
    `select c.user_id, ${currentColumns} from (select $2::text as user_id) c
     left join app_users a on a.app_id = $1 and a.user_id = c.user_id`,
    [appId, userId],
  );
  if (row === undefined) throw new UsherError('internal', 'A query for one row gave none.');
  return asClaimed(row);
}
