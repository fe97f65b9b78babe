import { beforeAll, expect, test } from 'vitest';
import { openDirectory, type TestDirectory } from '../../test/directory.ts';
import { describeOnDatabases } from '../../test/database.ts';
import type { UserId } from '../lib/ids.ts';
import { checkAnswer, checkPassword, checkSignIn } from './password-check.ts';
import { changeLifecycle } from './user-lifecycle.ts';
import { expirePassword } from './user-credentials.ts';
import { createUser, getUser } from './users.ts';

const right = 'correct horse';

describeOnDatabases('guessing passwords', (database) => {
  let on: TestDirectory;
  let people = 0;
  beforeAll(async () => {
    on = await openDirectory(database);
  });
  const addPerson = async () => {
    people += 1;
    const login = `guessed${people}@acme.example`;
    const profile = { login, email: login, firstName: 'Ada', lastName: 'Lovelace' };
    const recoveryQuestion = { question: 'Who?', answer: 'Byron' };
    const { id } = await createUser(on.context, { profile, password: right, recoveryQuestion });
    return { id, login };
  };
  const fits = async (id: UserId, password: string) => (await checkPassword(on.context, id, password)) !== undefined;
  const guess = async (id: UserId, times: number) => {
    for (let count = 0; count < times; count += 1) expect(await fits(id, `wrong ${count}`)).toBe(false);
  };
  const statusOf = async (id: UserId) => (await getUser(on.context, id)).status;
  const eventsOf = async (id: UserId) => {
    const rows = await on.db.query<{ event_type: string; outcome: string }>(
      `select event_type, outcome from log_events where target->0->>'id' = $1 and event_type like 'user.account%lock'
       order by seq`,
      [id],
    );
    return rows.map((row) => `${row.event_type} ${row.outcome}`);
  };

  test('nine wrong ones are forgotten with the right one, ten lock out, an administrator unlocks', async () => {
    const { id, login } = await addPerson();
    await guess(id, 9);
    expect(await fits(id, right)).toBe(true);
    await guess(id, 10);
    expect([await fits(id, right), await checkSignIn(on.context, login, right)]).toEqual([false, undefined]);
    expect([await statusOf(id), await eventsOf(id)]).toEqual(['LOCKED_OUT', ['user.account.lock FAILURE']]);
    await changeLifecycle(on.context, id, 'unlock');
    expect(await checkSignIn(on.context, login.toUpperCase(), right)).toMatchObject({ user: { id, status: 'ACTIVE' } });
    expect(await eventsOf(id)).toEqual(['user.account.lock FAILURE', 'user.account.unlock SUCCESS']);
  });

  test('forty at once are no more than ten', async () => {
    const { id } = await addPerson();
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, index) => fits(id, `wrong ${index}`)));
    expect(guesses).not.toContain(true);
    expect([await statusOf(id), await eventsOf(id)]).toEqual(['LOCKED_OUT', ['user.account.lock FAILURE']]);
    const [row] = await on.db.query<{ failed_attempts: number }>(
      'select failed_attempts from user_credentials where user_id = $1',
      [id],
    );
    expect(row?.failed_attempts).toBe(10);
  });

  test('a quarter of an hour ends it for who knows the password', async () => {
    const { id, login } = await addPerson();
    await guess(id, 10);
    await on.db.query(`update user_credentials set last_attempt = now() - interval '16 minutes' where user_id = $1`, [
      id,
    ]);
    expect(await fits(id, 'wrong again')).toBe(false);
    expect(await statusOf(id)).toBe('LOCKED_OUT');
    expect((await checkSignIn(on.context, login, right))?.user.status).toBe('ACTIVE');
    expect(await eventsOf(id)).toEqual(['user.account.lock FAILURE', 'user.account.unlock SUCCESS']);
  });

  test('answers and passwords are counted together', async () => {
    const { id } = await addPerson();
    await guess(id, 5);
    for (let count = 0; count < 5; count += 1) expect(await checkAnswer(on.context, id, 'Shelley')).toBeUndefined();
    expect([await checkAnswer(on.context, id, 'Byron'), await fits(id, right)]).toEqual([undefined, false]);
  });

  test('who has to choose a new password still has to after being guessed at', async () => {
    const { id, login } = await addPerson();
    await expirePassword(on.context, id);
    await guess(id, 10);
    expect([await statusOf(id), await checkSignIn(on.context, login, right)]).toEqual(['PASSWORD_EXPIRED', undefined]);
  });

  test('nobody, a wrong password, a lock and a suspension are one answer in one time', async () => {
    const [known, locked, suspended] = [await addPerson(), await addPerson(), await addPerson()];
    await guess(locked.id, 10);
    await changeLifecycle(on.context, suspended.id, 'suspend');
    const medianMs = async (login: string, password: string) => {
      const times: number[] = [];
      for (let count = 0; count < 7; count += 1) {
        const began = performance.now();
        expect(await checkSignIn(on.context, login, password)).toBeUndefined();
        times.push(performance.now() - began);
      }
      return times.toSorted((left, right) => left - right)[3] ?? 0;
    };
    const wrong = await medianMs(known.login, 'wrong');
    for (const login of ['nobody@acme.example', locked.login, suspended.login]) {
      const ratio = (await medianMs(login, right)) / wrong;
      // Hashing is what takes the time; the machine may be busy with something else.
      expect(ratio).toBeGreaterThan(0.3);
      expect(ratio).toBeLessThan(3);
    }
  });
});
