import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined, openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import type { MappingDirection } from '../domain/mapping.ts';
import { newId, type AppId } from '../lib/ids.ts';
import { findAppMapping, type AppMapping } from '../store/app-mappings.ts';
import { previewMappings } from './app-mapping-preview.ts';
import { getMapping, listMappings, updateMapping, type MappingChanges } from './app-mappings.ts';
import { createApp, updateApp } from './apps.ts';

describeOnDatabases('app mappings', (database) => {
  let at: AppTest;
  let appId: AppId;
  beforeAll(async () => {
    at = await openAppTest(database);
  });
  beforeEach(async () => {
    const app = await createApp(at.context, {
      catalogKey: 'scim2headerauth',
      settings: { app: { baseUrl: 'https://crm.example.com' } },
    });
    appId = app.id;
  });
  const mapping = async (direction: MappingDirection): Promise<AppMapping> =>
    defined(await findAppMapping(at.db, appId, direction));

  test('are listed by app and direction, by page', async () => {
    const both = await listMappings(at.context, { appId, limit: 10 });
    expect(both.map((each) => each.direction).toSorted()).toEqual(['TO_APP', 'TO_DIRECTORY']);
    expect(await listMappings(at.context, { appId, limit: 10, after: defined(both[0]).id })).toEqual([both[1]]);
    expect(await listMappings(at.context, { appId, direction: 'TO_APP', limit: 10 })).toEqual([
      await mapping('TO_APP'),
    ]);
    await expect(getMapping(at.context, newId('mapping'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('merge changes, delete with null, count, and look again where the app is concerned', async () => {
    await at.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, sync_state) values ($1, 'u', true, true, 'SYNCHRONIZED')`,
      [appId],
    );
    const due = () => at.db.query('select 1 from app_users where app_id = $1 and due_at is not null', [appId]);
    const inward = await mapping('TO_DIRECTORY');
    await updateMapping(at.context, inward.id, { firstName: { expression: 'appuser.userName', pushStatus: 'PUSH' } });
    expect(await due()).toHaveLength(0);

    const before = await mapping('TO_APP');
    const upper = { expression: 'String.toUpperCase(user.lastName)', pushStatus: 'DONT_PUSH' } as const;
    const after = await updateMapping(at.context, before.id, { familyName: upper, middleName: null });
    const { middleName: _, ...rest } = before.properties;
    expect(after.properties).toEqual({ ...rest, familyName: upper });
    expect(await due()).toHaveLength(1);
    expect(await at.revision(appId)).toBe(3);
    expect((await at.events(appId)).filter((type) => type === 'directory.mapping.update')).toHaveLength(2);
  });

  const push = (expression: string) => ({ expression, pushStatus: 'PUSH' }) as const;
  const faulty: readonly (readonly [string, MappingDirection, MappingChanges, string, RegExp])[] = [
    [
      'an unknown attribute',
      'TO_APP',
      { shoeSize: push('user.title') },
      'properties.shoeSize',
      /not an attribute of the app/,
    ],
    ['an inherited name', 'TO_APP', { constructor: push('user.title') }, 'properties.constructor', /not an attribute/],
    [
      'an attribute users lack',
      'TO_DIRECTORY',
      { shoeSize: push('appuser.userName') },
      'properties.shoeSize',
      /of users/,
    ],
    ['the user name', 'TO_APP', { userName: push('user.login') }, 'properties.userName', /template/],
    [
      'a broken expression',
      'TO_APP',
      { givenName: push('user.firstName +') },
      'properties.givenName',
      /line 1, column/,
    ],
  ];
  test.each(faulty)(
    '%s is refused by name, and nothing of the change is kept',
    async (_, direction, changes, field, reason) => {
      const before = await mapping(direction);
      await expect(
        updateMapping(at.context, before.id, { ...(direction === 'TO_APP' ? { familyName: null } : {}), ...changes }),
      ).rejects.toMatchObject({ code: 'invalid_input', causes: [{ field, reason: expect.stringMatching(reason) }] });
      expect(await mapping(direction)).toEqual(before);
      expect(await at.revision(appId)).toBe(1);
    },
  );

  test('a read-only attribute is refused', async () => {
    await at.db.query(
      `update profile_schemas set custom = '{"seen":{"title":"Seen","type":"string","mutability":"READ_ONLY"}}' where app_id = $1`,
      [appId],
    );
    await expect(
      updateMapping(at.context, (await mapping('TO_APP')).id, { seen: push('user.title') }),
    ).rejects.toMatchObject({ causes: [{ field: 'properties.seen', reason: 'is read-only' }] });
  });

  describe('preview', () => {
    test('shows every value and every fault for somebody in the directory', async () => {
      const userId = await at.addUser(`${appId.toLowerCase()}@example.com`);
      await at.addGroup(`G${appId}`, [userId]);
      await updateApp(at.context, appId, {
        userNameTemplate: { template: '${fn:substringBefore(source.login, "@")}', type: 'CUSTOM', suffix: '.ext' },
      });
      await updateMapping(at.context, (await mapping('TO_APP')).id, {
        title: push(`isMemberOfGroupName("G${appId}") ? app.baseUrl : "no"`),
      });
      await at.db.query(
        `update mappings set properties = properties || '{"locale":{"expression":"(","pushStatus":"PUSH"}}'
         where app_id = $1 and direction = 'TO_APP'`,
        [appId],
      );
      const preview = await previewMappings(at.context, appId, { userId });
      expect(preview.userName).toEqual({ value: `${appId.toLowerCase()}.ext` });
      const by = (attribute: string) => preview.attributes.find((each) => each.attribute === attribute);
      expect(by('familyName')).toEqual({
        attribute: 'familyName',
        expression: 'user.lastName',
        pushStatus: 'PUSH',
        reads: { 'user.lastName': 'Tester' },
        value: 'Tester',
      });
      expect(by('title')).toMatchObject({ value: 'https://crm.example.com' });
      expect(by('locale')).toMatchObject({ error: expect.stringContaining('line 1') });
      await expect(previewMappings(at.context, appId, { userId: newId('user') })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    test('takes a profile that is in no directory', async () => {
      const profile = { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' };
      const { userName, attributes } = await previewMappings(at.context, appId, { profile });
      expect(userName).toEqual({ value: 'ada@example.com' });
      expect(attributes).toContainEqual(expect.objectContaining({ attribute: 'givenName', value: 'Ada' }));
    });
  });
});
