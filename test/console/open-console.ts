import { existsSync } from 'node:fs';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { JsonObject } from '../../src/lib/json.ts';
import { embeddedHome, startUsherProcess, succeeded, type UsherHome, type UsherProcess } from '../usher-process.ts';

const executablePath = process.env['USHER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

export const noBrowser = !existsSync(executablePath);
export const password = 'correct horse battery';

/** A real server and a real browser, for one file of scenarios. */
export interface ConsoleTest {
  readonly usher: UsherProcess;
  readonly home: UsherHome;
  /** Signed in as the owner, who may do everything. */
  readonly page: Page;
  /** A window of its own, signed in as somebody who has `password`. */
  openAs(login: string, width?: number): Promise<Page>;
  /** Asks the API as the owner; the answer must be a success. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: JsonObject): Promise<JsonObject>;
  /** Adds somebody who can sign in. */
  addPerson(login: string, firstName: string, lastName: string): Promise<string>;
  /** Another server process on the same port and data, after this one was killed. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openConsole(): Promise<ConsoleTest> {
  const home = await embeddedHome();
  let usher = await startUsherProcess(home);
  const browser = await chromium.launch({ executablePath, args: flags });
  const open = async (width: number): Promise<[BrowserContext, Page]> => {
    const context = await browser.newContext({ viewport: { width, height: 860 } });
    context.setDefaultTimeout(15_000);
    return [context, await context.newPage()];
  };
  const [context, page] = await open(1280);
  const token = /\/welcome\/(\w+)/.exec(usher.log())?.[1] ?? '';
  await context.request.post(`${usher.url}/usher/v1/session/password`, { data: { token, password } });
  await page.goto(`${usher.url}/admin`);
  const ask: ConsoleTest['ask'] = async (...request) => succeeded(await usher.call(...request));
  return {
    get usher() {
      return usher;
    },
    home,
    page,
    openAs: async (login, width = 1280) => {
      const [own, opened] = await open(width);
      await own.request.post(`${usher.url}/usher/v1/session`, { data: { username: login, password } });
      await opened.goto(usher.url);
      return opened;
    },
    ask,
    addPerson: async (login, firstName, lastName) => {
      const profile = { login, email: login, firstName, lastName };
      const made = await ask('POST', '/api/v1/users', { profile, credentials: { password: { value: password } } });
      return String(made['id']);
    },
    restart: async () => {
      usher = await startUsherProcess(home, Number(new URL(usher.url).port));
    },
    close: async () => {
      await browser.close();
      await usher.stop();
      await home.remove();
    },
  };
}
