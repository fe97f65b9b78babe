import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultyApp, type FaultyApp } from '../../../test/apps/faulty-app.ts';
import { startScimmyApp, type RunningApp } from '../../../test/apps/scimmy-app.ts';
import { runUsher } from '../../../test/run-cli.ts';

describe('usher probe', () => {
  let app: RunningApp;
  let open: FaultyApp;
  let folder: string;
  beforeAll(async () => {
    app = await startScimmyApp({ token: 's3cret' });
    open = await startFaultyApp();
    folder = await mkdtemp(join(tmpdir(), 'usher-probe-'));
  });
  afterAll(async () => {
    await Promise.all([app.close(), open.close(), rm(folder, { recursive: true })]);
  });

  const probe = (url: string, args: readonly string[], stdin = 's3cret\n') =>
    runUsher(['probe', url, '--token-file', '-', ...args], { stdin });

  test('says what is broken, what it means and how to mend it, and exits with 6', async () => {
    const { code, stdout, stderr } = await probe(app.url, ['--allow-writes']);
    expect([code, stderr]).toEqual([6, '']);
    expect(stdout).toMatch(/9\d\/100/);
    expect(stdout).toContain('✗ userName eq takes no account of letter case  important · RFC 7643 §4.1.1, §2.2');
    expect(stdout).toContain('Means  Ada@x and ada@x become two accounts of one person.');
    expect(stdout).toContain('with a throw-away account');
    expect(stdout).not.toContain('s3cret');
  });

  test('reports are pages, Markdown and JSON, and hold every request', async () => {
    for (const [kind, mark] of [
      ['html', '<details id="r1">'],
      ['md', '# SCIM probe of'],
      ['json', '"exchanges": ['],
    ]) {
      const file = join(folder, `report.${kind}`);
      expect((await probe(app.url, ['--report', file])).code).toBe(0);
      const text = await readFile(file, 'utf8');
      expect(text).toContain(mark);
      expect(text).toContain('/ServiceProviderConfig');
      expect(text).not.toContain('s3cret');
    }
  });

  test('--json is the whole report in one document', async () => {
    const { code, stdout } = await probe(app.url, ['--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      wrote: false,
      findings: expect.any(Array),
      exchanges: expect.any(Array),
    });
  });

  test.each([
    ['a refused credential', 4, () => app.url, [], 'wrong'],
    ['a server that is not there', 1, () => 'http://127.0.0.1:9/scim', [], 's3cret'],
    ['a server that lets anybody in', 6, () => open.url, [], 's3cret'],
    ['a score under the least', 6, () => app.url, ['--fail-under', '100'], 's3cret'],
    ['what is no address', 2, () => 'app.example.com', [], 's3cret'],
    ['a report of an unknown kind', 2, () => app.url, ['--report', 'x.pdf'], 's3cret'],
  ])('%s exits with %i', async (_name, expected, url, args, stdin) => {
    expect((await probe(url(), args, stdin)).code).toBe(expected);
  });

  test('the token of Usher’s own API is not sent to the app', async () => {
    const { code, stderr } = await runUsher(['probe', open.url], { token: 'usher-api-token' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--credential-file')]);
    expect(JSON.stringify(open.journal)).not.toContain('usher-api-token');
  });
});
