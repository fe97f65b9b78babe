import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScimmyApp, type RunningApp } from '../apps/scimmy-app.ts';
import { succeeded } from '../usher-process.ts';
import { all, describeWithHomes, openSdk, type SdkTest } from './sdk-context.ts';

interface Account {
  readonly userName: string;
  readonly active: boolean;
  readonly title?: string;
}

describeWithHomes("apps through Okta's SDK", (makeHome) => {
  let sdk: SdkTest;
  let target: RunningApp;
  let appId: string;
  beforeAll(async () => {
    target = await startScimmyApp({ token: 'sesame' });
    sdk = await openSdk(await makeHome());
  });
  afterAll(async () => {
    await sdk.close();
    await target.close();
  });
  const accounts = async () => {
    const answer = await request(`${target.url}/Users`, { headers: { authorization: 'Bearer sesame' } });
    const { Resources = [] } = (await answer.body.json()) as { Resources?: Account[] };
    return new Map(Resources.map((account) => [account.userName, account]));
  };
  const addUser = async (name: string) => {
    const login = `${name}@acme.example`;
    const profile = { login, email: login, firstName: name, lastName: 'Tester', title: 'Analyst' };
    const user = await sdk.client.userApi.createUser({ body: { profile } });
    return { id: user.id ?? '', login };
  };

  test('a SCIM app is added, connected and switched on', async () => {
    const { applicationApi } = sdk.client;
    // The SDK knows the settings of a few apps of Okta's catalog and drops all others, such as an address.
    const application = { name: 'scim2headerauth', label: 'CRM', signOnMode: 'AUTO_LOGIN' as const };
    const app = await applicationApi.createApplication({ application });
    appId = app.id ?? '';
    expect(app).toMatchObject({ name: expect.stringContaining('scim2headerauth'), label: 'CRM', status: 'ACTIVE' });
    const features = async () => all(await applicationApi.listFeaturesForApplication({ appId }));
    await expect(features()).rejects.toMatchObject({ status: 400 });
    const profile = { authScheme: 'TOKEN' as const, token: 'sesame' };
    const connection = await applicationApi.updateDefaultProvisioningConnectionForApplication({
      appId,
      ProvisioningConnectionRequest: { baseUrl: target.url, profile },
      activate: true,
    });
    expect(connection.status).toBe('ENABLED');
    // Sent back by the SDK the app has lost its address again, and keeps it.
    await applicationApi.replaceApplication({ appId, application: { ...application, label: 'CRM 2' } });
    const kept = succeeded(await sdk.usher.call('GET', `/api/v1/apps/${appId}`));
    expect(kept).toMatchObject({ label: 'CRM 2', settings: { app: { baseUrl: target.url } } });
    await applicationApi.replaceApplication({ appId, application });
    const CapabilitiesObject = {
      create: { lifecycleCreate: { status: 'ENABLED' as const } },
      update: { profile: { status: 'ENABLED' as const }, lifecycleDeactivate: { status: 'ENABLED' as const } },
    };
    const name = 'USER_PROVISIONING' as const;
    expect(await applicationApi.updateFeatureForApplication({ appId, name, CapabilitiesObject })).toMatchObject({
      name,
      status: 'ENABLED',
    });
    expect((await applicationApi.getApplication({ appId })).features).toContain('PUSH_NEW_USERS');
  });

  test('whoever is assigned has an account; it follows the profile and ends with the person', async () => {
    const { applicationApi, userApi } = sdk.client;
    const { id: userId, login } = await addUser('ada');
    const appUser = await applicationApi.assignUserToApplication({ appId, appUser: { id: userId } });
    expect([appUser.id, appUser.scope]).toEqual([userId, 'USER']);
    const active = async () => (await accounts()).get(login)?.active;
    await expect.poll(active, { timeout: 10_000 }).toBe(true);
    await expect
      .poll(async () => (await applicationApi.getApplicationUser({ appId, userId })).syncState, { timeout: 10_000 })
      .toBe('SYNCHRONIZED');
    await userApi.updateUser({ userId, user: { profile: { title: 'Countess' } } });
    await expect.poll(async () => (await accounts()).get(login)?.title, { timeout: 10_000 }).toBe('Countess');
    expect((await all(await userApi.listAppLinks({ userId }))).map((link) => link.appInstanceId)).toEqual([appId]);
    await userApi.deactivateUser({ userId });
    await expect.poll(active, { timeout: 10_000 }).toBe(false);
  });

  test('a group brings the app to its members and takes it back', async () => {
    const { applicationApi, groupApi } = sdk.client;
    const { id: userId, login } = await addUser('grace');
    const groupId = (await groupApi.createGroup({ group: { profile: { name: 'Compilers' } } })).id ?? '';
    await groupApi.assignUserToGroup({ groupId, userId });
    await applicationApi.assignGroupToApplication({ appId, groupId, applicationGroupAssignment: { priority: 0 } });
    const active = async () => (await accounts()).get(login)?.active;
    await expect.poll(active, { timeout: 10_000 }).toBe(true);
    const assigned = await all(await applicationApi.listApplicationGroupAssignments({ appId, limit: 1 }));
    expect(assigned.map((group) => group.id)).toEqual([groupId]);
    const users = await all(await applicationApi.listApplicationUsers({ appId, limit: 1 }));
    expect(users.find((user) => user.id === userId)?.scope).toBe('GROUP');
    await applicationApi.unassignApplicationFromGroup({ appId, groupId });
    await expect.poll(active, { timeout: 10_000 }).toBe(false);
  });

  test('a bookmark is created, renamed and shown in the list', async () => {
    const { applicationApi } = sdk.client;
    const application = {
      name: 'bookmark',
      label: 'Intranet',
      signOnMode: 'BOOKMARK' as const,
      settings: { app: { url: 'https://intranet.acme.example', requestIntegration: false } },
    };
    const { id = '' } = await applicationApi.createApplication({ application });
    await applicationApi.replaceApplication({ appId: id, application: { ...application, label: 'Home' } });
    const apps = await all(await applicationApi.listApplications({ limit: 1 }));
    expect(apps.map((app) => app.label)).toEqual(expect.arrayContaining(['CRM', 'Home']));
  });

  test('a group is pushed, paused and let go', async () => {
    const { groupApi, groupPushMappingApi } = sdk.client;
    const sourceGroupId = (await groupApi.createGroup({ group: { profile: { name: 'Pushed' } } })).id ?? '';
    const body = { sourceGroupId, targetGroupName: 'Pushed', status: 'INACTIVE' as const };
    const made = await groupPushMappingApi.createGroupPushMapping({ appId, body });
    expect(made).toMatchObject({ sourceGroupId, status: 'INACTIVE' });
    const mappingId = made.id ?? '';
    const listed = await all(await groupPushMappingApi.listGroupPushMappings({ appId, sourceGroupId }));
    expect(listed.map(({ id }) => id)).toEqual([mappingId]);
    const active = { appId, mappingId, body: { status: 'ACTIVE' as const } };
    expect((await groupPushMappingApi.updateGroupPushMapping(active)).status).toBe('ACTIVE');
    await expect(
      groupPushMappingApi.deleteGroupPushMapping({ appId, mappingId, deleteTargetGroup: false }),
    ).rejects.toMatchObject({
      status: 400,
    });
    await groupPushMappingApi.updateGroupPushMapping({ ...active, body: { status: 'INACTIVE' } });
    expect((await groupPushMappingApi.getGroupPushMapping({ appId, mappingId })).status).toBe('INACTIVE');
    await groupPushMappingApi.deleteGroupPushMapping({ appId, mappingId, deleteTargetGroup: false });
    await expect(groupPushMappingApi.getGroupPushMapping({ appId, mappingId })).rejects.toMatchObject({ status: 404 });
  });

  test('mappings and the schema of the app', async () => {
    const { profileMappingApi, schemaApi } = sdk.client;
    const [listed] = await all(await profileMappingApi.listProfileMappings({ targetId: appId }));
    const mappingId = listed?.id ?? '';
    const profileMapping = { properties: { nickName: { expression: 'user.firstName', pushStatus: 'PUSH' as const } } };
    const changed = await profileMappingApi.updateProfileMapping({ mappingId, profileMapping });
    expect(changed.properties).toHaveProperty('nickName');
    const schema = await schemaApi.getApplicationUserSchema({ appInstanceId: appId });
    expect(schema.definitions?.base?.properties).toHaveProperty('nickName');
  });

  test('an app is deleted once it is off', async () => {
    const { applicationApi } = sdk.client;
    await expect(applicationApi.deleteApplication({ appId })).rejects.toMatchObject({ status: 403 });
    await applicationApi.deactivateApplication({ appId });
    await applicationApi.deleteApplication({ appId });
    await expect(applicationApi.getApplication({ appId })).rejects.toMatchObject({ status: 404 });
  });
});
