import { setTimeout as sleep } from 'node:timers/promises';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { measurePace, pace } from '../../console/src/api/pace.ts';

test('what takes long is looked up more rarely, and at the usual pace again once it is quick', async () => {
  const queries = new QueryClient();
  measurePace(queries.getQueryCache());
  const queryKey = ['count'];
  const look = async (ms: number) => {
    await queries.fetchQuery({ queryKey, queryFn: () => sleep(ms, 'counted') });
    const query = queries.getQueryCache().find({ queryKey });
    return query === undefined ? Number.NaN : pace(query, 1_000);
  };
  expect(await look(5)).toBe(1_000);
  const slow = await look(300);
  expect(slow).toBeGreaterThanOrEqual(2_900);
  queries.setQueryData(queryKey, 'put there by hand');
  expect(pace(queries.getQueryCache().find({ queryKey }) ?? {}, 1_000)).toBe(slow);
  expect(await look(5)).toBe(1_000);
  expect(pace({}, 1_000)).toBe(1_000);

  // A server that was away for a while is not a slow one.
  let isAway = true;
  const answer = () => {
    if (!isAway) return 'there';
    isAway = false;
    throw new Error('away');
  };
  await queries.fetchQuery({ queryKey, queryFn: answer, retry: 1, retryDelay: 300 });
  expect(pace(queries.getQueryCache().find({ queryKey }) ?? {}, 1_000)).toBe(1_000);
  queries.clear();
});
