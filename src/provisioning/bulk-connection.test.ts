import { expect, test } from 'vitest';
import { createMemoryApp } from '../../test/apps/memory-connection.ts';
import type { BulkOperation, BulkOutcome, Connection } from '../connectors/contract.ts';
import { UsherError } from '../lib/errors.ts';
import { withBulk } from './bulk-connection.ts';

const never = new AbortController().signal;
const person = (n: number) => ({ userName: `p${n}`, active: true, profile: {}, correlationId: `00u${n}` });

function bulkApp(run?: (operations: readonly BulkOperation[]) => Promise<readonly BulkOutcome[]>) {
  const plain = createMemoryApp().connection();
  const requests: number[] = [];
  const each = async (operation: BulkOperation): Promise<BulkOutcome> => {
    if (operation.kind !== 'create') return { ok: false, error: new Error('not used') };
    try {
      return { ok: true, result: await plain.create(operation.desired, never) };
    } catch (error) {
      return { ok: false, error };
    }
  };
  const connection: Connection = {
    ...plain,
    bulk: {
      operationsMax: 10,
      run: (operations) => {
        requests.push(operations.length);
        return run?.(operations) ?? Promise.all(operations.map(each));
      },
    },
  };
  return { connection: withBulk(connection), requests };
}

test('writes that come together go out together, at most as many as the app takes', async () => {
  const { connection, requests } = bulkApp();
  const results = await Promise.all(Array.from({ length: 25 }, (_, n) => connection.create(person(n), never)));
  expect(requests).toEqual([10, 10, 5]);
  expect(results.map((result) => result.account.userName)).toEqual(Array.from({ length: 25 }, (_, n) => `p${n}`));
});

test('one refused write fails its own caller only', async () => {
  const { connection } = bulkApp();
  const results = await Promise.allSettled(
    [person(1), person(1), person(2)].map((one) => connection.create(one, never)),
  );
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'app_account_exists' } });
});

test('a lost bulk request fails them all, a missing outcome is unknown', async () => {
  const lost = bulkApp(() => Promise.reject(new UsherError('app_timeout', 'late', { outcomeUnknown: true })));
  const all = await Promise.allSettled([person(1), person(2)].map((one) => lost.connection.create(one, never)));
  expect(all.every((result) => result.status === 'rejected')).toBe(true);
  const short = bulkApp(() => Promise.resolve([]));
  await expect(short.connection.create(person(1), never)).rejects.toMatchObject({ outcomeUnknown: true });
});

test('an app without bulk is used as it is', () => {
  const connection = createMemoryApp().connection();
  expect(withBulk(connection)).toBe(connection);
});
