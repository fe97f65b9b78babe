import { afterEach, describe, expect, test } from 'vitest';
import { startFaultyApp, type Behaviour, type FaultyApp } from '../../../test/apps/faulty-app.ts';
import { openScim, type OpenScimOptions } from '../../../test/apps/open-scim.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { Json } from '../../lib/json.ts';
import type { Account, Connection, DesiredAccount } from '../contract.ts';

const closers: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(
  behaviour: Partial<Behaviour> = {},
  options: OpenScimOptions = {},
): Promise<{ app: FaultyApp; connection: Connection }> {
  const app = await startFaultyApp({ behaviour });
  closers.push(() => app.close());
  return { app, connection: reopen(app, options) };
}

function reopen(app: FaultyApp, options: OpenScimOptions = {}): Connection {
  const connection = openScim(app.url, options);
  closers.push(() => connection.close());
  return connection;
}

let people = 0;

function person(givenName: string, profile: DesiredAccount['profile'] = {}): DesiredAccount {
  const correlationId = `00u${++people}`;
  const userName = `${givenName.toLowerCase()}${people}@example.com`;
  const full = { givenName, familyName: 'Lovelace', email: userName, title: 'Analyst', department: 'Numbers' };
  return { userName, active: true, correlationId, profile: { ...full, ...profile } };
}

/** `METHOD /path` of the requests since `from`, without ids and queries. */
function sent(app: FaultyApp, from = 0): string[] {
  return app.journal
    .slice(from)
    .map(({ method, path }) => `${method} ${path.split('?')[0]?.replace(/(\/\w+\/).*/, '$1:id')}`);
}

async function listAll(connection: Connection): Promise<Account[]> {
  const all: Account[] = [];
  let cursor: string | undefined;
  do {
    const page = await connection.list?.(cursor, never);
    all.push(...(page?.accounts ?? []));
    cursor = page?.next;
  } while (cursor !== undefined);
  return all;
}

describe('create', () => {
  test('is one request, and its body is the resource', async () => {
    const { app, connection } = await start();
    const ada = { ...person('Ada', { mobile: '+44 1' }), password: 'pw-1' };
    await connection.create(ada, never);
    expect(sent(app)).toEqual(['POST /Users']);
    expect(JSON.parse(app.journal[0]?.body ?? '')).toEqual({
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ],
      userName: ada.userName,
      externalId: ada.correlationId,
      active: true,
      password: 'pw-1',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ primary: true, type: 'work', value: ada.userName }],
      phoneNumbers: [{ type: 'mobile', value: '+44 1' }],
      title: 'Analyst',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Numbers' },
    });
    expect(app.journal[0]?.headers).toMatchObject({
      'user-agent': 'Usher SCIM Client 0.1',
      accept: 'application/scim+json, application/json',
      'content-type': 'application/scim+json',
      authorization: 'Bearer secret',
    });
  });

  test('with partial answers reads back once, then never again', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({ createAnswer: 'partial' }, { learned });
    expect((await connection.create(person('Ada'), never)).ignored).toEqual([]);
    expect(sent(app)).toEqual(['POST /Users', 'GET /Users/:id']);
    const ben = person('Ben');
    const { account, ignored } = await connection.create(ben, never);
    expect(sent(app, 2)).toEqual(['POST /Users']);
    expect({ ignored, profile: account.profile }).toEqual({ ignored: [], profile: ben.profile });
    await reopen(app, { learned }).create(person('Cleo'), never);
    expect(sent(app, 3)).toEqual(['POST /Users']);
  });

  test('reports what the app drops, and asks about it once', async () => {
    const { app, connection } = await start({ ignores: ['title'] });
    expect((await connection.create(person('Ada'), never)).ignored).toEqual(['title']);
    expect((await connection.create(person('Ben'), never)).ignored).toEqual(['title']);
    expect(sent(app)).toEqual(['POST /Users', 'GET /Users/:id', 'POST /Users']);
  });

  test('an account that comes inactive is activated', async () => {
    const { app, connection } = await start({ createsInactive: true });
    expect((await connection.create(person('Ada'), never)).account.active).toBe(true);
    expect(sent(app)).toEqual(['POST /Users', 'PATCH /Users/:id']);
    expect(app.users()[0]).toMatchObject({ active: true });
    const { account } = await connection.create({ ...person('Ben'), active: false }, never);
    expect(account.active).toBe(false);
    expect(sent(app, 2)).toEqual(['POST /Users']);
  });

  test('attributes without a value are not sent', async () => {
    const { app, connection } = await start();
    await connection.create(person('Ada', { title: null, department: null }), never);
    expect(app.users()[0]).not.toHaveProperty('title');
    expect(app.journal[0]?.body).not.toContain('enterprise');
  });

  test('of an app that takes one value each, the first goes', async () => {
    const multi = (externalName: string) => ({ title: 'x', type: 'string', externalName }) as const;
    const attributes = {
      work: multi("emails.^[type=='work'].value"),
      home: multi("emails.^[type=='home'].value"),
      roles: { title: 'Roles', type: 'array', items: { type: 'string' }, externalName: 'roles' },
    } as const;
    const { app, connection } = await start({}, { attributes, quirks: { singleValuedOnly: true } });
    const ada = { ...person('Ada'), profile: { work: 'w@x.org', home: 'h@x.org', roles: ['a', 'b'] } };
    expect((await connection.create(ada, never)).ignored).toEqual([]);
    expect(app.users()[0]).toMatchObject({ emails: [{ value: 'w@x.org' }], roles: [{ value: 'a' }] });
  });
});

describe('find by a unique attribute', () => {
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const query = { userName: 'ada@example.com', correlationId: 'k', email: 'ada@example.com' };
  const ada = {
    userName: 'old',
    externalId: 'other',
    emails: [{ type: 'work', value: 'A@example.com' }],
    title: 'T-7',
  };
  const namesake = {
    userName: 'ada@example.com',
    externalId: 'x',
    emails: [{ value: 'ada@example.com' }],
    title: 'T-8',
  };

  test.each([
    ['title', 't-7'],
    ['email', 'a@example.com'],
    ['department', 'd1'],
  ])('%s finds the account under another user name, and the namesake is nobody’s', async (uniqueAttribute, unique) => {
    const { app, connection } = await start({}, { uniqueAttribute });
    app.seed([{ ...ada, [enterprise]: { department: 'D1' } }, namesake]);
    expect(await connection.find({ ...query, unique }, never)).toMatchObject({ userName: 'old' });
    expect(await connection.find({ ...query, unique: 'nobody’s' }, never)).toBeUndefined();
    expect(await connection.find(query, never)).toBeUndefined();
  });

  test('externalId finds by our key alone, also where the app cannot be asked for it', async () => {
    for (const filterExternalId of ['works', 'everyone'] as const) {
      const behaviour = filterExternalId === 'works' ? {} : { filterExternalId };
      const { app, connection } = await start(behaviour, { uniqueAttribute: 'externalId' });
      app.seed([ada, namesake]);
      expect(await connection.find(query, never)).toBeUndefined();
      expect(await connection.find({ ...query, correlationId: 'x' }, never)).toMatchObject({
        userName: namesake.userName,
      });
    }
  });

  test('two accounts with the same value are left to a person', async () => {
    const { app, connection } = await start({}, { uniqueAttribute: 'title' });
    app.seed([ada, { ...namesake, title: 'T-7' }]);
    await expect(connection.find({ ...query, unique: 'T-7' }, never)).rejects.toMatchObject({ code: 'app_ambiguous' });
  });
});

describe('find never takes over a stranger', () => {
  test.each<Partial<Behaviour>>([
    { filterUserName: 'everyone', filterExternalId: 'everyone', filterEmail: 'everyone' },
    { filterUserName: 'everyone' },
    { filterExternalId: 'everyone' },
    { filterEmail: 'everyone' },
  ])('when filters return everyone: %o', async (behaviour) => {
    const { app, connection } = await start(behaviour);
    app.seed([{ userName: 'stranger@example.com', externalId: 'other', emails: [{ value: 's@example.com' }] }]);
    const query = { userName: 'ada@example.com', correlationId: '00uada', email: 'ada@example.com' };
    expect(await connection.find(query, never)).toBeUndefined();
  });

  test('a broken filter is learned, and not asked again', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({ filterExternalId: 'everyone', filterUserName: '500' }, { learned });
    app.seed([{ userName: 'a@example.com' }, { userName: 'b@example.com', externalId: 'k' }]);
    await connection.find({ userName: 'x', correlationId: 'y' }, never);
    expect(learned).toMatchObject({ filterExternalId: 'broken', filterUserName: 'broken' });
    const before = app.requests();
    const again = reopen(app, { learned });
    expect(await again.find({ userName: 'B@Example.com', correlationId: 'y' }, never)).toMatchObject({
      userName: 'b@example.com',
    });
    expect(app.journal.slice(before).filter(({ path }) => path.includes('filter='))).toEqual([]);
  });

  test('a proven filter answers "nobody" in four requests at most, without a scan', async () => {
    const { app, connection } = await start();
    app.seed(Array.from({ length: 500 }, (_, n) => ({ userName: `u${n}@example.com` })));
    await connection.find({ userName: 'x', correlationId: 'y' }, never);
    const before = app.requests();
    await connection.find({ userName: 'X', correlationId: 'z', email: 'q@example.com' }, never);
    expect(app.requests() - before).toBeLessThanOrEqual(4);
  });

  test('finds that wait together share one scan', async () => {
    const { app, connection } = await start({ filterUserName: '400', filterExternalId: '400', filterEmail: '400' });
    app.seed(Array.from({ length: 250 }, (_, n) => ({ userName: `u${n}@example.com` })));
    const names = Array.from({ length: 20 }, (_, n) => `U${n}@example.com`);
    const found = await Promise.all(names.map((userName) => connection.find({ userName, correlationId: 'k' }, never)));
    expect(found.map((account) => account?.userName)).toEqual(names.map((name) => name.toLowerCase()));
    const pages = app.journal.filter(({ path }) => path.includes('startIndex') && !path.includes('filter'));
    // Twenty scans would be eighty pages.
    expect(pages.length).toBeLessThanOrEqual(24);
  });

  test('two accounts that fit equally well are ambiguous, one that fits to the letter is not', async () => {
    const { app, connection } = await start({ uniqueness: 'exact' });
    app.seed([{ userName: 'Ada@example.com' }, { userName: 'ADA@example.com' }]);
    const find = (userName: string) => connection.find({ userName, correlationId: 'k' }, never);
    await expect(find('ada@example.com')).rejects.toMatchObject({ code: 'app_ambiguous' });
    expect(await find('ADA@example.com')).toMatchObject({ userName: 'ADA@example.com' });
  });

  test('two accounts with the same e-mail are ambiguous', async () => {
    const { app, connection } = await start();
    const emails = [{ value: 'team@example.com' }];
    app.seed([
      { userName: 'a', emails },
      { userName: 'b', emails },
    ]);
    const found = connection.find({ userName: 'ada', correlationId: 'k', email: 'team@example.com' }, never);
    await expect(found).rejects.toMatchObject({ code: 'app_ambiguous' });
  });

  test('names and keys with quotes and backslashes are escaped', async () => {
    const { app, connection } = await start();
    const odd = 'a"b\\c & d@example.com';
    app.seed([{ userName: 'z' }, { userName: odd }]);
    expect(await connection.find({ userName: odd, correlationId: '"' }, never)).toMatchObject({ userName: odd });
  });
});

describe('update', () => {
  test('is one PATCH where the answer shows the whole account', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    await connection.update?.(account.externalId, { profile: { title: 'Countess', givenName: 'Augusta' } }, never);
    expect(sent(app, 1)).toEqual(['PATCH /Users/:id']);
    expect(JSON.parse(app.journal[1]?.body ?? '')).toMatchObject({
      Operations: [
        { op: 'replace', path: 'title', value: 'Countess' },
        { op: 'replace', path: 'name.givenName', value: 'Augusta' },
      ],
    });
  });

  test('reads back after 204', async () => {
    const { app, connection } = await start({ patchAnswer: '204' });
    const { account } = await connection.create(person('Ada'), never);
    await connection.update?.(account.externalId, { profile: { title: 'Countess' } }, never);
    expect(sent(app, 1)).toEqual(['PATCH /Users/:id', 'GET /Users/:id']);
  });

  test('what worked is remembered, also by the next connection', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({ patch: '501' }, { learned });
    const { account } = await connection.create(person('Ada'), never);
    await connection.update?.(account.externalId, { profile: { title: 'One' } }, never);
    expect(learned).toMatchObject({ updateDialect: 'put' });
    const before = app.requests();
    await connection.update?.(account.externalId, { profile: { title: 'Two' } }, never);
    await reopen(app, { learned }).update?.(account.externalId, { profile: { title: 'Three' } }, never);
    expect(sent(app, before)).toEqual(['GET /Users/:id', 'PUT /Users/:id', 'GET /Users/:id', 'PUT /Users/:id']);
  });

  test('PUT keeps attributes that are not ours', async () => {
    const { app, connection } = await start({ patch: '501' });
    app.seed([{ userName: 'ada', nickName: 'Enchantress', name: { givenName: 'Ada', middleName: 'K' } }]);
    const id = String(app.users()[0]?.['id']) as ExternalId;
    await connection.update?.(id, { profile: { givenName: 'Augusta' } }, never);
    expect(app.users()[0]).toMatchObject({ nickName: 'Enchantress', name: { givenName: 'Augusta', middleName: 'K' } });
  });

  test('an attribute that cannot be set is reported, chased once, and forgiven when the app is mended', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({ ignores: ['title'] }, { learned });
    const { account } = await connection.create(person('Ada'), never);
    const change = { profile: { title: 'Countess', givenName: 'Augusta' } };
    expect((await connection.update?.(account.externalId, change, never))?.ignored).toEqual(['title']);
    expect(learned).toMatchObject({ ignoredAttributes: ['title'] });
    const before = app.requests();
    expect((await connection.update?.(account.externalId, change, never))?.ignored).toEqual(['title']);
    expect(sent(app, before)).toEqual(['PATCH /Users/:id']);
    app.behave({ ignores: [] });
    expect((await connection.update?.(account.externalId, change, never))?.ignored).toEqual([]);
    expect(learned).toMatchObject({ ignoredAttributes: [] });
  });

  test.each([
    [{ active: false }, { deactivate: 'ignored' } as const],
    [{ userName: 'new@example.com' }, { ignores: [] }],
  ])('a change of %o the app does not make is an error', async (change, behaviour) => {
    const { app, connection } = await start(behaviour);
    const { account } = await connection.create(person('Ada'), never);
    const shown = JSON.stringify({ ...app.users()[0] });
    app.fail({ on: 'PATCH', effect: 'before', status: 200, body: shown });
    app.fail({ on: 'PUT', effect: 'before', status: 200, body: shown });
    const attempt = connection.update?.(account.externalId, { ...change, profile: {} }, never);
    await expect(attempt).rejects.toMatchObject({ code: 'app_ignored_write' });
  });

  test('reactivation travels with the other changes in one request', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    await connection.deactivate?.(account.externalId, never);
    const before = app.requests();
    await connection.update?.(account.externalId, { active: true, profile: { title: 'Back' } }, never);
    expect(sent(app, before)).toEqual(['PATCH /Users/:id']);
  });

  test('a version is sent where the app supports it, and a 412 is answered with a second look', async () => {
    const { app, connection } = await start({ etag: 'real', patch: '501' });
    await connection.test(never);
    const { account } = await connection.create(person('Ada'), never);
    app.fail({ on: 'PUT', effect: 'before', status: 412, body: '{}', times: 1 });
    await connection.update?.(account.externalId, { profile: { title: 'Countess' } }, never);
    const puts = app.journal.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ headers, status }) => [typeof headers['if-match'], status])).toEqual([
      ['string', 412],
      ['string', 200],
    ]);
  });

  test('a meaningless ETag is not sent', async () => {
    const { app, connection } = await start({ etag: 'meaningless', patch: '501' });
    await connection.test(never);
    const { account } = await connection.create(person('Ada'), never);
    await connection.update?.(account.externalId, { profile: { title: 'Countess' } }, never);
    expect(app.journal.filter(({ headers }) => headers['if-match'] !== undefined)).toEqual([]);
  });

  test('a refused value is refused with the words of the app', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    const body = JSON.stringify({ detail: 'The title is too long', status: 400 });
    for (const on of ['PATCH', 'PUT']) app.fail({ on, effect: 'before', status: 400, body });
    const attempt = connection.update?.(account.externalId, { profile: { title: 'Countess' } }, never);
    await expect(attempt).rejects.toMatchObject({
      code: 'app_rejected',
      appAnswer: { detail: 'The title is too long' },
    });
  });

  test('another form of the same value is kept, and recorded as it was sent', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    const shown = { ...app.users()[0], emails: [{ type: 'work', value: 'ada@x.org' }] };
    app.fail({ on: 'PATCH', effect: 'after', body: JSON.stringify(shown) });
    const result = await connection.update?.(account.externalId, { profile: { email: 'Ada@X.org' } }, never);
    expect(result).toMatchObject({ ignored: [], account: { profile: { email: 'Ada@X.org' } } });
    expect(sent(app, 1)).toEqual(['PATCH /Users/:id']);
  });
});

describe('deactivate and remove', () => {
  test('first in the form every server understands', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    await connection.deactivate?.(account.externalId, never);
    expect(sent(app, 1)).toEqual(['PATCH /Users/:id']);
    expect(JSON.parse(app.journal[1]?.body ?? '')).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { active: false } }],
    });
  });

  test('an app that ignores it is named, not believed', async () => {
    const { connection } = await start({ deactivate: 'ignored' });
    const { account } = await connection.create(person('Ada'), never);
    await expect(connection.deactivate?.(account.externalId, never)).rejects.toMatchObject({
      code: 'app_ignored_write',
    });
  });

  test('a delete that deleted nothing is named', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    app.fail({ on: 'DELETE', effect: 'before', status: 204, body: '' });
    await expect(connection.remove?.(account.externalId, never)).rejects.toMatchObject({ code: 'app_ignored_write' });
  });

  test('an app that refuses to deactivate twice has done what was asked', async () => {
    const { app, connection } = await start();
    const { account } = await connection.create(person('Ada'), never);
    await connection.deactivate?.(account.externalId, never);
    for (const on of ['PATCH', 'PUT']) app.fail({ on, effect: 'before', status: 400, body: '{"detail":"inactive"}' });
    await connection.deactivate?.(account.externalId, never);
    const attempt = connection.update?.(account.externalId, { active: true, profile: {} }, never);
    await expect(attempt).rejects.toMatchObject({ code: 'app_rejected' });
  });

  test('no DELETE is unsupported', async () => {
    const { connection } = await start({ remove: '405' });
    const { account } = await connection.create(person('Ada'), never);
    await expect(connection.remove?.(account.externalId, never)).rejects.toMatchObject({ code: 'unsupported' });
    expect((await start({}, { quirks: { noRemove: true } })).connection.remove).toBeUndefined();
  });
});

describe('list', () => {
  test('goes on elsewhere from its cursor', async () => {
    const { app, connection } = await start({}, { pageSize: 2 });
    app.seed(['a', 'b', 'c', 'd', 'e'].map((userName) => ({ userName })));
    const first = await connection.list?.(undefined, never);
    const second = await reopen(app, { pageSize: 2 }).list?.(first?.next, never);
    expect([...(first?.accounts ?? []), ...(second?.accounts ?? [])].map(({ userName }) => userName)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('accounts removed and added meanwhile do not end it early', async () => {
    const { app, connection } = await start({}, { pageSize: 2 });
    app.seed(['a', 'b', 'c', 'd', 'e', 'f'].map((userName) => ({ userName })));
    const first = await connection.list?.(undefined, never);
    app.seed([{ userName: 'g' }]);
    const names = new Set(first?.accounts.map(({ userName }) => userName));
    let cursor = first?.next;
    while (cursor !== undefined) {
      const page = await connection.list?.(cursor, never);
      page?.accounts.forEach(({ userName }) => names.add(userName));
      cursor = page?.next;
    }
    expect([...names].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  test('the declared page size is asked for', async () => {
    const { app, connection } = await start({}, { quirks: { pageSizeMax: 50 } });
    await connection.list?.(undefined, never);
    expect(app.journal[0]?.path).toContain('count=50');
  });

  test.each([
    ['{}', 'without Resources'],
    ['{"totalResults":3}', 'without Resources'],
    ['{"Resources":[{"userName":"a"}]}', 'without an id'],
    ['<html><title>Sign in</title></html>', 'HTML'],
    ['[]', 'not a JSON object'],
  ])('%s is not taken for an empty app', async (body, message) => {
    const { app, connection } = await start();
    app.fail({ on: 'GET /Users', effect: 'before', status: 200, body });
    await expect(connection.list?.(undefined, never)).rejects.toThrow(message);
  });

  test('a foreign cursor is refused', async () => {
    const { connection } = await start();
    await expect(connection.list?.('1 OR 1', never)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('accounts are read in the shape of the profile', async () => {
    const { app, connection } = await start({ activeForm: 'text' });
    app.seed([{ userName: 'ada', externalId: 'k', emails: [{ value: 'a@x.org' }], title: 7, active: false }]);
    expect(await listAll(connection)).toMatchObject([
      { userName: 'ada', active: false, correlationId: 'k', profile: { email: 'a@x.org', title: '7' } },
    ]);
  });
});

describe('groups', () => {
  test('members go in chunks, and present ones are not sent again', async () => {
    const { app, connection } = await start({ memberTwice: 'doubled' }, { quirks: { membersPerPatchMax: 10 } });
    const ids = Array.from({ length: 25 }, (_, n) => `m${n}` as ExternalId);
    const group = await connection.groups?.create('Engines', never);
    if (!group) throw new Error('no group');
    await connection.groups?.changeMembers(group.externalId, { add: ids.slice(0, 20), remove: [] }, never);
    await connection.groups?.changeMembers(group.externalId, { add: ids, remove: [] }, never);
    const patches = app.journal
      .filter(({ method }) => method === 'PATCH')
      .map(({ body }) => body.match(/"m\d+"/g)?.length);
    expect(patches).toEqual([10, 10, 5]);
    expect(app.groups()[0]?.['members']).toHaveLength(25);
  });

  test('a group is found whatever the filter does, and in the form the app gives its name', async () => {
    for (const filterUserName of ['works', 'everyone', 'nothing', '400'] as const) {
      const { connection } = await start({ filterUserName }, { pageSize: 2 });
      for (const name of ['Ops', 'data-science', 'Sales', 'Finance']) await connection.groups?.create(name, never);
      expect(await connection.groups?.find('Data Science', never)).toMatchObject({ name: 'data-science' });
      expect(await connection.groups?.find('Legal', never)).toBeUndefined();
    }
  });

  test('link-only groups and immutable names are said so', async () => {
    const { connection } = await start({}, { quirks: { groupsLinkOnly: true, groupNameImmutable: true } });
    const id = 'g1' as ExternalId;
    await expect(connection.groups?.create('x', never)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(connection.groups?.remove(id, never)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(connection.groups?.rename(id, 'x', never)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('an app without groups has no group operations once that is known', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({}, { learned });
    app.fail({ on: 'GET /Groups', effect: 'before', status: 404, body: '' });
    await connection.test(never);
    expect(reopen(app, { learned }).groups).toBeUndefined();
  });
});

describe('bulk', () => {
  const operations = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ kind: 'create', desired: person(`P${n}`) }) as const);

  test('is there once the app advertised it, and keeps to its limit', async () => {
    const learned: { [fact: string]: Json } = {};
    const { app, connection } = await start({ bulk: 'works', bulkMax: 10 }, { learned });
    expect(connection.bulk).toBeUndefined();
    await connection.test(never);
    const { bulk } = reopen(app, { learned });
    const before = app.requests();
    const outcomes = await bulk?.run(operations(25), never);
    expect(outcomes?.every(({ ok }) => ok)).toBe(true);
    expect(sent(app, before)).toEqual(['POST /Bulk', 'POST /Bulk', 'POST /Bulk']);
    expect(app.users()).toHaveLength(25);
    expect(learned).toMatchObject({ bulk: 'works' });
  });

  test('outcomes stand in the order of the operations, each with its own error', async () => {
    const learned = { bulk: 'works' };
    const { app, connection } = await start({ bulk: 'works' }, { learned });
    const [first, second, third] = operations(3);
    if (!first || !second || !third) throw new Error('three operations');
    const { account } = await connection.create(second.desired, never);
    const update = { kind: 'update', externalId: account.externalId, change: { profile: { title: 'New' } } } as const;
    const outcomes = await connection.bulk?.run([update, first, second, third], never);
    expect(outcomes?.map((outcome) => (outcome.ok ? 'ok' : (outcome.error as { code: string }).code))).toEqual([
      ...['ok', 'ok', 'app_account_exists', 'ok'],
    ]);
    expect(app.users()).toHaveLength(3);
  });

  test('that does not work is given up for good, and nothing is lost', async () => {
    const learned: { [fact: string]: Json } = { bulk: 'advertised' };
    const { app, connection } = await start({ bulk: 'advertised-broken' }, { learned });
    const outcomes = await connection.bulk?.run(operations(3), never);
    expect(outcomes?.every(({ ok }) => ok)).toBe(true);
    expect(sent(app)).toEqual(['POST /Bulk', 'POST /Users', 'POST /Users', 'POST /Users']);
    expect(learned).toMatchObject({ bulk: 'broken' });
    expect(reopen(app, { learned }).bulk).toBeUndefined();
  });

  test('whose answer is lost leaves every outcome open', async () => {
    const { app, connection } = await start({ bulk: 'works' }, { learned: { bulk: 'works' } });
    app.fail({ on: '/Bulk', effect: 'after', transport: 'reset' });
    const outcomes = await connection.bulk?.run(operations(3), never);
    for (const outcome of outcomes ?? []) expect(outcome).toMatchObject({ ok: false, error: { outcomeUnknown: true } });
    expect(app.users()).toHaveLength(3);
  });
});

describe('test and discovery', () => {
  test('only reads, and says what it found', async () => {
    const { app, connection } = await start();
    const { findings } = await connection.test(never);
    expect(findings.map(({ subject, ok }) => [subject, ok])).toEqual([
      ['Accounts', true],
      ['Groups', true],
      ['Capabilities', true],
    ]);
    expect(new Set(app.journal.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  test('a bad token is the first thing that is wrong', async () => {
    const { connection } = await start({ token: 'another' });
    await expect(connection.test(never)).rejects.toMatchObject({ code: 'app_credentials_refused' });
  });

  test('a wrong base URL is named as that', async () => {
    const { app } = await start();
    const connection = openScim(`${app.url}/nowhere`);
    closers.push(() => connection.close());
    await expect(connection.test(never)).rejects.toThrow('Check the base URL');
  });

  test.each(['404', '500'] as const)(
    'an app that answers %s to discovery is usable, and has no schema',
    async (discovery) => {
      const { connection } = await start({ discovery });
      const { findings } = await connection.test(never);
      expect(findings.map(({ ok }) => ok)).toEqual([true, true, false]);
      expect(await connection.discoverSchema?.(never)).toEqual({});
    },
  );

  test('the schema becomes attribute definitions', async () => {
    const { connection } = await start();
    const definitions = await connection.discoverSchema?.(never);
    expect(Object.keys(definitions ?? {})).toEqual([
      ...['givenName', 'familyName', 'displayName', 'emailsWork', 'emailsHome', 'badge', 'tags'],
      ...['department', 'costCenter', 'managerValue', 'managerDisplayName'],
    ]);
    expect(definitions).toMatchObject({
      givenName: { type: 'string', externalName: 'name.givenName' },
      emailsWork: { externalName: "emails.^[type=='work'].value", format: 'email' },
      badge: { type: 'integer', mutability: 'READ_ONLY' },
      tags: { type: 'array', items: { type: 'string' } },
      costCenter: {
        enum: ['A', 'B'],
        externalNamespace: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      },
    });
    // What was discovered opens a connection.
    const { app } = await start();
    const again = reopen(app, { attributes: definitions ?? {} });
    const ada = {
      ...person('Ada'),
      profile: { givenName: 'Ada', emailsWork: 'a@x.org', tags: ['x'], managerValue: '7', badge: 3 },
    };
    expect((await again.create(ada, never)).ignored).toEqual([]);
    expect(app.users()[0]).toMatchObject({ name: { givenName: 'Ada' }, tags: ['x'] });
    expect(app.users()[0]).not.toHaveProperty('badge');
  });
});
