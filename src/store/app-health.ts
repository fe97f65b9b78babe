import type { AppId } from '../lib/ids.ts';
import type { Db, Queryable } from './database.ts';
import type { NewLogEvent } from '../domain/log-event.ts';
import { eventColumns, eventRow, selectEvents } from './log-events.ts';

export type HealthState = 'OK' | 'PAUSED' | 'BROKEN' | 'QUARANTINED';

/** How an app is doing, as it survives a restart. `pausedMs` is what is left of a pause, 0 when there is none. */
export interface AppHealth {
  readonly state: HealthState;
  readonly pausedMs: number;
  /** How often in a row the app has been found unusable; drives the back-off. */
  readonly openedTimes: number;
}

/** The health of an app, and the revision of its configuration as it is now; undefined when the app is gone. */
export async function loadAppHealth(
  db: Queryable,
  appId: AppId,
): Promise<AppHealth & { readonly revision: number | undefined }> {
  const [row] = await db.query<{
    state: HealthState | null;
    paused_ms: number;
    opened_times: number | null;
    revision: number;
  }>(
    `select a.revision, h.state, h.opened_times,
       greatest(0, coalesce(extract(epoch from h.paused_until - now()), 0) * 1000)::float8 as paused_ms
     from apps a left join app_health h on h.app_id = a.id where a.id = $1`,
    [appId],
  );
  return {
    state: row?.state ?? 'OK',
    pausedMs: row?.paused_ms ?? 0,
    openedTimes: row?.opened_times ?? 0,
    revision: row?.revision,
  };
}

/** Writes a change of health with the event that reports it. */
export async function saveAppHealth(
  db: Db,
  appId: AppId,
  health: AppHealth & { readonly reason: string | undefined; readonly consecutiveFailures: number },
  events: readonly NewLogEvent[],
): Promise<void> {
  await db.query(
    `with saved as (
       insert into app_health (app_id, state, paused_until, opened_times, reason, consecutive_failures, last_success)
       values ($1, $2, case when $3 > 0 then now() + $3 * interval '1 millisecond' end, $4, $5, $6,
         case when $2 = 'OK' then now() end)
       on conflict (app_id) do update set state = excluded.state, paused_until = excluded.paused_until,
         opened_times = excluded.opened_times, reason = excluded.reason,
         consecutive_failures = excluded.consecutive_failures,
         last_success = coalesce(excluded.last_success, app_health.last_success))
     insert into log_events (${eventColumns})
     ${selectEvents('$7')}`,
    [
      appId,
      health.state,
      health.pausedMs,
      health.openedTimes,
      health.reason ?? null,
      health.consecutiveFailures,
      JSON.stringify(events.map(eventRow)),
    ],
  );
}
