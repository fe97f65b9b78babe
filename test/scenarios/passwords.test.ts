import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppId, UserId } from '../../src/lib/ids.ts';
import { signIn } from '../../src/services/sessions.ts';
import { listTasks } from '../../src/services/tasks.ts';
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
  const waiting = async (userId: UserId) =>
    [...(await loadPasswords(on.db, appId, [userId])).values()].filter((each) => 'sealed' in each).length;
  const choose = (...choice: string[]) => on.usher('apps', 'provisioning', appId, '--password', ...choice);
  const setPassword = (userId: UserId, password: string) => updateUser(on.context, userId, { password });
  const person = async (name: string): Promise<UserId> => {
    const [id] = await on.addPeople(`${name}@acme.example`);
    if (id === undefined) throw new Error('Nobody was added.');
    await on.usher('assign', appId, '--user', id);
    return id;
  };
  /** What waits for an administrator, and for how many people. */
  const tasks = async () =>
    (await listTasks(on.context, { appId, limit: 9 })).map(({ errorCode, people }) => [errorCode, people]);
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

  test('one that the app refuses stays a task until the app has taken one, and is asked for at the next sign-in', async () => {
    const joe = await person('joe');
    await sent();
    const task = [['app_password_refused', 1]];
    const refuse = (word: string) => {
      const body = JSON.stringify({ status: '400', detail: `The password ${word} is too weak` });
      target.fail(...['PATCH', 'PUT'].map((on) => ({ on, times: 9, status: 400, body, effect: 'before' as const })));
    };
    refuse('Weakest-of-12');
    await setPassword(joe, 'Weakest-of-12');
    expect(await sent()).toContain('Weakest-of-12');
    expect(await written()).not.toContain('Weakest-of-12');
    expect(await waiting(joe)).toBe(0);
    expect(await tasks()).toEqual(task);
    expect(await written()).toContain('The password ••• is too weak');

    // What is written meanwhile is right, and hides nothing.
    target.clearFaults();
    await updateUser(on.context, joe, { profile: { nickName: 'Joey' } });
    expect(await sent()).toEqual([]);
    expect(target.users().find(({ userName }) => userName === 'joe@acme.example')).toMatchObject({ nickName: 'Joey' });
    expect((await on.usher('tasks', 'retry', '--app', appId)).exit).toBe(0);
    expect(await sent()).toEqual([]);
    expect(await tasks()).toEqual(task);

    refuse('Weakest-of-12');
    await signIn(on.context, 'joe@acme.example', 'Weakest-of-12');
    expect(await sent()).toContain('Weakest-of-12');
    target.clearFaults();
    expect(await tasks()).toEqual(task);
    await signIn(on.context, 'joe@acme.example', 'Weakest-of-12');
    expect(await sent()).toEqual(['Weakest-of-12']);
    expect(await tasks()).toEqual([]);
    expect(await written()).not.toContain('Weakest-of-12');
  });

  test('one that the app refuses with a new account is owed to it, though accounts keep theirs', async () => {
    await choose('own-for-new-accounts');
    const amy = await person('amy');
    const body = JSON.stringify({ status: '400', detail: 'password: too simple' });
    target.fail({ on: 'POST', times: 1, status: 400, body, effect: 'before' });
    await setPassword(amy, 'Simple-of-12');
    expect(await sent()).toEqual(['Simple-of-12']);
    await on.usher('tasks', 'retry', '--app', appId);
    expect(await sent()).toEqual([]);
    expect(target.users().map(({ userName }) => userName)).toContain('amy@acme.example');
    expect(await tasks()).toEqual([['app_password_refused', 1]]);
    await signIn(on.context, 'amy@acme.example', 'Simple-of-12');
    expect(await sent()).toEqual(['Simple-of-12']);
    expect(await tasks()).toEqual([]);
    await setPassword(amy, 'Another-of-12');
    expect(await sent()).toEqual([]);
    await choose('own');
  });

  test('one that the app cannot take now waits, with an end', async () => {
    const joe = await person('joan');
    await sent();
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
