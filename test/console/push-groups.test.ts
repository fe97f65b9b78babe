import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];
const patient = { timeout: 20_000 };

/** One story, in order: groups of people become groups of the app, by name, by link and by rule. */
describe.skipIf(!hasBrowser)('pushing groups', { timeout: 90_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  let appId = '';
  let engineering = '';

  beforeAll(async () => {
    world = await openConsoleWorld();
    const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
    const grace = await world.addPerson('grace@acme.example', 'Grace', 'Hopper');
    engineering = await world.addGroup('Engineering', [ada, grace]);
    await world.addGroup('Sales', [grace]);
    await world.addGroup('team-red', [ada]);
    appId = await world.addScimApp();
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}/groups/${engineering}`, {}));
    await app('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Sellers' });
    page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.usher.url}/admin/applications/${appId}/push-groups`);
  }, 90_000);
  afterAll(() => world.close());

  const app = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' };
    const answer = await fetch(world.app.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return JSON.parse(await answer.text()) as { Resources: { displayName: string; members?: unknown[] }[] };
  };
  /** The groups as the app has them, with how many are in each. */
  const groups = async () =>
    Object.fromEntries(
      (await app('GET', '/Groups')).Resources.map(({ displayName, members = [] }) => [displayName, members.length]),
    );
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const item = (name: string) => page.getByRole('menuitem', { name, exact: true });
  const row = (name: RegExp) => page.getByRole('row', { name });
  /** The words of a segment are its label, and the one to click. */
  const view = (name: string) => page.getByRole('radiogroup', { name: 'Show' }).getByText(name);
  const dialog = () => page.getByRole('dialog');
  const choose = async (field: string, text: string) => {
    await dialog().getByRole('combobox', { name: field }).fill(text);
    await page.getByRole('option', { name: text, exact: true }).click();
  };
  const look = async (name: string) => {
    await guidePicture(page, name);
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, name))).toEqual([]);
  };

  test('by name: it is made in the app with its members', async () => {
    await page.getByText('No group is pushed yet.').waitFor();
    await button('Push group').click();
    await choose('Group', 'Engineering');
    expect(await dialog().getByRole('textbox', { name: 'Name in the app' }).inputValue()).toBe('Engineering');
    await dialog().getByRole('button', { name: 'Push group' }).click();
    await row(/Engineering.*2 of 2.*As it should be/).waitFor(patient);
    expect(await groups()).toEqual({ Engineering: 2, Sellers: 0 });
  });

  test('linked to one the app has; a group that is pushed already is refused in words', async () => {
    await button('Push group').click();
    await choose('Group', 'Sales');
    await dialog().getByRole('radio', { name: 'One the app has already' }).click();
    await dialog().getByRole('combobox', { name: 'Group of the app' }).click();
    expect(await page.getByRole('option').allTextContents()).toEqual(['Sellers']);
    await page.getByRole('option', { name: 'Sellers' }).click();
    await look('push-group');
    await dialog().getByRole('button', { name: 'Push group' }).click();
    await row(/Sales.*Sellers.*1 of 1.*As it should be/).waitFor(patient);
    expect(await groups()).toEqual({ Engineering: 2, Sellers: 1 });

    await button('Push group').click();
    await choose('Group', 'Sales');
    await dialog().getByRole('button', { name: 'Push group' }).click();
    await dialog().getByRole('alert').filter({ hasText: 'already' }).waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  test('paused, resumed, compared now, and found by its state', async () => {
    await button('More Sales').click();
    await item('Pause').click();
    await row(/Sales.*Paused/).waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Paused' }).click();
    await expect.poll(() => row(/Engineering/).count(), patient).toBe(0);
    await button('More Sales').click();
    await item('Resume').click();
    await expect.poll(() => row(/Sales/).count(), patient).toBe(0);
    await page.goto(`${world.usher.url}/admin/applications/${appId}/push-groups`);
    await row(/Sales.*As it should be/).waitFor(patient);
    await button('Push now Engineering').click();
    await page.getByText('It is compared with the app now').waitFor();
  });

  test('by rule: what fits is seen before, pushed, and unlinked with the rule', async () => {
    await view('Rules').click();
    await button('Add push rule').click();
    await dialog().getByRole('textbox', { name: 'Name of the rule' }).fill('Teams');
    await dialog().getByRole('textbox', { name: 'Name of the group' }).fill('TEAM-');
    await dialog().getByText('1 group fits now.').waitFor();
    await dialog().getByText('team-red').waitFor();
    await look('push-rule');
    await dialog().getByRole('button', { name: 'Add push rule' }).click();
    await row(/Teams.*name begins with “TEAM-”.*1.*Active/).waitFor();
    await expect.poll(groups, patient).toEqual({ Engineering: 2, Sellers: 1, 'team-red': 1 });
    await button('Turn off Teams').click();
    await row(/Teams.*Off/).waitFor();
    await button('Delete Teams').click();
    await dialog().getByRole('radio', { name: 'Delete them in the app' }).click();
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No rule yet.').waitFor();
    await expect.poll(groups, patient).toEqual({ Engineering: 2, Sellers: 1 });
  });

  test('a failure says why, is found by its state and tried again', async () => {
    await view('Groups').click();
    const rename = async (name: string) =>
      succeeded(await world.usher.call('PUT', `/api/v1/groups/${engineering}`, { profile: { name } }));
    await rename('Sellers');
    await row(/Sellers.*Failed/).waitFor(patient);
    await page.getByText('1 failed', { exact: true }).waitFor();
    await look('push-groups');
    await button('Retry 1 failed group').click();
    await page.getByText('They are pushed again now.').waitFor();
    await rename('Engineering');
    await row(/Engineering.*2 of 2.*As it should be/).waitFor(patient);
  });

  test('unlinked: the one in the app stays or is deleted, as chosen', async () => {
    for (const [name, choice] of [
      ['Sales', 'Leave it'],
      ['Engineering', 'Delete it'],
    ] as const) {
      await button(`More ${name}`).click();
      await item('Unlink').click();
      await dialog().getByRole('radio', { name: choice }).click();
      await dialog().getByRole('button', { name: 'Unlink' }).click();
      await expect.poll(() => row(new RegExp(name)).count(), patient).toBe(0);
    }
    await expect.poll(groups, patient).toEqual({ Sellers: 1 });
  });
});
