import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { faultsOf } from './axe.ts';
import { fillPages, patterns, settled } from './routes.ts';
import { sideBySide } from './side-by-side.ts';
import { hasBrowser, openConsoleWorld, password, type ConsoleWorld } from './world.ts';

/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];

describe.skipIf(!hasBrowser)('every page', () => {
  let world: ConsoleWorld;
  let page: Page;
  let known: Readonly<Record<string, string>>;

  beforeAll(async () => {
    world = await openConsoleWorld();
    known = await fillPages(world);
    page = await world.newPage();
    await world.signIn(page);
  });
  afterAll(() => world.close());

  test('has no fault that axe finds and no sideways scroll, in light and dark, wide and narrow', async () => {
    const faults: string[] = [];
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    await sideBySide(page, await patterns(), async (own, pattern) => {
      await own.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await own.goto(world.usher.url + pathOf(pattern));
      await settled(own);
      const name = pattern.replace(/^\/(admin\/)?/, '').replace(/[/:]+/g, '-') || 'home';
      const found = await faultsOf(own, pictures === undefined ? undefined : join(pictures, name));
      faults.push(...found.map((fault) => `${pattern} ${fault}`));
    });
    expect(faults).toEqual([]);
  }, 600_000);

  test('shows no control whose words are not from the catalogue, and has room for longer ones', async () => {
    await page.evaluate(`localStorage.setItem('usher-language', 'qps')`);
    const faults: string[] = [];
    await sideBySide(page, await patterns(), async (own, pattern) => {
      await own.goto(world.usher.url + pathOf(pattern));
      await settled(own);
      const words = await own.evaluate<string[]>(wordsOfControls);
      const foreign = words.filter((word) => /[a-z]{3}/i.test(word.replace(/\[[^\]]*·\]/g, '')) && !isData(word));
      faults.push(...new Set(foreign.map((word) => `${pattern}: “${word}” is not from the catalogue`)));
      for (const width of [1280, 360]) {
        await own.setViewportSize({ width, height: 860 });
        // Charts take the new width a moment later.
        const fits = async () => (await own.evaluate<number>('document.documentElement.scrollWidth')) <= width;
        const wider = () => faults.push(`${pattern}: wider than ${width} px`);
        await expect.poll(fits, { timeout: 3_000 }).toBe(true).catch(wider);
      }
    });
    await page.evaluate(`localStorage.removeItem('usher-language')`);
    expect(faults).toEqual([]);
  }, 600_000);

  test('speaks German to who asks for it, and English once that is chosen', async () => {
    const profile = { login: 'eve@acme.example', email: 'eve@acme.example', firstName: 'Eve', lastName: 'Moneypenny' };
    const credentials = { password: { value: password } };
    succeeded(await world.usher.call('POST', '/api/v1/users', { profile, credentials }));
    const german = await world.newPage({ locale: 'de-DE' });
    await german.goto(`${world.usher.url}/login`);
    await german.getByRole('heading', { level: 1, name: 'Bei Usher anmelden' }).waitFor();
    await german.getByRole('textbox', { name: 'Benutzername' }).fill('eve@acme.example');
    await german.getByRole('textbox', { name: 'Passwort' }).fill(password);
    await german.keyboard.press('Enter');
    await german.getByRole('heading', { level: 1, name: 'Meine Apps' }).waitFor();
    expect(await german.evaluate('document.documentElement.lang')).toBe('de');
    await german.getByRole('button', { name: 'Konto von Eve Moneypenny' }).click();
    await german.getByRole('menuitem', { name: 'English' }).click();
    await german.getByRole('heading', { level: 1, name: 'My Apps' }).waitFor();
    expect(await german.evaluate('document.documentElement.lang')).toBe('en');
    await german.context().close();
  });

  test('a link that was used says so in one sentence, in the language of who uses it', async () => {
    for (const [locale, sentence, field] of [
      ['en-US', 'This link is not valid any more. Ask your administrator for another.', /^New password/],
      ['de-DE', 'Dieser Link gilt nicht mehr. Bitten Sie Ihren Administrator um einen neuen.', /^Neues Passwort/],
    ] as const) {
      const late = await world.newPage({ locale });
      await late.goto(world.welcomeLink());
      for (const at of [0, 1]) await late.getByRole('textbox', { name: field }).nth(at).fill(password);
      await late.keyboard.press('Enter');
      await late.getByRole('alert').waitFor();
      expect(await late.getByRole('alert').textContent()).toBe(sentence);
      await late.context().close();
    }
  });

  const pathOf = (pattern: string) => pattern.replace(/:(\w+)/g, (_all, name: string) => known[name] ?? `no-${name}`);
});

/** What buttons, tabs, fields and headings are called. */
const wordsOfControls = `[...document.querySelectorAll('h1,h2,h3,thead th,button,[role=tab],[role=switch],nav a,[aria-label]')]
  .filter((element) => element.getAttribute('aria-hidden') === null && element.closest('.u-guide') === null)
  .map((element) => (element.getAttribute('aria-label') ?? element.innerText ?? '').trim())`;

/** Names that come with what is shown: of people, apps, entries of the catalog, plans. */
function isData(word: string): boolean {
  return /Ada|Usher|Engineering|SCIM|Target|^Assign people$/.test(word);
}
