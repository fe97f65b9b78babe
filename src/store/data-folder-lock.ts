import { closeSync, openSync, readFileSync, rmSync, writeSync, linkSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../lib/errors.ts';

interface Holder {
  readonly pid: number;
  /** Start time of the process in kernel ticks where the system tells it, so that a reused pid is not mistaken. */
  readonly startTicks: string | undefined;
  readonly since: string;
}

/**
 * Takes the exclusive right to a data folder and returns how to give it back. A lock left by a process that no
 * longer runs is taken over; a live holder is never robbed, however long it has been silent.
 *
 * @throws {UsherError} `data_folder_locked` naming the process that holds it.
 */
export async function lockDataFolder(folder: string, now: Date): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lockFile = join(folder, 'usher.lock');
  const mine = `${lockFile}.${process.pid}`;
  const holder: Holder = { pid: process.pid, startTicks: await startTicks(process.pid), since: now.toISOString() };
  writeWhole(mine, JSON.stringify(holder));
  try {
    await acquire(mine, lockFile, folder);
  } finally {
    rmSync(mine, { force: true });
  }
  return () => {
    if (readHolder(lockFile)?.pid === process.pid) rmSync(lockFile, { force: true });
  };
}

/** Linking a finished file makes taking a lock one atomic step: nobody ever reads half a holder. */
async function acquire(mine: string, lockFile: string, folder: string): Promise<void> {
  while (!linked(mine, lockFile)) {
    const holder = await livingHolder(lockFile);
    if (holder !== undefined) {
      throw new UsherError(
        'data_folder_locked',
        `The data folder ${folder} is in use by process ${holder.pid} since ${holder.since}. Stop that Usher first, or give this one another folder with --data.`,
      );
    }
    await removeAbandoned(mine, lockFile);
  }
}

/**
 * Two starters may find the same abandoned lock; whoever removed it second would remove the first one's new lock.
 * So removing has a lock of its own, under which the holder is looked at again.
 */
async function removeAbandoned(mine: string, lockFile: string): Promise<void> {
  const removal = `${lockFile}.removal`;
  if (!linked(mine, removal)) {
    if ((await livingHolder(removal)) === undefined) rmSync(removal, { force: true });
    else await sleep(20);
    return;
  }
  try {
    if ((await livingHolder(lockFile)) === undefined) rmSync(lockFile, { force: true });
  } finally {
    rmSync(removal, { force: true });
  }
}

function linked(mine: string, lockFile: string): boolean {
  try {
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function livingHolder(lockFile: string): Promise<Holder | undefined> {
  const holder = readHolder(lockFile);
  return holder !== undefined && (await isAlive(holder)) ? holder : undefined;
}

function writeWhole(path: string, text: string): void {
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, text);
  closeSync(file);
}

function readHolder(lockFile: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(lockFile, 'utf8'));
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number';
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return holder.startTicks === undefined || holder.startTicks === (await startTicks(holder.pid));
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no /proc. A zombie has ended and counts as gone. */
async function startTicks(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
