import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type AppId, type UserId } from '../src/lib/ids.ts';
import { assignGroup } from '../src/services/app-group-assignments.ts';
import { changeLifecycle } from '../src/services/user-lifecycle.ts';
import { countSyncStates } from '../src/store/assignments.ts';
import { startWorker } from '../src/worker/worker.ts';
import { startFaultyApp, type FaultyApp } from '../test/apps/faulty-app.ts';
import { openEmbedded, openServer, type BenchDatabase } from './databases.ts';
import { median, quantile } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings } from './report.ts';
import { token } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

const usualCreates = 50_000;
const leavers = 150;
const latencyMs = 20;
const barMs = 2_000;

interface Scenario {
  readonly database: BenchDatabase['kind'];
  readonly creates: number;
  /** Milliseconds from the call that deactivates a person until the app has taken the account's deactivation. */
  readonly latencies: readonly number[];
  /** Creates still waiting when the last leaver was out: the queue was never empty. */
  readonly waiting: number;
}

/**
 * How long a leaver's account lives on while the same app has tens of thousands of accounts to be made. The app runs in
 * this process, so that one clock measures both ends.
 */
export async function leaver(options: BenchOptions): Promise<Findings> {
  const { databaseUrl } = options;
  const scenarios: Scenario[] = [];
  const databases: string[] = [];
  for (const open of [...(databaseUrl === undefined ? [] : [() => openServer(databaseUrl)]), openEmbedded]) {
    const database = await open();
    databases.push(`${database.kind} ${database.version}`);
    try {
      scenarios.push(await runScenario(database, options));
    } finally {
      await database.close();
    }
  }
  return {
    tables: [scenarios.map(row)],
    judged: scenarios.map(({ database, creates, latencies }) => ({
      what: `a leaver's account, ms for 99 of 100, behind ${creates} creates: ${database}`,
      value: quantile(latencies, 0.99),
      bar: { atMost: barMs },
    })),
    databases,
    raw: scenarios,
  };
}

async function runScenario(database: BenchDatabase, options: BenchOptions): Promise<Scenario> {
  const creates = options.people ?? usualCreates;
  const world = await openWorld(database);
  options.progress(`${database.kind}, ${creates} creates: filling the database`);
  const everybody = await insertPeople(database.db, creates + leavers);
  const app = await startFaultyApp({ behaviour: { token, ids: 'userName' }, journal: false });
  const appId = await addScimApp(world, app.url, token);
  const worker = await startWorker(database.queue, world.tools);
  try {
    const ids = await giveLeaversAccounts(world, appId);
    app.behave({ latencyMs });
    options.progress(`${database.kind}: ${leavers} people leave while ${creates} accounts are made`);
    await assignGroup(world, appId, everybody);
    await sleep(1_000);
    const latencies: number[] = [];
    for (const id of ids) latencies.push(await leave(world, app, id));
    const { waiting } = await countSyncStates(database.db, appId);
    if (waiting < creates / 50)
      throw new Error('The creates were nearly done before the leavers were: take more people.');
    return { database: database.kind, creates, latencies, waiting };
  } finally {
    await worker.close();
    await app.close();
  }
}

/** The first people have the app before everybody gets it, by a group of their own. */
async function giveLeaversAccounts(world: World, appId: AppId): Promise<UserId[]> {
  const groupId = newId('group');
  const ids = Array.from({ length: leavers }, (_, index) => userIdOf(index + 1));
  await world.db.query(
    `insert into groups (id, type, name, profile) values ($1, 'OKTA_GROUP', 'Leavers', '{"name": "Leavers"}')`,
    [groupId],
  );
  await world.db.query(
    `insert into group_members (group_id, user_id, source) select $1, unnest($2::text[]), 'direct'`,
    [groupId, ids],
  );
  await assignGroup(world, appId, groupId);
  for (let waited = 0; (await countSyncStates(world.db, appId)).synchronized < leavers; waited += 1) {
    if (waited > 300) throw new Error('The leavers did not get their accounts.');
    await sleep(100);
  }
  return ids;
}

async function leave(world: World, app: FaultyApp, userId: UserId): Promise<number> {
  const login = `person${Number(userId.slice(3))}@acme.example`;
  const path = `${new URL(app.url).pathname}/Users/${encodeURIComponent(login)}`;
  let arrived: (ms: number) => void = () => undefined;
  const arrival = new Promise<number>((resolve) => (arrived = resolve));
  const onRequest = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url === path && request.method !== 'GET') arrived(performance.now() + latencyMs);
  };
  subscribe('http.server.request.start', onRequest);
  const started = performance.now();
  await changeLifecycle(world, userId, 'deactivate');
  const ended = await Promise.race([arrival, sleep(30_000, undefined, { ref: false })]);
  unsubscribe('http.server.request.start', onRequest);
  if (ended === undefined) throw new Error(`The app never heard that ${login} has left.`);
  return ended - started;
}

function userIdOf(n: number): UserId {
  return `00u${String(n).padStart(17, '0')}` as UserId;
}

function row({ database, creates, latencies, waiting }: Scenario): Findings['tables'][number][number] {
  return {
    database,
    creates,
    leavers: latencies.length,
    'p50 ms': Math.round(median(latencies)),
    'p99 ms': Math.round(quantile(latencies, 0.99)),
    'most ms': Math.round(Math.max(...latencies)),
    'still waiting': waiting,
  };
}
