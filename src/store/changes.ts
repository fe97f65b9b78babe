import type { EventTarget } from '../domain/log-event.ts';
import type { AppId, RunId } from '../lib/ids.ts';
import { queryOne, type Queryable } from './database.ts';

/** What a reading of the log saw: the next one gives what this one did not. */
export type Snapshot = string;

export interface LogChanges {
  readonly snapshot: Snapshot;
  readonly events: readonly { readonly eventType: string; readonly target: readonly EventTarget[] }[];
}

export async function findSnapshot(db: Queryable): Promise<Snapshot> {
  const row = await queryOne<{ snapshot: string }>(db, 'select pg_current_snapshot()::text as snapshot');
  return row?.snapshot ?? '';
}

/**
 * Events that became visible since the snapshot, whenever their transactions began: nothing is missed and nothing
 * comes twice. With more than `limit` some are left out; the answer then has `limit` of them. Served by log_events_tx.
 */
export async function listChanges(db: Queryable, since: Snapshot, limit: number): Promise<LogChanges> {
  const rows = await db.query<{ snapshot: string; event_type: string | null; target: EventTarget[] | null }>(
    `select pg_current_snapshot()::text as snapshot, e.event_type, e.target
     from (select 1) as one left join lateral (
       select event_type, target from log_events
       where tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::pg_snapshot)
       limit $2) e on true`,
    [since, limit],
  );
  return {
    snapshot: rows[0]?.snapshot ?? since,
    events: rows.flatMap(({ event_type, target }) =>
      event_type === null ? [] : [{ eventType: event_type, target: target ?? [] }],
    ),
  };
}

/** How far a run was at a moment. */
export interface RunMark {
  readonly id: RunId;
  readonly appId: AppId | null;
  readonly startedBy: string | null;
  /** Differs when anything about the run does. */
  readonly mark: string;
}

/** Runs that go on, and the newest, which may have begun and ended since anybody looked. */
export function listRunMarks(db: Queryable): Promise<RunMark[]> {
  const columns = `id, app_id as "appId", started_by->>'id' as "startedBy", concat(status, last_updated) as mark`;
  return db.query<RunMark>(
    `select ${columns} from runs where finished is null
     union (select ${columns} from runs order by started desc, id desc limit 20)`,
  );
}
