import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

describe.skipIf(!hasBrowser)(
  'the first page of the admin console',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());
    const setUp = () => page.getByRole('region', { name: 'Set up Usher' });
    const operations = () => page.getByRole('region', { name: 'Provisioning by result' });

    test('leads from nothing to the first account, and the list goes when it is done', async () => {
      await setUp().getByText('0 of 5 done').waitFor();
      await operations().getByText('Nothing was provisioned in this time.').waitFor();
      await setUp().getByRole('link', { name: 'Browse app catalog' }).waitFor();
      await picture(page, 'home-empty');
      const appId = await world.addScimApp();
      await setUp().getByText('3 of 5 done').waitFor();
      const userId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
      await setUp().getByRole('link', { name: 'Assign' }).click();
      await page.getByRole('heading', { level: 1, name: 'Target' }).waitFor();
      succeeded(await world.usher.call('POST', `/api/v1/apps/${appId}/users`, { id: userId, scope: 'USER' }));
      await page.getByRole('link', { name: 'Home', exact: true }).click();
      await operations()
        .getByRole('img', { name: /\d operations? over time, by result/ })
        .waitFor();
      await expect.poll(() => setUp().count()).toBe(0);
      await picture(page, 'home');
    });

    test('each bar leads to its events, by mouse and as a table', async () => {
      await page.getByRole('radiogroup', { name: 'Time' }).getByText('7 days').click();
      const chart = operations().getByRole('img', { name: /over time, by result/ });
      await chart.hover();
      const box = await chart.boundingBox();
      if (box === null) throw new Error('The chart has no place.');
      await page.mouse.click(box.x + box.width - 16, box.y + 80);
      await page.getByRole('heading', { level: 1, name: 'System Log' }).waitFor();
      await page.getByRole('button', { name: 'Details: Push new user to application' }).waitFor();
      expect(await page.getByRole('button', { name: 'Details: Create group' }).count()).toBe(0);
      await page.goBack();
      await page.getByRole('button', { name: 'View as table: Provisioning by result' }).click();
      const row = operations().getByRole('row').last();
      await row.getByRole('link').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Details: Push new user to application' }).waitFor();
    });

    test('says of each application how it is, in a word', async () => {
      await page.goto(`${world.usher.url}/admin`);
      await page.getByRole('link', { name: /Target.*1 person has it.*Healthy/ }).waitFor();
    });
  },
  240_000,
);

/** Where pictures go that people look at; nowhere unless it is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['USHER_PICTURES'];
  if (folder === undefined) return;
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 860 });
}
