import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../test/database.ts';
import { findTokenHolder } from '../store/api-tokens.ts';
import { hashToken } from './api-tokens.ts';
import { bootstrapOrg } from './bootstrap.ts';

const token = 'a-token-of-at-least-32-characters';

describeOnDatabases('bootstrap', (database) => {
  test('an empty database gets an organisation, a directory, an owner and the token; asked again, nothing', async () => {
    const db = await database.open();
    const first = await bootstrapOrg(db, { token, ownerLogin: 'Root@Acme.example' });
    expect(first).toMatchObject({ created: true, token: 'works', org: { id: expect.stringMatching(/^00o\w{17}$/) } });
    const holder = await findTokenHolder(db, hashToken(token));
    expect(holder).toMatchObject({
      status: 'ACTIVE',
      rights: [{ role: 'SUPER_ADMIN', apps: 'all', groups: 'all' }],
      profile: { login: 'Root@Acme.example' },
    });
    const counts = () =>
      db.query(`select (select count(*)::int from users) as users, (select count(*)::int from api_tokens) as tokens,
        (select count(*)::int from groups) as groups, (select count(*)::int from group_members) as members,
        (select count(*)::int from profile_schemas) as schemas, (select count(*)::int from log_events) as events`);
    const before = await counts();
    expect(before).toEqual([{ users: 1, tokens: 1, groups: 1, members: 1, schemas: 2, events: 3 }]);
    const again = await bootstrapOrg(db, { token, ownerLogin: 'somebody@else.example' });
    expect(again).toEqual({ org: first.org, created: false, token: 'works' });
    expect(await counts()).toEqual(before);
  });

  test('a token that comes later is ignored, a revoked one is not made again', async () => {
    const db = await database.open();
    expect((await bootstrapOrg(db, {})).token).toBe('none');
    expect((await bootstrapOrg(db, { token })).token).toBe('ignored');
    expect(await findTokenHolder(db, hashToken(token))).toBeUndefined();
  });

  test('of fifty that start at once one makes it all', async () => {
    const db = await database.open();
    const all = await Promise.all(Array.from({ length: 50 }, () => bootstrapOrg(db, { token })));
    expect(all.filter((each) => each.created)).toHaveLength(1);
    expect(new Set(all.map((each) => each.org.id)).size).toBe(1);
    expect(await db.query('select count(*)::int as owners from admins')).toEqual([{ owners: 1 }]);
  });

  test.each([
    ['a short token', { token: 'short' }, 'USHER_BOOTSTRAP_TOKEN'],
    ['a token with a space', { token: `${token} ${token}` }, 'USHER_BOOTSTRAP_TOKEN'],
    ['a login that is none', { ownerLogin: 'root' }, 'USHER_OWNER_LOGIN is "root"'],
  ])('%s is refused before anything is written', async (_name, options, sentence) => {
    const db = await database.open();
    await expect(bootstrapOrg(db, options)).rejects.toThrow(sentence);
    expect(await db.query('select id from org')).toEqual([]);
  });
});
