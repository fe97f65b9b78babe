import { createServer, type Server } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import { runCli } from './program.ts';
import type { Environment } from './settings.ts';

interface Seen {
  readonly request: string;
  readonly body: unknown;
}

/** Enough of the API to see what commands ask for. */
const answers: { readonly [request: string]: readonly [status: number, body: unknown] } = {
  'GET /api/v1/apps': [
    200,
    [
      app('0oa00000000000000001', 'Wiki'),
      app('0oa00000000000000002', 'Wiki'),
      app('0oa00000000000000003', 'Chat'),
      { ...app('0oa00000000000000004', 'Old'), status: 'INACTIVE' },
    ],
  ],
  'GET /api/v1/users/ada%40acme.example': [200, user('00u1', 'ada@acme.example')],
  'GET /api/v1/users/bob%40acme.example': [200, user('00u2', 'bob@acme.example')],
  'GET /api/v1/users': [200, []],
  'POST /api/v1/users/00u1/lifecycle/suspend': [200, {}],
  'POST /api/v1/users/00u2/lifecycle/suspend': [
    400,
    { errorSummary: 'Cannot suspend', errorCode: 'E0000001', errorCauses: [] },
  ],
  'POST /usher/v1/apps/0oa00000000000000003/assignments': [200, { assigned: 2, already: 0, refused: 0 }],
  'GET /usher/v1/apps/0oa00000000000000004/progress': [200, { waiting: 3, failed: 0, health: { state: 'OK' } }],
  'PUT /usher/v1/apps/0oa00000000000000003/connection': [200, { status: 'ENABLED' }],
  'POST /usher/v1/admins': [
    200,
    {
      label: 'Application Administrator',
      holder: { name: 'ada@acme.example' },
      apps: [{ name: 'Chat' }],
      groups: null,
    },
  ],
  'GET /usher/v1/admins': [
    200,
    [{ id: 'ra1x', type: 'ORG_ADMIN', holder: { type: 'USER', name: 'ada@acme.example' }, apps: null, groups: null }],
  ],
  'GET /api/v1/users/00u1/roles': [200, [{ id: 'ra1x', type: 'APP_ADMIN', assignmentType: 'USER' }]],
  'DELETE /api/v1/users/00u1/roles/ra1x': [204, null],
};
const seen: Seen[] = [];
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const text = Buffer.concat(chunks).toString();
      seen.push({ request: `${request.method} ${path}`, body: text === '' ? undefined : JSON.parse(text) });
      const [status, body] = answers[`${request.method} ${path}`] ?? [
        404,
        { errorCode: 'E0000007', errorSummary: `Not found: ${path}`, errorCauses: [] },
      ];
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => server.close());

function app(id: string, label: string) {
  return { id, label, name: label.toLowerCase(), status: 'ACTIVE', features: [] };
}

function user(id: string, login: string) {
  return { id, status: 'ACTIVE', profile: { login, firstName: login, lastName: '' } };
}

async function run(args: readonly string[], options: { environment?: Environment; stdin?: string } = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(options.stdin ?? '');
  const code = await runCli(['node', 'usher', ...args], {
    version: '1.2.3',
    startUsher: () => Promise.reject(new UsherError('data_folder_locked', 'The data folder is in use by process 12.')),
    environment: options.environment ?? { USHER_SERVER: url, USHER_TOKEN: 'token' },
    stdin,
    stdout,
    stderr,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('usher', () => {
  test.each([
    ['a command nobody knows', ['user', 'list'], 'Did you mean users?'],
    ['an option nobody knows', ['users', 'list', '--qurey', 'x'], 'Did you mean --query?'],
    ['a missing argument', ['users', 'get'], "missing required argument 'user'"],
    ['a value that is none', ['apps', 'provisioning', 'Wiki', '--create', 'yes'], 'It must be on or off.'],
    ['nobody named', ['assign', 'Chat'], 'Say whom'],
    ['a word that is no attribute', ['users', 'update', 'ada@acme.example', 'Sales'], 'department=Sales'],
  ])('%s is a usage error: 2', async (_name, args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toContain(sentence);
    expect([code, stdout]).toEqual([2, '']);
  });

  test.each([
    [['--help']],
    [['users', '--help']],
    [['apps', 'connect', '--help']],
    [['serve', '--help']],
    [['log', '--help']],
    [['admins', 'grant', '--help']],
  ])('help of %j begins with examples, where there are any', async (args) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    if (args.length > 1) expect(stdout).toMatch(/^Examples:\n {2}\$ usher /);
    expect(stdout).toContain('--token-file');
  });

  test('--version prints the version and nothing else', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test('a name that several have is an error listing them: 5', async () => {
    const { code, stderr } = await run(['apps', 'get', 'wiki']);
    expect(code).toBe(5);
    expect(stderr).toContain('2 apps are called "wiki"');
    expect(stderr).toContain('0oa00000000000000002');
  });

  test('a name nobody has: 3', async () => {
    expect(await run(['users', 'get', 'nobody'])).toMatchObject({
      code: 3,
      stderr: '✗ There is no user "nobody". See "usher users list".\n',
    });
  });

  test('some done and some not: 6, each listed on stdout', async () => {
    const { code, stdout } = await run(['users', 'suspend', 'ada@acme.example', 'bob@acme.example', '--json']);
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject([
      { user: 'ada@acme.example', done: true },
      { user: 'bob@acme.example', done: false, error: 'Cannot suspend' },
    ]);
  });

  test('nobody waits for an app that is not active: 5', async () => {
    const { code, stderr } = await run(['apps', 'progress', 'Old', '--watch']);
    expect(code).toBe(5);
    expect(stderr).toContain('3 accounts will go on waiting. Activate it: usher apps activate 0oa00000000000000004');
  });

  test('roles are given with what they are for, listed, and taken away', async () => {
    const granted = await run(['admins', 'grant', 'ada@acme.example', 'app_admin', '--for-app', 'Chat']);
    expect(granted).toMatchObject({ code: 0, stdout: '✓ ada@acme.example is Application Administrator for Chat\n' });
    expect(seen.at(-1)).toEqual({
      request: 'POST /usher/v1/admins',
      body: { userId: '00u1', type: 'APP_ADMIN', apps: ['0oa00000000000000003'] },
    });
    expect((await run(['admins', 'list'])).stdout).toMatch(/ra1x +ORG_ADMIN +ada@acme.example +everything/);
    const revoked = await run(['admins', 'revoke', 'ada@acme.example', 'APP_ADMIN', '--json']);
    expect(JSON.parse(revoked.stdout)).toEqual({ id: 'ra1x', done: 'revoked' });
    expect((await run(['admins', 'revoke', 'ada@acme.example', 'ORG_ADMIN'])).code).toBe(3);
  });

  test('a folder is no CSV file: 2', async () => {
    const { code, stderr } = await run(['users', 'import', '.']);
    expect([code, stderr]).toEqual([2, '✗ . is a folder. Name a CSV file.\n']);
  });

  test('no server: 8', async () => {
    const { code, stderr } = await run(['apps', 'list'], {
      environment: { USHER_SERVER: 'http://127.0.0.1:9', USHER_TOKEN: 'x' },
    });
    expect(code).toBe(8);
    expect(stderr).toContain('No Usher answers at http://127.0.0.1:9');
  });

  test('doctor reports a server that is not there, and fails: 1', async () => {
    const { code, stdout } = await run(['doctor', '--json'], { environment: { USHER_SERVER: 'http://127.0.0.1:9' } });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      healthy: false,
      findings: [{ state: 'ok' }, { subject: 'Server', state: 'problem' }],
    });
  });

  test('a server that cannot start says why in one sentence: 1', async () => {
    expect(await run(['serve'], { environment: {} })).toMatchObject({
      code: 1,
      stderr: '✗ The data folder is in use by process 12.\n',
    });
    expect(await run(['serve'], { environment: { USHER_PROT: '1' } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('USHER_PROT'),
    });
  });

  test('people are looked up, then assigned in one request', async () => {
    seen.length = 0;
    const { code, stdout } = await run(['assign', 'Chat', '--user', 'ada@acme.example', '--user', 'bob@acme.example']);
    expect([code, stdout]).toEqual([0, '✓ Chat → 2 people\n']);
    expect(seen.at(-1)).toEqual({
      request: 'POST /usher/v1/apps/0oa00000000000000003/assignments',
      body: { userIds: ['00u1', '00u2'] },
    });
  });

  test('a credential comes from stdin and never from a flag', async () => {
    seen.length = 0;
    const { code } = await run(['apps', 'connect', 'Chat', '--credential-file', '-'], { stdin: 's3cret\n' });
    expect(code).toBe(0);
    expect(seen.at(-1)?.body).toEqual({ settings: { auth: { scheme: 'bearer', token: 's3cret' } } });
    expect(await run(['apps', 'connect', 'Chat'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--credential-file'),
    });
  });
});
