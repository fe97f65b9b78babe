import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

const soon = { timeout: 4_000 };
const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)(
  'My Apps',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    beforeAll(async () => {
      world = await openConsoleWorld();
      page = await world.newPage();
      await world.signIn(page);
    });
    afterAll(() => world.close());

    const tiles = (section: string) => page.getByRole('region', { name: section }).getByRole('link').allInnerTexts();
    const menu = async (button: string, item: string) => {
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('menuitem', { name: item, exact: true }).click();
      await page.getByRole('menu').waitFor({ state: 'detached' });
    };
    /** By mouse, as slowly as a browser takes it for dragging. */
    const drag = async (from: Locator, to: Locator, where: 'start' | 'middle') => {
      await from.hover();
      await page.mouse.down();
      const { x, y, width, height } = (await to.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.move(x + (where === 'start' ? 12 : width / 2), y + height / 2, { steps: 12 });
      await page.waitForTimeout(200);
      await page.mouse.up();
    };
    const addSection = async (name: string) => {
      await page.getByRole('button', { name: 'Add section' }).click();
      await page.getByRole('textbox', { name: 'Name of the section' }).fill(name);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { level: 2, name }).waitFor();
    };

    test('says what comes where there is nothing yet', async () => {
      await page.goto(`${world.usher.url}/my`);
      await page.getByText('They appear here as soon as you get access').waitFor();
    });

    test('shows an app as soon as it is given, and opens it in a tab of its own', async () => {
      for (const label of ['Calendar', 'Mail', 'Travel', 'Wiki']) await addBookmark(world, label);
      await expect.poll(() => tiles('My Apps'), soon).toEqual(['Calendar', 'Mail', 'Travel', 'Wiki']);
      const link = page.getByRole('link', { name: 'Wiki' });
      expect(await link.getAttribute('href')).toBe('https://wiki.example.com/');
      expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
        '_blank',
        'noreferrer noopener',
      ]);
    });

    test('finds by part of a name, and says when nothing is called so', async () => {
      const search = page.getByRole('searchbox', { name: 'Search my apps' });
      await search.fill('ma');
      await page.getByRole('link', { name: 'Wiki' }).waitFor({ state: 'detached' });
      expect(await page.getByRole('link', { name: 'Mail' }).count()).toBe(1);
      await search.fill('zzz');
      await page.getByText('None of your apps is called “zzz”').waitFor();
      await search.fill('');
    });

    test('is arranged by menu, with sections that are added, renamed, moved and removed', async () => {
      await menu('Move Wiki', 'Move earlier');
      await expect.poll(() => tiles('My Apps'), soon).toEqual(['Calendar', 'Mail', 'Wiki', 'Travel']);
      await page.getByText('Wiki is at place 3 of 4 in My Apps.').waitFor({ state: 'attached' });
      await addSection('Every day');
      await addSection('Seldom');
      await menu('Move Mail', 'Move to Every day');
      await menu('Move Wiki', 'Move to Every day');
      await menu('Move Travel', 'Move to Seldom');
      await menu('Section Seldom', 'Move up');
      await menu('Section Every day', 'Rename');
      await page.getByRole('textbox', { name: 'Name of the section' }).fill('seldom');
      await page.getByText('You have a section of this name already').waitFor();
      await page.getByRole('textbox', { name: 'Name of the section' }).fill('Daily');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { level: 2, name: 'Daily' }).waitFor();
      await kept(page);
      await page.reload();
      await page.getByRole('heading', { level: 2, name: 'Daily' }).waitFor();
      expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['Other apps', 'Seldom', 'Daily']);
      expect(await tiles('Daily')).toEqual(['Mail', 'Wiki']);
      await menu('Section Seldom', 'Remove, keep the apps');
      await expect.poll(() => tiles('Other apps'), soon).toEqual(['Calendar', 'Travel']);
    });

    test('is arranged by dragging, before a tile and to the end of a section', async () => {
      const wiki = page.getByRole('listitem').filter({ hasText: 'Wiki' });
      const mail = page.getByRole('listitem').filter({ hasText: 'Mail' });
      await drag(wiki, mail, 'start');
      await expect.poll(() => tiles('Daily'), soon).toEqual(['Wiki', 'Mail']);
      const calendar = page.getByRole('listitem').filter({ hasText: 'Calendar' });
      await drag(calendar, page.getByRole('heading', { level: 2, name: 'Daily' }), 'middle');
      await expect.poll(() => tiles('Daily'), soon).toEqual(['Wiki', 'Mail', 'Calendar']);
      await kept(page);
      await page.reload();
      await expect.poll(() => tiles('Daily'), soon).toEqual(['Wiki', 'Mail', 'Calendar']);
    });

    test('is arranged by keyboard alone', async () => {
      await page.getByRole('button', { name: 'Move Calendar', exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Move earlier');
      await page.keyboard.press('Enter');
      await expect.poll(() => tiles('Daily'), soon).toEqual(['Wiki', 'Calendar', 'Mail']);
    });

    test('says what was not kept, and shows what is', async () => {
      await page.route('**/usher/v1/me/layout', (route) =>
        route.request().method() === 'PUT' ? route.abort() : route.continue(),
      );
      await menu('Move Calendar', 'Move earlier');
      await page.getByRole('alert').waitFor();
      await expect.poll(() => tiles('Daily'), soon).toEqual(['Wiki', 'Calendar', 'Mail']);
      await page.unroute('**/usher/v1/me/layout');
    });

    test('says where an account is still being made, and where it failed', async () => {
      await page.route('**/usher/v1/me/apps', async (route) => {
        const answer = await route.fetch();
        const apps: { label: string }[] = await answer.json();
        const state = (label: string) => ({ Mail: 'PREPARING', Wiki: 'FAILED' })[label] ?? 'READY';
        await route.fulfill({ response: answer, json: apps.map((app) => ({ ...app, state: state(app.label) })) });
      });
      await page.reload();
      await page.getByRole('link', { name: 'Mail Getting ready' }).waitFor();
      await page.getByRole('link', { name: 'Wiki Not ready, IT was told' }).waitFor();
    });

    test('has no fault that axe finds, also with a menu and a dialog open, and needs no sideways scroll at 320 px', async () => {
      const found = await faultsOf(page, pictures === undefined ? undefined : `${pictures}/my-arranged`);
      await page.getByRole('button', { name: 'Move Travel', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Move earlier' }).waitFor();
      found.push(...(await faultsOf(page, undefined)).map((fault) => `menu: ${fault}`));
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Add section' }).click();
      await page.getByRole('textbox', { name: 'Name of the section' }).waitFor();
      found.push(...(await faultsOf(page, undefined)).map((fault) => `dialog: ${fault}`));
      await page.keyboard.press('Escape');
      expect(found).toEqual([]);
      await page.setViewportSize({ width: 320, height: 700 });
      for (const path of ['/my', '/my/profile']) {
        await page.goto(world.usher.url + path);
        await page
          .getByRole('cell', { name: /Ready$/ })
          .or(page.getByRole('link', { name: 'Wiki' }))
          .first()
          .waitFor();
        if (pictures !== undefined)
          await page.screenshot({ path: `${pictures}${path.replaceAll('/', '-')}-320.png`, fullPage: true });
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), { timeout: 5_000 }).toBe(320);
      }
    });

    test('tells on the profile page what one is called in each app, and how far it is', async () => {
      await page.setViewportSize({ width: 1280, height: 860 });
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.goto(`${world.usher.url}/my/profile`);
      await page
        .getByRole('region', { name: 'My accounts' })
        .first()
        .getByRole('row', { name: /^Wiki / })
        .waitFor();
    });
  },
  240_000,
);

/** When what was changed last is with the server. */
async function kept(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
}

/** A bookmark the owner has. */
async function addBookmark({ usher }: ConsoleWorld, label: string): Promise<void> {
  const settings = { url: `https://${label.toLowerCase()}.example.com/` };
  const app = succeeded(await usher.call('POST', '/usher/v1/apps', { catalogKey: 'bookmark', label, settings }));
  const me = succeeded(await usher.call('GET', '/api/v1/users/me'));
  succeeded(await usher.call('POST', `/api/v1/apps/${String(app['id'])}/users`, { id: String(me['id']) }));
}
