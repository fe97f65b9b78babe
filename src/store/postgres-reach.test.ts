import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { serverUrl } from '../../test/database.ts';
import { UsherError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { openPostgres } from './open-postgres.ts';
import { createReach, isReachError, type ReachChange } from './postgres-reach.ts';
import { openQueue } from './queue.ts';

describe('the back-off of connections', () => {
  const refused = () => Promise.reject(new Error('refused'));
  const accepted = () => Promise.resolve();

  function reachAt(time: { ms: number }) {
    const changes: string[] = [];
    const reach = createReach({
      onChange: (change) => changes.push(change.state === 'back' ? `back after ${change.afterMs}` : 'lost'),
      random: () => 0,
      nowMs: () => time.ms,
    });
    return { reach, changes };
  }

  test('pauses double up to ten seconds, and each change is told once', async () => {
    const time = { ms: 0 };
    const { reach, changes } = reachAt(time);
    const tried: number[] = [];
    for (; time.ms < 60_000; time.ms += 100) {
      const attempt = () => {
        tried.push(time.ms);
        return refused();
      };
      await expect(reach.connect(attempt)).rejects.toMatchObject({ code: 'database_unavailable' });
    }
    expect(tried).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 25_500, 35_500, 45_500, 55_500]);
    time.ms = 65_500;
    await reach.connect(accepted);
    await reach.connect(accepted);
    expect(changes).toEqual(['lost', 'back after 65500']);
  });

  test('one tries while the others fail at once', async () => {
    const time = { ms: 0 };
    const { reach } = reachAt(time);
    await expect(reach.connect(refused)).rejects.toMatchObject({ cause: { message: 'refused' } });
    time.ms = 500;
    let answer = () => {};
    const trying = reach.connect(() => new Promise<void>((resolve) => (answer = resolve)));
    await expect(reach.connect(accepted)).rejects.toThrow('cannot be reached at the moment');
    answer();
    await trying;
    await reach.connect(accepted);
  });

  test('a server without a free place is not away', async () => {
    const { reach, changes } = reachAt({ ms: 0 });
    const full = Object.assign(new Error('sorry, too many clients already'), { code: '53300' });
    await expect(reach.connect(() => Promise.reject(full))).rejects.toBe(full);
    await reach.connect(accepted);
    expect(changes).toEqual([]);
  });

  test('what says that the server is away is told from other failures', () => {
    expect(isReachError(new UsherError('database_unavailable', 'away'))).toBe(true);
    expect(isReachError(Object.assign(new Error('terminating connection'), { code: '57P01' }))).toBe(true);
    expect(isReachError(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isReachError(Object.assign(new Error('division by zero'), { code: '22012' }))).toBe(false);
    expect(isReachError(new UsherError('internal', 'a bug'))).toBe(false);
  });
});

describe.skipIf(serverUrl === undefined)('a PostgreSQL server that goes away', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  test('is tried a few times, by one at a time, and everything goes on when it is back', async () => {
    const door = await openDoor(new URL(serverUrl ?? ''));
    ends.push(() => door.close());
    const changes: ReachChange[] = [];
    const db = await openPostgres(door.url, { onReach: (change) => changes.push(change) });
    ends.push(() => db.close());
    const schema = `boss_${newId('app').slice(-12).toLowerCase()}`;
    const onError = () => undefined;
    const queue = await openQueue(db, { schema, exclusive: true, onError, url: door.url });
    ends.push(async () => {
      await queue.close(2_000);
      await db.execute(`drop schema if exists "${schema}" cascade`);
    });
    const seen: string[] = [];
    await queue.workApps(16, async (appId) => void seen.push(appId));

    door.shut();
    const states = () => changes.map(({ state }) => state);
    const ask = () => db.query('select 1').then(states, states);
    await expect.poll(ask, { timeout: 20_000 }).toEqual(['lost']);
    const before = door.refused();
    await sleep(4_000);
    // Three of the pools' at half to whole pauses of 1, 2 and 4 seconds, and the listener's own.
    expect(door.refused() - before).toBeLessThan(12);
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' });

    door.reopen();
    const appId = newId('app');
    await expect
      .poll(
        () =>
          queue.signalAppsNow([appId]).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    await expect.poll(() => seen, { timeout: 20_000 }).toContain(appId);
    expect(states()).toEqual(['lost', 'back']);
  }, 90_000);
});

interface Door {
  readonly url: string;
  /** Breaks every connection, and each new one as soon as it comes. */
  shut(): void;
  reopen(): void;
  /** How many came to a shut door. */
  refused(): number;
  close(): Promise<void>;
}

/** A way to the server that a test can shut. */
async function openDoor(target: URL): Promise<Door> {
  const sockets = new Set<Socket>();
  let isShut = false;
  let refused = 0;
  const server: Server = createServer((socket) => {
    if (isShut) {
      refused += 1;
      socket.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        sockets.delete(end);
        (end === socket ? upstream : socket).destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    shut: () => {
      isShut = true;
      for (const socket of sockets) socket.destroy();
    },
    reopen: () => (isShut = false),
    refused: () => refused,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
