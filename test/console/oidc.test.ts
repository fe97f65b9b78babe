import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientId, clientSecret, startOidcProvider, type RunningProvider } from '../apps/oidc-provider.ts';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, password, type ConsoleWorld } from './world.ts';

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
});
