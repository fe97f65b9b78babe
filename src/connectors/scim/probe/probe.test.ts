import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBetterAuthApp } from '../../../../test/apps/better-auth-app.ts';
import { startFaultyApp, type Behaviour } from '../../../../test/apps/faulty-app.ts';
import { startScimmyApp, type RunningApp } from '../../../../test/apps/scimmy-app.ts';
import { parseEgressRules } from '../../../lib/egress.ts';
import { createHttpClient } from '../../../lib/undici-http-client.ts';
import { coreUserUrn } from '../layout.ts';
import { probeScim } from './probe.ts';
import type { ProbeReport } from '../../contract.ts';
import type { RuleKey } from './rules.ts';

const http = createHttpClient({ egress: parseEgressRules(['127.0.0.0/8']), timeoutMs: 2_000, connections: 4 });
afterAll(() => http.close());

function probe(baseUrl: string, allowWrites: boolean, token = 'secret'): Promise<ProbeReport> {
  const settings = { baseUrl, auth: { scheme: 'bearer' as const, token } };
  return probeScim({ settings, http, allowWrites, signal: AbortSignal.timeout(60_000) });
}

function broken({ findings }: ProbeReport): string[] {
  return findings.filter(({ outcome }) => outcome === 'fail').map(({ rule }) => rule);
}

async function addAccounts(app: RunningApp, ...names: readonly string[]): Promise<void> {
  for (const userName of names) {
    const [givenName = ''] = userName.split('@');
    const emails = [{ value: userName, type: 'work' }];
    const body = { schemas: [coreUserUrn], userName, active: true, name: { givenName, familyName: 'Muster' }, emails };
    await http.request({
      method: 'POST',
      url: `${app.url}/Users`,
      headers: { authorization: 'Bearer secret', 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
  }
}

describe('published servers', () => {
  let scimmy: RunningApp;
  let betterAuth: RunningApp;
  beforeAll(async () => {
    [scimmy, betterAuth] = [await startScimmyApp({ token: 'secret' }), await startBetterAuthApp({ token: 'secret' })];
    for (const app of [scimmy, betterAuth]) await addAccounts(app, 'ada@acme.example', 'bob@acme.example');
  });
  afterAll(() => Promise.all([scimmy.close(), betterAuth.close()]));

  test('scimmy: its three known deviations are found, and nothing else', async () => {
    const report = await probe(scimmy.url, true);
    expect(broken(report)).toEqual(['paging.end', 'filters.letter_case', 'writing.location']);
    expect(report.score).toBeGreaterThan(90);
    expect(report.learned).toMatchObject({ updateDialect: 'path', activeDialect: 'noPath', filterUserName: 'exact' });
    expect(report.capabilities).toMatchObject({
      create: true,
      update: true,
      deactivate: true,
      remove: true,
      groups: true,
    });
    expect(Object.keys(report.attributes)).toEqual(expect.arrayContaining(['givenName', 'department', 'title']));
  });

  test('better-auth: every rule holds', async () => {
    const report = await probe(betterAuth.url, true);
    expect(broken(report)).toEqual([]);
    expect(report.verdict).toContain('Ready for provisioning');
    expect(report.score).toBe(99);
  });

  test('without leave to write nothing but GET is sent, and nothing is changed', async () => {
    const report = await probe(scimmy.url, false);
    expect(new Set(report.exchanges.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(report.wrote).toBe(false);
    expect(report.findings.filter(({ area, outcome }) => area === 'writing' && outcome !== 'skip')).toEqual([]);
  });

  test('after writing, the accounts and groups that were there are there and nothing else', async () => {
    await probe(scimmy.url, true);
    const headers = { authorization: 'Bearer secret' };
    const [users, groups] = await Promise.all(
      ['Users', 'Groups'].map((name) => http.request({ method: 'GET', url: `${scimmy.url}/${name}`, headers })),
    );
    expect(JSON.parse(users?.body ?? '')).toMatchObject({ totalResults: 2 });
    expect(JSON.parse(groups?.body ?? '')).toMatchObject({ totalResults: 0 });
  });

  test('the record shows neither the credential nor the people of the app', async () => {
    const report = await probe(betterAuth.url, true);
    const all = JSON.stringify(report);
    expect(all).not.toContain('secret');
    expect(all).not.toMatch(/ada@acme|bob@acme|Muster/i);
    expect(report.exchanges[0]).toMatchObject({ status: 200, requestHeaders: { authorization: 'Bearer •••' } });
  });
});

describe('habits', () => {
  const accounts = ['ada@acme.example', 'bob@acme.example', 'eve@acme.example'].map((userName) => ({
    schemas: [coreUserUrn],
    userName,
    active: true,
    externalId: `key-${userName}`,
  }));

  test.each<[habit: Partial<Behaviour>, rule: RuleKey]>([
    [{ token: undefined }, 'connection.anonymous'],
    [{ filterUserName: 'everyone' }, 'filters.truthful'],
    [{ filterUserName: 'nothing' }, 'filters.finds'],
    [{ filterExternalId: 'everyone' }, 'filters.external_id'],
    [{ startIndex: 'ignored' }, 'paging.start_index'],
    [{ totalResults: 'page' }, 'paging.total'],
    [{ duplicate: 'allowed' }, 'writing.duplicate'],
    [{ discovery: '404' }, 'discovery.config'],
    [{ patchComplex: 'wipes' }, 'writing.patch_merge'],
    [{ patchUrnPath: 'nothing' }, 'writing.patch_extension'],
    [{ deactivate: 'ignored' }, 'writing.deactivate'],
    [{ patch: '501' }, 'writing.patch_path'],
    [{ etag: 'meaningless' }, 'versions.honest'],
    [{ ignores: ['title'] }, 'writing.kept'],
    [{ members: 'empty' }, 'writing.groups'],
  ])('%o breaks %s', async (behaviour, rule) => {
    const app = await startFaultyApp({ behaviour: { token: 'secret', ...behaviour } });
    app.seed(accounts);
    const report = await probe(app.url, true);
    await app.close();
    expect(broken(report)).toContain(rule);
    const finding = report.findings.find((each) => each.rule === rule);
    if (finding?.weight === 'critical') expect(report.score).toBeLessThan(50);
    expect(app.users().map(({ userName }) => userName)).toEqual(accounts.map(({ userName }) => userName));
  });

  test('a server without PATCH is learned to be changed by PUT', async () => {
    const app = await startFaultyApp({ behaviour: { token: 'secret', patch: '501' } });
    const report = await probe(app.url, true);
    await app.close();
    expect(report.learned).toMatchObject({ updateDialect: 'put', activeDialect: 'put' });
    expect(report.capabilities).toMatchObject({ update: true, deactivate: true });
  });

  test('a throw-away account that cannot be deleted is made inactive and named', async () => {
    const app = await startFaultyApp({ behaviour: { token: 'secret', remove: '405' } });
    const report = await probe(app.url, true);
    await app.close();
    expect(report.leftBehind).toEqual([expect.stringContaining('usher-probe-')]);
    expect(app.users()).toMatchObject([{ active: false, displayName: expect.stringContaining('sher probe') }]);
  });

  test('an answer that is lost leaves no throw-away account behind', async () => {
    const app = await startFaultyApp({ behaviour: { token: 'secret' } });
    app.fail({ on: 'POST /Users', effect: 'before', transport: 'reset' });
    const report = await probe(app.url, true);
    await app.close();
    expect(report.verdict).toContain('broke off');
    expect(app.users()).toEqual([]);
  });

  test('a refused credential and a server that is not there are reports, too', async () => {
    const app = await startFaultyApp({ behaviour: { token: 'other' } });
    const refused = await probe(app.url, true);
    await app.close();
    expect(broken(refused)).toContain('connection.credential');
    expect(refused.wrote).toBe(false);
    const gone = await probe(app.url, false);
    expect(gone.verdict).toContain('broke off');
    expect(gone.exchanges).toMatchObject([{ status: null, error: expect.any(String) }]);
  });
});
