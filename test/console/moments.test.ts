import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, password, type ConsoleWorld } from './world.ts';

const patient = { timeout: 20_000 };

/** Each says what happened, and what is typed stays. */
describe.skipIf(!hasBrowser)('in a bad moment', { timeout: 90_000 }, () => {
  let world: ConsoleWorld;
  let page: Page;
  let appId = '';
  let adaId = '';

  beforeAll(async () => {
    world = await openConsoleWorld();
    adaId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
    appId = await world.addScimApp();
    page = await world.newPage();
    await world.signIn(page);
  }, 90_000);
  afterAll(() => world.close());

  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const alert = (text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });
  const read = async (path: string) => succeeded(await world.usher.call('GET', path));
  const label = async () => (await read(`/api/v1/apps/${appId}`))['label'];
  const profile = async () => (await read(`/api/v1/users/${adaId}`))['profile'] as JsonObject;
  const openApp = async (tab = 'general') => {
    await page.goto(`${world.usher.url}/admin/applications/${appId}/${tab}`);
    await page.getByRole('tab', { name: 'General' }).waitFor();
  };
  const openAda = async () => {
    await page.goto(`${world.usher.url}/admin/people/${adaId}`);
    await button('Edit profile').click();
    await field('Title').waitFor();
  };

  test('without a connection saving says so, and works once there is one', async () => {
    await openApp();
    await field('Application label').fill('Typed offline');
    await page.context().setOffline(true);
    await button('Save').click();
    await alert('The server cannot be reached').waitFor();
    expect(await field('Application label').inputValue()).toBe('Typed offline');
    await page.context().setOffline(false);
    await button('Save').click();
    await expect.poll(label, patient).toBe('Typed offline');
  });

  test('leaving a form that holds what is not saved is asked about', async () => {
    await openApp();
    await field('Application label').fill('Not saved');
    const other = page.getByRole('tab', { name: 'Assignments' });
    await other.click();
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await question.getByRole('button', { name: 'Stay' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await field('Application label').inputValue()).toBe('Not saved');
    await other.click();
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('button', { name: 'Assign many' }).waitFor();
    expect(await label()).not.toBe('Not saved');
  });

  test('nobody is asked about what was typed for an app that is deleted', async () => {
    const settings = { app: { url: 'https://old.example.com/' } };
    const old = { name: 'bookmark', label: 'Old', signOnMode: 'BOOKMARK', settings };
    const id = String(succeeded(await world.usher.call('POST', '/api/v1/apps', old))['id']);
    succeeded(await world.usher.call('POST', `/api/v1/apps/${id}/lifecycle/deactivate`));
    await page.goto(`${world.usher.url}/admin/applications/${id}/general`);
    await field('Application label').fill('Not saved');
    await button('Delete application').click();
    await page.getByRole('dialog', { name: 'Delete Old?' }).getByRole('button', { name: 'Delete application' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a server that restarts is waited for, without losing what is typed', async () => {
    await openApp();
    await field('Application label').fill('Typed while it restarts');
    await world.usher.kill();
    await page.getByText('The connection is lost').waitFor();
    await button('Save').click();
    await alert('The server cannot be reached').waitFor();
    await world.restart();
    await page.getByText('The connection is lost').waitFor({ state: 'detached' });
    expect(await field('Application label').inputValue()).toBe('Typed while it restarts');
    await button('Save').click();
    await expect.poll(label, patient).toBe('Typed while it restarts');
  });

  test('a session that ends in the middle of a form is gone on with', async () => {
    await openAda();
    await field('Title').fill('Countess');
    const { id } = await read('/api/v1/users/me');
    succeeded(await world.usher.call('DELETE', `/api/v1/users/${String(id)}/sessions`));
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.getByText('What you typed on this page stays.').waitFor();
    expect(await faultsOf(page, undefined)).toEqual([]);
    await ended.getByRole('textbox', { name: 'Password' }).fill(password);
    await ended.getByRole('button', { name: 'Continue' }).click();
    await ended.waitFor({ state: 'detached' });
    expect(await field('Title').inputValue()).toBe('Countess');
    await button('Save').click();
    await expect.poll(profile, patient).toMatchObject({ title: 'Countess' });
  });

  test('what somebody else saved meanwhile is told before it is overwritten, and the rest of it is kept', async () => {
    await openAda();
    await field('Title').fill('Mine');
    const theirs = { title: 'Theirs', city: 'London' };
    succeeded(await world.usher.call('POST', `/api/v1/users/${adaId}`, { profile: theirs }));
    await button('Save').click();
    await alert('Somebody else has saved this').getByText('Title is now “Theirs”').waitFor();
    expect(await profile()).toMatchObject(theirs);
    expect(await field('Title').inputValue()).toBe('Mine');
    expect(await field('City').inputValue()).toBe('London');
    await button('Save').click();
    await expect.poll(profile, patient).toMatchObject({ title: 'Mine', city: 'London' });

    await openAda();
    await field('Title').fill('Mine again');
    succeeded(await world.usher.call('POST', `/api/v1/users/${adaId}`, { profile: { city: 'Paris' } }));
    await button('Save').click();
    await expect.poll(profile, patient).toMatchObject({ title: 'Mine again', city: 'Paris' });
  });

  test('the same where the server keeps no versions', async () => {
    await openApp();
    await field('Application label').fill('Mine');
    const app = await read(`/api/v1/apps/${appId}`);
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}`, { ...app, label: 'Theirs' }));
    await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor();
    expect(await field('Application label').inputValue()).toBe('Mine');
    await button('Save').click();
    await alert('Somebody else has saved this').getByText('Application label is now “Theirs”').waitFor();
    expect(await label()).toBe('Theirs');
    await button('Save').click();
    await expect.poll(label, patient).toBe('Mine');

    await openApp('mappings');
    await button('Edit displayName').click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Where it comes from' }).fill('user.nickName');
    const [mapping] = (await world.usher.call('GET', `/api/v1/mappings?targetId=${appId}`)).body as JsonObject[];
    const displayName = { expression: 'user.email', pushStatus: 'PUSH' };
    const path = `/api/v1/mappings/${String(mapping?.['id'])}`;
    succeeded(await world.usher.call('POST', path, { properties: { displayName } }));
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await alert('Somebody else has saved this').getByText('is now “user.email”').waitFor();
    expect(await read(path)).toMatchObject({ properties: { displayName } });
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => read(path), patient)
      .toMatchObject({
        properties: { displayName: { expression: 'user.nickName' } },
      });
  });

  test('so do the settings of provisioning, sign-on and rules', async () => {
    const saveTwice = async (told: string, save: () => Promise<void>) => {
      await save();
      await alert('Somebody else has saved this').getByText(told).waitFor();
      await save();
    };
    const dialog = page.getByRole('dialog');
    const saveDialog = () => dialog.getByRole('button', { name: /^Save/ }).click();

    await openApp('provisioning');
    await page.getByRole('textbox', { name: 'Requests at once' }).fill('7');
    await page.getByRole('textbox', { name: 'Time-out in seconds' }).fill('12');
    const toApp = `/usher/v1/apps/${appId}/provisioning`;
    succeeded(await world.usher.call('PATCH', toApp, { limits: { concurrencyMax: 9 }, updateVerb: 'PUT' }));
    await saveTwice('Requests at once is now “9”', () => button('Save Advanced').click());
    const limits = { concurrencyMax: 7, timeoutMs: 12_000 };
    await expect.poll(() => read(toApp), patient).toMatchObject({ limits, updateVerb: 'PUT' });

    await openApp('sign-on');
    await page.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: 'Custom', exact: true }).click();
    const own = page.getByRole('textbox', { name: 'Template' });
    await own.fill('${user.email}');
    const app = await read(`/api/v1/apps/${appId}`);
    const userNameTemplate = { template: '${user.firstName}', type: 'CUSTOM' };
    const credentials = { ...(app['credentials'] as JsonObject), userNameTemplate };
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}`, { ...app, credentials }));
    const saveFormat = () =>
      page.getByRole('region', { name: 'User name format' }).getByRole('button', { name: 'Save' });
    await saveTwice('is now “${user.firstName}”', () => saveFormat().click());
    await expect
      .poll(() => read(`/api/v1/apps/${appId}`), patient)
      .toMatchObject({ credentials: { userNameTemplate: { template: '${user.email}' } } });

    const groupId = await world.addGroup('Engineers', []);
    const expression = { value: 'user.title == "Engineer"', type: 'urn:okta:expression:1.0' };
    const actions = { assignUserToGroups: { groupIds: [groupId] } };
    const rule = { type: 'group_rule', name: 'Engineers', conditions: { expression }, actions };
    const made = succeeded(await world.usher.call('POST', '/api/v1/groups/rules', rule));
    const rulePath = `/api/v1/groups/rules/${String(made['id'])}`;
    await page.goto(`${world.usher.url}/admin/groups/rules`);
    await page.getByRole('button', { name: 'Edit Engineers' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('My engineers');
    succeeded(await world.usher.call('PUT', rulePath, { ...rule, name: 'Their engineers' }));
    await saveTwice('Name is now “Their engineers”', saveDialog);
    await expect.poll(() => read(rulePath), patient).toMatchObject({ name: 'My engineers' });

    const pushRules = `/usher/v1/apps/${appId}/group-push/rules`;
    const condition = (value: string) => ({ name: { operator: 'STARTS_WITH', value } });
    const pushRule = succeeded(
      await world.usher.call('POST', pushRules, { name: 'Teams', conditions: condition('t-') }),
    );
    const pushPath = `${pushRules}/${String(pushRule['id'])}`;
    await openApp('push-groups');
    await page.getByText('Rules', { exact: true }).click();
    await page.getByRole('button', { name: 'Edit Teams' }).click();
    await dialog.getByRole('textbox', { name: 'Name of the group', exact: true }).fill('mine-');
    succeeded(await world.usher.call('PATCH', pushPath, { conditions: condition('theirs-') }));
    await saveTwice('Name of the group is now “begins with theirs-”', saveDialog);
    await expect.poll(() => read(pushPath), patient).toMatchObject({ conditions: condition('mine-') });
  });

  test('a password asked for again can be wrong or refused, and then given', async () => {
    await openApp();
    await field('Application label').fill('Behind a password');
    const code = { errorCode: 'U0000001', errorSummary: 'This needs your password.', errorCauses: [] };
    /** The next write is refused; what is read meanwhile, as often as the page likes, is not. */
    const ask = async () => {
      let refused = false;
      await page.route(`**/api/v1/apps/${appId}`, async (route) => {
        if (refused || route.request().method() !== 'PUT') return route.fallback();
        refused = true;
        return route.fulfill({ status: 403, json: code });
      });
    };
    const proof = page.getByRole('dialog', { name: 'Your password, please' });
    await ask();
    await button('Save').click();
    await proof.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await proof.getByRole('button', { name: 'Continue' }).click();
    await proof.getByRole('alert').waitFor();
    expect(await faultsOf(page, undefined)).toEqual([]);
    await proof.getByRole('button', { name: 'Cancel' }).click();
    await alert('This needs your password.').waitFor();
    expect(await field('Application label').inputValue()).toBe('Behind a password');
    await ask();
    await button('Save').click();
    await proof.getByRole('textbox', { name: 'Password' }).fill(password);
    await proof.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(label, patient).toBe('Behind a password');
  });

  test('rights taken away while the page is open are told, and what is typed stays', async () => {
    const login = { login: 'eve@acme.example', email: 'eve@acme.example', firstName: 'Eve', lastName: 'Moneypenny' };
    const credentials = { password: { value: password } };
    const eve = succeeded(await world.usher.call('POST', '/api/v1/users', { profile: login, credentials }));
    const roles = `/api/v1/users/${String(eve['id'])}/roles`;
    succeeded(await world.usher.call('POST', roles, { type: 'READ_ONLY_ADMIN' }));
    const role = succeeded(await world.usher.call('POST', roles, { type: 'APP_ADMIN' }));
    const hers = await world.newPage();
    await hers.goto(`${world.usher.url}/admin/applications/${appId}/general`);
    await hers.getByRole('textbox', { name: 'Username' }).fill('eve@acme.example');
    await hers.getByRole('textbox', { name: 'Password' }).fill(password);
    await hers.keyboard.press('Enter');
    const typed = hers.getByRole('textbox', { name: 'Application label', exact: true });
    await typed.fill('Typed by Eve');
    succeeded(await world.usher.call('DELETE', `${roles}/${String(role['id'])}`));
    await hers.getByText('Your rights as an administrator have changed').waitFor();
    expect(await typed.inputValue()).toBe('Typed by Eve');
    expect(await hers.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    await hers.context().close();
  });
});
