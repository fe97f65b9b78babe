import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

/** Built by scripts/test.mjs before any test runs. */
const main = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));

/** What a killed demo leaves behind is ours to remove. */
const folder = mkdtempSync(join(tmpdir(), 'usher-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The server's own variables would change what the demo does. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_') && name !== 'DATABASE_URL'),
  );
}

function startDemo(args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'demo', ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, ended: once(child, 'exit'), stdout: () => stdout, stderr: () => stderr };
}

test.skipIf(!existsSync(main))(
  'demo --once tells the whole story, finds every act verified, and exits 0',
  async () => {
    const demo = startDemo(['--once', '--json']);
    const [code]: unknown[] = await demo.ended;
    expect(code, demo.stderr()).toBe(0);
    const acts: { act: string; accounts: number; verified: boolean }[] = JSON.parse(demo.stdout());
    expect(acts).toHaveLength(11);
    expect(acts.filter((act) => !act.verified)).toEqual([]);
    expect(acts.map((act) => act.accounts)).toEqual([0, 0, 0, 0, 0, 131, 1, 1, 1, 1, 50]);
  },
  120_000,
);

test.skipIf(!existsSync(main))(
  'a demo that is killed leaves no app behind',
  async () => {
    const demo = startDemo(['--data', folder]);
    const address = await new Promise<string>((resolve) => {
      demo.child.stdout.on('data', () => {
        const [, url] = /at (http:\S+\/scim\/v2)/.exec(demo.stdout()) ?? [];
        if (url !== undefined) resolve(url);
      });
    });
    expect((await fetch(address)).status).toBe(401);
    demo.child.kill('SIGKILL');
    await demo.ended;
    await expect
      .poll(
        () =>
          fetch(address).then(
            () => 'answers',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone');
  },
  120_000,
);
