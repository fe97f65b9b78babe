import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { appUserOf, eventsAbout, insertTestApp, openDirectory, profileOf } from '../../test/directory.ts';
import type { GroupId } from '../lib/ids.ts';
import { verifyPassword } from '../lib/password.ts';
import { listGroups } from './group-list.ts';
import { createGroup } from './groups.ts';
import { listUsers } from './user-list.ts';
import { createUser, getUser, listUserGroups, replaceUser, updateUser } from './users.ts';

describeOnDatabases('users', (database) => {
  test.each([
    ['without a password', {}, 'PROVISIONED', ['user.lifecycle.create', 'user.lifecycle.activate']],
    ['with one', { password: 'correct horse' }, 'ACTIVE', ['user.lifecycle.create', 'user.lifecycle.activate']],
    [
      'with one to change',
      { password: 'correct horse', mustChangePassword: true },
      'PASSWORD_EXPIRED',
      ['user.lifecycle.create', 'user.lifecycle.activate'],
    ],
    ['not activated', { activate: false }, 'STAGED', ['user.lifecycle.create']],
  ])('a person created %s', async (_, input, status, events) => {
    const { context, db } = await openDirectory(database);
    const user = await createUser(context, { profile: profileOf('ada@example.com'), ...input });
    expect(user).toMatchObject({ status, hasPassword: 'password' in input });
    expect(user.activated === null).toBe(status === 'STAGED');
    expect(await eventsAbout(db, user.id)).toEqual(events);
    expect((await listUserGroups(context, user.id, { limit: 10 })).map((group) => group.profile.name)).toEqual([
      'Everyone',
    ]);
  });

  test.each([
    ['letter case', 'ADA@example.com'],
    ['full-width letters', 'ａｄａ@example.com'],
    ['a ligature and sharp s', 'oﬃce-straße@example.com', 'office-strasse@example.com'],
    ['the Kelvin sign', 'Kelvin@example.com', 'kelvin@example.com'],
    ['one character or two', 'rené@example.com', 'rene\u0301@example.com'],
  ])('logins that differ by %s are one', async (_, login, other = 'ada@example.com') => {
    const { context } = await openDirectory(database);
    await createUser(context, { profile: profileOf(login) });
    await expect(createUser(context, { profile: profileOf(other) })).rejects.toMatchObject({
      code: 'conflict',
      causes: [{ field: 'login' }],
    });
    const third = await createUser(context, { profile: profileOf('third@example.com') });
    await expect(updateUser(context, third.id, { profile: { login: other } })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('of many at once with one login, one is created', async () => {
    const { context } = await openDirectory(database);
    const attempts = Array.from({ length: 20 }, () => createUser(context, { profile: profileOf('ada@example.com') }));
    const done = await Promise.allSettled(attempts);
    expect(done.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  });

  test('is found by id, login in any form, and short name while only one has it', async () => {
    const { context } = await openDirectory(database);
    const { id } = await createUser(context, { profile: profileOf('Ada@example.com') });
    for (const key of [id, 'ada@example.com', 'ＡＤＡ@example.com', 'ada', 'ADA']) {
      expect((await getUser(context, key)).id).toBe(id);
    }
    await createUser(context, { profile: profileOf('ada@example.org') });
    for (const key of ['ada', 'ad', 'a\0', '']) {
      await expect(getUser(context, key)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('an update changes what it names, clears what is null, and is silent when nothing differs', async () => {
    const { context, db } = await openDirectory(database);
    const { id, created } = await createUser(context, {
      profile: profileOf('ada@example.com', { title: 'Countess', department: 'Maths' }),
    });
    const updated = await updateUser(context, id, { profile: { title: null, department: 'Engines' } });
    expect(updated.profile).toEqual(profileOf('ada@example.com', { department: 'Engines' }));
    expect(updated.created).toEqual(created);
    await updateUser(context, id, { profile: { department: 'Engines', nickName: null } });
    expect((await eventsAbout(db, id)).filter((type) => type === 'user.account.update_profile')).toHaveLength(1);
    await expect(updateUser(context, id, { profile: { shoeSize: '9' } })).rejects.toMatchObject({
      code: 'invalid_input',
      causes: [{ field: 'shoeSize' }],
    });
    await expect(updateUser(context, id, { profile: { lastName: null } })).rejects.toMatchObject({
      causes: [{ field: 'lastName' }],
    });
  });

  test('a replacement clears what it does not name; with credentials alone it leaves the profile', async () => {
    const { context } = await openDirectory(database);
    const { id } = await createUser(context, { profile: profileOf('ada@example.com', { title: 'Countess' }) });
    const withPassword = await replaceUser(context, id, { password: 'correct horse' });
    expect(withPassword).toMatchObject({ status: 'ACTIVE', hasPassword: true, profile: { title: 'Countess' } });
    const replaced = await replaceUser(context, id, { profile: profileOf('ada@example.com') });
    expect(replaced.profile).toEqual(profileOf('ada@example.com'));
    await expect(replaceUser(context, id, { profile: { login: 'ada@example.com' } })).rejects.toMatchObject({
      causes: ['email', 'lastName', 'firstName'].map((field) => ({ field })),
    });
  });

  test('a password is kept whole and is not part of the person', async () => {
    const { context, db } = await openDirectory(database);
    const password = 'x'.repeat(127);
    const user = await createUser(context, { profile: profileOf('ada@example.com'), password: `${password}1` });
    const [row] = await db.query<{ password_hash: string }>('select password_hash from user_credentials');
    expect(await verifyPassword(row?.password_hash ?? '', `${password}1`)).toBe(true);
    expect(await verifyPassword(row?.password_hash ?? '', `${password}2`)).toBe(false);
    expect(JSON.stringify(user)).not.toContain('argon2');
    for (const wrong of ['', '1234567', 'x'.repeat(129), 'x'.repeat(4096)]) {
      const attempt = createUser(context, { profile: profileOf('eve@example.com'), password: wrong });
      await expect(attempt).rejects.toMatchObject({ code: 'invalid_input', causes: [{ field: 'password' }] });
    }
  });

  test('joins groups from the start and gets their apps in the same transaction', async () => {
    const { context, db, signals } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const appId = await insertTestApp(db, [group.id]);
    const user = await createUser(context, { profile: profileOf('ada@example.com'), groupIds: [group.id] });
    expect(await appUserOf(db, appId, user.id)).toMatchObject({ assigned: true, sync_state: 'OUT_OF_SYNC' });
    expect(signals).toEqual([appId]);
    expect(await eventsAbout(db, group.id)).toEqual(['group.lifecycle.create', 'group.user_membership.add']);

    const everyone = (await listGroups(context, { prefix: 'every', limit: 10 }))[0]?.row;
    for (const groupIds of [['00gnone' as GroupId], everyone === undefined ? [] : [everyone.id]]) {
      await expect(createUser(context, { profile: profileOf('eve@example.com'), groupIds })).rejects.toThrow();
    }
    expect(await listUsers(context, { limit: 10 })).toHaveLength(1);
  });

  test('a manager’s change marks the apps of their reports', async () => {
    const { context, db, signals } = await openDirectory(database);
    const everyone = (await listGroups(context, { prefix: 'every', limit: 1 }))[0]?.row;
    const boss = await createUser(context, { profile: profileOf('boss@example.com') });
    const report = await createUser(context, {
      profile: profileOf('ada@example.com', { managerId: 'boss@example.com' }),
    });
    const appId = await insertTestApp(db, everyone === undefined ? [] : [everyone.id]);
    await updateUser(context, boss.id, { profile: { displayName: 'The Boss' } });
    expect(await appUserOf(db, appId, report.id)).toMatchObject({ sync_state: 'OUT_OF_SYNC' });
    expect(new Set(signals)).toEqual(new Set([appId]));
  });

  test('lists page by page, by prefix, without the deactivated', async () => {
    const { context } = await openDirectory(database);
    for (const [login, firstName] of [
      ['a@example.com', 'Ada'],
      ['b@example.com', 'Béla'],
      ['c@example.com', 'ADAM'],
    ] as const) {
      await createUser(context, { profile: profileOf(login, { firstName, email: login }) });
    }
    const all = await listUsers(context, { limit: 10 });
    const [first] = await listUsers(context, { limit: 1 });
    expect(first?.row.id).toBe(all[0]?.row.id);
    const rest = await listUsers(context, { limit: 10, ...(first === undefined ? {} : { after: first.end }) });
    expect(rest.map(({ row }) => row.id)).toEqual(all.slice(1).map(({ row }) => row.id));
    expect(await listUsers(context, { prefix: 'ada', limit: 10 })).toHaveLength(2);
    expect(await listUsers(context, { prefix: 'a%', limit: 10 })).toHaveLength(0);
  });
});
