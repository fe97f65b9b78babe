import type { ProbeReport } from '../connectors/contract.ts';
import type { Actor } from '../domain/log-event.ts';
import type { ProbeId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';

/** A probe without its report, as lists show it. */
export interface ProbeSummary {
  readonly id: ProbeId;
  readonly url: string;
  /** Whether it was allowed to make a throw-away account. */
  readonly wrote: boolean;
  readonly startedBy: Actor;
  readonly started: Date;
  /** Null while it runs, and for good when it was killed. */
  readonly finished: Date | null;
  readonly score: number | null;
  readonly verdict: string | null;
}

export interface StoredProbe extends ProbeSummary {
  readonly report: ProbeReport | null;
}

/** Reports kept; older ones go. One is about 200 kB. */
const probesMax = 200;

export async function insertProbe(
  tx: Tx,
  probe: Pick<ProbeSummary, 'id' | 'url' | 'wrote' | 'startedBy'>,
): Promise<void> {
  await tx.query(
    `delete from probes where id in (select id from probes order by started desc, id desc offset ${probesMax - 1})`,
  );
  await tx.query(`insert into probes (id, url, wrote, started_by) values ($1, $2, $3, $4::jsonb)`, [
    ...[probe.id, probe.url, probe.wrote, JSON.stringify(probe.startedBy)],
  ]);
}

export async function finishProbe(tx: Tx, id: ProbeId, report: ProbeReport): Promise<void> {
  await tx.query(`update probes set report = $2::jsonb, finished = now() where id = $1`, [id, JSON.stringify(report)]);
}

export async function findProbe(db: Queryable, id: ProbeId): Promise<StoredProbe | undefined> {
  const row = await queryOne<ProbeRow & { readonly report: ProbeReport | null }>(
    db,
    `select ${columns}, report from probes where id = $1`,
    [id],
  );
  return row && { ...toSummary(row), report: row.report };
}

/** The newest first. `before` is the last of the page before. */
export async function listProbes(
  db: Queryable,
  { before, limit }: { readonly before?: Pick<ProbeSummary, 'id' | 'started'>; readonly limit: number },
): Promise<ProbeSummary[]> {
  const rows = await db.query<ProbeRow>(
    `select ${columns} from probes where $1::timestamptz is null or (started, id) < ($1, $2)
     order by started desc, id desc limit $3`,
    [before?.started ?? null, before?.id ?? null, limit],
  );
  return rows.map(toSummary);
}

const columns = `id, url, wrote, started_by, started, finished, (report->>'score')::int as score,
  report->>'verdict' as verdict`;

interface ProbeRow {
  readonly id: ProbeId;
  readonly url: string;
  readonly wrote: boolean;
  readonly started_by: Actor;
  readonly started: Date;
  readonly finished: Date | null;
  readonly score: number | null;
  readonly verdict: string | null;
}

function toSummary({ id, url, wrote, started_by, started, finished, score, verdict }: ProbeRow): ProbeSummary {
  return { id, url, wrote, startedBy: started_by, started, finished, score, verdict };
}
