import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

describeOnDatabases('/docs', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const get = (url: string) => on.call('GET', url, undefined, { token: null });

  test('is a page whose parts all come from this server', async () => {
    const page = await get('/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const parts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(parts.length).toBeGreaterThan(4);
    for (const url of parts.filter((part) => !part.startsWith('data:'))) {
      expect(url).not.toMatch(/^(https?:)?\/\//);
      const part = await get(new URL(url, 'http://localhost/docs').pathname);
      expect([url, part.statusCode, part.body.length > 100]).toEqual([url, 200, true]);
      if (!url.endsWith('.json')) expect(part.headers['content-type']).toMatch(/^text\/(javascript|css)/);
    }
  });

  test('runs nothing that is inline, nothing evaluated and nothing of anybody else', async () => {
    const page = await get('/docs');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(policy).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  });

  test.each(['nothing.js', '..%2fpage.ts', '__proto__', 'toString'])('404 for %s', async (file) => {
    expect((await get(`/docs/${file}`)).statusCode).toBe(404);
  });
});
