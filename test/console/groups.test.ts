import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

describe.skipIf(!hasBrowser)('groups and guides', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  beforeAll(async () => {
    world = await openConsoleWorld();
    page = await world.newPage();
    await world.signIn(page);
  }, 60_000);
  afterAll(() => world.close());

  test('a group gets another name and description', async () => {
    const id = await world.addGroup('Enginering');
    await page.goto(`${world.usher.url}/admin/groups/${id}`);
    await page.getByRole('button', { name: 'Edit group' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Engineering');
    await page.getByRole('textbox', { name: 'Description' }).fill('Everybody who builds');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Engineering' }).waitFor();
    await page.getByText('Everybody who builds').waitFor();
  });

  test('the guide of an integration shows its attributes as a table', async () => {
    await page.goto(`${world.usher.url}/admin/applications/catalog/scim2headerauth`);
    const table = page.getByRole('region', { name: 'attribute, in the app, comes from' }).getByRole('table');
    await table.getByRole('row', { name: 'familyName (required) name.familyName user.lastName' }).waitFor();
  });
});
