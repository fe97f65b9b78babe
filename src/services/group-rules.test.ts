import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import {
  appUserOf,
  eventsAbout,
  insertTestApp,
  openDirectory,
  profileOf,
  type TestDirectory,
} from '../../test/directory.ts';
import type { GroupId, GroupRuleId, UserId } from '../lib/ids.ts';
import {
  activateGroupRule,
  createGroupRule,
  deactivateGroupRule,
  deleteGroupRule,
  getGroupRule,
  listGroupRules,
  updateGroupRule,
  type GroupRuleInput,
} from './group-rules.ts';
import { addMembers, createGroup, deleteGroup, listMembers, removeMember, updateGroup } from './groups.ts';
import { runRuleJob } from './rule-run.ts';
import { changeLifecycle } from './user-lifecycle.ts';
import { createUser, updateUser } from './users.ts';

const engineers = { name: 'Engineers', expression: 'user.department == "Engineering"' };

async function membersOf({ context }: TestDirectory, groupId: GroupId): Promise<UserId[]> {
  return (await listMembers(context, groupId, { limit: 100 })).map((user) => user.id);
}

async function activeRule(directory: TestDirectory, input: GroupRuleInput): Promise<GroupRuleId> {
  const { id } = await createGroupRule(directory.context, input);
  await activateGroupRule(directory.context, id);
  await runRuleJob(directory.context, id);
  return id;
}

describeOnDatabases('group rules', (database) => {
  test('a rule is made inactive, walks over everybody when switched on, and follows every change', async () => {
    const directory = await openDirectory(database);
    const { context, db, jobs, signals } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    const appId = await insertTestApp(db, [group.id]);
    const ada = await createUser(context, { profile: profileOf('ada@example.com', { department: 'Engineering' }) });
    const bob = await createUser(context, { profile: profileOf('bob@example.com', { department: 'Sales' }) });

    const rule = await createGroupRule(context, { ...engineers, groupIds: [group.id] });
    expect(rule.status).toBe('INACTIVE');
    await updateUser(context, ada.id, { profile: { title: 'Lead' } });
    expect(await membersOf(directory, group.id)).toEqual([]);

    await activateGroupRule(context, rule.id);
    await activateGroupRule(context, rule.id);
    expect(jobs).toEqual([{ name: 'evaluate-rule', data: { ruleId: rule.id } }]);
    await runRuleJob(context, rule.id);
    await runRuleJob(context, rule.id);
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: true });
    expect(signals).toEqual([appId]);
    expect(await eventsAbout(db, rule.id)).toEqual([
      'group.user_membership.rule.trigger',
      'group.user_membership.rule.trigger',
    ]);
    const runs = await db.query('select status, total, counts from runs order by started');
    const counts = { people: 2, removed: 0, failed: 0 };
    expect(runs).toEqual([
      { status: 'SUCCEEDED', total: 2, counts: { ...counts, added: 1 } },
      { status: 'SUCCEEDED', total: 2, counts: { ...counts, added: 0 } },
    ]);

    await updateUser(context, ada.id, { profile: { department: 'Sales' } });
    await updateUser(context, bob.id, { profile: { department: 'Engineering' } });
    expect(await membersOf(directory, group.id)).toEqual([bob.id]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: false, leaver: true });
    const eve = await createUser(context, { profile: profileOf('eve@example.com', { department: 'Engineering' }) });
    expect(await membersOf(directory, group.id)).toEqual([bob.id, eve.id].sort());
  });

  test('people who are staged or deactivated are left as they are until they are activated', async () => {
    const directory = await openDirectory(database);
    const { context } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    await activeRule(directory, { ...engineers, groupIds: [group.id] });
    const profile = profileOf('ada@example.com', { department: 'Engineering' });
    const ada = await createUser(context, { profile, activate: false });
    expect(await membersOf(directory, group.id)).toEqual([]);
    await changeLifecycle(context, ada.id, 'activate');
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    await changeLifecycle(context, ada.id, 'deactivate');
    await updateUser(context, ada.id, { profile: { department: 'Sales' } });
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    await changeLifecycle(context, ada.id, 'activate');
    expect(await membersOf(directory, group.id)).toEqual([]);
  });

  test('whoever is taken out by hand stays out', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    const ada = await createUser(context, { profile: profileOf('ada@example.com', { department: 'Engineering' }) });
    const ruleId = await activeRule(directory, { ...engineers, groupIds: [group.id] });
    await removeMember(context, group.id, ada.id);
    await updateUser(context, ada.id, { profile: { title: 'Lead' } });
    expect(await membersOf(directory, group.id)).toEqual([]);
    expect((await getGroupRule(context, ruleId)).excludedUserIds).toEqual([ada.id]);
    expect((await eventsAbout(db, ruleId)).at(-1)).toBe('group.user_membership.rule.add_exclusion');
    await addMembers(context, group.id, [ada.id]);
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
  });

  test('rules that look at groups follow memberships, names and each other', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const [staff, badge, lift] = [
      await createGroup(context, { name: 'Staff' }),
      await createGroup(context, { name: 'Badge' }),
      await createGroup(context, { name: 'Lift' }),
    ];
    await activeRule(directory, { name: 'lift', expression: 'isMemberOfGroupName("Badge")', groupIds: [lift.id] });
    await activeRule(directory, { name: 'badge', expression: `isMemberOfGroup("${staff.id}")`, groupIds: [badge.id] });
    const appId = await insertTestApp(db, [lift.id]);
    const ada = await createUser(context, { profile: profileOf('ada@example.com') });
    await addMembers(context, staff.id, [ada.id]);
    expect(await membersOf(directory, lift.id)).toEqual([ada.id]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: true });
    await updateGroup(context, badge.id, { name: 'Key card' });
    expect(await membersOf(directory, lift.id)).toEqual([]);
    await updateGroup(context, badge.id, { name: 'Badge' });
    await removeMember(context, staff.id, ada.id);
    expect(await membersOf(directory, badge.id)).toEqual([]);
    expect(await membersOf(directory, lift.id)).toEqual([]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: false });
  });

  test('members of excluded groups are left out, and rules in contradiction end with an event', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const guests = await createGroup(context, { name: 'Guests' });
    const group = await createGroup(context, { name: 'Staff' });
    const ada = await createUser(context, { profile: profileOf('ada@example.com'), groupIds: [guests.id] });
    const everybody = { expression: 'String.len(user.login) > 0' };
    await activeRule(directory, { ...everybody, name: 'staff', groupIds: [group.id], excludedGroupIds: [guests.id] });
    expect(await membersOf(directory, group.id)).toEqual([]);
    await removeMember(context, guests.id, ada.id);
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);

    const flip = await createGroup(context, { name: 'Flip' });
    await activeRule(directory, { name: 'flip', expression: '!isMemberOfGroupName("Flip")', groupIds: [flip.id] });
    const [event] = await db.query<{ reason: string }>(
      `select reason from log_events where event_type = 'group.user_membership.rule.error'`,
    );
    expect(event?.reason).toContain('contradict each other');
  });

  test('a rule that fails for somebody says so once and moves nobody for it', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    for (const login of ['a@example.com', 'b@example.com']) {
      await createUser(context, { profile: profileOf(login, { title: 'x'.repeat(1_000) }) });
    }
    const doubled = '+user.title'.repeat(100).slice(1);
    const expression = `String.len(${doubled}) > 3`;
    const ruleId = await activeRule(directory, { name: 'long', expression, groupIds: [group.id] });
    const errors = await db.query<{ reason: string }>(
      `select reason from log_events where event_type = 'group.user_membership.rule.error'`,
    );
    expect(errors).toEqual([{ reason: expect.stringContaining('2 people left as they were') }]);
    expect(await eventsAbout(db, ruleId)).toHaveLength(2);
    expect(await membersOf(directory, group.id)).toEqual([]);
  });

  test('switched off its members stay; deleted they stay or leave as asked', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    const appId = await insertTestApp(db, [group.id]);
    const ada = await createUser(context, { profile: profileOf('ada@example.com', { department: 'Engineering' }) });
    const first = await activeRule(directory, { ...engineers, groupIds: [group.id] });
    const second = await activeRule(directory, { ...engineers, name: 'Second', groupIds: [group.id] });
    await deactivateGroupRule(context, first);
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    await deleteGroupRule(context, first, { removeUsers: true });
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    await deleteGroupRule(context, second, { removeUsers: false });
    expect(await membersOf(directory, group.id)).toEqual([ada.id]);
    await removeMember(context, group.id, ada.id);
    expect(await membersOf(directory, group.id)).toEqual([]);

    const third = await activeRule(directory, { ...engineers, groupIds: [group.id] });
    await deleteGroupRule(context, third, { removeUsers: true });
    expect(await membersOf(directory, group.id)).toEqual([]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: false });
    await expect(getGroupRule(context, third)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a walk ends where the rule has been switched off', async () => {
    const directory = await openDirectory(database);
    const { context, db } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    const { id } = await createGroupRule(context, { ...engineers, groupIds: [group.id] });
    await activateGroupRule(context, id);
    await deactivateGroupRule(context, id);
    await runRuleJob(context, id);
    expect(await db.query('select status from runs')).toEqual([{ status: 'FAILED' }]);
  });

  test('only an inactive rule is changed, and its groups never', async () => {
    const directory = await openDirectory(database);
    const { context } = directory;
    const group = await createGroup(context, { name: 'Engineers' });
    const other = await createGroup(context, { name: 'Others' });
    const input = { ...engineers, groupIds: [group.id] };
    const { id } = await createGroupRule(context, input);
    expect(await updateGroupRule(context, id, { ...input, name: 'New' })).toMatchObject({ name: 'New' });
    await expect(updateGroupRule(context, id, { ...input, groupIds: [other.id] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await activateGroupRule(context, id);
    await expect(updateGroupRule(context, id, input)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await listGroupRules(context, { nameContains: 'ew', limit: 5 })).toHaveLength(1);
    expect(await listGroupRules(context, { nameContains: 'old', limit: 5 })).toHaveLength(0);

    await deleteGroup(context, group.id);
    expect((await getGroupRule(context, id)).status).toBe('INVALID');
    for (const attempt of [activateGroupRule(context, id), deactivateGroupRule(context, id)]) {
      await expect(attempt).rejects.toMatchObject({ code: 'wrong_state', message: expect.stringContaining('INVALID') });
    }
    await deleteGroupRule(context, id, { removeUsers: true });
  });

  test.each([
    ['no name', { name: ' ' }, 'invalid_input'],
    ['a name of 51 characters', { name: 'x'.repeat(51) }, 'invalid_input'],
    ['no groups', { groupIds: [] }, 'invalid_input'],
    ['an unknown group', { groupIds: ['00gnone' as GroupId] }, 'invalid_input'],
    ['no condition', { expression: '' }, 'invalid_expression'],
    ['a value that is not true or false', { expression: '1 +' }, 'invalid_expression'],
    ['an app’s attribute', { expression: 'appuser.role == "x"' }, 'invalid_expression'],
    ['an organisation', { expression: 'org.name == "x"' }, 'invalid_expression'],
  ])('refuses %s', async (_, change, code) => {
    const { context } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const attempt = createGroupRule(context, { ...engineers, groupIds: [group.id], ...change });
    await expect(attempt).rejects.toMatchObject({ code });
  });
});
