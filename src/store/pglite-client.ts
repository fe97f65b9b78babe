import type { MessagePort, Worker } from 'node:worker_threads';
import { UsherError } from '../lib/errors.ts';
import type { Queryable } from './database.ts';
import type { PgliteMessage, PgliteRequest, RawResult } from './pglite-messages.ts';

/** The embedded database as its callers see it, wherever it computes. The shape is PGlite's own, as pg-boss wants it. */
export interface Pglite {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<{ rows: Row[] }>;
  /** Several statements without parameters; the rows of each. */
  exec(script: string): Promise<{ rows: unknown[] }[]>;
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What speaks to the thread, and the way to say that the thread is gone: everything asked of it then fails. */
export interface PgliteLink {
  readonly pglite: Pglite;
  fail(error: UsherError): void;
}

type Request = PgliteRequest extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never;
interface Waiting {
  resolve(results: readonly RawResult[]): void;
  reject(error: unknown): void;
}

/** Speaks to a `servePglite` at the other end of `port`. */
export function connectPglite(port: MessagePort | Worker): PgliteLink {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, (payload: string) => void>();
  let lastId = 0;
  let broken: UsherError | undefined;

  const ask = (request: Request): Promise<readonly RawResult[]> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      port.postMessage({ ...request, id: lastId });
    });
  port.on('message', (message: PgliteMessage) => {
    if ('channel' in message) return listeners.get(message.channel)?.(message.payload);
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ('results' in message) asker?.resolve(message.results);
    else asker?.reject(Object.assign(new Error(message.error.message), message.error));
  });

  const query = async <Row>(sql: string, parameters: readonly unknown[], tx: { readonly tx?: number }) => {
    const [result] = await ask({ kind: 'query', sql, parameters, ...tx });
    return result === undefined ? [] : objects<Row>(result);
  };
  const pglite: Pglite = {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) => ({
      rows: await query<Row>(sql, parameters, {}),
    }),
    exec: async (script) =>
      (await ask({ kind: 'execute', script })).map((result) => ({ rows: objects<unknown>(result) })),
    transaction: async (work) => {
      lastId += 1;
      const tx = lastId;
      await ask({ kind: 'begin', tx });
      let result;
      try {
        result = await work({ query: (sql, parameters = []) => query(sql, parameters, { tx }) });
      } catch (error) {
        await ask({ kind: 'rollback', tx });
        throw error;
      }
      await ask({ kind: 'commit', tx });
      return result;
    },
    listen: async (channel, callback) => {
      listeners.set(channel, callback);
      await ask({ kind: 'listen', channel });
      return async () => {
        await ask({ kind: 'unlisten', channel });
        listeners.delete(channel);
      };
    },
    close: async () => {
      await ask({ kind: 'close' });
    },
  };
  const fail = (error: UsherError) => {
    broken ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  return { pglite, fail };
}

function objects<Row>({ fields, rows }: RawResult): Row[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    fields.forEach(({ name, json }, index) => {
      const value = values[index];
      row[name] = json && typeof value === 'string' ? JSON.parse(value) : value;
    });
    return row as Row;
  });
}
