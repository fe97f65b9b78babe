import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defined, openAppTest, type AppTest } from '../../test/app-context.ts';
import { describeOnDatabases } from '../../test/database.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { openAppConnection } from '../provisioning/open-connection.ts';
import {
  activateConnection,
  deactivateConnection,
  getConnection,
  setConnection,
  testConnection,
  tokenAuth,
} from './app-connections.ts';
import { assignUser } from './app-assignments.ts';
import { createApp } from './apps.ts';

const secret = 'very-secret-4711';
const bearer = { scheme: 'bearer', token: secret };
const oauth = {
  scheme: 'oauth2_client_credentials',
  tokenUrl: 'https://login.example.com/token',
  clientId: 'usher',
  clientSecret: secret,
};

describeOnDatabases('app connections', (database) => {
  let on: AppTest;
  let appId: AppId;
  beforeAll(async () => {
    on = await openAppTest(database);
  });
  beforeEach(async () => {
    on.app.refusal = undefined;
    on.app.opened.length = 0;
    const app = await createApp(on.context, {
      catalogKey: 'scim2headerauth',
      settings: { app: { baseUrl: 'https://crm.example.com/scim' } },
    });
    appId = app.id;
  });
  const stored = async () => {
    const [row] = await on.db.query<{ status: string; settings: JsonObject; sealed: string | null }>(
      'select status, settings, sealed from app_connections where app_id = $1',
      [appId],
    );
    return row;
  };

  test.each([
    ['https://user:pw@crm.example.com/scim', /user name or password/],
    ['file:///etc/passwd', /must be an address such as https/],
    ['crm', /must be an address such as https/],
  ])('an address such as %s is refused, with the setting named', async (baseUrl, reason) => {
    const attempt = setConnection(on.context, appId, { settings: { baseUrl, auth: bearer } });
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid_input',
      causes: [{ field: 'settings.baseUrl', reason: expect.stringMatching(reason) }],
    });
    expect(await stored()).toBeUndefined();
  });

  test('before the first save the address of the catalog entry is offered', async () => {
    expect(await getConnection(on.context, appId)).toEqual({
      status: 'DISABLED',
      connector: 'scim',
      settings: { baseUrl: 'https://crm.example.com/scim' },
      hasCredential: false,
      lastTested: null,
    });
  });

  test('an app without a connector answers UNKNOWN and takes no connection', async () => {
    const tile = await createApp(on.context, {
      catalogKey: 'bookmark',
      settings: { app: { url: 'https://w.example' } },
    });
    expect(await getConnection(on.context, tile.id)).toMatchObject({ status: 'UNKNOWN', connector: null });
    for (const attempt of [
      setConnection(on.context, tile.id, { settings: { auth: bearer } }),
      testConnection(on.context, tile.id, { auth: bearer }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'unsupported' });
    }
    await expect(activateConnection(on.context, newId('app'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('the secret is sealed, is in no table in clear and comes back to nobody but the connector', async () => {
    const saved = await setConnection(on.context, appId, { settings: { auth: bearer }, activate: true });
    const shown = [saved, await getConnection(on.context, appId), await testConnection(on.context, appId)];
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(saved).toMatchObject({
      status: 'ENABLED',
      settings: { baseUrl: 'https://crm.example.com/scim', auth: { scheme: 'bearer' } },
      hasCredential: true,
    });
    expect(saved.lastTested).toBeInstanceOf(Date);
    for (const table of ['app_connections', 'apps', 'log_events', 'operations']) {
      const [dump] = await on.db.query<{ text: string }>(
        `select coalesce(string_agg(t::text, ' '), '') as text from ${table} t`,
      );
      expect(dump?.text, table).not.toContain(secret);
    }
    expect(on.app.opened.map((options) => options.settings)).toEqual([
      { baseUrl: 'https://crm.example.com/scim', auth: bearer },
      { baseUrl: 'https://crm.example.com/scim', auth: bearer },
    ]);
    expect([on.app.openConnections, on.app.openHttpClients]).toEqual([0, 0]);
  });

  test('a sealed secret put into another app does not open there', async () => {
    await setConnection(on.context, appId, { settings: { auth: bearer } });
    const sealed = (await stored())?.sealed;
    const other = await createApp(on.context, {
      catalogKey: 'scim2headerauth',
      settings: { app: { baseUrl: 'https://evil.example.com' } },
    });
    await setConnection(on.context, other.id, { settings: { auth: bearer } });
    await on.db.query('update app_connections set sealed = $2 where app_id = $1', [other.id, sealed]);
    await expect(activateConnection(on.context, other.id)).rejects.toMatchObject({ code: 'secret_unreadable' });
  });

  const faulty: readonly (readonly [string, JsonObject, readonly string[]])[] = [
    ['no authentication', {}, ['settings.auth']],
    ['no token', { auth: { scheme: 'bearer' } }, ['settings.auth.token']],
    ['an empty token', { auth: { scheme: 'bearer', token: '' } }, ['settings.auth.token']],
    ['an address that is none', { baseUrl: 'crm', auth: bearer }, ['settings.baseUrl']],
    [
      'a misspelled secret',
      { auth: { scheme: 'bearer', Token: secret } },
      ['settings.auth.token', 'settings.auth.Token'],
    ],
    ['an unknown setting', { auth: bearer, proxy: 'x' }, ['settings.proxy']],
    ['a scheme the app does not take', { auth: oauth }, ['settings.auth.scheme']],
    ['no scheme', { auth: { token: secret } }, ['settings.auth.scheme']],
    ['a credential that is no object', { auth: secret }, ['settings.auth']],
  ];
  test.each(faulty)('%s is refused, named, and neither stored nor repeated', async (_, settings, fields) => {
    for (const attempt of [
      () => setConnection(on.context, appId, { settings, activate: true }),
      () => testConnection(on.context, appId, settings),
    ]) {
      const error: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsherError);
      const { code, causes, message } = error as UsherError;
      expect(code).toBe('invalid_input');
      expect(causes.map((cause) => cause.field)).toEqual(fields);
      expect(JSON.stringify([message, causes])).not.toContain(secret);
    }
    expect(await stored()).toBeUndefined();
    expect(on.app.opened).toEqual([]);
  });

  test('a test that fails passes its own error on and enables nothing', async () => {
    on.app.refusal = new UsherError('app_credentials_refused', 'crm.example.com does not take this token.');
    await expect(setConnection(on.context, appId, { settings: { auth: bearer }, activate: true })).rejects.toBe(
      on.app.refusal,
    );
    expect(await stored()).toBeUndefined();
    await setConnection(on.context, appId, { settings: { auth: bearer } });
    await expect(activateConnection(on.context, appId)).rejects.toBe(on.app.refusal);
    await expect(testConnection(on.context, appId)).rejects.toBe(on.app.refusal);
    expect((await getConnection(on.context, appId)).status).toBe('DISABLED');
    expect([on.app.openConnections, on.app.openHttpClients]).toEqual([0, 0]);
  });

  describe('a credential is used only where it was given for', () => {
    beforeEach(async () => {
      await setConnection(on.context, appId, { settings: { auth: bearer } });
    });

    test('the same settings keep it', async () => {
      const kept = { baseUrl: 'https://crm.example.com/scim/', auth: { scheme: 'bearer' } };
      await setConnection(on.context, appId, { settings: kept, activate: true });
      expect(on.app.opened[0]?.settings).toEqual({ baseUrl: 'https://crm.example.com/scim', auth: bearer });
    });

    const moved: readonly (readonly [string, JsonObject])[] = [
      ['another address', { baseUrl: 'https://evil.example.com/scim' }],
      ['another scheme', { auth: { scheme: 'oauth2_client_credentials', tokenUrl: 'https://e', clientId: 'c' } }],
    ];
    test.each(moved)('%s needs it again', async (_, settings) => {
      const before = await stored();
      for (const attempt of [
        () => setConnection(on.context, appId, { settings, activate: true }),
        () => testConnection(on.context, appId, settings),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'invalid_input' });
      }
      expect(await stored()).toEqual(before);
      expect(on.app.opened).toEqual([]);
    });

    test('the message says why it has to be entered again', async () => {
      await expect(
        setConnection(on.context, appId, { settings: { baseUrl: 'https://evil.example.com' } }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('enter it again'),
        causes: [{ field: 'settings.auth.token' }],
      });
    });

    test('another token URL needs it again', async () => {
      const app = await createApp(on.context, {
        catalogKey: 'scim2oauth2clientcredentials',
        settings: { app: { baseUrl: 'https://crm.example.com/scim' } },
      });
      await setConnection(on.context, app.id, { settings: { auth: oauth } });
      const { clientSecret: _, ...known } = oauth;
      await setConnection(on.context, app.id, { settings: { auth: known } });
      await expect(
        setConnection(on.context, app.id, { settings: { auth: { ...known, tokenUrl: 'https://evil.example.com' } } }),
      ).rejects.toMatchObject({ causes: [{ field: 'settings.auth.clientSecret' }] });
    });
  });

  test('turning on and off counts, looks again at everybody, ends a pause, signals and is logged', async () => {
    await on.watchSignals();
    const userId = await on.addUser(`${appId}@example.com`);
    await assignUser(on.context, appId, { userId });
    await setConnection(on.context, appId, { settings: { auth: bearer } });
    const rest = () =>
      on.db.query(`update app_users set due_at = null, sync_state = 'SYNCHRONIZED' where app_id = $1`, [appId]);
    const due = () => on.db.query('select 1 from app_users where app_id = $1 and due_at is not null', [appId]);
    await on.db.query(
      `update app_health set state = 'BROKEN', paused_until = now() + interval '1 hour', opened_times = 3 where app_id = $1`,
      [appId],
    );
    await rest();
    await activateConnection(on.context, appId);
    expect(await due()).toHaveLength(1);
    expect(
      await on.db.query('select state, paused_until, opened_times from app_health where app_id = $1', [appId]),
    ).toEqual([{ state: 'OK', paused_until: null, opened_times: 0 }]);
    await rest();
    await deactivateConnection(on.context, appId);
    expect(await due()).toHaveLength(1);
    expect(await stored()).toMatchObject({ status: 'DISABLED', sealed: expect.stringMatching(/^v1\./) });
    expect(await on.revision(appId)).toBe(4);
    expect((await on.events(appId)).filter((type) => type === 'application.configuration.update')).toHaveLength(3);
    await expect.poll(() => on.signals.includes(appId), { timeout: 10_000 }).toBe(true);
  });

  test('one that is on is tested with what is new before it is used', async () => {
    await setConnection(on.context, appId, { settings: { auth: bearer }, activate: true });
    on.app.refusal = new UsherError('app_credentials_refused', 'No.');
    const renewed = { settings: { auth: { scheme: 'bearer', token: 'expired' } } };
    await expect(setConnection(on.context, appId, renewed)).rejects.toMatchObject({ code: 'app_credentials_refused' });
    on.app.refusal = undefined;
    on.app.opened.length = 0;
    await activateConnection(on.context, appId);
    expect(on.app.opened[0]?.settings).toMatchObject({ auth: bearer });
    expect((await setConnection(on.context, appId, renewed)).status).toBe('ENABLED');
  });

  test('what was changed while the test ran is not overwritten', async () => {
    await setConnection(on.context, appId, { settings: { auth: bearer } });
    const { connector } = on.app;
    const slow: AppTest['context'] = {
      ...on.context,
      connectors: [
        {
          ...connector,
          open: (options) => {
            const connection = connector.open(options);
            const meanwhile = async () => {
              await setConnection(on.context, appId, { settings: { auth: { scheme: 'bearer', token: 'by another' } } });
              return { findings: [] };
            };
            return { ...connection, test: meanwhile };
          },
        },
      ],
    };
    await expect(activateConnection(slow, appId)).rejects.toMatchObject({ code: 'conflict' });
    expect((await stored())?.status).toBe('DISABLED');
  });

  describe('opening', () => {
    test('gives the connector schema, quirks, page size and what was learned, and stores what it learns', async () => {
      const slack = await createApp(on.context, { catalogKey: 'slack' });
      await setConnection(on.context, slack.id, { settings: { auth: bearer } });
      const connection = await openAppConnection(on.db, on.context, slack.id);
      const [options] = on.app.opened;
      expect(options).toMatchObject({ quirks: { deleteDeactivates: true }, pageSize: 100, learned: {} });
      expect(options?.attributes).toHaveProperty('userName.externalName', 'userName');
      for (let index = 0; index < 50; index += 1) options?.learn({ last: index, [`fact${index}`]: true });
      await connection.close();
      await (await openAppConnection(on.db, on.context, slack.id)).close();
      expect(on.app.opened[1]?.learned).toMatchObject({ last: 49, fact0: true, fact49: true });

      await setConnection(on.context, slack.id, { settings: { auth: { ...bearer, token: 'new' } } });
      await (await openAppConnection(on.db, on.context, slack.id)).close();
      expect(on.app.opened[2]?.learned).toHaveProperty('fact0');
      await setConnection(on.context, slack.id, {
        settings: { baseUrl: 'https://elsewhere.example.com', auth: bearer },
      });
      await (await openAppConnection(on.db, on.context, slack.id)).close();
      expect(on.app.opened[3]?.learned).toEqual({});
      expect([on.app.openConnections, on.app.openHttpClients]).toEqual([0, 0]);
    });

    test('without a connection or a credential says so', async () => {
      await expect(openAppConnection(on.db, on.context, appId)).rejects.toMatchObject({ code: 'wrong_state' });
      await setConnection(on.context, appId, { settings: { auth: bearer } });
      await on.db.query('update app_connections set sealed = null where app_id = $1', [appId]);
      await expect(activateConnection(on.context, appId)).rejects.toMatchObject({ code: 'wrong_state' });
    });

    test('a connector that refuses to open leaves no way out open', async () => {
      await setConnection(on.context, appId, { settings: { auth: bearer } });
      const broken = {
        ...on.context,
        connectors: [
          {
            ...on.app.connector,
            open: () => {
              throw new UsherError('invalid_input', 'The credential holds a line break.');
            },
          },
        ],
      };
      await expect(openAppConnection(on.db, broken, appId)).rejects.toMatchObject({ code: 'invalid_input' });
      expect(on.app.openHttpClients).toBe(0);
    });
  });

  test('a token takes the form the app expects', () => {
    const entry = (key: string) => defined(on.context.catalog.get(key));
    expect(tokenAuth(entry('slack'), 'a$&b')).toEqual({ scheme: 'bearer', token: 'a$&b' });
    expect(tokenAuth(entry('scim2rawheader'), 'a$&b')).toEqual({ scheme: 'header', value: 'a$&b' });
    const templated = {
      ...entry('scim2rawheader'),
      connection: { baseUrl: '', variables: [], headerTemplate: 'Token token={token}' },
    };
    expect(tokenAuth(templated, 'a$&b')).toEqual({ scheme: 'header', value: 'Token token=a$&b' });
    expect(() => tokenAuth(entry('scim2basicauth'), 'x')).toThrow(UsherError);
  });
});
