import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { assignGroupTo, insertApp, insertGroup, insertPeople, provisioningOn } from '../../../test/fixtures.ts';
import { openHttpTest } from '../../../test/http-context.ts';

describeOnDatabases('/usher/v1/set-up', (database) => {
  test('says what is done, step by step, of the app that is furthest', async () => {
    const on = await openHttpTest(database);
    const ask = async (token?: string) =>
      (await on.call('GET', '/usher/v1/set-up', undefined, token === undefined ? {} : { token })).json<object>();
    const nothing = { added: false, connected: false, mapped: false, assigned: false, provisioned: false };
    expect(await ask()).toEqual({ appId: null, ...nothing });
    await insertApp(on.db, { connected: false });
    expect(await ask()).toMatchObject({ ...nothing, added: true });
    const appId = await insertApp(on.db, { provisioning: { ...provisioningOn, create: false } });
    expect(await ask()).toMatchObject({ ...nothing, appId, added: true, connected: true });
    await on.db.query(`update apps set provisioning = $2::jsonb where id = $1`, [
      appId,
      JSON.stringify(provisioningOn),
    ]);
    const people = await insertPeople(on.db, 1);
    await assignGroupTo(on.db, appId, await insertGroup(on.db, 'All', people));
    expect(await ask()).toMatchObject({ appId, connected: true, mapped: true, assigned: true, provisioned: false });
    await on.db.query(`update app_users set external_id = 'a1' where app_id = $1`, [appId]);
    expect(await ask()).toMatchObject({ appId, provisioned: true });
    expect(await ask(await on.addToken('READ_ONLY_ADMIN'))).toMatchObject({ appId, provisioned: true });
  });
});
