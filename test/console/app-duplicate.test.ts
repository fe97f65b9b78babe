import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** Where the pictures of docs/guides go; nowhere unless it is asked for. */
const guidePictures = process.env['USHER_GUIDE_PICTURES'];

describe.skipIf(!hasBrowser)(
  'duplicating an app',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    let appId = '';

    beforeAll(async () => {
      world = await openConsoleWorld();
      appId = await world.addScimApp();
      page = await world.newPage();
      await world.signIn(page);
      await page.goto(`${world.usher.url}/admin/applications/${appId}/general`);
    });
    afterAll(() => world.close());
    const appOf = async (id: string) => succeeded(await world.usher.call('GET', `/api/v1/apps/${id}`));

    test('links that cannot move yet are refused in words, and what was typed stays', async () => {
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Duplicate Target' });
      await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).fill('Target, second');
      if (guidePictures !== undefined) await page.screenshot({ path: join(guidePictures, 'duplicate.png') });
      await dialog.getByRole('radio', { name: 'Move' }).click();
      await dialog.getByRole('button', { name: 'Make duplicate' }).click();
      await dialog.getByRole('alert').filter({ hasText: 'Turn its connection off first' }).waitFor();
      expect(await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).inputValue()).toBe('Target, second');
    });

    test('the duplicate is hidden, not connected, and waits for its credentials; the original is as it was', async () => {
      const before = await appOf(appId);
      await page.getByRole('radio', { name: 'Match again' }).click();
      await page.getByRole('button', { name: 'Make duplicate' }).click();
      await page.getByRole('heading', { level: 1, name: 'Target, second' }).waitFor();
      await page.getByText('Not connected', { exact: true }).waitFor();
      const madeId = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
      expect(madeId).not.toBe(appId);
      expect(await appOf(madeId)).toMatchObject({ label: 'Target, second', visibility: { hide: { web: true } } });
      expect(await appOf(appId)).toEqual(before);
    });

    test('a plan shows what becomes of each account, and makes just that duplicate', async () => {
      const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
      const bob = await world.addPerson('bob@acme.example', 'Bob', 'Noyce');
      const assignments = { userIds: [ada, bob] };
      succeeded(await world.usher.call('POST', `/usher/v1/apps/${appId}/assignments`, assignments));
      const progress = () => world.usher.call('GET', `/usher/v1/apps/${appId}/progress`);
      await expect.poll(async () => succeeded(await progress())['synchronized'], { timeout: 20_000 }).toBe(2);

      await page.goto(`${world.usher.url}/admin/applications/${appId}/general`);
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Duplicate Target' });
      await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).fill('Planned');
      await dialog.getByRole('radio', { name: 'Move' }).click();
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByRole('alert').filter({ hasText: 'Turn its connection off first' }).waitFor();
      await dialog.getByRole('radio', { name: 'Stay here' }).click();
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('heading', { level: 1, name: 'Duplicate the app as Planned' }).waitFor();
      await page.getByRole('button', { name: /2 Stays here/ }).waitFor();
      await page.getByRole('row', { name: /What it costs No requests/ }).waitFor();
      await page.getByRole('row', { name: /Ada Lovelace.*Stays here.*asks before it takes it/ }).waitFor();

      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      await page.getByRole('heading', { level: 1, name: 'Planned' }).waitFor();
      await page.getByText('Not connected', { exact: true }).waitFor();
      const madeId = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
      expect(await appOf(madeId)).toMatchObject({ label: 'Planned', visibility: { hide: { web: true } } });
    });
  },
  120_000,
);
