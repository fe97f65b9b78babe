import type { MessagePort } from 'node:worker_threads';
import { types, type PGlite, type QueryOptions, type Results, type Transaction } from '@electric-sql/pglite';
import type { PgliteMessage, PgliteRequest, RawResult } from './pglite-messages.ts';

/**
 * JSON goes in as bytes: as text PGlite measures it twice, letter by letter, which for a batch of outcomes takes as
 * long as storing it. The binary form of jsonb is a version, 1, and the text. It comes out as text, which is cheaper
 * to hand to another thread than what it means.
 */
const options = {
  rowMode: 'array',
  serializers: {
    [types.JSON]: (value: unknown) => Buffer.from(asJson(value)),
    [types.JSONB]: (value: unknown) => Buffer.from(`\u0001${asJson(value)}`),
  },
  parsers: { [types.JSON]: (text: string) => text, [types.JSONB]: (text: string) => text },
  // PGlite's types know of serializers that give texts only, its code takes both.
} as unknown as QueryOptions;

interface OpenTransaction {
  readonly inner: Transaction;
  readonly end: (how: 'commit' | 'rollback') => void;
  readonly ended: Promise<void>;
}

/** Answers what comes in on `port` from `pglite`. Statements wait for each other there, and for an open transaction. */
export function servePglite(port: MessagePort, pglite: PGlite): void {
  const transactions = new Map<number, OpenTransaction>();
  const subscriptions = new Map<string, () => Promise<void>>();
  const send = (message: PgliteMessage) => port.postMessage(message);

  const answer = async (request: PgliteRequest): Promise<readonly RawResult[]> => {
    switch (request.kind) {
      case 'query': {
        const on = request.tx === undefined ? pglite : transactions.get(request.tx)?.inner;
        if (on === undefined) throw new Error('The transaction has ended.');
        return [rawResult(await on.query<unknown[]>(request.sql, [...request.parameters], options))];
      }
      case 'execute':
        return (await pglite.exec(request.script, options)).map((result) => rawResult(result as Results<unknown[]>));
      case 'begin':
        transactions.set(request.tx, await begin(pglite));
        return [];
      case 'commit':
      case 'rollback': {
        const open = transactions.get(request.tx);
        transactions.delete(request.tx);
        open?.end(request.kind);
        await open?.ended;
        return [];
      }
      case 'listen': {
        const { channel } = request;
        subscriptions.set(channel, await pglite.listen(channel, (payload) => send({ channel, payload })));
        return [];
      }
      case 'unlisten':
        await subscriptions.get(request.channel)?.();
        return [];
      case 'close':
        await pglite.close();
        return [];
    }
  };

  port.on('message', (request: PgliteRequest) => {
    answer(request).then(
      (results) => send({ id: request.id, results }),
      (error: unknown) => send({ id: request.id, error: plainError(error) }),
    );
  });
}

const rolledBack = Symbol('rolled back');

/** Resolves once the transaction is open. `ended` rejects where PostgreSQL would not commit. */
function begin(pglite: PGlite): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const ended = pglite
      .transaction(async (inner) => {
        const how = await new Promise((end: OpenTransaction['end']) => resolve({ inner, end, ended }));
        // PGlite rolls back when the callback throws, and throws the same.
        if (how === 'rollback') throw rolledBack;
      })
      .catch((error: unknown) => {
        if (error === rolledBack) return;
        reject(error);
        throw error;
      });
    // Whoever ends the transaction sees the error; one that ends by itself was never opened.
    ended.catch(() => undefined);
  });
}

function rawResult({ fields, rows }: Results<unknown[]>): RawResult {
  return {
    fields: fields.map(({ name, dataTypeID }) => ({
      name,
      json: dataTypeID === types.JSON || dataTypeID === types.JSONB,
    })),
    rows,
  };
}

function plainError(error: unknown): { message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const known = Object.entries(error).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return { ...Object.fromEntries(known), message: error.message };
}

function asJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
