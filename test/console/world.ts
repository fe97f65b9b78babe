import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { vi } from 'vitest';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { serverUrl } from '../database.ts';
import {
  addScimApp,
  embeddedHome,
  serverHome,
  startUsherProcess,
  succeeded,
  type UsherProcess,
} from '../usher-process.ts';

const executablePath = process.env['USHER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
/** No sandbox, since the tests may run as root; nothing that asks Google for anything. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Whether there is a browser; `npm test` says so where there is none. */
export const hasBrowser = existsSync(executablePath);
export const password = 'correct horse battery';
export const secret = 'scim-token-0123456789';
/** Text that would run, and change the title of the page, if any page showed it as anything but text. */
export const hostile = `<img src=x onerror="document.title='run'">{{7*7}}`;

/**
 * A real Usher, a real SCIM app beside it, and a real browser. On PostgreSQL where there is one: the embedded database
 * takes ten seconds of a busy machine to start, and what pages show does not depend on it.
 */
export interface ConsoleWorld {
  readonly usher: UsherProcess;
  readonly app: RunningApp;
  readonly browser: Browser;
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** The link that `usher serve` prints for the owner's first password. */
  welcomeLink(): string;
  /** Makes the owner's password by that link and leaves the page signed in, on Home. */
  signIn(page: Page): Promise<void>;
  addPerson(login: string, firstName: string, lastName: string, more?: Record<string, string>): Promise<string>;
  addGroup(name: string, userIds?: readonly string[]): Promise<string>;
  /** Loads people from a CSV file; the id of the run. */
  importPeople(csv: string): Promise<string>;
  /** A connected app whose three pushes are on; its id. */
  addScimApp(): Promise<string>;
  /** The accounts as the app itself has them. */
  accounts(): Promise<readonly { readonly userName: string; readonly active: boolean }[]>;
  /** Another server process on the same port and data, after this one was killed. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openConsoleWorld(): Promise<ConsoleWorld> {
  const home = await (serverUrl === undefined ? embeddedHome() : serverHome());
  const [first, app, browser] = await Promise.all([
    startUsherProcess(home),
    startScimmyApp({ token: secret }),
    chromium.launch({ executablePath, args }),
  ]);
  let usher = first;
  const welcomeLink = () => /http:\S+\/welcome\/\w+/.exec(usher.log())?.[0] ?? '';
  return {
    get usher() {
      return usher;
    },
    app,
    browser,
    welcomeLink,
    newPage: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      return page;
    },
    signIn: async (page) => {
      // It is printed a moment after the address.
      await page.goto(await vi.waitUntil(welcomeLink, { timeout: 10_000 }));
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill(password);
      await page.getByRole('textbox', { name: 'New password again' }).fill(password);
      await page.getByRole('button', { name: 'Set password and sign in' }).click();
      await page.getByRole('heading', { level: 1, name: 'Hello, Usher Owner' }).waitFor();
    },
    addPerson: async (login, firstName, lastName, more = {}) => {
      const profile = { login, email: login, firstName, lastName, ...more };
      return String(succeeded(await usher.call('POST', '/api/v1/users', { profile }))['id']);
    },
    addGroup: async (name, userIds = []) => {
      const made = succeeded(await usher.call('POST', '/api/v1/groups', { profile: { name, description: hostile } }));
      const id = String(made['id']);
      for (const userId of userIds) succeeded(await usher.call('PUT', `/api/v1/groups/${id}/users/${userId}`));
      return id;
    },
    importPeople: async (body) => {
      const headers = { authorization: `SSWS ${usher.token}`, 'content-type': 'text/csv' };
      const answer = await fetch(`${usher.url}/usher/v1/imports/people`, { method: 'POST', headers, body });
      const { id }: { id: string } = JSON.parse(await answer.text());
      return id;
    },
    addScimApp: () => addScimApp(usher, app.url, secret),
    accounts: async () => {
      const answer = await fetch(`${app.url}/Users`, { headers: { authorization: `Bearer ${secret}` } });
      const { Resources }: { Resources: { userName: string; active: boolean }[] } = JSON.parse(await answer.text());
      return Resources;
    },
    restart: async () => {
      usher = await startUsherProcess(home, Number(new URL(usher.url).port));
    },
    close: async () => {
      await browser.close();
      await Promise.all([usher.stop(), app.close()]);
      await home.remove();
    },
  };
}
