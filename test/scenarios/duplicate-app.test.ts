import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { describeWithHomes } from '../okta-sdk/sdk-context.ts';
import { addScimApp, succeeded } from '../usher-process.ts';
import { appToken, eventually, openScenario, type Scenario } from './scenario.ts';

describeWithHomes('an app duplicated for provisioning (seed row 8)', (makeHome) => {
  let on: Scenario;
  let original: string;
  beforeAll(async () => {
    on = await openScenario(await makeHome());
    original = await addScimApp(on.usher, on.target.url, appToken);
  });
  afterAll(() => on.close());
  const appUser = async (appId: string, userId: string) =>
    succeeded(await on.usher.call('GET', `/api/v1/apps/${appId}/users/${userId}`));
  const settled = (appId: string) =>
    eventually(async () => {
      expect(succeeded(await on.usher.call('GET', `/usher/v1/apps/${appId}/progress`))).toMatchObject({ waiting: 0 });
    });
  const connect = (label: string) => on.cli(['apps', 'connect', label, '--credential-file', '-'], { stdin: appToken });

  test('the two never fight over an account, and Usher says which attributes they would fight over', async () => {
    const ada = await on.addUser('ada', { title: 'Analyst' });
    await on.cli(['assign', 'Target', '--user', ada.login]);
    await eventually(async () => expect((await on.accounts()).get(ada.login)).toMatchObject({ title: 'Analyst' }));

    const made = (await on.cli(['apps', 'duplicate', 'Target'])) as { app: JsonObject & { id: string } };
    expect(made.app).toMatchObject({
      label: 'Target (provisioning)',
      features: [],
      visibility: { hide: { iOS: true, web: true } },
    });
    await connect('Target (provisioning)');
    const provisioning = ['apps', 'provisioning', 'Target (provisioning)'];
    await on.cli([...provisioning, '--create', 'on', '--update', 'on', '--deactivate', 'on']);
    await on.cli(['assign', 'Target (provisioning)', '--user', ada.login]);
    await eventually(async () => {
      const row = await appUser(made.app.id, ada.id);
      expect(row).toMatchObject({ syncState: 'ERROR', externalId: null });
      expect(row['lastError']).toMatch(
        /^Target provisions the account .* writes active, .*title.* as Target \(provisioning\) would/,
      );
    });
    const shared = await on.cli(['apps', 'shared-accounts', 'Target']);
    expect(shared).toEqual([
      expect.objectContaining({
        appId: made.app.id,
        contested: expect.arrayContaining(['active', 'title', 'userName']),
      }),
    ]);

    // Leaving the duplicate takes nothing from an account the original provisions.
    succeeded(await on.usher.call('DELETE', `/api/v1/apps/${made.app.id}/users/${ada.id}`));
    await settled(made.app.id);
    expect((await on.accounts()).get(ada.login)).toMatchObject({ active: true });
    await on.cli(['assign', 'Target (provisioning)', '--user', ada.login]);
    await eventually(async () => expect(await appUser(made.app.id, ada.id)).toMatchObject({ syncState: 'ERROR' }));

    // With people in common the original can no longer be changed into a second writer, and the answer names it.
    const refused = await on.usher.call('PATCH', `/usher/v1/apps/${original}/provisioning`, { update: true });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain(
      'Target (provisioning) provisions the same accounts and already writes active',
    );

    // Once the original writes nothing, the duplicate takes the account as it is, without a write.
    await on.cli(['apps', 'provisioning', 'Target', '--create', 'off', '--update', 'off', '--deactivate', 'off']);
    const before = on.target.requests();
    await eventually(async () => {
      expect(await appUser(made.app.id, ada.id)).toMatchObject({ syncState: 'SYNCHRONIZED', status: 'PROVISIONED' });
    });
    expect(on.target.requests()).toBe(before);
    expect((await on.accounts()).size).toBe(1);
  });

  test('links move with their assignments; the original keeps its people and loses its accounts', async () => {
    const source = await addScimApp(on.usher, on.target.url.replace('127.0.0.1', 'localhost'), appToken);
    const bob = await on.addUser('bob');
    succeeded(await on.usher.call('POST', `/usher/v1/apps/${source}/assignments`, { userIds: [bob.id] }));
    await eventually(async () => expect(await appUser(source, bob.id)).toMatchObject({ status: 'PROVISIONED' }));
    await settled(source);
    const account = (await appUser(source, bob.id))['externalId'];

    const body = { links: 'MOVE', label: 'Moved' };
    const early = await on.usher.call('POST', `/usher/v1/apps/${source}/duplicate`, body);
    expect(early.status).toBe(403);
    expect(JSON.stringify(early.body)).toContain('Turn its connection off first');

    succeeded(await on.usher.call('POST', `/api/v1/apps/${source}/connections/default/lifecycle/deactivate`));
    const made = succeeded(await on.usher.call('POST', `/usher/v1/apps/${source}/duplicate`, body));
    expect(made['movedLinks']).toBe(1);
    const moved = String((made['app'] as JsonObject)['id']);
    expect(await appUser(moved, bob.id)).toMatchObject({ externalId: account, scope: 'USER' });
    expect(await appUser(source, bob.id)).toMatchObject({ externalId: null, scope: 'USER' });
    expect((await on.accounts()).get(bob.login)).toMatchObject({ active: true });
  });

  test('somebody assigned before provisioning is not linked to an account the original has come to write', async () => {
    const first = await addScimApp(on.usher, on.target.url, appToken);
    const copied = succeeded(
      await on.usher.call('POST', `/usher/v1/apps/${first}/duplicate`, { label: 'Late', links: 'STAY' }),
    );
    const late = String((copied['app'] as JsonObject)['id']);
    const erin = await on.addUser('erin');
    succeeded(await on.usher.call('POST', `/usher/v1/apps/${late}/assignments`, { userIds: [erin.id] }));
    await settled(late);
    await connect('Late');
    await on.cli(['apps', 'provisioning', 'Late', '--create', 'on', '--update', 'on', '--deactivate', 'on']);
    succeeded(await on.usher.call('POST', `/usher/v1/apps/${first}/assignments`, { userIds: [erin.id] }));
    await eventually(async () => expect(await appUser(first, erin.id)).toMatchObject({ status: 'PROVISIONED' }));

    await on.cli(['unprovisioned', 'match', 'Late']);
    const run = await on.cli(['unprovisioned', 'provision', 'Late', '--all'], { exit: 6 });
    expect(run).toMatchObject({ failed: 1 });
    expect(await appUser(late, erin.id)).toMatchObject({ externalId: null });
    const problems = succeeded(
      await on.usher.call('GET', `/usher/v1/runs/${String((run as JsonObject)['id'])}/problems`),
    ) as unknown as JsonObject[];
    expect(problems[0]?.['reason']).toMatch(/^Target provisions this account and writes active, /);
  });
});
