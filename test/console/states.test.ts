import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsNow } from './axe.ts';
import { fillPages, patterns, settled } from './routes.ts';
import { sideBySide } from './side-by-side.ts';
import { hasBrowser, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** Where the pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];

/** Buttons that open a dialog no other test looks at. */
const dialogs = [
  ['/admin/people', /^Add person$/],
  ['/admin/people/:userId?tab=apps', /^Explain/],
  ['/admin/groups', /^Add group$/],
  ['/admin/groups/:groupId', /^Delete group$/],
  ['/admin/groups/:groupId', /^Add people$/],
  ['/admin/applications/:appId/mappings', /^Edit displayName$/],
  ['/admin/applications/:appId/general', /^Duplicate/],
  ['/admin/applications/:appId/general', /^Deactivate/],
  ['/admin/applications/:appId/assignments', /^Assign to groups$/],
] as const;

const refusal = {
  ...{ errorCode: 'E0000006', errorSummary: 'You do not have permission to perform this action.' },
  ...{ errorId: 'oae4711', errorCauses: [] },
};

/** What looks.test.ts does not see: pages with a dialog, before they have anything, refused, and with nothing to show. */
describe.skipIf(!hasBrowser)('no fault that axe finds, and no sideways scroll', () => {
  let world: ConsoleWorld;
  let page: Page;
  let known: Readonly<Record<string, string>>;
  let paths: readonly string[];

  beforeAll(async () => {
    world = await openConsoleWorld();
    known = await fillPages(world);
    paths = (await patterns()).filter((path) => /^\/(admin|my)/.test(path));
    // Narrow and dark, since the others look at wide and light first.
    page = await world.newPage({ viewport: { width: 360, height: 860 }, colorScheme: 'dark', reducedMotion: 'reduce' });
    await world.signIn(page);
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  }, 120_000);
  afterAll(() => world.close());

  const pathOf = (pattern: string) => pattern.replace(/:(\w+)/g, (_all, name: string) => known[name] ?? `no-${name}`);
  const look = async (own: Page, state: string, pattern: string) => {
    const name = join(pictures ?? '', `${state}-${pattern.replace(/\W+/g, '-')}.png`);
    const found = await faultsNow(own);
    if (pictures !== undefined) await own.screenshot({ path: name });
    return found.map((fault) => `${state} ${pattern}: ${fault}`);
  };
  /** Hands over what pages ask for, but who is signed in; gives what ends that. */
  const onAsked = async (own: Page, take: (route: Route) => Promise<void>) => {
    const asked = /\/(api|usher)\/v1\/(?!session$|events$)/;
    await own.route(asked, (route) => (route.request().method() === 'GET' ? take(route) : route.continue()));
    return () => own.unrouteAll({ behavior: 'ignoreErrors' });
  };

  test('while a page loads, and when it is refused', async () => {
    const faults: string[] = [];
    const refuse = (route: Route) => route.fulfill({ status: 403, json: refusal });
    await sideBySide(page, paths, async (own, pattern) => {
      const waiting = new Set<Route>();
      let isHeld = true;
      const end = await onAsked(own, async (route) => void (isHeld ? waiting.add(route) : await refuse(route)));
      await own.goto(world.usher.url + pathOf(pattern), { waitUntil: 'domcontentloaded' });
      await own.getByRole('main').waitFor();
      // As long as nothing is shown, so that what comes at once does not flicker.
      await own.waitForTimeout(300);
      faults.push(...(await look(own, 'loading', pattern)));
      isHeld = false;
      await Promise.all([...waiting].map(refuse));
      await settled(own);
      faults.push(...(await look(own, 'refused', pattern)));
      await end();
    });
    expect(faults).toEqual([]);
  }, 400_000);

  test('when there is nothing to show', async () => {
    const faults: string[] = [];
    const listing = paths.filter((path) => !/:(?!appId\/)/.test(path));
    await sideBySide(page, listing, async (own, pattern) => {
      const end = await onAsked(own, async (route) => {
        const response = await route.fetch();
        const body = await response.text();
        await route.fulfill(body.startsWith('[') ? { response, json: [] } : { response, body });
      });
      await own.goto(world.usher.url + pathOf(pattern));
      await settled(own);
      faults.push(...(await look(own, 'empty', pattern)));
      await end();
    });
    expect(faults).toEqual([]);
  }, 300_000);

  test('with a dialog open', async () => {
    const faults: string[] = [];
    await sideBySide(page, dialogs, async (own, [path, button]) => {
      await own.goto(world.usher.url + pathOf(path));
      await own.getByRole('button', { name: button }).first().click();
      await own.getByRole('dialog').waitFor();
      faults.push(...(await look(own, 'dialog', `${path} ${button.source}`)));
    });
    expect(faults).toEqual([]);
  }, 300_000);
});
