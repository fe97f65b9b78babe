import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

interface Item {
  readonly id: string;
  readonly lastUpdated: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

describeOnDatabases('/api/v1 search, filter, order and pages', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
    for (const [name, department] of [
      ...[
        ['ada', 'Sales'],
        ['bob', 'sales'],
        ['cem', 'Engineering'],
        ['dee', undefined],
        ['eve', 'Sales'],
      ],
    ] as const) {
      const id = await on.addUser(`${name}@acme.example`, name === 'eve' ? 'DEPROVISIONED' : 'ACTIVE');
      if (department !== undefined) {
        await on.db.query(
          `update users set profile = profile || jsonb_build_object('department', $2::text) where id = $1`,
          [id, department],
        );
      }
    }
    for (const name of ['Sales EMEA', 'sales US', 'Support']) await on.addGroup(name, []);
  });
  const url = (path: string, query: Readonly<Record<string, string>>) =>
    `/api/v1/${path}?${new URLSearchParams(query).toString()}`;

  interface Walk {
    readonly names: readonly string[];
    readonly sizes: readonly number[];
  }
  /** Follows the links to the end; every one keeps what was asked. */
  const walk = async (path: string, query: Readonly<Record<string, string>>): Promise<Walk> => {
    const names: string[] = [];
    const sizes: number[] = [];
    for (let next = url(path, query); next !== '' && sizes.length < 20;) {
      const answer = await on.call('GET', next);
      expect([next, answer.statusCode]).toEqual([next, 200]);
      const items = answer.json<Item[]>();
      sizes.push(items.length);
      names.push(...items.map(nameOf));
      next = nextOf(answer.headers['link']);
      const kept = new URLSearchParams(next.split('?')[1]);
      if (next !== '') for (const [name, value] of Object.entries(query)) expect(kept.get(name)).toBe(value);
    }
    return { names, sizes };
  };
  const nextOf = (link: string | string[] | undefined) =>
    /<http:\/\/localhost:80([^>]*)>; rel="next"/.exec([link ?? []].flat().join())?.[1] ?? '';
  const nameOf = (item: Item & { readonly name?: string }) => {
    const { login, name = item.name } = item.profile ?? {};
    return typeof login === 'string' ? (login.split('@')[0] ?? '') : String(name);
  };

  describe('users', () => {
    test.each([
      [{ search: 'profile.department eq "SALES"' }, ['ada', 'bob', 'eve']],
      [{ search: 'profile.department eq "SALES" AND not (status eq "DEPROVISIONED")' }, ['ada', 'bob']],
      [{ filter: 'profile.email eq "cem@acme.example"' }, ['cem']],
      [{ filter: 'profile.login eq "CEM@acme.example"' }, []],
      [{ filter: 'status eq "DEPROVISIONED"' }, ['eve']],
      [{ filter: 'profile.firstName eq "ada" or profile.firstName eq "bob"' }, ['ada', 'bob']],
      [{ q: 'AD' }, ['ada']],
      [{ q: 'ev' }, []],
      [{}, ['ada', 'bob', 'cem', 'dee', 'owner']],
      [{ search: '  ', filter: '' }, ['ada', 'bob', 'cem', 'dee', 'owner']],
    ] as const)('%j', async (query, names) => {
      expect((await walk('users', query)).names.toSorted()).toEqual(names);
    });

    test.each([
      [{ sortBy: 'profile.login' }, ['ada', 'bob', 'cem', 'dee', 'owner']],
      [{ sortBy: 'profile.login', sortOrder: 'desc' }, ['owner', 'dee', 'cem', 'bob', 'ada']],
      [
        { search: 'profile.login co "acme"', sortBy: 'profile.firstName', sortOrder: 'DESC' },
        ['eve', 'dee', 'cem', 'bob', 'ada'],
      ],
    ] as const)('in order and page by page: %j', async (query, names) => {
      for (const limit of [1, 2, 3, names.length, 200]) {
        const found = await walk('users', { ...query, limit: String(limit) });
        const full = Array.from({ length: Math.floor(names.length / limit) }, () => limit);
        const rest = names.length % limit;
        expect(found).toEqual({ names, sizes: rest === 0 ? full : [...full, rest] });
      }
    });

    test('asked for by when they were last changed they come in that order, and what is shown can be asked for', async () => {
      await on.db.query(`update users set last_updated = now() + interval '1 hour' where login_key like 'bob@%'`);
      await on.db.query(`update users set last_updated = now() + interval '2 hours' where login_key like 'ada@%'`);
      const since = new Date(Date.now() + 60_000).toISOString();
      const found = await walk('users', { search: `lastUpdated gt "${since}"`, limit: '1' });
      expect(found.names).toEqual(['bob', 'ada']);
      const [ada] = (await on.call('GET', url('users', { q: 'ada' }))).json<Item[]>();
      expect((await walk('users', { filter: `lastUpdated eq "${ada?.lastUpdated ?? ''}"` })).names).toEqual(['ada']);
    });

    test.each([
      [
        { search: 'profile.shoeSize eq "40"' },
        'E0000031',
        'Invalid search criteria.',
        'search: at character 1: there is no',
      ],
      [{ search: 'status eq' }, 'E0000031', 'Invalid search criteria.', 'search: at character 10: expected a value'],
      [{ search: 'x' }, 'E0000031', 'Invalid search criteria.', 'search: at character 2: expected an operator'],
      [
        { filter: 'profile.title eq "x"' },
        'E0000001',
        'Api validation failed: filter',
        'filter: at character 1: there is no',
      ],
      [
        { filter: 'status sw "A"' },
        'E0000001',
        'Api validation failed: filter',
        'filter: at character 1: status cannot',
      ],
      [
        { sortBy: 'profile.shoeSize' },
        'E0000001',
        'Api validation failed: sortBy',
        'sortBy: cannot be profile.shoeSize',
      ],
      [{ sortBy: 'status', sortOrder: 'up' }, 'E0000001', 'Api validation failed: sortOrder', 'must be asc or desc'],
      [{ after: '00u1' }, 'E0000001', 'Api validation failed: after', 'after: is not a cursor'],
    ] as const)('400 for %j', async (query, errorCode, errorSummary, cause) => {
      const answer = await on.call('GET', url('users', query));
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ errorCode, errorSummary, errorLink: errorCode });
      expect(answer.json<{ errorCauses: { errorSummary: string }[] }>().errorCauses[0]?.errorSummary).toContain(cause);
    });

    test('400 for a cursor that was changed, is of another list, or of another order', async () => {
      const after = new URLSearchParams(
        nextOf((await on.call('GET', url('users', { limit: '1' }))).headers['link']).split('?')[1],
      ).get('after');
      expect((await on.call('GET', url('users', { after: after ?? '' }))).statusCode).toBe(200);
      for (const [path, query] of [
        ['users', { after: `${after ?? ''}x` }],
        ['users', { after: (after ?? '').replace('.', 'A.') }],
        ['groups', { after: after ?? '' }],
        ['users', { after: after ?? '', sortBy: 'status' }],
      ] as const) {
        const answer = await on.call('GET', url(path, query));
        expect([path, answer.statusCode, answer.body.includes('after: is not a cursor')]).toEqual([path, 400, true]);
      }
    });
  });

  describe('groups', () => {
    test.each([
      [{ search: 'profile.name sw "SALES"' }, ['Sales EMEA', 'sales US']],
      [{ search: 'profile.name co "upp" and type eq "okta_group"' }, ['Support']],
      [{ search: 'type eq "BUILT_IN"' }, ['Everyone']],
      [{ search: 'source.id eq "0oa1"' }, []],
      [{ search: 'created gt "2026-01-01T00:00:00.000Z"' }, ['Everyone', 'Sales EMEA', 'Support', 'sales US']],
      [{ filter: 'type eq "OKTA_GROUP"' }, ['Sales EMEA', 'Support', 'sales US']],
      [{ filter: 'lastMembershipUpdated ge "2026-01-01T00:00:00.000Z" and type eq "BUILT_IN"' }, ['Everyone']],
      [{ q: 'sal' }, ['Sales EMEA', 'sales US']],
    ] as const)('%j', async (query, names) => {
      expect((await walk('groups', query)).names.toSorted()).toEqual(names);
      expect((await walk('groups', { ...query, limit: '1' })).names.toSorted()).toEqual(names);
    });

    test('in order of names, letter case aside', async () => {
      const found = await walk('groups', { sortBy: 'profile.name', sortOrder: 'asc', limit: '2' });
      expect(found).toEqual({ names: ['Everyone', 'Sales EMEA', 'sales US', 'Support'], sizes: [2, 2] });
    });

    test.each([
      [{ search: 'profile.name ew "x"' }, 'E0000031'],
      [{ search: 'status eq "ACTIVE"' }, 'E0000031'],
      [{ filter: 'profile.name eq "Support"' }, 'E0000001'],
      [{ filter: 'type eq "GROUP"' }, 'E0000001'],
    ] as const)('400 for %j', async (query, errorCode) => {
      const answer = await on.call('GET', url('groups', query));
      expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ errorCode })]);
    });
  });

  describe('apps', () => {
    beforeAll(async () => {
      const [ada] = (await on.call('GET', url('users', { q: 'ada' }))).json<Item[]>();
      const [group] = (await on.call('GET', url('groups', { q: 'Support' }))).json<Item[]>();
      for (const [name, status] of [
        ['crm', 'ACTIVE'],
        ['crm_2', 'INACTIVE'],
        ['wiki', 'ACTIVE'],
      ] as const) {
        await on.db.query(
          `insert into apps (id, name, label, status, sign_on_mode, settings, visibility, accessibility,
             user_name_template, provisioning, limits)
           values ($1, $2, $3, $4, 'SAML_2_0', $5::jsonb, '{}', '{}', $6::jsonb, '{}', '{}')`,
          [
            `0oa${name}`,
            name,
            `The ${name}`,
            status,
            JSON.stringify(name === 'wiki' ? { slo: { enabled: true } } : {}),
            JSON.stringify({ template: '${source.login}', type: 'BUILT_IN' }),
          ],
        );
      }
      await on.db.query(
        `insert into app_users (app_id, user_id, assigned, direct) values ('0oacrm', $1, true, true), ('0oawiki', $1, false, false)`,
        [ada?.id],
      );
      await on.db.query(`insert into app_groups (app_id, group_id, priority) values ('0oawiki', $1, 0)`, [group?.id]);
      ids = { user: ada?.id ?? '', group: group?.id ?? '' };
    });
    let ids: { readonly user: string; readonly group: string };

    test.each([
      ['status eq "ACTIVE"', ['crm', 'wiki']],
      ['status eq "ACTIVE" AND name sw "cr"', ['crm']],
      ['id eq "0oacrm_2" or name eq "wiki"', ['crm_2', 'wiki']],
      ['settings.slo.enabled eq true', ['wiki']],
      ['credentials.signing.kid eq "x"', []],
      ['user.id eq "USER"', ['crm']],
      ['group.id eq "GROUP"', ['wiki']],
      ['user.id eq "nobody"', []],
    ] as const)('%s', async (filter, names) => {
      const query = { filter: filter.replace('USER', ids.user).replace('GROUP', ids.group) };
      expect((await walk('apps', query)).names.toSorted()).toEqual(names);
      expect((await walk('apps', { ...query, limit: '1' })).names.toSorted()).toEqual(names);
    });

    test('q is the start of the label or the name; whose app it is comes along where it is asked for', async () => {
      expect((await walk('apps', { q: 'the CR' })).names).toEqual(['crm', 'crm_2']);
      expect((await walk('apps', { q: 'wi', filter: 'status eq "ACTIVE"' })).names).toEqual(['wiki']);
      const query = { filter: `user.id eq "${ids.user}"`, expand: `user/${ids.user}` };
      expect((await on.call('GET', url('apps', query))).json()).toEqual([
        expect.objectContaining({ name: 'crm', _embedded: { user: expect.objectContaining({ id: ids.user }) } }),
      ]);
    });

    test.each(['label eq "x"', 'status eq "ASLEEP"', 'user.id sw "00u"', 'user.id eq 1', 'status eq', 'not'])(
      '400 for %s',
      async (filter) => {
        const answer = await on.call('GET', url('apps', { filter }));
        expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ errorCode: 'E0000001' })]);
      },
    );
  });

  test('group rules are searched by a part of their name', async () => {
    for (const [index, name] of ['100% here', 'Here too', 'there'].entries()) {
      await on.db.query(
        `insert into group_rules (id, name, status, expression, group_ids) values ($1, $2, 'INACTIVE', 'true', '{}')`,
        [`0pr${index}`, name],
      );
    }
    expect(await walk('groups/rules', { search: 'HERE', limit: '2' })).toEqual({
      names: ['100% here', 'Here too', 'there'],
      sizes: [2, 1],
    });
    expect((await walk('groups/rules', { search: '%' })).names).toEqual(['100% here']);
    const links = async (query: Readonly<Record<string, string>>) =>
      String((await on.call('GET', url('groups/rules', query))).headers['link']);
    expect(await links({})).toContain('limit=50>; rel="self"');
    expect(await links({ limit: '1000' })).toContain('limit=200>; rel="self"');
  });
});
