import type { MessagePort, Worker } from 'node:worker_threads';
import type { UsherError } from '../lib/errors.ts';
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
  const { ask, onNotification, fail } = createAsker(port);
  let lastTx = 0;
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
      const tx = ++lastTx;
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
      onNotification.set(channel, callback);
      await ask({ kind: 'listen', channel });
      return async () => {
        await ask({ kind: 'unlisten', channel });
        onNotification.delete(channel);
      };
    },
    close: async () => {
      await ask({ kind: 'close' });
    },
  };
  return { pglite, fail };
}

interface Asker {
  ask(request: Request): Promise<readonly RawResult[]>;
  readonly onNotification: Map<string, (payload: string) => void>;
  fail(error: UsherError): void;
}

/** Requests and their answers, by id. */
function createAsker(port: MessagePort | Worker): Asker {
  const waiting = new Map<number, Waiting>();
  const onNotification = new Map<string, (payload: string) => void>();
  let lastId = 0;
  let broken: UsherError | undefined;
  port.on('message', (message: PgliteMessage) => {
    if ('channel' in message) return onNotification.get(message.channel)?.(message.payload);
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ('results' in message) asker?.resolve(message.results);
    else asker?.reject(Object.assign(new Error(message.error.message), message.error));
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        port.postMessage({ ...request, id });
      }),
    onNotification,
    fail: (error) => {
      broken ??= error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
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
