import type { HttpClient } from '../src/lib/http-client.ts';
import { isJsonObject, type Json } from '../src/lib/json.ts';
import type { AppId, GroupId, UserId } from '../src/lib/ids.ts';
import { createGroupPush } from '../src/services/app-group-push.ts';
import { addMembers, removeMember } from '../src/services/groups.ts';
import { createLane, type AppLane } from '../src/worker/app-lane.ts';
import { drainApp } from '../src/worker/drain-app.ts';
import { openEmbedded, openServer, type BenchDatabase } from './databases.ts';
import { measure, type Usage } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings, Judged } from './report.ts';
import { startTarget, token } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

/** Requests about groups, and members sent in them. The accounts of those who come and go are not this benchmark's. */
interface Wire {
  requests: number;
  added: number;
  removed: number;
}

interface Step extends Usage {
  readonly what: string;
  readonly requests: number;
  readonly added: number;
  readonly removed: number;
}

interface Scenario {
  readonly database: BenchDatabase['kind'];
  readonly people: number;
  readonly steps: readonly Step[];
}

const usualPeople = 100_000;
/** The generic SCIM entry declares no limit, so the connector's own holds: members of one request. */
const membersPerRequest = 100;

/** Pushes a large group whose people have their accounts already, then what one newcomer and one leaver cost. */
export async function push(options: BenchOptions): Promise<Findings> {
  const scenarios: Scenario[] = [];
  const databases: string[] = [];
  const { databaseUrl } = options;
  for (const open of [...(databaseUrl === undefined ? [] : [() => openServer(databaseUrl)]), openEmbedded]) {
    const database = await open();
    databases.push(`${database.kind} ${database.version}`);
    try {
      const people = options.people ?? usualPeople;
      options.progress(`${database.kind}, a group of ${people}`);
      scenarios.push({ database: database.kind, people, steps: await runScenario(database, people, options) });
    } finally {
      await database.close();
    }
  }
  return { tables: [scenarios.flatMap(rows)], judged: scenarios.flatMap(judge), databases, raw: scenarios };
}

async function runScenario(database: BenchDatabase, people: number, options: BenchOptions): Promise<Step[]> {
  const wire: Wire = { requests: 0, added: 0, removed: 0 };
  const world = await openWorld(database, (client) => watching(client, wire));
  const target = await startTarget(0);
  try {
    const groupId = await insertPeople(database.db, people);
    const appId = await addScimApp(world, target.url, token);
    await insertAccounts(world, appId, people);
    const lane = createLane(appId);
    const step = async (what: string, change: () => Promise<unknown>) => {
      const found = await runStep({ world, lane, wire, what }, change);
      options.progress(`  ${what}: ${found.requests} requests, ${found.seconds.toFixed(2)} s`);
      return found;
    };
    const first = await step('the whole group', () =>
      createGroupPush(world, appId, { sourceGroupId: groupId, targetGroupName: 'Everybody there' }),
    );
    const one = await step('one joins, one leaves', () => swapOne(world, groupId));
    const none = await step('nothing changes', () => Promise.resolve());
    await assertMembers(world, appId, people);
    await lane.connection?.close();
    return [first, one, none];
  } finally {
    await target.close();
  }
}

/** Everybody in the group but the last has an account; so has somebody who is not in it. */
async function insertAccounts({ db }: World, appId: AppId, people: number): Promise<void> {
  await db.query(
    `insert into app_users (app_id, user_id, assigned, direct, external_id, user_name, recorded, recorded_active,
       sync_state, status)
     select $1, id, true, true, 'account-' || id, id, '{}', true, 'SYNCHRONIZED', 'PROVISIONED' from users
     where id like '00u%' and login_key like 'person%'`,
    [appId],
  );
  await db.query('delete from group_members where user_id = $1', [personId(people)]);
  await db.execute('analyze app_users, group_members');
}

function personId(place: number): UserId {
  return `00u${String(place).padStart(17, '0')}` as UserId;
}

async function swapOne(world: World, groupId: GroupId): Promise<void> {
  const [row] = await world.db.query<{ id: UserId }>(
    `select u.id from users u where u.login_key like 'person%'
       and not exists (select 1 from group_members m where m.group_id = $1 and m.user_id = u.id)`,
    [groupId],
  );
  if (row === undefined) throw new Error('Nobody is left to join.');
  await addMembers(world, groupId, [row.id]);
  await removeMember(world, groupId, personId(1));
}

interface StepTools {
  readonly world: World;
  readonly lane: AppLane;
  readonly wire: Wire;
  readonly what: string;
}

async function runStep({ world, lane, wire, what }: StepTools, change: () => Promise<unknown>): Promise<Step> {
  Object.assign(wire, { requests: 0, added: 0, removed: 0 });
  const usage = await measure(async () => {
    await change();
    await drain(world, lane);
  });
  return { ...usage, ...wire, what };
}

/** As the worker does it: slice after slice until nothing is due for a while. */
async function drain(world: World, lane: AppLane): Promise<void> {
  const never = new AbortController().signal;
  for (;;) {
    const { nextMs } = await drainApp(lane, world.tools, { stop: never, cancel: never });
    if (nextMs === undefined || nextMs > 1_000) return;
  }
}

async function assertMembers({ db }: World, appId: AppId, people: number): Promise<void> {
  const [row] = await db.query<{ members_in_app: number; last_error: string | null }>(
    'select members_in_app, last_error from app_group_push where app_id = $1',
    [appId],
  );
  if (row?.members_in_app === people - 1) return;
  throw new Error(`The app has ${row?.members_in_app} members, not ${people - 1}: ${row?.last_error}`);
}

/** Counts requests and members as they pass. */
function watching(client: HttpClient, wire: Wire): HttpClient {
  return {
    request: (request) => {
      if (request.url.includes('/Groups')) wire.requests += 1;
      if (request.method === 'PATCH' && request.body?.includes('members') === true) countMembers(request.body, wire);
      return client.request(request);
    },
    close: () => client.close(),
  };
}

function countMembers(body: string, wire: Wire): void {
  const patch = JSON.parse(body) as Json;
  const operations = isJsonObject(patch) ? patch['Operations'] : undefined;
  for (const operation of Array.isArray(operations) ? operations : []) {
    if (!isJsonObject(operation)) continue;
    if (operation['op'] === 'remove') wire.removed += 1;
    else if (Array.isArray(operation['value'])) wire.added += operation['value'].length;
  }
}

function rows({ database, people, steps }: Scenario): Findings['tables'][number][number][] {
  return steps.map((step) => ({
    database,
    people,
    step: step.what,
    requests: step.requests,
    'members put in': step.added,
    'taken out': step.removed,
    seconds: step.seconds.toFixed(2),
    'peak MB': Math.round(step.peakRss / 2 ** 20),
  }));
}

function judge({ database, people, steps }: Scenario): Judged[] {
  const [first, one, none] = steps;
  const chunks = Math.ceil((people - 1) / membersPerRequest);
  return [
    {
      what: `requests besides one per ${membersPerRequest} members: ${database}`,
      value: (first?.requests ?? 0) - chunks,
      bar: { atMost: 10 },
    },
    {
      what: `members on the wire when one joins and one leaves: ${database}`,
      value: (one?.added ?? 0) + (one?.removed ?? 0),
      bar: { atMost: 2 },
    },
    { what: `requests when nothing changes: ${database}`, value: none?.requests ?? 0, bar: { atMost: 0 } },
  ];
}
