import { asTx, type Db, type Tx } from '../../store/database.ts';
import type { Queue } from '../../store/queue.ts';
import { UsherError } from '../../lib/errors.ts';
import type { AppContext } from '../context.ts';

/**
 * The same context for services called inside a transaction that is open already: what they do in a transaction of
 * their own they do in this one.
 */
export function insideOf(context: AppContext, tx: Tx): AppContext {
  return { ...context, db: dbOf(context.db.kind, tx) };
}

/**
 * Lets services make changes and reads what they have come to, then undoes all of it. Nothing becomes work, nobody is
 * woken, and `read` sees the world as it would be.
 *
 * @throws what the changes throw: they could not be made outright either.
 */
export async function rehearse<Result>(
  context: AppContext,
  change: (inside: AppContext) => Promise<unknown>,
  read: (inside: AppContext) => Promise<Result>,
): Promise<Result> {
  return context.db.transaction(async (tx) => {
    const inside = { ...insideOf(context, asTx(tx, [])), queue: deafQueue, rehearsal: true };
    await tx.query('savepoint rehearsal');
    await change(inside);
    const result = await read(inside);
    await tx.query('rollback to savepoint rehearsal');
    return result;
  });
}

function dbOf(kind: Db['kind'], tx: Tx): Db {
  return {
    kind,
    query: (sql, parameters) => tx.query(sql, parameters),
    transaction: (work) => work(tx),
    execute: () => Promise.reject(new UsherError('internal', 'No script is run inside a transaction.')),
    close: () => Promise.resolve(),
  };
}

const deafQueue: Queue = {
  signalApps: () => Promise.resolve(),
  signalAppsNow: () => Promise.resolve(),
  sendJob: () => Promise.resolve(),
  workApps: () => Promise.resolve(),
  workJobs: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
