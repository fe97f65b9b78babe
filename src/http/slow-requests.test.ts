import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { buildServer } from './server.ts';

const timeoutMs = 1_000;
/** The bound, what the server looks after it by, and a busy machine. */
const withinMs = timeoutMs + 4_000;

/** What no in-process call can send: bytes that come slowly, in the wrong number, or in the wrong code. */
describeOnDatabases('requests byte by byte', (database) => {
  let on: HttpTest;
  let port: number;
  let close: () => Promise<void>;
  beforeAll(async () => {
    on = await openHttpTest(database);
    const server = buildServer({ ...on.deps, settings: { ...on.deps.settings, requestTimeoutMs: timeoutMs } });
    port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
    close = () => server.close();
  });
  afterAll(() => close());

  const person = (login: string) =>
    JSON.stringify({ profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace' } });
  const head = (...lines: readonly string[]) =>
    ['POST /api/v1/users HTTP/1.1', 'host: x', `authorization: SSWS ${on.ownerToken}`, ...lines, '', ''].join('\r\n');
  const json = 'content-type: application/json';
  const open = () => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<string>((resolve) => {
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
    return { socket, ended };
  };
  const answerTo = (...parts: readonly (string | Buffer)[]) => {
    const { socket, ended } = open();
    for (const part of parts) socket.write(part);
    return ended;
  };
  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  const exists = async (login: string) => (await on.call('GET', `/api/v1/users/${login}`)).statusCode === 200;
  const drip = async (socket: Socket, text: string) => {
    for (const letter of text) {
      if (socket.destroyed || !socket.writable) return;
      socket.write(letter);
      await sleep(150);
    }
  };

  test.each([
    ['nothing at all', '', ''],
    ['headers', 'GET /healthz HTTP/1.1\r\nhost: x\r\n', `x-slow: ${'a'.repeat(200)}`],
    ['a body', 'body', `${person('trickle@acme.example')}${' '.repeat(200)}`],
  ])('%s that trickle are cut off', async (_name, first, rest) => {
    const { socket, ended } = open();
    const began = performance.now();
    socket.write(first === 'body' ? head(json, `content-length: ${rest.length}`) : first);
    void drip(socket, rest);
    const answer = await ended;
    expect(performance.now() - began).toBeLessThan(withinMs);
    expect(answer === '' || statusOf(answer) === 408).toBe(true);
    expect(await exists('trickle@acme.example')).toBe(false);
  });

  test('three hundred slow ones keep nobody waiting', async () => {
    const slow = Array.from({ length: 300 }, open);
    for (const { socket } of slow) socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ');
    const began = performance.now();
    expect(statusOf(await answerTo('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'))).toBe(200);
    await Promise.all(slow.map(({ ended }) => ended));
    expect(performance.now() - began).toBeLessThan(withinMs);
  });

  describe('a length that lies', () => {
    const login = 'liar@acme.example';
    const body = person('liar@acme.example');

    test('more than is sent before the connection ends: nothing is done', async () => {
      const { socket, ended } = open();
      socket.end(head(json, `content-length: ${body.length + 10}`) + body);
      expect(statusOf(await ended)).toBe(400);
      expect(await exists(login)).toBe(false);
    });

    test('less than is sent: 400, and the rest is no second request', async () => {
      const answer = await answerTo(head(json, 'content-length: 20') + body);
      expect(new Set(answer.match(/^HTTP\/1\.1 \d{3}/gm))).toEqual(new Set(['HTTP/1.1 400']));
      expect(await exists(login)).toBe(false);
    });

    test.each([
      ['two lengths', [`content-length: ${body.length}`, 'content-length: 5']],
      ['a length and chunks', [`content-length: ${body.length}`, 'transfer-encoding: chunked']],
      ['a negative one', ['content-length: -5']],
      ['a word', ['content-length: many']],
      ['a hexadecimal one', ['content-length: 0x10']],
      ['one beyond counting', ['content-length: 99999999999999999999999']],
      ['a chunk without a number', ['transfer-encoding: chunked']],
    ])('%s: 400 and closed', async (_name, lines) => {
      const answer = await answerTo(head(json, ...lines) + body);
      expect(answer.match(/^HTTP\/1\.1 \d{3}/gm)).toEqual(['HTTP/1.1 400']);
      expect(await exists(login)).toBe(false);
    });
  });

  test('a body announced as too large is refused before it comes, one that comes in chunks once it is; both are closed', async () => {
    const announced = await answerTo(head(json, 'content-length: 2000000'), '{');
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const endless = await answerTo(
      head(json, 'transfer-encoding: chunked'),
      ...Array.from({ length: 17 }, () => chunk),
    );
    for (const answer of [announced, endless]) {
      expect(statusOf(answer)).toBe(413);
      expect(answer).toMatch(/connection: close/i);
    }
  });

  test.each([
    ['headers of 20 KB', `x: ${'a'.repeat(20_000)}`],
    ['two thousand headers', Array.from({ length: 2_000 }, (_, index) => `x${index}: aaaaaaaa`).join('\r\n')],
  ])('%s: 431', async (_name, lines) => {
    expect(statusOf(await answerTo(head(json, lines)))).toBe(431);
  });

  test.each([
    ['charset=utf-16', Buffer.from(person('utf16@acme.example'), 'utf16le'), 415],
    ['charset=iso-8859-1', Buffer.from(person('latin@acme.example'), 'latin1'), 415],
    ['charset=utf-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['charset="UTF-8"', Buffer.from(person('quoted@acme.example')), 200],
    ['charset=utf-8', Buffer.from(`\ufeff${person('bom@acme.example')}`), 200],
  ])('a body in %s: %#', async (charset, bytes, status) => {
    const lines = head(
      `content-type: application/json; ${charset}`,
      `content-length: ${bytes.length}`,
      'connection: close',
    );
    expect(statusOf(await answerTo(lines, bytes))).toBe(status);
  });

  test.each(['gzip', 'deflate', 'br'])(
    'a body packed with %s is refused with 415, whatever is in it',
    async (coding) => {
      const bytes = gzipSync(person('packed@acme.example'));
      const lines = head(json, `content-encoding: ${coding}`, `content-length: ${bytes.length}`, 'connection: close');
      expect(statusOf(await answerTo(lines, bytes))).toBe(415);
    },
  );
});
