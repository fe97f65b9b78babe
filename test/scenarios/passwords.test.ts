import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import { signIn } from '../../src/services/sessions.ts';
import { updateUser } from '../../src/services/users.ts';
import { loadPasswords, dropExpiredPasswords } from '../../src/store/password-pushes.ts';
import { startFaultyApp, type FaultyApp } from '../apps/faulty-app.ts';
import { describeOnDatabases } from '../database.ts';
import { openProvisioningWorld, type ProvisioningWorld } from '../provisioning/world.ts';

describeOnDatabases('password sync (issue 4, item 2)', (database) => {
  let on: ProvisioningWorld;
  let target: FaultyApp;
  let appId: AppId;
  beforeAll(async () => {
    target = await startFaultyApp();
    on = await openProvisioningWorld(database);
    appId = await on.addScimApp(target);
  });
  afterAll(() => target.close());

  /** Passwords the app has been sent since the last look, whatever the form of the request. */
  let seen = 0;
  const sent = async (): Promise<string[]> => {
    await on.drain(appId);
    const bodies = target.journal.slice(seen).map(({ body }) => body);
    seen = target.journal.length;
    return bodies.flatMap((body) => /"(?:password","value|password)":"([^"]+)"/.exec(body)?.[1] ?? []);
  };
  const waiting = async (userId: UserId) => (await loadPasswords(on.db, appId, [userId])).size;
  const choose = (...choice: string[]) => on.usher('apps', 'provisioning', appId, '--password', ...choice);
  const setPassword = (userId: UserId, password: string) => updateUser(on.context, userId, { password });
  const person = async (name: string): Promise<UserId> => {
    const [id] = await on.addPeople(`${name}@acme.example`);
    if (id === undefined) throw new Error('Nobody was added.');
    await on.usher('assign', appId, '--user', id);
    return id;
  };
  /** Every text the database holds about what happened. */
  const written = async () =>
    JSON.stringify([
      await on.db.query('select * from log_events', []),
      await on.db.query('select * from operations', []),
      await on.db.query('select * from app_users', []),
      await on.db.query('select * from password_pushes', []),
    ]);

  test('nothing is sent unless asked for; then a new account gets a random one, and only that', async () => {
    const ada = await person('ada');
    expect(await sent()).toEqual([]);
    expect((await choose('random')).json).toMatchObject({ password: { status: 'ENABLED', seed: 'RANDOM' } });
    await setPassword(ada, 'Correct-horse-1');
    expect(await sent()).toEqual([]);
    await person('bob');
    const [random] = await sent();
    expect(random).toMatch(/^[\w]{16}$/);
    expect(await written()).not.toContain(random);
  });

  test('the person’s own is pushed when it changes and when they sign in, once, and is then gone', async () => {
    expect((await choose('own')).exit).toBe(0);
    const eve = await person('eve');
    expect(await sent()).toEqual([]);
    await setPassword(eve, 'Battery-staple-1');
    expect(await waiting(eve)).toBe(1);
    expect(await sent()).toEqual(['Battery-staple-1']);
    expect(await waiting(eve)).toBe(0);
    expect(await on.events(appId)).toContain('application.provision.user.push_okta_password');

    const ada = 'ada@acme.example';
    await signIn(on.context, ada, 'Correct-horse-1');
    expect(await sent()).toEqual(['Correct-horse-1']);
    await signIn(on.context, ada, 'Correct-horse-1');
    expect(await sent()).toEqual([]);
    expect(await written()).not.toMatch(/Battery-staple|Correct-horse/);
  });

  test('one that the app refuses is in no error, and is given up; one it cannot take now waits, with an end', async () => {
    const joe = await person('joe');
    await sent();
    const body = JSON.stringify({ status: '400', detail: 'The password Weakest-of-12 is too weak' });
    target.fail(...['PATCH', 'PUT'].map((on) => ({ on, times: 9, status: 400, body, effect: 'before' as const })));
    await setPassword(joe, 'Weakest-of-12');
    expect(await sent()).toContain('Weakest-of-12');
    target.clearFaults();
    expect(await written()).not.toContain('Weakest-of-12');
    expect(await written()).toContain('The password ••• is too weak');
    expect(await waiting(joe)).toBe(0);

    await setPassword(joe, 'Later-than-12');
    await on.db.query(`update password_pushes set expires = now() where user_id = $1`, [joe]);
    await dropExpiredPasswords(on.db);
    expect(await waiting(joe)).toBe(0);
    await setPassword(joe, 'Latest-of-all-1');
    expect((await choose('off')).exit).toBe(0);
    expect(await waiting(joe)).toBe(0);
  });

  test('a worker that is killed after it pushed pushes again, and nothing is left lying', async () => {
    await choose('own');
    const kim = await person('kim');
    await sent();
    await setPassword(kim, 'Killed-worker-1');
    // As a worker leaves the row that pushed and died before it could say so.
    await on.db.query(
      `update app_users set sync_state = 'SYNCING', look_first = true, lease_until = now() - interval '1 minute',
         lease_epoch = lease_epoch + 1 where user_id = $1`,
      [kim],
    );
    expect(await sent()).toEqual(['Killed-worker-1']);
    expect(await waiting(kim)).toBe(0);
  });
});
