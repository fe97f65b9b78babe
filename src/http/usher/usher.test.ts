import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { UsherError } from '../../lib/errors.ts';
import { systemActor } from '../../domain/log-event.ts';
import { newId, type AppId, type UserId } from '../../lib/ids.ts';
import { insertRun, updateRun } from '../../store/runs.ts';

interface RunReply {
  readonly id: string;
  readonly status: string;
  readonly counts: Record<string, number>;
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

describeOnDatabases('/usher/v1', (database) => {
  let on: HttpTest;
  beforeAll(async () => {
    on = await openHttpTest(database);
  });

  describe('catalog', () => {
    test('found by a misspelt name, narrowed by facet, capability and protocol', async () => {
      const found = (await on.call('GET', '/usher/v1/catalog/apps?q=gihtub&limit=1')).json<{
        total: number;
        apps: { key: string; features: string[] }[];
      }>();
      expect(found.apps[0]?.key).toMatch(/^github/);
      const narrow = '/usher/v1/catalog/apps?protocol=SCIM_2_0&capability=users.create&capability=groups.update';
      const some = (await on.call('GET', `${narrow}&facet.collection=Popular`)).json<{
        total: number;
        facetCounts: object;
      }>();
      const all = (await on.call('GET', '/usher/v1/catalog/apps')).json<{ total: number }>();
      expect(some.total).toBeGreaterThan(0);
      expect(some.total).toBeLessThan(all.total);
      expect(some.facetCounts).toHaveProperty('functionality');
    });

    test.each(['capability=telepathy', 'capability=users.__proto__', 'protocol=FAX', 'limit=0'])(
      '400 for %s',
      async (query) => {
        expect((await on.call('GET', `/usher/v1/catalog/apps?${query}`)).statusCode).toBe(400);
      },
    );

    test('an entry with its guide and its logo, which can do nothing', async () => {
      const entry = await on.call('GET', '/usher/v1/catalog/apps/slack');
      expect(entry.json()).toMatchObject({ key: 'slack', features: expect.arrayContaining(['PUSH_NEW_USERS']) });
      const guide = await on.call('GET', '/usher/v1/catalog/apps/slack/guide');
      expect([guide.headers['content-type'], guide.body.length > 100]).toEqual(['text/markdown; charset=utf-8', true]);
      const logo = await on.call('GET', '/usher/v1/catalog/apps/slack/logo', undefined, { token: null });
      expect(logo.headers).toMatchObject({
        'content-type': expect.stringContaining('image/svg+xml'),
        'content-security-policy': expect.stringMatching(/^sandbox/),
        'x-content-type-options': 'nosniff',
      });
      for (const path of ['', '/guide', '/logo']) {
        expect((await on.call('GET', `/usher/v1/catalog/apps/__proto__${path}`)).statusCode).toBe(404);
      }
    });
  });

  describe('apps', () => {
    let appId: AppId;
    beforeEach(async () => {
      on.app.refusal = undefined;
      const made = await on.call('POST', '/usher/v1/apps', {
        catalogKey: 'scim2headerauth',
        label: 'CRM',
        settings: { baseUrl: 'https://crm.example.com/scim' },
      });
      expect(made.statusCode).toBe(200);
      appId = made.json<{ id: AppId }>().id;
    });
    const at = (path: string) => `/usher/v1/apps/${appId}${path}`;
    const settings = { auth: { scheme: 'bearer', token: 'sesame-4711' } };

    test('404 for a key nobody has, 400 for a property nobody knows', async () => {
      const missing = await on.call('POST', '/usher/v1/apps', { catalogKey: 'nothing' });
      expect([missing.statusCode, missing.json<{ errorSummary: string }>().errorSummary]).toEqual([
        404,
        expect.stringContaining('Search the catalog'),
      ]);
      const surprise = await on.call('POST', '/usher/v1/apps', { catalogKey: 'slack', surprise: 1 });
      expect([surprise.statusCode, surprise.body]).toEqual([400, expect.stringContaining('surprise')]);
    });

    test('a connection is tested, stored and shown without its secret', async () => {
      const trial = await on.call('POST', at('/connection/test'), { settings });
      expect(trial.json()).toEqual({ findings: [{ subject: 'Address', ok: true, detail: 'The app answers.' }] });
      expect((await on.call('POST', at('/connection/test'))).statusCode).toBe(403);
      const saved = await on.call('PUT', `${at('/connection')}?activate=true`, { settings });
      expect(saved.json()).toMatchObject({
        status: 'ENABLED',
        hasCredential: true,
        settings: { auth: { scheme: 'bearer' } },
      });
      expect(saved.body + (await on.call('GET', at('/connection'))).body).not.toContain('sesame');
      expect((await on.call('POST', at('/connection/test'))).statusCode).toBe(200);
    });

    test('what is wrong is said in a sentence, and nothing is enabled', async () => {
      const sentence = 'Usher does not connect to 169.254.169.254 because it is a link-local address.';
      on.app.refusal = new UsherError('app_address_refused', sentence);
      const refused = await on.call('PUT', `${at('/connection')}?activate=true`, { settings });
      expect([refused.statusCode, refused.json<{ errorSummary: string }>().errorSummary]).toEqual([400, sentence]);
      expect((await on.call('GET', at('/connection'))).json()).toMatchObject({
        status: 'DISABLED',
        hasCredential: false,
      });
      const misspelt = await on.call('PUT', at('/connection'), { settings: { ...settings, tokn: 'sesame-4711' } });
      expect([misspelt.statusCode, misspelt.body]).toEqual([400, expect.stringContaining('settings.tokn')]);
      expect(misspelt.body).not.toContain('sesame');
    });

    test('settings can be tried before there is an app', async () => {
      const body = {
        connector: 'scim',
        catalogKey: 'scim2headerauth',
        settings: { baseUrl: 'https://x.example', ...settings },
      };
      expect((await on.call('POST', '/usher/v1/connection-tests', body)).json()).toMatchObject({
        findings: [{ ok: true }],
      });
      expect((await on.call('POST', '/usher/v1/connection-tests', { ...body, settings: {} })).statusCode).toBe(400);
      expect((await on.call('POST', '/usher/v1/connection-tests', { ...body, connector: 'fax' })).statusCode).toBe(404);
      on.app.refusal = new UsherError('app_unreachable', 'Nothing answers at x.example.');
      expect((await on.call('POST', '/usher/v1/connection-tests', body)).body).toContain('Nothing answers');
      expect([on.app.openConnections, on.app.openHttpClients]).toEqual([0, 0]);
    });

    test('provisioning is turned on in parts, once the connection is', async () => {
      expect((await on.call('PATCH', at('/provisioning'), { create: true })).statusCode).toBe(400);
      await on.call('PUT', `${at('/connection')}?activate=true`, { settings });
      const patched = await on.call('PATCH', at('/provisioning'), { create: true, existingAccount: 'ASK' });
      expect(patched.json()).toMatchObject({ create: true, update: false, existingAccount: 'ASK' });
      expect((await on.call('GET', at('/provisioning'))).json()).toEqual(patched.json());
      expect((await on.call('PATCH', at('/provisioning'), { create: 'yes' })).statusCode).toBe(400);
    });

    test('one person is previewed, many are assigned, and progress counts them', async () => {
      const ids: UserId[] = [];
      for (const name of ['a', 'b', 'c']) ids.push(await on.addUser(`${name}.${appId}@acme.example`));
      const preview = await on.call('POST', at('/mappings/preview'), { userId: ids[0] });
      expect(preview.json()).toMatchObject({ userName: { value: expect.stringMatching(/^a\./i) } });
      expect((await on.call('POST', at('/mappings/preview'), { userId: '00unobody' })).statusCode).toBe(404);
      const bulk = await on.call('POST', at('/assignments'), { userIds: [...ids, '00unobody'] });
      expect(bulk.json()).toEqual({ assigned: 3, already: 0, refused: 1 });
      expect((await on.call('POST', at('/assignments'), { userIds: [] })).statusCode).toBe(400);
      expect((await on.call('GET', at('/progress'))).json()).toEqual({
        assigned: 3,
        synchronized: 0,
        waiting: 3,
        failed: 0,
        unprovisioned: 0,
        health: { state: 'OK', pausedMs: 0, openedTimes: 0 },
      });
      expect((await on.call('POST', at('/provision'), { all: true })).statusCode).toBe(403);
      await on.call('PUT', `${at('/connection')}?activate=true`, { settings });
      await on.db.query(`update app_users set unprovisioned = true where app_id = $1`, [appId]);
      expect((await on.call('POST', at('/provision'), { userIds: ids.slice(0, 1) })).json()).toEqual({
        provisioned: 1,
      });
      expect((await on.call('POST', at('/provision'), { all: true })).json()).toEqual({ provisioned: 2 });
      for (const body of [{}, { all: true, userIds: ids }, { all: false }]) {
        expect((await on.call('POST', at('/provision'), body)).statusCode).toBe(400);
      }
    });

    test('operations come newest first, in pages', async () => {
      await on.db.query(
        `insert into operations (app_id, user_id, kind, attempt, outcome, duration_ms)
         select $1, '00u' || n, 'create', 1, 'SUCCESS', n from generate_series(1, 3) n`,
        [appId],
      );
      const first = await on.call('GET', `${at('/operations')}?limit=2`);
      expect(first.json()).toMatchObject([
        { userId: '00u3', subject: null },
        { userId: '00u2', outcome: 'SUCCESS', ignored: [] },
      ]);
      const next = String(first.headers['link']).match(/80(\/\S*)>; rel="next"/)?.[1] ?? '';
      expect((await on.call('GET', next)).json()).toMatchObject([{ userId: '00u1' }]);
      expect((await on.call('GET', `${at('/operations')}?userId=00u2`)).json<object[]>()).toHaveLength(1);
      expect((await on.call('GET', '/usher/v1/apps/0oanone/operations')).statusCode).toBe(404);
    });
  });

  test('a run on an app tells how long the app took for its writes since it began', async () => {
    const made = await on.call('POST', '/usher/v1/apps', { catalogKey: 'slack', label: 'Timed' });
    const appId = made.json<{ id: AppId }>().id;
    const id = newId('run');
    const write = (ms: number, count: number, at = 'now()') =>
      on.db.query(
        `insert into operations (app_id, kind, attempt, outcome, duration_ms, at)
         select $1, 'create', 1, 'SUCCESS', $2, ${at} from generate_series(1, $3) n`,
        [appId, ms, count],
      );
    const read = async () => (await on.call('GET', `/usher/v1/runs/${id}`)).json<{ writes: object | null }>().writes;
    await write(9_000, 5, `now() - interval '1 minute'`);
    await on.db.transaction((tx) => insertRun(tx, { id, kind: 'x', appId, startedBy: systemActor }));
    expect(await read()).toBeNull();
    await write(40, 10);
    await on.db.transaction((tx) => updateRun(tx, id, { status: 'SUCCEEDED' }));
    await write(800, 1);
    await write(9_000, 5, `now() + interval '2 hours'`);
    expect(await read()).toEqual({ count: 11, p50Ms: 40, p95Ms: 800 });
    expect((await on.call('GET', `/usher/v1/runs?appId=${appId}`)).json<object[]>()[0]).not.toHaveProperty('writes');
  });

  describe('loads of people', () => {
    const load = (csv: string, query = '') =>
      on.call('POST', `/usher/v1/imports/people${query}`, csv, { headers: { 'content-type': 'text/csv' } });
    const ended = async (id: string): Promise<RunReply> => {
      for (;;) {
        const run = (await on.call('GET', `/usher/v1/runs/${id}`)).json<RunReply>();
        if (run.status !== 'RUNNING') return run;
        await sleep(20);
      }
    };
    const csv = 'login,firstName,lastName,email\nmarie@acme.example,Marie,Curie,marie@acme.example\n';

    test('202 with the run, which tells how it went', async () => {
      const answer = await load(csv);
      expect([answer.statusCode, answer.json()]).toEqual([
        202,
        expect.objectContaining({ id: expect.stringMatching(/^run/), kind: 'people_import' }),
      ]);
      const run = await ended(answer.json<RunReply>().id);
      expect(run).toMatchObject({
        status: 'SUCCEEDED',
        counts: { created: 1, updated: 0 },
        startedBy: { id: on.ownerId },
      });
      expect((await on.call('GET', '/api/v1/users/marie@acme.example')).statusCode).toBe(200);
    });

    test('a dry run writes nobody', async () => {
      const answer = await load(csv.replaceAll('marie', 'pierre'), '?dryRun=true&activate=false');
      expect(await ended(answer.json<RunReply>().id)).toMatchObject({ status: 'SUCCEEDED', counts: { created: 1 } });
      expect((await on.call('GET', '/api/v1/users/pierre@acme.example')).statusCode).toBe(404);
    });

    test('a faulty file is REFUSED, line by line, and nothing is written', async () => {
      const answer = await load(`${csv.replace('marie', 'irene')}not-a-login,A,B,c@acme.example\n`);
      expect(answer.statusCode).toBe(202);
      const run = await ended(answer.json<RunReply>().id);
      expect(run).toMatchObject({ status: 'REFUSED', problems: [{ line: 3 }] });
      expect((await on.call('GET', '/api/v1/users/irene@acme.example')).statusCode).toBe(404);
    });

    test('an empty file is REFUSED; another type is 415; too much is 413', async () => {
      expect((await ended((await load('')).json<RunReply>().id)).status).toBe('REFUSED');
      expect((await on.call('POST', '/usher/v1/imports/people', {})).statusCode).toBe(415);
      const huge = await on.call('POST', '/usher/v1/imports/people', 'x'.repeat(51 * 1_048_576), {
        headers: { 'content-type': 'text/csv' },
      });
      expect([huge.statusCode, huge.json<{ errorCode: string }>().errorCode]).toEqual([413, 'E0000024']);
      expect((await load(csv, '?dryRun=perhaps')).statusCode).toBe(400);
    });

    test('runs are listed, the newest first', async () => {
      const first = await on.call('GET', '/usher/v1/runs?limit=1&kind=people_import');
      const next = String(first.headers['link']).match(/80(\/\S*)>; rel="next"/)?.[1] ?? '';
      const second = await on.call('GET', next);
      expect(first.json<RunReply[]>()[0]?.id).not.toBe(second.json<RunReply[]>()[0]?.id);
      expect((await on.call('GET', '/usher/v1/runs?after=forged')).statusCode).toBe(400);
      expect((await on.call('GET', '/usher/v1/runs/runnone')).statusCode).toBe(404);
    });
  });

  test('/system says what runs here, on what', async () => {
    expect((await on.call('GET', '/usher/v1/system')).json()).toMatchObject({
      version: '0.0.0-test',
      nodeVersion: process.versions.node,
      database: { kind: on.db.kind, durability: expect.any(String), schemaVersion: expect.any(Number) },
      workerSlots: 4,
      connectors: [{ key: 'scim' }],
    });
  });
});
