import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { provisioningOff } from '../domain/app.ts';
import type { AppId } from '../lib/ids.ts';
import { setConnection } from './app-connections.ts';
import { enabledFeatures, getFeature, listFeatures, updateFeature, updateProvisioning } from './app-features.ts';
import { createApp, getApp } from './apps.ts';

const settings = { auth: { scheme: 'bearer', token: 'x' } };
const on = { status: 'ENABLED' } as const;
const off = { status: 'DISABLED' } as const;

describeOnDatabases('app features', (database) => {
  let at: AppTest;
  let appId: AppId;
  beforeAll(async () => {
    at = await openAppTest(database);
  });
  beforeEach(async () => {
    const app = await createApp(at.context, { catalogKey: 'slack' });
    appId = app.id;
    await setConnection(at.context, appId, { settings, activate: true });
  });

  test('are refused in Okta’s words while the connection is off', async () => {
    const app = await createApp(at.context, { catalogKey: 'slack' });
    await setConnection(at.context, app.id, { settings });
    for (const attempt of [
      () => listFeatures(at.context, app.id),
      () => getFeature(at.context, app.id, 'USER_PROVISIONING'),
      () => updateFeature(at.context, app.id, 'USER_PROVISIONING', { create: { lifecycleCreate: on } }),
      () => updateProvisioning(at.context, app.id, { create: true }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'invalid_input',
        message: 'Provisioning is not enabled for the app instance.',
      });
    }
    expect((await getApp(at.context, app.id)).provisioning).toEqual(provisioningOff);
  });

  test('take partial updates, count, look again and are logged', async () => {
    await at.db.query(
      `insert into app_users (app_id, user_id, assigned, direct, sync_state) values ($1, 'u', true, true, 'SYNCHRONIZED')`,
      [appId],
    );
    const before = await at.revision(appId);
    await updateFeature(at.context, appId, 'USER_PROVISIONING', { create: { lifecycleCreate: on } });
    const feature = await updateFeature(at.context, appId, 'USER_PROVISIONING', {
      update: { lifecycleDeactivate: on, password: off },
    });
    expect(feature).toEqual({
      name: 'USER_PROVISIONING',
      status: 'ENABLED',
      description: expect.any(String),
      capabilities: {
        create: { lifecycleCreate: on },
        update: {
          profile: off,
          lifecycleDeactivate: on,
          password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
        },
      },
    });
    expect(await listFeatures(at.context, appId)).toEqual([
      feature,
      expect.objectContaining({ name: 'INBOUND_PROVISIONING' }),
    ]);
    expect(await at.revision(appId)).toBe(before + 2);
    expect(
      await at.db.query('select sync_state from app_users where app_id = $1 and due_at is not null', [appId]),
    ).toEqual([{ sync_state: 'OUT_OF_SYNC' }]);
    expect(await at.events(appId)).toContain('application.configuration.update');
  });

  test('what the app cannot do cannot be turned on, and says its name', async () => {
    const gitlab = await createApp(at.context, { catalogKey: 'gitlab', settings: { app: { groupPath: 'acme' } } });
    await setConnection(at.context, gitlab.id, { settings, activate: true });
    await expect(
      updateFeature(at.context, gitlab.id, 'USER_PROVISIONING', {
        create: { lifecycleCreate: on },
        update: { profile: on },
      }),
    ).rejects.toMatchObject({ code: 'invalid_input', causes: [{ field: 'update.profile' }] });
    await expect(getFeature(at.context, appId, 'TELEPATHY')).rejects.toMatchObject({ code: 'not_found' });
    expect((await getApp(at.context, gitlab.id)).provisioning).toEqual(provisioningOff);
  });

  test('the finer switches need no connection, and the app’s features follow all of them', async () => {
    const idle = await createApp(at.context, { catalogKey: 'slack' });
    expect(await updateProvisioning(at.context, idle.id, { existingAccount: 'ASK', pushPending: true })).toEqual({
      ...provisioningOff,
      existingAccount: 'ASK',
      pushPending: true,
      deprovision: 'NOTHING',
    });
    await updateProvisioning(at.context, appId, { create: true, update: true, excludeUserNameUpdates: true });
    const apps = [await getApp(at.context, appId), await getApp(at.context, idle.id)];
    const features = await enabledFeatures(at.context, apps);
    expect(features.get(appId)).toEqual(['SCIM_PROVISIONING', 'PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'GROUP_PUSH']);
    expect(features.get(idle.id)).toEqual([]);
  });
});
