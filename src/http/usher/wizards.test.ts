import { beforeAll, afterAll, expect, test } from 'vitest';
import { startFaultyApp, type FaultyApp } from '../../../test/apps/faulty-app.ts';
import { startScimmyApp, type RunningApp } from '../../../test/apps/scimmy-app.ts';
import { describeOnDatabases } from '../../../test/database.ts';
import { openHttpTest, type HttpTest } from '../../../test/http-context.ts';
import { runUsher } from '../../../test/run-cli.ts';
import { scim } from '../../connectors/scim/index.ts';
import { coreUserUrn } from '../../connectors/scim/layout.ts';
import { parseEgressRules } from '../../lib/egress.ts';
import { createHttpClient } from '../../lib/undici-http-client.ts';

const openHttp = () =>
  createHttpClient({ egress: parseEgressRules(['127.0.0.0/8']), timeoutMs: 5_000, connections: 4 });

describeOnDatabases('the SCIM wizard', (database) => {
  let on: HttpTest;
  let app: FaultyApp;
  let scimmy: RunningApp;
  let server = '';
  const auth = { scheme: 'bearer', token: 's3cret-of-the-app' };

  beforeAll(async () => {
    on = await openHttpTest(database, { connectors: [scim], openHttp });
    server = await on.server.listen({ port: 0, host: '127.0.0.1' });
    app = await startFaultyApp({ behaviour: { token: auth.token } });
    scimmy = await startScimmyApp({ token: auth.token });
    for (const login of ['ada@acme.example', 'bob@acme.example', 'cyd@acme.example', 'eve@acme.example']) {
      await on.addUser(login);
    }
    app.seed([
      account('ada@acme.example', 'ada@acme.example'),
      account('bob.tester', 'bob@acme.example'),
      account('stranger@else.example', 'stranger@else.example'),
      account('twice', 'cyd@acme.example', { givenName: 'eve', familyName: 'Tester' }),
    ]);
  });
  afterAll(() => Promise.all([app.close(), scimmy.close()]));

  const send = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => {
    const answer = await on.call(method, `/usher/v1/wizards${path}`, body);
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
  };

  test('from an address and a credential to an app that is provisioned, with nothing but reads before', async () => {
    const { body: started } = await send('POST', '', { label: 'CRM', signOnMode: 'SAML_2_0' });
    expect(started).toMatchObject({ status: 'OPEN', next: 'connection', hasCredential: false });
    const path = `/${started.id}`;

    const skipped = await send('POST', `${path}/match`);
    expect(skipped.status).toBe(400);
    expect(skipped.body.errorCauses[0].errorSummary).toContain('connection');

    const { body: connected } = await send('PUT', `${path}/connection`, { settings: { baseUrl: app.url, auth } });
    expect(connected).toMatchObject({ next: 'probe', hasCredential: true });
    expect(JSON.stringify(connected)).not.toContain(auth.token);
    expect(app.requests()).toBe(0);

    const { body: probed } = await send('POST', `${path}/probe`, {});
    expect(probed).toMatchObject({
      next: 'capabilities',
      report: { wrote: false },
      draft: {
        provisioning: { create: true, update: true, deactivate: true },
        mappings: { givenName: { expression: 'user.firstName' }, department: { expression: 'user.department' } },
        reasons: { givenName: 'scim' },
      },
    });
    expect((await send('PUT', `${path}/mappings`, {})).body.errorCauses[0].errorSummary).toContain('capabilities');
    await send('PUT', `${path}/capabilities`, { deactivate: false });
    await send('PUT', `${path}/schema`, { attributes: { nickName: null } });

    const faulty = await send('PUT', `${path}/mappings`, {
      properties: {
        department: { expression: 'user.departmnt' },
        displayName: { expression: 'user.firstName +' },
        nickName: { expression: 'user.nickName' },
      },
    });
    expect(faulty.status).toBe(400);
    const causes = faulty.body.errorCauses.map((cause: { errorSummary: string }) => cause.errorSummary).join('\n');
    expect(causes).toMatch(/department.*user\.departmnt, at column 6/);
    expect(causes).toMatch(/displayName.*line 1, column \d+/);
    expect(causes).toMatch(/nickName.*not an attribute of the app/);
    expect((await send('GET', path)).body.next).toBe('mappings');

    await send('PUT', `${path}/mappings`, {
      properties: { department: { expression: 'user.department', whenEmpty: 'LEAVE' } },
    });
    const { body: previews } = await send('POST', `${path}/preview`, {});
    expect(previews[0].userName.value).toMatch(/@/);
    expect(previews[0].attributes).toContainEqual(expect.objectContaining({ attribute: 'department', left: true }));
    const expression = (text: string) => ({ department: { expression: text } });
    const tried = { properties: expression('"R&D"'), userNameTemplate: '${source.firstName}' };
    const { body: trial } = await send('POST', `${path}/preview`, tried);
    expect(trial[0].attributes).toContainEqual(expect.objectContaining({ attribute: 'department', value: 'R&D' }));
    expect(trial[0].userName.value).not.toMatch(/@/);
    const { body: faultyTrial } = await send('POST', `${path}/preview`, { properties: expression('user.') });
    const department = { attribute: 'department', error: expect.stringMatching(/line 1, column \d+/) };
    expect(faultyTrial[0].attributes).toContainEqual(expect.objectContaining(department));
    expect((await send('POST', `${path}/preview`, {})).body).toEqual(previews);

    const before = app.requests();
    const { body: matched } = await send('POST', `${path}/match`);
    expect(matched.draft.match).toEqual({
      accounts: 4,
      exact: 1,
      partial: 1,
      none: 1,
      ambiguous: 1,
      people: 5,
      peopleWithout: 4,
      complete: true,
    });
    expect(app.requests() - before).toBeLessThanOrEqual(2);
    const { body: ambiguous } = await send('GET', `${path}/accounts?kind=ambiguous`);
    expect(ambiguous).toMatchObject([{ userName: 'twice', people: [{}, {}] }]);

    expect(new Set(app.journal.map(({ method }) => method))).toEqual(new Set(['GET']));
    const turned = await send('POST', `${path}/turn-on`);
    expect(turned.status).toBe(200);
    expect(turned.body).toMatchObject({ label: 'CRM', signOnMode: 'SAML_2_0', status: 'ACTIVE' });
    expect(turned.body.features).toEqual(expect.arrayContaining(['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES']));
    expect(turned.body.features).not.toContain('PUSH_USER_DEACTIVATION');
    const schema = (await on.call('GET', `/api/v1/meta/schemas/apps/${turned.body.id}/default`)).json();
    expect(JSON.stringify(schema)).not.toContain('"nickName"');
    const [known] = await on.db.query(`select count(*)::int as accounts from app_accounts where app_id = $1`, [
      turned.body.id,
    ]);
    expect(known).toEqual({ accounts: 4 });
    expect((await send('POST', `${path}/turn-on`)).status).toBe(409);
    const [secret] = await on.db.query(`select sealed from wizards where id = $1`, [started.id]);
    expect(secret).toEqual({ sealed: null });
  });

  test('an app without provisioning, of any sign-on mode, is given some and keeps what it is', async () => {
    const made = await on.call('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Intranet',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          redirect_uris: ['https://intranet.acme.example/cb'],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          application_type: 'web',
        },
      },
    });
    expect(made.statusCode).toBe(200);
    const { id } = made.json();
    const { body } = await send('POST', '', { appId: id });
    const path = `/${body.id}`;
    await send('PUT', `${path}/connection`, { settings: { baseUrl: scimmy.url, auth } });
    await send('POST', `${path}/probe`, { allowWrites: true });
    for (const step of ['capabilities', 'schema', 'mappings'])
      expect((await send('PUT', `${path}/${step}`)).status).toBe(200);
    await send('POST', `${path}/match`);
    const turned = await send('POST', `${path}/turn-on`);
    expect(turned.body).toMatchObject({ id, label: 'Intranet', name: 'oidc_client', signOnMode: 'OPENID_CONNECT' });
    expect((await on.call('GET', `/usher/v1/apps/${id}/connection`)).json()).toMatchObject({ status: 'ENABLED' });
    const [row] = await on.db.query(
      `select learned->>'updateDialect' as dialect from app_connections where app_id = $1`,
      [id],
    );
    expect(row).toEqual({ dialect: 'path' });
    expect((await on.call('GET', `/api/v1/apps/${id}/features`)).json()).toMatchObject([{ status: 'ENABLED' }, {}]);
  });

  test('a server that refuses the credential stops the wizard with its reason, and the draft stays', async () => {
    const { body } = await send('POST', '', { label: 'Wrong' });
    const wrong = { scheme: 'bearer', token: 'another' };
    await send('PUT', `/${body.id}/connection`, { settings: { baseUrl: app.url, auth: wrong } });
    const refused = await send('POST', `/${body.id}/probe`, {});
    expect(refused.status).toBe(400);
    expect(refused.body.errorSummary).toContain('401');
    const { report } = (await send('GET', `/${body.id}`)).body;
    expect(report.exchanges[0]).toMatchObject({ method: 'GET', status: 401 });
    expect(JSON.stringify(report)).not.toContain(wrong.token);
    expect((await send('GET', `/${body.id}`)).body.next).toBe('probe');
    expect((await send('DELETE', `/${body.id}`)).status).toBe(204);
    expect((await send('GET', `/${body.id}`)).status).toBe(404);
  });

  test('a name, a logo and people are kept besides the steps, and go to the app', async () => {
    const picture = (path: string, bytes: Buffer, type = 'image/png') =>
      on.server.inject({
        method: 'PUT',
        url: `/usher/v1/wizards${path}/logo`,
        headers: { authorization: `SSWS ${on.ownerToken}`, 'content-type': type },
        payload: bytes,
      });
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
    const { body } = await send('POST', '', { label: 'Unnamed' });
    const path = `/${body.id}`;
    expect((await on.call('PATCH', `/usher/v1/wizards${path}`, { label: 'Named' })).json()).toMatchObject({
      label: 'Named',
      draft: { done: [] },
    });
    expect((await on.call('GET', `/usher/v1/wizards${path}/logo`)).statusCode).toBe(404);
    const text = await picture(path, Buffer.from('no picture'));
    expect([text.statusCode, text.json().errorCauses[0].errorSummary]).toEqual([400, expect.stringContaining('PNG')]);
    expect((await picture(path, png, 'text/plain')).statusCode).toBe(415);
    expect((await picture(path, Buffer.alloc(1_048_577))).statusCode).toBe(413);
    expect((await picture(path, png)).json()).toMatchObject({ draft: { logoType: 'image/png' } });
    const shown = await on.call('GET', `/usher/v1/wizards${path}/logo`);
    expect(shown.rawPayload.equals(png)).toBe(true);
    expect(shown.headers['content-security-policy']).toContain('sandbox');

    const gone = await on.addUser('gone@acme.example');
    await on.call('POST', `/api/v1/users/${gone}/lifecycle/deactivate`);
    const refused = await send('PUT', `${path}/assignments`, { userIds: [gone], groupIds: ['00gexamplegroup00000'] });
    expect(refused.status).toBe(400);
    expect(refused.body.errorCauses).toMatchObject([
      { errorSummary: `userIds: ${gone} is deactivated` },
      { errorSummary: 'groupIds: 00gexamplegroup00000 is not the id of a group' },
    ]);
    expect((await send('GET', path)).body.draft).not.toHaveProperty('assignments');

    await send('PUT', `${path}/connection`, { settings: { baseUrl: scimmy.url, auth } });
    await send('POST', `${path}/probe`, {});
    for (const step of ['capabilities', 'schema', 'mappings']) await send('PUT', `${path}/${step}`);
    await send('POST', `${path}/match`);
    const { body: app } = await send('POST', `${path}/turn-on`);
    expect(app).toMatchObject({ label: 'Named', _links: { logo: [{ type: 'image/png' }] } });
    expect((await on.call('GET', `/usher/v1/apps/${app.id}/logo`)).rawPayload.equals(png)).toBe(true);

    const existing = await on.call('POST', '/usher/v1/apps', {
      ...{ catalogKey: 'bookmark', label: 'Its own', settings: { url: 'https://own.acme.example' } },
    });
    const { body: added } = await send('POST', '', { appId: existing.json().id });
    expect((await on.call('PATCH', `/usher/v1/wizards/${added.id}`, { label: 'Other' })).statusCode).toBe(400);
    expect((await send('DELETE', `/${added.id}`)).status).toBe(204);
  });

  test('the same from the command line', async () => {
    const run = (...args: string[]) => runUsher(args, { server, token: on.ownerToken, stdin: `${auth.token}\n` });
    const draft = await run('apps', 'wizard', 'run', 'Wiki', '--url', app.url, '--credential-file', '-');
    expect(draft.stderr).toBe('');
    expect(draft.code).toBe(0);
    expect(draft.stdout).toContain('1 exact');
    expect(draft.stdout).toContain('Nothing has been changed');
    const [id] = /wiz\w{17}/.exec(draft.stdout) ?? [''];
    expect((await run('apps', 'wizard', 'list')).stdout).toContain('Wiki');
    expect((await run('apps', 'wizard', 'show', id, '--json')).stdout).toContain('"next": "turn on"');
    expect(await run('apps', 'wizard', 'turn-on', id)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Wiki'),
    });
    expect((await run('apps', 'wizard', 'turn-on', id)).code).toBe(5);
  });

  test('a probe is kept with its requests, and may be read again', async () => {
    const made = await on.call('POST', '/usher/v1/probes', { settings: { baseUrl: scimmy.url, auth } });
    expect(made.json()).toMatchObject({ wrote: false, report: { findings: expect.any(Array) } });
    expect(made.body).not.toContain(auth.token);
    const list = (await on.call('GET', '/usher/v1/probes')).json();
    expect(list).toMatchObject([{ id: made.json().id, score: expect.any(Number) }]);
    expect((await on.call('GET', `/usher/v1/probes/${made.json().id}`)).statusCode).toBe(200);
  });
});

function account(userName: string, email: string, name = { givenName: 'x', familyName: 'y' }) {
  return { schemas: [coreUserUrn], userName, active: true, name, emails: [{ type: 'work', value: email }] };
}
