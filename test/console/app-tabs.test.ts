import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];
/** Pictures the guides show. */
const inGuides = ['sign-on', 'accounts', 'account', 'person-values', 'assign-many', 'run'];
const patient = { timeout: 20_000 };

/** One story, in order: an app's sign-on, its accounts, what was written to them, and its runs. */
describe.skipIf(!hasBrowser)('the tabs of an application', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  let appId = '';

  beforeAll(async () => {
    world = await openConsoleWorld();
    const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    const grace = await world.addPerson('grace@acme.example', 'Grace', 'Hopper');
    await world.addPerson('kay@acme.example', 'Kay', 'Johnson');
    appId = await world.addScimApp();
    for (const name of ['First', 'Second']) {
      const groupId = await world.addGroup(name, [ada]);
      succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
    }
    for (const id of [ada, grace]) succeeded(await world.usher.call('POST', `/api/v1/apps/${appId}/users`, { id }));
    page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.usher.url}/admin/applications/${appId}`);
  }, 120_000);
  afterAll(() => world.close());

  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const row = (name: RegExp) => page.getByRole('row', { name });
  const look = async (name: string) => {
    if (inGuides.includes(name)) await guidePicture(page, name);
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, name))).toEqual([]);
  };

  test('on a narrow screen the tabs are one line, with the open one in sight', async () => {
    await page.setViewportSize({ width: 360, height: 860 });
    await tab('Runs').click();
    await page.waitForURL(/\/runs$/);
    await page.reload();
    await tab('Runs').waitFor();
    expect((await page.getByRole('tablist').boundingBox())?.height).toBeLessThan(60);
    const rightEdge = async () => {
      const box = await tab('Runs').boundingBox();
      return box === null || box.x < 0 ? Infinity : box.x + box.width;
    };
    await expect.poll(rightEdge, patient).toBeLessThan(320);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test('the user name format is tried out for somebody, a mistake said, and saved', async () => {
    await tab('Sign on').click();
    await page.getByText(/^It gives: \S+@(acme|usher)\./).waitFor();
    await page.getByRole('combobox', { name: 'Format', exact: true }).click();
    await page.getByRole('option', { name: 'Username without what follows @' }).click();
    await page.getByRole('combobox', { name: 'Sample person' }).fill('ada');
    await page.getByRole('option', { name: /Ada Lovelace/ }).click();
    await page.getByText('It gives: ada', { exact: true }).waitFor();
    const address = page.getByRole('textbox', { name: 'Address the tile opens' });
    await address.fill('https://target.example.com/');
    await page.getByRole('region', { name: 'Sign-on' }).getByRole('button', { name: 'Save' }).first().click();
    const opened = async () => {
      const { settings } = succeeded(await world.usher.call('GET', `/api/v1/apps/${appId}`));
      return settings;
    };
    await expect.poll(opened, patient).toMatchObject({ app: { url: 'https://target.example.com/' } });
    await page.getByRole('combobox', { name: 'Format', exact: true }).click();
    await page.getByRole('option', { name: 'Custom' }).click();
    await page.getByRole('textbox', { name: 'Template' }).fill('${source.login');
    await page
      .getByRole('status')
      .filter({ hasText: /line 1|template/i })
      .waitFor();
    await page.getByRole('textbox', { name: 'Template' }).fill('${source.login}');
    await page.getByText('It gives: ada@acme.example').waitFor();
    await look('sign-on');
    await page.getByRole('region', { name: 'User name format' }).getByRole('button', { name: 'Save' }).click();
    const userNameTemplate = { template: '${source.login}', type: 'CUSTOM' };
    // Not by the word "Saved", which the form above may still be saying.
    const named = async () => succeeded(await world.usher.call('GET', `/api/v1/apps/${appId}`))['credentials'];
    await expect.poll(named, patient).toMatchObject({ userNameTemplate });
  });

  test('every account, what the app confirmed, what was written, and why', async () => {
    await tab('Accounts').click();
    await row(/Grace Hopper.*grace@acme\.example.*As it should be.*Created/).waitFor();
    await look('accounts');
    await button('Open Ada Lovelace').click();
    await dialog()
      .getByRole('row', { name: /title.*Analyst/ })
      .waitFor();
    await dialog().getByRole('tab', { name: 'Writes' }).click();
    await dialog().getByText('Created').waitFor();
    await dialog()
      .getByRole('row', { name: /title.*–.*Analyst/ })
      .waitFor();
    await look('account');
    await dialog().getByRole('tab', { name: 'Why' }).click();
    await dialog().getByText('an assignment to this person alone').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).click();
  });

  test('an account that is left of somebody who has the app no more is found', async () => {
    const [grace] = (await world.usher.call('GET', '/api/v1/users?q=grace')).body as { id: string }[];
    expect((await world.usher.call('DELETE', `/api/v1/apps/${appId}/users/${grace?.id}`)).status).toBe(204);
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Has the app no more' }).click();
    await row(/Grace Hopper.*Has the app no more/).waitFor(patient);
    await expect.poll(() => row(/Ada Lovelace/).count()).toBe(0);
  });

  test('its runs', async () => {
    await world.usher.call('POST', `/usher/v1/apps/${appId}/synchronize`, {});
    await tab('Runs').click();
    await row(/Synchronization of accounts.*Done/).waitFor(patient);
    await page.getByRole('switch', { name: 'Read every account from the app first' }).click();
    await look('app-runs');
    await button('Synchronize now').click();
    await page.getByRole('heading', { level: 1, name: 'Synchronization of accounts' }).waitFor(patient);
    await page.goBack();
    await expect.poll(() => row(/Synchronization of accounts.*Done/).count(), patient).toBe(2);
  });

  test('the groups of an app are put in order by keyboard, and the focus stays', async () => {
    await tab('Assignments').click();
    await page.getByRole('radiogroup', { name: 'Show' }).getByText('Groups').click();
    const order = async () =>
      (await page.getByRole('row').allTextContents()).flatMap((text) => /^(First|Second)/.exec(text)?.[1] ?? []);
    await expect.poll(order, patient).toEqual(['First', 'Second']);
    await button('Up Second').focus();
    await page.keyboard.press('Enter');
    await expect.poll(order, patient).toEqual(['Second', 'First']);
    await row(/Second\s*0\s*Up/).waitFor();
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Up Second');
    await look('group-order');
  });

  test('from a group to individually and back', async () => {
    await page.getByRole('radiogroup', { name: 'Show' }).getByText('People').click();
    await row(/Ada Lovelace.*Individually/).waitFor();
    await button('Give back to groups Ada Lovelace').click();
    await row(/Ada Lovelace.*By a group/).waitFor(patient);
    await button('Make individual Ada Lovelace').click();
    await row(/Ada Lovelace.*Individually/).waitFor(patient);
  });

  test('values of one person: from what each comes, refused in place, and never over what others saved', async () => {
    await button('Values Ada Lovelace').click();
    const title = dialog().getByRole('textbox', { name: 'Title', exact: true });
    await expect.poll(() => title.inputValue(), patient).toBe('Analyst');
    await look('person-values');
    await title.fill('Countess');
    const [ada] = (await world.usher.call('GET', '/api/v1/users?q=ada')).body as { id: string }[];
    const path = `/api/v1/apps/${appId}/users/${ada?.id}`;
    succeeded(await world.usher.call('POST', path, { profile: { title: 'Duchess' } }));
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog()
      .getByRole('alert')
      .getByText(/Title.*Duchess/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'hidden' });
    const now = async () => succeeded(await world.usher.call('GET', path));
    expect(await now()).toMatchObject({ scope: 'USER', profile: { title: 'Countess' } });
    await button('Values Ada Lovelace').click();
    await title.fill('x'.repeat(20_000));
    await dialog().getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => title.getAttribute('aria-invalid'), patient).toBe('true');
    await page.keyboard.press('Escape');
    await button('Leave without saving').click();
    await expect.poll(() => dialog().count(), patient).toBe(0);

    await button('Values Ada Lovelace').click();
    const userName = dialog().getByRole('textbox', { name: 'User name', exact: true });
    const saveName = async (name: string) => {
      await userName.fill(name);
      await dialog().getByRole('button', { name: 'Save' }).click();
      await dialog().waitFor({ state: 'hidden' });
    };
    await saveName('countess');
    await row(/Ada Lovelace countess/).waitFor(patient);
    await button('Values Ada Lovelace').click();
    await dialog().getByText('Given to this person.').first().waitFor();
    await saveName('');
    await row(/Ada Lovelace ada@acme\.example/).waitFor(patient);
    expect(await now()).toMatchObject({ scope: 'USER', credentials: { userName: 'ada@acme.example' } });
  });

  test('values and priority of a group', async () => {
    await page.getByRole('radiogroup', { name: 'Show' }).getByText('Groups').click();
    const externalNamespace = 'urn:ietf:params:scim:schemas:core:2.0:User';
    const choices = { type: 'string', scope: 'NONE', enum: ['Viewer', 'Editor'] };
    const licence = { title: 'Licence', externalName: 'licence', externalNamespace, ...choices };
    const definitions = { custom: { id: '#custom', type: 'object', properties: { licence } } };
    succeeded(await world.usher.call('POST', `/api/v1/meta/schemas/apps/${appId}/default`, { definitions }));
    await button('Values First').click();
    await dialog().getByRole('textbox', { name: 'Priority' }).fill('7');
    await dialog().getByRole('combobox', { name: 'Licence' }).click();
    await page.getByRole('option', { name: 'Editor' }).click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row(/First\s*7/).waitFor(patient);
    const given = (await world.usher.call('GET', `/api/v1/apps/${appId}/groups`)).body as object[];
    expect(given.at(-1)).toMatchObject({ priority: 7, profile: { licence: 'Editor' } });
    await page.getByRole('radiogroup', { name: 'Show' }).getByText('People').click();
  });

  test('many at once: looked at before, and a run that names whom it could not find', async () => {
    await button('Assign many').click();
    await dialog()
      .getByRole('textbox', { name: /one per line/ })
      .fill('kay@acme.example');
    await dialog().getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { level: 1, name: /Assign/ }).waitFor();
    await page.goBack();
    await button('Assign many').click();
    await dialog()
      .getByRole('textbox', { name: /one per line/ })
      .fill('kay@acme.example\nnobody@acme.example\nkay@acme.example');
    await look('assign-many');
    await dialog().getByRole('button', { name: 'Begin for 2 people' }).click();
    await row(/nobody@acme\.example/).waitFor(patient);
    await row(/^Throughput \S+ per second/).waitFor(patient);
    await expect
      .poll(async () => (await world.accounts()).map(({ userName }) => userName), patient)
      .toContain('kay@acme.example');
    await row(/^Half of the writes in the app took at most \S+ m?s/).waitFor(patient);
    await look('run');
  });
});
