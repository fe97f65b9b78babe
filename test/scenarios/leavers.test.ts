import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { describeWithHomes } from '../okta-sdk/sdk-context.ts';
import { addScimApp, succeeded } from '../usher-process.ts';
import { appToken, eventually, openScenario, type Scenario } from './scenario.ts';

/** Enough that they take several times the two seconds a leaver may take. */
const newcomers = 1_000;
/** How long the way to the app takes, in ms. */
const latencyMs = 20;

describeWithHomes('leavers (issue 4, item 11)', (makeHome) => {
  let on: Scenario;
  let line: Line;
  let appId: string;
  beforeAll(async () => {
    on = await openScenario(await makeHome(), async (options) => {
      const app = await startScimmyApp(options);
      line = await openLine(app);
      return { ...app, url: line.url, close: () => Promise.all([line.close(), app.close()]).then(() => undefined) };
    });
    appId = await addScimApp(on.usher, line.url, appToken);
  });
  afterAll(() => on.close());

  const progress = async () => succeeded(await on.usher.call('GET', `/usher/v1/apps/${appId}/progress`));
  const provisioned = async (name: string) => {
    const person = await on.addUser(name);
    await on.cli(['assign', 'Target', '--user', person.login]);
    await eventually(async () => expect(await one(line.direct, person.login)).toMatchObject({ active: true }));
    return person;
  };

  test('one whose app cannot be reached is tried until the app says that the account is off', async () => {
    const bob = await provisioned('bob');
    line.cut();
    await on.cli(['users', 'deactivate', bob.login]);
    await eventually(async () => {
      const tasks = await on.cli(['tasks', 'list', '--app', 'Target']);
      expect(tasks).toEqual([expect.objectContaining({ kind: 'FAILURE', people: 1, leavers: 1, retrying: 1 })]);
    });
    expect(await one(line.direct, bob.login)).toMatchObject({ active: true });
    line.mend();
    await eventually(async () => expect(await one(line.direct, bob.login)).toMatchObject({ active: false }), 30_000);
    await eventually(async () => expect(await progress()).toMatchObject({ waiting: 0, failed: 0 }), 30_000);
    expect(await on.cli(['tasks', 'list', '--app', 'Target'])).toEqual([]);
  });

  test('one overtakes everybody who waits for an account, and the app itself says so within two seconds', async () => {
    const ada = await provisioned('ada');
    const csv = join(tmpdir(), `usher-leavers-${process.pid}.csv`);
    const rows = Array.from({ length: newcomers }, (_, index) => `new${index}@acme.example`);
    await writeFile(csv, ['login,email,firstName,lastName', ...rows.map((at) => `${at},${at},New,Comer`)].join('\n'));
    await on.cli(['users', 'import', csv]);
    await on.cli(['assign', 'Target', '--csv', csv]);
    expect(Number((await progress())['waiting'])).toBeGreaterThan(newcomers / 4);

    const began = Date.now();
    await on.cli(['users', 'deactivate', ada.login]);
    await eventually(async () => expect(await one(line.url, ada.login)).toMatchObject({ active: false }));
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(Number((await progress())['waiting'])).toBeGreaterThan(0);
  });
});

/** The account as the app shows it itself. */
async function one(url: string, login: string): Promise<object | undefined> {
  const answer = await fetch(`${url}/Users?filter=${encodeURIComponent(`userName eq "${login}"`)}`, {
    headers: { authorization: `Bearer ${appToken}` },
  });
  const { Resources } = (await answer.json()) as { Resources?: object[] };
  return Resources?.[0];
}

/** A slow way to an app, that can be cut. */
interface Line {
  readonly url: string;
  /** The app without the way to it. */
  readonly direct: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

async function openLine(app: RunningApp): Promise<Line> {
  const { port, pathname } = new URL(app.url);
  const ends = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), latencyMs / 2));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    whole = false;
    for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    direct: app.url,
    cut,
    mend: () => {
      whole = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
