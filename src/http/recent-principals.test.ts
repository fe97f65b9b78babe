import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import { systemActor } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import type { TokenId, UserId } from '../lib/ids.ts';
import type { Principal } from './authenticate.ts';
import { createRecentPrincipals } from './recent-principals.ts';

describe('recent principals', () => {
  const token = { kind: 'token', hash: Buffer.from('a'), unattended: false } as const;
  const open = (expires: Date | null = null) => {
    let nowMs = 1_000_000;
    const lookUps: (() => void)[] = [];
    let refuse = false;
    const find = async (): Promise<Principal> => {
      const id = lookUps.length;
      await new Promise<void>((resolve) => lookUps.push(resolve));
      if (refuse) throw new UsherError('unauthenticated', 'Invalid token provided');
      return {
        tokenId: `T${id}` as TokenId,
        session: null,
        userId: 'U' as UserId,
        rights: [],
        expires,
        actor: systemActor,
      };
    };
    const recent = createRecentPrincipals(find, { now: () => new Date(nowMs), monotonicMs: () => nowMs });
    const recall = async () => {
      const principal = recent.recall(token);
      await Promise.resolve();
      lookUps.at(-1)?.();
      return (await principal).tokenId;
    };
    return { recent, recall, lookUps, pass: (ms: number) => (nowMs += ms), refuse: () => (refuse = true) };
  };

  test('one look-up serves half a second, and everybody who asks at once', async () => {
    const { recent, recall, lookUps, pass } = open();
    const first = [recent.recall(token), recent.recall(token)];
    lookUps[0]?.();
    expect((await Promise.all(first)).map(({ tokenId }) => tokenId)).toEqual(['T0', 'T0']);
    pass(499);
    expect(await recall()).toBe('T0');
    pass(1);
    expect(await recall()).toBe('T1');
  });

  test('after a change everybody is looked up again, also who was being looked up when it came', async () => {
    const { recent, recall, lookUps } = open();
    const before = recent.recall(token);
    recent.forget();
    lookUps[0]?.();
    expect((await before).tokenId).toBe('T0');
    expect(await recall()).toBe('T1');
  });

  test('a token that has expired meanwhile is looked up again, and no refusal is remembered', async () => {
    const expiring = open(new Date(1_000_100));
    expect(await expiring.recall()).toBe('T0');
    expiring.pass(100);
    expect(await expiring.recall()).toBe('T1');
    const refused = open();
    refused.refuse();
    await expect(refused.recall()).rejects.toThrow('Invalid token');
    await expect(refused.recall()).rejects.toThrow('Invalid token');
    expect(refused.lookUps).toHaveLength(2);
  });
});

describeOnDatabases('a token that is revoked', (database) => {
  let on: HttpTest;
  beforeAll(async () => void (on = await openHttpTest(database)));
  const statusOf = async (token: string, method: 'GET' | 'POST' = 'GET') =>
    (await on.call(method, '/api/v1/groups', method === 'POST' ? {} : undefined, { token })).statusCode;

  test('through this server is refused from the next request on', async () => {
    const made = await on.call('POST', '/usher/v1/api-tokens', { name: 'CI', expires: '2998-01-01T00:00:00Z' });
    const { value, id } = made.json<{ value: string; id: string }>();
    expect(await statusOf(value)).toBe(200);
    expect((await on.call('DELETE', `/api/v1/api-tokens/${id}`)).statusCode).toBe(204);
    expect(await statusOf(value)).toBe(401);
  });

  test('by another process changes nothing from then on, and reads nothing after a second', async () => {
    const token = await on.addToken('SUPER_ADMIN');
    expect(await statusOf(token)).toBe(200);
    await on.db.query('delete from api_tokens where user_id <> $1', [on.ownerId]);
    expect(await statusOf(token, 'POST')).toBe(401);
    await sleep(1_000);
    expect(await statusOf(token)).toBe(401);
  });
});
