import { beforeAll, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { insertApp, insertPeople } from '../../../test/fixtures.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import type { AppId } from '../../lib/ids.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';

describeOnDatabases('the first look', (database) => {
  let on: HttpTest;
  let appIds: readonly AppId[];
  beforeAll(async () => {
    on = await openHttpTest(database);
    const people = await insertPeople(on.db, 3);
    appIds = [await insertApp(on.db), await insertApp(on.db), await insertApp(on.db), await insertApp(on.db)];
    const [well, failing, broken, off] = appIds;
    for (const [appId, state, has] of [
      [well, 'SYNCHRONIZED', true],
      [failing, 'ERROR', false],
      [broken, 'OUT_OF_SYNC', true],
      [off, 'SYNCHRONIZED', true],
    ] as const) {
      await on.db.query(
        `insert into app_users (app_id, user_id, assigned, direct, sync_state, external_id)
         select $1, id, true, true, $3, case when $4 then 'x' || id end from unnest($2::text[]) id`,
        [appId, people, state, has],
      );
    }
    await on.db.query(`insert into app_health (app_id, state) values ($1, 'BROKEN')`, [broken]);
    await on.db.query(`update apps set status = 'INACTIVE' where id = $1`, [off]);
    await on.db.query(`update users set status = 'DEPROVISIONED' where id = $1`, [people[2]]);
  });

  const get = async (path: string, token?: string) =>
    (await on.call('GET', path, undefined, token === undefined ? {} : { token })).json<unknown>();
  const list = async (query = ''): Promise<readonly JsonObject[]> => {
    const answer = await get(`/usher/v1/app-progress${query}`);
    return Array.isArray(answer) ? answer.filter(isJsonObject) : [];
  };

  test('counts people who are still there, active apps and the accounts in them', async () => {
    // The owner is the third.
    expect(await get('/usher/v1/figures')).toEqual({ people: 3, apps: 3, accounts: 6 });
  });

  test('an administrator of one app counts that one', async () => {
    const token = await on.addToken('APP_ADMIN');
    const [appId] = appIds;
    await on.db.query(
      `with one as (update admins set limited = true where role = 'APP_ADMIN' returning id)
       insert into admin_app_targets (admin_id, name, app_id)
       select one.id, coalesce(a.catalog_key, a.name), a.id from one, apps a where a.id = $1`,
      [appId],
    );
    expect(await get('/usher/v1/figures', token)).toMatchObject({ apps: 1, accounts: 3 });
    expect(await get('/usher/v1/app-progress', token)).toMatchObject([{ id: appId }]);
  });

  test('apps in trouble come first, and those that are off only by their id', async () => {
    const [well, failing, broken, off] = appIds;
    expect(await list()).toMatchObject([
      { id: broken, state: 'BROKEN', waiting: 3, failed: 0 },
      { id: failing, state: 'OK', failed: 3, assigned: 3 },
      { id: well, synchronized: 3, failedGroups: 0 },
    ]);
    expect(await list('?limit=1')).toMatchObject([{ id: broken }]);
    expect((await list(`?appIds=${off},${well}`)).map(({ id }) => id).sort()).toEqual([off, well].sort());
  });

  test('more ids than a page of a list has are refused', async () => {
    const many = Array.from({ length: 201 }, (_, index) => `0oa${index}`).join(',');
    expect((await on.call('GET', `/usher/v1/app-progress?appIds=${many}`)).statusCode).toBe(400);
  });
});
