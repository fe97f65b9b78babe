import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId } from '../../src/lib/ids.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { startBetterAuthApp } from '../apps/better-auth-app.ts';
import type { RunningApp } from '../apps/scimmy-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases('profile schemas, by API and command line (issue 4, item 3)', (database) => {
  let on: ProvisioningWorld;
  let target: RunningApp;
  let appId: AppId;
  beforeAll(async () => {
    target = await startBetterAuthApp({ token: 'secret' });
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
  });
  afterAll(() => target.close());

  const custom = async (of: string) => {
    const shown = await on.usher('schema', 'show', of);
    const { definitions } = shown.json as { definitions: { custom: { properties: JsonObject } } };
    return definitions.custom.properties;
  };
  const run = async (...args: string[]) => (await on.usher('schema', ...args)).exit;

  test.each(['user', 'group'])('attributes of a %s are added, changed and removed', async (of) => {
    const flags = ['--title', 'Size', '--enum', 'S,M,L', '--scope', 'self'];
    expect(await run('add', of, 'size', ...flags)).toBe(0);
    expect((await custom(of))['size']).toMatchObject({ type: 'string', enum: ['S', 'M', 'L'], scope: 'SELF' });
    expect(await run('change', of, 'size', '--enum', 'S,M,L,XL')).toBe(0);
    expect((await custom(of))['size']).toMatchObject({ title: 'Size', enum: ['S', 'M', 'L', 'XL'], scope: 'SELF' });
    expect(await run('add', of, 'size')).toBe(5);
    expect(await run('change', of, 'nothing', '--title', 'x')).toBe(3);
    expect(await run('remove', of, 'size')).toBe(0);
    expect((await custom(of))['size']).toBeUndefined();
  });

  test('what the app has besides is found in it, and added: one, then all', async () => {
    const found = await on.call('GET', `/usher/v1/apps/${appId}/schema/discovered`);
    expect(found.statusCode).toBe(200);
    const { properties } = found.json<{ properties: JsonObject }>();
    const [first = ''] = Object.keys(properties);
    expect(first).not.toBe('');
    expect(properties).not.toHaveProperty('title');
    expect(await run('discover', appId, '--add', first)).toBe(0);
    expect(Object.keys(await custom(appId))).toEqual([first]);
    expect(await run('discover', appId, '--add', first)).toBe(3);
    expect(await run('discover', appId, '--all')).toBe(0);
    expect((await on.usher('schema', 'discover', appId)).json).toEqual({ properties: {} });
    expect((await on.call('GET', '/usher/v1/apps/0oazzzzzzzzzzzzzzzzz/schema/discovered')).statusCode).toBe(404);
  });

  test('what expressions use is not removed, either way, unless the mappings may go with it', async () => {
    expect(await run('add', 'user', 'badge')).toBe(0);
    const place = ['--external-name', 'badge', '--external-namespace', 'urn:acme:2.0:User'];
    expect(await run('add', appId, 'appBadge', ...place)).toBe(0);
    const set = ['mappings', 'set', appId];
    expect((await on.usher(...set, '--to', 'appBadge', '--from', 'badge')).exit).toBe(0);
    const back = ['--direction', 'to-directory', '--to', 'badge', '--from', 'appBadge'];
    expect((await on.usher(...set, ...back)).exit).toBe(0);

    const ofApp = await on.usher('schema', 'remove', appId, 'appBadge');
    expect([ofApp.exit, ofApp.stderr]).toEqual([expect.any(Number), expect.stringContaining('mapping of badge')]);
    const ofPeople = await on.usher('schema', 'remove', 'user', 'badge');
    expect([ofPeople.exit, ofPeople.stderr]).toEqual([expect.any(Number), expect.stringContaining('appBadge')]);
    expect([ofApp.exit, ofPeople.exit]).not.toContain(0);
    expect(await custom(appId)).toHaveProperty('appBadge');

    expect(await run('remove', appId, 'appBadge', '--force')).toBe(0);
    const left = await on.usher('mappings', 'show', appId, '--direction', 'to-directory');
    expect((left.json as { properties: JsonObject }).properties).not.toHaveProperty('badge');
    expect(await run('remove', 'user', 'badge')).toBe(0);
  });

  test('a changed attribute of an app is planned, applied as shown, and refused when it is nothing', async () => {
    await on.usher('assign', appId, '--user', on.ownerId);
    await on.drain(appId);
    const place = ['--external-name', 'nickName', '--external-namespace', 'urn:acme:2.0:User'];
    const planned = await on.usher('schema', 'add', appId, 'alias', ...place, '--required', 'yes', '--plan');
    expect(planned.json).toMatchObject({ status: 'READY', counts: { error: 1 } });
    expect(await custom(appId)).not.toHaveProperty('alias');
    const { id } = planned.json as { id: string };
    expect((await on.usher('plan', 'apply', id)).exit).toBe(0);
    expect(await custom(appId)).toHaveProperty('alias', expect.objectContaining({ required: true }));
    const none = await on.call('POST', '/usher/v1/plans', { change: { kind: 'app_schema', appId, definitions: {} } });
    expect(none.statusCode).toBe(400);
  });
});
