import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataFolder } from './data-folder-lock.ts';

let folder: string;
let other: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-lock-'));
});
afterEach(async () => {
  other?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function processThatLives(): Promise<number> {
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  return other.pid ?? 0;
}

test('a second holder is refused by name, and welcome after the first has left', async () => {
  const pid = await processThatLives();
  await writeFile(join(folder, 'usher.lock'), JSON.stringify({ pid, since: 'yesterday' }));
  await expect(lockDataFolder(folder, new Date())).rejects.toMatchObject({
    code: 'data_folder_locked',
    message: expect.stringContaining(`process ${pid}`),
  });
  other?.kill('SIGKILL');
  if (other !== undefined) await once(other, 'exit');
  const unlock = await lockDataFolder(folder, new Date());
  unlock();
  const again = await lockDataFolder(folder, new Date());
  again();
});

test('a pid that now belongs to another process does not hold the lock', async () => {
  const pid = await processThatLives();
  await writeFile(join(folder, 'usher.lock'), JSON.stringify({ pid, startTicks: '1', since: 'long ago' }));
  const unlock = await lockDataFolder(folder, new Date());
  unlock();
});

test('a lock file cut short by a crash is taken over', async () => {
  await writeFile(join(folder, 'usher.lock'), '{"pid":');
  const unlock = await lockDataFolder(folder, new Date());
  unlock();
});

test('of many who find an abandoned lock, one gets it', async () => {
  await writeFile(join(folder, 'usher.lock'), JSON.stringify({ pid: 999_999_999, since: 'long ago' }));
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataFolder(folder, new Date())));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});
