import { systemActor } from '../src/domain/log-event.ts';
import type { AppId } from '../src/lib/ids.ts';
import { advanceRun } from '../src/services/runs/advance.ts';
import { startMatching } from '../src/services/runs/matching.ts';
import { countUnprovisioned } from '../src/store/account-matches.ts';
import { grantByGroups } from '../src/store/assignments.ts';
import { openEmbedded, openServer, type BenchDatabase } from './databases.ts';
import { measure, median, type Usage } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings } from './report.ts';
import { postAll, startTarget, token, type Target } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

interface Round {
  readonly database: BenchDatabase['kind'];
  readonly usage: Usage;
  readonly requests: number;
  readonly pages: number;
  readonly accounts: number;
  readonly people: number;
}

const usualPeople = 10_000;

/**
 * Matches people without an account with an app that has twice as many accounts, half of which are theirs: the number
 * of requests is held against the number of pages.
 */
export async function match(options: BenchOptions): Promise<Findings> {
  const people = options.people ?? usualPeople;
  const rounds: Round[] = [];
  const databases: string[] = [];
  const openers = options.databaseUrl === undefined ? [] : [openServer.bind(undefined, options.databaseUrl)];
  for (const open of [...openers, openEmbedded]) {
    const database = await open();
    databases.push(`${database.kind} ${database.version}`);
    try {
      for (let index = 0; index < options.rounds; index += 1) {
        const round = await runRound(database, people);
        options.progress(`${database.kind}: ${round.requests} requests, ${round.usage.seconds.toFixed(1)} s`);
        rounds.push(round);
      }
    } finally {
      await database.close();
    }
  }
  return {
    tables: [rounds.map(row)],
    judged: databases.map((_name, index) => {
      const of = rounds.slice(index * options.rounds, (index + 1) * options.rounds);
      return {
        what: `requests per page of the listing: ${of[0]?.database}`,
        value: median(of.map(({ requests, pages }) => requests / pages)),
        bar: { atMost: 1 },
      };
    }),
    databases,
    raw: rounds,
  };
}

async function runRound(database: BenchDatabase, people: number): Promise<Round> {
  await database.db.execute('truncate users, groups, app_users, app_accounts, account_matches, runs cascade');
  const world = await openWorld(database);
  const groupId = await insertPeople(database.db, people);
  const target = await startTarget(0);
  try {
    await fillTarget(target, people);
    const appId = await addScimApp(world, target.url, token);
    await database.db.query('insert into app_groups (app_id, group_id, priority) values ($1, $2, 0)', [appId, groupId]);
    await database.db.transaction((tx) => grantByGroups(tx, { appId, groupId }));
    await database.db.query('update app_users set unprovisioned = true, due_at = null where app_id = $1', [appId]);
    await database.db.query('delete from app_accounts where app_id = $1', [appId]);
    const before = await target.counts();
    const usage = await measure(() => run(world, appId));
    const after = await target.counts();
    const counts = await countUnprovisioned(database.db, appId);
    if (counts.exact !== people) throw new Error(`${counts.exact} of ${people} people were matched.`);
    return {
      ...{ database: database.kind, usage, people, accounts: after.users },
      requests: after.requests - before.requests,
      // The empty page that ends the listing is one of them: what an app says of its total is not believed.
      pages: Math.ceil(after.users / 100) + 1,
    };
  } finally {
    await target.close();
  }
}

/** Accounts as the people would have them, and as many of strangers. */
async function fillTarget(target: Target, people: number): Promise<void> {
  const bodies = Array.from({ length: people }, (_, index) =>
    ['person', 'stranger'].map((who) => {
      const userName = `${who}${index + 1}@acme.example`;
      return JSON.stringify({
        ...{ userName, active: true, name: { givenName: 'Ada', familyName: `${who} ${index + 1}` } },
        emails: [{ value: userName, type: 'work', primary: true }],
      });
    }),
  );
  await postAll(target.url, bodies.flat(), 32);
}

async function run(world: World, appId: AppId): Promise<void> {
  const context = { ...world, actor: systemActor };
  const runId = await startMatching(context, appId);
  const ended = await advanceRun(context, runId, { forMs: 600_000, signal: new AbortController().signal });
  if (ended?.status !== 'SUCCEEDED') throw new Error(`The matching is ${ended?.status}.`);
}

function row({ database, usage, requests, pages, accounts, people }: Round): Findings['tables'][number][number] {
  return {
    ...{ database, people, accounts, pages, requests },
    seconds: usage.seconds.toFixed(2),
    'peak MB': Math.round(usage.peakRss / 2 ** 20),
  };
}
