import type { Actor } from '../domain/log-event.ts';
import type { AppId, RunId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'REFUSED';

/** A piece of bulk work and how far it is. `problems` says what went wrong, item by item. */
export interface Run {
  readonly id: RunId;
  readonly kind: string;
  readonly appId: AppId | null;
  readonly startedBy: Actor;
  readonly status: RunStatus;
  /** How much there is to do; null while that is not known. */
  readonly total: number | null;
  readonly counts: { readonly [name: string]: number };
  readonly problems: readonly Json[];
  readonly started: Date;
  readonly finished: Date | null;
}

export async function insertRun(tx: Tx, run: Pick<Run, 'id' | 'kind' | 'appId' | 'startedBy'>): Promise<void> {
  await tx.query(`insert into runs (id, kind, app_id, started_by, status) values ($1, $2, $3, $4::jsonb, 'RUNNING')`, [
    run.id,
    run.kind,
    run.appId,
    JSON.stringify(run.startedBy),
  ]);
}

/** Writes what is given and leaves the rest; any status but RUNNING ends the run. */
export async function updateRun(
  tx: Tx,
  runId: RunId,
  changes: Partial<Pick<Run, 'status' | 'total' | 'counts' | 'problems'>>,
): Promise<void> {
  await tx.query(
    `update runs set
       status = coalesce($2, status),
       total = coalesce($3::integer, total),
       counts = coalesce($4::jsonb, counts),
       problems = coalesce($5::jsonb, problems),
       finished = case when $2 <> 'RUNNING' then now() else finished end
     where id = $1`,
    [
      runId,
      changes.status ?? null,
      changes.total ?? null,
      changes.counts === undefined ? null : JSON.stringify(changes.counts),
      changes.problems === undefined ? null : JSON.stringify(changes.problems),
    ],
  );
}

export async function findRun(db: Queryable, runId: RunId): Promise<Run | undefined> {
  const row = await queryOne<RunRow>(db, `select ${columns} from runs where id = $1`, [runId]);
  return row && toRun(row);
}

/** The newest first. `before` is the last run of the page before. */
export async function listRuns(
  db: Queryable,
  filter: { readonly kind?: string; readonly before?: Pick<Run, 'id' | 'started'>; readonly limit: number },
): Promise<Run[]> {
  const rows = await db.query<RunRow>(
    `select ${columns} from runs
     where ($1::text is null or kind = $1) and ($2::timestamptz is null or (started, id) < ($2, $3))
     order by started desc, id desc limit $4`,
    [filter.kind ?? null, filter.before?.started ?? null, filter.before?.id ?? null, filter.limit],
  );
  return rows.map(toRun);
}

const columns = 'id, kind, app_id, started_by, status, total, counts, problems, started, finished';

interface RunRow {
  readonly id: RunId;
  readonly kind: string;
  readonly app_id: AppId | null;
  readonly started_by: Actor;
  readonly status: RunStatus;
  readonly total: number | null;
  readonly counts: { readonly [name: string]: number };
  readonly problems: readonly Json[];
  readonly started: Date;
  readonly finished: Date | null;
}

function toRun(row: RunRow): Run {
  const { app_id, started_by, ...same } = row;
  return { ...same, appId: app_id, startedBy: started_by };
}
