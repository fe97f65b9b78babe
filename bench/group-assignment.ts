import { newId, type GroupId } from '../src/lib/ids.ts';
import { assignGroup } from '../src/services/app-group-assignments.ts';
import { countSyncStates } from '../src/store/assignments.ts';
import type { Db } from '../src/store/database.ts';
import type { BenchDatabase } from './databases.ts';
import { measure, median } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Findings } from './report.ts';
import { startTarget, token } from './target.ts';
import { addScimApp, insertPeople, openWorld, type World } from './world.ts';

const usualPeople = 100_000;
const bar = { atMost: 3 };

/** Time until everybody in a large group is queued, against one statement that inserts as many bare rows (line 4). */
export async function groupAssignment(open: () => Promise<BenchDatabase>, options: BenchOptions): Promise<Findings> {
  const people = options.people ?? usualPeople;
  const database = await open();
  const target = await startTarget(0);
  try {
    options.progress(`assign a group of ${people}, ${database.kind}`);
    const world = await openWorld(database);
    const groupId = await insertPeople(world.db, people);
    await world.db.execute('create table bare_rows (like app_users including all)');
    const rounds: { bare: number; assigned: number }[] = [];
    for (let index = 0; index <= options.rounds; index += 1) {
      const bare = await insertBare(world.db, groupId, people);
      const assigned = await assign(world, target.url, groupId, people);
      // The first is to warm up.
      if (index > 0) rounds.push({ bare, assigned });
    }
    const ratios = rounds.map((round) => round.assigned / round.bare);
    return {
      tables: [
        [
          {
            database: database.kind,
            members: people,
            'bare insert s': median(rounds.map((round) => round.bare)).toFixed(2),
            'assigned and queued s': median(rounds.map((round) => round.assigned)).toFixed(2),
            'ratio of each round': ratios.map((ratio) => ratio.toFixed(2)).join(' '),
          },
        ],
      ],
      judged: [{ what: `assign a ${people}-member group, ${database.kind}`, value: median(ratios), bar }],
      databases: [`${database.kind} ${database.version}`],
      raw: { database: database.kind, people, rounds },
    };
  } finally {
    await target.close();
    await database.close();
  }
}

async function insertBare(db: Db, groupId: GroupId, people: number): Promise<number> {
  await db.execute('truncate bare_rows');
  const { seconds } = await measure(() =>
    db.query(
      `insert into bare_rows (app_id, user_id, assigned, direct, due_at)
       select $1, user_id, true, false, now() from group_members where group_id = $2`,
      [newId('app'), groupId],
    ),
  );
  const [row] = await db.query<{ count: number }>('select count(*)::int as count from bare_rows');
  if (row?.count !== people) throw new Error(`${row?.count} bare rows, not ${people}.`);
  return seconds;
}

async function assign(world: World, url: string, groupId: GroupId, people: number): Promise<number> {
  await world.db.execute('truncate app_users cascade');
  const appId = await addScimApp(world, url, token);
  const { seconds } = await measure(() => assignGroup(world, appId, groupId));
  const { waiting } = await countSyncStates(world.db, appId);
  if (waiting !== people) throw new Error(`${waiting} rows are queued, not ${people}.`);
  return seconds;
}
