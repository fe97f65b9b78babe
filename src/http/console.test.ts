import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../test/http-context.ts';
import { createUser } from '../services/users.ts';
import { buildServer } from './server.ts';

const script = 'export const x = 1;\n'.repeat(200);

describeOnDatabases('the console is served', (database) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-console-'));
  let on: HttpTest;
  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<meta name="nonce" content="__NONCE__" data-session="__SESSION__">');
    writeFileSync(join(folder, 'assets/index-abc.js'), script);
    writeFileSync(join(folder, 'manifest.json'), '{}');
    on = await openHttpTest(database, { consoleFolder: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const get = (url: string, headers = {}) => on.call('GET', url, undefined, { token: null, headers });

  test.each([
    '/',
    '/login',
    '/login/done',
    '/welcome/abc',
    '/my',
    '/my/profile',
    '/admin',
    '/admin/applications/0oa/assignments',
  ])('%s is the page, with a policy that lets nothing foreign run, and a nonce of its own', async (url) => {
    const [first, second] = [await get(url), await get(url)];
    const policy = String(first.headers['content-security-policy']);
    const nonce = /'nonce-([\w-]{22})'/.exec(policy)?.[1];
    expect(first.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).not.toContain('unsafe');
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.body).toBe(`<meta name="nonce" content="${nonce}" data-session="">`);
    expect(second.body).not.toBe(first.body);
  });

  test('the page says who is signed in as the API does, whatever their name is, and to nobody else', async () => {
    const login = 'eve@page.example';
    const profile = { login, email: login, firstName: '"><b>&quot;', lastName: "$& $' __NONCE__" };
    await createUser(on.context, { profile, password: 'correct horse battery' });
    const body = { username: login, password: 'correct horse battery' };
    const answer = await on.call('POST', '/usher/v1/session', body, { token: null });
    const headers = { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '' };
    const shown = /data-session="([^"<]*)">$/.exec((await get('/admin', headers)).body)?.[1] ?? '';
    const unescaped = shown.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    expect(JSON.parse(unescaped)).toEqual((await get('/usher/v1/session', headers)).json());
    await on.db.query('delete from sessions');
    expect((await get('/admin', headers)).body).toContain('data-session=""');
  });

  test('files come as small as the browser takes them, for good, and not twice', async () => {
    const url = '/assets/index-abc.js';
    const plain = await get(url);
    expect([plain.body, plain.headers['content-encoding']]).toEqual([script, undefined]);
    expect(plain.headers['cache-control']).toContain('immutable');
    const brotli = await get(url, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script);
    const gzip = await get(url, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(script);
    expect((await get(url, { 'if-none-match': String(plain.headers.etag) })).statusCode).toBe(304);
  });

  test('many people behind one address open it at once: its files count against nobody’s requests', async () => {
    const deps = { ...on.deps, settings: { ...on.deps.settings, requestsPerMinute: 1 } };
    const server = buildServer(deps);
    const statusOf = async (url: string) => (await server.inject({ url })).statusCode;
    // The minute may end between two of them.
    for (let count = 0; count < 4; count += 1) expect(await statusOf('/assets/index-abc.js')).toBe(200);
    const others = [await statusOf('/healthz'), await statusOf('/healthz'), await statusOf('/healthz')];
    expect(others).toContain(429);
    expect(await statusOf('/assets/index-abc.js')).toBe(200);
    await server.close();
  });

  test.each([
    '/assets/none.js',
    '/assets/..%2Findex.html',
    '/assets/manifest.json',
    '/adminx',
    '/my/a/b',
    '/index.html',
  ])('%s is not found', async (url) => expect((await get(url)).statusCode).toBe(404));

  test('without a build it says how to make one', async () => {
    const bare = await openHttpTest(database);
    const answer = await bare.call('GET', '/', undefined, { token: null });
    expect([answer.statusCode, answer.body]).toEqual([404, expect.stringContaining('npm run build')]);
  });
});
