import type { BulkOperation, BulkOutcome, Connection, WriteResult } from '../connectors/contract.ts';
import { UsherError } from '../lib/errors.ts';

/** Writes that are asked for within so long of each other go out together. */
const gatherMs = 2;

/** A bulk request carries other callers' writes too, so no single one may break it off. */
const unbroken = new AbortController().signal;

interface Waiting {
  readonly operation: BulkOperation;
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The same connection, with creates and updates that come close together sent as one bulk request where the app
 * offers that. Each caller still gets the outcome of its own write.
 */
export function withBulk(connection: Connection): Connection {
  const { bulk } = connection;
  if (bulk === undefined) return connection;
  let gathered: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = gathered;
    gathered = [];
    void settle(batch);
  };

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await bulk.run(
        batch.map((waiting) => waiting.operation),
        unbroken,
      );
      batch.forEach((waiting, index) => deliver(waiting, outcomes[index]));
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  };

  const gather = (operation: BulkOperation): Promise<WriteResult> =>
    new Promise((resolve, reject) => {
      gathered.push({ operation, resolve, reject });
      if (gathered.length >= bulk.operationsMax) send();
      else timer ??= setTimeout(send, gatherMs);
    });

  return {
    ...connection,
    create: (desired) => gather({ kind: 'create', desired }),
    ...(connection.update === undefined
      ? {}
      : { update: (externalId, change) => gather({ kind: 'update', externalId, change }) }),
  };
}

function deliver(waiting: Waiting, outcome: BulkOutcome | undefined): void {
  if (outcome?.ok === true) return waiting.resolve(outcome.result);
  waiting.reject(
    outcome?.error ??
      new UsherError('app_bad_answer', 'The app left one of the writes of a bulk request unanswered.', {
        outcomeUnknown: true,
      }),
  );
}
