import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { appUserOf, eventsAbout, insertTestApp, openDirectory, profileOf } from '../../test/directory.ts';
import { newId, type GroupId } from '../lib/ids.ts';
import { listGroups } from './group-list.ts';
import { addMembers, createGroup, deleteGroup, getGroup, listMembers, removeMember, updateGroup } from './groups.ts';
import { createUser } from './users.ts';

describeOnDatabases('groups', (database) => {
  test('names are one per group of ours, in any letter case', async () => {
    const { context, db } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers', description: '' });
    expect(group).toMatchObject({ type: 'OKTA_GROUP', profile: { name: 'Engineers', description: '' } });
    for (const name of ['engineers', 'Everyone']) {
      await expect(createGroup(context, { name })).rejects.toMatchObject({
        code: 'conflict',
        causes: [{ field: 'name' }],
      });
    }
    const other = await createGroup(context, { name: 'Designers' });
    await expect(updateGroup(context, other.id, { name: 'ENGINEERS' })).rejects.toMatchObject({ code: 'conflict' });
    await updateGroup(context, other.id, { name: 'DESIGNERS' });
    await updateGroup(context, other.id, { name: 'DESIGNERS' });
    expect(await eventsAbout(db, other.id)).toEqual(['group.lifecycle.create', 'group.profile.update']);
  });

  test.each([
    [{}],
    [{ name: '' }],
    [{ name: '  ' }],
    [{ name: 'x'.repeat(256) }],
    [{ name: 5 }],
    [{ name: 'a', x: 'b' }],
  ])('refuses the profile %j', async (profile) => {
    const { context } = await openDirectory(database);
    await expect(createGroup(context, profile)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('members come and go; doing it twice is doing it once', async () => {
    const { context, db, signals } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const appId = await insertTestApp(db, [group.id]);
    const users = [];
    for (const login of ['a@example.com', 'b@example.com', 'c@example.com']) {
      users.push((await createUser(context, { profile: profileOf(login) })).id);
    }
    const [ada, ...others] = users.sort();
    if (ada === undefined) throw new Error('three people');
    await addMembers(context, group.id, [...users, ada]);
    await addMembers(context, group.id, users);
    expect((await listMembers(context, group.id, { limit: 10 })).map((user) => user.id)).toEqual(users);
    expect((await listMembers(context, group.id, { limit: 10, after: ada })).map((user) => user.id)).toEqual(others);
    expect(await appUserOf(db, appId, ada)).toMatchObject({ assigned: true });
    expect(signals).toEqual([appId]);

    await removeMember(context, group.id, ada);
    await removeMember(context, group.id, ada);
    expect(await appUserOf(db, appId, ada)).toMatchObject({ assigned: false });
    expect((await eventsAbout(db, ada)).slice(2)).toEqual([
      'group.user_membership.add',
      'group.user_membership.remove',
    ]);
    expect((await getGroup(context, group.id)).lastMembershipUpdated.getTime()).toBeGreaterThan(
      group.lastMembershipUpdated.getTime(),
    );
    await expect(addMembers(context, group.id, [newId('user')])).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeMember(context, group.id, newId('user'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(addMembers(context, '00gnone' as GroupId, [ada])).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a deleted group takes its apps along, but not where another group gives them', async () => {
    const { context, db, signals } = await openDirectory(database);
    const first = await createGroup(context, { name: 'First' });
    const second = await createGroup(context, { name: 'Second' });
    const appId = await insertTestApp(db, [first.id, second.id]);
    const inBoth = await createUser(context, { profile: profileOf('a@example.com'), groupIds: [first.id, second.id] });
    const inOne = await createUser(context, { profile: profileOf('b@example.com'), groupIds: [first.id] });
    signals.length = 0;
    await deleteGroup(context, first.id);
    expect(await appUserOf(db, appId, inBoth.id)).toMatchObject({ assigned: true });
    expect(await appUserOf(db, appId, inOne.id)).toMatchObject({ assigned: false, leaver: true });
    expect(signals).toEqual([appId]);
    const [app] = await db.query<{ revision: number }>('select revision from apps');
    expect(app?.revision).toBe(2);
    expect((await eventsAbout(db, first.id)).slice(-2)).toEqual([
      'group.application_assignment.remove',
      'group.lifecycle.delete',
    ]);
    await expect(getGroup(context, first.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteGroup(context, first.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nobody changes Everyone', async () => {
    const { context } = await openDirectory(database);
    const { id } = await createUser(context, { profile: profileOf('ada@example.com') });
    const everyone = (await listGroups(context, { prefix: 'EVERY', limit: 5 }))[0]?.row;
    if (everyone === undefined) throw new Error('there is an Everyone');
    const attempts = [
      addMembers(context, everyone.id, [id]),
      removeMember(context, everyone.id, id),
      updateGroup(context, everyone.id, { name: 'Nobody' }),
      deleteGroup(context, everyone.id),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'wrong_state' } });
    }
    expect(await listMembers(context, everyone.id, { limit: 5 })).toHaveLength(1);
  });
});
