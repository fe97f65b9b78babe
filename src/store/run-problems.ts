import type { RunId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Queryable, Tx } from './database.ts';

/** Something a run could not do. */
export interface NewRunProblem {
  /** The id, login or line it is about; left out where it is the run as a whole. */
  readonly item?: string;
  /** One of our error codes, where there is one. */
  readonly code?: string;
  readonly reason: string;
  readonly detail?: JsonObject;
}

export interface RunProblem {
  readonly seq: number;
  readonly item: string | null;
  readonly code: string | null;
  readonly reason: string;
  readonly detail: JsonObject | null;
}

/** At most 5,000 at once. */
export async function insertRunProblems(tx: Tx, runId: RunId, problems: readonly NewRunProblem[]): Promise<void> {
  if (problems.length === 0) return;
  await tx.query(
    `insert into run_problems (run_id, item, code, reason, detail)
     select $1, p.item, p.code, p.reason, p.detail
     from jsonb_to_recordset($2::jsonb) as p(item text, code text, reason text, detail jsonb)`,
    [runId, JSON.stringify(problems)],
  );
}

/** In the order they came up; `after` is the `seq` of the last one of the page before. */
export async function listRunProblems(
  db: Queryable,
  runId: RunId,
  page: { readonly after?: number; readonly limit: number },
): Promise<RunProblem[]> {
  return db.query<RunProblem>(
    `select seq, item, code, reason, detail from run_problems where run_id = $1 and seq > $2 order by seq limit $3`,
    [runId, page.after ?? 0, page.limit],
  );
}
