import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** Where pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)(
  'reports',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      const { usher } = world;
      const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
      const bob = await world.addPerson('bob@acme.example', 'Bob', 'Ross');
      const groupId = await world.addGroup('Sales', [ada, bob]);
      const appId = await world.addScimApp();
      succeeded(await usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
      const areActive = async (count: number) =>
        expect((await world.accounts()).filter((account) => account.active)).toHaveLength(count);
      await vi.waitFor(() => areActive(2), { timeout: 20_000, interval: 100 });
      succeeded(await usher.call('POST', `/api/v1/users/${bob}/lifecycle/deactivate`));
      await vi.waitFor(() => areActive(1), { timeout: 20_000, interval: 100 });
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());
    const look = async (name: string) => {
      if (pictures === undefined) return;
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [1280, 'dark'],
        [360, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 860 });
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    };

    test('are reached by keyboard, and one says how soon an account was off, as a chart and its twin', async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('e');
      await page.getByRole('heading', { level: 1, name: 'Reports' }).waitFor();
      await page.getByRole('region', { name: 'Reports' }).getByRole('link', { name: 'Leavers' }).waitFor();
      await look('reports');
      await page.getByRole('link', { name: 'Leavers' }).click();
      const rows = page.getByRole('region', { name: 'Leavers', exact: true });
      await rows.getByRole('row', { name: /Bob Ross.*Off.*second.*Deactivate/ }).waitFor();
      await page.getByRole('img', { name: 'How soon accounts were off: 1 in all' }).waitFor();
      await look('leavers');
      await guidePicture(page, 'reports');
      await page.getByRole('button', { name: 'View as table: How soon accounts were off' }).click();
      await page.getByRole('row', { name: 'Up to 1 min 1 0' }).waitFor();
    });

    test('keep what they are asked for in the address', async () => {
      await page.getByRole('combobox', { name: 'Account is' }).click();
      await page.getByRole('option', { name: 'Still on' }).click();
      await page.getByText('Nothing to report.').waitFor();
      expect(new URL(page.url()).searchParams.get('state')).toBe('ON');
      await page.getByRole('radiogroup', { name: 'Period' }).getByText('7 days').click();
      await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe('7d');
      await page.goto(`${world.usher.url}/admin/reports/app-access`);
      const rows = page.getByRole('region', { name: 'Application access' });
      await rows.getByRole('row', { name: /Bob Ross/ }).waitFor();
      await page.getByRole('combobox', { name: 'Application' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('combobox', { name: 'Account is' }).click();
      await page.getByRole('option', { name: 'As it should be' }).click();
      await rows.getByRole('row', { name: /Ada Lovelace.*As it should be.*By a group Sales/ }).waitFor();
      await look('app-access');
      await rows.getByRole('link', { name: 'Ada Lovelace' }).click();
      await page.getByRole('tab', { name: 'Applications' }).click();
      await page.getByRole('link', { name: /All accounts as a report/ }).click();
      await page.getByRole('button', { name: 'About everybody, not one person' }).waitFor();
      await rows.getByRole('row', { name: /Ada Lovelace/ }).waitFor();
      expect(await rows.getByRole('row', { name: /Bob Ross/ }).count()).toBe(0);
      await page.getByRole('button', { name: 'About everybody, not one person' }).click();
      await rows.getByRole('row', { name: /Bob Ross/ }).waitFor();
    });

    test('are files, with every column', async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download CSV' }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^usher-app-access-.*\.csv$/);
      const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
      expect(lines[0]).toMatch(/^app,appId,login,name,userId,/);
      expect(lines.slice(1).join()).toContain('ada@acme.example,Ada Lovelace,');
    });

    test('what was changed is there to be copied, as a request and as a command', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Account of Usher Owner' }).click();
      await page.getByRole('menuitem', { name: 'Copy as API call' }).click();
      const drawer = page.getByRole('dialog', { name: 'Copy as API call' });
      await drawer.getByText('You have changed nothing yet.').waitFor();
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Groups' }).click();
      await page.getByRole('button', { name: 'Add group' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add group' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('It’s a team');
      await dialog.getByRole('button', { name: 'Add group' }).click();
      await page.getByRole('heading', { level: 1, name: 'It’s a team' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('c');
      await drawer.getByRole('heading', { name: 'POST /api/v1/groups' }).waitFor();
      await look('calls');
      await guidePicture(page, 'calls');
      const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
      await drawer.getByRole('button', { name: 'Copy command: POST /api/v1/groups' }).click();
      await drawer.getByText('Copied').first().waitFor();
      await expect.poll(clipboard).toMatch(/^usher groups create 'It’s a team'/);
      await drawer.getByRole('button', { name: 'Copy request: POST /api/v1/groups' }).click();
      await expect.poll(clipboard).toContain(`curl -X POST ${world.usher.url}/api/v1/groups \\\n`);
      expect(await faultsOf(page, undefined)).toEqual([]);
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('row', { name: 'g c Copy as API call' }).waitFor();
      await page.keyboard.press('Escape');
    });

    test('are kept from nobody who may read reports and nothing else', async () => {
      const { usher } = world;
      const credentials = { password: { value: 'correct horse battery' } };
      const profile = { login: 'rep@acme.example', email: 'rep@acme.example', firstName: 'Rep', lastName: 'Orter' };
      const made = succeeded(await usher.call('POST', '/api/v1/users', { profile, credentials }));
      const role = { type: 'REPORT_ADMIN' };
      succeeded(await usher.call('POST', `/api/v1/users/${String(made['id'])}/roles`, role));
      const other = await world.newPage();
      await other.goto(`${usher.url}/login`);
      await other.getByRole('textbox', { name: 'Username' }).fill('rep@acme.example');
      await other.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
      await other.keyboard.press('Enter');
      await other.getByRole('button', { name: 'Account of Rep Orter' }).waitFor();
      await other.goto(`${usher.url}/admin/reports/app-usage`);
      const row = other.getByRole('region', { name: 'Accounts per application' }).getByRole('row').nth(1);
      await row.waitFor();
      expect(await row.getByRole('link').count()).toBe(0);
      await other.context().close();
    });
  },
  240_000,
);
