import type { HttpClient } from '../src/lib/http-client.ts';
import type { AppId, GroupId } from '../src/lib/ids.ts';
import { assignGroup } from '../src/services/app-group-assignments.ts';
import { countSyncStates } from '../src/store/assignments.ts';
import { createLane } from '../src/worker/app-lane.ts';
import { drainApp } from '../src/worker/drain-app.ts';
import { openEmbedded, openServer, type BenchDatabase } from './databases.ts';
import { loadTemplates, postAndRecord, type RecordTemplate } from './record-loop.ts';
import { measure, median, type Usage } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings, Judged } from './report.ts';
import { postAll, startTarget, token } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

interface Round {
  /** The bare loop just before and just after the engine: the machine's speed is not the same for minutes on end. */
  readonly bare: readonly [Usage, Usage];
  readonly engine: Usage;
  readonly requests: number;
  /** The bare loop that keeps the engine's record; only against an app that answers at once. */
  readonly recorded: Usage | undefined;
}

interface Scenario {
  readonly database: BenchDatabase['kind'];
  readonly latencyMs: number;
  readonly people: number;
  readonly rounds: readonly Round[];
}

const inFlight = 32;
/** Enough people that the engine's slow start, four requests in flight, is a small part. */
const usualPeople = { 0: 20_000, 20: 10_000 } as const;
const bars = {
  latency: 0.95,
  postgres: 0.7,
  pglite: 0.55,
  requests: 1.05,
  ofRecorded: { postgres: 0.5, pglite: 0.45 },
};

/** Creates accounts in a SCIM app, and the same POSTs by a bare loop, in turns (DESIGN section 9, lines 1 to 3). */
export async function provision(options: BenchOptions): Promise<Findings> {
  const scenarios: Scenario[] = [];
  const databases: string[] = [];
  const openers = options.databaseUrl === undefined ? [] : [openServer.bind(undefined, options.databaseUrl)];
  // The server first: memory the embedded database takes would count for it, too.
  for (const open of [...openers, openEmbedded]) {
    const database = await open();
    databases.push(`${database.kind} ${database.version}`);
    try {
      for (const latencyMs of [0, 20] as const) {
        const people = options.people ?? usualPeople[latencyMs];
        options.progress(`${database.kind}, ${latencyMs} ms, ${people} people`);
        scenarios.push({
          database: database.kind,
          latencyMs,
          people,
          rounds: await runScenario(database, latencyMs, people, options),
        });
      }
    } finally {
      await database.close();
    }
  }
  return { tables: [scenarios.map(row)], judged: scenarios.flatMap(judge), databases, raw: scenarios };
}

async function runScenario(
  database: BenchDatabase,
  latencyMs: number,
  people: number,
  options: BenchOptions,
): Promise<Round[]> {
  const bodies: string[] = [];
  let recording = true;
  const world = await openWorld(database, (client) => recorder(client, (body) => recording && bodies.push(body)));
  await database.db.execute('truncate users, groups, app_users, app_accounts, operations, log_events cascade');
  const groupId = await insertPeople(database.db, people);
  const first = await runEngine(world, groupId, latencyMs, people);
  recording = false;
  await runBare(bodies, latencyMs, people);
  const templates = await loadTemplates(world.db, first.appId);
  const work = bodies.map((body) => ({ body, template: templateOf(body, templates) }));
  const runRecorded = () => runRecordLoop(world, groupId, work);
  if (latencyMs === 0) await runRecorded();
  const rounds: Round[] = [];
  let before = await runBare(bodies, latencyMs, people);
  for (let index = 0; index < options.rounds; index += 1) {
    const { usage: engine, requests } = await runEngine(world, groupId, latencyMs, people);
    const recorded = latencyMs === 0 ? await runRecorded() : undefined;
    const after = await runBare(bodies, latencyMs, people);
    const round: Round = { bare: [before, after], engine, requests, recorded };
    rounds.push(round);
    before = after;
    const bare = round.bare.map((usage) => rate(people, usage)).join(' and ');
    const also = recorded === undefined ? '' : `, recorded ${rate(people, recorded)}/s`;
    options.progress(
      `  round ${index + 1}: bare ${bare}/s${also}, engine ${rate(people, engine)}/s, ratio ${ratio(round).toFixed(2)}`,
    );
  }
  return rounds;
}

/** Keeps the bodies the engine itself sends, so that the bare loop sends the very same. */
function recorder(client: HttpClient, keep: (body: string) => void): HttpClient {
  return {
    request: (request) => {
      if (request.method === 'POST' && request.body !== undefined) keep(request.body);
      return client.request(request);
    },
    close: () => client.close(),
  };
}

async function runBare(bodies: readonly string[], latencyMs: number, people: number): Promise<Usage> {
  const target = await startTarget(latencyMs);
  const before = await target.counts();
  const usage = await measure(() => postAll(target.url, bodies, inFlight));
  const after = await target.counts();
  await target.close();
  assertEqual('accounts the bare loop made', after.users - before.users, people);
  return usage;
}

async function runEngine(
  world: World,
  groupId: GroupId,
  latencyMs: number,
  people: number,
): Promise<{ appId: AppId; usage: Usage; requests: number }> {
  const target = await startTarget(latencyMs);
  const appId = await addScimApp(world, target.url, token);
  await assignGroup(world, appId, groupId);
  const before = await target.counts();
  const usage = await measure(() => drain(world, appId));
  const after = await target.counts();
  await target.close();
  const { synchronized } = await countSyncStates(world.db, appId);
  assertEqual('rows the engine finished', synchronized, people);
  assertEqual('accounts the engine made', after.users - before.users, people);
  return { appId, usage, requests: after.requests - before.requests };
}

/** The first of two bodies of one person: a create that had to be sent again is the same. */
function templateOf(body: string, templates: ReadonlyMap<string, RecordTemplate>): RecordTemplate {
  const { externalId } = JSON.parse(body) as { readonly externalId: string };
  const template = templates.get(externalId);
  if (template === undefined) throw new Error(`The engine has kept no record of ${externalId}.`);
  return template;
}

async function runRecordLoop(
  world: World,
  groupId: GroupId,
  work: Parameters<typeof postAndRecord>[3],
): Promise<Usage> {
  const target = await startTarget(0);
  const appId = await addScimApp(world, target.url, token);
  await assignGroup(world, appId, groupId);
  const usage = await measure(() => postAndRecord(world.db, appId, target.url, work, inFlight));
  await target.close();
  const { synchronized } = await countSyncStates(world.db, appId);
  assertEqual('rows the recording loop finished', synchronized, work.length);
  return usage;
}

/** As the worker does it: slice after slice until nothing is due. */
async function drain(world: World, appId: AppId): Promise<void> {
  const lane = createLane(appId);
  const never = new AbortController().signal;
  for (;;) {
    const { nextMs } = await drainApp(lane, world.tools, { stop: never, cancel: never });
    if (nextMs === undefined) break;
  }
  await lane.connection?.close();
}

function row({ database, latencyMs, people, rounds }: Scenario): Findings['tables'][number][number] {
  const engines = rounds.map((round) => round.engine);
  const bare = rounds.flatMap((round) => round.bare);
  const microseconds = (usages: readonly Usage[]) =>
    Math.round(median(usages.map((usage) => usage.cpuMicroseconds)) / people);
  return {
    database,
    'app answers in': `${latencyMs} ms`,
    people,
    'bare/s': median(bare.map((usage) => rate(people, usage))),
    'engine/s': median(engines.map((usage) => rate(people, usage))),
    'ratio of each round': rounds.map((round) => ratio(round).toFixed(2)).join(' '),
    'recording/s': latencyMs === 0 ? median(recordedOf(rounds).map((usage) => rate(people, usage))) : '',
    'of it, bare': latencyMs === 0 ? median(rounds.map(recordedRatio)).toFixed(2) : '',
    'requests/create': median(rounds.map((round) => round.requests / people)).toFixed(4),
    'bare CPU us': microseconds(bare),
    'engine CPU us': microseconds(engines),
    'peak MB': Math.round(Math.max(...engines.map((usage) => usage.peakRss)) / 2 ** 20),
  };
}

function judge({ database, latencyMs, people, rounds }: Scenario): Judged[] {
  const where = `${database}, app answers in ${latencyMs} ms`;
  const shares = rounds.flatMap(({ recorded, engine }) => (recorded ? [recorded.seconds / engine.seconds] : []));
  const ofRecorded: Judged[] =
    shares.length === 0
      ? []
      : [
          {
            what: `creates/s against a loop that only posts and records: ${where}`,
            value: median(shares),
            bar: { atLeast: bars.ofRecorded[database] },
          },
        ];
  return [
    {
      what: `creates/s against the bare loop: ${where}`,
      value: median(rounds.map(ratio)),
      bar: { atLeast: latencyMs > 0 ? bars.latency : bars[database] },
    },
    {
      what: `requests per create: ${where}`,
      value: median(rounds.map((round) => round.requests / people)),
      bar: { atMost: bars.requests },
    },
    ...ofRecorded,
  ];
}

function recordedOf(rounds: readonly Round[]): Usage[] {
  return rounds.flatMap(({ recorded }) => recorded ?? []);
}

/** The recording loop against the bare one: what no engine that keeps this record can pass on this machine. */
function recordedRatio({ bare: [before, after], recorded }: Round): number {
  return (before.seconds + after.seconds) / 2 / (recorded?.seconds ?? Number.NaN);
}

function ratio({ bare: [before, after], engine }: Round): number {
  return (before.seconds + after.seconds) / 2 / engine.seconds;
}

function rate(people: number, { seconds }: Usage): number {
  return Math.round(people / seconds);
}

function assertEqual(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}.`);
}
