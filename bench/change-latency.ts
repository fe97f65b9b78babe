import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mappings } from '../src/domain/mapping.ts';
import type { AppId } from '../src/lib/ids.ts';
import { updateUser } from '../src/services/users.ts';
import { countSyncStates } from '../src/store/assignments.ts';
import type { Db } from '../src/store/database.ts';
import { startWorker, type Worker } from '../src/worker/worker.ts';
import { startFaultyApp, type FaultyApp } from '../test/apps/faulty-app.ts';
import type { BenchDatabase } from './databases.ts';
import { median, quantile } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings } from './report.ts';
import { token } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

const sizes = { few: 10_000, many: 1_000_000 };
/** One for each person where there are fewer. */
const changesIn = (people: number) => Math.min(200, people);
const bars = { ratio: { atMost: 1.2 }, p99: { atMost: 1_000 } };

/** One directory with one app that everybody has, in sync, and a worker that is running. */
interface Company {
  readonly people: number;
  readonly database: BenchDatabase;
  readonly world: World;
  readonly worker: Worker;
  readonly app: FaultyApp;
  readonly appId: AppId;
  /** Milliseconds from the call that changes a person to the app's request about that person. */
  readonly latencies: number[];
}

/**
 * How long it takes until a changed attribute of one person is on its way to the app, in a small and in a large
 * company, a change in each in turns (line 5). The apps run in this process, so that one clock measures both ends.
 */
export async function changeLatency(open: () => Promise<BenchDatabase>, options: BenchOptions): Promise<Findings> {
  const companies: Company[] = [];
  try {
    const many = options.people ?? sizes.many;
    for (const size of [Math.min(sizes.few, many), many]) {
      options.progress(`change one of ${size}: filling the database`);
      companies.push(await found(await open(), size));
    }
    const changes = changesIn(many);
    options.progress(`change one person, ${changes} times each`);
    for (let index = 0; index < changes; index += 1) {
      for (const company of companies) {
        company.latencies.push(await changeOne(company, index));
        // Changes come when they come: at any moment of the worker's rest or of what it does after a change.
        await sleep((index * 37) % 200);
      }
    }
    for (const company of companies) await assertAllDone(company);
  } finally {
    for (const { worker, app, database } of companies) {
      await worker.close();
      await app.close();
      await database.close();
    }
  }
  const [few = Number.NaN, many = Number.NaN] = companies.map((company) => median(company.latencies));
  return {
    tables: [companies.map(row)],
    judged: [
      {
        what: 'change one attribute: median in the large company against the small one',
        value: many / few,
        bar: bars.ratio,
      },
      ...companies.map(({ people, latencies }) => ({
        what: `change one attribute, ms for 99 of 100, ${people} people`,
        value: quantile(latencies, 0.99),
        bar: bars.p99,
      })),
    ],
    databases: companies.map(({ database }) => `${database.kind} ${database.version}`),
    raw: companies.map(({ people, latencies }) => ({ people, latencies })),
  };
}

async function found(database: BenchDatabase, people: number): Promise<Company> {
  const world = await openWorld(database);
  const groupId = await insertPeople(database.db, people);
  const app = await startFaultyApp({ behaviour: { token, ids: 'userName' } });
  const appId = await addScimApp(world, app.url, token);
  await world.db.query('insert into app_groups (app_id, group_id, priority) values ($1, $2, 0)', [appId, groupId]);
  await insertSynchronized(world.db, appId, people);
  app.seed(
    Array.from({ length: changesIn(people) }, (_, index) => ({ userName: loginOf(people, index), active: true })),
  );
  await world.db.execute('vacuum analyze');
  const worker = await startWorker(database.queue, world.tools);
  return { people, database, world, worker, app, appId, latencies: [] };
}

/** Rows as the engine leaves them after creating everybody's account; an account's id is its user name. */
async function insertSynchronized(db: Db, appId: AppId, people: number): Promise<void> {
  const [mapping] = await db.query<{ properties: Mappings }>(
    `select properties from mappings where app_id = $1 and direction = 'TO_APP'`,
    [appId],
  );
  const recorded = Object.entries(mapping?.properties ?? {}).map(([attribute, { expression }]) => {
    const [, source] = /^user[.](\w+)$/.exec(String(expression)) ?? [];
    if (source === undefined) throw new Error(`This benchmark cannot foresee what ${expression} gives.`);
    return `'${attribute}', u.profile->'${source}'`;
  });
  const chunk = 20_000;
  for (let from = 1; from <= people; from += chunk) {
    await db.query(
      `insert into app_users (app_id, user_id, assigned, direct, status, user_name, external_id, recorded,
         recorded_active, last_sync, sync_state, version, lease_epoch, logged_assigned)
       select $1, u.id, true, false, 'PROVISIONED', u.login_key, u.login_key, jsonb_build_object(${recorded.join(', ')}),
         true, now(), 'SYNCHRONIZED', 1, 1, true
       from generate_series($2::int, $3::int) as n join users u on u.id = '00u' || lpad(n::text, 17, '0')`,
      [appId, from, Math.min(from + chunk - 1, people)],
    );
  }
}

async function changeOne({ people, world, app }: Company, index: number): Promise<number> {
  const login = loginOf(people, index);
  const path = `${new URL(app.url).pathname}/Users/${encodeURIComponent(login)}`;
  const { port } = new URL(app.url);
  let arrived: (ms: number) => void = () => undefined;
  const arrival = new Promise<number>((resolve) => (arrived = resolve));
  const onRequest = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.url === path && String(request.socket.localPort) === port) arrived(performance.now());
  };
  subscribe('http.server.request.start', onRequest);
  const started = performance.now();
  await updateUser(world, login, { profile: { title: `Title ${index}` } });
  const ended = await Promise.race([arrival, sleep(30_000, undefined, { ref: false })]);
  unsubscribe('http.server.request.start', onRequest);
  if (ended === undefined) throw new Error(`The app never heard of the change to ${login}.`);
  return ended - started;
}

/** Every change arrived, with one request, and the app has it. */
async function assertAllDone({ world, app, appId, people }: Company): Promise<void> {
  for (let waited = 0; ; waited += 1) {
    const { synchronized } = await countSyncStates(world.db, appId);
    if (synchronized === people) break;
    if (waited > 100) throw new Error(`${people - synchronized} rows are not in sync.`);
    await sleep(100);
  }
  const titles = app.users().filter(({ title }) => typeof title === 'string' && title.startsWith('Title '));
  const patches = app.journal.filter(({ method }) => method === 'PATCH');
  const writes = app.journal.filter(({ method }) => method !== 'GET');
  const changes = changesIn(people);
  if (titles.length !== changes) throw new Error(`${titles.length} titles changed in the app, not ${changes}.`);
  if (writes.length !== changes || patches.length !== changes) {
    throw new Error(`${changes} changes took ${writes.length} writes.`);
  }
}

/** The people who are changed are spread over the whole company. */
function loginOf(people: number, index: number): string {
  return `person${1 + index * Math.floor(people / changesIn(people))}@acme.example`;
}

function row({ database, people, latencies }: Company): Findings['tables'][number][number] {
  return {
    database: database.kind,
    'app users': people,
    changes: latencies.length,
    'p50 ms': quantile(latencies, 0.5).toFixed(1),
    'p90 ms': quantile(latencies, 0.9).toFixed(1),
    'p99 ms': quantile(latencies, 0.99).toFixed(1),
    'most ms': Math.max(...latencies).toFixed(1),
  };
}
