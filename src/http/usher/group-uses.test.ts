import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import type { AppId, GroupId } from '../../lib/ids.ts';

describeOnDatabases('/usher/v1/groups/{id}', (database) => {
  let on: HttpTest;
  let groupId: GroupId;
  let appIds: readonly AppId[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    groupId = await on.addGroup('Engineering', [await on.addUser('ada@acme.example')]);
    appIds = [await addApp('CRM'), await addApp('Wiki')];
    for (const appId of appIds) await push(appId, groupId, 'Engineers');
    await push(await addApp('Chat'), await on.addGroup('Sales', []), 'Sales');
  });
  const ok = async <Answer>(method: Method, path: string, body?: object): Promise<Answer> => {
    const answer = await on.call(method, path, body);
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.statusCode === 204 ? ({} as Answer) : answer.json<Answer>();
  };
  const addApp = async (label: string): Promise<AppId> => {
    const settings = { baseUrl: 'https://crm.example.com/scim' };
    const { id } = await ok<{ id: AppId }>('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      label,
      settings,
    });
    const auth = { scheme: 'bearer', token: 'secret' };
    await ok('PUT', `/usher/v1/apps/${id}/connection`, { settings: { ...settings, auth } });
    await ok('POST', `/api/v1/apps/${id}/connections/default/lifecycle/activate`);
    return id;
  };
  const push = (appId: AppId, sourceGroupId: GroupId, targetGroupName: string) =>
    ok('POST', `/api/v1/apps/${appId}/group-push/mappings`, { sourceGroupId, targetGroupName, status: 'ACTIVE' });
  const groups = '/usher/v1/groups';

  test('pushes: 200, each app with its state and its error, in pages', async () => {
    const [crm, wiki] = appIds;
    await on.db.query(
      `update app_group_push set status = 'ERROR', sync_state = 'ERROR', last_error = 'It refused.',
         members_wanted = 1 where app_id = $1`,
      [wiki],
    );
    const found = await ok<{ appLabel: string }[]>('GET', `${groups}/${groupId}/pushes`);
    expect(found.toSorted((a, b) => a.appLabel.localeCompare(b.appLabel))).toMatchObject([
      { appId: crm, appLabel: 'CRM', sourceGroupId: groupId, targetName: 'Engineers', syncState: 'OUT_OF_SYNC' },
      { appId: wiki, appLabel: 'Wiki', status: 'ERROR', lastError: 'It refused.', membersInApp: 0, membersWanted: 1 },
    ]);
    const first = await on.call('GET', `${groups}/${groupId}/pushes?limit=1`);
    expect([first.json<unknown[]>().length, String(first.headers['link'])]).toEqual([
      1,
      expect.stringContaining('rel="next"'),
    ]);
    const next = /<([^>]+)>;\s*rel="next"/.exec(String(first.headers['link']))?.[1] ?? '';
    const second = await ok<{ appLabel: string }[]>('GET', new URL(next).pathname + new URL(next).search);
    expect([...first.json<object[]>(), ...second]).toEqual(found);
  });

  test('pushes: who administers one app sees the push to that one', async () => {
    const token = await on.addToken('APP_ADMIN');
    const [, wiki] = appIds;
    await on.db.query(
      `with one as (update admins set limited = true where role = 'APP_ADMIN' returning id)
       insert into admin_app_targets (admin_id, name, app_id)
       select one.id, coalesce(a.catalog_key, a.name), a.id from one, apps a where a.id = $1`,
      [wiki],
    );
    const answer = await on.call('GET', `${groups}/${groupId}/pushes`, undefined, { token });
    expect(answer.json<{ appId: AppId }[]>().map(({ appId }) => appId)).toEqual([wiki]);
  });

  test('rules: 200 with those that fill this group, on or off', async () => {
    const rule = async (name: string, groupIds: readonly GroupId[]) =>
      ok('POST', '/api/v1/groups/rules', {
        ...{ type: 'group_rule', name },
        conditions: { expression: { value: 'user.department == "Engineering"', type: 'urn:okta:expression:1.0' } },
        actions: { assignUserToGroups: { groupIds } },
      });
    const other = await on.addGroup('Others', []);
    await rule('Engineers', [other, groupId]);
    await rule('Others only', [other]);
    expect(await ok('GET', `${groups}/${groupId}/rules`)).toMatchObject([{ name: 'Engineers', status: 'INACTIVE' }]);
    expect(await ok('GET', `${groups}/${other}/rules`)).toHaveLength(2);
    const first = await on.call('GET', `${groups}/${other}/rules?limit=1`);
    expect(String(first.headers['link'])).toContain('rel="next"');
  });

  test('by the command line', async () => {
    const options = { server: await on.server.listen({ host: '127.0.0.1', port: 0 }), token: on.ownerToken };
    const pushes = await runUsher(['groups', 'pushes', 'Engineering'], options);
    for (const app of ['CRM', 'Wiki']) {
      expect([pushes.code, pushes.stdout]).toEqual([0, expect.stringMatching(new RegExp(`${app} +Engineers`))]);
    }
    const rules = await runUsher(['rules', 'list', '--into', 'Engineering'], options);
    expect([rules.code, rules.stdout]).toEqual([0, expect.stringMatching(/Engineers/)]);
    expect(rules.stdout).not.toContain('Others only');
  });

  test.each([
    ['/00gnone/pushes', 404],
    ['/00gnone/rules', 404],
    ['/GROUP/pushes?after=forged', 400],
    ['/GROUP/rules?after=forged', 400],
    ['/GROUP/rules?limit=none', 400],
  ])('%s: %d', async (path, status) => {
    const answer = await on.call('GET', groups + path.replace('GROUP', groupId));
    expect([answer.statusCode, answer.body.length > 0]).toEqual([status, true]);
  });

  test('403 where one may see neither: pushes without apps, rules without rules', async () => {
    const [helpDesk, users] = [await on.addToken('HELP_DESK_ADMIN'), await on.addToken('USER_ADMIN')];
    for (const [path, token] of [
      ['pushes', helpDesk],
      ['rules', users],
    ] as const) {
      const answer = await on.call('GET', `${groups}/${groupId}/${path}`, undefined, { token });
      expect([path, answer.statusCode]).toEqual([path, 403]);
    }
  });
});
