import { setTimeout as sleep } from 'node:timers/promises';
import { scim } from '../../src/connectors/scim/index.ts';
import type { AttributeDefinitions } from '../../src/domain/profile-schema.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { parseEgressRules } from '../../src/lib/egress.ts';
import type { HttpClient } from '../../src/lib/http-client.ts';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import { createHttpClient } from '../../src/lib/undici-http-client.ts';
import { endPushLeases } from '../../src/store/app-group-push-queue.ts';
import { endAllLeases } from '../../src/store/app-user-queue.ts';
import type { Db } from '../../src/store/database.ts';
import { deleteMemberships, insertMemberships } from '../../src/store/groups.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { openPostgres } from '../../src/store/open-postgres.ts';
import { refreshPeople } from '../../src/store/assignments.ts';
import { createLane } from '../../src/worker/app-lane.ts';
import { drainApp } from '../../src/worker/drain-app.ts';
import { insertPeople } from '../fixtures.ts';

/** Where a worker can die. Each is reached once for every row, or for every batch of rows. */
export const killPoints = [
  'claimed',
  'people loaded',
  'before sending',
  'sent, no answer',
  'answered',
  'before recording',
  'while recording',
  'recorded',
] as const;
export type KillPoint = (typeof killPoints)[number];

/** What the process is told, as JSON in its first argument. */
export interface CrashOrder {
  readonly database: { readonly folder: string } | { readonly url: string; readonly schema: string };
  readonly appId: string;
  readonly appUrl: string;
  readonly attributes: AttributeDefinitions;
  /** Done first, and never killed in: new people in the group, or a change of everybody. */
  readonly prepare:
    | { readonly kind: 'hire'; readonly userIds: readonly string[]; readonly from: number }
    | { readonly kind: 'change'; readonly set: string }
    | {
        readonly kind: 'swap';
        readonly groupId: string;
        readonly join: readonly string[];
        readonly leave: readonly string[];
      }
    | { readonly kind: 'nothing' };
  /** Undefined: run to rest. */
  readonly kill: { readonly point: KillPoint; readonly at: number } | undefined;
}

function kill(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/** Counts the visits to each point and dies at the one ordered. */
function createFuse(order: CrashOrder): (point: KillPoint) => Promise<void> {
  let visits = 0;
  return async (point) => {
    if (order.kill?.point !== point) return;
    visits += 1;
    if (visits === order.kill.at) await kill();
  };
}

function withFuseOnDatabase(db: Db, burn: (point: KillPoint) => Promise<void>): Db {
  return {
    ...db,
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
      const recording = sql.includes('insert into operations');
      if (recording) await burn('before recording');
      const answer = db.query<Row>(sql, parameters);
      if (recording) await burn('while recording');
      const rows = await answer;
      if (recording) await burn('recorded');
      if (sql.includes('for update skip locked') && rows.length > 0) await burn('claimed');
      if (sql.includes('as group_ids')) await burn('people loaded');
      return rows;
    },
  };
}

function withFuseOnHttp(http: HttpClient, burn: (point: KillPoint) => Promise<void>): HttpClient {
  return {
    request: async (request) => {
      if (request.method === 'GET') return http.request(request);
      await burn('before sending');
      const answer = http.request(request);
      // The target answers after 20 ms and has done the work by then.
      await sleep(8);
      await burn('sent, no answer');
      const response = await answer;
      await burn('answered');
      return response;
    },
    close: () => http.close(),
  };
}

async function openOrdered(order: CrashOrder): Promise<Db> {
  if ('folder' in order.database) return openDatabase(undefined, order.database.folder, systemClock.now());
  return openPostgres(order.database.url, { searchPath: order.database.schema });
}

async function prepare(db: Db, order: CrashOrder['prepare']): Promise<void> {
  if (order.kind === 'nothing') return;
  if (order.kind === 'swap') return swap(db, order);
  if (order.kind === 'hire') {
    await insertPeople(db, order.userIds.length, order.from, order.userIds as UserId[]);
    await db.query(
      `insert into group_members (group_id, user_id, source) select g.id, unnest($1::text[]), 'direct' from groups g`,
      [order.userIds],
    );
  } else {
    await db.query(`update users set ${order.set}`);
  }
  await db.transaction(async (tx) => {
    const people = await tx.query<{ id: UserId }>('select id from users');
    await refreshPeople(
      tx,
      people.map((person) => person.id),
    );
  });
}

async function swap(db: Db, order: Extract<CrashOrder['prepare'], { kind: 'swap' }>): Promise<void> {
  const memberships = (ids: readonly string[]) =>
    ids.map((id) => ({ groupId: order.groupId as GroupId, userId: id as UserId, source: 'direct' }));
  await db.transaction(async (tx) => {
    await insertMemberships(tx, memberships(order.join));
    await deleteMemberships(tx, memberships(order.leave));
  });
}

async function main(order: CrashOrder): Promise<void> {
  const burn = createFuse(order);
  const db = await openOrdered(order);
  // Every earlier worker of this test is dead, so its leases may end now instead of in a minute.
  await endAllLeases(db);
  await endPushLeases(db);
  await prepare(db, order.prepare);
  const http = createHttpClient({ egress: parseEgressRules(['127.0.0.1/32']), timeoutMs: 10_000, connections: 4 });
  const connection = () =>
    scim.open({
      settings: { baseUrl: order.appUrl, auth: { scheme: 'bearer', token: 'secret' } },
      attributes: order.attributes,
      quirks: {},
      learned: {},
      learn: () => undefined,
      http: withFuseOnHttp(http, burn),
      pageSize: 100,
    });
  const never = new AbortController().signal;
  await drainApp(
    createLane(order.appId as AppId),
    {
      db: withFuseOnDatabase(db, burn),
      clock: systemClock,
      random: Math.random,
      openConnection: () => Promise.resolve(connection()),
      onError: (error) => {
        throw error;
      },
    },
    { stop: never, cancel: never },
  );
  await http.close();
  await db.close();
}

await main(JSON.parse(process.argv[2] ?? '{}') as CrashOrder);
