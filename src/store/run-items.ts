import type { RunId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import type { DirectoryList } from './filter/directory-list.ts';
import { bindText, type SqlValues } from './filter/sql-values.ts';
import { listedPeople } from './user-list.ts';

/** One thing a run is about, by its place in the run. */
export interface RunItem {
  readonly seq: number;
  readonly subject: string;
}

/** Adds things to do behind those there are, in the order given. Returns how many there are now. */
export async function appendRunItems(tx: Tx, runId: RunId, subjects: readonly string[]): Promise<number> {
  await tx.query(
    `insert into run_items (run_id, seq, subject)
     select $1, coalesce((select max(seq) from run_items where run_id = $1), 0) + ordinality, subject
     from unnest($2::text[]) with ordinality as given(subject, ordinality)`,
    [runId, subjects],
  );
  return countRunItems(tx, runId);
}

/**
 * Adds everybody a list of people would bring, however many pages that is, by one statement. Returns how many.
 *
 * @throws {UsherError} `invalid_input` for what people cannot be asked for.
 */
export async function appendListedPeople(
  tx: Tx,
  runId: RunId,
  list: Omit<DirectoryList, 'sort' | 'after' | 'limit'>,
): Promise<number> {
  const into: SqlValues = { values: [] };
  const run = bindText(into, runId);
  await tx.query(
    `insert into run_items (run_id, seq, subject)
     select ${run}, row_number() over (order by u.id), u.id from users u
     where ${['true', ...listedPeople(list, into)].join(' and ')}`,
    into.values,
  );
  return countRunItems(tx, runId);
}

/** The next ones after a place, in order. */
export async function listRunItems(
  db: Queryable,
  runId: RunId,
  afterSeq: number,
  limit: number,
): Promise<readonly RunItem[]> {
  return db.query<RunItem>('select seq, subject from run_items where run_id = $1 and seq > $2 order by seq limit $3', [
    runId,
    afterSeq,
    limit,
  ]);
}

export async function deleteRunItems(tx: Tx, runId: RunId): Promise<void> {
  await tx.query('delete from run_items where run_id = $1', [runId]);
}

async function countRunItems(tx: Tx, runId: RunId): Promise<number> {
  const row = await queryOne<{ count: number }>(tx, 'select count(*)::int as count from run_items where run_id = $1', [
    runId,
  ]);
  return row?.count ?? 0;
}
