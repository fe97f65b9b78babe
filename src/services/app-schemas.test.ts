import { beforeAll, beforeEach, expect, test } from 'vitest';
import { defined, openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import type { AttributeDefinition } from '../domain/profile-schema.ts';
import { newId, type AppId } from '../lib/ids.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import { assignUser } from './app-assignments.ts';
import { assignGroup } from './app-group-assignments.ts';
import { updateMapping } from './app-mappings.ts';
import { getAppSchema, updateAppSchema } from './app-schemas.ts';
import { createApp } from './apps.ts';

const licence: AttributeDefinition = {
  title: 'Licence',
  type: 'string',
  enum: ['FREE', 'PRO'],
  externalName: 'licence',
  externalNamespace: 'urn:example:1.0:User',
};

describeOnDatabases('app schemas', (database) => {
  let at: AppTest;
  let appId: AppId;
  beforeAll(async () => {
    at = await openAppTest(database);
  });
  beforeEach(async () => {
    const app = await createApp(at.context, { catalogKey: 'slack' });
    appId = app.id;
  });

  test('take partial changes; null removes, with the values that were assigned', async () => {
    const userId = await at.addUser(`${appId}@example.com`);
    const groupId = await at.addGroup(`G${appId}`, []);
    const seats: AttributeDefinition = {
      ...licence,
      title: 'Seats',
      type: 'integer',
      enum: [1, 2],
      externalName: 'seats',
    };
    await updateAppSchema(at.context, appId, { custom: { licence } });
    const both = await updateAppSchema(at.context, appId, { custom: { seats } });
    expect(both.custom).toEqual({ licence, seats });
    await assignUser(at.context, appId, { userId, profile: { licence: 'PRO', seats: 1 } });
    await assignGroup(at.context, appId, groupId, { profile: { licence: 'FREE', seats: 2 } });
    expect((await updateAppSchema(at.context, appId, { custom: { licence: null } })).custom).toEqual({ seats });
    expect(await at.db.query('select assigned_profile as p from app_users where app_id = $1', [appId])).toEqual([
      { p: { seats: 1 } },
    ]);
    expect(await at.db.query('select profile as p from app_groups where app_id = $1', [appId])).toEqual([
      { p: { seats: 2 } },
    ]);
    expect(await at.revision(appId)).toBe(5);
    expect(await at.events(appId)).toContain('directory.app_user_profile.update');
  });

  test('a mapped attribute goes only together with its mapping', async () => {
    await updateAppSchema(at.context, appId, { custom: { licence } });
    const mapping = async () => defined(await findAppMapping(at.db, appId, 'TO_APP'));
    const { id } = await mapping();
    await updateMapping(at.context, id, { licence: { expression: '"PRO"', pushStatus: 'PUSH' } });
    await expect(updateAppSchema(at.context, appId, { custom: { licence: null } })).rejects.toMatchObject({
      code: 'conflict',
      causes: [{ field: 'custom.licence', reason: 'is still mapped' }],
    });
    expect((await getAppSchema(at.context, appId)).custom).toHaveProperty('licence');
    await updateAppSchema(at.context, appId, { custom: { licence: null }, dropMappings: true });
    expect((await mapping()).properties).not.toHaveProperty('licence');
    expect((await mapping()).properties).toHaveProperty('givenName');
  });

  const { externalName: _, ...placeless } = licence;
  const faulty: readonly (readonly [string, Record<string, AttributeDefinition | null>, RegExp])[] = [
    ['a base attribute', { userName: licence }, /base attribute/],
    ['removing a base attribute', { userName: null }, /base attribute/],
    ['a name no expression can use', { 'licence-type': licence }, /variable name/],
    ['no title', { licence: { ...licence, title: ' ' } }, /title/],
    ['an array without items', { licence: { ...licence, type: 'array' } }, /items/],
    ['lengths the wrong way round', { licence: { ...licence, minLength: 5, maxLength: 4 } }, /minLength/],
    ['values of another type', { licence: { ...licence, enum: ['FREE', 1] } }, /allows 1/],
    ['no place in the app', { licence: placeless }, /externalName/],
    [
      'the place of another',
      {
        licence: {
          ...licence,
          externalName: 'userName',
          externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
        },
      },
      /same place in the app as userName/,
    ],
  ];
  test.each(faulty)('%s is refused by name', async (_name, custom, reason) => {
    await expect(updateAppSchema(at.context, appId, { custom })).rejects.toMatchObject({
      code: 'invalid_input',
      causes: [{ field: `custom.${Object.keys(custom)[0]}`, reason: expect.stringMatching(reason) }],
    });
    expect((await getAppSchema(at.context, appId)).custom).toEqual({});
  });

  test('a type stays; an app nobody provisions needs no places', async () => {
    await updateAppSchema(at.context, appId, { custom: { licence } });
    const integer: AttributeDefinition = { ...licence, type: 'integer', enum: [1] };
    await expect(updateAppSchema(at.context, appId, { custom: { licence: integer } })).rejects.toMatchObject({
      causes: [{ reason: expect.stringContaining('cannot change its type') }],
    });
    const tile = await createApp(at.context, {
      catalogKey: 'bookmark',
      settings: { app: { url: 'https://w.example' } },
    });
    expect((await updateAppSchema(at.context, tile.id, { custom: { licence: placeless } })).custom).toHaveProperty(
      'licence',
    );
    await expect(getAppSchema(at.context, newId('app'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
