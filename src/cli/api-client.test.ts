import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createApiClient, type ApiClient } from './api-client.ts';
import { CommandError } from './exit-codes.ts';

const servers: Server[] = [];
const clients: ApiClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function connect(server: string, options: { token?: string; signal?: AbortSignal } = {}): ApiClient {
  const client = createApiClient({
    server,
    token: options.token,
    signal: options.signal ?? new AbortController().signal,
  });
  clients.push(client);
  return client;
}

const answering =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const refusal = (errorCode: string, errorSummary: string, ...causes: string[]) => ({
  errorCode,
  errorSummary,
  errorLink: errorCode,
  errorId: 'x',
  errorCauses: causes.map((cause) => ({ errorSummary: cause })),
});

describe('api client', () => {
  test('sends the token and reads JSON', async () => {
    const server = await serve(
      (request, response) => void response.end(JSON.stringify({ seen: request.headers.authorization })),
    );
    expect(await connect(`${server}/`, { token: 'abc' }).get('/x')).toEqual({ seen: 'SSWS abc' });
  });

  test('follows pages to their end, on the server it speaks to', async () => {
    const server = await serve((request, response) => {
      const after = new URL(request.url ?? '', 'http://x').searchParams.get('after');
      if (after === null)
        response.setHeader('link', ['<http://elsewhere/a>; rel="self"', '<http://elsewhere/a?after=2>; rel="next"']);
      response.end(JSON.stringify(after === null ? [{ id: 1 }, { id: 2 }] : [{ id: 3 }]));
    });
    const client = connect(server);
    expect(await client.list('/a')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(await client.list('/a', {}, 2)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('repeats a list in the query and leaves out what is undefined', async () => {
    const server = await serve((request, response) => void response.end(JSON.stringify({ url: request.url })));
    expect(await connect(server).get('/a', { x: ['1', '2'], y: undefined, z: true })).toEqual({
      url: '/a?x=1&x=2&z=true',
    });
  });

  test.each([
    [400, refusal('E0000001', 'Api validation failed: login', 'login: is taken'), 'failed', 'login: is taken', []],
    [
      400,
      refusal('E0000001', 'Api validation failed: a', 'a: x', 'b: y'),
      'failed',
      'Api validation failed: a',
      ['a: x', 'b: y'],
    ],
    [
      404,
      refusal('E0000007', 'Not found: Resource not found: x (User)'),
      'notFound',
      'Not found: Resource not found: x (User)',
      [],
    ],
    [503, { status: 'not_ready', reasons: ['It is stopping.'] }, 'failed', 'It is stopping.', []],
  ])('a %i becomes a sentence with its causes', async (status, body, exit, message, details) => {
    const client = connect(await serve(answering(status, body)), { token: 'abc' });
    await expect(client.get('/x')).rejects.toMatchObject({ exit, message, details });
  });

  test('a 401 says where the token comes from', async () => {
    const server = await serve(answering(401, refusal('E0000011', 'Invalid token provided')));
    await expect(connect(server).get('/x')).rejects.toMatchObject({
      exit: 'denied',
      details: [expect.stringContaining('USHER_TOKEN')],
    });
  });

  test('waits as long as a 429 says, and asks again', async () => {
    let asked = 0;
    const server = await serve((_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(429, { 'retry-after': '1' }).end('{}');
      else response.end('{"ok":true}');
    });
    expect(await connect(server).get('/x')).toEqual({ ok: true });
    expect(asked).toBe(2);
  });

  test('nobody listening is unreachable, and says what to do', async () => {
    const server = await serve(answering(200, {}));
    const gone = servers.pop();
    await new Promise((resolve) => gone?.close(resolve));
    await expect(connect(server).get('/x')).rejects.toMatchObject({
      exit: 'unreachable',
      message: `No Usher answers at ${server}: nothing listens there.`,
      details: [expect.stringContaining('usher serve')],
    });
  });

  test('something that is not Usher is told apart', async () => {
    const server = await serve((_request, response) => void response.end('<html>Hello</html>'));
    await expect(connect(server).get('/x')).rejects.toThrow(`${server} did not answer in JSON. Is it an Usher server?`);
  });

  test('ends with the reason it was called off for', async () => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort(new CommandError('interrupted', 'Interrupted.')));
    await expect(connect(server, { signal: controller.signal }).get('/x')).rejects.toMatchObject({
      exit: 'interrupted',
    });
  });
});
