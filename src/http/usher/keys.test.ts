import { expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { resealSecrets, type KeysView } from '../../services/data-keys.ts';

const canaries = ['canary-of-a-client-0123456789', 'canary-of-a-provider-0123456789', 'canary-of-a-shared-account'];

describeOnDatabases('/usher/v1/keys', (database) => {
  test('says how many secrets each key seals, and replaces it on demand', async () => {
    const on = await openHttpTest(database);
    await keepSecrets(on);
    const before = await on.call('GET', '/usher/v1/keys');
    expect(before.json()).toEqual({
      keys: [{ id: expect.stringMatching(/^key\w{17}$/), state: 'ACTIVE', created: expect.any(String), secrets: 3 }],
      master: { id: expect.stringMatching(/^[0-9a-f]{8}$/), secrets: 0 },
      unreadable: 0,
      rotation: null,
    });
    const begun = await on.call('POST', '/usher/v1/keys/rotate');
    expect([begun.statusCode, begun.json<KeysView>().rotation]).toEqual([202, { done: 0, total: 3 }]);
    const again = await on.call('POST', '/usher/v1/keys/rotate');
    expect([again.statusCode, again.json()]).toMatchObject([409, { errorSummary: /rotated already/ }]);
    await resealSecrets(on.context, new AbortController().signal);
    const after = (await on.call('GET', '/usher/v1/keys')).json<KeysView>();
    expect(after).toMatchObject({ keys: [{ state: 'ACTIVE', secrets: 3 }], rotation: null });
    expect(after.keys[0]?.id).not.toBe(before.json<KeysView>().keys[0]?.id);
    const events = (await on.call('GET', '/api/v1/logs?sortOrder=DESCENDING&limit=2')).json<object[]>();
    expect(events).toMatchObject([
      { eventType: 'system.data_key.retire', outcome: { result: 'SUCCESS' } },
      { eventType: 'system.data_key.rotate', target: [{ id: after.keys[0]?.id, type: 'DataKey' }] },
    ]);
  });

  test('who may look may not replace', async () => {
    const on = await openHttpTest(database);
    const token = await on.addToken('READ_ONLY_ADMIN');
    expect((await on.call('GET', '/usher/v1/keys', undefined, { token })).statusCode).toBe(200);
    expect((await on.call('POST', '/usher/v1/keys/rotate', undefined, { token })).statusCode).toBe(403);
    expect((await on.call('GET', '/usher/v1/keys')).json<KeysView>().keys).toHaveLength(1);
  });

  test('no secret and no key is in the database, in clear', async () => {
    const on = await openHttpTest(database);
    await keepSecrets(on);
    const tables = await on.db.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(40);
    const text: string[] = [];
    for (const { name } of tables) {
      const [dump] = await on.db.query<{ text: string | null }>(
        `select string_agg(t::text, ' ') as text from ${name} t`,
      );
      text.push(dump?.text ?? '');
    }
    const whole = text.join('\n');
    const searched = [...canaries, Buffer.alloc(32, 7).toString('base64'), Buffer.alloc(32, 7).toString('hex')];
    for (const secret of searched) {
      for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')])
        expect(whole).not.toContain(form);
    }
  });
});

/** Three, in three tables or columns. */
async function keepSecrets(on: HttpTest): Promise<void> {
  const [client, provider, shared] = canaries;
  const made = [
    await on.call('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Client',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { client_secret: client, token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          redirect_uris: ['https://client.example/callback'],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          application_type: 'web',
        },
      },
    }),
    await on.call('POST', '/usher/v1/identity-providers', {
      label: 'Acme',
      issuer: 'https://login.acme.example',
      clientId: 'usher',
      clientSecret: provider,
    }),
    await on.call('POST', '/usher/v1/apps', {
      catalogKey: 'scim2headerauth',
      settings: { baseUrl: 'https://app.example' },
    }),
  ];
  expect(made.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  const { id } = made[2]?.json<{ id: string }>() ?? { id: '' };
  const settings = { auth: { scheme: 'bearer', token: shared } };
  expect((await on.call('PUT', `/usher/v1/apps/${id}/connection`, { settings })).statusCode).toBe(200);
}
