import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, type ExternalId } from '../lib/ids.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Account, Connection, DesiredAccount, GroupOperations } from './contract.ts';

/** What the kit needs of a connector under test. */
export interface ConformanceTarget {
  readonly connection: Connection;
  /** False for an app that keeps our key but cannot be asked for it. */
  readonly findsByKey?: boolean;
  /** Empties the app; called before each test. */
  reset?(): Promise<void> | void;
  close?(): Promise<void>;
}

/** The attributes the kit writes; open the connection with these, or with as many of them as the app has. */
export const conformanceAttributes: AttributeDefinitions = {
  givenName: { title: 'First name', type: 'string', externalName: 'name.givenName' },
  familyName: { title: 'Last name', type: 'string', externalName: 'name.familyName' },
  email: { title: 'E-mail', type: 'string', format: 'email', externalName: "emails.^[type=='work'].value" },
  title: { title: 'Title', type: 'string', externalName: 'title' },
  mobile: { title: 'Mobile', type: 'string', externalName: "phoneNumbers.^[type=='mobile'].value" },
  department: {
    title: 'Department',
    type: 'string',
    externalName: 'department',
    externalNamespace: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  },
  costCenter: {
    title: 'Cost center',
    type: 'string',
    externalName: 'costCenter',
    externalNamespace: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  },
};

const never = new AbortController().signal;

/**
 * A connector is done when `conformance('name', open)` passes: what the engine relies on, asked of a real app.
 * Operations the connection does not have are left out. Names are new in every run, so the app need not be empty.
 */
export function conformance(name: string, open: () => Promise<ConformanceTarget>): void {
  describe(name, () => {
    let target: ConformanceTarget;
    let app: Connection;
    beforeAll(async () => {
      target = await open();
      app = target.connection;
    });
    beforeEach(() => target.reset?.());
    afterAll(async () => {
      await target.connection.close();
      await target.close?.();
    });

    test('the connection test finds the app usable', async () => {
      const { findings } = await app.test(never);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings[0]).toMatchObject({ ok: true });
    });

    accounts(
      () => app,
      () => target.findsByKey !== false,
    );
    changes(() => app);
    lifeCycle(() => app);
    groups(() => app);
  });
}

function accounts(connection: () => Connection, findsByKey: () => boolean): void {
  test('a created account has an id, its name, and what was sent', async () => {
    const ada = person('Ada');
    const { account, ignored } = await connection().create(ada, never);
    expect(account.externalId).not.toBe('');
    expect(account.userName.toLowerCase()).toBe(ada.userName.toLowerCase());
    expect(account.active ?? true).toBe(true);
    expect(ignored).toEqual([]);
    expect(await seen(connection(), account)).toMatchObject(folded(ada.profile));
  });

  test('a second create of the same name says app_account_exists', async () => {
    const ada = person('Ada');
    await connection().create(ada, never);
    const again = connection().create({ ...ada, correlationId: newId('user') }, never);
    await expect(again).rejects.toMatchObject({ code: 'app_account_exists' });
  });

  test('an account is found by its name in any letter case', async () => {
    const ada = person('Ada');
    const { account } = await connection().create(ada, never);
    const stranger = newId('user');
    for (const userName of [ada.userName, ada.userName.toUpperCase(), ada.userName.toLowerCase()]) {
      const found = await connection().find({ userName, correlationId: stranger }, never);
      expect(found?.externalId, userName).toBe(account.externalId);
    }
  });

  test('nobody is found where nobody is meant', async () => {
    await connection().create(person('Ada'), never);
    await connection().create(person('Ben'), never);
    const query = { userName: `nobody-${newId('user')}@example.com`, correlationId: newId('user') };
    expect(await connection().find(query, never)).toBeUndefined();
    expect(await connection().find({ ...query, email: query.userName }, never)).toBeUndefined();
  });

  test('an account is found by the key it was made with, or by its e-mail address', async () => {
    const ada = person('Ada');
    const { account } = await connection().create(ada, never);
    const renamed = `renamed-${newId('user')}@example.com`;
    if (account.correlationId !== undefined && findsByKey()) {
      const found = await connection().find({ userName: renamed, correlationId: ada.correlationId }, never);
      expect(found?.externalId).toBe(account.externalId);
    }
    const email = String(ada.profile['email']);
    const found = await connection().find({ userName: renamed, correlationId: newId('user'), email }, never);
    expect(found?.externalId).toBe(account.externalId);
  });

  test('a missing account reads as undefined', async ({ skip }) => {
    const { read } = connection();
    if (!read) return skip();
    expect(await read('no-such-account' as ExternalId, never)).toBeUndefined();
  });

  test('a listing shows every account once', async ({ skip }) => {
    const app = connection();
    if (!app.list) return skip();
    const ids: string[] = [];
    for (const name of ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Fay', 'Gil']) {
      ids.push((await app.create(person(name), never)).account.externalId);
    }
    const listed = (await listAll(app)).map(({ externalId }) => externalId);
    expect(listed.filter((id) => ids.includes(id)).sort()).toEqual(ids.sort());
  });
}

function changes(connection: () => Connection): void {
  test('a change of one attribute leaves the others', async ({ skip }) => {
    const app = connection();
    if (!app.update) return skip();
    for (const [attribute, value] of Object.entries({
      givenName: 'Augusta',
      department: 'Engines',
      title: 'Countess',
    })) {
      const ada = person('Ada');
      const { account } = await app.create(ada, never);
      const { ignored } = await app.update(account.externalId, { profile: { [attribute]: value } }, never);
      expect(ignored, attribute).toEqual([]);
      expect(await seen(app, account), attribute).toMatchObject(folded({ ...ada.profile, [attribute]: value }));
    }
  });

  test('several attributes change at once, also one that had no value', async ({ skip }) => {
    const app = connection();
    if (!app.update) return skip();
    const { mobile: _none, ...profile } = person('Ada').profile;
    const ada = { ...person('Ada'), profile };
    const { account } = await app.create(ada, never);
    const change = { mobile: '+44 20 7946 0001', familyName: 'King', costCenter: 'C2', email: `new-${ada.userName}` };
    const { ignored } = await app.update(account.externalId, { profile: change }, never);
    expect(ignored).toEqual([]);
    expect(await seen(app, account)).toMatchObject(folded({ ...ada.profile, ...change }));
  });

  test('null clears', async ({ skip }) => {
    const app = connection();
    if (!app.update) return skip();
    const ada = person('Ada');
    const { account } = await app.create(ada, never);
    const { ignored } = await app.update(account.externalId, { profile: { title: null, department: null } }, never);
    expect(ignored).toEqual([]);
    const profile = await seen(app, account);
    expect(profile['title'] ?? '').toBe('');
    expect(profile['department'] ?? '').toBe('');
    expect(profile).toMatchObject({ givenName: 'Ada', costCenter: 'C1' });
  });

  test('the name changes', async ({ skip }) => {
    const app = connection();
    if (!app.update) return skip();
    const { account } = await app.create(person('Ada'), never);
    const userName = person('Augusta').userName;
    const changed = await app.update(account.externalId, { userName, profile: {} }, never);
    expect(changed.account.userName.toLowerCase()).toBe(userName.toLowerCase());
  });

  test('a change of a missing account says app_account_gone', async ({ skip }) => {
    const app = connection();
    if (!app.update) return skip();
    const attempt = app.update('no-such-account' as ExternalId, { profile: { title: 'Ghost' } }, never);
    await expect(attempt).rejects.toMatchObject({ code: 'app_account_gone' });
  });
}

function lifeCycle(connection: () => Connection): void {
  test('an account is deactivated, and again, and comes back', async ({ skip }) => {
    const app = connection();
    if (!app.deactivate || !app.read || !app.update) return skip();
    const ada = person('Ada');
    const { account } = await app.create(ada, never);
    await app.deactivate(account.externalId, never);
    await app.deactivate(account.externalId, never);
    const left = await app.read(account.externalId, never);
    if (!left) return;
    expect(left.active ?? false).toBe(false);
    const back = await app.update(account.externalId, { active: true, profile: { title: 'Back' } }, never);
    expect(back.account.active ?? true).toBe(true);
    expect(await seen(app, account)).toMatchObject(folded({ ...ada.profile, title: 'Back' }));
  });

  test('deactivating a missing account is done already', async ({ skip }) => {
    const { deactivate } = connection();
    if (!deactivate) return skip();
    await deactivate('no-such-account' as ExternalId, never);
  });

  test('an account is removed, and again', async ({ skip }) => {
    const app = connection();
    if (!app.remove || !app.read) return skip();
    const { account } = await app.create(person('Ada'), never);
    await app.remove(account.externalId, never);
    await app.remove(account.externalId, never);
    expect((await app.read(account.externalId, never))?.active ?? false).toBe(false);
  });
}

function groups(connection: () => Connection): void {
  test('a group is created, found, renamed and removed', async ({ skip }) => {
    const { groups: app } = connection();
    if (!app) return skip();
    const name = `Engines ${newId('group')}`;
    const group = await app.create(name, never);
    expect((await app.find(name, never))?.externalId).toBe(group.externalId);
    await expect(app.create(name, never)).rejects.toMatchObject({ code: 'app_account_exists' });
    await app.rename(group.externalId, `${name} 2`, never);
    expect((await app.read(group.externalId, never))?.name).toBe(`${name} 2`);
    await app.remove(group.externalId, never);
    await app.remove(group.externalId, never);
    expect(await app.read(group.externalId, never)).toBeUndefined();
    expect(await app.find(`${name} 2`, never)).toBeUndefined();
  });

  test('members are added and removed, also twice', async ({ skip }) => {
    const { groups: app } = connection();
    if (!app) return skip();
    const [ada, ben, cleo] = await Promise.all(
      ['Ada', 'Ben', 'Cleo'].map(async (name) => (await connection().create(person(name), never)).account.externalId),
    );
    if (!ada || !ben || !cleo) throw new Error('three accounts were to be made');
    const { externalId } = await app.create(`Engines ${newId('group')}`, never);
    await app.changeMembers(externalId, { add: [ada, ben], remove: [] }, never);
    await app.changeMembers(externalId, { add: [ben, cleo], remove: [] }, never);
    await expectMembers(app, externalId, [ada, ben, cleo]);
    await app.changeMembers(externalId, { add: [], remove: [ben] }, never);
    await app.changeMembers(externalId, { add: [], remove: [ben] }, never);
    await expectMembers(app, externalId, [ada, cleo]);
    await app.changeMembers(externalId, { add: [ben], remove: [ada, cleo] }, never);
    await expectMembers(app, externalId, [ben]);
    await app.changeMembers(externalId, { add: [], remove: [ben] }, never);
    await expectMembers(app, externalId, []);
  });
}

async function expectMembers(app: GroupOperations, id: ExternalId, expected: readonly ExternalId[]): Promise<void> {
  const group = await app.read(id, never);
  if (group?.members === undefined) return;
  expect([...group.members].sort()).toEqual([...expected].sort());
}

/** The profile as the app shows it now, or as its last answer showed it where accounts cannot be read. */
async function seen(app: Connection, account: Account): Promise<Account['profile']> {
  const fresh = app.read ? await app.read(account.externalId, never) : account;
  expect(fresh).toBeDefined();
  return folded(fresh?.profile ?? {});
}

/** Apps may write e-mail addresses in lower case; that is the same address. */
function folded(profile: Account['profile']): Account['profile'] {
  return { ...profile, email: String(profile['email']).toLowerCase() };
}

async function listAll(app: Connection): Promise<readonly Account[]> {
  const all: Account[] = [];
  let cursor: string | undefined;
  do {
    const page = await app.list?.(cursor, never);
    all.push(...(page?.accounts ?? []));
    cursor = page?.next;
  } while (cursor !== undefined);
  return all;
}

function person(givenName: string): DesiredAccount {
  const correlationId = newId('user');
  const userName = `${givenName}.${correlationId}@Example.com`;
  return {
    userName,
    active: true,
    correlationId,
    profile: {
      givenName,
      familyName: 'Lovelace',
      email: `mail.${userName}`,
      title: 'Analyst',
      mobile: '+44 20 7946 0000',
      department: 'Numbers',
      costCenter: 'C1',
    },
  };
}
