import { beforeAll, expect, test } from 'vitest';
import { openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { insertPeople } from '../../test/fixtures.ts';
import { newId } from '../lib/ids.ts';
import { findConnection } from '../store/app-connections.ts';
import { listMappings } from '../store/app-mappings.ts';
import { findAppSchema, updateAppSchema } from '../store/app-schemas.ts';
import { setConnection } from './app-connections.ts';
import { duplicateApp } from './app-duplicate.ts';
import { createApp, getApp, updateApp } from './apps.ts';

const settings = { auth: { scheme: 'bearer', token: 'x' } };

describeOnDatabases('duplicated apps', (database) => {
  let at: AppTest;
  beforeAll(async () => {
    at = await openAppTest(database);
  });
  const app = async () => {
    const made = await createApp(at.context, { catalogKey: 'slack', limits: { requestsPerMinute: 7 } });
    await setConnection(at.context, made.id, { settings, activate: true });
    return made;
  };
  const shape = async (appId: Awaited<ReturnType<typeof app>>['id']) => ({
    schema: { ...(await findAppSchema(at.db, appId)), id: '', created: 0, lastUpdated: 0 },
    mappings: (await listMappings(at.db, { appId, limit: 9 })).map((one) => [one.direction, one.properties]).sort(),
  });

  test('have everything but the credential, the people and what was turned on', async () => {
    const { id } = await app();
    const custom = { shift: { title: 'Shift', type: 'string' as const, scope: 'NONE' as const } };
    const base = (await findAppSchema(at.db, id))?.base ?? {};
    await at.db.transaction((tx) => updateAppSchema(tx, id, { base, custom }));
    const before = await getApp(at.context, id);
    const revision = await at.revision(id);
    const copy = await duplicateApp(at.context, id, {});
    expect(copy).toMatchObject({
      label: 'Slack (provisioning)',
      catalogKey: 'slack',
      settings: before.settings,
      userNameTemplate: before.userNameTemplate,
      limits: before.limits,
      provisioning: { create: false, update: false, deactivate: false, existingAccount: 'LINK' },
      visibility: { hide: { iOS: true, web: true } },
      movedLinks: 0,
    });
    expect(await shape(copy.id)).toEqual(await shape(id));
    expect(await findConnection(at.db, copy.id)).toMatchObject({ status: 'DISABLED', sealed: null });
    expect(await getApp(at.context, id)).toEqual(before);
    expect(await at.revision(id)).toBe(revision);
    expect(await at.events(copy.id)).toEqual(['application.lifecycle.create']);
  });

  test('ask before they take an account when the links stay, and are shown when they should be', async () => {
    const { id } = await app();
    const copy = await duplicateApp(at.context, id, { links: 'STAY', visible: true, label: 'Mine' });
    expect(copy).toMatchObject({ label: 'Mine', provisioning: { existingAccount: 'ASK' } });
    expect(copy.visibility).toEqual((await getApp(at.context, id)).visibility);
  });

  test('a leaver whose account was perhaps made is looked for where the links went', async () => {
    const { id } = await createApp(at.context, { catalogKey: 'slack' });
    const [userId] = await insertPeople(at.db, 1);
    await at.db.query(
      'insert into app_users (app_id, user_id, assigned, direct, look_first) values ($1, $2, false, false, true)',
      [id, userId],
    );
    const copy = await duplicateApp(at.context, id, { links: 'MOVE' });
    const rows =
      'select app_id, look_first, due_at is not null as due from app_users where user_id = $1 and look_first';
    expect(await at.db.query(rows, [userId])).toEqual([{ app_id: copy.id, look_first: true, due: true }]);
  });

  test('a long label still leaves a label, an empty one is refused and makes nothing', async () => {
    const { id } = await app();
    await updateApp(at.context, id, { label: 'x'.repeat(100) });
    expect((await duplicateApp(at.context, id, {})).label).toMatch(/^x{85} \(provisioning\)$/);
    const count = () => at.db.query('select count(*) from apps');
    const before = await count();
    await expect(duplicateApp(at.context, id, { label: ' ' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(duplicateApp(at.context, newId('app'), {})).rejects.toMatchObject({ code: 'not_found' });
    expect(await count()).toEqual(before);
  });
});
