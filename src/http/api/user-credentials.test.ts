import { beforeAll, describe, expect, test } from 'vitest';
import { eventsAbout } from '../../../test/directory.ts';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import type { UserId } from '../../lib/ids.ts';
import { checkPassword } from '../../services/password-check.ts';
import { setPasswordByToken } from '../../services/user-credentials.ts';

interface Reply {
  readonly id: UserId;
  readonly status: string;
  readonly credentials: { readonly provider: object; readonly password?: object };
  readonly _links: Record<string, { readonly href: string }>;
}
interface Refusal {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

const password = { value: 'correct horse' };

describeOnDatabases('/api/v1 credentials of users', (database) => {
  let on: HttpTest;
  let people = 0;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const post = (path: string, body?: unknown) => on.call('POST', `/api/v1/users${path}`, body);
  const create = async (body: Record<string, unknown> = {}, query = '') => {
    people += 1;
    const login = `cred${people}@acme.example`;
    return post(query, { profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace' }, ...body });
  };
  const addUser = async (body: Record<string, unknown> = {}, query = '') => {
    const answer = await create(body, query);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return answer.json<Reply>();
  };
  const userOf = async (id: string) => (await on.call('GET', `/api/v1/users/${id}`)).json<Reply>();
  const refused = async (answer: Promise<{ statusCode: number; json<T>(): T }>) => {
    const { statusCode, json } = await answer;
    const { errorCode } = json<Refusal>();
    return [statusCode, errorCode];
  };
  const fits = async (id: UserId, value: string) => (await checkPassword(on.context, id, value)) !== undefined;
  const tokenOf = (url: string) => url.split('/').at(-1) ?? '';

  describe('creating', () => {
    const hash = {
      algorithm: 'SHA-256',
      salt: 'cGVwcGVy',
      saltOrder: 'PREFIX',
      value: 'hpofoGCaHRWlw+uJFCi3psg5Wy7hDEdi6X/8oOvowLU=',
    };

    test('a hash from elsewhere makes them ACTIVE, is used once and becomes one of ours', async () => {
      const user = await addUser({ credentials: { password: { hash } } });
      expect(user).toMatchObject({
        status: 'ACTIVE',
        credentials: { password: {}, provider: { type: 'IMPORT', name: 'IMPORT' } },
      });
      expect(await eventsAbout(on.db, user.id)).toContain('user.import.password');
      expect(await fits(user.id, 'wrong horse')).toBe(false);
      expect((await userOf(user.id)).credentials.provider).toEqual({ type: 'IMPORT', name: 'IMPORT' });
      expect(await fits(user.id, password.value)).toBe(true);
      expect((await userOf(user.id)).credentials.provider).toEqual({ type: 'OKTA', name: 'OKTA' });
      const [row] = await on.db.query<{ password_hash: string; imported_hash: unknown }>(
        'select password_hash, imported_hash from user_credentials where user_id = $1',
        [user.id],
      );
      expect(row).toEqual({ password_hash: expect.stringMatching(/^\$argon2id\$/), imported_hash: null });
      expect(await fits(user.id, password.value)).toBe(true);
    });

    test.each([
      [
        'a hash without its salt order',
        { hash: { ...hash, saltOrder: undefined } },
        'credentials.password.hash.saltOrder',
      ],
      [
        'bcrypt without a work factor',
        { hash: { ...hash, algorithm: 'BCRYPT' } },
        'credentials.password.hash.workFactor',
      ],
      ['an algorithm nobody knows', { hash: { ...hash, algorithm: 'ROT13' } }, 'credentials.password.hash.algorithm'],
      ['both a password and a hash', { hash, ...password }, 'credentials.password'],
      ['a hook', { hook: { type: 'default' } }, 'credentials.password.hook'],
      ['a short password', { value: '1234567' }, 'password'],
      ['a long password', { value: 'x'.repeat(129) }, 'password'],
    ])('400 for %s', async (_name, given, field) => {
      const answer = await create({ credentials: { password: given } });
      expect([answer.statusCode, answer.json<Refusal>().errorSummary]).toEqual([
        400,
        `Api validation failed: ${field}`,
      ]);
    });

    test('400 for a password with the login in it', async () => {
      const login = 'lovelace@acme.example';
      const profile = { login, email: login, firstName: 'Ada', lastName: 'Lovelace' };
      const answer = await post('', { profile, credentials: { password: { value: 'xLoveLace99' } } });
      expect(answer.json<Refusal>()).toMatchObject({
        errorSummary: 'Api validation failed: password',
        errorCauses: [{ errorSummary: expect.stringContaining('must not contain the username') }],
      });
    });

    test('who signs in elsewhere is ACTIVE without a password, and gets none', async () => {
      const credentials = { provider: { type: 'FEDERATION', name: 'FEDERATION' } };
      const user = await addUser({ credentials }, '?provider=true');
      expect(user).toMatchObject({ status: 'ACTIVE', credentials });
      expect(await refused(post(`/${user.id}`, { credentials: { password } }))).toEqual([400, 'E0000001']);
      expect(await refused(post(`/${user.id}/lifecycle/reset_password`))).toEqual([403, 'E0000038']);
      expect(await refused(create({}, '?provider=true'))).toEqual([400, 'E0000001']);
      const ldap = { credentials: { provider: { type: 'LDAP', name: 'x' } } };
      expect(await refused(create(ldap, '?provider=true'))).toEqual([400, 'E0000001']);
      // Without the parameter it is what a client was shown and sends back.
      expect((await addUser(ldap)).credentials.provider).toEqual({ type: 'OKTA', name: 'OKTA' });
    });

    test('400 for a nextLogin nobody knows, 404 for a group that does not exist', async () => {
      expect(await refused(create({}, '?nextLogin=never'))).toEqual([400, 'E0000001']);
      expect(await refused(create({ groupIds: ['00gnone'] }))).toEqual([404, 'E0000007']);
      expect(await refused(create({ type: { id: 'otynone' } }))).toEqual([400, 'E0000001']);
    });
  });

  describe('links', () => {
    const linksOf = async (id: string) => Object.keys((await userOf(id))._links).sort();

    test('a user alone links to what may be done, by status', async () => {
      const { id } = await addUser({}, '?activate=false');
      const always = ['schema', 'self', 'type'];
      expect(await linksOf(id)).toEqual(['activate', 'deactivate', ...always].sort());
      await post(`/${id}/lifecycle/activate`);
      expect(await linksOf(id)).toEqual(['deactivate', 'reactivate', 'resetPassword', ...always].sort());
      await post(`/${id}`, { credentials: { password, recovery_question: { question: 'Who?', answer: 'Byron' } } });
      const active = ['changePassword', 'changeRecoveryQuestion', 'deactivate', 'expirePassword', 'forgotPassword'];
      expect(await linksOf(id)).toEqual([...active, 'resetPassword', 'suspend', ...always].sort());
      await post(`/${id}/lifecycle/suspend`);
      expect(await linksOf(id)).toEqual(['deactivate', 'unsuspend', ...always].sort());
      await post(`/${id}/lifecycle/deactivate`);
      expect(await linksOf(id)).toEqual(['activate', ...always].sort());
    });

    test('every link of an action leads to a route', async () => {
      const { id } = await addUser({
        credentials: { password, recovery_question: { question: 'Who?', answer: 'Byron' } },
      });
      for (const [name, { href }] of Object.entries((await userOf(id))._links)) {
        const { pathname } = new URL(href);
        const found = await on.call(['self', 'schema', 'type'].includes(name) ? 'GET' : 'POST', pathname, undefined);
        expect([name, found.statusCode === 404 || found.statusCode === 405]).toEqual([name, false]);
      }
    });
  });

  describe('activation', () => {
    test('without a mail it answers a link whose token sets a password, once', async () => {
      const { id } = await addUser({}, '?activate=false');
      const answer = await post(`/${id}/lifecycle/activate?sendEmail=false`);
      const { activationToken, activationUrl } = answer.json<{ activationToken: string; activationUrl: string }>();
      expect(activationToken).toMatch(/^[0-9A-Za-z]{32}$/);
      expect(activationUrl).toBe(`http://localhost:80/welcome/${activationToken}`);
      const [stored] = await on.db.query<{ text: string }>(
        'select t::text as text from one_time_tokens t where user_id = $1',
        [id],
      );
      expect(stored?.text).not.toContain(activationToken);
      expect(await setPasswordByToken(on.context, activationToken, password.value)).toMatchObject({ status: 'ACTIVE' });
      expect(await fits(id, password.value)).toBe(true);
      await expect(setPasswordByToken(on.context, activationToken, 'another horse')).rejects.toMatchObject({
        code: 'credentials_refused',
      });
    });

    test('with a mail, or for somebody who has a password, it answers {}', async () => {
      const mailed = await addUser({}, '?activate=false');
      expect((await post(`/${mailed.id}/lifecycle/activate?sendEmail=true`)).body).toBe('{}');
      const ready = await addUser({ credentials: { password } }, '?activate=false');
      expect((await post(`/${ready.id}/lifecycle/activate?sendEmail=false`)).body).toBe('{}');
      expect((await userOf(ready.id)).status).toBe('ACTIVE');
      expect(await refused(post(`/${ready.id}/lifecycle/activate?sendEmail=maybe`))).toEqual([400, 'E0000001']);
    });

    test('a later link, another address and deactivation each end an earlier one, and so does a week', async () => {
      const { id } = await addUser({}, '?activate=false');
      const link = async (verb: string) =>
        (await post(`/${id}/lifecycle/${verb}?sendEmail=false`)).json<{ activationToken: string }>().activationToken;
      const dead = (token: string) =>
        expect(setPasswordByToken(on.context, token, password.value)).rejects.toMatchObject({
          code: 'credentials_refused',
        });
      const first = await link('activate');
      const second = await link('reactivate');
      await dead(first);
      await post(`/${id}`, { profile: { email: 'elsewhere@acme.example' } });
      await dead(second);
      const third = await link('reactivate');
      await post(`/${id}/lifecycle/deactivate`);
      await dead(third);
      const fourth = await link('activate');
      await on.db.query(`update one_time_tokens set expires = now() - interval '1 second' where user_id = $1`, [id]);
      await dead(fourth);
    });

    test('of two who use a link at once, one does', async () => {
      const { id } = await addUser({}, '?activate=false');
      const { activationToken } = (await post(`/${id}/lifecycle/activate?sendEmail=false`)).json<{
        activationToken: string;
      }>();
      const attempts = ['first horse', 'second horse'].map((each) =>
        setPasswordByToken(on.context, activationToken, each),
      );
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  describe('passwords', () => {
    test('reset: the user is in RECOVERY until a new one is set by the link', async () => {
      const { id } = await addUser({ credentials: { password } });
      const answer = await post(`/${id}/lifecycle/reset_password?sendEmail=false`);
      const { resetPasswordUrl } = answer.json<{ resetPasswordUrl: string }>();
      expect(resetPasswordUrl).toMatch(/^http:\/\/localhost:80\/reset_password\/[0-9A-Za-z]{32}$/);
      expect((await userOf(id)).status).toBe('RECOVERY');
      expect(await eventsAbout(on.db, id)).toContain('user.account.reset_password');
      await setPasswordByToken(on.context, tokenOf(resetPasswordUrl), 'another horse');
      expect((await userOf(id)).status).toBe('ACTIVE');
      expect([await fits(id, password.value), await fits(id, 'another horse')]).toEqual([false, true]);
      expect((await post(`/${id}/lifecycle/reset_password?sendEmail=true`)).body).toBe('{}');
    });

    test('expire: the user, PASSWORD_EXPIRED; with a temporary password, that one', async () => {
      const { id } = await addUser({ credentials: { password } });
      const expired = await post(`/${id}/lifecycle/expire_password`);
      expect(expired.json()).toMatchObject({ id, status: 'PASSWORD_EXPIRED' });
      const { tempPassword } = (await post(`/${id}/lifecycle/expire_password_with_temp_password`)).json<{
        tempPassword: string;
      }>();
      expect(tempPassword).toMatch(/^\w{16}$/);
      expect([await fits(id, password.value), await fits(id, tempPassword)]).toEqual([false, true]);
      expect((await userOf(id)).status).toBe('PASSWORD_EXPIRED');
      expect(await eventsAbout(on.db, id)).toContain('user.account.expire_password');
    });

    test('change: with the old one, which a wrong one is told and logged', async () => {
      const { id } = await addUser({ credentials: { password } });
      const change = (oldPassword: string, newPassword: string) =>
        post(`/${id}/credentials/change_password`, {
          oldPassword: { value: oldPassword },
          newPassword: { value: newPassword },
        });
      const wrong = await change('wrong horse', 'another horse');
      expect([wrong.statusCode, wrong.json<Refusal>()]).toEqual([
        403,
        expect.objectContaining({
          errorCode: 'E0000014',
          errorSummary: 'Update of credentials failed',
          errorCauses: [{ errorSummary: 'oldPassword: Old Password is not correct' }],
        }),
      ]);
      const [event] = await on.db.query<{ outcome: string }>(
        `select outcome from log_events where event_type = 'user.account.update_password' order by seq desc limit 1`,
      );
      expect(event?.outcome).toBe('FAILURE');
      expect(await refused(change(password.value, 'short'))).toEqual([400, 'E0000001']);
      const changed = await change(password.value, 'another horse');
      expect([changed.statusCode, changed.json()]).toEqual([
        200,
        { password: {}, provider: { type: 'OKTA', name: 'OKTA' } },
      ]);
      expect([await fits(id, password.value), await fits(id, 'another horse')]).toEqual([false, true]);
    });

    test('the recovery question: changed with the password, answered for another password', async () => {
      const { id } = await addUser({ credentials: { password } });
      const set = (value: string, answer: string) =>
        post(`/${id}/credentials/change_recovery_question`, {
          password: { value },
          recovery_question: { question: 'Who?', answer },
        });
      const reset = (answer: string) =>
        post(`/${id}/credentials/forgot_password_recovery_question`, {
          password: { value: 'another horse' },
          recovery_question: { answer },
        });
      expect(await refused(reset('Byron'))).toEqual([403, 'E0000038']);
      expect(await refused(post(`/${id}/credentials/forgot_password`))).toEqual([403, 'E0000038']);
      expect(await refused(set('wrong horse', 'Byron'))).toEqual([403, 'E0000014']);
      expect(await refused(set(password.value, 'By'))).toEqual([400, 'E0000001']);
      expect((await set(password.value, 'Byron')).json()).toMatchObject({ recovery_question: { question: 'Who?' } });
      expect(await refused(reset('Shelley'))).toEqual([403, 'E0000014']);
      expect((await reset(' BYRON')).statusCode).toBe(200);
      expect(await fits(id, 'another horse')).toBe(true);
      const forgot = await post(`/${id}/credentials/forgot_password?sendEmail=false`);
      expect(forgot.json()).toEqual({ resetPasswordUrl: expect.stringContaining('/reset_password/') });
      expect((await userOf(id)).status).toBe('ACTIVE');
      expect((await post(`/${id}/credentials/forgot_password`)).body).toBe('{}');
    });

    test.each([
      ['expire_password', '?activate=false'],
      ['expire_password', ''],
      ['expire_password_with_temp_password', '?activate=false'],
      ['reset_password', '?activate=false'],
    ])('403 E0000038 for %s of somebody created with %j and no password', async (verb, query) => {
      const { id } = await addUser({}, query);
      expect(await refused(post(`/${id}/lifecycle/${verb}`))).toEqual([403, 'E0000038']);
    });

    test('403 where the last administrator would be locked out', async () => {
      expect(await refused(post(`/${on.ownerId}/lifecycle/reset_password`))).toEqual([403, 'E0000038']);
      expect((await on.call('GET', '/api/v1/users/me')).statusCode).toBe(200);
    });

    test('nothing is lost by giving up factors and sessions: 200 {} and 204; 404 for nobody', async () => {
      const { id } = await addUser();
      expect((await post(`/${id}/lifecycle/reset_factors`)).body).toBe('{}');
      expect((await on.call('DELETE', `/api/v1/users/${id}/sessions?oauthTokens=true`)).statusCode).toBe(204);
      for (const [method, path] of [
        ['POST', 'lifecycle/reset_factors'],
        ['POST', 'lifecycle/reset_password'],
        ['POST', 'lifecycle/expire_password'],
        ['POST', 'lifecycle/expire_password_with_temp_password'],
        ['POST', 'credentials/forgot_password'],
        ['DELETE', 'sessions'],
      ] as const) {
        expect(await refused(on.call(method, `/api/v1/users/00unobody/${path}`))).toEqual([404, 'E0000007']);
      }
    });

    test('no answer and no event ever holds a password or a hash', async () => {
      const secret = 'canary-battery-staple';
      const { id } = await addUser({ credentials: { password: { value: secret } } });
      await post(`/${id}/credentials/change_password`, {
        oldPassword: { value: secret },
        newPassword: { value: `${secret}-2` },
      });
      expect((await on.call('GET', `/api/v1/users/${id}`)).body).not.toMatch(/canary|argon2/);
      const events = await on.db.query('select * from log_events');
      expect(JSON.stringify(events)).not.toMatch(/canary|argon2/);
    });
  });

  describe('versions', () => {
    test('412 for a change to what is no more as it was read', async () => {
      const { id } = await addUser();
      const url = `/api/v1/users/${id}`;
      const read = await on.call('GET', url);
      const etag = String(read.headers['etag']);
      const change = (title: string, tag: string) =>
        on.call('POST', url, { profile: { title } }, { headers: { 'if-match': tag } });
      const first = await change('Countess', etag);
      expect([first.statusCode, first.headers['etag'] === etag]).toEqual([200, false]);
      const stale = await change('Nobody', etag);
      expect([stale.statusCode, Object.keys(stale.json<object>())]).toEqual([412, expect.arrayContaining(['errorId'])]);
      expect((await change('Countess of Lovelace', '*')).statusCode).toBe(200);
      expect((await change('x', 'unquoted')).statusCode).toBe(400);
      expect((await on.call('GET', url)).body).toContain('Countess of Lovelace');
    });
  });
});
