import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases, type TestDatabase } from '../../test/database.ts';
import { anyComparison, anyFilter } from '../../test/filters.ts';
import type { Filter, FilterOperator, FilterValue } from '../domain/filter/ast.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import { baseUserAttributes } from '../domain/user-schema.ts';
import { UsherError } from '../lib/errors.ts';
import { foldName } from '../lib/text.ts';
import type { Db } from './database.ts';
import { compileFilter } from './filter/compile.ts';
import { queryPage } from './filter/page.ts';
import { listUsers } from './user-list.ts';
import { userSearchFields } from './user-fields.ts';

const attributes: AttributeDefinitions = {
  ...baseUserAttributes,
  badge: { title: 'Badge', type: 'string' },
  floor: { title: 'Floor', type: 'integer' },
  contractor: { title: 'Contractor', type: 'boolean' },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  shifts: { title: 'Shifts', type: 'array', items: { type: 'integer' } },
};

interface Sample {
  readonly id: string;
  readonly status: string;
  readonly activated: string | null;
  readonly lastUpdated: string;
  readonly profile: Profile;
}

const samples: readonly Sample[] = [
  [
    'ACTIVE',
    '2026-01-01T00:00:00.250Z',
    { firstName: 'Ada', department: 'Sales', badge: 'A_1', floor: 1, skills: ['Go', 'sql'] },
  ],
  [
    'ACTIVE',
    '2026-01-01T00:00:00.750Z',
    { firstName: 'ada', department: 'sales', badge: 'A%1', floor: 2, contractor: true },
  ],
  [
    'STAGED',
    '2026-01-01T00:00:01Z',
    { firstName: 'Béla', department: 'SALES EMEA', badge: 'a\\1', floor: 10, contractor: false },
  ],
  ['SUSPENDED', '2026-01-02T00:00:00Z', { firstName: 'BÉLA', department: 'Engineering', skills: [], shifts: [1, 2] }],
  [
    'DEPROVISIONED',
    '2026-01-03T00:00:00Z',
    { firstName: '', badge: '', floor: -3, skills: ['C"', 'go'], shifts: [10] },
  ],
  ['PROVISIONED', '2026-01-03T00:00:00Z', { firstName: 'Zoë', title: "O'Brien; --", floor: 0, skills: ['SQL'] }],
].map(([status, lastUpdated, profile], index) => ({
  id: `00u${index}`,
  status: String(status),
  activated: index % 2 === 0 ? '2026-01-01T00:00:00Z' : null,
  lastUpdated: String(lastUpdated),
  profile: { login: `P${index}@Acme.example`, email: `p${index}@acme.example`, ...(profile as Profile) },
}));

/** What a filter means, said once more without SQL. */
function matches(filter: Filter, sample: Sample): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matches(term, sample));
    case 'or':
      return filter.terms.some((term) => matches(term, sample));
    case 'not':
      return !matches(filter.term, sample);
    case 'present':
      return valuesOf(filter.attribute, sample) !== undefined;
    case 'compare': {
      const { attribute, operator, value } = filter;
      const values = valuesOf(attribute, sample);
      if (value === null) return (values === undefined) === (operator === 'eq');
      if (operator === 'ne') return !matches({ ...filter, operator: 'eq' }, sample);
      return (values ?? []).some((one) => compares(attribute, one, operator, value));
    }
  }
}

function valuesOf(attribute: string, sample: Sample): readonly (string | number | boolean)[] | undefined {
  if (attribute === 'id') return [sample.id];
  if (attribute === 'status') return [sample.status];
  if (attribute === 'lastUpdated') return [sample.lastUpdated];
  if (attribute === 'activated') return sample.activated === null ? undefined : [sample.activated];
  const value = sample.profile[attribute.slice('profile.'.length)];
  if (value === undefined || value === null) return undefined;
  return [value].flat().filter((one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean');
}

function compares(
  attribute: string,
  one: string | number | boolean,
  operator: FilterOperator,
  value: FilterValue,
): boolean {
  const shown = (text: unknown) => Math.floor(Date.parse(String(text)) / 1_000) * 1_000;
  if (attribute === 'lastUpdated' || attribute === 'activated')
    return holds(shown(one), operator, Date.parse(String(value)));
  if (typeof one === 'number') return holds(one, operator, Number(value));
  if (typeof one === 'boolean') return one === value;
  const fold =
    attribute === 'id' ? String : attribute === 'profile.login' ? foldName : (text: string) => text.toLowerCase();
  return holds(fold(one), operator, fold(String(value)));
}

function holds<Value extends string | number>(one: Value, operator: FilterOperator, value: Value): boolean {
  const [text, part] = [String(one), String(value)];
  switch (operator) {
    case 'eq':
      return one === value;
    case 'ne':
      return one !== value;
    case 'sw':
      return text.startsWith(part);
    case 'co':
      return text.includes(part);
    case 'ew':
      return text.endsWith(part);
    case 'gt':
      return one > value;
    case 'ge':
      return one >= value;
    case 'lt':
      return one < value;
    case 'le':
      return one <= value;
  }
}

async function openSamples(database: TestDatabase): Promise<Db> {
  const db = await database.open();
  await db.query(
    `insert into users (id, type_id, status, login_key, profile, activated, last_updated, created)
     select s.id, 'oty', s.status, s.login_key, s.profile, s.activated, s."lastUpdated", s."lastUpdated"
     from jsonb_to_recordset($1::jsonb) as s(id text, status text, login_key text, profile jsonb, activated timestamptz,
       "lastUpdated" timestamptz)`,
    [JSON.stringify(samples.map((sample) => ({ ...sample, login_key: foldName(String(sample.profile['login'])) })))],
  );
  return db;
}

describeOnDatabases('people searched', (database) => {
  let db: Db;
  beforeAll(async () => void (db = await openSamples(database)));
  const find = async (search: string, sort?: { attribute: string; descending: boolean }) => {
    const asked = { attributes, search: parseFilter(search, 'search'), limit: 100, ...(sort && { sort }) };
    return (await listUsers(db, asked)).map(({ row }) => Number(row.id.slice(3)));
  };

  test.each([
    ['profile.firstName eq "ADA"', [0, 1]],
    ['profile.firstName sw "bé"', [2, 3]],
    ['profile.department ew "emea"', [2]],
    ['profile.badge co "%"', [1]],
    ['profile.badge sw "a_"', [0]],
    [String.raw`profile.badge sw "a\\"`, [2]],
    ['profile.badge eq ""', [4]],
    ['profile.badge pr', [0, 1, 2, 4]],
    ['profile.badge eq null', [3, 5]],
    ['profile.badge ne "a_1"', [1, 2, 3, 4, 5]],
    ['not (profile.badge eq "a_1" or profile.badge eq "A%1")', [2, 3, 4, 5]],
    [`profile.title eq "O'BRIEN; --"`, [5]],
    ['profile.floor gt 1 and profile.floor le 10', [1, 2]],
    ['profile.floor eq "0"', [5]],
    ['profile.contractor eq false', [2]],
    ['profile.contractor ne true', [0, 2, 3, 4, 5]],
    ['profile.skills eq "GO"', [0, 4]],
    ['profile.skills sw "s"', [0, 5]],
    ['profile.skills pr and not (profile.skills co "q")', [3, 4]],
    [String.raw`profile.skills eq "c\""`, [4]],
    ['profile.shifts ge 2', [3, 4]],
    ['profile.login eq "p3@acme.EXAMPLE"', [3]],
    ['profile.login sw "P"', [0, 1, 2, 3, 4, 5]],
    ['status eq "deprovisioned" or status sw "stag"', [2, 4]],
    ['id eq "00u3"', [3]],
    ['type.id eq "oty" and activated pr', [0, 2, 4]],
    ['lastUpdated eq "2026-01-01T00:00:00.000Z"', [0, 1]],
    ['lastUpdated gt "2026-01-01T00:00:00.000Z"', [2, 3, 4, 5]],
    ['lastUpdated ge "2026-01-01T01:00:00+01:00" and lastUpdated lt "2026-01-02T00:00:00Z"', [0, 1, 2]],
    ['created le "2026-01-01T00:00:00.000Z"', [0, 1]],
  ] as const)('%s', async (search, found) => {
    expect(await find(search)).toEqual(found);
  });

  test.each([
    ['profile.shoeSize eq 1', 1, 'there is no attribute profile.shoeSize to search by'],
    ['status pr and profile.firstname pr', 15, 'it may be profile.firstName that is meant'],
    ['constructor pr', 1, 'there is no attribute constructor'],
    ['profile.firstName eq 1', 1, 'it is compared with text'],
    ['profile.floor eq "one"', 1, 'it is compared with a number'],
    ['profile.floor sw 1', 1, 'a number has no beginning'],
    ['profile.contractor eq "maybe"', 1, 'it is compared with true or false'],
    ['profile.contractor gt true', 1, 'by eq or ne'],
    ['profile.badge gt null', 1, 'null is compared by eq or ne'],
    ['status eq "ASLEEP"', 1, 'it is one of STAGED, PROVISIONED'],
    ['lastUpdated gt "yesterday"', 1, 'it is compared with a date and time'],
    ['lastUpdated sw "2026"', 1, 'not sw'],
  ])('%s is refused', async (search, character, reason) => {
    const error: unknown = await find(search).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsherError);
    expect(String(error)).toContain(`at character ${character}: `);
    expect(String(error)).toContain(reason);
  });

  test('SQL finds who the filter means, whatever it is', async () => {
    const texts = fc.constantFrom('Ada', 'sales', 'É', 'go', 'A_', '%', '\\', '', 'P1@acme.example', "'", '00u1');
    const moments = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.500Z', '2026-01-03T00:00:00Z');
    const withOperators = (names: readonly string[], values: fc.Arbitrary<FilterValue>, operators: readonly string[]) =>
      anyComparison(names, values).filter((leaf) => leaf.kind !== 'compare' || operators.includes(leaf.operator));
    const profile = (...names: string[]) => names.map((name) => `profile.${name}`);
    const order = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
    const leaves = fc.oneof(
      anyComparison(['id', ...profile('firstName', 'department', 'badge', 'title', 'skills', 'login', 'email')], texts),
      withOperators(profile('floor', 'shifts'), fc.constantFrom(0, 1, 2, 10, -3), order),
      withOperators(profile('contractor'), fc.boolean(), ['eq', 'ne']),
      withOperators(['lastUpdated', 'activated'], moments, order),
      withOperators(['status', ...profile('badge', 'skills', 'floor', 'contractor')], fc.constant(null), ['eq', 'ne']),
      withOperators(['status'], fc.constantFrom('active', 'STAGED', 'DEPROVISIONED'), ['eq', 'ne', 'sw', 'co', 'ew']),
    );
    await fc.assert(
      fc.asyncProperty(anyFilter(leaves), async (filter) => {
        const rows = await queryPage<{ id: string }>(db, {
          columns: 'u.id',
          from: 'users u',
          id: 'u.id',
          where: (into) => [compileFilter(filter, { parameter: 'search', fields: userSearchFields(attributes) }, into)],
          limit: 100,
        });
        expect(rows.map(({ row }) => row.id)).toEqual(
          samples.filter((one) => matches(filter, one)).map(({ id }) => id),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['profile.firstName', false, [4, 0, 1, 2, 3, 5]],
    ['profile.firstName', true, [5, 3, 2, 1, 0, 4]],
    ['profile.badge', false, [4, 1, 2, 0, 3, 5]],
    ['profile.badge', true, [0, 2, 1, 4, 3, 5]],
    ['profile.floor', false, [4, 5, 0, 1, 2, 3]],
    ['profile.floor', true, [2, 1, 0, 5, 4, 3]],
    ['lastUpdated', true, [5, 4, 3, 2, 1, 0]],
    ['activated', false, [0, 2, 4, 1, 3, 5]],
    ['profile.login', true, [5, 4, 3, 2, 1, 0]],
    ['status', false, [0, 1, 4, 5, 2, 3]],
  ] as const)('in order of %s (descending: %s), page by page of any size', async (attribute, descending, order) => {
    for (const limit of [1, 2, 5, 100]) {
      const found: number[] = [];
      let after: Awaited<ReturnType<typeof listUsers>>[number]['end'] | undefined;
      for (;;) {
        const asked = { attributes, search: parseFilter('id pr', 'search'), sort: { attribute, descending }, limit };
        const page = await listUsers(db, { ...asked, ...(after === undefined ? {} : { after }) });
        found.push(...page.map(({ row }) => Number(row.id.slice(3))));
        after = page.at(-1)?.end;
        if (page.length < limit) break;
      }
      expect([limit, found]).toEqual([limit, order]);
    }
  });

  test('what there is no order by, and the end of a page in another order, are refused', async () => {
    const sort = { attribute: 'profile.skills', descending: false };
    await expect(listUsers(db, { attributes, sort, limit: 1 })).rejects.toThrow('sortBy cannot be profile.skills');
    const after = { id: '00u0', by: 'profile.badge asc', value: 'x' };
    await expect(listUsers(db, { attributes, after, limit: 1 })).rejects.toThrow('after is not a cursor');
  });
});

describeOnDatabases('indexes for people', (database) => {
  let db: Db;
  beforeAll(async () => {
    db = await database.open();
    await db.query(
      `insert into users (id, type_id, status, login_key, profile, last_updated)
       select '00u' || lpad(n::text, 17, '0'), 'oty', case when n % 500 = 0 then 'STAGED' else 'ACTIVE' end,
         'p' || n || '@acme.example', jsonb_build_object('login', 'p' || n || '@acme.example',
           'email', 'p' || n || '@acme.example', 'firstName', 'F' || n, 'lastName', 'L' || n,
           'department', 'D' || n % 500, 'badge', 'B' || n, 'skills', jsonb_build_array('s' || n)),
         now() - n * interval '1 minute'
       from generate_series(1, 20000) as n`,
    );
    await db.execute('analyze users');
  });
  const planOf = async (search: string, sort?: string): Promise<string> => {
    let plan = '';
    const spy: Pick<Db, 'query'> = {
      query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        const rows = await db.query<Record<string, string>>(`explain ${sql}`, parameters);
        plan += rows.map((row) => row['QUERY PLAN']).join('\n');
        return [] as Row[];
      },
    };
    const sorted = sort === undefined ? {} : { sort: { attribute: sort, descending: true } };
    const asked = search === '' ? {} : { search: parseFilter(search, 'search') };
    await listUsers(spy, { attributes, ...asked, ...sorted, limit: 201 });
    return plan;
  };

  test.each([
    ['profile.email eq "P7@ACME.example"', undefined, 'users_email'],
    ['profile.department eq "d7"', undefined, 'users_department'],
    ['profile.lastName sw "l77"', undefined, 'users_last_name'],
    ['profile.login eq "p7@acme.example"', undefined, 'users_login_key_key'],
    ['profile.login sw "p777"', undefined, 'users_login'],
    ['profile.badge eq "b7"', undefined, 'users_profile'],
    ['profile.skills eq "S7"', undefined, 'users_profile'],
    ['status eq "STAGED"', undefined, 'users_status'],
    ['lastUpdated gt "2026-01-01T00:00:00Z"', undefined, 'users_last_updated'],
    ['status eq "ACTIVE"', 'profile.lastName', 'users_last_name'],
    ['', 'lastUpdated', 'users_last_updated'],
    ['', 'profile.login', 'users_login'],
  ] as const)('%s sorted by %s uses %s', async (search, sort, index) => {
    const plan = await planOf(search, sort);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on users');
  });

  test('the start of a name is looked up in three', async () => {
    let plan = '';
    const spy: Pick<Db, 'query'> = {
      query: async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        plan = JSON.stringify(await db.query(`explain ${sql}`, parameters));
        return [] as Row[];
      },
    };
    await listUsers(spy, { attributes, prefix: 'p777', limit: 11 });
    for (const index of ['users_first_name', 'users_last_name', 'users_email']) expect(plan).toContain(index);
  });
});

describe('the index over profiles', () => {
  test('is asked for with the list of attributes it was made with', async () => {
    const { readFile } = await import('node:fs/promises');
    const migration = await readFile(new URL('./migrations/0003_search.sql', import.meta.url), 'utf8');
    const into = { values: [] };
    const filter = parseFilter('profile.badge eq "1"', 'search');
    const sql = compileFilter(filter, { parameter: 'search', fields: userSearchFields(attributes) }, into);
    const listIn = (text: string) => /array\[([^\]]+)\]/.exec(text)?.[1]?.replaceAll(/\s+/g, ' ').trim();
    expect(listIn(sql)).toBe(listIn(migration));
  });
});
