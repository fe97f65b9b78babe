import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { succeeded, type Answer } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { guidePicture } from './pictures.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)(
  'changes that concern many',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    let appId = '';
    let adaId = '';

    beforeAll(async () => {
      world = await openConsoleWorld();
      adaId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
      const graceId = await world.addPerson('grace@acme.example', 'Grace', 'Hopper');
      await world.addGroup('Engineering', [adaId, graceId]);
      appId = await world.addScimApp();
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());
    const here = (tab: string) => `${world.usher.url}/admin/applications/${appId}/${tab}`;
    const names = async () => (await world.accounts()).map(({ userName }) => userName).sort();

    test('giving a group the app is previewed account by account, and just that is applied', async () => {
      await page.goto(here('assignments'));
      await page.getByRole('button', { name: 'Assign to groups' }).click();
      await page.getByRole('button', { name: 'Preview Engineering' }).click();
      await page.getByRole('heading', { level: 1, name: 'Assign a group' }).waitFor();
      await page.getByRole('row', { name: /State Ready/ }).waitFor();
      await page.getByRole('row', { name: /What it costs 2 requests/ }).waitFor();
      expect(await names()).toEqual([]);

      await page.getByRole('button', { name: /2 Create/ }).click();
      expect(new URL(page.url()).searchParams.get('kind')).toBe('create');
      const ada = page.getByRole('row', { name: /Ada Lovelace/ });
      await ada.getByText('attributes').click();
      await page.getByRole('table', { name: 'What changes for Ada Lovelace' }).waitFor();
      await page.getByRole('row', { name: /^userName – ada@acme\.example Added/ }).waitFor();
      await guidePicture(page, 'plan', { fullPage: true });
      await page.getByRole('searchbox', { name: 'Attribute that changes' }).fill('title');
      await expect.poll(() => page.getByRole('row', { name: /Grace Hopper/ }).count(), { timeout: 10_000 }).toBe(0);

      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      await page.getByRole('row', { name: /State Applied/ }).waitFor();
      await expect.poll(names, { timeout: 20_000 }).toEqual(['ada@acme.example', 'grace@acme.example']);
    });

    test('a plan that no longer holds changes nothing, says who differs, and is made again', async () => {
      await page.goto(`${here('assignments')}?kind=groups`);
      await page.getByRole('button', { name: 'Unassign Engineering' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: /2 Deactivate/ }).waitFor();
      const changed = { profile: { lastName: 'King' } };
      succeeded(await world.usher.call('POST', `/api/v1/users/${adaId}`, changed));
      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      const alert = page.getByRole('alert').filter({ hasText: 'The plan no longer holds' });
      await alert.getByText(/ada@acme\.example/).waitFor();
      expect((await world.accounts()).every(({ active }) => active)).toBe(true);

      const first = page.url();
      await page.getByRole('button', { name: 'Make the plan again' }).click();
      await expect.poll(() => page.url(), { timeout: 10_000 }).not.toBe(first);
      await page.getByRole('row', { name: /State Ready/ }).waitFor();
      await page.getByRole('button', { name: 'Discard' }).click();
      await page.getByRole('row', { name: /State Discarded/ }).waitFor();

      await page.getByRole('link', { name: 'Plans' }).first().click();
      await page.getByRole('combobox', { name: 'State' }).click();
      await page.getByRole('option', { name: 'Applied' }).click();
      const rows = page.getByRole('row', { name: /Target.*Usher Owner/ });
      await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(1);
      await rows.getByText('Create').waitFor();
    });

    test('settings are saved by section: what cannot be is said at its field, what is dangerous can be planned', async () => {
      const settings = async () => succeeded(await world.usher.call('GET', `/usher/v1/apps/${appId}/provisioning`));
      await page.goto(here('provisioning'));
      const pageSize = page.getByRole('textbox', { name: 'Accounts per page' });
      await pageSize.fill('0');
      await page.getByRole('button', { name: 'Save Advanced' }).click();
      await expect.poll(() => pageSize.getAttribute('aria-invalid'), { timeout: 10_000 }).toBe('true');
      expect(await settings()).toMatchObject({ limits: { pageSize: 100 } });
      await pageSize.fill('50');
      await page.getByRole('textbox', { name: 'Requests per minute' }).fill('600');
      const valuesOf = await recordValues(pageSize);
      await page.getByRole('button', { name: 'Save Advanced' }).click();
      await expect.poll(settings, { timeout: 10_000 }).toMatchObject({
        limits: { pageSize: 50, requestsPerMinute: 600, concurrencyMax: 16, timeoutMs: 30_000 },
      });

      await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
      await expect.poll(() => pageSize.inputValue(), { timeout: 10_000 }).toBe('50');
      expect(
        (await valuesOf()).filter((value) => value !== '50'),
        'never shown as it was before',
      ).toEqual([]);

      await page.getByRole('combobox', { name: 'An existing account is recognised by' }).click();
      await page.getByRole('option', { name: 'email', exact: true }).click();
      await page.getByRole('button', { name: 'Save Accounts' }).click();
      await expect.poll(settings, { timeout: 10_000 }).toMatchObject({ uniqueAttribute: 'email' });
      await page.getByRole('combobox', { name: 'What becomes of the account' }).click();
      await page.getByRole('option', { name: 'Deactivate it, then delete it' }).click();
      await page.getByRole('textbox', { name: 'Days until it is deleted' }).fill('30');
      await guidePicture(page, 'to-app', { fullPage: true });
      await page.getByRole('button', { name: 'Preview When people lose the application' }).click();
      await page.getByRole('button', { name: /2 No change/ }).waitFor();
      expect(await settings()).toMatchObject({ deprovision: 'DEACTIVATE' });
      await page.getByRole('button', { name: 'Apply exactly this' }).click();
      await page.getByRole('row', { name: /State Applied/ }).waitFor();
      expect(await settings()).toMatchObject({ deprovision: 'DELETE', deleteAfterDays: 30 });
    });

    test('what was saved of an application stays in its field', async () => {
      await page.goto(here('general'));
      const note = page.getByRole('textbox', { name: 'Note for people who have it' });
      await note.fill('Ask Ada.');
      const valuesOf = await recordValues(note);
      await page.getByRole('button', { name: 'Save', exact: true }).first().click();
      await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
      await expect.poll(() => note.inputValue(), { timeout: 10_000 }).toBe('Ask Ada.');
      expect(
        (await valuesOf()).filter((value) => value !== 'Ask Ada.'),
        'never shown as it was before',
      ).toEqual([]);
    });

    test('a mapping is completed while it is typed, its mistake shown where it is, and what it gives for somebody', async () => {
      await page.goto(here('mappings'));
      await page.getByRole('button', { name: 'Edit title', exact: true }).click();
      const field = page.getByRole('textbox', { name: 'Where it comes from' });
      const look = async (name: string) =>
        expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, name))).toEqual([]);
      const type = async (text: string) => {
        await field.fill('');
        await field.pressSequentially(text);
      };
      await type('user.tit');
      await page.getByRole('option', { name: 'user.title' }).waitFor();
      await look('completion');
      await field.press('ArrowDown');
      await field.press('Enter');
      expect(await field.inputValue()).toBe('user.title');

      const person = page.getByRole('dialog').getByRole('combobox', { name: 'See what it gives for' });
      await person.fill('nobody of this name');
      await page.getByRole('option', { name: 'Nobody was found.' }).waitFor();
      await look('nobody-found');
      await person.fill('ada');
      await page.getByRole('option', { name: /Ada/ }).click();
      await page.getByText('It gives: Analyst', { exact: true }).waitFor({ timeout: 20_000 });

      await type('user.dep');
      await page.getByRole('option', { name: 'user.department' }).waitFor();
      await field.press('Escape');
      await expect.poll(() => page.getByRole('option', { name: 'user.department' }).count()).toBe(0);
      await type('String.toUpper');
      await page.getByRole('option', { name: 'String.toUpperCase' }).waitFor();
      await field.press('ArrowDown');
      await field.press('Enter');
      await field.pressSequentially('user.title');
      expect(await field.inputValue()).toBe('String.toUpperCase(user.title');
      await page.getByText(/^line 1, column \d+: /).waitFor({ timeout: 20_000 });
      expect(await field.getAttribute('aria-invalid')).toBe('true');

      const other = { catalogKey: 'bookmark', label: 'Intranet', settings: { url: 'https://intranet.example/' } };
      const { name, id } = succeeded(await world.usher.call('POST', '/usher/v1/apps', other));
      const badge = { title: 'Badge', type: 'string' };
      const custom = { id: '#custom', type: 'object', properties: { badge } };
      const schema = `/api/v1/meta/schemas/apps/${String(id)}/default`;
      succeeded(await world.usher.call('POST', schema, { definitions: { custom } }));
      await type(String(name).slice(0, 4));
      await page.getByRole('option', { name: `${String(name)}. Intranet` }).waitFor();
      await look('completion-app');
      await field.press('ArrowDown');
      await field.press('Enter');
      await page.getByRole('option', { name: `${String(name)}.badge Intranet` }).click();
      expect(await field.inputValue()).toBe(`${String(name)}.badge`);
      await page.getByText('It gives: no value', { exact: true }).waitFor();
      await field.fill(`${String(name)}.bagde`);
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      const refused = page.getByRole('alert').filter({ hasText: /which is no attribute of that app/ });
      await refused.waitFor();

      await field.fill('String.toUpperCase(user.title');
      await refused.waitFor({ state: 'detached' });
      await field.press('End');
      await field.pressSequentially(')');
      await page.getByText('It gives: ANALYST', { exact: true }).waitFor({ timeout: 20_000 });
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row', { name: /title String\.toUpperCase\(user\.title\) .* ANALYST/ }).waitFor();
    });

    test('an attribute is made, changed, refused its removal while a mapping uses it, and goes by force', async () => {
      const attributes = async () => {
        const schema = succeeded(await world.usher.call('GET', '/api/v1/meta/schemas/user/default'));
        return JSON.stringify(schema['definitions']);
      };
      await page.goto(`${world.usher.url}/admin/profile-editor`);
      await page.getByRole('button', { name: 'Add attribute' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Display name' }).fill('Badge number');
      await dialog.getByRole('textbox', { name: 'Variable name' }).fill('badge number');
      await dialog.getByRole('textbox', { name: 'Longest' }).fill('20');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByRole('textbox', { name: 'Variable name' }).fill('badgeNumber');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row', { name: /Badge number badgeNumber Text No Custom/ }).waitFor();

      const [mapping] = succeededList(await world.usher.call('GET', `/api/v1/mappings?targetId=${appId}`));
      const properties = { title: { expression: 'user.badgeNumber', pushStatus: 'PUSH' } };
      succeeded(await world.usher.call('POST', `/api/v1/mappings/${String(mapping?.['id'])}`, { properties }));
      await page.getByRole('button', { name: 'Edit badgeNumber' }).click();
      await dialog.getByRole('textbox', { name: 'Display name' }).fill('Badge');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('row', { name: /^Badge badgeNumber/ }).waitFor();
      expect(await attributes()).toContain('"maxLength":20');

      await page.getByRole('button', { name: 'Remove badgeNumber' }).click();
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await dialog.getByRole('alert').filter({ hasText: 'is used by the mapping of title of Target' }).waitFor();
      await dialog.getByRole('checkbox', { name: 'Take the mappings that use it away' }).click();
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await expect.poll(attributes, { timeout: 10_000 }).not.toContain('badgeNumber');

      await page.goto(`${world.usher.url}/admin/profile-editor?of=${appId}`);
      await page.getByRole('button', { name: 'Add from the application' }).click();
      await dialog.getByRole('checkbox').first().click();
      await dialog.getByRole('button', { name: 'Add 1 attribute' }).click();
      await page
        .getByRole('row', { name: /Custom/ })
        .first()
        .waitFor();
      await guidePicture(page, 'profile-editor');
    });
  },
  120_000,
);

function succeededList(answer: Answer): readonly JsonObject[] {
  const { body }: { body: unknown } = answer;
  return Array.isArray(body) ? body : [];
}

/** Records each value that the page writes into a field from now on, however briefly it stands there. */
async function recordValues(field: Locator): Promise<() => Promise<string[]>> {
  const values = await field.evaluateHandle((element) => {
    const written: string[] = [];
    const own = Object.getOwnPropertyDescriptor(element, 'value');
    Object.defineProperty(element, 'value', {
      configurable: true,
      get: () => own?.get?.call(element) as unknown,
      set: (value: string) => {
        written.push(value);
        own?.set?.call(element, value);
      },
    });
    return written;
  });
  return () => values.jsonValue();
}
