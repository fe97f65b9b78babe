import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openDirectory, type TestDirectory } from '../../test/directory.ts';
import { describeOnDatabases } from '../../test/database.ts';
import type { Rights } from '../domain/rights.ts';
import type { AttributeDefinition } from '../domain/profile-schema.ts';
import { asUsherError } from '../lib/errors.ts';
import type { GroupId, UserId } from '../lib/ids.ts';
import { importPeople } from './people-import.ts';
import { claimValues } from './unique-values.ts';
import { createUserType } from './user-types.ts';
import { updateUserSchema } from './user-schema.ts';
import { createUser, replaceUser, updateUser } from './users.ts';

const badge: AttributeDefinition = { title: 'Badge', type: 'string', unique: true };

describeOnDatabases('unique attributes', (database) => {
  let on: TestDirectory;
  beforeAll(async () => {
    on = await openDirectory(database);
  });
  beforeEach(async () => {
    on = await openDirectory(database);
    await updateUserSchema(on.context, { custom: { badge } });
  });
  const personOf = (name: string, profile: Record<string, string | number | null> = {}) => ({
    ...{ login: `${name}@acme.example`, email: `${name}@acme.example`, firstName: name, lastName: 'Tester' },
    ...profile,
  });
  const add = async (name: string, profile: Record<string, string | number | null> = {}) =>
    (await createUser(on.context, { profile: personOf(name, profile) })).id;
  const fault = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => asUsherError(thrown),
    );
    return error === undefined ? undefined : [error.code, error.causes[0]?.field, error.causes[0]?.reason];
  };
  const load = (...lines: readonly string[]) =>
    importPeople(
      on.context,
      (async function* () {
        yield Buffer.from(lines.join('\n'));
      })(),
    );

  test('a value is one person’s, in any letter case, until they let go of it', async () => {
    const ada = await add('ada', { badge: 'A-1' });
    const taken = ['conflict', 'badge', 'must be unique, and ada@acme.example has this value already'];
    expect(await fault(add('bob', { badge: 'a-1' }))).toEqual(taken);
    const bob = await add('bob', { badge: '' });
    await add('cem', { badge: '' });
    expect(await fault(updateUser(on.context, bob, { profile: { badge: 'A-1' } }))).toEqual(taken);
    await updateUser(on.context, ada, { profile: { badge: 'a-1', title: 'Countess' } });
    await updateUser(on.context, ada, { profile: { badge: null } });
    await updateUser(on.context, bob, { profile: { badge: 'A-1' } });
    await replaceUser(on.context, bob, { profile: personOf('bob') });
    await add('dee', { badge: 'A-1' });
  });

  test('of twenty who want it at once one gets it', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `many${index}`);
    const faults = await Promise.all(names.map((name) => fault(add(name, { badge: 'B-1' }))));
    expect(faults.filter((each) => each === undefined)).toHaveLength(1);
    expect(new Set(faults.flatMap((each) => (each === undefined ? [] : [each[0]])))).toEqual(new Set(['conflict']));
    expect(await on.db.query(`select 1 from users where profile->>'badge' = 'B-1'`)).toHaveLength(1);
  });

  test('who sees only some people is not told who has it', async () => {
    await add('ada', { badge: 'A-1' });
    const rights: Rights = [{ role: 'USER_ADMIN', apps: 'all', groups: ['00g00000000000000001' as GroupId] }];
    const context = { ...on.context, actor: { ...on.context.actor, type: 'User' as const }, rights };
    const work = on.db.transaction(async (tx) => {
      const [row] = await tx.query<{ id: UserId }>(
        `insert into users (id, type_id, status, login_key, profile)
         select '00u00000000000000001', type_id, status, 'eve@acme.example', profile || '{"login":"eve@acme.example"}'
         from users where login_key = 'ada@acme.example' returning id`,
      );
      await claimValues(context, tx, row === undefined ? [] : [row.id]);
    });
    expect(await fault(work)).toEqual([
      'conflict',
      'badge',
      'must be unique, and somebody else has this value already',
    ]);
  });

  test('it is a matter of each type of people', async () => {
    await add('ada', { badge: 'A-1' });
    const type = await createUserType(on.context, { name: 'contractor', displayName: 'Contractor', description: null });
    await updateUserSchema(on.context, { custom: { badge } }, type.schemaId);
    const profile = personOf('con', { badge: 'A-1' });
    const { id } = await createUser(on.context, { profile, typeId: type.id });
    const [employees] = await on.db.query<{ id: typeof type.id }>('select id from user_types where is_default');
    const move = { profile, ...(employees === undefined ? {} : { typeId: employees.id }) };
    expect(await fault(replaceUser(on.context, id, move))).toEqual([
      'conflict',
      'badge',
      'must be unique, and ada@acme.example has this value already',
    ]);
  });

  test('an attribute becomes unique once nobody shares a value, and may stop being so', async () => {
    const desk = { title: 'Desk', type: 'integer' } as const;
    await updateUserSchema(on.context, { custom: { desk } });
    const ada = await add('ada', { desk: 7 });
    await add('bob', { desk: 7 });
    const unique = { custom: { desk: { ...desk, unique: true } } };
    expect(await fault(updateUserSchema(on.context, unique))).toEqual([
      'invalid_input',
      'desk',
      `'desk' cannot be unique: 1 of its values are shared, such as "7" by ada@acme.example, bob@acme.example`,
    ]);
    await updateUser(on.context, ada, { profile: { desk: 8 } });
    await updateUserSchema(on.context, unique);
    expect(await fault(add('cem', { desk: 8 }))).toEqual(expect.arrayContaining(['conflict', 'desk']));
    await updateUserSchema(on.context, { custom: { desk } });
    await add('cem', { desk: 8 });
    expect(await fault(updateUserSchema(on.context, { custom: { flag: { ...badge, type: 'boolean' } } }))).toEqual([
      'invalid_input',
      'flag',
      `'flag' is of type boolean, which cannot be unique`,
    ]);
  });

  test('a load names the lines that clash with each other and with the directory, and writes nothing', async () => {
    await add('ada', { badge: 'A-1' });
    const header = 'login,email,firstName,lastName,badge';
    const line = (name: string, value: string) => `${name}@acme.example,${name}@acme.example,${name},Tester,${value}`;
    const refused = await load(header, line('bob', 'a-1'), line('cem', 'C-1'), line('dee', 'c-1'), line('ada', 'A-1'));
    expect(refused.status).toBe('REFUSED');
    expect(refused.failed.map(({ line: number, reason }) => [number, reason])).toEqual([
      [2, 'The badge must be unique, and ada@acme.example has this value already.'],
      [4, 'Lines 3 and 4 have the same badge, which must be unique.'],
      [5, 'Lines 2 and 5 have the same badge, which must be unique.'],
    ]);
    expect(await on.db.query('select 1 from users')).toHaveLength(1);
    const loaded = await load(header, line('bob', 'B-1'), line('cem', ''), line('ada', 'A-2'));
    expect([loaded.status, loaded.created, loaded.updated]).toEqual(['SUCCEEDED', 2, 1]);
    expect(await fault(add('dee', { badge: 'b-1' }))).toEqual(expect.arrayContaining(['conflict']));
    await add('eve', { badge: 'A-1' });
  });
});
