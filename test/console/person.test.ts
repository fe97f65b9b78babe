import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { hasBrowser, hostile, openConsoleWorld, type ConsoleWorld } from './world.ts';

describe.skipIf(!hasBrowser)('the page of a person', () => {
  let world: ConsoleWorld;
  let page: Page;
  let userId = '';

  beforeAll(async () => {
    world = await openConsoleWorld();
    userId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    const groupId = await world.addGroup('Engineering', [userId]);
    const appId = await world.addScimApp();
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
    page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.usher.url}/admin/people/${userId}`);
  });
  afterAll(() => world.close());

  test('the profile is changed, and the account follows', async () => {
    await page.getByRole('button', { name: 'Edit profile' }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill(hostile);
    await page.getByRole('textbox', { name: 'Nickname' }).fill('Countess');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Nickname.*Countess/ }).waitFor();
    await page.getByRole('cell', { name: hostile }).waitFor();
    expect(await page.title()).not.toBe('run');
    await expect.poll(async () => JSON.stringify(await world.accounts()), { timeout: 20_000 }).toContain('Countess');
  });

  test('what is refused is said beside the form, and what was typed stays', async () => {
    await page.getByRole('button', { name: 'Edit profile' }).click();
    await page.getByRole('textbox', { name: 'Primary email' }).fill('no address');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'email' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Primary email' }).inputValue()).toBe('no address');
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  test('the accounts, and why there is one', async () => {
    await page.getByRole('tab', { name: 'Applications' }).click();
    await page.getByRole('row', { name: /Target.*ada@acme\.example.*As it should be.*Group/ }).waitFor();
    await page.getByRole('button', { name: 'Explain the account in Target' }).click();
    const dialog = page.getByRole('dialog', { name: 'Why Ada Lovelace has Target' });
    await dialog.getByText('the group Engineering').waitFor();
    await dialog.getByRole('row', { name: /nickName.*Countess.*Countess.*Mapping/ }).waitFor();
  });
});
