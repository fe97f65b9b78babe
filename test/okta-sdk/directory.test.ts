import { afterAll, beforeAll, expect, test } from 'vitest';
import { all, describeWithHomes, openSdk, type SdkTest } from './sdk-context.ts';

describeWithHomes("the directory through Okta's SDK", (makeHome) => {
  let sdk: SdkTest;
  beforeAll(async () => {
    sdk = await openSdk(await makeHome());
  });
  afterAll(() => sdk.close());
  let people = 0;
  const addUser = async (changes: object = {}) => {
    const login = `person${(people += 1)}@acme.example`;
    const profile = { login, email: login, firstName: 'Ada', lastName: `Person ${people}`, ...changes };
    const user = await sdk.client.userApi.createUser({ body: { profile } });
    return { ...user, id: user.id ?? '' };
  };
  const addGroup = async (name: string) => {
    const group = await sdk.client.groupApi.createGroup({ group: { profile: { name } } });
    return group.id ?? '';
  };

  test('a user is created, read, changed, suspended, deactivated and deleted', async () => {
    const { userApi } = sdk.client;
    const { id, status } = await addUser({ department: 'Engines' });
    expect(status).toBe('PROVISIONED');
    await userApi.updateUser({ userId: id, user: { profile: { title: 'Countess' } } });
    const read = await userApi.getUser({ userId: id });
    expect(read.profile).toMatchObject({ department: 'Engines', title: 'Countess' });
    expect(read.created).toBeInstanceOf(Date);
    await userApi.updateUser({ userId: id, user: { credentials: { password: { value: 'correct horse' } } } });
    expect((await userApi.getUser({ userId: id })).status).toBe('ACTIVE');
    await userApi.suspendUser({ userId: id });
    await userApi.unsuspendUser({ userId: id });
    await userApi.deactivateUser({ userId: id });
    expect((await userApi.getUser({ userId: id })).status).toBe('DEPROVISIONED');
    await userApi.deleteUser({ userId: id });
    await expect(userApi.getUser({ userId: id })).rejects.toMatchObject({ status: 404, errorCode: 'E0000007' });
  });

  test('a refusal is told in its words', async () => {
    const profile = { login: 'x@acme.example', email: 'x@acme.example', firstName: 'X', lastName: 'Y', surprise: 'z' };
    await expect(sdk.client.userApi.createUser({ body: { profile } })).rejects.toThrow(
      /^Okta HTTP 400 E0000001 Api validation failed: newUser\. .*Property name 'surprise' is not defined in profile/,
    );
  });

  test('a collection goes through all pages, each person once', async () => {
    for (let count = 0; count < 5; count += 1) await addUser();
    const ids = (await all(await sdk.client.userApi.listUsers({ limit: 2 }))).map((user) => user.id);
    expect(ids.length).toBeGreaterThanOrEqual(6);
    expect(new Set(ids).size).toBe(ids.length);
    const groups = await all(await sdk.client.groupApi.listGroups({ limit: 1 }));
    expect(groups.map((group) => group.type)).toContain('BUILT_IN');
  });

  test('search, filter and q', async () => {
    const { id } = await addUser({ department: 'Looms' });
    const { userApi } = sdk.client;
    const search = 'profile.department eq "Looms"';
    expect((await all(await userApi.listUsers({ search }))).map((user) => user.id)).toEqual([id]);
    const filter = `id eq "${id}"`;
    expect((await all(await userApi.listUsers({ filter }))).map((user) => user.id)).toEqual([id]);
    expect((await all(await userApi.listUsers({ q: 'person' }))).length).toBeGreaterThan(0);
  });

  test('groups, members, and a rule that fills one', async () => {
    const { groupApi, userApi } = sdk.client;
    const byHand = await addGroup('By hand');
    const byRule = await addGroup('By rule');
    const user = await addUser({ department: 'Rules' });
    await groupApi.assignUserToGroup({ groupId: byHand, userId: user.id });
    const membersOf = async (groupId: string) =>
      (await all(await groupApi.listGroupUsers({ groupId }))).map((member) => member.id);
    expect(await membersOf(byHand)).toEqual([user.id]);
    const rule = await groupApi.createGroupRule({
      groupRule: {
        type: 'group_rule',
        name: 'Rules',
        conditions: {
          people: { users: { exclude: [] }, groups: { exclude: [] } },
          expression: { value: 'user.department == "Rules"', type: 'urn:okta:expression:1.0' },
        },
        actions: { assignUserToGroups: { groupIds: [byRule] } },
      },
    });
    const ruleId = rule.id ?? '';
    expect(rule.status).toBe('INACTIVE');
    await groupApi.activateGroupRule({ ruleId });
    await expect.poll(() => membersOf(byRule), { timeout: 10_000 }).toEqual([user.id]);
    const groups = await all(await userApi.listUserGroups({ userId: user.id }));
    expect(groups.map((group) => group.id)).toEqual(expect.arrayContaining([byHand, byRule]));
    await groupApi.deactivateGroupRule({ ruleId });
    await groupApi.deleteGroupRule({ ruleId });
    await groupApi.unassignUserFromGroup({ groupId: byHand, userId: user.id });
    expect(await membersOf(byHand)).toEqual([]);
    await groupApi.replaceGroup({ groupId: byHand, group: { profile: { name: 'Renamed', description: 'd' } } });
    expect((await groupApi.getGroup({ groupId: byHand })).profile?.name).toBe('Renamed');
    await groupApi.deleteGroup({ groupId: byHand });
  });

  test('an attribute is added to the schema, and a user has it', async () => {
    const { schemaApi, userApi } = sdk.client;
    const properties = { badge: { title: 'Badge', type: 'string' as const, maxLength: 20 } };
    const definitions = { custom: { id: '#custom', type: 'object', properties } };
    const schema = await schemaApi.updateUserProfile({ schemaId: 'default', userSchema: { definitions } });
    expect(schema.definitions?.custom?.properties).toHaveProperty('badge');
    const { id } = await addUser({ badge: '4711' });
    expect((await userApi.getUser({ userId: id })).profile).toMatchObject({ badge: '4711' });
  });

  test('what happened is in the log, the organisation and the tokens are there', async () => {
    const { systemLogApi, apiTokenApi, orgSettingApi } = sdk.client;
    const { id } = await addUser();
    const filter = `target.id eq "${id}"`;
    const until = new Date(Date.now() + 60_000).toISOString();
    const events = await all(await systemLogApi.listLogEvents({ filter, until, limit: 1 }));
    expect(events.map((event) => event.eventType)).toContain('user.lifecycle.create');
    expect((await all(await apiTokenApi.listApiTokens())).length).toBe(1);
    expect((await orgSettingApi.getWellknownOrgMetadata()).pipeline).toBe('v1');
  });

  test('owners of a group', async () => {
    const { groupApi } = sdk.client;
    const groupId = await addGroup('Owned');
    const { id } = await addUser();
    const owner = await groupApi.assignGroupOwner({ groupId, GroupOwner: { id, type: 'USER' } });
    expect([owner.id, owner.type, owner.originType]).toEqual([id, 'USER', 'OKTA_DIRECTORY']);
    const owners = await all(await groupApi.listGroupOwners({ groupId }));
    expect(owners.map((each) => each.id)).toEqual([id]);
    await groupApi.deleteGroupOwner({ groupId, ownerId: id });
    expect(await all(await groupApi.listGroupOwners({ groupId }))).toEqual([]);
  });

  test('a user type with an attribute of its own, and somebody of it', async () => {
    const { schemaApi, userApi, userTypeApi } = sdk.client;
    const userType = { name: 'contractor', displayName: 'Contractor', description: 'Paid by others' };
    const { id: typeId = '' } = await userTypeApi.createUserType({ userType });
    expect((await all(await userTypeApi.listUserTypes())).map(({ name }) => name)).toContain('contractor');
    const renamed = { ...userType, displayName: 'External' };
    expect(await userTypeApi.updateUserType({ typeId, userType: renamed })).toMatchObject({ displayName: 'External' });
    const read = await userTypeApi.getUserType({ typeId });
    const schemaId = /osc\w+/.exec(JSON.stringify(read._links))?.[0] ?? '';
    const agency = { title: 'Agency', type: 'string' as const };
    const body = { definitions: { custom: { id: '#custom', type: 'object', properties: { agency } } } };
    const schema = await schemaApi.updateUserProfile({ schemaId, userSchema: body });
    expect(schema.definitions?.custom?.properties).toHaveProperty('agency');
    const login = 'contractor@acme.example';
    const profile = { login, email: login, firstName: 'Con', lastName: 'Tractor', agency: 'Temps' };
    const user = await userApi.createUser({ body: { profile, type: { id: typeId } } });
    expect([user.type?.id, user.profile]).toEqual([typeId, expect.objectContaining({ agency: 'Temps' })]);
    await expect(userTypeApi.deleteUserType({ typeId })).rejects.toThrow('Okta HTTP 4');
    for (let count = 0; count < 2; count += 1) await userApi.deleteUser({ userId: user.id ?? '' });
    await userTypeApi.deleteUserType({ typeId });
    await expect(userTypeApi.getUserType({ typeId })).rejects.toMatchObject({ status: 404 });
  });
});
