import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppId, GroupId, UserId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type Answered, type ProvisioningWorld } from '../provisioning/world.ts';

interface Plan {
  readonly id: string;
  readonly status: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly change: JsonObject;
  readonly madeAppId: AppId | null;
}
interface Entry {
  readonly userId: UserId;
  readonly kind: string;
  readonly reason: string | null;
  readonly externalId: string | null;
  readonly diff: readonly JsonObject[] | null;
}

describeOnDatabases('plans, by API and command line (issue 4, item 10)', (database) => {
  describe.each([
    ['SCIMMY', startScimmyApp],
    ['better-auth', startBetterAuthApp],
  ])('%s', (_name, startTarget) => {
    let on: ProvisioningWorld;
    let target: RunningApp;
    let appId: AppId;
    let mappingId: string;
    let [sales, leads]: GroupId[] = [];
    let ada: UserId | undefined;
    beforeAll(async () => {
      target = await startTarget({ token: 'secret' });
      on = await openProvisioningWorld(database);
      appId = await on.addScimApp(target, { on: false });
      const people = await on.addPeople('ada@acme.example', 'bob@acme.example', 'old@acme.example');
      ada = people[0];
      sales = await on.addGroup('Sales', people.slice(0, 2));
      leads = await on.addGroup('Leads', people.slice(0, 1));
      const found = await on.call('GET', `/api/v1/mappings?targetId=${appId}`);
      mappingId = found.json<{ id: string }[]>()[0]?.id ?? '';
      // What is mapped a group cannot give.
      await on.call('POST', `/api/v1/mappings/${mappingId}`, { properties: { userType: null } });
      await on.usher('assign', appId, '--user', 'old@acme.example');
      await on.drain(appId);
    });
    afterAll(() => target.close());

    const planOf = ({ exit, json, stderr }: Answered) => {
      expect([exit, stderr]).toEqual([0, expect.anything()]);
      return json as unknown as Plan;
    };
    const plan = async (...args: string[]) => planOf(await on.usher('plan', ...args));
    const planned = async (change: object, status = 201) => {
      const answer = await on.call('POST', '/usher/v1/plans', { change });
      expect([answer.statusCode, answer.body]).toEqual([status, expect.anything()]);
      return answer.json<Plan>();
    };
    const entries = async (id: string, query = '') =>
      (await on.call('GET', `/usher/v1/plans/${id}/entries${query}`)).json<Entry[]>();
    const apply = (id: string) => on.call('POST', `/usher/v1/plans/${id}/apply`);
    const accounts = async () => {
      const headers = { authorization: 'Bearer secret' };
      const answer = await request(`${target.url}/Users?count=100`, { headers });
      const { Resources = [] } = (await answer.body.json()) as { Resources?: JsonObject[] };
      return new Map(Resources.map((account) => [String(account['userName']), account]));
    };
    const account = async (name: string) => {
      await on.drain(appId);
      return (await accounts()).get(`${name}@acme.example`);
    };
    const appUser = async (app: AppId | null, user: UserId | undefined) =>
      (await on.call('GET', `/api/v1/apps/${app}/users/${user}`)).json<JsonObject>();

    test('provisioning switched on: whoever had the app before is left alone, and applying does just that', async () => {
      const connection = await plan('create', appId, '--connection', 'on');
      expect(connection).toMatchObject({ status: 'READY', counts: { none: 1 }, requests: 0 });
      expect(await plan('apply', connection.id)).toMatchObject({ status: 'APPLIED', madeAppId: null });
      const switches = ['--create', 'on', '--update', 'on', '--deactivate', 'on'];
      const settings = planOf(await on.usher('apps', 'provisioning', appId, ...switches, '--plan'));
      expect(await entries(settings.id)).toMatchObject([{ kind: 'none', reason: 'assigned_before_provisioning' }]);
      expect((await apply(settings.id)).statusCode).toBe(200);
      await on.drain(appId);
      expect(target.writes()).toBe(0);
    });

    test('assignment: each account is shown with nothing sent or changed, and made as shown', async () => {
      const requests = target.requests();
      const shown = await planned({ kind: 'group_assignment', appId, groupId: sales, profile: { userType: 'Seller' } });
      expect(shown).toMatchObject({ status: 'READY', counts: { create: 2, none: 1 } });
      const [first] = await entries(shown.id, '?kind=create&limit=1');
      expect(first?.diff).toContainEqual({ attribute: 'userType', now: null, after: 'Seller' });
      await on.drain(appId);
      expect([target.requests(), await on.counts(appId)]).toEqual([requests, expect.objectContaining({ assigned: 1 })]);

      expect((await apply(shown.id)).json<Plan>().status).toBe('APPLIED');
      expect(await account('ada')).toMatchObject({ active: true, userType: 'Seller' });
      expect((await accounts()).size).toBe(2);
      expect((await apply(shown.id)).statusCode).toBe(403);
      expect((await on.usher('plan', 'apply', shown.id)).exit).toBe(5);
    });

    test('priority: who gets other values by it; those of sensitive attributes are shown to nobody', async () => {
      const place = {
        externalName: "entitlements.^[type=='badge'].value",
        externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
      };
      const properties = { badgePin: { title: 'Badge', type: 'string', scope: 'NONE', ...place } };
      await on.call('POST', `/api/v1/meta/schemas/apps/${appId}/default`, { definitions: { custom: { properties } } });
      await on.drain(appId);
      const profile = { userType: 'Lead', badgePin: '4711' };
      const shown = await planned({ kind: 'group_assignment', appId, groupId: leads, priority: 0, profile });
      expect(shown).toMatchObject({ counts: { update: 1, none: 2 }, requests: 1 });
      expect(shown.change['profile']).toEqual({ userType: 'Lead', badgePin: '••••' });
      expect((await entries(shown.id, '?kind=update'))[0]?.diff).toEqual([
        { attribute: 'badgePin', now: null, after: '••••' },
        { attribute: 'userType', now: 'Seller', after: 'Lead' },
      ]);
      expect((await on.usher('plan', 'show', shown.id)).stdout).not.toContain('4711');
      const again = await plan('again', shown.id);
      expect([again.id === shown.id, again.counts]).toEqual([false, shown.counts]);
      expect((await apply(again.id)).statusCode).toBe(200);
      expect(await account('ada')).toMatchObject({ userType: 'Lead' });
      expect(await appUser(appId, ada)).toMatchObject({ profile: { badgePin: '4711' } });
      expect(await plan('create', appId, '--group', 'Sales', '--priority', '0')).toMatchObject({ requests: 1 });
    });

    test('mapping: what is in the app and what will be, without what comes from a sensitive attribute', async () => {
      const flags = ['--to', 'title', '--expression', '"Agent " + user.firstName'];
      const shown = planOf(await on.usher('mappings', 'set', appId, ...flags, '--plan'));
      expect(shown).toMatchObject({ status: 'READY', counts: { update: 2, none: 1 }, requests: 2 });
      expect((await entries(shown.id, '?attribute=title'))[0]?.diff).toEqual([
        { attribute: 'title', now: null, after: expect.stringContaining('Agent ') },
      ]);
      expect((await account('ada'))?.['title']).toBeUndefined();
      expect((await plan('apply', shown.id)).status).toBe('APPLIED');
      expect((await account('ada'))?.['title']).toBe('Agent ada');
      expect(await planned({ kind: 'reapply_mappings', appId })).toMatchObject({ counts: { none: 3 }, requests: 0 });

      const ssn = { title: 'Number', type: 'string' };
      const definitions = { custom: { properties: { ssn } } };
      await on.call('POST', '/api/v1/meta/schemas/user/default', { definitions });
      await on.call('POST', `/api/v1/users/${ada}`, { profile: { ssn: '756.1234' } });
      await on.drain(appId);
      const secret = planOf(await on.usher('mappings', 'set', appId, '--to', 'nickName', '--from', 'ssn', '--plan'));
      expect((await entries(secret.id, '?kind=update'))[0]?.diff).toEqual([
        { attribute: 'nickName', now: null, after: '••••' },
      ]);
      expect((await on.usher('plan', 'show', secret.id)).stdout).not.toContain('756');
      const kept = await on.db.query('select diff from plan_entries where plan_id = $1', [secret.id]);
      expect(JSON.stringify(kept)).not.toContain('756');
      const reader = await on.addToken('READ_ONLY_ADMIN');
      const read = await on.call('GET', `/usher/v1/plans/${secret.id}/entries`, undefined, { token: reader });
      expect([read.statusCode, read.body]).toEqual([200, expect.not.stringContaining('756')]);
    });

    test('options, and the app as a whole; one that is discarded is in the log and is never made', async () => {
      expect((await planned({ kind: 'app_status', appId, status: 'INACTIVE' })).counts).toEqual({ none: 3 });
      expect((await planned({ kind: 'connection', appId, status: 'DISABLED' })).counts).toEqual({ none: 3 });
      const off = await plan('create', appId, '--set', 'update=off');
      expect(await plan('discard', off.id)).toMatchObject({ status: 'DISCARDED' });
      expect((await on.events(appId)).filter((type) => type === 'application.plan.discard')).toHaveLength(1);
      // Reading that goes on later holds back what another test's transaction could still come before.
      const log = async () =>
        (await on.call('GET', '/api/v1/logs?filter=eventType eq "application.plan.discard"')).body;
      await expect.poll(log, { timeout: 10_000 }).toContain(off.id);
      expect((await apply(off.id)).statusCode).toBe(403);
      expect((await on.usher('plan', 'discard', off.id)).exit).toBe(5);
      expect((await on.usher('apps', 'provisioning', appId)).json).toMatchObject({ update: true });
    });

    test('what it rests on has changed: nothing is changed, each entry is named, and it is planned again', async () => {
      const shown = await plan('create', appId, '--unassign-group', 'Sales');
      expect(shown).toMatchObject({ counts: { deactivate: 1, none: 2 } });
      await on.call('POST', `/api/v1/users/${ada}`, { profile: { costCenter: '77' } });
      const refused = await apply(shown.id);
      expect([refused.statusCode, refused.body]).toEqual([409, expect.stringContaining('entries.ada@acme.example')]);
      const [late] = await on.addPeople('late@acme.example');
      const another = await plan('again', shown.id);
      await on.call('PUT', `/api/v1/groups/${sales}/users/${late}`);
      const said = await on.usher('plan', 'apply', another.id);
      expect([said.exit, said.stderr]).toEqual([5, expect.stringContaining('entries.late@acme.example')]);
      await on.drain(appId);
      expect(await on.counts(appId)).toMatchObject({ assigned: 4 });

      const named = await planned({ kind: 'unassignment', appId, userIds: [late] });
      await on.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, { pushPending: true });
      expect((await apply(named.id)).statusCode).toBe(409);
      const anew = await plan('again', named.id);
      expect(anew.counts).toEqual({ none: 1 });
      expect((await plan('apply', anew.id)).status).toBe('APPLIED');
    });

    test('duplicate: what becomes of each account, and exactly that duplicate', async () => {
      await on.drain(appId);
      const requests = target.requests();
      const duplicate = ['apps', 'duplicate', appId, '--label', 'Second'];
      const shown = planOf(await on.usher(...duplicate, '--links', 'stay', '--plan'));
      expect(shown).toMatchObject({ status: 'READY', counts: { stay: 3, none: 1 }, requests: 0, madeAppId: null });
      expect(await entries(shown.id, '?kind=none')).toMatchObject([{ reason: 'no_account', externalId: null }]);
      const byName = async (label: string) => (await on.call('GET', `/api/v1/apps?q=${label}`)).json<JsonObject[]>();
      expect(await byName('Second')).toEqual([]);
      expect((await planned({ kind: 'duplicate', appId })).counts).toEqual({ match: 3, none: 1 });

      const { madeAppId } = await plan('apply', shown.id);
      expect(await byName('Second')).toMatchObject([{ id: madeAppId, visibility: { hide: { web: true } } }]);
      const settings = await on.usher('apps', 'provisioning', String(madeAppId));
      expect(settings.json).toMatchObject({ create: false, existingAccount: 'ASK' });
      expect(await on.call('GET', `/api/v1/apps/${madeAppId}/users`).then(({ body }) => body)).toBe('[]');
      expect((await plan('show', shown.id)).madeAppId).toBe(madeAppId);

      const early = await on.usher(...duplicate, '--links', 'move', '--plan');
      expect([early.exit, early.stderr]).toEqual([5, expect.stringContaining('Turn its connection off first')]);
      await on.call('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/deactivate`);
      await on.drain(appId);
      const move = planOf(await on.usher(...duplicate, '--links', 'move', '--plan'));
      expect(move).toMatchObject({ counts: { move: 3, none: 1 }, requests: 0 });
      expect(await entries(move.id, '?kind=none')).toMatchObject([{ reason: 'assignment_copied' }]);
      const { externalId } = await appUser(appId, ada);
      expect((await entries(move.id)).find(({ userId }) => userId === ada)).toMatchObject({ kind: 'move', externalId });

      await on.call('POST', `/api/v1/users/${ada}`, { profile: { costCenter: '78' } });
      expect((await apply(move.id)).body).toContain('entries.ada@acme.example');
      expect(await appUser(appId, ada)).toMatchObject({ externalId });
      await on.drain(appId);
      const moved = await plan('apply', (await plan('again', move.id)).id);
      expect(await appUser(moved.madeAppId, ada)).toMatchObject({ externalId });
      expect(await appUser(appId, ada)).toMatchObject({ externalId: null });
      expect(target.requests()).toBe(requests);
    });

    test('duplicate of an app with a client: its new secret is in the answer, this once', async () => {
      const oauthClient = {
        ...{ application_type: 'web', redirect_uris: ['https://wiki.example/callback'] },
        ...{ grant_types: ['authorization_code'], response_types: ['code'] },
      };
      const app = { name: 'oidc_client', label: 'Client', signOnMode: 'OPENID_CONNECT', settings: { oauthClient } };
      const made = await on.call('POST', '/api/v1/apps', app);
      const { id } = await planned({ kind: 'duplicate', appId: made.json<JsonObject>()['id'] });
      const applied = (await apply(id)).json<{ clientSecret: string }>();
      expect(applied).toMatchObject({ status: 'APPLIED', clientSecret: expect.stringMatching(/^.{20,}$/) });
      expect((await on.call('GET', `/usher/v1/plans/${id}`)).body).not.toContain(applied.clientSecret);
    });

    describe('refuses, naming the field', () => {
      test.each([
        ['an unknown kind', { kind: 'magic' }, 400],
        ['an expression that does not parse', { kind: 'mapping', properties: { title: push('user.') } }, 400],
        ['an unknown attribute', { kind: 'mapping', properties: { shoeSize: push('user.title') } }, 400],
        ['a priority below zero', { kind: 'group_assignment', priority: -1 }, 400],
        ['people and a search at once', { kind: 'assignment', userIds: ['00u'], search: 'status eq "ACTIVE"' }, 400],
        ['a search that does not parse', { kind: 'assignment', search: 'status is' }, 400],
        ['a duplicate without a label', { kind: 'duplicate', label: ' ' }, 400],
        ['links that are nothing', { kind: 'duplicate', links: 'COPY' }, 400],
      ])('%s', async (_case, change, status) => {
        const where = change.kind === 'mapping' ? { mappingId } : { appId };
        const groups = change.kind === 'group_assignment' ? { groupId: sales } : {};
        await planned({ ...where, ...groups, ...change }, status);
      });

      test('a duplicate by somebody who may give the app and not change it, and of an app that is not there', async () => {
        const token = await on.addToken('ORG_ADMIN');
        const body = { change: { kind: 'duplicate', appId } };
        expect((await on.call('POST', '/usher/v1/plans', body, { token })).statusCode).toBe(403);
        await planned({ kind: 'duplicate', appId: '0oaxxxxxxxxxxxxxxxxx' }, 404);
        expect((await on.call('POST', '/usher/v1/plans/plnxxxxxxxxxxxxxxxxx/again')).statusCode).toBe(404);
        expect((await on.usher('plan', 'create', appId)).exit).toBe(2);
      });
    });
  });
});

function push(expression: string) {
  return { expression, pushStatus: 'PUSH' };
}
