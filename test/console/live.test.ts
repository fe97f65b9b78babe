import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** What the page may take until it shows what others have done, when nothing else keeps the machine busy. */
const soonMs = 2_000;
/** The quickest of so many counts, since other tests run beside this one. */
const tries = 3;
/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)(
  'a page that is open',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());
    const group = (name: string) => page.getByRole('link', { name });

    test('shows what others do within two seconds, asks for nothing meanwhile, and keeps what is typed', async () => {
      await page.getByRole('link', { name: 'Groups', exact: true }).click();
      await page.getByRole('button', { name: 'Add group' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Half-typed');
      await group('Everyone').waitFor();
      // What came of signing in and of the first look has settled.
      await page.waitForTimeout(soonMs);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.waitForTimeout(2_500);
      expect(asked).toEqual([]);
      const took: number[] = [];
      for (let made = 1; made <= tries; made += 1) {
        await world.addGroup(`Made elsewhere ${made}`);
        const since = performance.now();
        await group(`Made elsewhere ${made}`).waitFor();
        took.push(performance.now() - since);
      }
      expect(Math.min(...took)).toBeLessThan(soonMs);
      expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Half-typed');
    });

    test('says when the connection is lost, and finds back without losing what is typed', async () => {
      await world.usher.kill();
      await page.getByText('The connection is lost').waitFor();
      await world.restart();
      await world.addGroup('Made after the restart');
      await page.getByText('The connection is lost').waitFor({ state: 'detached' });
      await group('Made after the restart').waitFor();
      expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Half-typed');
    });

    test('draws of a long list what is in sight, and loads page by page what is scrolled to', async () => {
      const rows = Array.from({ length: 420 }, (_, index) => {
        const login = `p${String(index).padStart(3, '0')}@acme.example`;
        return `${login},${login},Person,Number ${String(index).padStart(3, '0')}`;
      });
      await world.importPeople(['login,email,firstName,lastName', ...rows].join('\n'));
      const read = async () => (await world.usher.call('GET', '/api/v1/users?search=profile.login%20sw%20"p41"')).body;
      await expect.poll(read, { timeout: 30_000 }).toHaveLength(10);
      await page.keyboard.press('Escape');
      await page.goto(`${world.usher.url}/admin/people`);
      const table = page.getByRole('region', { name: 'People' }).getByRole('table');
      const rowCount = async () => {
        await page.mouse.wheel(0, 6_000);
        return table.getAttribute('aria-rowcount');
      };
      await table
        .getByRole('row', { name: /@acme\.example/ })
        .first()
        .waitFor();
      await page.mouse.move(640, 600);
      // Of a head, the owner and those who were loaded.
      await expect.poll(rowCount, { timeout: 60_000 }).toBe('422');
      await page.keyboard.press('End');
      const indexOf = (found: { readonly ariaRowIndex: string | null }[]) => found.map((row) => row.ariaRowIndex);
      const indexes = () => table.getByRole('row').evaluateAll(indexOf);
      await expect.poll(async () => (await indexes()).at(-1), { timeout: 20_000 }).toBe('422');
      expect((await indexes()).length).toBeLessThan(100);
      expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, 'long-list'))).toEqual([]);
      await page.evaluate('scrollTo(0, 0)');
      await expect.poll(async () => (await indexes())[1], { timeout: 20_000 }).toBe('2');
      // As cards the rows not drawn take their room, too: from the first the last is one movement away.
      await page.setViewportSize({ width: 360, height: 860 });
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await expect.poll(async () => Number((await indexes()).at(-1)), { timeout: 10_000 }).toBeGreaterThan(100);
      await page.setViewportSize({ width: 1280, height: 860 });
    });

    test('asks to sign in again when the session is ended elsewhere', async () => {
      const answer = await page.request.get(`${world.usher.url}/usher/v1/session`);
      const { user }: { user: { id: string } } = await answer.json();
      succeeded(await world.usher.call('DELETE', `/api/v1/users/${user.id}/sessions`));
      await page.getByRole('dialog', { name: /session/i }).waitFor({ timeout: 2 * soonMs });
    });
  },
  240_000,
);
