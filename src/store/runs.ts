import type { Actor } from '../domain/log-event.ts';
import type { AppScope } from '../domain/rights.ts';
import type { AppId, RunId } from '../lib/ids.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { insertRunProblems, type NewRunProblem } from './run-problems.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

export const runStatuses = ['RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'REFUSED', 'CANCELLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A piece of bulk work and how far it is. What went wrong, item by item, is in run-problems.ts. */
export interface Run {
  readonly id: RunId;
  readonly kind: string;
  readonly appId: AppId | null;
  readonly startedBy: Actor;
  readonly status: RunStatus;
  /** What is to be done, as its kind understands it. */
  readonly request: JsonObject;
  /** Where the next chunk begins; null at the beginning. */
  readonly cursor: Json;
  /** What it is at just now, where there are several parts to it. */
  readonly phase: string | null;
  /** How much there is to do; null while that is not known. */
  readonly total: number | null;
  readonly done: number;
  readonly failed: number;
  /** Was as it should be already, or cannot be done and need not be. */
  readonly skipped: number;
  /** What the kind counts besides. */
  readonly counts: { readonly [name: string]: number };
  readonly pace: readonly PaceMark[];
  readonly started: Date;
  readonly lastUpdated: Date;
  readonly finished: Date | null;
}

/** So many items were behind it at a moment (epoch milliseconds). */
export interface PaceMark {
  readonly at: number;
  readonly items: number;
}

export type NewRun = Pick<Run, 'id' | 'kind' | 'appId' | 'startedBy'> & Partial<Pick<Run, 'request' | 'total'>>;

export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.query(
    `insert into runs (id, kind, app_id, started_by, status, request, total)
     values ($1, $2, $3, $4::jsonb, 'RUNNING', $5::jsonb, $6)`,
    [
      ...[run.id, run.kind, run.appId, JSON.stringify(run.startedBy)],
      ...[JSON.stringify(run.request ?? {}), run.total ?? null],
    ],
  );
}

export type RunChanges = Partial<
  Pick<Run, 'status' | 'total' | 'counts' | 'cursor' | 'phase' | 'done' | 'failed' | 'skipped' | 'pace'>
> & { readonly problems?: readonly NewRunProblem[] };

/** Writes what is given and leaves the rest, adding problems to those there are; an end stamps the time. */
export async function updateRun(tx: Tx, runId: RunId, changes: RunChanges): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.query(
    `update runs set
       status = coalesce($2, status),
       total = coalesce($3::integer, total),
       counts = coalesce($4::jsonb, counts),
       cursor = coalesce($5::jsonb, cursor),
       phase = coalesce($6, phase),
       done = coalesce($7::integer, done),
       failed = coalesce($8::integer, failed),
       skipped = coalesce($9::integer, skipped),
       pace = coalesce($10::jsonb, pace),
       last_updated = now(),
       finished = case when $2 not in ('RUNNING', 'PAUSED') then now() else finished end
     where id = $1`,
    [
      ...[runId, changes.status ?? null, changes.total ?? null, json(changes.counts), json(changes.cursor)],
      ...[changes.phase ?? null, changes.done ?? null, changes.failed ?? null, changes.skipped ?? null],
      json(changes.pace),
    ],
  );
  await insertRunProblems(tx, runId, changes.problems ?? []);
}

export async function findRun(db: Queryable, runId: RunId): Promise<Run | undefined> {
  const row = await queryOne<RunRow>(db, `select ${columns} from runs where id = $1`, [runId]);
  return row && toRun(row);
}

/** The same, kept from going on, pausing or ending until the transaction ends. */
export async function lockRun(tx: Tx, runId: RunId): Promise<Run | undefined> {
  const row = await queryOne<RunRow>(tx, `select ${columns} from runs where id = $1 for no key update`, [runId]);
  return row && toRun(row);
}

export interface RunFilter {
  readonly kind?: string;
  readonly status?: RunStatus;
  readonly appId?: AppId;
  /** Runs about these apps, and the caller's own. */
  readonly within?: { readonly apps: AppScope; readonly actorId: string };
  /** The last run of the page before. */
  readonly before?: Pick<Run, 'id' | 'started'>;
  readonly limit: number;
}

/** The newest first. */
export async function listRuns(db: Queryable, filter: RunFilter): Promise<Run[]> {
  const rows = await db.query<RunRow>(
    `select ${columns} from runs
     where ($1::text is null or kind = $1) and ($2::text is null or status = $2) and ($3::text is null or app_id = $3)
       and ($4::timestamptz is null or (started, id) < ($4, $5))
       and ($8::text is null or started_by->>'id' = $8
         or exists (select 1 from apps a where a.id = runs.app_id and ${appInScope('a', 7)}))
     order by started desc, id desc limit $6`,
    [
      ...[filter.kind ?? null, filter.status ?? null, filter.appId ?? null],
      ...[filter.before?.started ?? null, filter.before?.id ?? null, filter.limit],
      ...[appTargetsOf(filter.within?.apps), limitedTo(filter)],
    ],
  );
  return rows.map(toRun);
}

/** Ends runs of a kind about one thing that a process has died over: what it begins again is a run of its own. */
export async function endLostRuns(tx: Tx, kind: string, about: JsonObject): Promise<void> {
  await tx.query(
    `with lost as (
       update runs set status = 'FAILED', finished = now(), last_updated = now()
       where kind = $1 and status = 'RUNNING' and request @> $2::jsonb returning id)
     insert into run_problems (run_id, reason)
     select id, 'The process that did it ended, and it was begun anew.' from lost`,
    [kind, JSON.stringify(about)],
  );
}

/** Runs that are to go on: those a process has died over among them. */
export async function listRunningRuns(db: Queryable, kinds: readonly string[]): Promise<RunId[]> {
  const rows = await db.query<{ id: RunId }>(
    `select id from runs where status = 'RUNNING' and kind = any($1::text[]) order by started`,
    [kinds],
  );
  return rows.map((row) => row.id);
}

function limitedTo({ within }: RunFilter): string | null {
  return within === undefined || within.apps === 'all' ? null : within.actorId;
}

const columns = `id, kind, app_id, started_by, status, request, cursor, phase, total, done, failed, skipped, counts, pace,
  started, last_updated, finished`;

interface RunRow extends Omit<Run, 'appId' | 'startedBy' | 'lastUpdated'> {
  readonly app_id: AppId | null;
  readonly started_by: Actor;
  readonly last_updated: Date;
}

function toRun(row: RunRow): Run {
  const { app_id, started_by, last_updated, ...same } = row;
  return { ...same, appId: app_id, startedBy: started_by, lastUpdated: last_updated };
}
