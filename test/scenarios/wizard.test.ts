import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeWithHomes } from '../okta-sdk/sdk-context.ts';
import { succeeded } from '../usher-process.ts';
import { appToken, eventually, openScenario, type Scenario } from './scenario.ts';

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const path = '/usher/v1/wizards';

/** An account nobody but the app knows of. */
async function addAccount({ url }: RunningApp, userName: string): Promise<void> {
  const name = { givenName: 'Somebody', familyName: 'Before' };
  const body = { schemas: [userUrn], userName, name, active: true, emails: [{ value: userName, primary: true }] };
  const answer = await request(`${url}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${appToken}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(body),
  });
  if (answer.statusCode !== 201) throw new Error(await answer.body.text());
  await answer.body.dump();
}

describeWithHomes('the SCIM wizard (issue 4, item 1)', (makeHome) => {
  describe.each([
    ['scimmy', startScimmyApp],
    ['better-auth', startBetterAuthApp],
  ])('for an app on %s', (_name, start) => {
    let on: Scenario;
    let people: Readonly<Record<'ada' | 'bob' | 'cyd', { readonly id: string; readonly login: string }>>;
    let groupId = '';
    beforeAll(async () => {
      on = await openScenario(await makeHome(), start);
      people = { ada: await on.addUser('ada'), bob: await on.addUser('bob'), cyd: await on.addUser('cyd') };
      groupId = String(succeeded(await on.usher.call('POST', '/api/v1/groups', { profile: { name: 'Sales' } }))['id']);
      succeeded(await on.usher.call('PUT', `/api/v1/groups/${groupId}/users/${people.cyd.id}`));
      await addAccount(on.target, people.ada.login);
      await addAccount(on.target, 'stranger@else.example');
    });
    afterAll(() => on.close());
    const send = async (method: 'GET' | 'PUT' | 'POST' | 'PATCH', rest: string, body?: JsonObject) =>
      succeeded(await on.usher.call(method, path + rest, body));

    /** Refused with a cause that names the field, and everything as it was. */
    const refuses = async (method: 'PUT' | 'POST' | 'PATCH', rest: string, field: string, body: JsonObject = {}) => {
      const [id = ''] = /^\/\w+/.exec(rest) ?? [];
      const before = await send('GET', id);
      const answer = await on.usher.call(method, path + rest, body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify((answer.body as JsonObject)['errorCauses'])).toContain(field);
      expect(await send('GET', id)).toEqual(before);
    };

    test('by the API: saved at each step, resumed by another process, nothing written until it is turned on', async () => {
      const writes = on.target.writes();
      const settings = { baseUrl: on.target.url, auth: { scheme: 'bearer', token: appToken } };
      const id = `/${String((await send('POST', '', { label: 'CRM' }))['id'])}`;
      await refuses('POST', `${id}/probe`, 'connection');
      await refuses('POST', `${id}/match`, 'connection');
      await refuses('POST', `${id}/turn-on`, 'connection');
      await refuses('PATCH', id, 'label', { label: ' ' });
      await refuses('PUT', `${id}/connection`, 'baseUrl', { settings: { auth: settings.auth } });
      await refuses('PUT', `${id}/assignments`, 'userIds', { userIds: ['00uexampleuser000000'], groupIds: [] });

      await send('PUT', `${id}/connection`, { settings });
      const probed = await send('POST', `${id}/probe`);
      expect(probed).toMatchObject({
        next: 'capabilities',
        report: { wrote: false, capabilities: { listAccounts: true } },
        draft: { provisioning: { create: true }, mappings: { givenName: { expression: 'user.firstName' } } },
      });
      expect(JSON.stringify(probed)).not.toContain(appToken);

      await on.restart();
      expect(await send('GET', id)).toEqual(probed);
      expect((await on.usher.call('GET', `${path}?status=OPEN`)).body).toMatchObject([{ label: 'CRM' }]);

      await refuses('PUT', `${id}/mappings`, 'capabilities');
      await send('PUT', `${id}/capabilities`, { deactivate: false });
      await send('PUT', `${id}/schema`, {});
      await refuses('PUT', `${id}/mappings`, 'givenName', { properties: { givenName: { expression: 'user.' } } });
      await send('PUT', `${id}/mappings`, { properties: { displayName: { expression: 'user.login' } } });
      const preview = await on.usher.call('POST', `${path}${id}/preview`, { userId: people.bob.id });
      expect(preview.body).toMatchObject([{ userName: { value: people.bob.login }, missing: [] }]);
      const [sample] = preview.body as { attributes: JsonObject[] }[];
      expect(sample?.attributes).toContainEqual(
        expect.objectContaining({ attribute: 'displayName', value: people.bob.login }),
      );

      await refuses('POST', `${id}/turn-on`, 'match');
      expect(await send('POST', `${id}/match`)).toMatchObject({
        next: 'turn on',
        draft: { match: { accounts: 2, exact: 1, none: 1, partial: 0, ambiguous: 0, complete: true } },
      });
      await send('PUT', `${id}/assignments`, { userIds: [people.ada.id, people.bob.id], groupIds: [groupId] });
      expect((await on.usher.call('GET', '/api/v1/apps')).body).toEqual([]);
      expect(on.target.writes()).toBe(writes);

      const app = await send('POST', `${id}/turn-on`);
      expect(app).toMatchObject({ label: 'CRM', status: 'ACTIVE' });
      expect(app['features']).toEqual(expect.arrayContaining(['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES']));
      expect(app['features']).not.toContain('PUSH_USER_DEACTIVATION');
      await eventually(async () => {
        const progress = await on.usher.call('GET', `/usher/v1/apps/${String(app['id'])}/progress`);
        expect(progress.body).toMatchObject({ waiting: 0, failed: 0 });
        const accounts = await on.accounts();
        expect([...accounts.keys()].sort()).toEqual(
          [people.ada.login, people.bob.login, people.cyd.login, 'stranger@else.example'].sort(),
        );
        expect(accounts.get(people.bob.login)).toMatchObject({ displayName: people.bob.login, active: true });
      });
      expect((await on.usher.call('GET', `${path}?status=OPEN`)).body).toEqual([]);
    });

    test('from the command line: a wrong credential, left, resumed and turned on', async () => {
      const target = await start({ token: appToken });
      const run = (args: readonly string[], options: Parameters<Scenario['cli']>[1] = {}) =>
        on.cli(['apps', 'wizard', ...args], options);
      const credential = ['--credential-file', '-'];
      await run(['run', 'Wiki', '--url', target.url, ...credential], { stdin: 'wrong', exit: 1 });
      const open = (await run(['list', '--open'])) as { id: string }[];
      expect(open).toMatchObject([{ label: 'Wiki', status: 'OPEN', draft: { done: ['connection'] } }]);
      const id = open[0]?.id ?? '';
      await run(['resume', id, '--until', 'probing'], { exit: 2 });
      await run(['resume', 'wizexamplewizard00000'], { exit: 3 });

      const probed = await run(['resume', id, ...credential, '--until', 'probe'], { stdin: appToken });
      expect(probed).toMatchObject({ next: 'capabilities' });
      const ready = await run(['resume', id, '--user', people.bob.login, '--group', 'Sales']);
      expect(ready).toMatchObject({
        next: 'turn on',
        draft: { match: { accounts: 0 }, assignments: { userIds: [people.bob.id], groupIds: [groupId] } },
      });
      expect(target.writes()).toBe(0);

      expect(await run(['resume', id, '--yes'])).toMatchObject({ label: 'Wiki', status: 'ACTIVE' });
      await eventually(async () => {
        const answer = await request(`${target.url}/Users`, { headers: { authorization: `Bearer ${appToken}` } });
        expect(await answer.body.json()).toMatchObject({ totalResults: 2 });
      });
      await run(['resume', id], { exit: 5 });
      expect(await run(['list', '--open'])).toEqual([]);
      await target.close();
    });
  });
});
