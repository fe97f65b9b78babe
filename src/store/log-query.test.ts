import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import type { Db } from './database.ts';
import { queryLog } from './log-query.ts';

describeOnDatabases('indexes for the log', (database) => {
  let db: Db;
  beforeAll(async () => {
    db = await database.open();
    await db.query(
      `insert into log_events (published, event_type, outcome, actor, target)
       select now() - n * interval '1 second', case when n % 1000 = 0 then 'user.lifecycle.delete.initiated'
         else 'user.lifecycle.create' end, 'SUCCESS', jsonb_build_object('id', '00uactor' || n % 1000),
         jsonb_build_array(jsonb_build_object('id', '00u' || n), jsonb_build_object('id', '0oa' || n % 3))
       from generate_series(1, 20000) as n`,
    );
    await db.execute('analyze log_events');
  });

  test.each([
    ['eventType eq "user.lifecycle.delete.initiated"', 'log_events_type', 20],
    ['actor.id eq "00uactor7"', 'log_events_actor', 20],
    ['target.id eq "00u77"', 'log_events_targets', 1],
    ['target.id eq "0oa1"', 'log_events_published', 101],
    ['outcome.result eq "SUCCESS"', 'log_events_published', 101],
  ] as const)('%s uses %s', async (text, index, count) => {
    const statements: (readonly [string, readonly unknown[]])[] = [];
    const spy: Pick<Db, 'query'> = {
      query: <Row>(sql: string, parameters: readonly unknown[] = []) => {
        statements.push([sql, parameters]);
        return db.query<Row>(sql, parameters);
      },
    };
    const since = new Date(Date.now() - 86_400_000);
    const filter = parseFilter(text, 'filter');
    const { events } = await queryLog(spy, { since, filter, order: 'DESCENDING', limit: 101 });
    expect(events).toHaveLength(count);
    const [sql, parameters] = statements[0] ?? ['', []];
    const plan = JSON.stringify(await db.query(`explain ${sql}`, parameters));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });
});
