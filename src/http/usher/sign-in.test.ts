import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientId, clientSecret, startOidcProvider, type RunningProvider } from '../../../test/apps/oidc-provider.ts';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import { parseEgressRules } from '../../lib/egress.ts';
import { createHttpClient } from '../../lib/undici-http-client.ts';

const callback = 'http://localhost/usher/v1/sign-in/callback';

describeOnDatabases('signing in with a provider', (database) => {
  let on: HttpTest;
  let provider: RunningProvider;
  let id: string;
  let people = 0;
  beforeAll(async () => {
    provider = await startOidcProvider([callback]);
    const egress = parseEgressRules(['127.0.0.1/32']);
    on = await openHttpTest(database, {
      settings: { baseUrl: 'http://localhost', requestsPerMinute: 1_000_000, signInsPerMinute: 1_000_000 },
      openHttp: ({ timeoutMs, concurrencyMax }) => createHttpClient({ egress, timeoutMs, connections: concurrencyMax }),
    });
    id = await addProvider(provider.issuer, 'Acme');
  });
  afterAll(() => provider.close());
  beforeEach(() => {
    provider.plant = undefined;
    provider.plantKey = false;
  });

  async function addProvider(issuer: string, label: string, more: object = {}): Promise<string> {
    const made = await on.call('POST', '/usher/v1/identity-providers', {
      label,
      issuer,
      clientId,
      clientSecret,
      ...more,
    });
    expect([made.statusCode, made.body.includes(clientSecret)]).toEqual([200, false]);
    return made.json<{ id: string }>().id;
  }
  async function addPerson(status?: 'SUSPENDED' | 'DEPROVISIONED' | 'LOCKED_OUT') {
    people += 1;
    const login = `p${people}@oidc.example`;
    return { login, userId: await on.addUser(login, status ?? 'ACTIVE') };
  }
  async function begin(from?: string, providerId = id, more: Record<string, string> = {}) {
    const asked = new URLSearchParams({ ...(from === undefined ? {} : { from }), ...more }).toString();
    const query = asked === '' ? '' : `?${asked}`;
    const answer = await get(`/usher/v1/sign-in/providers/${providerId}${query}`);
    return { url: String(answer.headers.location), cookie: cookieIn(answer.headers['set-cookie']) };
  }
  const get = (url: string, cookie?: string) =>
    on.call('GET', url, undefined, { token: null, headers: cookie === undefined ? {} : { cookie } });
  async function come(subject: string, from?: string) {
    const { url, cookie } = await begin(from);
    return arrive(await throughProvider(url, subject), cookie);
  }
  async function arrive(back: string, cookie: string) {
    const { pathname, search } = new URL(back);
    const answer = await get(pathname + search, cookie);
    expect(answer.statusCode).toBe(302);
    const session = [answer.headers['set-cookie']].flat().find((each) => /^usher_session=\w/.test(each ?? ''));
    return { to: String(answer.headers.location), session };
  }
  const events = async (userId: string) =>
    (
      await on.db.query<{ event_type: string; outcome: string; reason: string | null }>(
        `select event_type, outcome, reason from log_events where target @> jsonb_build_array(jsonb_build_object('id', $1::text)) order by seq`,
        [userId],
      )
    ).map(({ event_type: type, outcome, reason }) => [type, outcome, reason].filter(Boolean).join(' '));

  test('a verified e-mail address that is a login opens a session like a password does, at the page wanted', async () => {
    const { login, userId } = await addPerson();
    const { to, session } = await come(login, '/admin/people?q=x');
    expect([to, session]).toEqual([
      '/admin/people?q=x',
      expect.stringMatching(/^usher_session=[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const info = await get('/usher/v1/session', session?.split(';')[0]);
    expect(info.json()).toMatchObject({ user: { id: userId, login } });
    expect(await events(userId)).toEqual(['user.authentication.auth_via_IDP SUCCESS', 'user.session.start SUCCESS']);
  });

  test('from then on the subject says who it is: another address there changes nothing, and takes nobody over', async () => {
    const [first, second] = [await addPerson(), await addPerson()];
    await come(first.login);
    provider.claims.set(first.login, { email: second.login, email_verified: true });
    const { session } = await come(first.login);
    const info = await get('/usher/v1/session', session?.split(';')[0]);
    expect(info.json()).toMatchObject({ user: { id: first.userId } });
    // Somebody else who has the address now, as another subject.
    provider.claims.set('newcomer', { email: first.login, email_verified: true });
    expect((await come('newcomer')).to).toBe('/login?problem=linked');
    const unlink = `/usher/v1/identity-providers/${id}/links/${first.login}`;
    expect((await on.call('DELETE', unlink)).statusCode).toBe(204);
    expect((await on.call('DELETE', unlink)).statusCode).toBe(404);
    expect((await come('newcomer')).to).toBe('/');
  });

  test.each(['SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT'] as const)('somebody %s is not let in', async (status) => {
    const { login, userId } = await addPerson(status);
    if (status === 'LOCKED_OUT') {
      await on.db.query(
        'insert into user_credentials (user_id, failed_attempts, last_attempt) values ($1, 10, now())',
        [userId],
      );
    }
    expect(await come(login)).toEqual({ to: '/login?problem=inactive', session: undefined });
    expect(await events(userId)).toEqual(['user.authentication.auth_via_IDP FAILURE INACTIVE']);
  });

  test('a lock whose time is up ends', async () => {
    const { login, userId } = await addPerson('LOCKED_OUT');
    await on.db.query(
      `insert into user_credentials (user_id, failed_attempts, last_attempt) values ($1, 10, now() - interval '16 minutes')`,
      [userId],
    );
    expect((await come(login)).to).toBe('/');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['nobody has the address', { email: 'nobody@oidc.example', email_verified: true }, 'unknown'],
    ['the address is not verified', { email: 'verified@oidc.example', email_verified: false }, 'unverified'],
    ['nothing says that it is verified', { email: 'verified@oidc.example' }, 'unverified'],
    ['there is no address', {}, 'misconfigured'],
    ['letters only look like a login', { email: 'ver\uFF49fied@oidc.example', email_verified: true }, 'unknown'],
  ])('where %s nobody is let in', async (name, claims, problem) => {
    if ((await on.db.query(`select 1 from users where login_key = 'verified@oidc.example'`)).length === 0) {
      await on.addUser('verified@oidc.example');
    }
    provider.claims.set(name, claims);
    expect(await come(name)).toEqual({ to: `/login?problem=${problem}`, session: undefined });
  });

  test('an answer is read once, by the browser that asked, in time, and with its state', async () => {
    const { login } = await addPerson();
    const { url, cookie } = await begin();
    const back = await throughProvider(url, login);
    const expired = { to: '/login?problem=expired', session: undefined };
    expect(await arrive(back, 'other=1')).toEqual(expired);
    expect(await arrive(back, (await begin()).cookie)).toEqual(expired);
    expect(await arrive(back, `${cookie.slice(0, -4)}AAAA`)).toEqual(expired);
    const forged = new URL(back);
    forged.searchParams.set('state', 'another');
    expect(await arrive(forged.href, cookie)).toEqual(expired);
    expect((await arrive(back, cookie)).session).toBeDefined();
    expect(await arrive(back, cookie)).toEqual(expired);
  });

  test.each<[string, (() => void) | undefined]>([
    ['for somebody else', () => (provider.plant = (claims) => ({ ...claims, aud: 'another-client' }))],
    ['of another issuer', () => (provider.plant = (claims) => ({ ...claims, iss: 'https://evil.example' }))],
    ['of another sign-in', () => (provider.plant = (claims) => ({ ...claims, nonce: 'another' }))],
    ['that is too old', () => (provider.plant = (claims) => ({ ...claims, exp: 1_000_000_000 }))],
    ['signed by somebody else', () => (provider.plantKey = true)],
  ])('an ID token %s is not believed', async (_name, plant) => {
    const { login } = await addPerson();
    plant?.();
    expect(await come(login)).toEqual({ to: '/login?problem=refused', session: undefined });
  });

  test.each(['//evil.example', '/\\evil.example', '/.//evil.example', 'https://evil.example/'])(
    'nobody is sent on to %s',
    async (from) => {
      const { login } = await addPerson();
      expect((await come(login, from)).to).toBe('/');
    },
  );

  test('who says no there comes back to the sign-in page', async () => {
    const { url, cookie } = await begin('/admin');
    const state = new URL(url).searchParams.get('state') ?? '';
    const back = `${callback}?${new URLSearchParams({ error: 'access_denied', state, iss: provider.issuer }).toString()}`;
    expect((await arrive(back, cookie)).to).toBe('/login?problem=cancelled&from=%2Fadmin');
  });

  test('a provider that is not there, is where nothing may go, or does not exist, is said on the sign-in page', async () => {
    const gone = await startOidcProvider([callback]);
    await gone.close();
    const goneId = await addProvider(gone.issuer, 'Gone');
    expect((await begin('/', goneId)).url).toBe('/login?problem=unreachable');
    const refusedId = await addProvider('http://127.0.0.2:9', 'Refused');
    expect((await begin('/', refusedId)).url).toBe('/login?problem=unreachable');
    expect((await begin('/', 'idp0')).url).toBe('/login?problem=misconfigured');
  });

  describe('anew, before something dangerous', () => {
    const dangerous = { label: 'Proof', issuer: 'https://proof.example.com', clientId, clientSecret };
    /** Somebody who may do everything and has come in unasked. */
    async function administrator() {
      const { login, userId } = await addPerson();
      await on.call('POST', `/api/v1/users/${userId}/roles`, { type: 'SUPER_ADMIN' });
      const session = (await come(login)).session?.split(';')[0] ?? '';
      const tries = async () => {
        const { csrfToken } = (await get('/usher/v1/session', session)).json<{ csrfToken: string }>();
        const headers = { cookie: session, 'x-usher-csrf': csrfToken };
        const made = await on.call('POST', '/usher/v1/identity-providers', dangerous, { token: null, headers });
        if (made.statusCode === 200)
          await on.call('DELETE', `/usher/v1/identity-providers/${made.json<{ id: string }>().id}`);
        return made.statusCode === 200 ? 'done' : made.json<{ errorCode: string }>().errorCode;
      };
      const again = async (subject = login) => {
        const { url, cookie } = await begin('/login/done', id, { fresh: 'true' });
        expect(url).toMatch(/[?&]prompt=login(&|$)/);
        expect(url).toMatch(/[?&]max_age=0(&|$)/);
        return arrive(await throughProvider(url, subject), `${cookie}; ${session}`);
      };
      return { userId, login, tries, again };
    }

    test('who came in unasked has shown nothing; who signs in anew has, in the session they have', async () => {
      const { userId, tries, again } = await administrator();
      expect(await tries()).toBe('U0000001');
      expect(await again()).toEqual({ to: '/login/done', session: undefined });
      expect(await tries()).toBe('done');
      expect((await events(userId)).at(-1)).toBe('user.authentication.verify SUCCESS');
    });

    test('somebody else there shows nothing, and is not let in', async () => {
      const { tries, again } = await administrator();
      const { login } = await addPerson();
      expect(await again(login)).toEqual({ to: '/login/done?problem=another', session: undefined });
      expect(await tries()).toBe('U0000001');
    });

    test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
      ['a sign-in of before', (claims) => ({ ...claims, auth_time: Number(claims['auth_time']) - 120 })],
      ['an answer that does not say when', ({ auth_time: _, ...claims }) => claims],
    ])('%s shows nothing', async (_name, plant) => {
      const { tries, again } = await administrator();
      provider.plant = plant;
      expect(await again()).toEqual({ to: '/login/done?problem=refused', session: undefined });
      expect(await tries()).toBe('U0000001');
    });

    test('without a session it is a way in', async () => {
      const { login } = await addPerson();
      const { url, cookie } = await begin('/login/done', id, { fresh: 'true' });
      expect((await arrive(await throughProvider(url, login), cookie)).session).toBeDefined();
    });
  });

  test('one that is tested says whether it takes the secret; one turned off signs out and is not offered', async () => {
    const path = `/usher/v1/identity-providers/${id}`;
    const findings = async () =>
      (await on.call('POST', `${path}/test`)).json<{ findings: { ok: boolean }[] }>().findings.map(({ ok }) => ok);
    expect(await findings()).toEqual([true, true, true]);
    const values = { label: 'Acme', issuer: provider.issuer, clientId, matchClaim: 'email', status: 'ACTIVE' };
    await on.call('PUT', path, { ...values, clientSecret: 'wrong' });
    expect((await findings()).at(-1)).toBe(false);
    await on.call('PUT', path, { ...values, clientSecret });
    const elsewhere = await on.call('PUT', path, { ...values, issuer: 'https://login.example.com' });
    expect([elsewhere.statusCode, elsewhere.body]).toEqual([400, expect.stringContaining('clientSecret')]);

    const { login } = await addPerson();
    const session = (await come(login)).session?.split(';')[0];
    const offered = async () => (await get('/usher/v1/sign-in/providers')).json<{ label: string }[]>();
    expect((await offered()).map(({ label }) => label)).toContain('Acme');
    expect((await on.call('PUT', path, { ...values, status: 'INACTIVE' })).statusCode).toBe(200);
    expect((await offered()).map(({ label }) => label)).not.toContain('Acme');
    expect((await get('/usher/v1/session', session)).statusCode).toBe(401);
    await on.call('PUT', path, values);
  });

  test.each([
    ['label', { label: ' ' }],
    ['issuer', { issuer: 'http://login.example.com' }],
    ['issuer', { issuer: 'https://login.example.com/?a=b' }],
    ['clientId', { clientId: '' }],
    ['clientSecret', { clientSecret: '' }],
  ])('a provider with a bad %s is refused: 400 names it', async (field, change) => {
    const good = { label: 'Bad', issuer: 'https://bad.example.com', clientId, clientSecret };
    const answer = await on.call('POST', '/usher/v1/identity-providers', { ...good, ...change });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining(field)]);
  });

  test('an issuer twice is refused, and one removed is gone', async () => {
    const body = { label: 'Twice', issuer: 'https://twice.example.com', clientId, clientSecret };
    const twice = await addProvider(body.issuer, body.label);
    const again = await on.call('POST', '/usher/v1/identity-providers', { ...body, label: 'Other' });
    expect([again.statusCode, again.body]).toEqual([400, expect.stringContaining('issuer')]);
    expect((await on.call('DELETE', `/usher/v1/identity-providers/${twice}`)).statusCode).toBe(204);
    expect((await on.call('GET', `/usher/v1/identity-providers/${twice}`)).statusCode).toBe(404);
  });

  test('by the command line: added, listed, tested, changed and removed, with the secret from stdin', async () => {
    const server = await on.server.listen({ host: '127.0.0.1', port: 0 });
    const usher = (args: readonly string[], stdin = '') =>
      runUsher(['identity-providers', ...args], { server, token: on.ownerToken, stdin });
    const where = ['--issuer', 'https://login.example.net', '--client-id', clientId];
    const added = await usher(['add', 'Nobody', ...where, '--credential-file', '-', '--json'], `${clientSecret}\n`);
    expect([added.code, added.stdout.includes(clientSecret)]).toEqual([0, false]);
    const listed = (await usher(['list'])).stdout;
    expect(listed).toMatch(/Nobody +ACTIVE +https:\/\/login\.example\.net +usher +email +0/);
    expect(listed).toContain('/usher/v1/sign-in/callback');
    const changed = await usher(['update', 'nobody', '--status', 'INACTIVE', '--label', 'Somebody', '--json']);
    expect(JSON.parse(changed.stdout)).toMatchObject({ label: 'Somebody', status: 'INACTIVE', clientId });
    const moved = await usher(['update', 'Somebody', '--client-id', 'other']);
    expect([moved.code, moved.stderr]).toEqual([2, expect.stringContaining('--credential-file')]);
    const tested = await usher(['test', 'Somebody', '--json']);
    expect([tested.code, JSON.parse(tested.stdout).findings[0].ok]).toEqual([1, false]);
    expect((await usher(['delete', 'Somebody'])).code).toBe(0);
    expect((await usher(['get', 'Somebody'])).code).toBe(3);
  });
});

function cookieIn(header: unknown): string {
  return (
    [header]
      .flat()
      .map((each) => String(each).split(';')[0])
      .find((each) => each?.startsWith('usher_sign_in=')) ?? ''
  );
}

/** What a browser does at the provider: signs in, agrees, and is sent back. The answer is the address it comes back to. */
async function throughProvider(start: string, subject: string): Promise<string> {
  const jar = new Map<string, string>();
  let next: { url: string; form?: Record<string, string> } = { url: start };
  for (let step = 0; step < 12; step += 1) {
    const { url, form } = next;
    if (url.startsWith(callback)) return url;
    const answer = await fetch(url, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location !== null) {
      next = { url: new URL(location, url).href };
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? url;
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
    next = { url: new URL(action, url).href, form: { prompt, login: subject, password: 'any' } };
  }
  throw new Error('The provider does not send anybody back.');
}
