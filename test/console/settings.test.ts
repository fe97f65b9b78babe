import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientId, clientSecret, startOidcProvider } from '../apps/oidc-provider.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];
const picture = (name: string) => (pictures === undefined ? undefined : join(pictures, name));

describe.skipIf(!hasBrowser)(
  'the settings',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
      await world.addGroup('Engineering', [ada]);
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());

    test('give a role for the people of a group, and take it away', async () => {
      await page.getByRole('link', { name: 'Settings', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await page.getByRole('row', { name: /^\S+@\S+ Super administrator everything/ }).waitFor();
      await page.getByRole('button', { name: 'Give a role' }).click();
      const dialog = page.getByRole('dialog', { name: 'Give an administrator role' });
      await dialog.getByRole('combobox', { name: 'Person' }).fill('ada');
      await page.getByRole('option', { name: 'Ada Lovelace (ada@acme.example)' }).click();
      await dialog.getByRole('combobox', { name: 'Role' }).click();
      await page.getByRole('option', { name: 'Help desk administrator' }).click();
      await dialog.getByText(/^See people, reset their passwords/).waitFor();
      await dialog.getByRole('combobox', { name: 'Only for the people in these groups' }).fill('Engi');
      await page.getByRole('option', { name: 'Engineering' }).click();
      await page.keyboard.press('Tab');
      expect(await faultsOf(page, picture('settings-give-role'))).toEqual([]);
      await guidePicture(page, 'settings');
      await dialog.getByRole('button', { name: 'Give a role' }).click();
      await page.getByRole('row', { name: /^ada@acme.example Help desk administrator Engineering/ }).waitFor();
      expect(await rolesOfAda()).toEqual([['HELP_DESK_ADMIN', ['Engineering']]]);
      await page.getByRole('button', { name: 'Take away Help desk administrator from ada@acme.example' }).click();
      await confirm('Take away Help desk administrator from ada@acme.example?', 'Take away');
      await expect.poll(rolesOfAda, { timeout: 20_000 }).toEqual([]);
    });

    test('refuse, in place, to take the role of the only super administrator', async () => {
      await page.getByRole('button', { name: /^Take away Super administrator from/ }).click();
      const dialog = page.getByRole('dialog', { name: /^Take away Super administrator from/ });
      await dialog.getByText(/This is your own role/).waitFor();
      await dialog.getByRole('button', { name: 'Take away' }).click();
      await dialog
        .getByRole('alert')
        .getByText(/Nobody else can administer Usher/)
        .waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'hidden' });
    });

    test('make a token that works, show it once, and revoke it', async () => {
      await page.getByRole('tab', { name: 'API tokens' }).click();
      await expect.poll(() => new URL(page.url()).pathname).toBe('/admin/settings/api-tokens');
      await page.getByRole('button', { name: 'Make a token' }).click();
      const dialog = page.getByRole('dialog', { name: 'Make an API token' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Terraform');
      await dialog.getByRole('button', { name: 'Make a token' }).click();
      const token = await dialog.getByRole('textbox', { name: 'The token' }).inputValue();
      const use = async () => {
        const headers = { authorization: `SSWS ${token}` };
        return (await fetch(`${world.usher.url}/api/v1/users/me`, { headers })).status;
      };
      expect(await use()).toBe(200);
      await page.keyboard.press('Escape');
      await dialog.getByRole('button', { name: 'I have kept it' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await faultsOf(page, picture('settings-tokens'))).toEqual([]);
      await page.setViewportSize({ width: 360, height: 860 });
      const list = page.getByRole('region', { name: 'API tokens' });
      const beyond = (region: { scrollWidth: number; clientWidth: number }) => region.scrollWidth - region.clientWidth;
      expect(await list.evaluate(beyond)).toBe(0);
      await page.setViewportSize({ width: 1280, height: 860 });
      await page.getByRole('row', { name: /^Terraform .* just now/ }).waitFor();
      expect(await page.content()).not.toContain(token);
      await page.reload();
      await page.getByRole('button', { name: 'Revoke Terraform' }).click();
      await page.getByText(/and was last used on .* Whatever still uses it is refused/).waitFor();
      await confirm('Revoke Terraform?', 'Revoke');
      await page.getByText('Terraform is revoked.').waitFor();
      await expect.poll(use, { timeout: 20_000 }).toBe(401);
    });

    test('add, test, deactivate, change and remove a provider people sign in with', async () => {
      await page.getByRole('tab', { name: 'Identity providers' }).click();
      const redirectUri = await page.getByRole('textbox', { name: 'Redirect URI' }).inputValue();
      expect(redirectUri).toBe(`${world.usher.url}/usher/v1/sign-in/callback`);
      const provider = await startOidcProvider([redirectUri]);
      try {
        await page.getByRole('button', { name: 'Add a provider' }).click();
        const adding = page.getByRole('dialog', { name: 'Add a provider' });
        await adding.getByRole('textbox', { name: 'Label' }).fill('Acme');
        await adding.getByRole('textbox', { name: 'Issuer' }).fill('ftp://login.example');
        await adding.getByRole('textbox', { name: 'Client ID' }).fill(clientId);
        await adding.getByRole('textbox', { name: 'Client secret' }).fill(clientSecret);
        await adding.getByRole('button', { name: 'Add', exact: true }).click();
        await adding
          .getByRole('alert')
          .getByText(/issuer/)
          .first()
          .waitFor();
        await adding.getByRole('textbox', { name: 'Issuer' }).fill(provider.issuer);
        await adding.getByRole('button', { name: 'Add', exact: true }).click();
        await page.getByRole('row', { name: `Issuer ${provider.issuer}` }).waitFor();
        await page.getByRole('button', { name: 'Test Acme' }).click();
        const found = page.getByRole('status', { name: 'What the test of Acme found' });
        await found.getByText('Client: It takes the client ID and secret.').waitFor();
        expect(await faultsOf(page, picture('settings-providers'))).toEqual([]);
        await page.getByRole('button', { name: 'Edit Acme' }).click();
        const changing = page.getByRole('dialog', { name: 'Change Acme' });
        await changing.getByRole('textbox', { name: 'Label' }).fill('Acme Login');
        await changing.getByRole('button', { name: 'Save' }).click();
        await page.getByRole('button', { name: 'Deactivate Acme Login' }).click();
        await confirm('Deactivate Acme Login?', 'Deactivate');
        await page.getByRole('button', { name: 'Activate Acme Login', exact: true }).waitFor();
        const offered = await fetch(`${world.usher.url}/usher/v1/sign-in/providers`);
        expect(await offered.json()).toEqual([]);
        await page.getByRole('button', { name: 'Remove Acme Login' }).click();
        await confirm('Remove Acme Login?', 'Remove');
        await page.getByText(/^No providers:/).waitFor();
      } finally {
        await provider.close();
      }
    });

    test('rotate the key, and see how far that is after the page is loaded anew', async () => {
      await page.getByRole('tab', { name: 'Keys' }).click();
      const inUse = page.getByRole('table', { name: 'Keys', exact: true }).getByRole('row', { name: /In use/ });
      const before = await inUse.getByRole('rowheader').innerText();
      await page.getByRole('button', { name: 'Rotate' }).click();
      await confirm('Rotate the key?', 'Rotate');
      await page.getByText('The rotation has begun.').waitFor();
      await expect.poll(() => inUse.getByRole('rowheader').innerText()).not.toBe(before);
      await page.getByRole('button', { name: 'Rotate' }).waitFor();
      expect(await faultsOf(page, picture('settings-keys'))).toEqual([]);
      const { body } = await world.usher.call('GET', '/usher/v1/keys');
      expect(body).toMatchObject({ keys: [{ state: 'ACTIVE' }], rotation: null });

      // In a moment it is over: what the page shows before that is what it would be with a thousand secrets.
      const [newest] = JSON.parse(JSON.stringify(body)).keys;
      const keys = [
        { ...newest, secrets: 400 },
        { ...newest, id: 'keyBeforeThat0000000', state: 'RETIRING', secrets: 600 },
      ];
      const during = { ...Object(body), keys, rotation: { done: 400, total: 1_000 } };
      await page.route('**/usher/v1/keys', (route) => route.fulfill({ json: during }));
      await page.reload();
      const progress = page.getByRole('status', { name: 'Rotation under way' });
      await progress.getByText('400 of 1,000 secrets encrypted anew').waitFor();
      await page.getByRole('row', { name: /^keyBeforeThat0000000 Being replaced 600/ }).waitFor();
      expect(await page.getByRole('button', { name: 'Rotate' }).count()).toBe(0);
      expect(await faultsOf(page, picture('settings-keys-rotating'))).toEqual([]);
      await page.unroute('**/usher/v1/keys');
      await page.getByRole('button', { name: 'Rotate' }).waitFor();
    });

    test('ask whether Usher may reach an address, and why', async () => {
      await page.getByRole('tab', { name: 'Egress' }).click();
      await page.getByRole('row', { name: '127.0.0.1/32 Yes USHER_EGRESS_ALLOW has it.' }).waitFor();
      const field = page.getByRole('textbox', { name: 'Address' });
      const answer = page.getByRole('status', { name: 'Whether it may' });
      await field.fill('https://10.20.3.4/scim');
      await field.press('Enter');
      await answer.getByText('Usher may not connect to 10.20.3.4, port 443.').waitFor();
      await answer.getByText('10.20.3.4: in a private network that is not allowed.').waitFor();
      expect(await faultsOf(page, picture('settings-egress'))).toEqual([]);
      await field.fill('http://127.0.0.1:9999');
      await page.getByRole('button', { name: 'Check' }).click();
      await answer.getByText('127.0.0.1: allowed by 127.0.0.1/32').waitFor();
      await field.fill(world.usher.url);
      await page.getByRole('button', { name: 'Check' }).click();
      await answer.getByText(/where Usher itself listens/).waitFor();
      await field.fill('ftp://files.example');
      await page.getByRole('button', { name: 'Check' }).click();
      await page
        .getByRole('alert')
        .getByText(/must be a host or an address of http/)
        .waitFor();
    });

    test('choose theme and language, and turn keys off and on', async () => {
      await page.getByRole('tab', { name: 'Appearance' }).click();
      expect(await faultsOf(page, picture('settings-appearance'))).toEqual([]);
      await page.getByRole('radio', { name: 'Dark' }).check();
      const scheme = () => page.evaluate('document.documentElement.dataset.mantineColorScheme');
      await expect.poll(scheme).toBe('dark');
      await page.getByRole('radio', { name: 'As the system' }).check();
      await expect.poll(scheme).toBe('light');
      await page.getByRole('radio', { name: 'Deutsch' }).check();
      await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
      await page.getByRole('radio', { name: 'English' }).check();
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();

      const keys = page.getByRole('switch', { name: 'Single-key shortcuts' });
      await keys.click();
      await page.getByRole('heading', { level: 1, name: 'Settings' }).click();
      await page.keyboard.press('?');
      await page.keyboard.press('/');
      await page.keyboard.press('g');
      await page.keyboard.press('p');
      await page.waitForTimeout(300);
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(new URL(page.url()).pathname).toBe('/admin/settings/appearance');
      await page.reload();
      expect(await keys.isChecked()).toBe(false);
      await keys.click();
      await page.getByRole('heading', { level: 1, name: 'Settings' }).click();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
    });

    async function confirm(title: string, button: string): Promise<void> {
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'hidden' });
    }

    async function rolesOfAda(): Promise<unknown> {
      const { body } = await world.usher.call('GET', '/usher/v1/admins');
      const roles: { type: string; holder: { name: string }; groups: { name: string }[] | null }[] = JSON.parse(
        JSON.stringify(body),
      );
      return roles
        .filter(({ holder }) => holder.name === 'ada@acme.example')
        .map(({ type, groups }) => [type, groups?.map(({ name }) => name)]);
    }
  },
  240_000,
);
