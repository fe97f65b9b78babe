import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { newId } from '../lib/ids.ts';

describeOnDatabases('queue', (database) => {
  test('a hundred signals are one job, and one that comes meanwhile is one more', async () => {
    const db = await database.open();
    const queue = await database.openQueue(db);
    const appId = newId('app');
    const seen: number[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    for (let index = 0; index < 100; index += 1) await db.transaction((tx) => queue.signalApps(tx, [appId]));
    await queue.workApps(4, async () => {
      seen.push(seen.length + 1);
      if (seen.length === 1) await gate;
    });
    await expect.poll(() => seen.length).toBe(1);
    for (let index = 0; index < 20; index += 1) await db.transaction((tx) => queue.signalApps(tx, [appId]));
    await sleep(300);
    expect(seen).toHaveLength(1);
    release();
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(2);
    await sleep(1_500);
    expect(seen).toHaveLength(2);
  });

  test('a signal of a transaction that rolls back never comes', async () => {
    const db = await database.open();
    const queue = await database.openQueue(db);
    const seen: string[] = [];
    await queue.workApps(1, async (appId) => void seen.push(appId));
    await expect(
      db.transaction(async (tx) => {
        await queue.signalApps(tx, [newId('app')]);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    await sleep(1_500);
    expect(seen).toEqual([]);
  });
});
