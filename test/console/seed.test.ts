import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, password, secret, type ConsoleWorld } from './world.ts';

/** How long something may take that is done by a worker or drawn anew. */
const patient = { timeout: 10_000 };

/**
 * The rows of the seed, one after the other, by mouse and then by keyboard alone. Everything is found by role and name, as
 * somebody who cannot see the page finds it. The tests of a workflow tell one story, in order.
 */
describe.skipIf(!hasBrowser)('deploying provisioning', () => {
  let world: ConsoleWorld;
  let page: Page;
  let clicks = 0;

  beforeAll(async () => {
    world = await openConsoleWorld();
    await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    const grace = await world.addPerson('grace@acme.example', 'Grace', 'Hopper', { title: 'Admiral' });
    await world.addGroup('Engineering', [grace]);
    await world.addPerson('kay@acme.example', 'Kay', 'Johnson');
    page = await world.newPage();
    await world.signIn(page);
    await page.exposeFunction('counted', () => (clicks += 1));
    await page.evaluate(`document.addEventListener('click', () => counted(), true)`);
  });
  afterAll(() => world.close());

  const at = (name: string) => page.getByRole('heading', { level: 1, name });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string) => page.getByRole('textbox', { name });
  const dialog = () => page.getByRole('dialog');
  const row = (name: RegExp) => page.getByRole('row', { name });
  const picture = (name: string) => guidePicture(page, name);

  describe('with a new app integration, by mouse', () => {
    test('search for an existing integration', async () => {
      clicks = 0;
      await link('Applications').click();
      await at('Applications').waitFor();
      await link('Browse app catalog').click();
      await page.getByRole('searchbox', { name: /Search integrations/ }).fill('scim haeder');
      await page.getByRole('link', { name: /SCIM 2\.0 \(Header Auth\)/ }).waitFor();
      await page.getByRole('link', { name: /Asana/ }).waitFor({ state: 'detached' });
      await picture('search');
    });

    test('add it', async () => {
      await page.getByRole('link', { name: /SCIM 2\.0 \(Header Auth\)/ }).click();
      await field('Application label').fill('Acme Wiki');
      await field('SCIM base URL').fill(world.app.url);
      await picture('add');
      await button('Add integration').click();
      await at('Acme Wiki').waitFor();
    });

    test('configure provisioning: a wrong credential is refused in words, the right one is kept', async () => {
      await field('API token').fill('wrong');
      await button('Test and connect').click();
      await page
        .getByRole('alert')
        .filter({ hasText: /refused|401|credential/i })
        .waitFor();
      await field('API token').fill(secret);
      await button('Test and connect').click();
      await page.getByText('Connected', { exact: true }).waitFor();
      expect(await page.content()).not.toContain(secret);
      for (const name of ['Create users', 'Update user attributes', 'Deactivate users']) {
        const control = page.getByRole('switch', { name });
        await control.click();
        await expect.poll(() => control.isChecked(), patient).toBe(true);
      }
      await picture('configure');
    });

    test('assign it to a person', async () => {
      await page.getByRole('tab', { name: 'Assignments' }).click();
      await button('Assign to people').click();
      await button('Assign Ada Lovelace').click();
      await picture('assign-person');
      await dialog().getByRole('button', { name: 'Done' }).last().click();
      await row(/Ada Lovelace.*As it should be/).waitFor();
    });

    test('assign it to a group: the accounts are made, and seen to be', async () => {
      await button('Assign to groups').click();
      await button('Assign Engineering').click();
      await picture('assign-group');
      await dialog().getByRole('button', { name: 'Done' }).last().click();
      await row(/Grace Hopper.*As it should be/).waitFor();
      const names = (await world.accounts()).map(({ userName }) => userName).sort();
      expect(names).toEqual(['ada@acme.example', 'grace@acme.example']);
      await picture('assigned');
    });

    test('in no more than 25 clicks', () => {
      process.stdout.write(`new app workflow: ${clicks} clicks\n`);
      expect(clicks).toBeGreaterThan(8);
      expect(clicks).toBeLessThanOrEqual(25);
    });

    test('manage provisioned users: update a profile, deprovision', async () => {
      await link('Grace Hopper').click();
      await button('Edit profile').click();
      await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Rear Admiral');
      await picture('update');
      await button('Save').click();
      await row(/Title.*Rear Admiral/).waitFor();
      await expect.poll(async () => JSON.stringify(await world.accounts()), patient).toContain('Rear Admiral');
      await button('Deactivate').click();
      await picture('deprovision');
      await dialog().getByRole('button', { name: 'Deactivate' }).click();
      const grace = async () => (await world.accounts()).find(({ userName }) => userName === 'grace@acme.example');
      await expect.poll(async () => (await grace())?.active, patient).toBe(false);
    });
  });

  describe('with an existing app integration', () => {
    let userIds: string[] = [];

    test('provision the people who were assigned before provisioning was on', async () => {
      const { usher } = world;
      const settings = { baseUrl: world.app.url };
      const made = await usher.call('POST', '/usher/v1/apps', {
        ...{ catalogKey: 'scim2headerauth', label: 'Old Portal', settings },
      });
      const appId = String(succeeded(made)['id']);
      userIds = await Promise.all(
        ['Alan Turing', 'Mary Jackson'].map((name) => {
          const [first = '', last = ''] = name.split(' ');
          return world.addPerson(`${first.toLowerCase()}@acme.example`, first, last);
        }),
      );
      for (const id of userIds)
        succeeded(await usher.call('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' }));
      await page.goto(`${usher.url}/admin/applications/${appId}/provisioning`);
      await page.evaluate(`document.addEventListener('click', () => counted(), true)`);
      clicks = 0;
      await field('API token').fill(secret);
      await button('Test and connect').click();
      await page.getByText('Connected', { exact: true }).waitFor();
      const create = page.getByRole('switch', { name: 'Create users' });
      await create.click();
      await expect.poll(() => create.isChecked(), patient).toBe(true);
      await page.getByRole('tab', { name: 'Assignments' }).click();
      await page
        .getByText(/2 people/)
        .first()
        .waitFor();
      await picture('unprovisioned');
      await page.getByRole('button', { name: 'Provision 2 people' }).click();
      for (const name of ['Alan Turing', 'Mary Jackson']) {
        await row(new RegExp(`${name}.*As it should be`)).waitFor();
      }
      const names = (await world.accounts()).map(({ userName }) => userName);
      expect(names).toEqual(expect.arrayContaining(['alan@acme.example', 'mary@acme.example']));
      process.stdout.write(`existing app workflow: ${clicks} clicks\n`);
      expect(clicks).toBeLessThanOrEqual(15);
    });
  });

  describe('by keyboard alone', () => {
    const press = (key: string) => page.keyboard.press(key);
    /** Goes forward from control to control, as Tab does, until this one has the focus. */
    const reach = async (target: Locator, key = 'Tab') => {
      await target.waitFor();
      for (let steps = 0; steps < 150; steps += 1) {
        if (await hasFocus(target)) return;
        await press(key);
      }
      throw new Error(`${key} does not lead to ${String(target)}`);
    };
    const isFocused = (element: { matches(selector: string): boolean }) => element.matches(':focus');
    const hasFocus = (target: Locator) => target.evaluate(isFocused);
    const focusIsSomewhere = async () =>
      expect(await page.evaluate('document.activeElement !== document.body'), 'something has the focus').toBe(true);

    test('a new app: searched, added, connected, switched on, assigned', async () => {
      await page.goto(`${world.usher.url}/admin`);
      await at('Hello, Usher Owner').waitFor();
      await press('g');
      await press('a');
      await at('Applications').waitFor();
      await reach(link('Browse app catalog'));
      await press('Enter');
      await page.getByRole('searchbox', { name: /Search integrations/ }).waitFor();
      await reach(page.getByRole('searchbox', { name: /Search integrations/ }));
      await page.keyboard.type('scim header');
      await reach(page.getByRole('link', { name: /SCIM 2\.0 \(Header Auth\)/ }));
      await press('Enter');
      await at('SCIM 2.0 (Header Auth)').waitFor();
      await focusIsSomewhere();
      await reach(field('Application label'));
      await press('Control+a');
      await page.keyboard.type('By Keyboard');
      await reach(field('SCIM base URL'));
      await page.keyboard.type(world.app.url);
      await press('Enter');
      await at('By Keyboard').waitFor();
      await focusIsSomewhere();
      await reach(field('API token'));
      await page.keyboard.type(secret);
      await press('Enter');
      await page.getByText('Connected', { exact: true }).waitFor();
      for (const name of ['Create users', 'Deactivate users']) {
        const control = page.getByRole('switch', { name });
        await reach(control);
        await press('Space');
        await expect.poll(() => control.isChecked(), patient).toBe(true);
        await focusIsSomewhere();
      }
      // Tabs are one stop; the arrows go from one to the next.
      await reach(page.getByRole('tab', { name: 'Provisioning' }), 'Shift+Tab');
      await reach(page.getByRole('tab', { name: 'Assignments' }), 'ArrowRight');
      await reach(button('Assign to people'));
      await press('Enter');
      await dialog().getByRole('searchbox').waitFor();
      await page.keyboard.type('kay');
      await reach(button('Assign Kay Johnson'));
      await press('Enter');
      await page.getByRole('button', { name: 'Assign Kay Johnson', disabled: true }).waitFor();
      await focusIsSomewhere();
      await press('Escape');
      await row(/Kay Johnson.*As it should be/).waitFor();
      await focusIsSomewhere();
    });
  });

  test('the employee finds the app on My Apps, and nothing of the administration', async () => {
    const credentials = { password: { value: password } };
    const profile = { login: 'eve@acme.example', email: 'eve@acme.example', firstName: 'Eve', lastName: 'Moneypenny' };
    const eve = succeeded(await world.usher.call('POST', '/api/v1/users', { profile, credentials }));
    const apps = (await world.usher.call('GET', '/api/v1/apps?q=Acme%20Wiki')).body as { id: string }[];
    const path = `/api/v1/apps/${apps[0]?.id ?? ''}/users`;
    succeeded(await world.usher.call('POST', path, { id: String(eve['id']), scope: 'USER' }));
    const own = await world.newPage({ viewport: { width: 320, height: 700 } });
    await own.goto(world.usher.url);
    await own.getByRole('textbox', { name: 'Username' }).fill('eve@acme.example');
    await own.getByRole('textbox', { name: 'Password' }).fill(password);
    await own.keyboard.press('Enter');
    await own.getByRole('heading', { level: 1, name: 'My Apps' }).waitFor();
    await own.getByText('Acme Wiki').waitFor();
    expect(await own.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await guidePicture(own, 'my-apps');
    await own.getByRole('button', { name: 'Account of Eve Moneypenny' }).click();
    expect(await own.getByRole('menuitem', { name: 'Admin console' }).count()).toBe(0);
    await own.goto(`${world.usher.url}/admin`);
    await own.getByRole('heading', { level: 1, name: 'Hello, Eve Moneypenny' }).waitFor();
    expect(await own.getByRole('navigation', { name: 'Sections' }).getByRole('link').count()).toBe(1);
    await own.context().close();
  });

  test('the link for the first password is good once', async () => {
    const again = await world.newPage();
    await again.goto(world.welcomeLink());
    await again.getByRole('textbox', { name: 'New password', exact: true }).fill('another horse entirely');
    await again.getByRole('textbox', { name: 'New password again' }).fill('another horse entirely');
    await again.getByRole('button', { name: 'Set password and sign in' }).click();
    await again.getByRole('alert').filter({ hasText: 'not valid any more' }).waitFor();
    await again.context().close();
  });
});
