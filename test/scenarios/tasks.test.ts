import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId } from '../../src/lib/ids.ts';
import type { Json } from '../../src/lib/json.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

interface Task {
  readonly id: string;
  readonly people: number;
  readonly leavers: number;
  readonly suggestion: string;
}

const logins = ['ada@acme.example', 'bob@acme.example', 'eve@acme.example'];

describeOnDatabases('tasks from the command line, on a SCIM server of others (issue 4, item 7)', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  beforeAll(async () => {
    target = await startScimmyApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
    await on.addPeople(...logins);
  });
  afterAll(() => target.close());

  const usher = async (...args: readonly string[]): Promise<Json> => {
    const { exit, stderr, json } = await on.usher(...args);
    expect([exit, stderr]).toEqual([0, '']);
    return json;
  };
  const open = async (app: string = appId) => (await usher('tasks', 'list', '--app', app)) as unknown as Task[];
  const scim = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${target.url}${path}`, {
      method,
      headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json().catch(() => ({}))) as { id: string };
  };

  test('accounts whose names are taken are one task, tried again one by one and all together', async () => {
    await usher('apps', 'provisioning', appId, '--existing-account', 'ask');
    // After the app's accounts were listed once, so that these are met as they are made.
    await on.drain(appId);
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    const foreign = [];
    for (const userName of logins) foreign.push(await scim('POST', '/Users', { schemas, userName, active: true }));
    await usher('assign', appId, '--user', ...logins);
    await on.drain(appId);

    const [task, ...others] = await open();
    expect(others).toEqual([]);
    expect(task).toMatchObject({ people: 3, leavers: 0, suggestion: expect.stringMatching(/\w+/) });
    const shown = (await usher('tasks', 'show', task?.id ?? '')) as unknown as { people: { login: string }[] };
    expect(shown.people.map(({ login }) => login).sort()).toEqual(logins);

    await scim('DELETE', `/Users/${foreign[0]?.id ?? ''}`);
    expect(await usher('tasks', 'retry', task?.id ?? '', '--user', logins[0] ?? '')).toMatchObject({ retried: 1 });
    await on.drain(appId);
    expect(await open()).toEqual([expect.objectContaining({ id: task?.id, people: 2 })]);

    for (const { id } of foreign.slice(1)) await scim('DELETE', `/Users/${id}`);
    expect(await usher('tasks', 'retry', task?.id ?? '')).toMatchObject({ retried: 2 });
    await on.drain(appId);
    expect(await open()).toEqual([]);
    expect(await on.counts(appId)).toMatchObject({ assigned: 3, synchronized: 3, failed: 0 });
  });

  test('an app without an interface: a person makes and takes away the account, and says how', async () => {
    const made = (await usher('apps', 'add', 'bookmark', '--label', 'Fax', '--set', 'url=https://fax.example')) as {
      id: string;
    };
    await usher('apps', 'provisioning', made.id, '--manual', 'on');
    await usher('assign', made.id, '--user', logins[0] ?? '', logins[1] ?? '');
    await on.drain(made.id as AppId);
    const [todo] = await open(made.id);
    expect(todo).toMatchObject({ people: 2, leavers: 0 });
    const unsaid = await on.usher('tasks', 'complete', todo?.id ?? '', '--all');
    expect([unsaid.exit, unsaid.stderr]).toEqual([2, expect.stringContaining('--evidence')]);
    const evidence = ['--evidence', 'Made in the panel', '--link', 'https://tickets.example/4711'];
    expect(await usher('tasks', 'complete', todo?.id ?? '', '--all', ...evidence)).toMatchObject({ completed: 2 });
    await on.drain(made.id as AppId);
    expect(await open(made.id)).toEqual([]);

    await usher('users', 'deactivate', logins[1] ?? '');
    await on.drain(made.id as AppId);
    const [gone] = await open(made.id);
    expect(gone).toMatchObject({ people: 1, leavers: 1 });
    await usher('tasks', 'complete', gone?.id ?? '', '--user', logins[1] ?? '', '--evidence', 'Taken out');
    await on.drain(made.id as AppId);
    expect(await open(made.id)).toEqual([]);
    const operations = await on.call('GET', `/usher/v1/apps/${made.id}/operations`);
    expect(operations.json()).toMatchObject([
      { kind: 'deactivate', changes: { byHand: { text: 'Taken out' } } },
      { kind: 'create', changes: { byHand: { text: 'Made in the panel', link: 'https://tickets.example/4711' } } },
      { kind: 'create' },
    ]);
  });

  test('is given to a colleague, ignored with a reason, and opened again', async () => {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
    await on.addPeople('zoe@acme.example');
    await scim('POST', '/Users', { schemas, userName: 'zoe@acme.example', active: true });
    await usher('assign', appId, '--user', 'zoe@acme.example');
    await on.drain(appId);
    const id = (await open())[0]?.id ?? '';
    expect(await usher('tasks', 'assign', id, logins[0] ?? '')).toMatchObject({ assignee: { login: logins[0] } });
    const unsaid = await on.usher('tasks', 'ignore', id);
    expect([unsaid.exit, unsaid.stderr]).toEqual([2, expect.stringContaining('--reason')]);
    await usher('tasks', 'ignore', id, '--reason', 'Licences come on Monday');
    expect(await open()).toEqual([]);
    expect(await usher('tasks', 'list', '--app', appId, '--ignored')).toEqual([
      expect.objectContaining({ id, reason: 'Licences come on Monday' }),
    ]);
    await usher('tasks', 'reopen', id);
    expect(await open()).toEqual([expect.objectContaining({ id })]);
    expect((await on.usher('tasks', 'show', 'tsknone')).exit).toBe(3);
  });
});
