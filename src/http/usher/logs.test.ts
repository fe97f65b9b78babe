import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, ownerToken, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';

interface Counts {
  readonly since: string;
  readonly stepSeconds: number;
  readonly complete: boolean;
  readonly total: object;
  readonly buckets: readonly { readonly from: string; readonly SUCCESS: number; readonly FAILURE: number }[];
  readonly types: readonly { readonly eventType: string; readonly displayMessage: string }[];
}

describeOnDatabases('/usher/v1/logs', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
    await on.db.query('delete from log_events');
    const actor = JSON.stringify({ id: 'system', type: 'SystemPrincipal', alternateId: 'u', displayName: '=cmd|x' });
    // 1,500 events, one a minute; each tenth failed; each hundredth is of another type.
    await on.db.query(
      `insert into log_events (published, event_type, outcome, actor, reason)
       select timestamptz '2026-03-01T00:00:00Z' + n * interval '1 minute',
         case when n % 100 = 0 then 'group.lifecycle.delete' else 'group.lifecycle.create' end,
         case when n % 10 = 0 then 'FAILURE' else 'SUCCESS' end, $1::jsonb, 'n' || n
       from generate_series(0, 1499) as n`,
      [actor],
    );
  });
  const counts = async (query: string) => {
    const answer = await on.call('GET', `/usher/v1/logs/counts?${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Counts>();
  };
  const day = 'since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z';

  test('counts by hour, outcome and type, empty buckets too', async () => {
    const found = await counts(`${day}&buckets=24`);
    expect(found).toMatchObject({ stepSeconds: 3_600, complete: true, total: { SUCCESS: 1_296, FAILURE: 144 } });
    expect(found.buckets).toHaveLength(24);
    expect(found.buckets[3]).toEqual({
      ...{ from: '2026-03-01T03:00:00.000Z', SUCCESS: 54, FAILURE: 6, SKIPPED: 0, DEFERRED: 0 },
    });
    expect(found.types.map(({ eventType }) => eventType)).toEqual(['group.lifecycle.create', 'group.lifecycle.delete']);
    expect(found.types[1]).toMatchObject({ displayMessage: 'Delete group', SUCCESS: 0, FAILURE: 15 });
    const empty = await counts('since=2020-01-01T00:00:00Z&until=2020-01-08T00:00:00Z&buckets=7');
    expect(empty.buckets.map(({ SUCCESS }) => SUCCESS)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('counts what is asked for only, from the first moment on', async () => {
    const found = await counts(
      `since=2026-03-01T02:30:00Z&until=2026-03-01T04:00:00Z&buckets=2&filter=${encodeURIComponent('outcome.result eq "FAILURE"')}`,
    );
    expect(found).toMatchObject({ stepSeconds: 3_600, total: { SUCCESS: 0, FAILURE: 9 } });
    expect(found.buckets.map(({ from, FAILURE }) => [from, FAILURE])).toEqual([
      ['2026-03-01T02:30:00.000Z', 3],
      ['2026-03-01T03:00:00.000Z', 6],
    ]);
    expect((await counts(`${day}&q=n77`)).total).toMatchObject({ SUCCESS: 10, FAILURE: 1 });
  });

  test.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:03Z', 500],
    ['2026-03-01T00:00:00Z', '2027-03-01T00:00:00Z', 500],
    ['1900-01-01T00:00:00Z', '2900-01-01T00:00:00Z', 2],
    ['0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z', 500],
  ])('from %s to %s there are no more than %i buckets', async (since, until, most) => {
    const { buckets, stepSeconds } = await counts(`since=${since}&until=${until}&buckets=${most}`);
    expect(buckets.length).toBeLessThanOrEqual(most);
    expect(buckets[0]?.from).toBe(new Date(since).toISOString());
    const end = new Date(buckets.at(-1)?.from ?? '').getTime() + stepSeconds * 1_000;
    expect(end).toBeGreaterThanOrEqual(new Date(until).getTime());
  });

  test.each([
    ['buckets=1', 'buckets'],
    ['buckets=501', 'buckets'],
    ['buckets=many', 'buckets'],
    ['since=yesterday', 'since'],
    ['until=2026-13-01T00:00:00Z', 'until'],
    ['since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z', 'until'],
    ['since=2026-03-01T00:00:00Z&until=2026-03-01T00:00:00Z', 'until'],
    ['filter=nonsense', 'filter'],
  ])('?%s is refused, and names %s', async (query, field) => {
    const answer = await on.call('GET', `/usher/v1/logs/counts?${query}`);
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining(field)]);
  });

  test('is a file as CSV, all of it, with nothing in it a spreadsheet would run', async () => {
    const answer = await on.call('GET', `/usher/v1/logs/csv?until=2026-03-02T01:00:00Z`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="usher-log-2026-03-02T010000.csv"');
    const lines = answer.body.split('\r\n');
    expect(lines[0]).toMatch(/^published,event_type,/);
    expect(lines).toHaveLength(1_502);
    expect(lines[1]).toMatch(
      /^2026-03-02T00:59:00.000Z,group.lifecycle.create,Create group,INFO,SUCCESS,n1499,system,/,
    );
    expect(lines[1]).toContain(",'=cmd|x,");
  });

  test('is a file of events, as they are shown, of what is asked for', async () => {
    const filter = encodeURIComponent('eventType eq "group.lifecycle.delete"');
    const answer = await on.call('GET', `/usher/v1/logs/ndjson?${day}&filter=${filter}`);
    const events: { uuid: string }[] = answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const shown = await on.call('GET', `/api/v1/logs?${day}&sortOrder=DESCENDING&filter=${filter}`);
    expect(events).toEqual(shown.json());
    expect(events).toHaveLength(15);
  });

  test.each(['csv', 'ndjson'])('as %s: what does not hold is an answer, and no file', async (format) => {
    const answer = await on.call('GET', `/usher/v1/logs/${format}?filter=nonsense`);
    expect([answer.statusCode, answer.headers['content-disposition']]).toEqual([400, undefined]);
  });

  test('the command line counts, and writes the file', async () => {
    const server = await on.server.listen();
    const usher = (...args: string[]) => runUsher(['log', ...args], { server, token: ownerToken });
    const range = ['--since', '2026-03-01T00:00:00Z', '--until', '2026-03-02T00:00:00Z'];
    const hours = await usher('counts', ...range, '--buckets', '24');
    expect(hours.stdout.split('\n')[4]).toMatch(/^2026-03-01 03:00:00 +54 +6 +0 +0$/);
    const types = await usher('counts', ...range, '--by', 'type');
    expect(types.stdout).toMatch(/group\.lifecycle\.delete +0 +15 +0 +0/);
    expect(await usher('counts', '--by', 'day')).toMatchObject({ code: 2, stdout: '' });
    const file = await usher('export', ...range, '--format', 'ndjson', '--query', 'n77');
    expect(file.stdout.trim().split('\n')).toHaveLength(11);
    expect(await usher('export', '--filter', 'nonsense')).toMatchObject({ code: 1, stdout: '' });
  });
});
