import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { systemActor } from '../../domain/log-event.ts';
import { appendEvents } from '../../store/log-events.ts';

interface LogReply {
  readonly uuid: string;
  readonly published: string;
  readonly target: readonly { readonly displayName: string }[];
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
  const append = (...names: string[]) =>
    on.db.transaction((tx) =>
      appendEvents(
        tx,
        names.map((name) => ({
          eventType: name === 'four' ? 'group.lifecycle.delete' : 'group.lifecycle.create',
          outcome: name === 'five' ? 'FAILURE' : 'SUCCESS',
          actor: systemActor,
          targets: [{ id: `00g${name}`, type: 'UserGroup', alternateId: 'unknown', displayName: name }],
        })),
      ),
    );
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
    const [event] = (await on.call('GET', '/api/v1/logs?limit=1')).json<LogReply[]>();
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

  test('polling always has a next page, even an empty one, and finds what happens later', async () => {
    const first = await read('limit=100');
    expect([first.names.length, first.next]).toEqual([5, expect.stringContaining('after=')]);
    const second = await read(first.next ?? '');
    expect([second.names, second.next]).toEqual([[], first.next]);
    const nothingYet = await read('since=2998-01-01T00:00:00Z');
    expect([nothingYet.names, nothingYet.next]).toEqual([[], expect.stringContaining('since=2998')]);
    await append('six');
    expect((await read(second.next ?? '')).names).toEqual(['six']);
  });

  test.each([
    ['filter=eventType eq "group.lifecycle.delete"', ['four']],
    ['filter=target.id eq "00gtwo"', ['two']],
    ['filter=actor.id eq "system" AND outcome.result eq "FAILURE"', ['five']],
    ['filter=target.id EQ "00g\\"; drop table log_events"', []],
    ['q=THREE', ['three']],
    ['q=group three', ['three']],
    ['q=%25', []],
  ])('%s finds %j', async (query, names) => {
    expect((await read(`${until}&${encodeURI(decodeURI(query.replace('%25', '%2525')))}`)).names).toEqual(names);
  });

  test.each([
    'filter=published gt "2020-01-01"',
    'filter=eventType eq "a" or eventType eq "b"',
    'filter=eventType eq "a',
    'since=yesterday',
    'until=2020-02-30T00:00:00Z',
    'sortOrder=SIDEWAYS',
    'after=forged',
    'limit=0',
  ])('400 for %s', async (query) => {
    expect((await on.call('GET', `/api/v1/logs?${encodeURI(query)}`)).statusCode).toBe(400);
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
