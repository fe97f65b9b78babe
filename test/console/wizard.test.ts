import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];
/** Steps whose pictures are in the guide. */
const inGuide = ['connection', 'mappings', 'match', 'review'];
const patient = { timeout: 10_000 };
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** One story, in order: a private SCIM app, from its name to its first accounts. */
describe.skipIf(!hasBrowser)('the SCIM wizard', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  let writes = 0;

  beforeAll(async () => {
    world = await openConsoleWorld();
    await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    const grace = await world.addPerson('grace@acme.example', 'Grace', 'Hopper', { title: 'Admiral' });
    await world.addGroup('Engineering', [grace]);
    for (const [userName, givenName, familyName] of [
      ['ada@acme.example', 'Ada', 'Lovelace'],
      ['ghopper', 'Grace', 'Hopper'],
      ['stranger@else.example', 'Stran', 'Ger'],
    ]) {
      await fetch(`${world.app.url}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          ...{ userName, active: true, name: { givenName, familyName } },
        }),
      });
    }
    writes = world.app.writes();
    page = await world.newPage();
    await world.signIn(page);
  }, 60_000);
  afterAll(() => world.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string | RegExp) => page.getByRole('textbox', { name });
  const step = (name: string) => page.getByRole('heading', { level: 2, name });
  const row = (name: RegExp) => page.getByRole('row', { name });
  const dialog = () => page.getByRole('dialog');
  /** The step as axe and people see it. */
  const look = async (name: string) => {
    if (inGuide.includes(name)) await guidePicture(page, `wizard-${name}`);
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, `wizard-${name}`))).toEqual([]);
  };

  test('a search of the catalog without a result leads to it, with the name filled in', async () => {
    await page.getByRole('link', { name: 'Applications', exact: true }).click();
    await page.getByRole('link', { name: 'Create SCIM app' }).waitFor();
    await page.getByRole('link', { name: 'Browse app catalog' }).click();
    await page.getByRole('searchbox', { name: /Search integrations/ }).fill('zzyzx qwv');
    await page.getByRole('link', { name: 'Create a private SCIM app “zzyzx qwv”' }).click();
    await step('Name and logo').waitFor();
    expect(await field('Name of the application').inputValue()).toBe('zzyzx qwv');
    await field('Name of the application').fill('Acme Wiki');
    await look('name');
  });

  test('a picture that is none is refused in place; the right one is kept', async () => {
    const chooser = page.waitForEvent('filechooser');
    await button('Logo (optional)').click();
    await (await chooser).setFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await button('Continue').click();
    await page.getByRole('alert').filter({ hasText: 'must be a PNG' }).waitFor();
    expect(await field('Name of the application').inputValue()).toBe('Acme Wiki');
    const again = page.waitForEvent('filechooser');
    await button('Logo (optional)').click();
    await (await again).setFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png });
    await button('Continue').click();
    await step('Connection').waitFor();
    expect((await world.usher.call('GET', '/usher/v1/wizards')).body).toMatchObject([{ label: 'Acme Wiki' }]);
  });

  test('a wrong credential is refused in place, with what was asked and answered, and what was typed stays', async () => {
    await field('SCIM base URL').fill(world.app.url);
    await field('API token').fill('wrong');
    await button('Test connection').click();
    await page
      .getByRole('alert')
      .filter({ hasText: /cannot be listed.*401/ })
      .waitFor();
    expect(await field('SCIM base URL').inputValue()).toBe(world.app.url);
    expect(await field('API token').inputValue()).toBe('wrong');
    await page.getByText(/^Every request and its answer/).click();
    await page
      .getByText(/^GET .*\/Users.* · 401 ·/)
      .first()
      .click();
    await page
      .getByText(/authorization: .*•••/i)
      .first()
      .waitFor();
    await look('refused');
    expect(await button('Continue').count()).toBe(0);
  });

  test('the right one is tested and sealed', async () => {
    await field('API token').fill(secret);
    await button('Test connection').click();
    await page.getByText(/of 100\./).waitFor();
    await page.getByText('The credentials are kept sealed.').waitFor();
    expect(await page.content()).not.toContain(secret);
    await look('connection');
    await button('Continue').click();
    await step('What to send').waitFor();
    const deactivate = page.getByRole('switch', { name: 'Deactivate users' });
    expect(await deactivate.isChecked()).toBe(true);
    await deactivate.click();
    await expect.poll(() => deactivate.isChecked(), patient).toBe(false);
  });

  test('left by a reload, it is as it was; left for later, it is on Applications', async () => {
    await page.reload();
    await step('What to send').waitFor();
    expect(await page.getByRole('switch', { name: 'Deactivate users' }).isChecked()).toBe(false);
    await look('capabilities');
    await page.getByRole('link', { name: 'Go on later' }).click();
    await page.getByRole('region', { name: 'Set-up unfinished' }).first().waitFor();
    await look('unfinished');
    await page.getByRole('link', { name: 'Continue with Acme Wiki' }).click();
    await step('What to send').waitFor();
    expect(await button('Existing accounts').isDisabled()).toBe(true);
    await button('Continue').click();
    await step('Mappings').waitFor();
  });

  test('mappings are proposed beside a sample person; a faulty one is refused in place, a good one kept', async () => {
    await page.getByRole('combobox', { name: 'Sample person' }).fill('grace');
    await page.getByRole('option', { name: /Grace Hopper/ }).click();
    await row(/givenName user\.firstName Grace SCIM standard/).waitFor();
    await row(/title user\.title Admiral/).waitFor();
    await look('mappings');
    await button('Edit title').click();
    await field('Where it comes from').fill('user.titel');
    await button('Save').click();
    const refused = dialog().getByRole('alert').filter({ hasText: 'titel' });
    await refused.waitFor();
    expect(await field('Where it comes from').inputValue()).toBe('user.titel');
    await field('Where it comes from').fill('String.toUpperCase(');
    await refused.waitFor({ state: 'detached' });
    await dialog()
      .getByText(/line 1, column \d+/)
      .waitFor();
    await field('Where it comes from').fill('String.toUpperCase(user.title)');
    await dialog().getByRole('status').filter({ hasText: 'ADMIRAL' }).waitFor();
    await look('mapping');
    await button('Save').click();
    await row(/title String\.toUpperCase\(user\.title\) ADMIRAL Chosen by hand/).waitFor();
    await button('Remove userType').click();
    await expect.poll(() => button('Edit userType').count(), patient).toBe(0);
    await button('Continue').click();
    await step('Existing accounts').waitFor();
  });

  test('existing accounts are compared, and nothing is changed', async () => {
    await button('Compare accounts').click();
    await page.getByText('3 accounts are there').waitFor();
    await row(/ada@acme\.example Exact ada@acme\.example/).waitFor();
    await row(/ghopper Partial grace@acme\.example/).waitFor();
    await look('match');
    await page.getByText('Nobody (1)').click();
    await row(/stranger@else\.example Nobody/).waitFor();
    await button('Continue').click();
    await step('Who gets it').waitFor();
  });

  test('who gets it is chosen, and reviewed; up to here nothing was written', async () => {
    await button('Add people').click();
    await button('Add Ada Lovelace').click();
    await dialog().getByRole('button', { name: 'Done' }).last().click();
    await button('Remove Ada Lovelace').waitFor();
    await button('Add groups').click();
    await button('Add Engineering').click();
    await dialog().getByRole('button', { name: 'Done' }).last().click();
    await button('Remove Engineering').waitFor();
    await look('people');
    await button('Continue').click();
    await step('Review').waitFor();
    await page.getByText('1 person and 1 group').waitFor();
    await page.getByText('1 exact, 1 partial, 0 ambiguous, 1 nobody’s').waitFor();
    await look('review');
    expect(world.app.writes()).toBe(writes);
    expect((await world.usher.call('GET', '/api/v1/apps')).body).toEqual([]);
  });

  test('turned on, the app is there and the accounts are made', async () => {
    await button('Turn on').click();
    await page.getByRole('heading', { level: 1, name: 'Acme Wiki' }).waitFor();
    await row(/Ada Lovelace.*As it should be/).waitFor();
    await row(/Grace Hopper.*As it should be/).waitFor();
    const names = (await world.accounts()).map(({ userName }) => userName).sort();
    expect(names).toEqual(['ada@acme.example', 'ghopper', 'grace@acme.example', 'stranger@else.example']);
    expect(JSON.stringify(await world.accounts())).toContain('ANALYST');
    await page.goBack();
    await page.getByText('Acme Wiki has been turned on already.').waitFor();
    await page.getByRole('link', { name: 'Applications', exact: true }).first().click();
    await expect.poll(() => page.getByText('Set-up unfinished').count(), patient).toBe(0);
    await page.getByRole('link', { name: 'Acme Wiki', exact: true }).waitFor();
  });

  test('an app that is only a tile is given provisioning, and keeps its name', async () => {
    const made = await world.usher.call('POST', '/usher/v1/apps', {
      ...{ catalogKey: 'bookmark', label: 'Intranet', settings: { url: 'https://intranet.acme.example' } },
    });
    const { id } = made.body as { id: string };
    await page.goto(`${world.usher.url}/admin/applications/${id}/provisioning`);
    await page.getByRole('link', { name: 'Set up provisioning' }).click();
    await expect.poll(() => field('Name of the application').inputValue(), patient).toBe('Intranet');
    await button('Continue').click();
    await step('Connection').waitFor();
    await button('Discard').click();
    await dialog().getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    expect((await world.usher.call('GET', '/usher/v1/wizards?status=OPEN')).body).toEqual([]);
  });
});
