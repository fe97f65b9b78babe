import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import { findAppMapping } from '../../src/store/app-mappings.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from './world.ts';

interface PlanAnswer {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: number;
}

describeOnDatabases('plans', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  let groupId: GroupId;
  let ada: UserId | undefined;
  beforeAll(async () => {
    target = await startScimmyApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    const people = await on.addPeople('ada@acme.example', 'bob@acme.example', 'eve@acme.example');
    [ada] = people;
    groupId = await on.addGroup('Sales', people);
  });
  afterAll(() => target.close());

  const plan = async (change: object, status = 201) => {
    const answer = await on.call('POST', '/usher/v1/plans', { change });
    expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
    return answer.json<PlanAnswer>();
  };
  const entries = async (id: string, query = '') =>
    (await on.call('GET', `/usher/v1/plans/${id}/entries${query}`)).json<{ kind: string; diff: unknown }[]>();
  const apply = (id: string) => on.call('POST', `/usher/v1/plans/${id}/apply`);
  const rows = () => on.db.query('select 1 from app_users where app_id = $1', [appId]);

  test('a group assignment is shown, account by account, with nothing sent or changed, and made as shown', async () => {
    await on.drain(appId);
    const requests = target.requests();
    const shown = await plan({ kind: 'group_assignment', appId, groupId });
    expect(shown).toMatchObject({ status: 'READY', counts: { create: 3 }, requests: 3 });
    expect(target.requests()).toBe(requests);
    expect(await rows()).toHaveLength(0);
    const [first] = await entries(shown.id, '?kind=create&limit=1');
    expect(first?.diff).toContainEqual({ attribute: 'userName', now: null, after: expect.stringContaining('@acme') });

    const applied = await apply(shown.id);
    expect([applied.statusCode, applied.json<PlanAnswer>().status]).toEqual([200, 'APPLIED']);
    await on.drain(appId);
    expect(await on.counts(appId)).toMatchObject({ assigned: 3, synchronized: 3, failed: 0 });
    expect((await apply(shown.id)).statusCode).toBe(403);
  });

  test('a changed mapping shows what is in the app and what will be', async () => {
    const mapping = await findAppMapping(on.db, appId, 'TO_APP');
    const properties = { title: { expression: '"Agent " + user.firstName', pushStatus: 'PUSH' } };
    const shown = await plan({ kind: 'mapping', mappingId: mapping?.id, properties });
    expect(shown).toMatchObject({ status: 'READY', counts: { update: 3 }, requests: 3 });
    const found = await entries(shown.id, '?attribute=title');
    expect(found[0]?.diff).toEqual([{ attribute: 'title', now: null, after: expect.stringContaining('Agent ') }]);
    await on.drain(appId);
    expect((await on.counts(appId)).waiting).toBe(0);
    expect((await apply(shown.id)).statusCode).toBe(200);
    await on.drain(appId);
    const again = await plan({ kind: 'reapply_mappings', appId });
    expect(again).toMatchObject({ counts: { none: 3 }, requests: 0 });
  });

  test('a plan whose inputs have changed is refused, names the entry, and changes nothing', async () => {
    const shown = await plan({ kind: 'group_unassignment', appId, groupId });
    expect(shown).toMatchObject({ counts: { deactivate: 3 } });
    await on.call('POST', `/api/v1/users/${ada}`, { profile: { nickName: 'Countess' } });
    const refused = await apply(shown.id);
    expect([refused.statusCode, refused.body]).toEqual([409, expect.stringContaining('entries.ada@acme.example')]);
    expect(await on.counts(appId)).toMatchObject({ assigned: 3 });
    const [late] = await on.addPeople('late@acme.example');
    const another = await plan({ kind: 'group_unassignment', appId, groupId });
    await on.call('PUT', `/api/v1/groups/${groupId}/users/${late}`);
    expect((await apply(another.id)).body).toContain('entries.late@acme.example');
    await on.drain(appId);
  });

  test('switches, connection and app are planned too; a change of the app in between makes a plan stale', async () => {
    const off = await plan({ kind: 'connection', appId, status: 'DISABLED' });
    expect(off.counts).toEqual({ none: 4 });
    expect((await plan({ kind: 'app_status', appId, status: 'INACTIVE' })).counts).toEqual({ none: 4 });
    await plan({ kind: 'provisioning', appId, settings: { pushPending: true } });
    const discarded = await on.call('POST', `/usher/v1/plans/${off.id}/discard`);
    expect(discarded.json<PlanAnswer>().status).toBe('DISCARDED');
    const shown = await plan({ kind: 'unassignment', appId, userIds: [ada] });
    expect(shown.counts).toEqual({ none: 1 });
    await on.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, { pushPending: true });
    expect((await apply(shown.id)).statusCode).toBe(409);
  });

  describe('refuses, naming the field', () => {
    test.each([
      ['an unknown kind', { kind: 'magic' }, 400],
      ['an expression that does not parse', { kind: 'mapping', properties: { title: push('user.') } }, 400],
      ['an unknown attribute', { kind: 'mapping', properties: { shoeSize: push('user.title') } }, 400],
      ['a priority below zero', { kind: 'group_assignment', priority: -1 }, 400],
      ['people and a search at once', { kind: 'assignment', userIds: ['00u'], search: 'status eq "ACTIVE"' }, 400],
      ['a search that does not parse', { kind: 'assignment', search: 'status is' }, 400],
    ])('%s', async (_name, change, status) => {
      const mapping = await findAppMapping(on.db, appId, 'TO_APP');
      const where = change.kind === 'mapping' ? { mappingId: mapping?.id } : { appId };
      const groups = change.kind === 'group_assignment' ? { groupId } : {};
      await plan({ ...where, ...groups, ...change }, status);
    });
  });

  test('all of it from the command line', async () => {
    const created = await on.usher('plan', 'create', appId, '--search', 'profile.login eq "eve@acme.example"');
    expect([created.exit, created.json]).toEqual([
      0,
      expect.objectContaining({ status: 'READY', counts: { none: 1 } }),
    ]);
    const { id } = created.json as { id: string };
    expect((await on.usher('plan', 'show', id, '--kind', 'none')).json).toMatchObject({ entries: [{ kind: 'none' }] });
    expect((await on.usher('plan', 'list', '--app', appId)).json).toContainEqual(expect.objectContaining({ id }));
    expect((await on.usher('plan', 'apply', id)).exit).toBe(0);
    expect((await on.usher('plan', 'apply', id)).exit).toBe(5);
    const other = await on.usher('plan', 'create', appId, '--set', 'update=off');
    expect((await on.usher('plan', 'discard', (other.json as { id: string }).id)).exit).toBe(0);
    expect((await on.usher('plan', 'create', appId)).exit).toBe(2);
  });
});

function push(expression: string) {
  return { expression, pushStatus: 'PUSH' };
}
