import { createReadStream, existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { appUserOf, eventsAbout, insertTestApp, openDirectory, profileOf } from '../../test/directory.ts';
import { activateGroupRule, createGroupRule } from './group-rules.ts';
import { listGroups } from './group-list.ts';
import { createGroup, listMembers } from './groups.ts';
import { importPeople, type ImportOptions } from './people-import.ts';
import { changeLifecycle } from './user-lifecycle.ts';
import { createUserType } from './user-types.ts';
import { getUserSchema, updateUserSchema } from './user-schema.ts';
import { listUsers } from './user-list.ts';
import { createUser, getUser } from './users.ts';
import type { Context } from './context.ts';

async function* bytesOf(text: string | Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

function load(context: Context, text: string | Buffer, options: ImportOptions = {}) {
  return importPeople(context, bytesOf(text), options);
}

const header = 'login,email,firstName,lastName,department';
const three = [
  header,
  'ada@example.com,ada@example.com,Ada,Lovelace,Engineering',
  'bela@example.com,bela@example.com,Béla,Bartók,Music',
  'o@example.com,o@example.com,Conan,O’Brien,',
  '',
].join('\n');

describeOnDatabases('loading people', (database) => {
  test('each row is held against the attributes of its person’s own type', async () => {
    const { context } = await openDirectory(database);
    await updateUserSchema(context, { custom: { desk: { title: 'Desk', type: 'integer', required: true } } });
    const type = await createUserType(context, { name: 'contractor', displayName: 'Contractor', description: null });
    const agency = { title: 'Agency', type: 'string', maxLength: 5, required: true } as const;
    await updateUserSchema(context, { custom: { agency } }, type.schemaId);
    const profile = { ...profileOf('con@example.com'), agency: 'Temps' };
    const { id } = await createUser(context, { profile, typeId: type.id });
    const columns = 'login,email,firstName,lastName,desk,agency';
    const line = (name: string, desk: string, of: string) =>
      `${name}@example.com,${name}@example.com,Ada,Tester,${desk},${of}`;
    const good = [columns, line('ada', '7', ''), line('CON', '', 'Other')].join('\n');
    expect(await load(context, good)).toMatchObject({ status: 'SUCCEEDED', created: 1, updated: 1 });
    expect((await getUser(context, id)).profile).toMatchObject({ agency: 'Other', firstName: 'Ada' });
    expect((await getUser(context, 'ada')).profile).toMatchObject({ desk: 7 });
    const bad = [columns, line('bob', '8', 'Temps'), line('con', '9', 'Temps'), line('con', '', 'Too long')].join('\n');
    const { status, failed } = await load(context, bad);
    expect([status, failed.map((problem) => [problem.line, problem.column, problem.reason])]).toEqual([
      'REFUSED',
      [
        [2, 6, "People of this person's type have no agency."],
        [3, 5, "People of this person's type have no desk."],
        [4, undefined, 'Lines 3 and 4 have the same login con@example.com.'],
        [4, 6, 'must have at most 5 characters and has 8.'],
      ],
    ]);
    const withoutDesk = await load(context, 'login,email,firstName,lastName,agency\n');
    expect(withoutDesk.failed[0]?.reason).toContain('no column for desk.');
  });

  test('adds people with their groups and apps, logs each, and a second time does nothing', async () => {
    const { context, db, signals } = await openDirectory(database);
    const group = await createGroup(context, { name: 'Engineers' });
    const rule = { name: 'Engineers', expression: 'user.department == "Engineering"', groupIds: [group.id] };
    await activateGroupRule(context, (await createGroupRule(context, rule)).id);
    const appId = await insertTestApp(db, [group.id]);
    const seen: [number, number][] = [];

    const report = await load(context, three, { onProgress: (done, total) => seen.push([done, total]) });
    expect(report).toMatchObject({
      status: 'SUCCEEDED',
      encoding: 'UTF-8',
      delimiter: ',',
      ...{ rows: 3, created: 3, updated: 0, unchanged: 0, failedTotal: 0 },
    });
    expect(seen).toEqual([[3, 3]]);
    const ada = await getUser(context, 'ada');
    expect(ada).toMatchObject({ status: 'PROVISIONED', profile: { firstName: 'Ada', department: 'Engineering' } });
    expect((await listMembers(context, group.id, { limit: 5 })).map((user) => user.id)).toEqual([ada.id]);
    expect(await appUserOf(db, appId, ada.id)).toMatchObject({ assigned: true, sync_state: 'OUT_OF_SYNC' });
    expect(signals).toEqual([appId]);
    expect(await eventsAbout(db, ada.id)).toEqual([
      'user.lifecycle.create',
      'user.lifecycle.activate',
      'group.user_membership.add',
    ]);
    expect((await getUser(context, 'o')).profile).not.toHaveProperty('department');
    const everyone = (await listGroups(context, { prefix: 'everyone', limit: 1 }))[0]?.row;
    expect(everyone && (await listMembers(context, everyone.id, { limit: 5 }))).toHaveLength(3);
    expect(await eventsAbout(db, report.runId)).toEqual(['system.csv.import_user']);
    expect(await db.query('select status, total, counts from runs where id = $1', [report.runId])).toEqual([
      { status: 'SUCCEEDED', total: 3, counts: { created: 3, updated: 0, unchanged: 0, failed: 0 } },
    ]);

    const before = await db.query('select id, last_updated, xmin::text from users order by id');
    expect(await load(context, three)).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect(await db.query('select id, last_updated from users order by id')).toEqual(
      before.map((row) => ({
        id: (row as { id: string }).id,
        last_updated: (row as { last_updated: Date }).last_updated,
      })),
    );
    expect(await eventsAbout(db, ada.id)).toHaveLength(3);
    expect(await db.query('select * from import_rows')).toEqual([]);
  });

  test('brings people up to their rows: changes, clears by an empty cell, leaves what has no column', async () => {
    const { context, db } = await openDirectory(database);
    const profile = profileOf('ADA@example.com', { department: 'Maths', title: 'Countess' });
    const { id } = await createUser(context, { profile, password: 'correct horse' });
    await changeLifecycle(context, id, 'suspend');
    const report = await load(context, `${header}\nada@example.com,ada@example.com,Ada,King,\n`);
    expect(report).toMatchObject({ created: 0, updated: 1 });
    const ada = await getUser(context, id);
    expect(ada.profile).toEqual({ ...profileOf('ada@example.com', { lastName: 'King', title: 'Countess' }) });
    expect(ada.status).toBe('SUSPENDED');
    const [event] = await db.query(`select debug from log_events where event_type = 'user.account.update_profile'`);
    expect(event).toEqual({ debug: { changedAttributes: 'department,lastName,login' } });
  });

  test('leaves people staged when asked', async () => {
    const { context } = await openDirectory(database);
    await load(context, three, { activate: false });
    expect((await getUser(context, 'ada')).status).toBe('STAGED');
  });

  test('a trial run counts and writes nothing', async () => {
    const { context, db } = await openDirectory(database);
    await load(context, `${header}\nada@example.com,ada@example.com,Ada,King,\n`);
    const report = await load(context, three.replace('department', 'Shoe size'), {
      dryRun: true,
      createAttributes: true,
    });
    expect(report).toMatchObject({ status: 'SUCCEEDED', dryRun: true, created: 2, updated: 1, unchanged: 0 });
    expect(await listUsers(context, { limit: 10 })).toHaveLength(1);
    expect((await getUser(context, 'ada')).profile['lastName']).toBe('King');
    expect((await getUserSchema(context)).custom).toEqual({});
    expect(await db.query('select * from import_rows')).toEqual([]);
  });

  const inWords = (text: string) =>
    text.replace(header, 'User Name,E-Mail,FIRST NAME,Surname,Department').replaceAll(',', ';');
  test.each([
    ['a byte order mark', Buffer.from(`\ufeff${three}`), 'UTF-8', ','],
    ['UTF-16', Buffer.from(`\ufeff${three}`, 'utf16le'), 'UTF-16LE', ','],
    ['Windows-1252', Buffer.from(three.replace('’', '\x92'), 'latin1'), 'Windows-1252', ','],
    ['CRLF', three.replaceAll('\n', '\r\n'), 'UTF-8', ','],
    ['CR', three.replaceAll('\n', '\r'), 'UTF-8', ','],
    ['semicolons and usual names', inWords(three), 'UTF-8', ';'],
    ['tabs', three.replaceAll(',', '\t'), 'UTF-8', '\t'],
    ['quotes', three.replaceAll(/[^,\n]+/g, '"$&"'), 'UTF-8', ','],
    ['trailing delimiters', three.replaceAll(/(.)\n/g, '$1,,\n'), 'UTF-8', ','],
    ['no login column', three.replaceAll(/^[^,\n]+,/gm, ''), 'UTF-8', ','],
    ['empty lines', three.replaceAll('\n', '\n\n'), 'UTF-8', ','],
  ])('reads a file with %s', async (_, file, encoding, delimiter) => {
    const { context } = await openDirectory(database);
    const report = await load(context, file);
    expect(report).toMatchObject({ status: 'SUCCEEDED', encoding, delimiter, created: 3, failed: [] });
    const names = (await listUsers(context, { limit: 5 })).map(({ row }) => row.profile['lastName']);
    expect(names.sort()).toEqual(['Bartók', 'Lovelace', 'O’Brien']);
  });

  test('reads line breaks, quotes and delimiters inside cells', async () => {
    const { context } = await openDirectory(database);
    const row = 'a@example.com,a@example.com,"Ada ""the first""","Love, lace","Maths\r\nEngines"';
    await load(context, `${header}\r\n${row}\r\n`);
    expect((await getUser(context, 'a')).profile).toMatchObject({
      firstName: 'Ada "the first"',
      lastName: 'Love, lace',
      department: 'Maths\nEngines',
    });
  });

  const row = 'a@example.com,a@example.com,Ada,Lovelace,Maths';
  test.each<[string, string | Buffer, object]>([
    ['no bytes', '', { line: 1, reason: expect.stringContaining('empty') }],
    ['a header alone', header, { line: 1, reason: expect.stringContaining('no rows') }],
    [
      'a missing column',
      `login,email\na@b.de,a@b.de`,
      { line: 1, reason: expect.stringMatching(/no column for .*Name/) },
    ],
    ['an unknown column', `${header},shoe\n${row},9`, { line: 1, column: 6, header: 'shoe' }],
    [
      'a column twice',
      `${header},E-mail\n${row},x`,
      { line: 1, column: 6, reason: expect.stringContaining('2 and 6') },
    ],
    ['a column __proto__', `${header},__proto__\n${row},x`, { line: 1, column: 6 }],
    ['too few cells', `${header}\n${row}\nb@example.com,b`, { line: 3, reason: expect.stringContaining('2 cells') }],
    ['too many cells', `${header}\n${row},x`, { line: 2, column: 6, value: 'x' }],
    ['an empty cell that must not be', `${header}\na@example.com,,A,B,C`, { line: 2, column: 2, header: 'email' }],
    ['no e-mail', `${header}\na@example.com,a at b,A,B,C`, { line: 2, column: 2, value: 'a at b' }],
    ['a date that is none', `${header},startDate\n${row},2026-02-30`, { line: 2, column: 6, value: '2026-02-30' }],
    [
      'a number that is none',
      `${header},level\n${row},high`,
      { line: 2, column: 6, reason: expect.stringContaining('42') },
    ],
    [
      'NUL',
      `${header}\n${row.replace('Ada', 'A\0a')}`,
      { line: 2, column: 3, reason: expect.stringContaining('U+0000') },
    ],
    ['NUL in the login', `${header}\na\0@example.com,a@example.com,A,B,C`, { line: 2, column: 1 }],
    ['a cell of 1,025 characters', `${header}\n${row}${'x'.repeat(1_025)}`, { line: 2, column: 5 }],
    [
      'a login twice',
      `${header}\n${row}\n\n${row.toUpperCase()}`,
      { line: 4, reason: expect.stringContaining('Lines 2 and 4') },
    ],
    [
      'an open quote',
      `${header}\n${row}\n"b@example.com,x`,
      { line: 3, reason: expect.stringContaining('never closed') },
    ],
    ['a ZIP with another name', Buffer.from('504b0304140006000800', 'hex'), { line: 1 }],
  ])('refuses %s and writes nothing', async (_, file, problem) => {
    const { context, db } = await openDirectory(database);
    await updateUserSchema(context, {
      custom: {
        startDate: { title: 'Start date', type: 'string', format: 'date' },
        level: { title: 'Level', type: 'integer' },
      },
    });
    const report = await load(context, file);
    expect(report).toMatchObject({ status: 'REFUSED', failedTotal: 1, failed: [problem], created: 0 });
    expect(await listUsers(context, { limit: 1 })).toEqual([]);
    expect(await db.query('select * from import_rows')).toEqual([]);
    expect(await db.query(`select status from runs`)).toEqual([{ status: 'REFUSED' }]);
  });

  test('lists every fault of every line at once', async () => {
    const { context } = await openDirectory(database);
    const rows = ['a,b,,D,E', 'a@example.com,a@example.com,A,B,C', 'a@example.com,b,A,B,C', 'x'];
    const report = await load(context, [header, ...rows].join('\n'));
    expect(report.failed.map(({ line, column }) => `${line}:${column ?? ''}`)).toEqual([
      ...['2:1', '2:2', '2:3', '4:', '4:2', '5:'],
    ]);
    expect(report.rows).toBe(4);
  });

  test('lists a thousand faults and counts the rest', async () => {
    const { context } = await openDirectory(database);
    const lines = Array.from({ length: 1_500 }, (_, index) => `u${index}@example.com,u,A,B,C`);
    const report = await load(context, [header, ...lines].join('\n'));
    expect(report.failed).toHaveLength(1_000);
    expect(report.failedTotal).toBe(1_500);
  });

  test('makes attributes of unknown columns when asked, and all kinds of values', async () => {
    const { context } = await openDirectory(database);
    await updateUserSchema(context, {
      custom: {
        level: { title: 'Level', type: 'integer' },
        remote: { title: 'Works from home', type: 'boolean' },
        skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
      },
    });
    const file = `${header},Level,works from home,skills,Shirt Size\n${row},7,TRUE,a | b,XL\n`;
    const report = await load(context, file, { createAttributes: true });
    expect(report).toMatchObject({ created: 1, createdAttributes: ['shirtSize'] });
    expect((await getUserSchema(context)).custom['shirtSize']).toEqual({ title: 'Shirt Size', type: 'string' });
    const { profile } = await getUser(context, 'a');
    expect(profile).toMatchObject({ level: 7, remote: true, skills: ['a', 'b'], shirtSize: 'XL' });
    expect(await load(context, file)).toMatchObject({ unchanged: 1 });
  });

  test('warns of managers nobody knows and loads all the same', async () => {
    const { context } = await openDirectory(database);
    const boss = await createUser(context, { profile: profileOf('boss@example.com') });
    const managers = ['BOSS@example.com', boss.id, 'a2@example.com', 'nobody@example.com', ''];
    const lines = managers.map((manager, index) => `a${index}@example.com,a@example.com,A,B,${manager}`);
    const report = await load(context, [header.replace('department', 'Manager ID'), ...lines].join('\n'));
    expect(report).toMatchObject({ status: 'SUCCEEDED', created: 5, warningsTotal: 1 });
    expect(report.warnings).toMatchObject([{ line: 5, value: 'nobody@example.com' }]);
  });

  test('one login loaded and created by many at once is one person', async () => {
    const { context } = await openDirectory(database);
    const loads = Array.from({ length: 5 }, () => load(context, three));
    const creates = Array.from({ length: 5 }, () => createUser(context, { profile: profileOf('ada@example.com') }));
    await Promise.allSettled([...loads, ...creates]);
    for (const each of await Promise.all(loads)) expect(each.status).toBe('SUCCEEDED');
    expect(await listUsers(context, { limit: 10 })).toHaveLength(3);
  });

  test('a source that breaks off leaves a failed run and nobody', async () => {
    const { context, db } = await openDirectory(database);
    const broken = async function* () {
      yield Buffer.from(three.repeat(3_000));
      yield await Promise.reject<Buffer>(new Error('the connection broke'));
    };
    await expect(importPeople(context, broken())).rejects.toThrow('the connection broke');
    expect(await db.query('select status from runs')).toEqual([{ status: 'FAILED' }]);
    expect(await db.query('select * from import_rows')).toEqual([]);
    expect(await listUsers(context, { limit: 1 })).toEqual([]);
  });

  test('what a killed load has left behind is swept away by a later one', async () => {
    const { context, db } = await openDirectory(database);
    await db.query(
      `insert into runs (id, kind, started_by, status, started)
       values ('run1', 'people_import', '{}', 'RUNNING', now() - interval '25 hours'),
         ('run2', 'people_import', '{}', 'RUNNING', now())`,
    );
    await db.query(
      `insert into import_rows (run_id, line, login_key, profile) values ('run1', 2, 'x', '{}'), ('run2', 2, 'x', '{}')`,
    );
    await load(context, three);
    expect(await db.query('select run_id from import_rows')).toEqual([{ run_id: 'run2' }]);
    expect(await db.query(`select status from runs where id = 'run1'`)).toEqual([{ status: 'FAILED' }]);
  });

  const acme = new URL('../../examples/acme/people.csv', import.meta.url);
  test.skipIf(!existsSync(acme))('loads the sample company', async () => {
    const { context } = await openDirectory(database);
    const report = await importPeople(context, createReadStream(acme), { createAttributes: true });
    expect(report).toMatchObject({ status: 'SUCCEEDED', failed: [], warnings: [], created: report.rows });
    expect(await importPeople(context, createReadStream(acme))).toMatchObject({ unchanged: report.rows });
  });
});
