import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];
const typed = 'Typed and not saved';

interface Form {
  readonly name: string;
  readonly path: string;
  /** The buttons, or other parts by their role, that lead to the form. */
  readonly open?: readonly (string | readonly ['tab' | 'combobox' | 'option' | 'menuitem', string])[];
  readonly field: string;
  /** Closed by Esc; the others are left by a link. */
  readonly isDialog?: true;
}

/** Paths and buttons name what the world below makes. */
const forms: readonly Form[] = [
  { name: 'profile of a person', path: '/admin/people/{ada}', open: ['Edit profile'], field: 'Title' },
  { name: 'general settings of an app', path: '/admin/applications/{app}/general', field: 'Application label' },
  { name: 'address of a tile', path: '/admin/applications/{tile}/sign-on', field: 'Address the tile opens' },
  {
    name: 'user name format',
    path: '/admin/applications/{app}/sign-on',
    open: [
      ['combobox', 'Format'],
      ['option', 'Custom'],
    ],
    field: 'Template',
  },
  {
    name: 'connection',
    path: '/admin/applications/{app}/provisioning',
    open: ['Change credentials'],
    field: 'API token',
  },
  { name: 'settings to the app', path: '/admin/applications/{app}/provisioning', field: 'Requests at once' },
  { name: 'new app from the catalog', path: '/admin/applications/catalog/bookmark', field: 'Application label' },
  { name: 'first step of the wizard', path: '/admin/applications/new', field: 'Name of the application' },
  {
    name: 'connection in the wizard',
    path: '/admin/applications/new?wizard={begun}&step=connection',
    field: 'SCIM base URL',
  },
  { name: 'own password', path: '/my/profile', field: 'Present password' },
  ...(
    [
      {
        name: 'mapping in the wizard',
        path: '/admin/applications/new?wizard={tested}&step=mappings',
        open: ['Edit title'],
      },
      { name: 'mapping', path: '/admin/applications/{app}/mappings', open: ['Edit displayName'] },
    ] as const
  ).map((form) => ({ ...form, field: 'Where it comes from', isDialog: true as const })),
  { name: 'new person', path: '/admin/people', open: ['Add person'], field: 'First name', isDialog: true },
  { name: 'new group', path: '/admin/groups', open: ['Add group'], field: 'Name', isDialog: true },
  { name: 'group', path: '/admin/groups/{group}', open: ['Edit group'], field: 'Name', isDialog: true },
  { name: 'group rule', path: '/admin/groups/rules', open: ['Add rule'], field: 'Name', isDialog: true },
  { name: 'attribute', path: '/admin/profile-editor', open: ['Add attribute'], field: 'Display name', isDialog: true },
  { name: 'API token', path: '/admin/settings/api-tokens', open: ['Make a token'], field: 'Name', isDialog: true },
  {
    ...{ name: 'identity provider', path: '/admin/settings/identity-providers', open: ['Add a provider'] },
    ...{ field: 'Client secret', isDialog: true },
  },
  {
    ...{ name: 'duplicate', path: '/admin/applications/{app}/general', open: ['Duplicate'] },
    ...{ field: 'Label of the duplicate', isDialog: true },
  },
  {
    ...{ name: 'many assignments', path: '/admin/applications/{app}/assignments', open: ['Assign many'] },
    ...{ field: 'Usernames or ids, one per line', isDialog: true },
  },
  {
    ...{ name: 'values of a person', path: '/admin/applications/{app}/assignments', open: ['Values Ada Lovelace'] },
    ...{ field: 'User name', isDialog: true },
  },
  {
    ...{ name: 'pushed group', path: '/admin/applications/{app}/push-groups', open: ['Push group'] },
    ...{ field: 'Name in the app', isDialog: true },
  },
  {
    ...{ name: 'push rule', path: '/admin/applications/{app}/push-groups?view=rules', open: ['Add push rule'] },
    ...{ field: 'Name of the rule', isDialog: true },
  },
  {
    name: 'what was done by hand',
    path: '/admin/tasks/{task}',
    open: ['Complete for all'],
    field: 'What was done',
    isDialog: true,
  },
  { name: 'section of My Apps', path: '/my', open: ['Add section'], field: 'Name of the section', isDialog: true },
];

describe.skipIf(!hasBrowser)('a form that holds what is not saved', { timeout: 60_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    world = await openConsoleWorld();
    const make = async (path: string, body: JsonObject = {}) =>
      String(succeeded(await world.usher.call('POST', path, body))['id']);
    ids['ada'] = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    ids['group'] = await world.addGroup('Engineering');
    ids['app'] = await world.addScimApp();
    await make(`/api/v1/apps/${ids['app']}/users`, { id: ids['ada'], scope: 'USER' });
    const settings = { app: { url: 'https://intranet.example/' } };
    ids['tile'] = await make('/api/v1/apps', { name: 'bookmark', label: 'Tile', signOnMode: 'BOOKMARK', settings });
    succeeded(await world.usher.call('PATCH', `/usher/v1/apps/${ids['tile']}/provisioning`, { manual: true }));
    await make(`/api/v1/apps/${ids['tile']}/users`, { id: ids['ada'], scope: 'USER' });
    const { id: owner } = succeeded(await world.usher.call('GET', '/api/v1/users/me'));
    await make(`/api/v1/apps/${ids['tile']}/users`, { id: String(owner), scope: 'USER' });
    const { body: tasks } = await world.usher.call('GET', '/usher/v1/tasks');
    ids['task'] = String((tasks as JsonObject[])[0]?.['id']);
    ids['begun'] = await make('/usher/v1/wizards', { label: 'Begun' });
    ids['tested'] = await make('/usher/v1/wizards', { label: 'Tested' });
    const wizard = `/usher/v1/wizards/${ids['tested']}`;
    const auth = { scheme: 'bearer', token: secret };
    const connection = { settings: { baseUrl: world.app.url, auth } };
    succeeded(await world.usher.call('PUT', `${wizard}/connection`, connection));
    succeeded(await world.usher.call('POST', `${wizard}/probe`, { allowWrites: false }));
    succeeded(await world.usher.call('PUT', `${wizard}/capabilities`, {}));
    succeeded(await world.usher.call('PUT', `${wizard}/schema`, {}));
    page = await world.newPage();
    await world.signIn(page);
  }, 90_000);
  afterAll(() => world.close());

  const question = () => page.getByRole('dialog', { name: 'Leave without saving?' });
  const leave = async ({ isDialog }: Form) => {
    if (isDialog === true) await page.keyboard.press('Escape');
    else await page.getByRole('link', { name: 'Usher', exact: true }).first().click();
  };
  const open = async ({ path, open: steps = [] }: Form) => {
    await page.goto(world.usher.url + path.replace(/\{(\w+)\}/g, (_whole, name: string) => ids[name] ?? ''));
    for (const step of steps) {
      const [role, name] = typeof step === 'string' ? (['button', step] as const) : step;
      await page.getByRole(role, { name, exact: true }).first().click();
    }
  };

  test.each(forms)('$name: is asked about before it is left', async (form) => {
    await open(form);
    const scope: Page | Locator = form.isDialog === true ? page.getByRole('dialog') : page;
    const field = scope.getByRole('textbox', { name: form.field, exact: true });
    await field.fill(form.field === 'Requests at once' ? '7' : typed);
    const value = await field.inputValue();
    const address = page.url();
    await leave(form);
    await question().getByRole('button', { name: 'Stay' }).click();
    await question().waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe(value);
    await leave(form);
    await question().waitFor();
    await page.keyboard.press('Escape');
    await question().waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe(value);
    await leave(form);
    await question().getByRole('button', { name: 'Leave without saving' }).click();
    await field.waitFor({ state: 'detached' });
    expect(page.url() === address).toBe(form.isDialog === true);
    await open(form);
    expect(await field.inputValue()).not.toBe(value);
  });

  const openNewGroup = async () => {
    await page.goto(`${world.usher.url}/admin/groups`);
    await page.getByRole('button', { name: 'Add group' }).click();
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true });
    await field.fill(typed);
    return field;
  };

  test('the question can be read by everybody', async () => {
    await openNewGroup();
    await page.keyboard.press('Escape');
    await question().waitFor();
    expect(await faultsOf(page, pictures === undefined ? undefined : join(pictures, 'unsaved'))).toEqual([]);
  });

  test('nothing is asked where it is typed back, or saved', async () => {
    const field = await openNewGroup();
    await field.fill('');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await question().count()).toBe(0);
    await openNewGroup();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: typed }).waitFor();
    expect(await question().count()).toBe(0);
  });
});
