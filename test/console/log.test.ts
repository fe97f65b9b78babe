import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { succeeded } from '../usher-process.ts';
import { hasBrowser, hostile, openConsoleWorld, type ConsoleWorld } from './world.ts';

/** Where pictures go that people look at; nowhere unless it is asked for. */
const pictures = process.env['USHER_PICTURES'];
const soonMs = 2_000;

describe.skipIf(!hasBrowser)(
  'the system log',
  () => {
    let world: ConsoleWorld;
    let page: Page;
    let userId: string;
    beforeAll(async () => {
      world = await openConsoleWorld();
      const { usher } = world;
      userId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
      const groupId = await world.addGroup(hostile, [userId]);
      const appId = await world.addScimApp();
      succeeded(await usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
      await vi.waitFor(async () => expect(await world.accounts()).toHaveLength(1), { timeout: 20_000, interval: 100 });
      succeeded(await usher.call('POST', `/api/v1/users/${userId}`, { profile: { lastName: 'King' } }));
      page = await world.newPage();
      await world.signIn(page);
      await page.goto(`${usher.url}/admin/log`);
      await chart().waitFor();
    });
    afterEach(async ({ task }) => {
      if (pictures === undefined) return;
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [1280, 'dark'],
        [360, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 860 });
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(pictures, `log-${task.name.slice(0, 24)}-${width}-${colorScheme}.png`) });
      }
      await page.setViewportSize({ width: 1280, height: 860 });
    });
    afterAll(() => world.close());
    const chart = () => page.getByRole('img', { name: /\d+ events? over time, by outcome/ });
    const log = () => page.getByRole('region', { name: 'System Log' });
    const parameter = (name: string) => new URL(page.url()).searchParams.get(name);

    test('says how events ended in words that do not shout, and is a chart with a twin', async () => {
      await log().getByText('Succeeded').first().waitFor();
      expect(await log().getByText('SUCCESS').count()).toBe(0);
      await page.getByRole('button', { name: 'View as table: Events over time' }).click();
      const rows = page.getByRole('region', { name: 'Events over time' }).getByRole('row');
      expect(await rows.count()).toBeGreaterThanOrEqual(2);
      await page.getByRole('button', { name: 'View as chart: Events over time' }).click();
      await chart().waitFor();
    });

    test('shows on a telephone what happened, above when and who', async () => {
      await page.setViewportSize({ width: 360, height: 860 });
      const row = log().getByRole('row').nth(1);
      const isSeenFirst = async () => {
        const [event, time] = [await row.getByRole('button').boundingBox(), await row.getByRole('time').boundingBox()];
        return event !== null && time !== null && event.x + event.width < 360 && event.y < time.y;
      };
      await expect.poll(isSeenFirst).toBe(true);
      await page.setViewportSize({ width: 1280, height: 860 });
    });

    test('keeps its filters in the address: type, outcome, actor and text', async () => {
      await page.getByRole('combobox', { name: 'Event type' }).click();
      await page.getByRole('option', { name: /Push new user to application/ }).click();
      expect(parameter('type')).toBe('application.provision.user.push');
      await expect.poll(() => log().getByRole('row').count()).toBe(2);
      await page.getByRole('combobox', { name: 'Outcome' }).click();
      await page.getByRole('option', { name: 'Failed' }).click();
      await page.getByText('Nothing was found.').waitFor();
      await page.reload();
      await page.getByText('Nothing was found.').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('button', { name: 'More filters' }).click();
      await page.getByRole('textbox', { name: 'Actor' }).fill('owner@usher.local');
      await expect.poll(() => log().getByText('system@usher').count()).toBe(0);
      expect(parameter('actor')).toBe('owner@usher.local');
      await page.getByRole('textbox', { name: 'Filter' }).fill('nonsense');
      await page.getByRole('alert').first().waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
    });

    test('a part of the time is drawn with the mouse, or set by keyboard', async () => {
      await log().getByRole('row').nth(1).waitFor();
      await chart().hover();
      const box = await chart().boundingBox();
      if (box === null) throw new Error('The chart has no place.');
      await page.mouse.move(box.x + box.width - 120, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 12, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => parameter('since')).not.toBeNull();
      expect(parameter('until')).not.toBeNull();
      await log().getByRole('row').nth(1).waitFor();
      await page.getByLabel('Until').fill('2020-02-01T00:00:00');
      await page.keyboard.press('Enter');
      await page
        .getByText(/must be after since/)
        .first()
        .waitFor();
      await page.getByLabel('From').fill('2020-01-01T00:00:00');
      await page.keyboard.press('Tab');
      await page.getByText('Nothing was found.').waitFor();
      await page.getByRole('radiogroup', { name: 'Time' }).getByText('24 hours').click();
      await log().getByRole('row').nth(1).waitFor();
      expect([parameter('since'), parameter('range')]).toEqual([null, '24h']);
    });

    test('an event is shown in full: what it was, what it changed, and as it is', async () => {
      await page.getByRole('combobox', { name: 'Event type' }).click();
      await page.getByRole('option', { name: /Push profile update/ }).click();
      await log().getByRole('button', { name: 'Details: Push profile update to application' }).click();
      const dialog = page.getByRole('dialog', { name: 'Push profile update to application' });
      await dialog.getByRole('row', { name: /Outcome Succeeded/ }).waitFor();
      const address = page.url();
      await dialog.getByRole('tab', { name: 'Changes' }).click();
      await dialog
        .getByRole('row', { name: /Lovelace King/ })
        .first()
        .waitFor();
      await dialog.getByRole('tab', { name: 'Raw' }).click();
      await dialog.getByText('"eventType": "application.provision.user.push_profile"').waitFor();
      await page.goto(address);
      await dialog.getByRole('button', { name: /Only about Ada King/ }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(parameter('target')).toBe(userId);
      await log().getByRole('row').nth(1).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByRole('button', { name: 'Clear filters' }).waitFor({ state: 'detached' });
    });

    test('what is selected is a file', async () => {
      await page.getByRole('combobox', { name: 'Outcome' }).click();
      await page.getByRole('option', { name: 'Succeeded' }).click();
      await page.getByRole('button', { name: 'Export' }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'As CSV' }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^usher-log-.*\.csv$/);
      const text = await readFile(await file.path(), 'utf8');
      expect(text).toContain('application.provision.user.push,');
      await page.getByRole('button', { name: 'Clear filters' }).click();
    });

    test('follows what happens when it is asked to, and not before', async () => {
      const made = log().getByText('Made meanwhile');
      await page.waitForTimeout(soonMs);
      await world.addGroup('Made meanwhile');
      await page.waitForTimeout(soonMs);
      expect(await made.count()).toBe(0);
      await page.getByRole('button', { name: 'Follow live' }).click();
      await made.waitFor({ timeout: soonMs * 2 });
      await world.addGroup('Made later');
      await log().getByText('Made later').waitFor({ timeout: soonMs });
      expect(await page.title()).toBe('System Log · Usher');
    });
  },
  240_000,
);
