/** Anything that answers a query: reads take this. Parameters are `$1…`; JSON goes in as text with a `::jsonb` cast. */
export interface Queryable {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

declare const inTransaction: unique symbol;

/** An open transaction: writes take this, so that a write outside one does not compile. Only services open one. */
export interface Tx extends Queryable {
  readonly [inTransaction]: true;
  /** Runs `effect` once the transaction has committed; not at all if it rolls back. */
  afterCommit(effect: () => void): void;
}

/**
 * The database. A single statement given to `query` is its own transaction.
 * Inside a `transaction` callback use only its `tx`: on the embedded database anything else waits for it forever.
 */
export interface Db extends Queryable {
  readonly kind: 'pglite' | 'postgres';
  /** Commits when `work` resolves. Deadlocks and serialization failures are tried again, up to three times. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Runs a script of several statements without parameters. */
  execute(script: string): Promise<void>;
  close(): Promise<void>;
}

/** The first row, or undefined. */
export async function queryOne<Row>(
  db: Queryable,
  sql: string,
  parameters?: readonly unknown[],
): Promise<Row | undefined> {
  const rows = await db.query<Row>(sql, parameters);
  return rows[0];
}

/**
 * The rows as one JSON value: for many rows of many columns a quarter of the work, on the embedded database above
 * all. `Row` may hold only what JSON has: no dates, no bytes.
 */
export async function queryAsJson<Row>(db: Queryable, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const [result] = await db.query<{ rows: Row[] }>(
    `with answer as (${sql}) select coalesce(json_agg(answer), '[]') as rows from answer`,
    parameters,
  );
  return result?.rows ?? [];
}

/** The SQLSTATE of a database error, from either driver. */
export function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

export const uniqueViolation = '23505';

/** Wraps what a driver gives inside its transaction; `effects` collects what is to run after the commit. */
export function asTx(queryable: Queryable, effects: (() => void)[]): Tx {
  const tx: Omit<Tx, typeof inTransaction> = {
    query: (sql, parameters) => queryable.query(sql, parameters),
    afterCommit: (effect) => void effects.push(effect),
  };
  return tx as Tx;
}
