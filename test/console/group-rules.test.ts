import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];
const patient = { timeout: 20_000 };

/** One story, in order: a rule is tried out, made, changed and deleted, and an account follows. */
describe.skipIf(!hasBrowser)('group rules', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  let sales = '';

  beforeAll(async () => {
    world = await openConsoleWorld();
    await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { department: 'Sales' });
    await world.addPerson('grace@acme.example', 'Grace', 'Hopper', { department: 'Navy' });
    sales = await world.addGroup('Sales');
    const appId = await world.addScimApp();
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}/groups/${sales}`, {}));
    page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.usher.url}/admin/groups`);
  }, 60_000);
  afterAll(() => world.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const row = (name: RegExp) => page.getByRole('row', { name });
  const condition = () => dialog().getByRole('textbox', { name: 'Condition' });
  const members = async () => {
    const { body } = await world.usher.call('GET', `/api/v1/groups/${sales}/users`);
    return (body as { profile: { login: string } }[]).map(({ profile }) => profile.login);
  };
  const look = async (name: string) => {
    if (name !== 'rule-mistake') await guidePicture(page, name);
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, name))).toEqual([]);
  };

  test('a mistake is shown at its place, and what was typed stays', async () => {
    await page.getByRole('link', { name: 'Group rules' }).click();
    await page.getByText('No rule yet.').waitFor();
    await button('Add rule').click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill('Sellers');
    await condition().fill('user.department = "Sales"');
    await dialog().getByRole('combobox', { name: 'Into groups' }).fill('Sal');
    await page.getByRole('option', { name: 'Sales', exact: true }).click();
    await dialog().getByText('line 1, column 17: there is no assignment here; use == to compare').waitFor();
    await look('rule-mistake');
    expect(await condition().inputValue()).toBe('user.department = "Sales"');
  });

  test('who would join is shown before, with what that gives them; saved, it happens', async () => {
    await condition().fill('user.department == "Sales"');
    await dialog().getByText('1 person joins').waitFor();
    await dialog().getByText('Its groups give: Target.').waitFor();
    await dialog()
      .getByRole('row', { name: /Ada Lovelace.*Joins.*Sales/ })
      .waitFor();
    await look('rule-preview');
    await dialog().getByRole('button', { name: 'Save and apply to 1 person' }).click();
    await row(/Sellers.*user\.department == "Sales".*Sales.*Active/).waitFor();
    await expect.poll(members, patient).toEqual(['ada@acme.example']);
    await expect.poll(async () => (await world.accounts()).length, patient).toBe(1);
  });

  test('a change of an active rule says who leaves, and the rule stays active', async () => {
    await button('Edit Sellers').click();
    await condition().fill('user.department == "Navy"');
    await dialog()
      .getByRole('row', { name: /Ada Lovelace.*Leaves/ })
      .waitFor();
    await dialog().getByRole('button', { name: 'Save and apply to 2 people' }).click();
    await row(/Sellers.*"Navy".*Active/).waitFor();
    await expect.poll(members, patient).toEqual(['grace@acme.example']);
    await look('group-rules');
  });

  test('turned off its people stay; deleted they leave, as chosen', async () => {
    await button('Turn off Sellers').click();
    await row(/Sellers.*Off/).waitFor();
    expect(await members()).toEqual(['grace@acme.example']);
    await button('Delete Sellers').click();
    await dialog().getByRole('radio', { name: 'Leave them' }).click();
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No rule yet.').waitFor();
    expect(await members()).toEqual([]);
  });
});
