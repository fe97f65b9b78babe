import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startFaultyApp, type Behaviour, type Fault, type FaultyApp } from '../../../test/apps/faulty-app.ts';
import { openScim, type OpenScimOptions } from '../../../test/apps/open-scim.ts';
import { startBetterAuthApp } from '../../../test/apps/better-auth-app.ts';
import { UsherError } from '../../lib/errors.ts';
import type { Connection, DesiredAccount } from '../contract.ts';

const closers: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(
  faults: readonly Fault[],
  options: OpenScimOptions & { behaviour?: Partial<Behaviour> } = {},
): Promise<{ app: FaultyApp; connection: Connection }> {
  const app = await startFaultyApp(options.behaviour ? { behaviour: options.behaviour } : {});
  app.fail(...faults);
  const connection = openScim(app.url, options);
  closers.push(
    () => app.close(),
    () => connection.close(),
  );
  return { app, connection };
}

const ada: DesiredAccount = {
  userName: 'ada@example.com',
  active: true,
  correlationId: '00uada',
  profile: { givenName: 'Ada', familyName: 'Lovelace', title: 'Analyst' },
};

async function failureOf(work: Promise<unknown> | undefined): Promise<UsherError> {
  const error: unknown = await work?.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof UsherError)) throw new Error(`expected an UsherError, got ${String(error)}`);
  return error;
}

describe('F8: told to wait', () => {
  const inTenMinutes = new Date(Date.now() + 600_000).toUTCString();
  test.each<[string, { [name: string]: string }, number, number]>([
    ['seconds', { 'retry-after': '17' }, 17, 17],
    ['HTTP date', { 'retry-after': inTenMinutes }, 590, 600],
    ['date in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 1, 1],
    ['ten years', { 'retry-after': '315360000' }, 3600, 3600],
    ['ten years as a date', { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' }, 3600, 3600],
    ['nothing', {}, 30, 30],
    ['nonsense', { 'retry-after': 'soon' }, 30, 30],
    ['negative', { 'retry-after': '-5' }, 30, 30],
    ['reset in seconds', { 'x-ratelimit-reset': '42' }, 42, 42],
    ['reset as Unix time', { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 90) }, 85, 90],
    ['reset as Unix time in ms', { 'x-ratelimit-reset': String(Date.now() + 90_000) }, 85, 90],
    ['nonsense, but a reset', { 'retry-after': 'soon', 'x-ratelimit-reset': '42' }, 42, 42],
  ])('%s', async (_name, headers, least, most) => {
    for (const status of [429, 503]) {
      const { connection } = await start([{ on: 'POST', effect: 'before', status, headers, body: '' }]);
      const error = await failureOf(connection.create(ada, never));
      expect(error.code).toBe('app_rate_limited');
      expect(error.retryAfterSeconds).toBeGreaterThanOrEqual(least);
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(most);
    }
  });

  test('in the middle of a ladder is not taken for a dialect that failed', async () => {
    const { app, connection } = await start([]);
    const { account } = await connection.create(ada, never);
    app.fail({ on: 'PATCH', effect: 'before', status: 429, body: '' });
    const error = await failureOf(connection.update?.(account.externalId, { profile: { title: 'x' } }, never));
    expect(error.code).toBe('app_rate_limited');
    expect(app.requests()).toBe(2);
  });
});

describe('F9, F10: a failing create leaves its outcome open, and looking tells it', () => {
  test.each<[string, Omit<Fault, 'on'>, string, boolean]>([
    ['500 before the effect', { effect: 'before', status: 500, body: 'oops' }, 'app_failed', false],
    ['502 before the effect', { effect: 'before', status: 502, body: '' }, 'app_failed', false],
    ['504 after the effect', { effect: 'after', status: 504, body: '' }, 'app_failed', true],
    ['500 after the effect', { effect: 'after', status: 500, body: 'oops' }, 'app_failed', true],
    ['503 after the effect', { effect: 'after', status: 503, body: '' }, 'app_rate_limited', true],
    ['reset after the effect', { effect: 'after', transport: 'reset' }, 'app_unreachable', true],
    ['no answer after the effect', { effect: 'after', transport: 'hang' }, 'app_timeout', true],
    ['reset before the effect', { effect: 'before', transport: 'reset' }, 'app_unreachable', false],
    ['dripping answer', { effect: 'after', transport: 'drip', dripMs: 100 }, 'app_timeout', true],
    ['huge answer', { effect: 'after', transport: 'huge' }, 'app_bad_answer', true],
  ])('%s', async (_name, fault, code, exists) => {
    const { app, connection } = await start([{ on: 'POST /Users', times: 1, ...fault }], { timeoutMs: 700 });
    expect(await failureOf(connection.create(ada, never))).toMatchObject({ code, outcomeUnknown: true });
    const found = await connection.find(ada, never);
    expect(found !== undefined).toBe(exists);
    if (!found) await connection.create(ada, never);
    expect(app.users()).toHaveLength(1);
  });

  test('a 500 to a change proves nothing about a dialect that worked before', async () => {
    const { app, connection } = await start([]);
    const { account } = await connection.create(ada, never);
    await connection.update?.(account.externalId, { profile: { title: 'One' } }, never);
    app.fail({ on: 'PATCH', effect: 'before', status: 500, body: '' });
    const error = await failureOf(connection.update?.(account.externalId, { profile: { title: 'Two' } }, never));
    expect(error).toMatchObject({ code: 'app_failed', retryAfterSeconds: 10 });
    expect(app.journal.some(({ method }) => method === 'PUT')).toBe(false);
  });
});

test('F11: an answer cut at any byte is never taken for an answer', async () => {
  const { app, connection } = await start([]);
  await connection.create({ ...ada, userName: 'first', correlationId: 'first' }, never);
  const length = JSON.stringify(app.users()[0]).length;
  for (let cutAt = 0; cutAt < length; cutAt++) {
    app.clearFaults();
    app.fail({ on: 'POST /Users', effect: 'after', transport: 'cut', cutAt });
    const person = { ...ada, userName: `u${cutAt}`, correlationId: `k${cutAt}` };
    const error = await failureOf(connection.create(person, never));
    expect(error, `cut at ${cutAt}`).toMatchObject({ code: 'app_bad_answer', outcomeUnknown: true });
  }
  expect(app.users()).toHaveLength(length + 1);
});

test('F11: JSON that ends early with a whole HTTP answer is not an answer either', async () => {
  const { app, connection } = await start([]);
  const whole = JSON.stringify({ id: '1', userName: ada.userName, externalId: ada.correlationId, active: true });
  for (let end = 1; end < whole.length; end++) {
    app.clearFaults();
    app.fail({ on: 'POST /Users', effect: 'before', status: 201, body: whole.slice(0, end) });
    const error = await failureOf(connection.create(ada, never));
    expect(error).toMatchObject({ code: 'app_bad_answer', outcomeUnknown: true });
  }
});

describe('F12: a wrong body is never linked', () => {
  const own = { userName: ada.userName, externalId: ada.correlationId };
  test.each<[string, string, string?]>([
    ['no id', JSON.stringify(own)],
    ['empty id', JSON.stringify({ ...own, id: '' })],
    ['id is an object', JSON.stringify({ ...own, id: { value: 1 } })],
    ['id is ..', JSON.stringify({ ...own, id: '..' })],
    ['another person', JSON.stringify({ id: '7', userName: 'ben@example.com', externalId: '00uben' })],
    ['only an id of nobody', JSON.stringify({ id: '7' })],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"ok"'],
    ['an HTML login page', '<!doctype html><title>Sign in</title>', 'text/html'],
    ['XML', '<?xml version="1.0"?><user id="7"/>', 'application/xml'],
    ['deeper than anybody needs', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
    ['empty, and nobody there', ''],
  ])('%s', async (_name, body, contentType) => {
    const { connection } = await start([
      { on: 'POST /Users', effect: 'before', status: 201, body, ...(contentType === undefined ? {} : { contentType }) },
    ]);
    expect(await failureOf(connection.create(ada, never))).toMatchObject({
      code: 'app_bad_answer',
      outcomeUnknown: true,
    });
  });

  test('a name of the app’s own making is accepted with our key', async () => {
    const body = JSON.stringify({
      id: '7',
      userName: 'u-00017',
      externalId: ada.correlationId,
      ...ada.profile,
      name: ada.profile,
    });
    const { connection } = await start([{ on: 'POST /Users', effect: 'before', status: 201, body }]);
    expect((await connection.create(ada, never)).account).toMatchObject({ externalId: '7', userName: 'u-00017' });
  });

  test('keys that reach for a prototype are dropped', async () => {
    const resource = { id: '7', ...own, name: { givenName: 'Ada', familyName: 'Lovelace' }, title: 'Analyst' };
    const body = JSON.stringify(resource).replace(
      '{',
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
    );
    const { connection } = await start([{ on: 'POST /Users', effect: 'before', status: 201, body }]);
    expect((await connection.create(ada, never)).account.profile).toEqual(ada.profile);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('the account of another id is not taken for the one asked for', async () => {
    const { app, connection } = await start([]);
    const { account } = await connection.create(ada, never);
    const body = JSON.stringify({ id: 'other', userName: 'ben', active: true });
    app.fail(
      { on: 'GET /Users/', effect: 'before', status: 200, body },
      { on: 'PATCH', effect: 'before', status: 200, body },
    );
    expect(await failureOf(connection.read?.(account.externalId, never))).toMatchObject({ code: 'app_bad_answer' });
    expect(await failureOf(connection.deactivate?.(account.externalId, never))).toMatchObject({
      code: 'app_bad_answer',
    });
  });
});

describe('F15: the name is taken', () => {
  test.each<[string, Partial<Behaviour>]>([
    ['with a body', { duplicate: '409' }],
    ['without a body', { duplicate: '409-empty' }],
    ['as 400 uniqueness', { duplicate: '400-uniqueness' }],
  ])('409 %s', async (_name, behaviour) => {
    const { connection } = await start([], { behaviour });
    await connection.create(ada, never);
    expect(await failureOf(connection.create(ada, never))).toMatchObject({
      code: 'app_account_exists',
      outcomeUnknown: false,
    });
  });

  test('as 500 with HTML: unknown, and looking finds the account', async () => {
    const { connection } = await start([], { behaviour: { duplicate: '500-html' } });
    await connection.create(ada, never);
    const error = await failureOf(connection.create(ada, never));
    expect(error).toMatchObject({
      code: 'app_failed',
      outcomeUnknown: true,
      appAnswer: { detail: 'Internal Server Error' },
    });
    expect(await connection.find(ada, never)).toMatchObject({ correlationId: ada.correlationId });
  });

  test('by somebody else: looking shows that it is not ours', async () => {
    const { app, connection } = await start([]);
    app.seed([{ userName: 'ADA@example.com', externalId: 'somebody' }]);
    expect((await failureOf(connection.create(ada, never))).code).toBe('app_account_exists');
    expect((await connection.find(ada, never))?.correlationId).toBe('somebody');
  });
});

describe('F16: the credential', () => {
  test.each([401, 403])('refused in mid-run with %i', async (status) => {
    const { connection } = await start([
      { on: 'POST', skip: 2, effect: 'before', status, body: '{"detail":"revoked"}' },
    ]);
    for (const userName of ['a', 'b']) await connection.create({ ...ada, userName }, never);
    const error = await failureOf(connection.create(ada, never));
    expect(error).toMatchObject({
      code: 'app_credentials_refused',
      outcomeUnknown: false,
      retryAfterSeconds: undefined,
    });
  });

  test.each([
    [{ scheme: 'bearer', token: 'a/b=secret' }, 'Bearer a/b=secret'],
    [{ scheme: 'basic', username: 'ada', password: 'p:w' }, `Basic ${Buffer.from('ada:p:w').toString('base64')}`],
    [{ scheme: 'header', value: 'Token token=secret' }, 'Token token=secret'],
  ] as const)('%o is sent as it should be and never shown', async (auth, authorization) => {
    const { app, connection } = await start([], { auth });
    await connection.create(ada, never);
    expect(app.journal[0]?.headers['authorization']).toBe(authorization);
    app.fail({
      on: 'GET',
      effect: 'before',
      status: 400,
      body: JSON.stringify({ detail: `You sent ${authorization}` }),
    });
    const error = await failureOf(connection.list?.(undefined, never));
    const secret = 'token' in auth ? auth.token : 'value' in auth ? auth.value : 'p:w';
    expect(error.message + JSON.stringify(error.appAnswer)).not.toContain(secret);
    expect(error.message).toContain('You sent');
  });

  test('another header', async () => {
    const { app, connection } = await start([], { auth: { scheme: 'header', headerName: 'X-Api-Key', value: 'k1' } });
    await connection.create(ada, never);
    expect(app.journal[0]?.headers['x-api-key']).toBe('k1');
    expect(app.journal[0]?.headers['authorization']).toBeUndefined();
  });

  test('a password the app echoes is not shown', async () => {
    const detail = 'The password hunter2 is too short';
    const { connection } = await start([
      { on: 'POST', effect: 'before', status: 400, body: JSON.stringify({ detail }) },
    ]);
    const error = await failureOf(connection.create({ ...ada, password: 'hunter2' }, never));
    expect(error.appAnswer).toEqual({ status: 400, detail: 'The password ••• is too short' });
  });
});

describe('OAuth 2.0 client credentials', () => {
  async function tokenServer(
    answer: (calls: number) => [status: number, body: object],
  ): Promise<{ url: string; calls: () => number }> {
    let calls = 0;
    const server = createServer((request, response) => {
      calls += 1;
      let form = '';
      request.on('data', (chunk: Buffer) => (form += chunk.toString()));
      request.on('end', () => {
        const expected = `Basic ${Buffer.from('id%3A1:s%2Fcret').toString('base64')}`;
        const allowed =
          form === 'grant_type=client_credentials&scope=scim' && request.headers.authorization === expected;
        const [status, body] = allowed ? answer(calls) : [401, { error: 'invalid_client' }];
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => void (server.closeAllConnections(), server.close(() => resolve()))));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, calls: () => calls };
  }

  const client = (tokenUrl: string) =>
    ({
      scheme: 'oauth2_client_credentials',
      tokenUrl,
      clientId: 'id:1',
      clientSecret: 's/cret',
      scope: 'scim',
    }) as const;

  test('one token for many requests, also at once', async () => {
    const tokens = await tokenServer((calls) => [200, { access_token: `t${calls}`, expires_in: 3600 }]);
    const { app, connection } = await start([], { auth: client(tokens.url), behaviour: { token: 't1' } });
    await Promise.all(['a', 'b', 'c', 'd'].map((userName) => connection.create({ ...ada, userName }, never)));
    await connection.create(ada, never);
    expect(tokens.calls()).toBe(1);
    expect(app.users()).toHaveLength(5);
  });

  test('what the token server says of our credential is not repeated', async () => {
    const encoded = Buffer.from('id%3A1:s%2Fcret').toString('base64');
    const tokens = await tokenServer(() => [500, { detail: `Basic ${encoded} of s/cret` }]);
    const { connection } = await start([], { auth: client(tokens.url) });
    const failure = await failureOf(connection.create(ada, never));
    expect(failure.message).toContain('Basic ••• of •••');
  });

  test('a revoked token is renewed once', async () => {
    const tokens = await tokenServer((calls) => [200, { access_token: `t${calls}`, expires_in: 3600 }]);
    const { app, connection } = await start([], { auth: client(tokens.url), behaviour: { token: 't1' } });
    await connection.create({ ...ada, userName: 'a' }, never);
    app.behave({ token: 't2' });
    await connection.create(ada, never);
    app.behave({ token: 'never' });
    expect((await failureOf(connection.list?.(undefined, never))).code).toBe('app_credentials_refused');
    expect(tokens.calls()).toBe(3);
  });

  test('a short-lived token is used for half its life', async () => {
    const tokens = await tokenServer((calls) => [200, { access_token: `t${calls}`, expires_in: 1 }]);
    const { connection } = await start([], { auth: client(tokens.url) });
    for (const userName of ['a', 'b', 'c']) await connection.create({ ...ada, userName }, never);
    expect(tokens.calls()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await connection.create(ada, never);
    expect(tokens.calls()).toBe(2);
  });

  test.each<[number, object, string]>([
    [400, { error: 'invalid_client', error_description: 'no such client' }, 'app_credentials_refused'],
    [401, { error: 'invalid_client' }, 'app_credentials_refused'],
    [500, {}, 'app_failed'],
    [200, { token_type: 'bearer' }, 'app_bad_answer'],
  ])('a token endpoint that answers %i %o', async (status, body, code) => {
    const tokens = await tokenServer(() => [status, body]);
    const { app, connection } = await start([], { auth: client(tokens.url) });
    expect(await failureOf(connection.create(ada, never))).toMatchObject({ code, outcomeUnknown: false });
    expect(app.requests()).toBe(0);
  });
});

describe('F17: redirects are not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    const other = await startFaultyApp();
    closers.push(() => other.close());
    const headers = { location: `${other.url}/Users` };
    const { connection } = await start([{ on: '/Users', effect: 'before', status, headers, body: '' }]);
    for (const work of [connection.create(ada, never), connection.list?.(undefined, never)]) {
      const error = await failureOf(work);
      expect(error).toMatchObject({ code: 'app_bad_answer', outcomeUnknown: false });
      expect(error.message).toContain(`redirects to ${other.url}/Users`);
    }
    expect(other.requests()).toBe(0);
  });
});

describe('what the app says is kept, whatever its form', () => {
  test.each<[string, string, string]>([
    [
      'SCIM',
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No licence left","status":"400"}',
      'No licence left',
    ],
    ['other JSON', '{"error":{"message":"No licence left"}}', 'No licence left'],
    ['list of errors', '{"errors":[{"detail":"No licence left"}]}', 'No licence left'],
    ['SCIM 1.1', '{"Errors":[{"description":"No licence left","code":"400"}]}', 'No licence left'],
    ['HTML', '<html><head><title>No licence\n left</title></head></html>', 'No licence left'],
    ['plain text', 'No licence left', 'No licence left'],
    ['nothing', '', ''],
    ['a book', 'x'.repeat(9000), 'x'.repeat(500)],
  ])('%s', async (_name, body, detail) => {
    const { connection } = await start([
      { on: 'POST', effect: 'before', status: 400, body, contentType: 'text/plain' },
    ]);
    const error = await failureOf(connection.create(ada, never));
    expect(error).toMatchObject({ code: 'app_rejected', appAnswer: { status: 400, detail }, outcomeUnknown: false });
    expect(error.message).toContain(detail);
  });
});

test('a real server refuses what it does not take, in its own words', async () => {
  const token = 'a-token-of-more-than-thirty-two-letters';
  const app = await startBetterAuthApp({ token });
  const connection = openScim(app.url, { auth: { scheme: 'bearer', token } });
  closers.push(
    () => app.close(),
    () => connection.close(),
  );
  const error = await failureOf(connection.create({ ...ada, userName: '' }, never));
  expect(error.code).toBe('app_rejected');
  expect(error.appAnswer?.detail).toMatch(/userName/);
});
