import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';

const [wiki, chat, mail] = ['0oa0000000000000wiki', '0oa0000000000000chat', '0oa0000000000000mail'];

describeOnDatabases('/usher/v1/me/layout', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });
  const put = (body: unknown, token?: string) =>
    on.call('PUT', '/usher/v1/me/layout', body, token === undefined ? {} : { token });
  const kept = async (token?: string) =>
    (await on.call('GET', '/usher/v1/me/layout', undefined, token === undefined ? {} : { token })).json<unknown>();

  test('keeps what a person has arranged, for that person alone', async () => {
    const other = await on.addToken('READ_ONLY_ADMIN');
    expect(await kept()).toEqual({ apps: [], sections: [] });
    const layout = { apps: [chat], sections: [{ name: 'Every day', apps: [wiki, mail] }] };
    const answer = await put({ apps: [chat], sections: [{ name: '  Every day ', apps: [wiki, mail] }] });
    expect([answer.statusCode, answer.json()]).toEqual([200, layout]);
    expect(await kept()).toEqual(layout);
    expect(await kept(other)).toEqual({ apps: [], sections: [] });
    expect((await put({ apps: [], sections: [] }, other)).statusCode).toBe(200);
    expect(await kept()).toEqual(layout);
  });

  test.each<[string, unknown, RegExp]>([
    ['an app with two places', { apps: [wiki], sections: [{ name: 'A', apps: [wiki] }] }, /sections\[0\]\.apps/],
    ['a section without a name', { apps: [], sections: [{ name: '  ', apps: [] }] }, /sections\[0\]\.name/],
    [
      'two sections of one name',
      { apps: [], sections: ['Work', 'work'].map((name) => ({ name, apps: [] })) },
      /sections\[1\]\.name/,
    ],
    ['a name that is too long', { apps: [], sections: [{ name: 'x'.repeat(61), apps: [] }] }, /name/],
    [
      'too many sections',
      { apps: [], sections: Array.from({ length: 51 }, (_, i) => ({ name: `${i}`, apps: [] })) },
      /sections/,
    ],
    [
      'too many apps',
      { apps: Array.from({ length: 1_001 }, (_, i) => `0oa${String(i).padStart(17, '0')}`), sections: [] },
      /apps/,
    ],
    ['what is no app', { apps: ['<script>'], sections: [] }, /apps/],
    ['a name no database takes', { apps: [], sections: [{ name: 'a\u0000b', apps: [] }] }, /./],
    ['half a character', { apps: [], sections: [{ name: '\ud800', apps: [] }] }, /./],
    ['what nobody knows', { apps: [], sections: [], theme: 'x' }, /theme/],
    ['nothing', {}, /apps/],
  ])('%s: 400 that names the field, and what was kept stays', async (_what, body, field) => {
    const before = await kept();
    const answer = await put(body);
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringMatching(field)]);
    expect(await kept()).toEqual(before);
  });
});
