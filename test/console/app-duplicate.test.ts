import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)(
  'duplicating an app',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    let appId = '';

    beforeAll(async () => {
      world = await openConsoleWorld();
      appId = await world.addScimApp();
      page = await world.newPage();
      await world.signIn(page);
      await page.goto(`${world.usher.url}/admin/applications/${appId}/general`);
    });
    afterAll(() => world.close());
    const appOf = async (id: string) => succeeded(await world.usher.call('GET', `/api/v1/apps/${id}`));

    test('links that cannot move yet are refused in words, and what was typed stays', async () => {
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Duplicate Target' });
      await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).fill('Target, second');
      await guidePicture(page, 'duplicate');
      await dialog.getByRole('radio', { name: 'Move' }).click();
      await dialog.getByRole('button', { name: 'Make duplicate' }).click();
      await dialog.getByRole('alert').filter({ hasText: 'Turn its connection off first' }).waitFor();
      expect(await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).inputValue()).toBe('Target, second');
    });

    test('the duplicate is hidden, not connected, and waits for its credentials; the original is as it was', async () => {
      const before = await appOf(appId);
      await page.getByRole('radio', { name: 'Match again' }).click();
      await page.getByRole('button', { name: 'Make duplicate' }).click();
      await page.getByRole('heading', { level: 1, name: 'Target, second' }).waitFor();
      await page.getByText('Not connected', { exact: true }).waitFor();
      const madeId = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
      expect(madeId).not.toBe(appId);
      expect(await appOf(madeId)).toMatchObject({ label: 'Target, second', visibility: { hide: { web: true } } });
      expect(await appOf(appId)).toEqual(before);
    });

    test('a plan shows what becomes of each account, and makes just that duplicate', async () => {
      const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
      const bob = await world.addPerson('bob@acme.example', 'Bob', 'Noyce');
      const assignments = { userIds: [ada, bob] };
      succeeded(await world.usher.call('POST', `/usher/v1/apps/${appId}/assignments`, assignments));
      const progress = () => world.usher.call('GET', `/usher/v1/apps/${appId}/progress`);
      await expect.poll(async () => succeeded(await progress())['synchronized'], { timeout: 20_000 }).toBe(2);

      await page.goto(`${world.usher.url}/admin/applications/${appId}/general`);
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Duplicate Target' });
      await dialog.getByRole('textbox', { name: 'Label of the duplicate' }).fill('Planned');
      await dialog.getByRole('radio', { name: 'Move' }).click();
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByRole('alert').filter({ hasText: 'Turn its connection off first' }).waitFor();
      await dialog.getByRole('radio', { name: 'Stay here' }).click();
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('heading', { level: 1, name: 'Duplicate the app as Planned' }).waitFor();
      await page.getByRole('button', { name: /2 Stays here/ }).waitFor();
      await page.getByRole('row', { name: /What it costs No requests/ }).waitFor();
      await page.getByRole('row', { name: /Ada Lovelace.*Stays here.*asks before it takes it/ }).waitFor();

      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      await page.getByRole('heading', { level: 1, name: 'Planned' }).waitFor();
      await page.getByText('Not connected', { exact: true }).waitFor();
      const madeId = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
      expect(await appOf(madeId)).toMatchObject({ label: 'Planned', visibility: { hide: { web: true } } });
    });

    test('the secret of a duplicate that people sign in to by OpenID Connect is shown once, from the dialog and a plan', async () => {
      const redirect = 'https://wiki.example/callback';
      const grant = { grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: [redirect] };
      const oauthClient = { application_type: 'web', ...grant };
      const oidc = { name: 'oidc_client', label: 'Wiki', signOnMode: 'OPENID_CONNECT', settings: { oauthClient } };
      const { id } = succeeded(await world.usher.call('POST', '/api/v1/apps', oidc));
      const keep = async () => {
        const secret = page.getByRole('textbox', { name: 'Client secret of the duplicate' });
        await secret.waitFor();
        await page.keyboard.press('Escape');
        const value = await secret.inputValue();
        expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, 'secret'))).toEqual([]);
        await page.getByRole('button', { name: 'I have kept it' }).click();
        await page.getByRole('tab', { name: 'Provisioning', selected: true }).waitFor();
        const made = /applications\/(\w+)/.exec(page.url())?.[1] ?? '';
        const { body } = await world.usher.call('GET', `/api/v1/apps/${made}/credentials/secrets`);
        expect(value).toMatch(/^[\w-]{64}$/);
        expect([made === id, body]).toEqual([false, expect.anything()]);
        expect(await page.content()).not.toContain(value);
      };
      await page.goto(`${world.usher.url}/admin/applications/${String(id)}/general`);
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      await page.getByRole('button', { name: 'Make duplicate' }).click();
      await keep();
      await page.goto(`${world.usher.url}/admin/applications/${String(id)}/general`);
      await page.getByRole('button', { name: 'Duplicate', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      await keep();
    });
  },
  120_000,
);
