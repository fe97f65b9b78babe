import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverUrl } from '../database.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

describe.skipIf(!hasBrowser)(
  'the page of the system',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());

    test('says what runs, on what database, and where connections may lead', async () => {
      await page.getByRole('link', { name: 'System', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
      const kind = serverUrl === undefined ? 'Embedded (PGlite)' : 'PostgreSQL server';
      await page.getByRole('row', { name: `Kind ${kind}` }).waitFor();
      await page.getByRole('row', { name: /Schema version \d+, the newest/ }).waitFor();
      await page.getByRole('region', { name: 'Networks apps may be in' }).getByText('127.0.0.1/32').waitFor();
      for (const [width, scheme] of [
        [1280, 'light'],
        [1280, 'dark'],
        [360, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 860 });
        await page.emulateMedia({ colorScheme: scheme });
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), { timeout: 5_000 }).toBe(width);
      }
    });

    test('says in German what the database promises', async () => {
      await page.evaluate(`localStorage.setItem('usher-language', 'de')`);
      await page.reload();
      const promise = serverUrl === undefined ? 'Eingebettet, für einen Prozess.' : 'Wie es die Einstellungen';
      await page.getByRole('row', { name: `Dauerhaftigkeit ${promise}` }).waitFor();
    });
  },
  240_000,
);
