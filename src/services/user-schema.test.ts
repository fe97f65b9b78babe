import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { appUserOf, eventsAbout, insertTestApp, openDirectory, profileOf } from '../../test/directory.ts';
import { createGroup } from './groups.ts';
import { getUserSchema, updateUserSchema } from './user-schema.ts';
import { createUser, getUser, updateUser } from './users.ts';

const startDate = { title: 'Start date', type: 'string', format: 'date' } as const;

describeOnDatabases('user schema', (database) => {
  test('custom attributes come, change and go with everybody’s values', async () => {
    const { context, db, signals } = await openDirectory(database);
    expect(Object.keys((await getUserSchema(context)).base)).toHaveLength(31);
    await updateUserSchema(context, { custom: { startDate } });
    const group = await createGroup(context, { name: 'Engineers' });
    const profile = profileOf('ada@example.com', { startDate: '2026-02-28' });
    const { id } = await createUser(context, { profile, groupIds: [group.id] });
    await expect(updateUser(context, id, { profile: { startDate: '2026-02-30' } })).rejects.toMatchObject({
      causes: [{ field: 'startDate' }],
    });
    const shirt = { title: 'Shirt', type: 'string', enum: ['S', 'M'] } as const;
    const both = await updateUserSchema(context, { custom: { shirt } });
    expect(Object.keys(both.custom).sort()).toEqual(['shirt', 'startDate']);

    const appId = await insertTestApp(db, [group.id]);
    const after = await updateUserSchema(context, { custom: { startDate: null } });
    expect(Object.keys(after.custom)).toEqual(['shirt']);
    expect((await getUser(context, id)).profile).toEqual(profileOf('ada@example.com'));
    expect(await appUserOf(db, appId, id)).toMatchObject({ sync_state: 'OUT_OF_SYNC' });
    expect(signals).toEqual([appId]);
    expect(await eventsAbout(db, id)).toHaveLength(3);
  });

  test('an attribute in use stays, and the refusal names what uses it; force takes mappings and nothing else', async () => {
    const { context, db } = await openDirectory(database);
    await updateUserSchema(context, { custom: { startDate, badge: { title: 'Badge', type: 'string' } } });
    const appId = await insertTestApp(db, []);
    const properties = {
      since: { expression: 'user.startDate', pushStatus: 'PUSH' },
      title: { expression: 'user.title', pushStatus: 'PUSH' },
    };
    await db.query(
      `insert into mappings (id, app_id, direction, properties) values ('prmUse', $1, 'TO_APP', $2::jsonb)
       on conflict (app_id, direction) do update set properties = excluded.properties`,
      [appId, JSON.stringify(properties)],
    );
    await db.query(
      `insert into group_rules (id, name, status, expression, group_ids) values ('0prUse', 'Badged', 'INACTIVE', 'user.badge == "1"', '{}')`,
    );
    const remove = (force: boolean, ...names: string[]) =>
      updateUserSchema(context, { custom: Object.fromEntries(names.map((name) => [name, null])), force });

    await expect(remove(false, 'startDate', 'badge')).rejects.toMatchObject({
      code: 'conflict',
      causes: [
        { field: 'startDate', reason: expect.stringMatching(/the mapping of since of .* \(TO_APP\)/) },
        { field: 'badge', reason: 'is used by the group rule Badged' },
      ],
    });
    await expect(remove(true, 'badge')).rejects.toMatchObject({ code: 'conflict' });
    expect(Object.keys((await remove(true, 'startDate')).custom)).toEqual(['badge']);
    const [mapping] = await db.query(
      `select array(select jsonb_object_keys(properties)) as kept from mappings where app_id = $1 and direction = 'TO_APP'`,
      [appId],
    );
    expect(mapping).toEqual({ kept: ['title'] });
    const [event] = await db.query(
      `select debug from log_events where event_type = 'directory.user_profile.update' order by seq desc limit 1`,
    );
    expect(JSON.stringify(event)).toContain('the mapping of since');
  });

  test('a last name can be made optional', async () => {
    const { context } = await openDirectory(database);
    const { lastName: _, ...single } = profileOf('ada@example.com');
    await expect(createUser(context, { profile: single })).rejects.toMatchObject({ code: 'invalid_input' });
    await updateUserSchema(context, { base: { lastName: { required: false } } });
    expect((await createUser(context, { profile: single })).profile).toEqual(single);
  });

  test.each([
    ['a base attribute', { login: startDate }],
    ['one that differs in letter case', { Email: startDate }],
    ['a name of every object', { constructor: startDate }],
    ['another type', { level: { title: 'Level', type: 'string' } as const }],
  ])('refuses %s', async (_, custom) => {
    const { context } = await openDirectory(database);
    await updateUserSchema(context, { custom: { level: { title: 'Level', type: 'integer' } } });
    await expect(updateUserSchema(context, { custom })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(Object.keys((await getUserSchema(context)).custom)).toEqual(['level']);
  });
});
