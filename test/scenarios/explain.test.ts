import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { describeWithHomes } from '../okta-sdk/sdk-context.ts';
import { addScimApp, succeeded } from '../usher-process.ts';
import { appToken, eventually, openScenario, type Scenario } from './scenario.ts';

interface Explained {
  readonly entitled: boolean;
  readonly decision: { readonly kind: string; readonly sentence: string };
  readonly values: readonly (JsonObject & { readonly attribute: string })[];
  readonly lastOperation: JsonObject | null;
}

describeWithHomes('why, and why not (issue 4, item 12)', (makeHome) => {
  let on: Scenario;
  let appId: string;
  beforeAll(async () => {
    on = await openScenario(await makeHome());
    appId = await addScimApp(on.usher, on.target.url, appToken);
    const group = succeeded(await on.usher.call('POST', '/api/v1/groups', { profile: { name: 'Sales' } }));
    const rule = succeeded(
      await on.usher.call('POST', '/api/v1/groups/rules', {
        type: 'group_rule',
        name: 'Sales people',
        conditions: { expression: { type: 'urn:okta:expression:1.0', value: 'user.department=="Sales"' } },
        actions: { assignUserToGroups: { groupIds: [String(group['id'])] } },
      }),
    );
    await on.usher.call('POST', `/api/v1/groups/rules/${String(rule['id'])}/lifecycle/activate`);
    // What a mapping owns a group cannot give.
    const found = await on.usher.call('GET', `/api/v1/mappings?targetId=${appId}`);
    const [mapping] = found.body as { id: string }[];
    await on.usher.call('POST', `/api/v1/mappings/${mapping?.id ?? ''}`, { properties: { userType: null } });
    const assignment = { profile: { userType: 'Seller' } };
    succeeded(await on.usher.call('PUT', `/api/v1/apps/${appId}/groups/${String(group['id'])}`, assignment));
  });
  afterAll(() => on.close());
  const explain = async (login: string) => (await on.cli(['explain', login, 'Target'])) as unknown as Explained;
  const valueOf = ({ values }: Explained, attribute: string) => values.find((value) => value.attribute === attribute);

  test('the chain from the rule to the request, each value with its source', async () => {
    const ada = await on.addUser('ada', { department: 'Sales', title: 'Agent', city: 'Bern' });
    await eventually(async () => expect((await explain(ada.login)).lastOperation).not.toBeNull());
    const found = await explain(ada.login);
    expect(found).toMatchObject({
      entitled: true,
      direct: false,
      groups: [{ member: true, priority: 0, rules: [{ holds: true, reads: { 'user.department': 'Sales' } }] }],
      account: { active: true, userName: ada.login },
      decision: { kind: 'none', reason: 'in_sync' },
      trouble: null,
      lastOperation: { kind: 'create', outcome: 'SUCCESS' },
    });
    expect(valueOf(found, 'userType')).toMatchObject({ source: { kind: 'group' }, value: 'Seller', inApp: 'Seller' });
    const name = { kind: 'user_name_template', reads: { 'user.login': ada.login } };
    expect(valueOf(found, 'userName')).toMatchObject({ source: name });
    expect(found.values.find((value) => value['value'] === 'Sales')).toMatchObject({
      source: { kind: 'mapping', reads: { 'user.department': 'Sales' } },
      inApp: 'Sales',
    });
  });

  test('without an account: the condition that failed', async () => {
    const bob = await on.addUser('bob', { department: 'Legal' });
    expect(await explain(bob.login)).toMatchObject({
      entitled: false,
      account: null,
      decision: { kind: 'none', reason: 'not_assigned' },
      groups: [{ member: false, rules: [{ holds: false, reads: { 'user.department': 'Legal' } }] }],
      lastOperation: null,
    });
    await on.cli(['apps', 'provisioning', 'Target', '--create', 'off']);
    await on.cli(['assign', 'Target', '--user', bob.login]);
    const off = await explain(bob.login);
    expect([off.entitled, off.decision.kind]).toEqual([true, 'error']);
    expect(off.decision.sentence).toContain('creating users is switched off');
  });

  test('404 for somebody who is not there', async () => {
    const path = `/usher/v1/apps/${appId}/users/00uxxxxxxxxxxxxxxxxx/explanation`;
    expect((await on.usher.call('GET', path)).status).toBe(404);
  });
});
