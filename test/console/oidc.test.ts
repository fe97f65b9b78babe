import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientId, clientSecret, startOidcProvider, type RunningProvider } from '../apps/oidc-provider.ts';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, password, type ConsoleWorld } from './world.ts';

/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)('signing in with an OpenID Connect provider', () => {
  let world: ConsoleWorld;
  let provider: RunningProvider;
  let page: Page;
  beforeAll(async () => {
    world = await openConsoleWorld();
    provider = await startOidcProvider([`${world.usher.url}/usher/v1/sign-in/callback`]);
    const body = { label: 'Acme', issuer: provider.issuer, clientId, clientSecret };
    succeeded(await world.usher.call('POST', '/usher/v1/identity-providers', body));
    const profile = { login: 'ada@acme.example', email: 'ada@acme.example', firstName: 'Ada', lastName: 'Lovelace' };
    const credentials = { password: { value: password } };
    succeeded(await world.usher.call('POST', '/api/v1/users', { profile, credentials }));
  });
  afterAll(async () => {
    await world.close();
    await provider.close();
  });
  beforeEach(async () => {
    page = await world.newPage();
  });

  /** Goes to the provider by the button of the sign-in page, and through its own two pages. */
  async function signInThereAs(login: string): Promise<void> {
    await page.getByRole('link', { name: 'Sign in with Acme' }).click();
    await page.getByPlaceholder('Enter any login').fill(login);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  test('leads in, to the page that was wanted', async () => {
    await page.goto(`${world.usher.url}/my/profile`);
    await page.getByRole('heading', { level: 1, name: 'Sign in to Usher' }).waitFor();
    expect(await faultsOf(page, undefined)).toEqual([]);
    await signInThereAs('ada@acme.example');
    await page.getByRole('button', { name: 'Account of Ada Lovelace' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/my/profile');
    await page.context().close();
  });

  test('says in words why somebody is not let in', async () => {
    await page.goto(`${world.usher.url}/login`);
    await signInThereAs('nobody@acme.example');
    await page.getByRole('alert').filter({ hasText: 'Nobody here has the account' }).waitFor();
    expect(await faultsOf(page, undefined)).toEqual([]);
    await page.context().close();
  });

  test('never goes on to a page of somebody else', async () => {
    await page.goto(`${world.usher.url}/login?from=${encodeURIComponent('/\t/evil.example')}`);
    await page.getByRole('textbox', { name: 'Username' }).fill('ada@acme.example');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'My Apps' }).waitFor();
    expect(page.url().startsWith(`${world.usher.url}/my`)).toBe(true);
    await page.context().close();
  });

  test('is enough where the page asks again who they are, and what is typed stays', async () => {
    const [ada] = (await world.usher.call('GET', '/api/v1/users?q=ada')).body as { id: string }[];
    succeeded(await world.usher.call('POST', `/api/v1/users/${ada?.id}/roles`, { type: 'SUPER_ADMIN' }));
    await page.goto(`${world.usher.url}/admin/settings/identity-providers`);
    await page.getByRole('heading', { level: 1, name: 'Sign in to Usher' }).waitFor();
    await signInThereAs('ada@acme.example');
    await page.getByRole('button', { name: 'Add a provider' }).click();
    const adding = page.getByRole('dialog', { name: 'Add a provider' });
    await adding.getByRole('textbox', { name: 'Label' }).fill('Second');
    await adding.getByRole('textbox', { name: 'Issuer' }).fill('https://second.example.com');
    await adding.getByRole('textbox', { name: 'Client ID' }).fill('usher');
    await adding.getByRole('textbox', { name: 'Client secret' }).fill('a secret of theirs');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();

    const proof = page.getByRole('dialog', { name: 'Your password, please' });
    const again = proof.getByRole('button', { name: 'Sign in again with Acme' });
    await again.waitFor();
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, 'proof'))).toEqual([]);
    const signInAgain = async (login: string) => {
      const [window] = await Promise.all([page.context().waitForEvent('page'), again.click()]);
      await window.getByPlaceholder('Enter any login').fill(login);
      await window.getByPlaceholder('and password').fill('any');
      await window.getByRole('button', { name: 'Sign-in' }).click();
      const consent = window.getByRole('button', { name: 'Continue' });
      await Promise.race([consent.click(), window.waitForEvent('close')]).catch(() => undefined);
    };
    await page.keyboard.press('Escape');
    await proof.waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').count()).toBe(1);
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await signInAgain('nobody@acme.example');
    await proof.getByRole('alert').filter({ hasText: 'Nobody here has the account' }).waitFor();
    await signInAgain('ada@acme.example');
    await proof.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: 'Issuer https://second.example.com' }).waitFor();

    await page.getByRole('button', { name: 'Edit Second' }).click();
    const changing = page.getByRole('dialog', { name: 'Change Second' });
    await changing.getByRole('textbox', { name: 'Label' }).fill('Typed before the end');
    succeeded(await world.usher.call('DELETE', `/api/v1/users/${ada?.id}/sessions`));
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    // The provider knows them still, and asks nothing.
    await ended.getByRole('button', { name: 'Sign in again with Acme' }).click();
    await ended.waitFor({ state: 'detached' });
    expect(await changing.getByRole('textbox', { name: 'Label' }).inputValue()).toBe('Typed before the end');
    await expect.poll(() => page.context().pages().length).toBe(1);
    await page.context().close();
  });
});
