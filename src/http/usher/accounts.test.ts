import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import type { AppId, UserId } from '../../lib/ids.ts';

interface Listed {
  readonly userId: string;
  readonly login: string;
}

describeOnDatabases('GET /usher/v1/apps/{id}/accounts', (database) => {
  let on: HttpTest;
  let appId: AppId;
  let people: readonly UserId[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    const made = await on.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      label: 'CRM',
      settings: { baseUrl: 'https://crm.example.com/scim' },
    });
    appId = made.json<{ id: AppId }>().id;
    people = [
      await on.addUser('ada@acme.example'),
      await on.addUser('bob@acme.example'),
      await on.addUser('eve@acme.example'),
    ];
    const [ada, bob, eve] = people;
    await on.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, external_id, user_name, sync_state, recorded, last_error)
       values ($1, $2, true, true, 'a1', 'ada', 'SYNCHRONIZED', '{"title":"Analyst"}', null),
         ($1, $3, false, false, 'b1', 'bob', 'SYNCHRONIZED', '{}', null),
         ($1, $4, true, false, null, null, 'ERROR', null, 'It refused.')`,
      [appId, ada, bob, eve],
    );
    await on.db.query(
      `insert into operations (app_id, user_id, kind, attempt, outcome, duration_ms)
       values ($1, $2, 'create', 1, 'SUCCESS', 5), ($1, $2, 'update', 1, 'FAILURE', 5)`,
      [appId, ada],
    );
  });
  const list = async (query = '') => {
    const answer = await on.call('GET', `/usher/v1/apps/${appId}/accounts${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    // Ids have no order that a test could know.
    return answer.json<Listed[]>().sort((a, b) => (a.login < b.login ? -1 : 1));
  };

  test('200 with each account, its last write and what was confirmed; former holders too', async () => {
    const [ada, bob, eve] = people;
    expect(await list()).toMatchObject([
      {
        ...{ userId: ada, login: 'ada@acme.example', userName: 'ada', externalId: 'a1', assigned: true, scope: 'USER' },
        ...{ profile: { title: 'Analyst' }, lastOperation: { kind: 'update', outcome: 'FAILURE' } },
      },
      { userId: bob, assigned: false, lastOperation: null },
      { userId: eve, syncState: 'ERROR', lastError: 'It refused.', scope: 'GROUP', profile: null },
    ]);
    expect((await list('?state=FORMER')).map(({ userId }) => userId)).toEqual([bob]);
    expect((await list('?state=ERROR')).map(({ userId }) => userId)).toEqual([eve]);
    expect((await list('?q=AD')).map(({ userId }) => userId)).toEqual([ada]);
    const first = await on.call('GET', `/usher/v1/apps/${appId}/accounts?limit=2`);
    expect(String(first.headers['link'])).toContain(`after=`);
  });

  test('400 for a state that is none, 404 for an app that is not there', async () => {
    expect((await on.call('GET', `/usher/v1/apps/${appId}/accounts?state=ODD`)).statusCode).toBe(400);
    expect((await on.call('GET', '/usher/v1/apps/0oa00000000000000000/accounts')).statusCode).toBe(404);
  });

  test('by the command line', async () => {
    const server = await on.server.listen({ host: '127.0.0.1', port: 0 });
    const run = await runUsher(['apps', 'accounts', 'CRM', '--former'], { server, token: on.ownerToken });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/bob@acme\.example +bob +b1 +FORMER/);
  });

  test('a user name template is tried out before it is saved', async () => {
    const body = { userId: people[0], userNameTemplate: '${fn:substringBefore(source.login, "@")}-x' };
    const answer = await on.call('POST', `/usher/v1/apps/${appId}/mappings/preview`, body);
    expect(answer.json()).toMatchObject({ userName: { value: 'ada-x' } });
    const wrong = { ...body, userNameTemplate: '${source.login' };
    const refused = await on.call('POST', `/usher/v1/apps/${appId}/mappings/preview`, wrong);
    expect(refused.json()).toMatchObject({ userName: { error: expect.any(String) } });
  });
});
