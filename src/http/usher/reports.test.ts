import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import { reportNames, reports } from '../../domain/report.ts';
import { newId, type AppId, type UserId } from '../../lib/ids.ts';
import { insertRole } from '../../store/admins.ts';
import { insertToken } from '../../store/api-tokens.ts';
import { hashToken } from '../../services/api-tokens.ts';

type Row = Readonly<Record<string, unknown>>;

describeOnDatabases('/usher/v1/reports', (database) => {
  let on: HttpTest;
  let wiki: AppId;
  let crm: AppId;
  const people: Record<string, UserId> = {};
  const gone = newId('user');
  beforeAll(async () => {
    on = await openHttpTest(database);
    wiki = await addApp('Wiki', 'https://wiki.example.com/scim');
    crm = await addApp('=cmd|CRM', 'https://crm.example.com/scim');
    for (const name of ['ada', 'bob', 'cem', 'dan']) people[name] = await on.addUser(`${name}@acme.example`);
    const { ada = '', bob = '', cem = '', dan = '' } = people;
    const sales = await on.addGroup('Sales', [bob as UserId]);
    await on.db.query('insert into app_groups (app_id, group_id, priority) values ($1, $2, 0)', [wiki, sales]);
    await on.db.query(`update users set status = 'DEPROVISIONED' where id = any($1::text[])`, [[cem, dan]]);
    await on.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, external_id, user_name, recorded_active, sync_state,
         status, last_error, created)
       select x.*, timestamptz '2026-01-01T00:00:00Z' from (values
         ($1, $3, true, true, 'a1', 'ada', true, 'SYNCHRONIZED', 'PROVISIONED', null),
         ($1, $4, true, false, null, null, null, 'ERROR', 'STAGED', 'It refused.'),
         ($1, $5, false, false, 'c1', 'cem', true, 'ERROR', 'DEPROVISIONED', 'It is down.'),
         ($1, $6, false, false, 'd1', 'dan', false, 'SYNCHRONIZED', 'DEPROVISIONED', null),
         ($1, $7, false, false, 'g1', 'gone', true, 'OUT_OF_SYNC', 'DEPROVISIONED', null),
         ($2, $3, true, true, 'a2', 'ada', true, 'SYNCHRONIZED', 'PROVISIONED', null),
         ($2, $5, false, false, null, 'cem', false, 'SYNCHRONIZED', 'DEPROVISIONED', null)) x`,
      [wiki, crm, ada, bob, cem, dan, gone],
    );
    await on.db.query(
      `insert into app_accounts (app_id, external_id, name_key, active, profile)
       values ($1, 'a1', 'ada', true, '{"userName":"ada"}'), ($1, 'z9', 'root', true, '{"userName":"root"}'),
         ($1, 'y8', 'old', false, '{"userName":"old"}')`,
      [wiki],
    );
    await on.db.query('delete from log_events');
    await addEvent('user.lifecycle.deactivate', '2026-03-01T08:00:00Z', cem);
    await addEvent('user.lifecycle.deactivate', '2026-03-02T08:00:00Z', dan);
    await addEvent('user.lifecycle.deactivate', '2026-03-03T08:00:00Z', dan);
    await addEvent('application.user_membership.remove', '2026-03-01T08:00:05Z', cem, wiki);
    await addEvent('application.user_membership.remove', '2026-03-02T08:00:05Z', gone, crm);
    await on.db.query(
      `insert into operations (app_id, user_id, kind, attempt, outcome, error_code, error, duration_ms, at, changes)
       values ($2, $3, 'remove', 1, 'SUCCESS', null, null, 5, '2026-03-01T08:01:30Z', null),
         ($1, $4, 'deactivate', 1, 'SUCCESS', null, null, 5, '2026-03-02T09:00:00Z', '{"byHand":{"text":"I did."}}'),
         ($1, $3, 'deactivate', 1, 'FAILURE', 'app_unreachable', 'It is down.', 5, '2026-03-01T08:00:10Z', null),
         ($1, $3, 'deactivate', 2, 'FAILURE', 'app_unreachable', 'It is down.', 5, '2026-03-01T09:00:10Z', null),
         ($1, $5, 'create', 1, 'FAILURE', 'app_rejected', 'It refused.', 5, '2026-03-05T23:59:59Z', null)`,
      [wiki, crm, cem, dan, bob],
    );
  });
  const addApp = async (label: string, baseUrl: string) => {
    const made = await on.call('POST', '/usher/v1/apps', {
      ...{ catalogKey: 'scim2headerauth', label, settings: { baseUrl } },
    });
    return made.json<{ id: AppId }>().id;
  };
  const addEvent = async (type: string, at: string, userId: string, appId?: AppId) => {
    const app = { id: appId, type: 'AppInstance', alternateId: 'x', displayName: 'As it was called' };
    const user = { id: userId, type: 'User', alternateId: 'someone@acme.example', displayName: 'Some One' };
    await on.db.query(
      `insert into log_events (published, event_type, outcome, actor, target)
       values ($1, $2, 'SUCCESS', '{"id":"system"}', $3::jsonb)`,
      [at, type, JSON.stringify([user, ...(appId === undefined ? [] : [app])])],
    );
  };
  const march = 'since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z';
  const read = async (query: string, token?: string) => {
    const answer = await on.call('GET', `/usher/v1/reports/${query}`, undefined, token === undefined ? {} : { token });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Row[]>();
  };
  const tokenFor = async (appId: AppId) => {
    const userId = await on.addUser(`${newId('user').toLowerCase()}@admins.example`);
    const value = `00${newId('token')}${newId('token')}`;
    await on.db.transaction(async (tx) => {
      await insertRole(tx, { userId }, 'APP_ADMIN');
      await insertToken(tx, { id: newId('token'), name: 'test', userId, expires: null, hash: hashToken(value) });
    });
    const [role] = await on.db.query<{ id: string }>(
      'update admins set limited = true where user_id = $1 returning id',
      [userId],
    );
    await on.db.query(`insert into admin_app_targets (admin_id, name, app_id) values ($1, 'scim2headerauth', $2)`, [
      role?.id,
      appId,
    ]);
    return value;
  };

  test('lists what there is, and every row has just the columns it says', async () => {
    const listed = (await on.call('GET', '/usher/v1/reports')).json<{ name: string }[]>();
    expect(listed.map(({ name }) => name)).toEqual(reportNames);
    for (const name of reportNames) {
      const rows = await read(reports[name].filters.includes('since') ? `${name}?${march}` : name);
      expect(rows.length, name).toBeGreaterThan(0);
      for (const row of rows) {
        expect(Object.keys(row).sort(), name).toEqual(reports[name].columns.map((column) => column.name).sort());
      }
    }
  });

  test('accounts per application are counted', async () => {
    expect(await read('app-usage')).toMatchObject([
      { app: '=cmd|CRM', assigned: 1, accounts: 1, active: 1, former: 0, failed: 0 },
      { app: 'Wiki', assigned: 2, byUser: 1, byGroup: 1, accounts: 4, active: 3, former: 2, failed: 2, waiting: 1 },
    ]);
    const chart = await on.call('GET', '/usher/v1/reports/app-usage/chart');
    expect(chart.json()).toEqual({
      series: ['ACTIVE', 'FAILED', 'OTHER'],
      bars: [
        { key: wiki, label: 'Wiki', values: { ACTIVE: 1, FAILED: 1, OTHER: 0 } },
        { key: crm, label: '=cmd|CRM', values: { ACTIVE: 1, FAILED: 0, OTHER: 0 } },
      ],
    });
  });

  test('access says by which group, and pages join without a gap', async () => {
    const all = await read('app-access');
    expect(all).toHaveLength(6);
    const bob = all.find(({ userId }) => userId === people['bob']);
    expect(bob).toMatchObject({ ...{ app: 'Wiki', login: 'bob@acme.example', assignedBy: 'GROUP', group: 'Sales' } });
    expect(bob).toMatchObject({ groupSince: expect.any(String), error: 'It refused.', active: null });
    expect(all.find(({ userId }) => userId === gone)).toMatchObject({ login: null, assignedBy: null, active: true });
    const paged: Row[] = [];
    for (let next: string | undefined = '/usher/v1/reports/app-access?limit=2'; next !== undefined;) {
      const answer = await on.call('GET', next);
      paged.push(...answer.json<Row[]>());
      next = /<http:\/\/[^/]+([^>]+)>; rel="next"/.exec(String(answer.headers['link']))?.[1];
    }
    expect(paged).toEqual(all);
    expect(await read(`app-access?userId=${people['ada'] ?? ''}&appId=${crm}`)).toMatchObject([{ externalId: 'a2' }]);
    expect((await read('app-access?state=FORMER')).map(({ externalId }) => externalId).sort()).toEqual([
      'c1',
      'd1',
      'g1',
    ]);
  });

  test('accounts nobody should have are found, and why; those that are off are not', async () => {
    expect(await read('unassigned-accounts')).toMatchObject([
      { externalId: 'c1', state: 'FORMER', login: 'cem@acme.example', error: 'It is down.' },
      { externalId: 'g1', state: 'PERSON_DELETED', login: null, userId: gone },
      { externalId: 'z9', state: 'UNKNOWN', userName: 'root', userId: null, lastSeen: expect.any(String) },
    ]);
    expect(await read('unassigned-accounts?state=UNKNOWN')).toHaveLength(1);
    // Another instance at the same address, to which the account is linked.
    const second = await addApp('Wiki SSO', 'https://wiki.example.com/scim/');
    await on.db.query(
      `insert into app_connections (app_id, status, connector, settings)
       select id, 'ENABLED', 'scim', jsonb_build_object('baseUrl', u) from (values
         ($1, 'https://wiki.example.com/scim'), ($2, 'https://wiki.example.com/SCIM/')) x(id, u)
       on conflict (app_id) do update set settings = excluded.settings`,
      [wiki, second],
    );
    await on.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, external_id) values ($1, $2, true, true, 'z9')`,
      [second, people['ada']],
    );
    expect(await read('unassigned-accounts?state=UNKNOWN')).toEqual([]);
    await on.db.query('delete from app_users where app_id = $1', [second]);
    await on.call('POST', `/api/v1/apps/${second}/lifecycle/deactivate`);
    expect((await on.call('DELETE', `/api/v1/apps/${second}`)).statusCode).toBe(204);
  });

  test('leavers: how long each account was on, who did it, and what is still on', async () => {
    const rows = await read(`leavers?${march}`);
    const short = rows.map(({ leftAt, externalId, state, seconds, how, byHand }) => {
      return [String(leftAt).slice(8, 10), externalId, state, seconds, how, byHand];
    });
    expect(short.slice(0, 2)).toEqual([
      ['03', 'd1', 'WAS_OFF', null, null, null],
      ['02', 'd1', 'OFF', 3_600, 'deactivate', true],
    ]);
    expect(short.slice(2).sort()).toEqual(
      [
        ['01', null, 'OFF', 90, 'remove', false],
        ['01', 'c1', 'ON', null, null, null],
      ].sort(),
    );
    expect(await read(`leavers?${march}&state=ON`)).toMatchObject([{ app: 'Wiki', error: 'It is down.' }]);
    expect(await read('leavers?since=2026-03-02T00:00:00Z&until=2026-03-02T12:00:00Z')).toHaveLength(1);
    const first = await on.call('GET', `/usher/v1/reports/leavers?${march}&limit=1`);
    const next = /after=([^&>]+)/.exec(String(first.headers['link']).split('rel="self"')[1] ?? '')?.[1] ?? '';
    expect(await read(`leavers?${march}&limit=3&after=${next}`)).toEqual(rows.slice(1));
    const chart = (await on.call('GET', `/usher/v1/reports/leavers/chart?${march}`)).json<{ bars: Row[] }>();
    expect(chart.bars.map(({ key, values }) => [key, values])).toEqual([
      ['60', { OFF: 0, ON: 0 }],
      ['300', { OFF: 1, ON: 0 }],
      ['3600', { OFF: 1, ON: 0 }],
      ['86400', { OFF: 0, ON: 0 }],
      ['MORE', { OFF: 0, ON: 0 }],
      ['ON', { OFF: 0, ON: 1 }],
    ]);
  });

  test('unassignments and failed writes, the newest first', async () => {
    expect(await read(`unassignments?${march}`)).toMatchObject([
      { app: '=cmd|CRM', userId: gone, assigned: false, active: false, status: null },
      { app: 'Wiki', userId: people['cem'], assigned: false, active: true, userName: 'cem' },
    ]);
    expect(await read(`failures?${march}`)).toMatchObject([
      { day: '2026-03-05T00:00:00.000Z', errorCode: 'app_rejected', kind: 'create', writes: 1, people: 1 },
      { errorCode: 'app_unreachable', writes: 2, people: 1, example: 'It is down.', suggestion: expect.any(String) },
    ]);
    const chart = await on.call('GET', `/usher/v1/reports/failures/chart?${march}`);
    const { bars } = chart.json<{ bars: readonly { key: string; values: Row }[] }>();
    expect(bars).toHaveLength(31);
    expect(bars[0]).toEqual({
      ...{ key: '2026-03-01T00:00:00.000Z', label: null, values: { REFUSED: 0, UNREACHED: 2, OTHER: 0 } },
    });
  });

  test('a file has every row, and nothing a spreadsheet would run', async () => {
    const answer = await on.call('GET', '/usher/v1/reports/app-access', undefined, { headers: { accept: 'text/csv' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="usher-app-access-[\dT-]+\.csv"$/),
    });
    const lines = answer.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe(reports['app-access'].columns.map(({ name }) => name).join(','));
    expect(answer.body).toContain(`\r\n'=cmd|CRM,${crm},`);
    expect(answer.body).not.toMatch(/(^|[,\n])"?=/);
    const link = await on.call('GET', `/usher/v1/reports/leavers?${march}&format=csv`);
    expect(link.body.split('\r\n')[1]).toContain('2026-03-03T08:00:00.000Z,');
  });

  test('a file is read page by page', async () => {
    const many = await addApp('Many', 'https://many.example.com/scim');
    await on.db.query(
      `insert into app_users (app_id, user_id, assigned, direct) select $1, '00u' || lpad(n::text, 17, '0'), true, true
       from generate_series(1, 10000) n`,
      [many],
    );
    const { body } = await on.call('GET', `/usher/v1/reports/app-access?appId=${many}&format=csv`);
    const ids = body
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[4]);
    expect([ids.length, new Set(ids).size]).toEqual([10_000, 10_000]);
    await on.db.query('delete from app_users where app_id = $1', [many]);
  });

  test.each([
    ['nothing', 404, 'nothing'],
    ['__proto__', 404, '__proto__'],
    ['app-access/chart', 404, 'chart'],
    ['app-access?since=2026-03-01T00:00:00Z', 400, 'since'],
    ['app-usage?userId=00u1', 400, 'userId'],
    ['leavers?state=ODD', 400, 'state'],
    ['leavers?since=yesterday', 400, 'since'],
    ['leavers?since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z', 400, 'until'],
    ['failures/chart?since=2020-01-01T00:00:00Z', 400, 'since'],
    ['leavers?format=xlsx', 400, 'format'],
    ['leavers?limit=0', 400, 'limit'],
    ['leavers?after=x', 400, 'after'],
  ])('%s is refused with %i and says why', async (query, status, word) => {
    const answer = await on.call('GET', `/usher/v1/reports/${query}`);
    expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining(word)]);
    if (!query.includes('/')) {
      const file = await on.call('GET', `/usher/v1/reports/${query}`, undefined, { headers: { accept: 'text/csv' } });
      if (word !== 'limit' && word !== 'after') expect(file.statusCode).toBe(status);
    }
  });

  test('report administrators read all of it; application administrators what is about theirs', async () => {
    const reporter = await on.addToken('REPORT_ADMIN');
    expect(await read('app-access', reporter)).toHaveLength((await read('app-access')).length);
    const helper = await on.addToken('HELP_DESK_ADMIN');
    expect((await on.call('GET', '/usher/v1/reports', undefined, { token: helper })).statusCode).toBe(403);
    const mine = await tokenFor(crm);
    for (const name of reportNames) {
      const rows = await read(reports[name].filters.includes('since') ? `${name}?${march}` : name, mine);
      expect(
        rows.every(({ appId }) => appId === crm),
        name,
      ).toBe(true);
    }
    expect(await read('app-usage', mine)).toHaveLength(1);
    const chart = await on.call('GET', `/usher/v1/reports/leavers/chart?${march}`, undefined, { token: mine });
    expect(chart.json<{ bars: Row[] }>().bars.at(-1)).toMatchObject({ values: { ON: 0 } });
    const other = await on.call('GET', `/usher/v1/reports/app-access?appId=${wiki}`, undefined, { token: mine });
    expect(other.statusCode).toBe(403);
  });

  test('by the command line', async () => {
    const server = await on.server.listen({ host: '127.0.0.1', port: 0 });
    const as = { server, token: await on.addToken('REPORT_ADMIN') };
    const list = await runUsher(['reports', 'list'], as);
    expect([list.code, list.stdout]).toEqual([0, expect.stringContaining('unassigned-accounts')]);
    const period = ['--since', '2026-03-01T00:00:00Z', '--until', '2026-04-01T00:00:00Z'];
    const shown = await runUsher(['reports', 'show', 'leavers', '--app', 'wiki', ...period], as);
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toMatch(/2026-03-02 08:00.*OFF +deactivate +yes +2026-03-02 09:00 +60 min/);
    const file = await runUsher(['reports', 'export', 'failures', ...period], as);
    expect(file.stdout.split('\r\n')[0]).toBe(reports.failures.columns.map(({ name }) => name).join(','));
    expect((await runUsher(['reports', 'show', 'nothing'], as)).code).toBe(3);
    expect((await runUsher(['reports', 'show', 'app-usage', '--app', 'None'], as)).code).toBe(3);
    expect((await runUsher(['reports', 'show', 'app-usage', '--limit', 'x'], as)).code).toBe(2);
  });
});
