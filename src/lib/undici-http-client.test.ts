import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { startFaultyApp, type Fault, type FaultyApp } from '../../test/apps/faulty-app.ts';
import { parseEgressRules } from './egress.ts';
import type { HttpClient, HttpRequest } from './http-client.ts';
import { createHttpClient } from './undici-http-client.ts';

const open = parseEgressRules(['127.0.0.0/8', '::1/128']);
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function client(timeoutMs = 5_000, options: { allow?: string[]; bodyBytesMax?: number } = {}): HttpClient {
  const egress = options.allow ? parseEgressRules(options.allow) : open;
  const http = createHttpClient({
    egress,
    timeoutMs,
    connections: 4,
    bodyBytesMax: options.bodyBytesMax ?? 10 * 1024 ** 2,
  });
  closers.push(() => http.close());
  return http;
}

async function faulty(...faults: Fault[]): Promise<FaultyApp> {
  const app = await startFaultyApp();
  app.fail(...faults);
  closers.push(() => app.close());
  return app;
}

async function serve(handler: Parameters<typeof createServer>[1]): Promise<{ url: string; server: Server }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => void (server.closeAllConnections(), server.close(() => resolve()))));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const create = (app: FaultyApp): HttpRequest => ({
  method: 'POST',
  url: `${app.url}/Users`,
  body: JSON.stringify({ userName: 'ada' }),
});

test('sends method, path, headers and body, and reads status, headers and body', async () => {
  const { url } = await serve((request, response) => {
    request.setEncoding('utf8');
    let text = '';
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      response.writeHead(201, { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] });
      response.end(`${request.method} ${request.url} ${request.headers['x-ask']} ${text} ä`);
    });
  });
  const http = client();
  const answer = await http.request({
    method: 'PUT',
    url: `${url}/a%2Fb/..?q=1`,
    headers: { 'X-Ask': 'yes' },
    body: 'ü',
  });
  expect(answer).toMatchObject({ status: 201, body: 'PUT /a%2Fb/..?q=1 yes ü ä' });
  expect(answer.headers).toMatchObject({ 'x-one': '1', 'set-cookie': 'a=1, b=2' });
  expect((await http.request({ method: 'GET', url })).body).toContain('GET / ');
});

test('keeps connections alive', async () => {
  let sockets = 0;
  const { url, server } = await serve((_request, response) => response.end('ok'));
  server.on('connection', () => (sockets += 1));
  const http = client();
  for (let n = 0; n < 10; n++) await http.request({ method: 'GET', url: `${url}/` });
  // Undici rests a socket for one turn of the event loop, so a second one may be opened, but no third.
  expect(sockets).toBeLessThanOrEqual(2);
});

test.each([301, 302, 307, 308])('a redirect (%i) is an answer and is not followed', async (status) => {
  const target = await faulty();
  const app = await faulty({ on: 'POST', effect: 'before', status, headers: { location: `${target.url}/Users` } });
  expect(await client().request(create(app))).toMatchObject({ status, headers: { location: `${target.url}/Users` } });
  expect(target.requests()).toBe(0);
});

describe('where it may not go', () => {
  test.each([
    ['http://169.254.169.254/latest', /169\.254\.169\.254.*metadata/],
    ['http://2130706433/', /127\.0\.0\.1/],
    ['http://0x7f.1/', /127\.0\.0\.1/],
    ['http://127.1/', /127\.0\.0\.1/],
    ['http://①②⑦.0.0.1/', /127\.0\.0\.1/],
    ['http://[::ffff:127.0.0.1]/', /this machine itself/],
    ['http://[::1]/', /this machine itself/],
    ['http://localhost/', /which localhost stands for.*USHER_EGRESS_ALLOW/],
    ['http://0/', /0\.0\.0\.0/],
    ['http://10.1.2.3/', /private network/],
    ['file:///etc/passwd', /https and http/],
    ['gopher://example.com/', /https and http/],
    ['http://user:pw@example.com/', /user name or password/],
    ['not a url', /not a URL/],
  ])('%s', async (url, message) => {
    const error: unknown = await client(2_000, { allow: [] })
      .request({ method: 'GET', url })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'app_address_refused', outcomeUnknown: false, retryAfterSeconds: undefined });
    expect((error as Error).message).toMatch(message);
  });

  test('our own listener, although loopback is open', async () => {
    const { url, server } = await serve((_request, response) => response.end('secret'));
    const { port } = server.address() as AddressInfo;
    const egress = parseEgressRules(['127.0.0.0/8'], { address: '0.0.0.0', port });
    const http = createHttpClient({ egress, timeoutMs: 2_000, connections: 1 });
    closers.push(() => http.close());
    await expect(http.request({ method: 'GET', url: `${url}/` })).rejects.toMatchObject({
      code: 'app_address_refused',
    });
  });
});

describe('failures before anything was sent leave no doubt', () => {
  test.each([
    ['http://no-such-name.invalid/', 'app_unreachable', /DNS|looked up/],
    ['http://127.0.0.1:1/', 'app_unreachable', /refused the connection/],
  ])('%s', async (url, code, message) => {
    const error: unknown = await client()
      .request({ method: 'POST', url, body: '{}' })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, outcomeUnknown: false });
    expect((error as Error).message).toMatch(message);
    expect((error as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(0);
  });

  test('a header that cannot be sent', async () => {
    const app = await faulty();
    const request = { ...create(app), headers: { 'x-bad': 'a\r\nb' } };
    await expect(client().request(request)).rejects.toMatchObject({ code: 'app_rejected', outcomeUnknown: false });
  });

  test('TLS to a port that does not speak it', async () => {
    const { url } = await serve((_request, response) => response.end());
    const failure = client().request({ method: 'POST', url: url.replace('http', 'https'), body: '{}' });
    await expect(failure).rejects.toMatchObject({ code: 'app_unreachable', outcomeUnknown: false });
  });

  test('no free connection within the time', async () => {
    const app = await faulty({ on: 'POST', effect: 'before', transport: 'hang' });
    const http = createHttpClient({ egress: open, timeoutMs: 300, connections: 1 });
    closers.push(() => http.close());
    const [first, second] = await Promise.allSettled([http.request(create(app)), http.request(create(app))]);
    expect(first).toMatchObject({ reason: { code: 'app_timeout', outcomeUnknown: true } });
    expect(second).toMatchObject({ reason: { code: 'app_timeout', outcomeUnknown: false } });
    expect(app.requests()).toBe(1);
  });
});

describe('failures after the request was sent leave the outcome open', () => {
  test.each<[string, Omit<Fault, 'on'>, string]>([
    ['reset before the effect', { effect: 'before', transport: 'reset' }, 'app_unreachable'],
    ['reset after the effect', { effect: 'after', transport: 'reset' }, 'app_unreachable'],
    ['never answers', { effect: 'after', transport: 'hang' }, 'app_timeout'],
    ['drips its answer', { effect: 'after', transport: 'drip', dripMs: 100 }, 'app_timeout'],
    ['answer cut in the middle', { effect: 'after', transport: 'cut' }, 'app_bad_answer'],
    ['answer cut at its first byte', { effect: 'after', transport: 'cut', cutAt: 0 }, 'app_bad_answer'],
    ['too many headers', { effect: 'after', transport: 'huge-headers' }, 'app_bad_answer'],
    ['endless body', { effect: 'after', transport: 'huge' }, 'app_bad_answer'],
    ['gzip bomb', { effect: 'after', transport: 'bomb', bytes: 50 * 1024 ** 2 }, 'app_bad_answer'],
  ])('%s', async (_name, fault, code) => {
    const app = await faulty({ on: 'POST', ...fault });
    const before = process.memoryUsage().rss;
    const startedAt = performance.now();
    await expect(client(1_000).request(create(app))).rejects.toMatchObject({ code, outcomeUnknown: true });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 ** 2);
  });

  test('something that is not HTTP', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => void server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    const failure = client().request({ method: 'POST', url: `http://127.0.0.1:${port}/`, body: '{}' });
    await expect(failure).rejects.toMatchObject({ code: 'app_bad_answer', outcomeUnknown: true });
  });

  test('called off', async () => {
    const app = await faulty({ on: 'POST', effect: 'after', transport: 'hang' });
    const stop = new AbortController();
    const failure = client().request({ ...create(app), signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(failure).rejects.toMatchObject({ code: 'app_timeout', outcomeUnknown: true });
  });
});

test('a request already called off is not sent', async () => {
  const app = await faulty();
  const failure = client().request({ ...create(app), signal: AbortSignal.abort() });
  await expect(failure).rejects.toMatchObject({ code: 'app_timeout', outcomeUnknown: false });
  expect(app.requests()).toBe(0);
});

test('a body at the cap is read, one byte more is not', async () => {
  const { url } = await serve((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
  const http = client(5_000, { bodyBytesMax: 1000 });
  expect((await http.request({ method: 'GET', url: `${url}/1000` })).body).toHaveLength(1000);
  await expect(http.request({ method: 'GET', url: `${url}/1001` })).rejects.toMatchObject({ code: 'app_bad_answer' });
  expect((await http.request({ method: 'GET', url: `${url}/3` })).body).toBe('xxx');
});

test('an answer compressed without being asked is read within the cap', async () => {
  const { url } = await serve((request, response) => {
    response.setHeader('content-encoding', request.url === '/gzip' ? 'gzip' : 'br');
    response.end(gzipSync('packed'));
  });
  const http = client();
  expect((await http.request({ method: 'GET', url: `${url}/gzip` })).body).toBe('packed');
  await expect(http.request({ method: 'GET', url: `${url}/other` })).rejects.toMatchObject({ code: 'app_bad_answer' });
});
