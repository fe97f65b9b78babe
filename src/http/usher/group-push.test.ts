import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../../test/http-context.ts';
import { newId, type AppId, type GroupId } from '../../lib/ids.ts';

interface Mapping {
  readonly id: string;
  readonly sourceName: string;
  readonly status: string;
  readonly ruleId: string | null;
  readonly pausedByRule: boolean;
}

describeOnDatabases('/usher/v1/apps/{id}/group-push', (database) => {
  let on: HttpTest;
  let appId: AppId;
  let count = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  beforeEach(async () => {
    count += 1;
    const made = await on.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      label: `CRM ${count}`,
      settings: { baseUrl: 'https://crm.example.com/scim' },
    });
    appId = made.json<{ id: AppId }>().id;
    const settings = { baseUrl: 'https://crm.example.com/scim', auth: { scheme: 'bearer', token: 'secret' } };
    const connected = await on.call('PUT', `/usher/v1/apps/${appId}/connection`, { settings });
    expect(connected.statusCode, connected.body).toBe(200);
    await ok('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/activate`);
  });
  const at = (path = '') => `/usher/v1/apps/${appId}/group-push${path}`;
  const ok = async <Answer>(method: Method, path: string, body?: object): Promise<Answer> => {
    const answer = await on.call(method, path, body);
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.statusCode === 204 ? ({} as Answer) : answer.json<Answer>();
  };
  const addGroup = async (name: string, description = ''): Promise<GroupId> =>
    (await ok<{ id: GroupId }>('POST', '/api/v1/groups', { profile: { name, description } })).id;
  const push = (sourceGroupId: GroupId, targetGroupName: string, status = 'ACTIVE') =>
    ok<{ id: string }>('POST', `/api/v1/apps/${appId}/group-push/mappings`, { sourceGroupId, targetGroupName, status });
  const mappings = (query = '') => ok<Mapping[]>('GET', at(`/mappings${query}`));

  describe('mappings', () => {
    test('200 with members, state, error and people; listed by status and name, in pages', async () => {
      const userIds = [await on.addUser(`a${count}@acme.example`), await on.addUser(`b${count}@acme.example`)];
      const groupId = await on.addGroup(`Engineering ${count}`, userIds);
      const { id } = await push(groupId, `Engineering ${count}`);
      const other = await push(await on.addGroup(`Sales ${count}`, []), 'Sales', 'INACTIVE');
      await on.db.query(
        `update app_group_push set status = 'ERROR', sync_state = 'ERROR', last_error = 'It refused.',
           last_error_code = 'app_rejected', members_wanted = 2, members_in_app = 1 where id = $1`,
        [id],
      );
      expect(await ok('GET', at(`/mappings/${id}`))).toMatchObject({
        ...{ id, sourceGroupId: groupId, sourceName: `Engineering ${count}`, targetName: `Engineering ${count}` },
        ...{ namePolicy: 'SOURCE', status: 'ERROR', syncState: 'ERROR', lastError: 'It refused.', ruleId: null },
        ...{ membersInApp: 1, membersWanted: 2, people: 2, withoutAccount: 2, lastErrorCode: 'app_rejected' },
      });
      expect((await mappings('?status=ERROR')).map((one) => one.id)).toEqual([id]);
      expect((await mappings(`?q=sal`)).map((one) => one.id)).toEqual([other.id]);
      const first = await on.call('GET', at('/mappings?limit=1'));
      expect(String(first.headers['link'])).toContain('rel="next"');
      expect(await ok('GET', at())).toEqual({
        ...{ enabled: true, can: { create: true, update: true, delete: true, link: true } },
        ...{ active: 0, inactive: 1, error: 1, waiting: 0, rules: 0 },
      });
    });

    test('pushed now, all that failed again, held back by the switch, and named as told', async () => {
      const { id } = await push(await on.addGroup(`Engineering ${count}`, []), 'Engineers');
      const settle = (status: string) =>
        on.db.query(
          `update app_group_push set status = $2, sync_state = 'SYNCHRONIZED', due_at = null, concerned = '{}' where id = $1`,
          [id, status],
        );
      await settle('ACTIVE');
      expect(await ok('POST', at(`/mappings/${id}/push`))).toMatchObject({ syncState: 'OUT_OF_SYNC' });
      const rows = await on.db.query('select concerned, due_at is not null as due from app_group_push where id = $1', [
        id,
      ]);
      expect(rows).toEqual([{ concerned: null, due: true }]);
      expect(await ok('POST', at('/retry'))).toEqual({ retried: 0 });
      await settle('ERROR');
      expect(await ok('POST', at('/retry'))).toEqual({ retried: 1 });
      expect(await ok('PATCH', at(`/mappings/${id}`), { namePolicy: 'SOURCE' })).toMatchObject({
        namePolicy: 'SOURCE',
      });
      await settle('INACTIVE');
      expect((await on.call('POST', at(`/mappings/${id}/push`))).body).toContain('Activate it first');
      const features = async () => (await ok<{ features: string[] }>('GET', `/api/v1/apps/${appId}`)).features;
      expect(await features()).toContain('GROUP_PUSH');
      await ok('PATCH', `/usher/v1/apps/${appId}/provisioning`, { groupPush: false });
      expect(await features()).not.toContain('GROUP_PUSH');
      expect(await ok('GET', at())).toMatchObject({ enabled: false });
    });

    test.each([
      ['GET', '/mappings/gPmnone', 404],
      ['POST', '/mappings/gPmnone/push', 404],
      ['PATCH', '/mappings/gPmnone', 400],
      ['GET', '/mappings?status=BROKEN', 400],
      ['GET', '/mappings?after=forged', 400],
      ['GET', '/rules/gPrnone', 404],
      ['DELETE', '/rules/gPrnone?mappings=burn', 400],
      ['DELETE', '/rules/gPrnone', 404],
      ['PATCH', '/rules/gPrnone', 404],
    ] as const)('%s %s: %d', async (method, path, status) => {
      const answer = await on.call(method, at(path), method === 'GET' || method === 'DELETE' ? undefined : {});
      expect([answer.statusCode, answer.body.length > 0]).toEqual([status, true]);
    });
  });

  describe('rules', () => {
    const starting = (value: string) => ({ name: { operator: 'STARTS_WITH', value } });
    const rule = (name: string, conditions: object, status = 'ACTIVE') =>
      ok<{ id: string; mappings: number }>('POST', at('/rules'), { name, conditions, status });
    const names = async (query = '') => (await mappings(query)).map((one) => one.sourceName).sort();

    test('push the groups there are and those that come, once each, and leave others alone', async () => {
      const team = `team${count}-`;
      await addGroup(`${team}a`);
      const byHand = await addGroup(`${team}b`);
      await addGroup(`other ${count}`);
      await push(byHand, 'By hand');
      const preview = await ok<{ total: number; groups: object[] }>('POST', at('/rules/preview'), {
        conditions: starting(team.toUpperCase()),
      });
      expect(preview).toMatchObject({ total: 2, groups: [{ name: `${team}a`, pushed: false }, { pushed: true }] });
      const made = await rule('Teams', starting(team));
      expect(made.mappings).toBe(1);
      await addGroup(`${team}c`);
      await addGroup(`not ${team}d`);
      expect(await names(`?ruleId=${made.id}`)).toEqual([`${team}a`, `${team}c`]);
      const due = await on.db.query('select 1 from app_group_push where rule_id = $1 and due_at is not null', [
        made.id,
      ]);
      expect(due).toHaveLength(2);
      expect(await on.events(appId)).toContain('app.user_management.grouppush.mapping.created.from.rule');
      expect(await ok('GET', at('/rules'))).toMatchObject([{ id: made.id, mappings: 2, status: 'ACTIVE' }]);
    });

    test('a group that no longer fits is paused, and goes on when it fits again; a rule that is off adds none', async () => {
      const team = `squad${count}-`;
      const groupId = await addGroup(`${team}a`);
      const made = await rule('Squads', starting(team));
      const rename = (name: string) => ok('PUT', `/api/v1/groups/${groupId}`, { profile: { name } });
      await rename(`gone ${count}`);
      expect(await mappings()).toMatchObject([{ status: 'INACTIVE', pausedByRule: true }]);
      await rename(`${team}back`);
      expect(await mappings()).toMatchObject([{ status: 'ACTIVE', pausedByRule: false }]);
      await ok('PATCH', at(`/rules/${made.id}`), { conditions: starting(`${team}back`) });
      expect(await mappings()).toMatchObject([{ status: 'ACTIVE' }]);
      await ok('PATCH', at(`/rules/${made.id}`), { status: 'INACTIVE' });
      await addGroup(`${team}back 2`);
      expect(await names()).toEqual([`${team}back`]);
      await ok('PATCH', at(`/rules/${made.id}`), { status: 'ACTIVE' });
      expect(await names()).toEqual([`${team}back`, `${team}back 2`]);
    });

    test('the description counts, and two groups of one name are one mapping and an error in the log', async () => {
      await addGroup(`One ${count}`, `owned by platform ${count}`);
      await on.db.query(`insert into groups (id, type, name, profile) values ($1, 'APP_GROUP', $2, $3::jsonb)`, [
        newId('group'),
        `one ${count}`,
        JSON.stringify({ name: `one ${count}`, description: `Platform ${count} too` }),
      ]);
      await rule('Platform', {
        description: { operator: 'CONTAINS', value: `PLATFORM ${count}` },
        groupTypes: ['OKTA_GROUP', 'APP_GROUP'],
      });
      expect(await names()).toHaveLength(1);
      const events = await on.events(appId);
      expect(events).toContain('app.user_management.grouppush.mapping.created.from.rule.error.duplicate');
    });

    test('deleted, its mappings stay, are untied, or go with their groups', async () => {
      const team = `crew${count}-`;
      await addGroup(`${team}a`);
      const kept = await rule('Kept', starting(team));
      await ok('DELETE', at(`/rules/${kept.id}`));
      expect(await mappings()).toMatchObject([{ status: 'ACTIVE', ruleId: null }]);
      await addGroup(`${team}b`);
      const untied = await rule('Untied', starting(team));
      await ok('DELETE', at(`/rules/${untied.id}?mappings=UNLINK`));
      expect(await names()).toEqual([`${team}a`]);
      const gone = await rule('Gone', starting(team));
      await on.db.query(
        `update app_group_links set external_id = 'ext' where group_id in (select target_group_id from app_group_push where rule_id = $1)`,
        [gone.id],
      );
      await ok('DELETE', at(`/rules/${gone.id}?mappings=DELETE`));
      expect(await names()).toEqual([`${team}a`]);
      const left = await on.db.query('select 1 from app_group_push where app_id = $1 and removing', [appId]);
      expect(left).toHaveLength(1);
    });

    test.each([
      ['no condition', { name: 'X', conditions: {} }, 'conditions'],
      ['an empty value', { name: 'X', conditions: starting(' ') }, 'conditions.name.value'],
      ['a line break', { name: 'X', conditions: starting('a\nb') }, 'conditions.name.value'],
      ['a value too long', { name: 'X', conditions: starting('x'.repeat(256)) }, 'conditions.name.value'],
      ['no type of groups', { name: 'X', conditions: { ...starting('x'), groupTypes: [] } }, 'conditions.groupTypes'],
      ['an unknown operator', { name: 'X', conditions: { name: { operator: 'LIKE', value: 'x' } } }, 'operator'],
      ['no name', { name: ' ', conditions: starting('x') }, 'name'],
    ])('400 for %s, and says where', async (_, body, field) => {
      const answer = await on.call('POST', at('/rules'), body);
      expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining(field)]);
    });

    test('400 for a name that is taken in any letter case', async () => {
      await rule('Once', starting(`none${count}`));
      const twice = await on.call('POST', at('/rules'), { name: 'ONCE', conditions: starting('x') });
      expect([twice.statusCode, twice.body]).toEqual([400, expect.stringContaining('another push rule')]);
    });
  });
});
