import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openConsole, type ConsoleTest } from './open-console.ts';

/** What the page may take until it shows what others have done. */
const soonMs = 2_000;

describe.skipIf(noBrowser)(
  'a page that is open',
  () => {
    let on: ConsoleTest;
    beforeAll(async () => {
      on = await openConsole();
    });
    afterAll(() => on.close());
    const addGroup = (name: string) => on.ask('POST', '/api/v1/groups', { profile: { name } });
    const group = (name: string) => on.page.getByRole('link', { name });

    test('shows what others do within two seconds, asks for nothing meanwhile, and keeps what is typed', async () => {
      await on.page.getByRole('link', { name: 'Groups', exact: true }).click();
      await on.page.getByRole('button', { name: 'Add group' }).click();
      await on.page.getByRole('textbox', { name: 'Name' }).fill('Half-typed');
      await group('Everyone').waitFor();
      // What came of signing in and of the first look has settled.
      await on.page.waitForTimeout(soonMs);
      const asked: string[] = [];
      on.page.on('request', (request) => asked.push(request.url()));
      await on.page.waitForTimeout(2_500);
      expect(asked).toEqual([]);
      await addGroup('Made elsewhere');
      await group('Made elsewhere').waitFor({ timeout: soonMs });
      expect(await on.page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Half-typed');
    });

    test('says when the connection is lost, and finds back without losing what is typed', async () => {
      await on.usher.kill();
      await on.page.getByText('The connection is lost').waitFor();
      await on.restart();
      await addGroup('Made after the restart');
      await on.page.getByText('The connection is lost').waitFor({ state: 'detached' });
      await group('Made after the restart').waitFor();
      expect(await on.page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Half-typed');
    });

    test('asks to sign in again when the session is ended elsewhere', async () => {
      const answer = await on.page.request.get(`${on.usher.url}/usher/v1/session`);
      const { user }: { user: { id: string } } = await answer.json();
      await on.ask('DELETE', `/api/v1/users/${user.id}/sessions`);
      await on.page.getByRole('dialog', { name: /session/i }).waitFor({ timeout: 2 * soonMs });
    });
  },
  240_000,
);
