import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest, type Method } from '../../../test/http-context.ts';
import { insertRole } from '../../store/admins.ts';
import { issueFirstLink } from '../../services/sessions.ts';
import { createUser } from '../../services/users.ts';
import type { UserId } from '../../lib/ids.ts';

const password = 'correct horse battery';

/** What a browser keeps and sends. */
interface Browser {
  cookie: string;
  csrf: string;
}

describeOnDatabases('signing in', (database) => {
  let on: HttpTest;
  let people = 0;
  beforeAll(async () => {
    on = await openHttpTest(database, {
      settings: { requestsPerMinute: 1_000_000, signInsPerMinute: 1_000_000 },
    });
  });

  async function addPerson(role?: 'SUPER_ADMIN' | 'HELP_DESK_ADMIN') {
    people += 1;
    const login = `p${people}.zzyx@signin.example`;
    const profile = { login, email: login, firstName: 'Pat', lastName: `Zzyx${people}` };
    const { id } = await createUser(on.context, { profile, password });
    if (role !== undefined) await on.db.transaction((tx) => insertRole(tx, { userId: id }, role));
    return { id, login };
  }
  const post = (url: string, body: object, headers = {}) => on.call('POST', url, body, { token: null, headers });
  async function enter(username: string, secret = password): Promise<Browser> {
    const answer = await post('/usher/v1/session', { username, password: secret });
    expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining({ status: 'SIGNED_IN' })]);
    return browserOf(answer.headers['set-cookie']);
  }
  async function browserOf(header: unknown): Promise<Browser> {
    const cookie = String(header).split(';')[0] ?? '';
    const info = await on.call('GET', '/usher/v1/session', undefined, { token: null, headers: { cookie } });
    return { cookie, csrf: info.json<{ csrfToken: string }>().csrfToken };
  }
  const as = ({ cookie, csrf }: Browser, method: Method, url: string, body?: object, headers = {}) =>
    on.call(method, url, body, { token: null, headers: { cookie, 'x-usher-csrf': csrf, ...headers } });
  const statusOf = async (browser: Browser) => (await as(browser, 'GET', '/usher/v1/session')).statusCode;

  test('a password opens a session, which does what its person may', async () => {
    const { id, login } = await addPerson('SUPER_ADMIN');
    const answer = await post('/usher/v1/session', { username: login.toUpperCase(), password });
    expect(answer.headers['set-cookie']).toMatch(/^usher_session=[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const browser = await browserOf(answer.headers['set-cookie']);
    expect((await as(browser, 'GET', '/usher/v1/session')).json()).toMatchObject({
      user: { id, login },
      roles: ['Super Administrator'],
      permissions: expect.arrayContaining(['apps.manage']),
    });
    expect((await as(browser, 'POST', '/api/v1/groups', { profile: { name: 'By session' } })).statusCode).toBe(200);
    // Newest first: a reading that goes on later holds back what a transaction elsewhere could still come before.
    const query = `sortOrder=DESCENDING&filter=${encodeURIComponent(`actor.id eq "${id}"`)}`;
    const log = await on.call('GET', `/api/v1/logs?${query}`);
    expect(log.json<{ eventType: string }[]>().map(({ eventType }) => eventType)).toEqual(
      expect.arrayContaining(['user.session.start', 'group.lifecycle.create']),
    );
    const kept = JSON.stringify(await on.db.query('select encode(token_hash, $1) as hash from sessions', ['hex']));
    expect(kept).not.toContain(browser.cookie.split('=')[1]);
  });

  test('over https the cookie is Secure and of this host alone', async () => {
    const secure = await openHttpTest(database, { settings: { trustProxy: true } });
    const { login } = await addPerson();
    const user = await createUser(secure.context, {
      profile: { login, email: login, firstName: 'Pat', lastName: 'Zzyx' },
      password,
    });
    const answer = await secure.call(
      'POST',
      '/usher/v1/session',
      { username: user.id, password },
      {
        token: null,
        headers: { 'x-forwarded-proto': 'https' },
      },
    );
    expect(answer.headers['set-cookie']).toMatch(/^__Host-usher=\w{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  });

  test.each([
    ['a wrong password', 'p@x', async () => [(await addPerson()).login, 'wrong password'] as const],
    ['a name nobody has', '', async () => ['nobody@signin.example', password] as const],
    [
      'somebody suspended',
      '',
      async () => {
        const { id, login } = await addPerson();
        await on.call('POST', `/api/v1/users/${id}/lifecycle/suspend`);
        return [login, password] as const;
      },
    ],
    ['somebody without a password', '', async () => ['owner@usher.local', password] as const],
  ])('%s: 401, always the same', async (_name, _unused, prepare) => {
    const [username, secret] = await prepare();
    const answer = await post('/usher/v1/session', { username, password: secret });
    expect([answer.statusCode, answer.json<{ errorSummary: string }>().errorSummary]).toEqual([
      401,
      'Authentication failed',
    ]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('a change without the token of our page, or from another site, is refused: 403', async () => {
    const browser = await enter((await addPerson('SUPER_ADMIN')).login);
    const body = { profile: { name: 'Forged' } };
    for (const [csrf, site] of [
      ['', 'same-origin'],
      ['x'.repeat(43), 'same-origin'],
      [browser.csrf, 'cross-site'],
      [browser.csrf, 'same-site'],
    ] as const) {
      const answer = await as({ ...browser, csrf }, 'POST', '/api/v1/groups', body, { 'sec-fetch-site': site });
      expect([site, answer.statusCode]).toEqual([site, 403]);
    }
    const login = await post('/usher/v1/session', { username: 'x', password }, { 'sec-fetch-site': 'cross-site' });
    expect(login.statusCode).toBe(403);
    expect((await as(browser, 'GET', '/api/v1/groups?q=Forged')).json()).toEqual([]);
  });

  test('an employee sees their own things and nothing else', async () => {
    const browser = await enter((await addPerson()).login);
    expect((await as(browser, 'GET', '/usher/v1/me/apps')).json()).toEqual([]);
    expect((await as(browser, 'GET', '/usher/v1/me/profile')).json()).toMatchObject({
      attributes: expect.arrayContaining([expect.objectContaining({ name: 'firstName', value: 'Pat' })]),
      groups: ['Everyone'],
    });
    for (const url of ['/api/v1/users', '/api/v1/users/me', '/api/v1/apps', '/usher/v1/runs', '/api/v1/logs']) {
      expect([url, (await as(browser, 'GET', url)).statusCode]).toEqual([url, 403]);
    }
  });

  test('my apps say where the account is', async () => {
    const { id, login } = await addPerson();
    const browser = await enter(login);
    const settings = { url: 'https://wiki.example.com/' };
    const made = await on.call('POST', '/usher/v1/apps', { catalogKey: 'bookmark', label: 'Wiki', settings });
    const app = made.json<{ id: string }>().id;
    await on.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, sync_state) values ($1, $2, true, true, 'OUT_OF_SYNC')`,
      [app, id],
    );
    const state = async () =>
      (await as(browser, 'GET', '/usher/v1/me/apps')).json<{ state: string }[]>().map((tile) => tile.state);
    expect(await state()).toEqual(['PREPARING']);
    await on.db.query(`update app_users set sync_state = 'ERROR' where user_id = $1`, [id]);
    expect(await state()).toEqual(['FAILED']);
    await on.db.query(`update app_users set sync_state = 'SYNCHRONIZED', external_id = 'x' where user_id = $1`, [id]);
    expect(await state()).toEqual(['READY']);
  });

  test.each<[string, (id: UserId, browser: Browser) => Promise<unknown>]>([
    ['signing out', (_id, browser) => as(browser, 'DELETE', '/usher/v1/session')],
    [
      'half an hour of nothing',
      (id) => on.db.query(`update sessions set last_seen = now() - interval '31 minutes' where user_id = $1`, [id]),
    ],
    ['twelve hours', (id) => on.db.query('update sessions set expires = now() where user_id = $1', [id])],
    [
      'a suspension, also one that is over',
      async (id) => {
        await on.call('POST', `/api/v1/users/${id}/lifecycle/suspend`);
        await on.call('POST', `/api/v1/users/${id}/lifecycle/unsuspend`);
      },
    ],
    [
      'a new password',
      (id) => on.call('PUT', `/api/v1/users/${id}`, { credentials: { password: { value: 'another horse' } } }),
    ],
    ['an administrator', (id) => on.call('DELETE', `/api/v1/users/${id}/sessions`)],
  ])('%s ends a session: 401 from then on', async (_name, spoil) => {
    const { id, login } = await addPerson();
    const browser = await enter(login);
    expect(await statusOf(browser)).toBe(200);
    await spoil(id, browser);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await statusOf(browser)).toBe(401);
  });

  test('what a page asks of its own accord keeps no session alive', async () => {
    const { id, login } = await addPerson();
    const browser = await enter(login);
    const age = `update sessions set last_seen = now() - interval '5 minutes' where user_id = $1`;
    const seen = async () =>
      (
        await on.db.query<{ old: boolean }>(
          `select last_seen < now() - interval '4 minutes' as old from sessions where user_id = $1`,
          [id],
        )
      )[0]?.old;
    await on.db.query(age, [id]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await as(browser, 'GET', '/usher/v1/session', undefined, { 'x-usher-unattended': '1' });
    expect(await seen()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await as(browser, 'GET', '/usher/v1/session');
    expect(await seen()).toBe(false);
  });

  test('what is dangerous takes the password again after a quarter of an hour: 403 U0000001', async () => {
    const { id, login } = await addPerson('SUPER_ADMIN');
    const browser = await enter(login);
    const make = () => as(browser, 'POST', '/usher/v1/api-tokens', { name: 'ci' });
    expect((await make()).statusCode).toBe(200);
    await on.db.query(`update sessions set proven = now() - interval '16 minutes' where user_id = $1`, [id]);
    const asked = await make();
    expect([asked.statusCode, asked.json<{ errorCode: string }>().errorCode]).toEqual([403, 'U0000001']);
    expect((await as(browser, 'POST', '/usher/v1/session/proof', { password: 'wrong' })).statusCode).toBe(403);
    expect((await make()).statusCode).toBe(403);
    const rotate = () => as(browser, 'POST', '/usher/v1/keys/rotate');
    expect((await rotate()).json<{ errorCode: string }>().errorCode).toBe('U0000001');
    expect((await as(browser, 'POST', '/usher/v1/session/proof', { password })).statusCode).toBe(204);
    expect((await make()).statusCode).toBe(200);
    expect((await rotate()).statusCode).toBe(202);
  });

  test('a token made in a session goes on working when the session has ended', async () => {
    const { id, login } = await addPerson('SUPER_ADMIN');
    const browser = await enter(login);
    const expires = '2998-01-01T00:00:00.000Z';
    const dated = await as(browser, 'POST', '/usher/v1/api-tokens', { name: 'dated', expires });
    expect([dated.statusCode, dated.json<{ expiresAt: string }>().expiresAt]).toEqual([200, expires]);
    const made = await as(browser, 'POST', '/usher/v1/api-tokens', { name: 'ci' });
    const { value, expiresAt } = made.json<{ value: string; expiresAt: string | null }>();
    expect(expiresAt).toBeNull();
    await on.db.query(`delete from sessions where user_id = $1`, [id]);
    expect((await on.call('GET', '/api/v1/users/me', undefined, { token: value })).statusCode).toBe(200);
  });

  test('people see their sessions and end the others', async () => {
    const { login } = await addPerson();
    const [here, there, elsewhere] = [await enter(login), await enter(login), await enter(login)];
    const sessions = (await as(here, 'GET', '/usher/v1/me/sessions')).json<{ id: string; current: boolean }[]>();
    expect(sessions.map(({ current }) => current)).toEqual([false, false, true]);
    expect((await as(here, 'DELETE', `/usher/v1/me/sessions/${sessions[0]?.id}`)).statusCode).toBe(204);
    expect([await statusOf(here), await statusOf(there), await statusOf(elsewhere)]).toEqual([200, 200, 401]);
    expect((await as(here, 'DELETE', '/usher/v1/me/sessions')).statusCode).toBe(204);
    expect([await statusOf(here), await statusOf(there)]).toEqual([200, 401]);
  });

  test('one changes the own password and stays in; other sessions end', async () => {
    const { login } = await addPerson();
    const [here, there] = [await enter(login), await enter(login)];
    const newPassword = 'another horse entirely';
    expect((await as(here, 'POST', '/usher/v1/me/password', { oldPassword: 'wrong', newPassword })).statusCode).toBe(
      403,
    );
    const answer = await as(here, 'POST', '/usher/v1/me/password', { oldPassword: password, newPassword });
    expect(answer.statusCode).toBe(204);
    expect(await statusOf(await browserOf(answer.headers['set-cookie']))).toBe(200);
    expect(await statusOf(there)).toBe(401);
    await enter(login, newPassword);
  });

  test('a password that has expired opens the way to another, once', async () => {
    const { id, login } = await addPerson();
    await on.call('POST', `/api/v1/users/${id}/lifecycle/expire_password`);
    const answer = await post('/usher/v1/session', { username: login, password });
    const { status, passwordToken: token } = answer.json<{ status: string; passwordToken: string }>();
    expect([status, answer.headers['set-cookie']]).toEqual(['PASSWORD_EXPIRED', undefined]);
    expect((await post('/usher/v1/session/password', { token, password: 'short' })).statusCode).toBe(400);
    const set = await post('/usher/v1/session/password', { token, password: 'another horse entirely' });
    expect(set.statusCode).toBe(200);
    expect((await as(await browserOf(set.headers['set-cookie']), 'GET', '/usher/v1/session')).statusCode).toBe(200);
    expect((await post('/usher/v1/session/password', { token, password: 'yet another horse' })).statusCode).toBe(403);
  });

  test('too many attempts from an address: 429, and after a minute again', async () => {
    const limited = await openHttpTest(database, { settings: { signInsPerMinute: 3 } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const body = { username: 'nobody', password };
      statuses.push((await limited.call('POST', '/usher/v1/session', body, { token: null })).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });
});

describeOnDatabases('the first sign-in', (database) => {
  test('a link made at start lets the owner set a password; twenty at once make one; then there is none', async () => {
    const on = await openHttpTest(database, { settings: { signInsPerMinute: 1_000 } });
    const token = await issueFirstLink(on.context);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        on.call('POST', '/usher/v1/session/password', { token, password: `correct horse ${index}` }, { token: null }),
      ),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const query = `sortOrder=DESCENDING&filter=${encodeURIComponent('eventType eq "user.account.update_password"')}`;
    const [event] = (await on.call('GET', `/api/v1/logs?${query}`)).json<{ actor: object; target: object[] }[]>();
    expect(event).toMatchObject({ actor: { id: on.ownerId }, target: [{ id: on.ownerId }] });
    expect(await issueFirstLink(on.context)).toBeUndefined();
  });
});
