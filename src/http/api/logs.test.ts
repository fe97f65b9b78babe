import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { systemActor, type NewLogEvent } from '../../domain/log-event.ts';
import type { Tx } from '../../store/database.ts';
import { appendEvents } from '../../store/log-events.ts';
import { settleRestoredLog } from '../../store/log-query.ts';

interface LogReply {
  readonly uuid: string;
  readonly published: string;
  readonly target: readonly { readonly displayName: string }[];
}

function eventOf(name: string): NewLogEvent {
  return {
    eventType: name === 'four' ? 'group.lifecycle.delete' : 'group.lifecycle.create',
    outcome: name === 'five' ? 'FAILURE' : 'SUCCESS',
    actor: systemActor,
    ...(name === 'four' ? { debug: { name } } : {}),
    targets: [{ id: `00g${name}`, type: 'UserGroup', alternateId: 'unknown', displayName: name }],
  };
}

describeOnDatabases('/api/v1 log, tokens and organisation', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
    await on.db.query('delete from log_events');
    await append('one', 'two', 'three');
    await append('four', 'five');
  });
  /** Events of one statement share their moment to the microsecond. */
  const append = (...names: string[]) => on.db.transaction((tx) => appendEvents(tx, names.map(eventOf)));
  const read = async (query: string) => {
    const answer = await on.call('GET', `/api/v1/logs?${query}`);
    expect(answer.statusCode).toBe(200);
    const next = String(answer.headers['link']).match(
      /<http:\/\/localhost:80\/api\/v1\/logs\?([^>]*)>; rel="next"/,
    )?.[1];
    return { names: answer.json<LogReply[]>().map((event) => event.target[0]?.displayName), next };
  };
  const until = `until=2999-01-01T00:00:00Z`;

  test('an event in Okta words', async () => {
    const [event] = (await on.call('GET', `/api/v1/logs?limit=1&${until}`)).json<LogReply[]>();
    expect(event).toMatchObject({
      uuid: expect.stringMatching(/^[\da-f-]{36}$/),
      published: expect.stringMatching(/^\d{4}-.*Z$/),
      eventType: 'group.lifecycle.create',
      version: '0',
      severity: 'INFO',
      legacyEventType: null,
      displayMessage: 'Create group',
      actor: { id: 'system', type: 'SystemPrincipal' },
      outcome: { result: 'SUCCESS', reason: null },
      target: [{ id: '00gone', type: 'UserGroup', detailEntry: null }],
      debugContext: { debugData: {} },
      request: { ipChain: [] },
    });
  });

  test('an event of a request says where that came from', async () => {
    const headers = { 'user-agent': 'terraform/1.9' };
    const group = await on.call('POST', '/api/v1/groups?x=secret', { profile: { name: 'Logged' } }, { headers });
    const { id } = group.json<{ id: string }>();
    const [event] = (await on.call('GET', `/api/v1/logs?${until}&filter=target.id eq "${id}"`)).json<LogReply[]>();
    expect(event).toMatchObject({
      actor: { id: on.ownerId, type: 'User', detailEntry: null },
      client: {
        userAgent: { rawUserAgent: 'terraform/1.9', os: 'Unknown', browser: 'UNKNOWN' },
        ipAddress: '127.0.0.1',
        geographicalContext: null,
      },
      device: null,
      transaction: {
        type: 'WEB',
        id: group.headers['x-okta-request-id'],
        detail: { requestApiTokenId: expect.stringMatching(/^00T/) },
      },
      debugContext: { debugData: { requestId: group.headers['x-okta-request-id'], requestUri: '/api/v1/groups' } },
      authenticationContext: { authenticationStep: 0, externalSessionId: null },
      securityContext: { isProxy: null },
      request: { ipChain: [{ ip: '127.0.0.1', geographicalContext: null, version: 'V4', source: null }] },
    });
    expect(JSON.stringify(event)).not.toContain('secret');
    await on.db.query('delete from log_events where client is not null');
  });

  test('a bounded reading ends: pages of two, none twice, none left out, no next on the last', async () => {
    for (const [order, names] of [
      ['ASCENDING', ['one', 'two', 'three', 'four', 'five']],
      ['DESCENDING', ['five', 'four', 'three', 'two', 'one']],
    ] as const) {
      const seen: unknown[] = [];
      let query: string | undefined = `${until}&limit=2&sortOrder=${order}`;
      for (let pages = 0; query !== undefined && pages < 9; pages += 1) {
        const page = await read(query);
        seen.push(...page.names);
        query = page.next;
      }
      expect([order, seen, query]).toEqual([order, names, undefined]);
    }
  });

  /** Transactions of other tests on the same server hold polling back until they end. */
  const follow = async (query: string, count: number) => {
    const names: unknown[] = [];
    let next = query;
    await expect
      .poll(
        async () => {
          const page = await read(next);
          names.push(...page.names);
          next = page.next ?? '';
          return names.length;
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBeGreaterThanOrEqual(count);
    return { names, next };
  };

  test('polling always has a next page, even an empty one, and finds what happens later', async () => {
    const first = await follow('limit=2', 5);
    expect(first.names).toEqual(['one', 'two', 'three', 'four', 'five']);
    const second = await read(first.next);
    expect([second.names, second.next]).toEqual([[], first.next]);
    const nothingYet = await read('since=2998-01-01T00:00:00Z');
    expect([nothingYet.names, nothingYet.next]).toEqual([[], expect.stringContaining('since=2998')]);
    expect(nothingYet.next).toContain('after=');
    await append('six');
    expect((await follow(second.next ?? '', 1)).names).toEqual(['six']);
  });

  test('polling from a moment leaves out what was before, and goes on from there', async () => {
    await on.db.query(`update log_events set published = now() - interval '1 day' where target->0->>'id' = '00gone'`);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect((await follow(`since=${since}`, 5)).names[0]).toBe('two');
    await on.db.query(
      `update log_events set published = now() - interval '30 seconds' where target->0->>'id' = '00gone'`,
    );
  });

  test('400 for a cursor from the future: it is of another database', async () => {
    const { next } = await read(`${until}&limit=1`);
    const query = String(next).replace(/until=[^&]*&?/, '');
    expect((await on.call('GET', `/api/v1/logs?${query}`)).statusCode).toBe(400);
  });

  test('a log restored into a database that counts from the beginning is there again', async () => {
    await on.db.query(`update log_events set tx = '900000000000'`);
    await on.db.transaction(settleRestoredLog);
    const { names } = await follow('limit=100', 6);
    expect(names).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  describe('while a transaction takes long', () => {
    /** Does `inside` in a transaction that stays open until `outside` is done. */
    const during = async (
      inside: (tx: Tx) => Promise<void>,
      outside: () => Promise<void>,
      after: (tx: Tx) => Promise<void>,
    ) => {
      let begun = () => undefined as void;
      let finish = () => undefined as void;
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const mayFinish = new Promise<void>((resolve) => (finish = resolve));
      const long = on.db.transaction(async (tx) => {
        await inside(tx);
        begun();
        await mayFinish;
        await after(tx);
      });
      await isBegun;
      await outside();
      finish();
      await long;
    };
    const write = (name: string) => (tx: Tx) => appendEvents(tx, [eventOf(name)]);
    const nothing = async () => undefined;

    test('its events are not passed by, whenever it wrote them', async (test) => {
      if (on.db.kind === 'pglite') return test.skip('one connection cannot have two transactions');
      let next = (await follow('limit=100', 5)).next;
      await during(
        write('slow'),
        async () => {
          await on.db.transaction(write('quick'));
          const page = await read(next);
          expect(page.names).toEqual([]);
          next = page.next ?? '';
        },
        nothing,
      );
      const both = await follow(next, 2);
      expect(both.names).toEqual(['slow', 'quick']);
      // One that has written nothing yet holds nobody back, and its events come after what was read meanwhile.
      next = both.next;
      await during(
        async (tx) => void (await tx.query('select now()')),
        async () => {
          await on.db.transaction(write('early'));
          const page = await follow(next, 1);
          expect(page.names).toEqual(['early']);
          next = page.next;
        },
        write('late'),
      );
      expect((await follow(next, 1)).names).toEqual(['late']);
      await on.db.query(`delete from log_events where target->0->>'displayName' in ('slow', 'quick', 'early', 'late')`);
    });
  });

  test.each([
    ['filter=eventType eq "group.lifecycle.delete"', ['four']],
    ['filter=target.id eq "00gtwo"', ['two']],
    ['filter=actor.id eq "system" AND outcome.result eq "FAILURE"', ['five']],
    ['filter=target.id EQ "00g\\"; drop table log_events"', []],
    ['filter=eventType eq "group.lifecycle.delete" or outcome.result eq "FAILURE"', ['four', 'five']],
    ['filter=eventType sw "group.lifecycle.d"', ['four']],
    ['filter=eventType eq "GROUP.lifecycle.delete"', []],
    ['filter=displayMessage eq "Delete group"', ['four']],
    ['filter=target.displayName co "e" and not (target.displayName ew "e")', []],
    ['filter=target.type ne "UserGroup"', []],
    ['filter=target.detailEntry.any pr or client.ipAddress pr or legacyEventType pr', []],
    ['filter=debugContext.debugData.name eq "four"', ['four']],
    ['filter=version eq "0" and severity eq "WARN"', ['five']],
    ['filter=published ge "2020-01-01T00:00:00Z" and actor.type eq "SystemPrincipal" and target.id ew "ee"', ['three']],
    ['filter=transaction.id pr', []],
    ['q=THREE', ['three']],
    ['q=group three', ['three']],
    ['q=%25', []],
  ])('%s finds %j', async (query, names) => {
    expect((await read(`${until}&${encodeURI(decodeURI(query.replace('%25', '%2525')))}`)).names).toEqual(names);
  });

  test.each([
    'filter=published gt "2020-01-01"',
    'filter=client',
    'filter=actor.shoeSize eq "40"',
    'filter=published gt 2020',
    'filter=eventType eq "a',
    'since=yesterday',
    'until=2020-02-30T00:00:00Z',
    'sortOrder=SIDEWAYS',
    'after=forged',
    'limit=0',
  ])('400 for %s', async (query) => {
    expect((await on.call('GET', `/api/v1/logs?${encodeURI(query)}`)).statusCode).toBe(400);
  });

  test('an event is found by what it shows of the request it came with', async () => {
    const made = await on.call('POST', '/api/v1/groups', { profile: { name: 'Asked for' } });
    const id = made.json<{ id: string }>().id;
    for (const part of [
      'client.ipAddress eq "127.0.0.1"',
      'client.userAgent.rawUserAgent co "MyRequest" and client.userAgent.os eq "Unknown"',
      'transaction.type eq "WEB" and transaction.id pr',
      'debugContext.debugData.requestUri eq "/api/v1/groups" and debugContext.debugData.requestId pr',
      'request.ipChain.ip sw "127." and request.ipChain.version eq "V4"',
    ]) {
      const filter = encodeURIComponent(`target.id eq "${id}" and ${part}`);
      expect([part, (await read(`${until}&filter=${filter}`)).names]).toEqual([part, ['Asked for']]);
    }
  });

  describe('tokens', () => {
    test('made once with their value, then listed without, then refused', async () => {
      const made = await on.call('POST', '/usher/v1/api-tokens', { name: 'CI', expires: '2998-01-01T00:00:00Z' });
      expect(made.statusCode).toBe(200);
      const { value: token, id } = made.json<{ value: string; id: string }>();
      expect(token).toMatch(/^00[0-9A-Za-z]{40}$/);
      const shown = await on.call('GET', `/api/v1/api-tokens/${id}`, undefined, { token });
      expect(shown.json()).toEqual({
        id,
        name: 'CI',
        userId: on.ownerId,
        tokenWindow: 'P30D',
        network: { connection: 'ANYWHERE' },
        clientName: 'Okta API',
        created: expect.any(String),
        lastUpdated: expect.any(String),
        expiresAt: '2998-01-01T00:00:00.000Z',
        _link: { self: expect.objectContaining({ href: expect.stringContaining(id) }) },
      });
      const all = await on.call('GET', '/api/v1/api-tokens');
      expect(all.body).not.toContain(token);
      expect(all.json<object[]>()).toHaveLength(2);
      const [stored] = await on.db.query<{ text: string }>('select t::text as text from api_tokens t where id = $1', [
        id,
      ]);
      expect(stored?.text).not.toContain(token.slice(2, 20));
      expect((await on.call('DELETE', `/api/v1/api-tokens/${id}`)).statusCode).toBe(204);
      expect((await on.call('GET', '/api/v1/api-tokens', undefined, { token })).statusCode).toBe(401);
      expect((await on.call('DELETE', `/api/v1/api-tokens/${id}`)).statusCode).toBe(404);
    });

    test('anybody gives up their own', async () => {
      const token = await on.addToken('READ_ONLY_ADMIN');
      expect((await on.call('DELETE', '/api/v1/api-tokens/current', undefined, { token })).statusCode).toBe(204);
      expect((await on.call('GET', '/api/v1/users/me', undefined, { token })).statusCode).toBe(401);
    });

    test.each([
      [{ name: ' ' }],
      [{ name: 'x', expires: '2001-01-01T00:00:00Z' }],
      [{ name: 'x', userId: '00u' }],
      [{}],
    ])('400 for %j', async (body) => {
      expect((await on.call('POST', '/usher/v1/api-tokens', body)).statusCode).toBe(400);
    });
  });

  test('the organisation, to those who may see it', async () => {
    const answer = await on.call('GET', '/api/v1/org');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      expect.objectContaining({
        id: on.deps.org.id,
        companyName: 'Usher',
        subdomain: 'usher',
        status: 'ACTIVE',
        expiresAt: null,
        created: expect.stringMatching(/\.000Z$/),
        _links: { self: { href: 'http://localhost:80/api/v1/org', hints: { allow: ['GET'] } } },
      }),
    ]);
    const token = await on.addToken('HELP_DESK_ADMIN');
    expect((await on.call('GET', '/api/v1/org', undefined, { token })).statusCode).toBe(403);
  });

  test('the organisation says to everybody that it is v1', async () => {
    const answer = await on.call('GET', '/.well-known/okta-organization', undefined, { token: null });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      expect.objectContaining({
        id: expect.stringMatching(/^00o\w{17}$/),
        pipeline: 'v1',
        _links: { organization: { href: 'http://localhost:80' } },
      }),
    ]);
  });
});
