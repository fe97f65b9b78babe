import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hidden, masked } from '../../console/src/api/mask.ts';
import type { SentRequest } from '../../console/src/api/sent.ts';
import { askingForSecrets, cliCommands } from '../../console/src/frame/calls/cli-commands.ts';
import { argumentsOf, cliOf, curlOf } from '../../console/src/frame/calls/shell.ts';
import { ScimSettings } from '../../src/connectors/scim/settings.ts';
import { operationsByRoute } from '../../src/http/openapi/operations.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { runUsher } from '../run-cli.ts';

const parts = {
  userId: '00u00000000000000001',
  groupId: '00g00000000000000001',
  ruleId: '0pr00000000000000001',
  appId: '0oa00000000000000001',
  taskId: 'tsk00000000000000001',
  runId: 'run00000000000000001',
  planId: 'pln00000000000000001',
};
const { userId, groupId, appId } = parts;

interface Example {
  readonly body?: Json;
  readonly query?: SentRequest['query'];
}
const expression = { type: 'urn:okta:expression:1.0', value: `user.title == "It's"` };
const provisioning = {
  ...{ create: true, update: false, deactivate: true, reactivate: true, pushPending: false, groupPush: true },
  ...{ excludeUserNameUpdates: true, manual: false, existingAccount: 'ASK', deprovision: 'REMOVE_ENTITLEMENTS' },
  ...{ suspended: 'LEAVE', updateVerb: 'PATCH', deleteAfterDays: 30, confirmDeletions: 5 },
};

/** At least one request for each command of the table, as the console sends it. */
const examples: Readonly<Record<string, readonly Example[]>> = {
  'post /api/v1/users': [
    { body: { profile: { login: 'a@b.c', firstName: '=A "b" $c', level: 3 } }, query: { activate: false } },
    { body: { profile: { login: 'a@b.c' } }, query: { activate: true } },
  ],
  'post /api/v1/users/{userId}': [{ body: { profile: { title: null, nick: '', tags: ['x', 'y'] } } }],
  'post /api/v1/users/{userId}/lifecycle/activate': [{ query: { sendEmail: false } }],
  'post /api/v1/users/{userId}/lifecycle/deactivate': [{}],
  'post /api/v1/users/{userId}/lifecycle/suspend': [{}],
  'post /api/v1/users/{userId}/lifecycle/unsuspend': [{}],
  'post /api/v1/groups': [{ body: { profile: { name: 'Mobile team', description: 'iOS & Android' } } }],
  'delete /api/v1/groups/{groupId}': [{}],
  'put /api/v1/groups/{groupId}/users/{userId}': [{}],
  'delete /api/v1/groups/{groupId}/users/{userId}': [{}],
  'post /api/v1/groups/rules': [
    {
      body: {
        ...{ type: 'group_rule', name: 'Sales', conditions: { expression } },
        actions: { assignUserToGroups: { groupIds: [groupId, '00g00000000000000002'] } },
      },
    },
  ],
  'post /api/v1/groups/rules/{ruleId}/lifecycle/activate': [{}],
  'post /api/v1/groups/rules/{ruleId}/lifecycle/deactivate': [{}],
  'delete /api/v1/groups/rules/{ruleId}': [{ query: { removeUsers: true } }, { query: { removeUsers: false } }],
  'post /usher/v1/apps': [{ body: { catalogKey: 'x', label: 'My app', settings: { baseUrl: 'https://x.test/a b' } } }],
  'post /api/v1/apps/{appId}/lifecycle/activate': [{}],
  'post /api/v1/apps/{appId}/lifecycle/deactivate': [{}],
  'delete /api/v1/apps/{appId}': [{}],
  'post /usher/v1/apps/{appId}/duplicate': [{ body: { links: 'STAY', label: 'Two', visible: true } }],
  'put /usher/v1/apps/{appId}/connection': [
    { body: { settings: { baseUrl: 'https://x.test', auth: { scheme: 'bearer', token: hidden } } } },
    { body: { settings: { auth: { scheme: 'basic', username: 'u s', password: hidden } } } },
    {
      body: { settings: { auth: { scheme: 'header', headerName: 'X-Key', value: hidden } } },
      query: { activate: true },
    },
    {
      body: {
        settings: {
          auth: {
            ...{ scheme: 'oauth2_client_credentials', tokenUrl: 'https://t.test', clientId: 'c' },
            ...{ clientSecret: hidden, scope: 'a b' },
          },
        },
      },
    },
  ],
  'post /usher/v1/apps/{appId}/connection/test': [{}],
  'patch /usher/v1/apps/{appId}/provisioning': [{ body: provisioning }, { body: { update: true } }],
  'post /usher/v1/apps/{appId}/provision': [{ body: { all: true } }, { body: { userIds: [userId] } }],
  'put /api/v1/apps/{appId}/groups/{groupId}': [{ body: {} }],
  'delete /api/v1/apps/{appId}/groups/{groupId}': [{}],
  'delete /api/v1/apps/{appId}/users/{userId}': [{}],
  'post /usher/v1/apps/{appId}/assignments': [{ body: { userIds: [userId] } }],
  'put /usher/v1/apps/{appId}/group-priorities': [{ body: [{ groupId, priority: 0 }] }],
  'post /usher/v1/apps/{appId}/assignment-runs': [
    { body: { action: 'override', users: [userId] } },
    { body: { action: 'return_to_groups', all: true } },
    { body: { action: 'assign', search: 'profile.title eq "x"' } },
  ],
  'post /usher/v1/tasks/retry': [{ body: {} }, { body: { appId } }],
  'post /usher/v1/tasks/{taskId}/retry': [{ body: {} }, { body: { userIds: [userId] } }],
  'post /usher/v1/tasks/{taskId}/assign': [{ body: { userId } }, { body: { userId: null } }],
  'post /usher/v1/tasks/{taskId}/ignore': [{ body: { reason: 'Monday' } }],
  'post /usher/v1/tasks/{taskId}/reopen': [{ body: {} }],
  'post /usher/v1/tasks/{taskId}/complete': [
    { body: { all: true, evidence: { text: 'Done', link: 'https://t.test/1' } } },
    { body: { userIds: [userId], evidence: { text: 'Done' }, externalId: '7' } },
  ],
  'post /usher/v1/runs/{runId}/pause': [{}],
  'post /usher/v1/runs/{runId}/resume': [{}],
  'post /usher/v1/runs/{runId}/cancel': [{}],
  'post /usher/v1/keys/rotate': [{}],
  'post /usher/v1/egress/check': [{ body: { url: 'https://wiki.test/a b' } }],
  'post /usher/v1/plans/{planId}/apply': [{}],
  'post /usher/v1/plans/{planId}/discard': [{}],
  'post /usher/v1/plans/{planId}/again': [{}],
};

/** A request as the console remembers it. */
function requestOf(key: string, { body, query = {} }: Example): SentRequest {
  const [method = '', path = ''] = key.split(' ');
  if (!isMethod(method)) throw new Error(`${key} has no method.`);
  return { ...{ id: 1, at: new Date(0), method, path, parts, query, body }, fileType: undefined };
}

function isMethod(text: string): text is SentRequest['method'] {
  return ['post', 'put', 'patch', 'delete'].includes(text);
}

describe('a change of the console as a command', () => {
  let server: Server;
  let address = '';
  const asked: { readonly method: string; readonly path: string; readonly query: string; readonly body: Json }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      const id = url.pathname.split('/').at(-1) ?? '';
      void (async () => {
        let text = '';
        for await (const chunk of request) text += String(chunk);
        if (request.method !== 'GET') {
          const body: Json = text === '' ? null : JSON.parse(text);
          asked.push({ method: request.method ?? '', path: url.pathname, query: url.search, body });
        }
        // Everything is what it is asked for by its id, every run has ended, every plan is ready, every address is open.
        const status = url.pathname.startsWith('/usher/v1/plans/') ? 'READY' : 'SUCCEEDED';
        const answer = { id, status, profile: {}, findings: [], allowed: true };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      })();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${portOf(server)}`;
  });
  afterAll(() => new Promise((resolve) => void server.close(resolve)));

  test('there is an example of every one', () => {
    expect(Object.keys(examples).sort()).toEqual(Object.keys(cliCommands).sort());
    const routes = [...operationsByRoute.keys()].map((route) => route.replace(/:(\w+)/g, '{$1}').toLowerCase());
    expect(Object.keys(cliCommands).filter((key) => !routes.includes(key.toLowerCase()))).toEqual([]);
  });

  const cases = Object.entries(examples).flatMap(([key, all]) => all.map((example) => [key, example] as const));
  test.each(cases)('%s %j is asked for by it', async (key, example) => {
    const request = requestOf(key, example);
    asked.length = 0;
    const args = argumentsOf(request);
    expect(args, 'a command').toBeDefined();
    // What the command would ask for at a terminal comes from here.
    const secret = askingForSecrets.includes(key) ? ['--credential-file', '-'] : [];
    const run = await runUsher([...(args ?? []), ...secret], { server: address, token: 'x', stdin: hidden });
    expect(run.code, run.stderr).toBe(0);
    expect(asked).toHaveLength(1);
    const path = request.path.replace(
      /\{(\w+)\}/g,
      (_all, name: string) => new Map(Object.entries(parts)).get(name) ?? '',
    );
    expect(asked[0]).toMatchObject({ method: request.method.toUpperCase(), path });
    expect(asked[0]?.body ?? {}).toEqual(example.body ?? {});
    for (const [name, value] of Object.entries(example.query ?? {})) {
      expect(new URLSearchParams(asked[0]?.query).get(name)).toBe(String(value));
    }
  });

  test.each<[string, Example]>([
    ['post /api/v1/users', { body: { profile: {}, credentials: {} } }],
    ['post /api/v1/groups', { body: { profile: { name: '--json' } } }],
    ['put /api/v1/apps/{appId}/groups/{groupId}', { body: { priority: 2 } }],
    ['patch /usher/v1/apps/{appId}/provisioning', { body: { password: { status: 'ENABLED' } } }],
    ['put /usher/v1/apps/{appId}/group-priorities', { body: [{ groupId, priority: 3 }] }],
    ['post /usher/v1/apps/{appId}/assignment-runs', { body: { action: 'assign', users: [userId] } }],
    ['put /usher/v1/apps/{appId}/connection', { body: {} }],
    ['put /usher/v1/apps/{appId}/connection', { body: { settings: { auth: { scheme: 'other' } } } }],
    ['post /api/v1/users', { body: { profile: { token: hidden } } }],
    ['post /constructor', {}],
  ])('%s %j has none', (key, example) => expect(cliOf(requestOf(key, example))).toBeUndefined());

  test('is written for a shell', () => {
    const group = requestOf('post /api/v1/groups', { body: { profile: { name: `It's $HOME` } } });
    expect(cliOf(group)).toBe(`usher groups create 'It'\\''s $HOME'`);
    expect(curlOf(group, 'https://usher.test/api/v1/groups')).toBe(
      [
        'curl -X POST https://usher.test/api/v1/groups',
        '-H "Authorization: SSWS $USHER_TOKEN"',
        `-H 'Content-Type: application/json'`,
        `-d '{"profile":{"name":"It'\\''s $HOME"}}'`,
      ].join(' \\\n  '),
    );
    const file = { ...requestOf('post /usher/v1/imports/people', {}), fileType: 'text/csv' };
    expect(curlOf(file, 'https://usher.test/x?a=b&c=d')).toContain(`POST 'https://usher.test/x?a=b&c=d'`);
    expect(curlOf(file, 'https://usher.test/x')).toContain('--data-binary @FILE');
  });
});

describe('what is remembered of a request', () => {
  test.each<[JsonObject]>([
    [{ credentials: { password: { value: 'canary' }, recovery_question: { question: 'q', answer: 'canary' } } }],
    [{ credentials: { password: { hash: { algorithm: 'BCRYPT', salt: 'canary', value: 'canary' } } } }],
    [{ oldPassword: 'canary', newPassword: 'canary' }],
    [{ profile: { authScheme: 'TOKEN', token: 'canary' } }],
    [{ clientId: 'x', clientSecret: 'canary' }],
    [{ settings: { auth: { scheme: 'other', anything: 'canary', deeper: [{ still: 'canary' }] } } }],
    ...secretSettings().map((settings): [JsonObject] => [{ settings }]),
  ])('%j is without its secret', (body) => {
    expect(JSON.stringify(body)).toContain('canary');
    expect(JSON.stringify(masked(body))).not.toContain('canary');
  });

  test('is else as it was', () => {
    const body = {
      ...{ label: 'Wiki', settings: { baseUrl: 'https://x.test', auth: { scheme: 'bearer' } }, n: [1, null, true] },
      ...{ password: { status: 'ENABLED', seed: 'RANDOM', change: 'CHANGE' }, value: 'a', catalogKey: 'k' },
    };
    expect(masked(body)).toEqual(body);
  });
});

/** Settings of every way to sign in to an app, with a canary where the connector says that there is a secret. */
function secretSettings(): JsonObject[] {
  return ScimSettings.properties.auth.anyOf.map(({ properties }) => {
    const auth = Object.entries(properties).map(([name, schema]) => [name, 'secret' in schema ? 'canary' : 'plain']);
    return { auth: Object.fromEntries(auth) };
  });
}

function portOf(server: Server): number {
  const bound: AddressInfo | string | null = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
