import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addScimApp, succeeded } from '../usher-process.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

describe.skipIf(!hasBrowser)('what waits for a person', () => {
  let world: ConsoleWorld;
  let page: Page;
  let app: FullApp;

  beforeAll(async () => {
    [world, app] = await Promise.all([openConsoleWorld(), openFullApp()]);
    const people = [
      await world.addPerson('ada@acme.example', 'Ada', 'Lovelace'),
      await world.addPerson('grace@acme.example', 'Grace', 'Hopper'),
    ];
    const groupId = await world.addGroup('Engineering', people);
    const appId = await addScimApp(world.usher, app.url, secret);
    succeeded(await world.usher.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {}));
    page = await world.newPage();
    await world.signIn(page);
  });
  afterAll(async () => {
    await world.close();
    app.server.close();
  });

  test('Home, the list of applications and the page of one say what failed, and whose account it is', async () => {
    await page.getByRole('region', { name: 'What needs somebody' }).getByText('2 people').waitFor();
    const figures = page.getByRole('region', { name: 'Figures' });
    await figures.getByText(/^3\s*People\s*1\s*Applications\s*0\s*Accounts kept\s*1\s*Open tasks$/).waitFor();
    await page.getByRole('link', { name: /Target.*2 people have it.*2 failed/ }).waitFor();
    await figures.getByRole('link', { name: 'Applications' }).click();
    await page.getByRole('row', { name: /Target.*Active.*2 failed.*2.*Create/ }).waitFor();
    await page.getByRole('link', { name: 'Target' }).click();
    const write = page.getByRole('row', { name: /ada@acme\.example.*Created.*Failed.*No licence/ }).first();
    await write.getByRole('link', { name: 'ada@acme.example' }).waitFor();
    await page.getByRole('link', { name: '2 failed', exact: true }).click();
    const accounts = page.getByRole('region', { name: 'Accounts', exact: true });
    await expect.poll(() => accounts.getByRole('link').count()).toBe(2);
  });

  test('one cause is one task: looked into, ignored with a reason, taken up, retried, and closed by itself', async () => {
    await page.getByRole('link', { name: /Tasks.*1 open task/ }).click();
    await page.getByText('1 open task: 2 people').waitFor();
    const row = page.getByRole('row', { name: /Target.*No licence.*2 people/ });
    await row.getByRole('link', { name: 'Target' }).click();
    await page.getByRole('heading', { level: 1, name: 'Failure: Target' }).waitFor();
    await page.getByText('Probable cause').waitFor();
    const failed = page.getByRole('row', { name: /@acme\.example.*No licence/ });
    await expect.poll(() => failed.count(), { timeout: 10_000 }).toBe(2);

    await page.getByRole('button', { name: 'Give to a colleague' }).click();
    await page.getByRole('button', { name: 'Give Grace Hopper' }).click();
    await page.keyboard.press('Escape');
    await page.getByText(/Given to\s*grace@acme\.example/).waitFor();

    await page.evaluate(`localStorage.setItem('usher-language', 'de')`);
    await page.reload();
    await page.getByText('Die App nimmt diese Werte nicht: eine Lizenz fehlt').waitFor();
    await page.evaluate(`localStorage.setItem('usher-language', 'en')`);
    await page.reload();

    await page.getByRole('button', { name: 'Ignore' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('The vendor adds licences on Monday.');
    await page.getByRole('dialog').getByRole('button', { name: 'Ignore' }).click();
    await page.getByText('Ignored: The vendor adds licences on Monday.').waitFor();
    await page.getByRole('button', { name: 'Take up again' }).click();
    await page.getByRole('button', { name: 'Ignore' }).waitFor();

    app.full = false;
    await page.getByRole('button', { name: 'Retry ada@acme.example' }).click();
    await expect.poll(() => page.getByRole('row', { name: /ada@acme\.example/ }).count(), { timeout: 20_000 }).toBe(0);
    await page.getByRole('button', { name: 'Retry all of them' }).click();
    await page.getByText('This task has closed').waitFor();
    await page.getByRole('link', { name: 'All tasks' }).click();
    await page.getByText('Nothing needs you.').waitFor();
  });
});

interface FullApp {
  readonly server: Server;
  readonly url: string;
  /** Whether it refuses to make accounts. */
  full: boolean;
}

/** A SCIM app that has no licence left, until it has. */
async function openFullApp(): Promise<FullApp> {
  let made = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/scim+json' }).end(JSON.stringify(body));
      if (request.method === 'GET') {
        const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
        return answer(200, { schemas, totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
      }
      if (app.full) {
        const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
        return answer(400, { schemas, status: '400', detail: 'No licence is left.' });
      }
      made += 1;
      return answer(201, { ...JSON.parse(Buffer.concat(chunks).toString()), id: `account-${made}` });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const app: FullApp = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, full: true };
  return app;
}
