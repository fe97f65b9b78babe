import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { routesOf } from '../../test/routes.ts';
import { newId } from '../lib/ids.ts';
import { buildServer } from './server.ts';

const errorKeys = ['errorCauses', 'errorCode', 'errorId', 'errorLink', 'errorSummary'];

/** The console: what its pages show comes from routes that ask who is there. */
const pages = /^\/(login|my|admin|assets|welcome|reset_password)(\/|$)|^\/(|favicon\.svg|theme\.js)$/;

describeOnDatabases('http server', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });

  test('does not get ready with a route that has no policy', async () => {
    const server = buildServer(on.deps);
    await expect(
      (async () => {
        server.get('/forgotten', async () => 'anybody reads this');
        await server.ready();
      })(),
    ).rejects.toThrow('GET /forgotten has no policy');
  });

  describe('who may', () => {
    test.each([
      ['no token', undefined],
      ['a wrong token', 'SSWS 00wrongwrongwrongwrongwrongwrongwrong'],
      ['a bearer token', 'Bearer test-bootstrap-token-0123456789abcdef'],
      ['an empty one', 'SSWS '],
    ])('401 with %s', async (_name, authorization) => {
      const answer = await on.server.inject({
        url: '/api/v1/users',
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ errorCode: 'E0000011', errorSummary: 'Invalid token provided' });
    });

    test.each([
      '/%61pi/v1/users',
      '/api/v1/user%73',
      '//api/v1/users',
      '///api/v1/users',
      '/api/v1/users?x=/healthz',
      '/api/v1/users/%2e%2e%2fhealthz',
    ])('%s is not a way around it', async (url) => {
      expect((await on.call('GET', url, undefined, { token: null })).statusCode).toBe(401);
    });

    test('//api/v1 is /api/v1', async () => {
      expect((await on.call('GET', '//api/v1/users/me')).statusCode).toBe(200);
    });

    test('every route but the public ones answers 401 without a token', async () => {
      const open: string[] = [];
      for (const line of routesOf(on.server)) {
        const [method, url] = line;
        const answer = await on.call(method, url.replace(/:\w+/g, 'x'), undefined, { token: null });
        if (answer.statusCode !== 401 && !pages.test(url)) open.push(`${method} ${url}`);
      }
      expect(open.sort()).toEqual([
        'GET /.well-known/okta-organization',
        'GET /docs',
        'GET /docs/:file',
        'GET /healthz',
        'GET /openapi.json',
        'GET /readyz',
        'GET /usher/v1/apps/:appId/logo',
        'GET /usher/v1/catalog/apps/:key/logo',
        'GET /usher/v1/sign-in/callback',
        'GET /usher/v1/sign-in/providers',
        'GET /usher/v1/sign-in/providers/:providerId',
        'POST /usher/v1/session',
        'POST /usher/v1/session/password',
      ]);
    });

    test('a read-only administrator reads and gets 403 for every change', async () => {
      const token = await on.addToken('READ_ONLY_ADMIN');
      expect((await on.call('GET', '/api/v1/users', undefined, { token })).statusCode).toBe(200);
      const changes = routesOf(on.server).filter(
        ([method, url]) => method !== 'GET' && !/api-tokens|\/(session|me)(\/|$)/.test(url),
      );
      expect(changes.length).toBeGreaterThan(20);
      for (const [method, url] of changes) {
        const answer = await on.call(method, url.replace(/:\w+/g, 'x'), {}, { token });
        expect([`${method} ${url}`, answer.statusCode]).toEqual([`${method} ${url}`, 403]);
        expect(answer.json()).toMatchObject({ errorCode: 'E0000006' });
      }
    });

    test('somebody without a role gets 403, even for reading', async () => {
      const token = await on.addToken();
      expect((await on.call('GET', '/api/v1/users/me', undefined, { token })).statusCode).toBe(403);
    });

    test.each([
      ['expired', `update api_tokens set expires = now() - interval '1 second' where user_id = $1`],
      ['of a suspended person', `update users set status = 'SUSPENDED' where id = $1`],
      ['of a deactivated person', `update users set status = 'DEPROVISIONED' where id = $1`],
      ['revoked', `delete from api_tokens where user_id = $1`],
    ])('401 with a token that is %s: at once for what changes things, soon for what reads', async (_name, sql) => {
      const token = await on.addToken('SUPER_ADMIN');
      const me = await on.call('GET', '/api/v1/users/me', undefined, { token });
      expect(me.statusCode).toBe(200);
      await on.db.query(sql, [me.json<{ id: string }>().id]);
      expect((await on.call('POST', '/api/v1/users', {}, { token })).statusCode).toBe(401);
      await sleep(600);
      expect((await on.call('GET', '/api/v1/users/me', undefined, { token })).statusCode).toBe(401);
    });

    test('the use of a token is written down once a minute', async () => {
      const token = await on.addToken('SUPER_ADMIN');
      const { id } = (await on.call('GET', '/api/v1/users/me', undefined, { token })).json<{ id: string }>();
      const lastUsed = async () =>
        (await on.db.query<{ last_used: Date }>('select last_used from api_tokens where user_id = $1', [id]))[0]
          ?.last_used;
      const first = await lastUsed();
      expect(first).toBeInstanceOf(Date);
      await on.call('GET', '/api/v1/users/me', undefined, { token });
      expect(await lastUsed()).toEqual(first);
    });
  });

  describe('answers', () => {
    test('carry what clients and browsers are promised', async () => {
      for (const url of ['/api/v1/users', '/healthz', '/nowhere', '/api/v1/users/none']) {
        const { headers } = await on.call('GET', url);
        expect(headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'content-security-policy': expect.stringContaining("default-src 'none'"),
          'x-okta-request-id': expect.stringMatching(/^[\w-]{20}$/),
          'x-rate-limit-limit': '1000000',
          'x-rate-limit-remaining': expect.stringMatching(/^\d+$/),
          'content-type': expect.stringMatching(/^application\/json/),
        });
        const reset = Number(headers['x-rate-limit-reset']) - on.deps.clock.now().getTime() / 1_000;
        expect(reset).toBeGreaterThan(-1);
        expect(reset).toBeLessThanOrEqual(60);
      }
    });

    test.each([
      ['GET', '/api/v1/nothing', undefined, 404, 'E0000007'],
      ['GET', '/', undefined, 404, 'E0000007'],
      ['PATCH', '/api/v1/users', {}, 405, 'E0000022'],
      ['GET', '/api/v1/users/none', undefined, 404, 'E0000007'],
      ['POST', '/api/v1/users', '{"profile":', 400, 'E0000003'],
      ['POST', '/api/v1/users', '[]', 400, 'E0000003'],
      ['POST', '/api/v1/users', '', 400, 'E0000003'],
      ['POST', '/api/v1/users', '\xff', 400, 'E0000003'],
      ['POST', '/api/v1/users', {}, 400, 'E0000001'],
      ['POST', '/api/v1/users', { profile: 5 }, 400, 'E0000001'],
      ['POST', '/api/v1/groups', { profile: null }, 400, 'E0000001'],
      ['POST', '/api/v1/users', '{"profile":{"login":"a\\u0000b@x.example"}}', 400, 'E0000001'],
      ['POST', '/api/v1/users', '{"profile":{"login":"\\ud800@x.example"}}', 400, 'E0000001'],
      ['POST', '/api/v1/users', '{"profile":{"__proto__":{"x":1}}}', 400, 'E0000001'],
      ['POST', '/api/v1/users', '{"profile":{"login":"a","login":"b"}}', 400, 'E0000001'],
      ['POST', '/api/v1/users', '{"constructor":{"prototype":{"x":1}},"profile":{}}', 400, 'E0000001'],
      ['POST', '/api/v1/users', `{"profile":${'['.repeat(65)}${']'.repeat(65)}}`, 400, 'E0000001'],
      ['POST', '/api/v1/users', `{"profile":{"x":"${'a'.repeat(1_100_000)}"}}`, 413, 'E0000024'],
      ['GET', '/api/v1/users/a%00b', undefined, 400, 'E0000001'],
      ['GET', '/api/v1/users?q=a%00b', undefined, 400, 'E0000001'],
      ['GET', '/api/v1/users/%ff', undefined, 400, 'E0000024'],
      ['GET', `/api/v1/users/${'a'.repeat(301)}`, undefined, 414, 'E0000024'],
      ['GET', '/api/v1/users?limit=0', undefined, 400, 'E0000001'],
      ['GET', '/api/v1/users?limit=-1', undefined, 400, 'E0000001'],
      ['GET', '/api/v1/users?limit=NaN', undefined, 400, 'E0000001'],
      ['GET', '/api/v1/users?limit=1&limit=2', undefined, 400, 'E0000001'],
      ['POST', '/api/v1/users?activate=perhaps', { profile: {} }, 400, 'E0000001'],
    ] as const)('%s %s is refused in one shape', async (method, url, body, status, errorCode) => {
      const answer = await on.call(method, url, body);
      expect([answer.statusCode, answer.json<{ errorCode: string }>().errorCode]).toEqual([status, errorCode]);
      expect(Object.keys(answer.json()).sort()).toEqual(errorKeys);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.json<{ errorId: string }>().errorId).toBe(answer.headers['x-okta-request-id']);
    });

    test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'text/csv'])(
      'a body of %s is refused with 415',
      async (type) => {
        const answer = await on.call('POST', '/api/v1/users', '{"profile":{}}', { headers: { 'content-type': type } });
        expect(answer.statusCode).toBe(415);
        expect(answer.json()).toMatchObject({ errorCode: 'E0000021' });
      },
    );

    test.each([
      ['application/json', 200],
      ['application/json;q=0.9, text/html', 200],
      ['APPLICATION/*', 200],
      ['*/*', 200],
      ['', 200],
      ['text/html', 406],
      ['application/xml, text/*', 406],
    ])('Accept: %s is answered with %i', async (accept, status) => {
      const answer = await on.call('GET', '/api/v1/users/me', undefined, { headers: { accept } });
      expect(answer.statusCode).toBe(status);
      if (status === 406) {
        expect(Object.keys(answer.json()).sort()).toEqual(errorKeys);
        expect(answer.headers['content-type']).toMatch(/^application\/json/);
      }
    });

    test('HEAD is GET without a body; OPTIONS and TRACE are refused; an override header overrides nothing', async () => {
      const get = await on.call('GET', '/api/v1/users/me');
      const head = await on.call('HEAD', '/api/v1/users/me');
      expect([head.statusCode, head.body, head.headers['content-type']]).toEqual([
        200,
        '',
        get.headers['content-type'],
      ]);
      expect((await on.call('HEAD', '/api/v1/users/me', undefined, { token: null })).statusCode).toBe(401);
      for (const method of ['OPTIONS', 'TRACE'] as const) {
        const answer = await on.server.inject({ method: method as 'OPTIONS', url: '/api/v1/users/me' });
        expect([method, answer.statusCode]).toEqual([method, 405]);
        expect(Object.keys(answer.json()).sort()).toEqual(errorKeys);
        expect(answer.headers['allow']).toContain('GET');
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
      const overridden = await on.call('GET', `/api/v1/users/${on.ownerId}`, undefined, {
        headers: { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' },
      });
      expect(overridden.json<{ status: string }>().status).toBe('ACTIVE');
    });

    test('nothing is coerced', async () => {
      const group = (await on.call('POST', '/api/v1/groups', { profile: { name: 'No coercion' } })).json<{
        id: string;
      }>();
      const app = (
        await on.call('POST', '/usher/v1/apps', { catalogKey: 'bookmark', settings: { url: 'https://x.example' } })
      ).json<{ id: string }>();
      const answer = await on.call('PUT', `/api/v1/apps/${app.id}/groups/${group.id}`, { priority: '1' });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ errorSummary: 'Api validation failed: priority' });
    });

    test('a broken database is 500 or 503 with an id, and nothing of it shows', async () => {
      const query = () => Promise.reject(new Error('secret-host:5432 said no at secret.ts:12'));
      const server = buildServer({ ...on.deps, db: { ...on.db, query } });
      const answer = await server.inject({ url: '/api/v1/users', headers: { authorization: `SSWS ${on.ownerToken}` } });
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toMatchObject({
        errorCode: 'E0000009',
        errorSummary: 'Internal Server Error',
        errorCauses: [],
      });
      expect(answer.body).not.toContain('secret');
      const gone = () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
      const away = await buildServer({ ...on.deps, db: { ...on.db, query: gone } }).inject({
        url: '/api/v1/users',
        headers: { authorization: `SSWS ${on.ownerToken}` },
      });
      expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '5']);
    });

    test('too many requests are 429 until the minute ends; others are not concerned', async () => {
      const server = buildServer({ ...on.deps, settings: { requestsPerMinute: 2 } });
      const get = (token: string) =>
        server.inject({ url: '/api/v1/users/me', headers: { authorization: `SSWS ${token}` } });
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await get(on.ownerToken)).statusCode);
      const last = await get(on.ownerToken);
      // The minute may end between two requests.
      if (statuses[2] === 429) {
        expect(last.json()).toMatchObject({ errorCode: 'E0000047' });
        expect(Number(last.headers['retry-after'])).toBeLessThanOrEqual(60);
      }
      expect(statuses.slice(0, 2)).toEqual([200, 200]);
      expect((await get(await on.addToken('SUPER_ADMIN'))).statusCode).toBe(200);
      await server.close();
    });

    test('links begin with the configured address, else with the one asked for', async () => {
      const self = (answer: { json: () => { _links: { self: { href: string } } } }) => answer.json()._links.self.href;
      const asked = await on.server.inject({
        url: '/api/v1/users/me',
        headers: {
          authorization: `SSWS ${on.ownerToken}`,
          host: 'idp.example:8443',
          'x-forwarded-host': 'evil.example',
        },
      });
      expect(self(asked)).toBe(`http://idp.example:8443/api/v1/users/${on.ownerId}`);
      const server = buildServer({ ...on.deps, settings: { baseUrl: 'https://usher.example/' } });
      const configured = await server.inject({
        url: '/api/v1/users/me',
        headers: { authorization: `SSWS ${on.ownerToken}`, host: 'evil.example' },
      });
      expect(self(configured)).toBe(`https://usher.example/api/v1/users/${on.ownerId}`);
      await server.close();
    });
  });

  describe('operations', () => {
    test('/healthz lives without a database', async () => {
      const query = () => Promise.reject(new Error('gone'));
      const answer = await buildServer({ ...on.deps, db: { ...on.db, query } }).inject('/healthz');
      expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
    });

    test('/readyz says on what, and 503 with the reasons', async () => {
      const ready = await on.server.inject('/readyz');
      expect(ready.statusCode).toBe(200);
      expect(ready.json()).toMatchObject({ status: 'ready', database: { kind: on.db.kind }, reasons: [] });
      if (on.db.kind === 'pglite') expect(ready.body).toContain('loses power');
      const stopping = await buildServer({ ...on.deps, readiness: () => ['Usher is stopping.'] }).inject('/readyz');
      expect([stopping.statusCode, stopping.json<{ reasons: string[] }>().reasons]).toEqual([
        503,
        ['Usher is stopping.'],
      ]);
      const query = () => Promise.reject(new Error('secret-host said no'));
      const away = await buildServer({ ...on.deps, db: { ...on.db, query } }).inject('/readyz');
      expect(away.statusCode).toBe(503);
      expect(away.body).not.toContain('secret-host');
    });

    test('/metrics counts requests by route, never by path', async () => {
      await on.call('GET', `/api/v1/users/${newId('user')}`);
      const { body } = await on.call('GET', '/metrics');
      expect(body).toMatch(
        /usher_http_requests_total\{method="GET",route="\/api\/v1\/users\/:userId",status="404"\} \d/,
      );
      expect(body).not.toContain('00u');
    });

    test('closing answers what is in flight and takes no more', async () => {
      const server = buildServer(on.deps);
      let entered: () => void = () => undefined;
      const isIn = new Promise<void>((resolve) => (entered = resolve));
      server.get('/slow', { config: { policy: 'public' } }, async () => {
        entered();
        await sleep(300);
        return { finished: true };
      });
      const url = await server.listen({ host: '127.0.0.1', port: 0 });
      const inFlight = fetch(`${url}/slow`);
      await isIn;
      await server.close();
      expect(await (await inFlight).json()).toEqual({ finished: true });
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    });

    test('what is not HTTP is answered in the same shape, and the connection closed', async () => {
      const server = buildServer(on.deps);
      const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
      const answerTo = async (bytes: string) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.write(bytes);
        let answer = '';
        for await (const chunk of socket) answer += String(chunk);
        return answer;
      };
      const nonsense = await answerTo('NONSENSE\r\n\r\n');
      expect(nonsense).toMatch(/^HTTP\/1.1 400 /);
      expect(Object.keys(JSON.parse(nonsense.split('\r\n\r\n')[1] ?? '') as object).sort()).toEqual(errorKeys);
      const long = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`;
      expect(await answerTo(long)).toMatch(/^HTTP\/1.1 431 /);
      await server.close();
    });

    test('HEAD is GET without a body, with the same policy', async () => {
      expect((await on.call('HEAD', '/api/v1/users')).statusCode).toBe(200);
      expect((await on.call('HEAD', '/api/v1/users', undefined, { token: null })).statusCode).toBe(401);
    });
  });
});
