import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { succeeded } from '../usher-process.ts';
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

  test('a group tells the apps it is pushed to and the rules that fill it, with links', async () => {
    const [id, appId] = [await world.addGroup('Analysts'), await world.addScimApp()];
    const call = async (method: 'POST' | 'PUT', path: string, body: JsonObject) =>
      succeeded(await world.usher.call(method, path, body));
    await page.goto(`${world.usher.url}/admin/groups/${id}?tab=pushes`);
    await page.getByText('It is pushed to no application.').waitFor();
    // What is made elsewhere is here at once.
    const push = { sourceGroupId: id, targetGroupName: 'Analysts there', status: 'ACTIVE' };
    await call('POST', `/api/v1/apps/${appId}/group-push/mappings`, push);
    const pushes = page.getByRole('region', { name: 'Pushed to' });
    await pushes.getByRole('row', { name: /Analysts there.*As it should be/ }).waitFor();
    await pushes.getByRole('link').click();
    await page.getByRole('region', { name: 'Pushed groups' }).getByRole('link', { name: 'Analysts' }).click();

    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByText('No rule fills it').waitFor();
    await call('POST', '/api/v1/groups/rules', {
      ...{ type: 'group_rule', name: 'All analysts' },
      conditions: { expression: { value: 'user.title == "Analyst"', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [id] } },
    });
    await page.reload();
    const rules = page.getByRole('region', { name: 'Rules' });
    await rules.getByRole('row', { name: /All analysts.*user\.title == "Analyst".*Off/ }).waitFor();
    await rules.getByRole('link', { name: 'All analysts' }).click();
    await page.getByRole('button', { name: 'Activate All analysts' }).waitFor();
  });

  test('the guide of an integration shows its attributes as a table', async () => {
    await page.goto(`${world.usher.url}/admin/applications/catalog/scim2headerauth`);
    const table = page.getByRole('region', { name: 'attribute, in the app, comes from' }).getByRole('table');
    await table.getByRole('row', { name: 'familyName (required) name.familyName user.lastName' }).waitFor();
  });
});
