import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openConsole, type ConsoleTest } from './open-console.ts';

describe.skipIf(noBrowser)(
  'the page of the system',
  () => {
    let on: ConsoleTest;
    beforeAll(async () => {
      on = await openConsole();
    });
    afterAll(() => on.close());

    test('says what runs, on what database, and where connections may lead', async () => {
      const { page } = on;
      await page.getByRole('link', { name: 'System', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
      await page.getByRole('row', { name: 'Kind Embedded (PGlite)' }).waitFor();
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
        if (process.env['SHOTS'])
          await page.screenshot({ path: `/tmp/h5-system-${scheme}-${width}.png`, fullPage: true });
      }
    });
  },
  240_000,
);
