import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFaultyApp } from '../apps/faulty-app.ts';
import { serverUrl } from '../database.ts';
import {
  addScimApp,
  embeddedHome,
  serverHome,
  startUsherProcess,
  succeeded,
  type UsherHome,
} from '../usher-process.ts';

const kills = 3;

/** A small generator with a printed seed, so that a failing run can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

/** What the client was told with 2xx: the truth everything else is compared with. */
interface Acknowledged {
  department: string;
  active: boolean;
}

function killAtRandom(name: string, makeHome: () => Promise<UsherHome>): void {
  test.concurrent(
    `kill -9 of the server at random moments loses nothing acknowledged [${name}]`,
    { timeout: 240_000 },
    async () => {
      const seed = Date.now() % 1_000_000;
      process.stdout.write(`server kill [${name}]: seed ${seed}\n`);
      const random = seeded(seed);
      const app = await startFaultyApp({ behaviour: { latencyMs: 5, duplicate: 'allowed' } });
      const home = await makeHome();
      const people = new Map<string, Acknowledged>();
      let usher = await startUsherProcess(home);
      const appId = await addScimApp(usher, app.url, 'secret');
      const group = succeeded(await usher.call('POST', '/api/v1/groups', { profile: { name: 'All' } }));
      succeeded(await usher.call('PUT', `/api/v1/apps/${appId}/groups/${String(group['id'])}`, {}));

      let serial = 0;
      const oneChange = async (): Promise<void> => {
        const ids = [...people.keys()];
        const dice = random();
        const id = ids[Math.floor(random() * ids.length)];
        if (id === undefined || dice < 0.5) {
          serial += 1;
          const login = `p${serial}@acme.example`;
          const profile = { login, email: login, firstName: 'P', lastName: `N${serial}`, department: 'First' };
          const user = succeeded(
            await usher.call('POST', '/api/v1/users', { profile, groupIds: [String(group['id'])] }),
          );
          people.set(String(user['id']), { department: 'First', active: true });
          return;
        }
        const known = people.get(id);
        if (known === undefined) return;
        if (dice < 0.75) {
          serial += 1;
          const department = `Department ${serial}`;
          succeeded(await usher.call('POST', `/api/v1/users/${id}`, { profile: { department } }));
          known.department = department;
          return;
        }
        succeeded(
          await usher.call('POST', `/api/v1/users/${id}/lifecycle/${known.active ? 'deactivate' : 'activate'}`),
        );
        known.active = !known.active;
      };

      for (let round = 0; round < kills; round += 1) {
        const until = Date.now() + 150 + random() * 700;
        const killed = new Promise((resolve) => setTimeout(resolve, until - Date.now())).then(() => usher.kill());
        while (Date.now() < until) {
          // The call that is under way when the server dies has no answer, so nothing is known of it; what it may
          // have changed is put right below by asking the server.
          await oneChange().catch(() => undefined);
        }
        await killed;
        usher = await startUsherProcess(home);
      }

      const settled = async () => {
        const progress = succeeded(await usher.call('GET', `/usher/v1/apps/${appId}/progress`));
        return Number(progress['waiting']) + Number(progress['failed']);
      };
      await expect.poll(settled, { timeout: 60_000, interval: 100 }).toBe(0);

      // Every acknowledged person is there; a call cut off by a kill may have changed one person more.
      let differing = 0;
      const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
      for (const [id, known] of people) {
        const user = succeeded(await usher.call('GET', `/api/v1/users/${id}`));
        const department = (user['profile'] as Record<string, unknown>)['department'];
        const active = user['status'] !== 'DEPROVISIONED';
        if (department !== known.department || active !== known.active) differing += 1;
        const accounts = app.users().filter((account) => account['externalId'] === id);
        expect(accounts.length).toBeLessThanOrEqual(1);
        if (active) expect(accounts).toHaveLength(1);
        for (const account of accounts) {
          expect(account['active']).toBe(active);
          if (active) expect((account[urn] as { department: string }).department).toBe(department);
        }
      }
      expect(differing).toBeLessThanOrEqual(kills);
      expect(await usher.stop()).toBe(0);
      await home.remove();
      await app.close();
    },
  );
}

describe('a server that dies', () => {
  killAtRandom('pglite', embeddedHome);
  if (serverUrl !== undefined) killAtRandom('postgres', serverHome);

  test('a second server on the same data folder refuses and names the first', { timeout: 60_000 }, async () => {
    const home = await embeddedHome();
    const first = await startUsherProcess(home);
    const second = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../../dist/src/main.js'), 'serve', '--port', '0'],
      {
        env: { PATH: process.env['PATH'], ...home.environment },
        encoding: 'utf8',
      },
    );
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`process ${first.pid}`);
    expect((await first.call('GET', '/readyz')).status).toBe(200);
    await first.kill();
    const third = await startUsherProcess(home);
    expect(await third.stop()).toBe(0);
    await home.remove();
  });
});
