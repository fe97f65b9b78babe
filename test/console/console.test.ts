import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { embeddedHome, startUsherProcess, type UsherHome, type UsherProcess } from '../usher-process.ts';

const executablePath = process.env['USHER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

const password = 'correct horse battery';
const secret = 'scim-token-0123456789';
/** Text that would run if any page showed it as anything but text. */
const hostile = `<img src=x onerror="document.title='run'">{{7*7}}`;

/**
 * The console in a real browser, on a real server with a real SCIM app beside it. Everything is found by role and name,
 * as somebody who cannot see the page finds it. The tests tell one story, in order.
 */
describe.skipIf(!existsSync(executablePath))(
  'the console',
  () => {
    let home: UsherHome;
    let usher: UsherProcess;
    let app: RunningApp;
    let browser: Browser;
    let page: Page;
    let appId = '';

    beforeAll(async () => {
      home = await embeddedHome();
      [usher, app] = await Promise.all([startUsherProcess(home), startScimmyApp({ token: secret })]);
      browser = await chromium.launch({ executablePath, args: flags });
      page = await newPage();
      const person = (login: string, firstName: string, lastName: string) =>
        usher.call('POST', '/api/v1/users', { profile: { login, email: login, firstName, lastName } });
      await person('ada@acme.example', 'Ada', 'Lovelace');
      await person('mallory@acme.example', 'Mallory', hostile);
      const grace = await person('grace@acme.example', 'Grace', 'Hopper');
      const group = await usher.call('POST', '/api/v1/groups', {
        profile: { name: 'Engineering', description: hostile },
      });
      await usher.call('PUT', `/api/v1/groups/${idOf(group)}/users/${idOf(grace)}`);
    });
    afterAll(async () => {
      await browser.close();
      await Promise.all([usher.stop(), app.close()]);
      await home.remove();
    });

    async function newPage(): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
      const opened = await context.newPage();
      opened.setDefaultTimeout(15_000);
      return opened;
    }
    /** As the app itself has them. */
    async function accounts(): Promise<readonly { userName: string; active: boolean }[]> {
      const answer = await fetch(`${app.url}/Users`, { headers: { authorization: `Bearer ${secret}` } });
      const { Resources }: { Resources: { userName: string; active: boolean }[] } = JSON.parse(await answer.text());
      return Resources;
    }
    const at = (name: string) => page.getByRole('heading', { level: 1, name });
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    test('the link that serve prints lets the owner choose a password, and is good once', async () => {
      const link = /http:\S+\/welcome\/\w+/.exec(usher.log())?.[0] ?? '';
      await page.goto(link);
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill(password);
      await page.getByRole('textbox', { name: 'New password again' }).fill(password);
      await button('Set password and sign in').click();
      await at('Hello, Usher Owner').waitFor();
      const again = await newPage();
      await again.goto(link);
      await again.getByRole('textbox', { name: 'New password', exact: true }).fill('another horse entirely');
      await again.getByRole('textbox', { name: 'New password again' }).fill('another horse entirely');
      await again.getByRole('button', { name: 'Set password and sign in' }).click();
      await again.getByRole('alert').filter({ hasText: 'not valid any more' }).waitFor();
      await again.context().close();
    });

    test('search the catalog and add an integration', async () => {
      await page.getByRole('link', { name: 'Applications', exact: true }).click();
      await page.getByRole('link', { name: 'Browse app catalog' }).click();
      await page.getByRole('searchbox', { name: /Search integrations/ }).fill('scim header');
      await page.getByRole('link', { name: /SCIM 2\.0 \(Header Auth\)/ }).click();
      await page.getByRole('textbox', { name: 'Application label' }).fill('Acme Wiki');
      await page.getByRole('textbox', { name: 'SCIM base URL' }).fill(app.url);
      await button('Add integration').click();
      await at('Acme Wiki').waitFor();
      appId = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
    });

    test('connect it: a wrong credential is refused in words, the right one is kept', async () => {
      const token = page.getByRole('textbox', { name: 'API token' });
      await token.fill('wrong');
      await button('Test and connect').click();
      await page
        .getByRole('alert')
        .filter({ hasText: /refused|401|credential/i })
        .waitFor();
      await token.fill(secret);
      await button('Test API credentials').click();
      await page.getByText('Good').first().waitFor();
      await button('Test and connect').click();
      await page.getByText('Connected', { exact: true }).waitFor();
      expect(await page.content()).not.toContain(secret);
    });

    test('switch on what is provisioned', async () => {
      for (const name of ['Create users', 'Update user attributes', 'Deactivate users']) {
        const control = page.getByRole('switch', { name });
        await control.click();
        await expect.poll(() => control.isChecked()).toBe(true);
      }
    });

    test('assign it to a person and to a group: the accounts are made, and seen to be', async () => {
      await page.getByRole('tab', { name: 'Assignments' }).click();
      await button('Assign to people').click();
      await page.getByRole('dialog').getByRole('searchbox').fill('ada');
      await button('Assign Ada Lovelace').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Done' }).last().click();
      await button('Assign to groups').click();
      await button('Assign Engineering').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Done' }).last().click();
      for (const name of ['Ada Lovelace', 'Grace Hopper']) {
        await page.getByRole('row', { name: new RegExp(`${name}.*As it should be`) }).waitFor();
      }
      expect((await accounts()).map(({ userName }) => userName).sort()).toEqual([
        'ada@acme.example',
        'grace@acme.example',
      ]);
    });

    test('manage who is provisioned: unassign one, and the account is deactivated', async () => {
      await button('Unassign Ada Lovelace').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Unassign' }).click();
      await expect
        .poll(async () => (await accounts()).find(({ userName }) => userName === 'ada@acme.example')?.active, {
          timeout: 20_000,
        })
        .toBe(false);
    });

    test('people see their apps, and nothing of the administration', async () => {
      const made = await usher.call('POST', '/api/v1/users?sendEmail=false', {
        profile: { login: 'eve@acme.example', email: 'eve@acme.example', firstName: 'Eve', lastName: 'Moneypenny' },
        credentials: { password: { value: password } },
      });
      await usher.call('POST', `/api/v1/apps/${appId}/users`, { id: idOf(made), scope: 'USER' });
      const own = await newPage();
      await own.setViewportSize({ width: 320, height: 700 });
      await own.goto(usher.url);
      await own.getByRole('textbox', { name: 'Username' }).fill('eve@acme.example');
      await own.getByRole('textbox', { name: 'Password' }).fill(password);
      await own.keyboard.press('Enter');
      await own.getByRole('heading', { level: 1, name: 'My Apps' }).waitFor();
      await own.getByText('Acme Wiki').waitFor();
      expect(await own.evaluate('document.documentElement.scrollWidth')).toBe(320);
      await own.getByRole('button', { name: 'Account of Eve Moneypenny' }).click();
      expect(await own.getByRole('menuitem', { name: 'Admin console' }).count()).toBe(0);
      await own.goto(`${usher.url}/admin`);
      await own.getByRole('heading', { level: 1, name: 'Hello, Eve Moneypenny' }).waitFor();
      expect(await own.getByRole('navigation', { name: 'Sections' }).getByRole('link').count()).toBe(1);
      await own.context().close();
    });

    test('by keyboard alone: g and a letter go to a section, / finds an app', async () => {
      await page.goto(`${usher.url}/admin`);
      await at('Hello, Usher Owner').waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('p');
      await at('People').waitFor();
      await page.keyboard.press('/');
      await page.getByRole('textbox', { name: 'Search', exact: true }).waitFor();
      await page.keyboard.type('Acme');
      await page
        .getByRole('dialog')
        .getByRole('link', { name: /Acme Wiki/ })
        .waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await at('Acme Wiki').waitFor();
    });
  },
  240_000,
);

function idOf({ body }: { readonly body: unknown }): string {
  return typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : '';
}
