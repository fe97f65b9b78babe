import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { insertTestApp } from '../../../test/directory.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import type { GroupId, UserId } from '../../lib/ids.ts';

describeOnDatabases('POST /usher/v1/groups/rules/preview', (database) => {
  let on: HttpTest;
  let people: Record<'ada' | 'bob' | 'eve', UserId>;
  let groupId: GroupId;
  const path = '/usher/v1/groups/rules/preview';
  const holdsForA = 'String.startsWith(user.login, "a")';
  beforeAll(async () => {
    on = await openHttpTest(database);
    people = {
      ada: await on.addUser('ada@acme.example'),
      bob: await on.addUser('bob@acme.example'),
      eve: await on.addUser('aeve@acme.example', 'STAGED'),
    };
    groupId = await on.addGroup('Engineering', []);
  });
  const preview = async (body: object) => {
    const answer = await on.call('POST', path, body);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Record<string, unknown>>();
  };

  test('200 with who would join, of those rules look at, and what the groups give', async () => {
    const appId = await insertTestApp(on.db, [groupId]);
    expect(await preview({ expression: holdsForA, groupIds: [groupId] })).toMatchObject({
      ...{ joining: 1, leaving: 0, failure: null, leaves: [] },
      joins: [
        { userId: people.ada, login: 'ada@acme.example', firstName: 'ada', lastName: 'Tester', groupIds: [groupId] },
      ],
      apps: [{ id: appId, label: 'Test app' }],
    });
    const excluded = { expression: holdsForA, groupIds: [groupId], excludedUserIds: [people.ada] };
    expect(await preview(excluded)).toMatchObject({ joining: 0 });
  });

  test('200 in the place of a rule there is: who would leave; nothing is changed', async () => {
    const made = await on.call('POST', '/api/v1/groups/rules', {
      name: 'A',
      conditions: { expression: { value: holdsForA } },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    });
    const { id: ruleId } = made.json<{ id: string }>();
    await on.db.query(`insert into group_members (group_id, user_id, source) values ($1, $2, $3)`, [
      ...[groupId, people.ada, ruleId],
    ]);
    const before = await on.db.query('select * from group_members order by user_id, source');
    const expression = 'String.startsWith(user.login, "b")';
    const found = await preview({ ruleId, expression, groupIds: [groupId] });
    expect(found).toMatchObject({ joins: [{ userId: people.bob }], leaves: [{ userId: people.ada }] });
    expect(found).toMatchObject({ joining: 1, leaving: 1 });
    expect(await on.db.query('select * from group_members order by user_id, source')).toEqual(before);
  });

  test('200 with for how many it could not be told, and why', async () => {
    const doubled = '+user.login'.repeat(200).slice(1);
    await on.db.query(
      `update users set profile = profile || jsonb_build_object('login', repeat('x', 900)) where id = $1`,
      [people.bob],
    );
    const found = await preview({ expression: `String.len(${doubled}) > 3`, groupIds: [groupId] });
    expect(found).toMatchObject({ failure: { people: 1, reason: expect.stringContaining('line 1') } });
  });

  test.each([
    ['an expression that does not end', { expression: 'user.department ==' }, 'line 1, column'],
    [
      'an app’s attribute',
      { expression: 'appuser.role == "x"' },
      'line 1, column 1: group rules read attributes of the user only',
    ],
    ['no groups', { groupIds: [] }, 'groupIds'],
  ])('400 for %s', async (_, change, reason) => {
    const answer = await on.call('POST', path, { expression: holdsForA, groupIds: [groupId], ...change });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain(reason);
  });

  test('404 for a rule that is not there', async () => {
    const body = { ruleId: '0pr00000000000000000', expression: holdsForA, groupIds: [groupId] };
    expect((await on.call('POST', path, body)).statusCode).toBe(404);
  });

  test('by the command line', async () => {
    const server = await on.server.listen({ host: '127.0.0.1', port: 0 });
    const options = { server, token: on.ownerToken };
    const run = await runUsher(['rules', 'preview', '--if', holdsForA, '--into', 'Engineering', '--json'], options);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({ joining: 1 });
    const text = await runUsher(['rules', 'preview', '--if', holdsForA, '--into', 'Engineering'], options);
    expect(text.stdout).toMatch(/joins +ada@acme\.example[^]*1 would join and 0 would leave/);
  });
});
