import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** What the page may take until it shows what others have done, when nothing else keeps the machine busy. */
const soonMs = 2_000;
/** The quickest of so many counts, since other tests run beside this one. */
const tries = 3;

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

    test('asks to sign in again when the session is ended elsewhere', async () => {
      const answer = await page.request.get(`${world.usher.url}/usher/v1/session`);
      const { user }: { user: { id: string } } = await answer.json();
      succeeded(await world.usher.call('DELETE', `/api/v1/users/${user.id}/sessions`));
      await page.getByRole('dialog', { name: /session/i }).waitFor({ timeout: 2 * soonMs });
    });
  },
  240_000,
);
