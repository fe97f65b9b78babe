import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { runUsher } from '../run-cli.ts';
import { startUsherProcess, succeeded, type UsherHome, type UsherProcess } from '../usher-process.ts';

export const appToken = 'sesame';

/** A Usher in a process of its own, a SCIM server others wrote, and the command line signed in as the owner. */
export interface Scenario {
  readonly usher: UsherProcess;
  readonly target: RunningApp;
  /** Runs `usher …` and gives what it prints with `--json`. Fails unless it exits with 0, or with `exit`. */
  cli(args: readonly string[], options?: { readonly exit?: number; readonly stdin?: string }): Promise<Json>;
  /** Accounts of the target by user name, as it shows them itself. */
  accounts(): Promise<Map<string, JsonObject>>;
  addUser(name: string, profile?: JsonObject): Promise<{ readonly id: string; readonly login: string }>;
  /** Another server process on the same port and data, after this one was killed. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openScenario(
  home: UsherHome,
  startTarget: (options: { token: string }) => Promise<RunningApp> = startScimmyApp,
): Promise<Scenario> {
  const target = await startTarget({ token: appToken });
  let usher = await startUsherProcess(home);
  return {
    get usher() {
      return usher;
    },
    target,
    cli: (args, options) => answerOf(usher, args, options),
    accounts: async () => {
      const answer = await request(`${target.url}/Users?count=1000`, {
        headers: { authorization: `Bearer ${appToken}` },
      });
      const { Resources = [] } = (await answer.body.json()) as { Resources?: JsonObject[] };
      return new Map(Resources.map((account) => [String(account['userName']), account]));
    },
    addUser: async (name, profile = {}) => {
      const login = `${name}@acme.example`;
      const own = { login, email: login, firstName: name, lastName: 'Tester' };
      const user = succeeded(await usher.call('POST', '/api/v1/users', { profile: { ...own, ...profile } }));
      return { id: String(user['id']), login };
    },
    restart: async () => {
      await usher.kill();
      usher = await startUsherProcess(home, Number(new URL(usher.url).port));
    },
    close: async () => {
      await usher.stop();
      await home.remove();
      await target.close();
    },
  };
}

async function answerOf(
  usher: UsherProcess,
  args: readonly string[],
  { exit = 0, stdin = '' }: { readonly exit?: number; readonly stdin?: string } = {},
): Promise<Json> {
  const { url: server, token } = usher;
  const { code, stdout, stderr } = await runUsher([...args, '--json'], { server, token, stdin });
  if (code !== exit) throw new Error(`usher ${args.join(' ')}: exit ${code}\n${stderr}`);
  return stdout === '' ? null : (JSON.parse(stdout) as Json);
}

/** Looks again until the expectation holds, and fails with its own words after the limit. */
export async function eventually(expectation: () => Promise<void>, limitMs = 10_000): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(50);
    }
  }
}
