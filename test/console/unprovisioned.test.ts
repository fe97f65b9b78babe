import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];

/** One story, in order: people had the app before it was provisioned, and accounts of some are there already. */
describe.skipIf(!hasBrowser)('people without an account', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;

  beforeAll(async () => {
    world = await openConsoleWorld();
    const ada = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace');
    const grace = await world.addPerson('grace@acme.example', 'Grace', 'Hopper');
    const kay = await world.addPerson('kay@acme.example', 'Kay', 'Johnson');
    const made = await world.usher.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      label: 'Target',
      settings: { baseUrl: world.app.url },
    });
    const appId = String(succeeded(made)['id']);
    for (const id of [ada, grace, kay])
      succeeded(await world.usher.call('POST', `/api/v1/apps/${appId}/users`, { id }));
    for (const [userName, email, givenName] of [
      ['ada@acme.example', 'ada@acme.example', 'Ada'],
      ['ghopper', 'grace@acme.example', 'Grace'],
    ] as const) {
      const answer = await fetch(`${world.app.url}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          ...{ userName, active: true, name: { givenName, familyName: 'Else' } },
          emails: [{ value: email, type: 'work', primary: true }],
        }),
      });
      expect(answer.status).toBe(201);
    }
    const settings = { auth: { scheme: 'bearer', token: secret } };
    succeeded(await world.usher.call('PUT', `/usher/v1/apps/${appId}/connection?activate=true`, { settings }));
    const on = { create: true, update: true, deactivate: true };
    succeeded(await world.usher.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, on));
    page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.usher.url}/admin/applications/${appId}`);
  }, 120_000);
  afterAll(() => world.close());

  const row = (name: RegExp) => page.getByRole('row', { name });

  test('are compared with the accounts of the app, which says whose each may be and why', async () => {
    await page.getByRole('link', { name: 'Look at them first' }).click();
    await row(/Ada Lovelace.*Not compared yet/).waitFor();
    await page.getByRole('button', { name: 'Compare with the app' }).click();
    await row(/Ada Lovelace.*Exact.*ada@acme\.example/).waitFor();
    await row(/Grace Hopper.*Partial.*The account has their e-mail address, and another user name.*ghopper/).waitFor();
    await row(/Kay Johnson.*No account.*One is made/).waitFor();
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, 'unprovisioned'))).toEqual([]);
  });

  test('of a partial match is said what becomes of it; the others are provisioned together', async () => {
    await page.getByRole('button', { name: 'Link Grace Hopper' }).click();
    await expect.poll(() => row(/Grace Hopper/).count(), { timeout: 20_000 }).toBe(0);
    await page.getByRole('button', { name: 'Provision 2 people', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Provision 2 people' }).click();
    await page.getByText('2 of 2').waitFor();
    const names = async () => (await world.accounts()).map(({ userName }) => userName).sort();
    await expect
      .poll(names, { timeout: 20_000 })
      .toEqual(['ada@acme.example', 'grace@acme.example', 'kay@acme.example']);
  });
});
