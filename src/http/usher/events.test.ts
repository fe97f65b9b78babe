import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { addAdmin, addApp } from '../../../test/access/world.ts';
import { systemActor } from '../../domain/log-event.ts';
import { newId, type AppId } from '../../lib/ids.ts';
import { createUser } from '../../services/users.ts';
import { appendEvents } from '../../store/log-events.ts';
import { insertRun, updateRun } from '../../store/runs.ts';
import { buildServer } from '../server.ts';

interface Told {
  readonly event: string;
  readonly data: { readonly topics?: string[]; readonly apps?: string[] | null; readonly runs?: string[] };
}

describeOnDatabases('the stream of what is stale', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });

  /** What an open stream has told so far; `hello` has come. */
  async function follow(headers: Readonly<Record<string, string>>) {
    const answer = await on.server.inject({
      method: 'GET',
      url: '/usher/v1/events',
      headers: { accept: 'text/event-stream', ...headers },
      payloadAsStream: true,
    });
    const told: Told[] = [];
    let ended = false;
    const stream = answer.stream();
    stream.on('data', (chunk: Buffer) => {
      for (const [, event = '', data = ''] of chunk.toString().matchAll(/event: (\w+)\ndata: (.*)\n\n/g)) {
        told.push({ event, data: JSON.parse(data) as Told['data'] });
      }
    });
    stream.on('end', () => (ended = true));
    if (answer.statusCode === 200) await expect.poll(() => told[0]?.event).toBe('hello');
    return { status: answer.statusCode, told, ended: () => ended, hangUp: () => stream.destroy() };
  }
  const asToken = (token: string) => ({ authorization: `SSWS ${token}` });
  const topicsIn = (told: readonly Told[]) => new Set(told.flatMap(({ data }) => data.topics ?? []));
  const appsIn = (told: readonly Told[]) => told.flatMap(({ data }) => data.apps ?? []);

  test('tells everybody what of theirs has changed, and nobody more', async () => {
    const [mine, other] = [await addApp(on, 'Mine'), await addApp(on, 'Other')];
    const limited = await addAdmin(on, 'APP_ADMIN', { apps: [{ name: 'bookmark', appId: mine }] });
    const owner = await follow(asToken(on.ownerToken));
    const appAdmin = await follow(asToken(limited.token));
    const change = (appId: AppId) => on.call('POST', `/api/v1/apps/${appId}/lifecycle/deactivate`);
    await change(other);
    await expect.poll(() => appsIn(owner.told)).toEqual([other]);
    expect(topicsIn(owner.told)).toEqual(new Set(['apps', 'accounts', 'tasks', 'log', 'mine']));
    await change(mine);
    await expect.poll(() => appsIn(appAdmin.told)).toEqual([mine]);
    expect(topicsIn(appAdmin.told)).toEqual(new Set(['apps', 'accounts', 'tasks', 'mine']));
    owner.hangUp();
    appAdmin.hangUp();
  });

  test('tells how far runs are', async () => {
    const { told, hangUp } = await follow(asToken(on.ownerToken));
    const id = newId('run');
    await on.db.transaction((tx) => insertRun(tx, { id, kind: 'x', appId: null, startedBy: systemActor, total: 9 }));
    await expect.poll(() => told.filter(({ data }) => data.runs?.includes(id)).length).toBe(1);
    await on.db.transaction((tx) => updateRun(tx, id, { done: 5 }));
    await expect.poll(() => told.filter(({ data }) => data.runs?.includes(id)).length).toBe(2);
    await on.db.transaction((tx) => updateRun(tx, id, { status: 'SUCCEEDED' }));
    await expect.poll(() => told.filter(({ data }) => data.runs?.includes(id)).length).toBe(3);
    hangUp();
  });

  test('tells what a slow transaction wrote before others, once it commits', async () => {
    if (on.db.kind === 'pglite') return; // One connection: nothing is ever out of order.
    const { told, hangUp } = await follow(asToken(on.ownerToken));
    const event = { outcome: 'SUCCESS', actor: systemActor, targets: [] } as const;
    await on.db.transaction(async (tx) => {
      await appendEvents(tx, [{ ...event, eventType: 'directory.user_profile.update' }]);
      await on.db.transaction((later) => appendEvents(later, [{ ...event, eventType: 'system.api_token.create' }]));
      await expect.poll(() => topicsIn(told)).toContain('tokens');
      expect(topicsIn(told)).not.toContain('schemas');
    });
    await expect.poll(() => topicsIn(told)).toContain('schemas');
    hangUp();
  });

  test('ends with the session, and does not keep it alive', async () => {
    const profile = { login: 'ann@events.example', email: 'ann@events.example', firstName: 'Ann', lastName: 'E' };
    await createUser(on.context, { profile, password: 'correct horse battery' });
    const body = { username: profile.login, password: 'correct horse battery' };
    const signedIn = await on.call('POST', '/usher/v1/session', body, { token: null });
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    await on.db.query(`update sessions set last_seen = now() - interval '5 minutes'`);
    const { told, ended } = await follow({ cookie });
    const [row] = await on.db.query<{ idle: boolean }>(
      `select bool_and(last_seen < now() - interval '4 minutes') as idle from sessions`,
    );
    expect(row?.idle).toBe(true);
    const session = await on.call('GET', '/usher/v1/session', undefined, { token: null, headers: { cookie } });
    const csrf = session.json<{ csrfToken: string }>().csrfToken;
    const headers = { cookie, 'x-usher-csrf': csrf };
    await on.call('DELETE', '/usher/v1/session', undefined, { token: null, headers });
    await expect.poll(ended).toBe(true);
    expect(told.at(-1)?.event).toBe('end');
  });

  test('what somebody may see is what they may see now', async () => {
    const admin = await addAdmin(on, 'READ_ONLY_ADMIN');
    const { told, hangUp } = await follow(asToken(admin.token));
    await on.call('DELETE', `/api/v1/users/${admin.userId}/roles/${admin.roleId}`);
    await on.call('POST', '/api/v1/groups', { profile: { name: 'After the role' } });
    await expect.poll(() => topicsIn(told)).toEqual(new Set(['mine']));
    await sleep(700);
    expect(topicsIn(told)).toEqual(new Set(['mine']));
    hangUp();
  });

  test('is bounded, asked for by name, and ends with the server', async () => {
    expect((await on.call('GET', '/usher/v1/events')).statusCode).toBe(406);
    expect((await follow({})).status).toBe(401);
    const token = await on.addToken('ORG_ADMIN');
    const own = buildServer(on.deps);
    const url = `${await own.listen({ host: '127.0.0.1', port: 0 })}/usher/v1/events`;
    const headers = { accept: 'text/event-stream', ...asToken(token) };
    const open = async () => {
      const hangUp = new AbortController();
      const answer = await fetch(url, { headers, signal: hangUp.signal });
      return { answer, hangUp: () => hangUp.abort() };
    };
    const streams = await Promise.all(Array.from({ length: 12 }, open));
    const refused = await open();
    expect([refused.answer.status, refused.answer.headers.get('retry-after')]).toEqual([429, '30']);
    streams[0]?.hangUp();
    await expect.poll(async () => (await open()).answer.status).toBe(200);
    await own.close();
    for (const { answer } of streams.slice(1)) expect(await answer.text()).toMatch(/^event: hello\n/);
  });
});
