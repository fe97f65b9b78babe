import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { isJsonObject } from '../../src/lib/json.ts';
import { succeeded } from '../usher-process.ts';
import type { ConsoleWorld } from './world.ts';

const root = join(import.meta.dirname, '../..');

/** The routes of the console as its router has them, so that a page cannot be forgotten here. */
export async function patterns(): Promise<string[]> {
  const router = await readFile(join(root, 'console/src/router.tsx'), 'utf8');
  const tabs = { ':tab': await tabsOf('app.tsx'), ':section': await tabsOf('settings/settings.tsx') };
  const paths = [...router.matchAll(/path: '([^']+)'/g)].map(([, path]) => path ?? '');
  return paths
    .filter((path) => !['/', '*', 'profile'].includes(path))
    .flatMap((path) => {
      const found = Object.entries(tabs).find(([name]) => path.endsWith(name));
      return found === undefined ? [path] : found[1].map((tab) => path.replace(found[0], tab));
    })
    .map((path) => (path.startsWith('/') ? path : `/admin/${path}`))
    .concat('/my/profile');
}

/** Something on every page; what the names in the routes stand for. */
export async function fillPages(world: ConsoleWorld): Promise<Readonly<Record<string, string>>> {
  const { usher } = world;
  const userId = await world.addPerson('ada@acme.example', 'Ada', 'Lovelace', { title: 'Analyst' });
  const groupId = await world.addGroup('Engineering', [userId]);
  const appId = await world.addScimApp();
  succeeded(await usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
  const csv = 'login,email,firstName,lastName\ngrace@acme.example,grace@acme.example,Grace,Hopper\n';
  const runId = await world.importPeople(csv);
  const change = { kind: 'assignment', appId, search: 'profile.login sw "ada"' };
  const planId = String(succeeded(await usher.call('POST', '/usher/v1/plans', { change }))['id']);
  const taskId = await taskOf(world, userId);
  return { userId, groupId, appId, runId, planId, taskId, key: 'scim2headerauth', report: 'leavers' };
}

/** A task of an app whose accounts people make. */
async function taskOf({ usher, app }: ConsoleWorld, userId: string): Promise<string> {
  const settings = { baseUrl: app.url };
  const made = { catalogKey: 'scim2headerauth', label: 'Target by hand', settings };
  const appId = String(succeeded(await usher.call('POST', '/usher/v1/apps', made))['id']);
  succeeded(await usher.call('PATCH', `/usher/v1/apps/${appId}/provisioning`, { manual: true }));
  succeeded(await usher.call('POST', `/api/v1/apps/${appId}/users`, { id: userId }));
  const look = async () => {
    const { body } = await usher.call('GET', `/usher/v1/tasks?appId=${appId}`);
    const [task] = Array.isArray(body) ? body.filter(isJsonObject) : [];
    if (task === undefined) throw new Error('There is no task yet.');
    return String(task['id']);
  };
  return vi.waitFor(look, { timeout: 20_000, interval: 200 });
}

export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expect.poll(() => page.getByRole('status', { name: /^Loading/ }).count(), { timeout: 10_000 }).toBe(0);
}

async function tabsOf(file: string): Promise<string[]> {
  const source = await readFile(join(root, 'console/src/pages', file), 'utf8');
  const list = /const tabs = \[([^\]]+)\]/.exec(source)?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name ?? '');
}
