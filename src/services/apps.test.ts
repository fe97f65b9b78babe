import { beforeAll, describe, expect, test } from 'vitest';
import { defined, openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { newId } from '../lib/ids.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import { setConnection } from './app-connections.ts';
import { assignUser } from './app-assignments.ts';
import { activateApp, createApp, deactivateApp, deleteApp, getApp, listApps, updateApp, type NewApp } from './apps.ts';

const scim: NewApp = { catalogKey: 'scim2headerauth', settings: { app: { baseUrl: 'https://crm.example.com/scim' } } };

describeOnDatabases('apps', (database) => {
  let on: AppTest;
  beforeAll(async () => {
    on = await openAppTest(database);
  });

  test('an app from the catalog brings schema, mappings, limits and name template; nothing is provisioned', async () => {
    const app = await createApp(on.context, { catalogKey: 'slack', label: ' Slack ' });
    expect(app).toMatchObject({
      name: 'slack',
      catalogKey: 'slack',
      label: 'Slack',
      status: 'ACTIVE',
      signOnMode: 'SAML_2_0',
      settings: { app: {} },
      visibility: { hide: { iOS: false, web: false } },
      provisioning: { create: false, update: false, deactivate: false },
      limits: { requestsPerMinute: 180, concurrencyMax: 16 },
    });
    expect(app.userNameTemplate.template).toContain('substringBefore');
    expect((await findAppSchema(on.db, app.id))?.base).toHaveProperty('userName.maxLength', 20);
    expect((await findAppMapping(on.db, app.id, 'TO_APP'))?.properties).toHaveProperty('givenName');
    expect((await findAppMapping(on.db, app.id, 'TO_DIRECTORY'))?.properties).toHaveProperty('firstName');
    expect(await on.db.query('select state from app_health where app_id = $1', [app.id])).toEqual([{ state: 'OK' }]);
    expect(await on.events(app.id)).toEqual(['application.lifecycle.create']);
  });

  test('a second instance gets a name of its own, with the same label', async () => {
    const [first, second] = [await createApp(on.context, scim), await createApp(on.context, scim)];
    expect(first.name).toBe('scim2headerauth');
    expect(second.name).toMatch(/^scim2headerauth_[a-z0-9]{7}$/);
    expect(second.label).toBe(first.label);
  });

  test('private apps are named after organisation and label', async () => {
    await on.db.query(`insert into org (id, name, sub_domain) values ('00o1', 'Acme', 'acme-dev')`);
    const bookmark: NewApp = {
      signOnMode: 'BOOKMARK',
      label: 'Büro Wiki',
      settings: { app: { url: 'https://w.example' } },
    };
    const apps = [await createApp(on.context, bookmark), await createApp(on.context, bookmark)];
    expect(apps.map((app) => app.name)).toEqual(['acmedev_burowiki_1', 'acmedev_burowiki_2']);
    expect(apps[0]).toMatchObject({ catalogKey: null, signOnMode: 'BOOKMARK' });
    expect((await findAppSchema(on.db, defined(apps[0]).id))?.base).toHaveProperty('userName');
  });

  const refused: readonly (readonly [string, NewApp, string, RegExp])[] = [
    ['an unknown key', { catalogKey: 'nope' }, 'not_found', /^name/],
    ['a missing variable', { catalogKey: 'scim2headerauth' }, 'invalid_input', /^settings\.app\.baseUrl/],
    [
      'a variable of the wrong form',
      { catalogKey: 'gitlab', settings: { app: { groupPath: '../admin' } } },
      'invalid_input',
      /^settings\.app\.groupPath/,
    ],
    [
      'an unknown variable',
      { catalogKey: 'slack', settings: { app: { subdomain: 'x' } } },
      'invalid_input',
      /^settings\.app\.subdomain is not a setting of Slack/,
    ],
    ['a bookmark without address', { catalogKey: 'bookmark' }, 'invalid_input', /^settings\.app\.url is missing/],
    [
      'an address that runs script',
      { signOnMode: 'BOOKMARK', label: 'x', settings: { app: { url: 'javascript:alert(1)' } } },
      'invalid_input',
      /^settings\.app\.url must be/,
    ],
    ['a private app without mode', { label: 'x' }, 'invalid_input', /^signOnMode/],
    ['an empty label', { catalogKey: 'slack', label: '  ' }, 'invalid_input', /^label/],
    ['a limit of nothing', { catalogKey: 'slack', limits: { pageSize: 0 } }, 'invalid_input', /^limits\.pageSize/],
    [
      'a broken name template',
      { catalogKey: 'slack', userNameTemplate: { template: '${source.login', type: 'CUSTOM' } },
      'invalid_expression',
      /closing/,
    ],
  ];
  test.each(refused)('%s is refused and nothing is written', async (_, input, code, cause) => {
    const count = async () => (await listApps(on.context, { limit: 1000 })).length;
    const before = await count();
    const error: unknown = await createApp(on.context, input).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const { causes } = error as { causes: { field: string; reason: string }[] };
    expect(causes.map((each) => `${each.field} ${each.reason}`).join('\n')).toMatch(cause);
    expect(await count()).toBe(before);
  });

  test('lists by page, start of label and status', async () => {
    const labels = ['Paging 1', 'paging 2', 'Paging 3'];
    for (const label of labels)
      await createApp(on.context, { catalogKey: 'slack', label, activate: label !== 'paging 2' });
    const all = await listApps(on.context, { prefix: 'PAGING', limit: 10 });
    expect(all.map((app) => app.label).toSorted()).toEqual(labels.toSorted());
    const [first] = await listApps(on.context, { prefix: 'paging', limit: 1 });
    const rest = await listApps(on.context, { prefix: 'paging', limit: 10, after: defined(first).id });
    expect([first, ...rest]).toEqual(all);
    expect(await listApps(on.context, { prefix: 'paging', filter: 'status eq "INACTIVE"', limit: 10 })).toHaveLength(1);
    expect(await listApps(on.context, { prefix: '%', limit: 10 })).toEqual([]);
  });

  describe('changes', () => {
    test('keep what they do not name, count, and look again only where accounts can change', async () => {
      const app = await createApp(on.context, scim);
      const userId = await on.addUser('changes@example.com');
      await assignUser(on.context, app.id, { userId });
      await on.db.query(`update app_users set due_at = null, sync_state = 'SYNCHRONIZED' where app_id = $1`, [app.id]);
      const due = () => on.db.query('select 1 from app_users where app_id = $1 and due_at is not null', [app.id]);

      const renamed = await updateApp(on.context, app.id, {
        label: 'CRM',
        limits: { concurrencyMax: 2, requestsPerMinute: 9 },
      });
      expect(renamed).toMatchObject({ label: 'CRM', name: app.name, settings: app.settings });
      expect(renamed.limits).toEqual({ ...app.limits, concurrencyMax: 2, requestsPerMinute: 9 });
      expect(await due()).toHaveLength(0);
      const unlimited = await updateApp(on.context, app.id, { limits: { requestsPerMinute: null } });
      expect(unlimited.limits).not.toHaveProperty('requestsPerMinute');

      await updateApp(on.context, app.id, { userNameTemplate: { template: '${source.email}', type: 'CUSTOM' } });
      expect(await due()).toHaveLength(1);
      expect(await on.revision(app.id)).toBe(4);
      expect((await on.events(app.id)).filter((type) => type === 'application.lifecycle.update')).toHaveLength(3);
    });

    test('a new address takes the stored credential away', async () => {
      const app = await createApp(on.context, scim);
      await setConnection(on.context, app.id, {
        settings: { auth: { scheme: 'bearer', token: 't0ken' } },
        activate: true,
      });
      await updateApp(on.context, app.id, { settings: { app: { baseUrl: 'https://other.example.com/scim' } } });
      const [row] = await on.db.query('select status, settings, sealed from app_connections where app_id = $1', [
        app.id,
      ]);
      expect(row).toEqual({
        status: 'DISABLED',
        settings: { baseUrl: 'https://other.example.com/scim', auth: { scheme: 'bearer' } },
        sealed: null,
      });
    });

    test('a faulty change changes nothing', async () => {
      const app = await createApp(on.context, scim);
      await expect(
        updateApp(on.context, app.id, { label: 'New', settings: { app: { baseUrl: 'ftp://x' } } }),
      ).rejects.toMatchObject({ code: 'invalid_input', causes: [{ field: 'settings.app.baseUrl' }] });
      expect(await getApp(on.context, app.id)).toEqual(app);
      expect(await on.revision(app.id)).toBe(1);
    });
  });

  test('only an inactive app can be deleted; what is kept about it goes, the log stays', async () => {
    const app = await createApp(on.context, scim);
    const userId = await on.addUser('deleted@example.com');
    await assignUser(on.context, app.id, { userId });
    await expect(deleteApp(on.context, app.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await deactivateApp(on.context, app.id);
    await deactivateApp(on.context, app.id);
    await activateApp(on.context, app.id);
    await deactivateApp(on.context, app.id);
    await deleteApp(on.context, app.id);
    await expect(getApp(on.context, app.id)).rejects.toMatchObject({ code: 'not_found' });
    for (const table of ['app_users', 'mappings', 'profile_schemas', 'app_health']) {
      expect(await on.db.query(`select 1 from ${table} where app_id = $1`, [app.id]), table).toEqual([]);
    }
    const verbs = (await on.events(app.id)).map((type) => type.split('.').at(-1));
    expect(verbs).toEqual(['create', 'deactivate', 'activate', 'deactivate', 'delete']);
  });

  test('an app that does not exist is not found', async () => {
    const none = newId('app');
    for (const use of [getApp, activateApp, deactivateApp, deleteApp]) {
      await expect(use(on.context, none), use.name).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
