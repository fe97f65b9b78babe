import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/lib/json.ts';
import { startFaultyApp, type FaultyApp } from '../apps/faulty-app.ts';
import { addScimApp, succeeded } from '../usher-process.ts';
import { probe, startHostileApp } from './hostile-app.ts';
import { patterns } from './routes.ts';
import { hasBrowser, openConsoleWorld, secret, type ConsoleWorld } from './world.ts';

const run = 'ran=1';
const away = '//evil.example';
/** Text that would run, load something or add an element where a page took it for markup, an address or a template. */
const strings = [
  `<script>${run}</script>`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `<ScRiPt/x>${run}</sCrIpT >`,
  `<scr<script>ipt>${run}</script>`,
  `<script src=${away}/x.js></script>`,
  `<img src=x onerror="${run}">`,
  `"><img src=x onerror="${run}">`,
  `<img src=${away}/x.png>`,
  `<svg onload="${run}">`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin="${run}">`,
  `<body onload="${run}">`,
  `<iframe src=${away}></iframe>`,
  `<iframe srcdoc="<script>1</script>">`,
  `<object data=${away}>`,
  `<embed src=${away}>`,
  `<link rel=stylesheet href=${away}>`,
  `<style>@import'${away}';</style>`,
  `<base href=${away}>`,
  `<meta http-equiv=refresh content=0>`,
  `<form action=${away}><button>x`,
  `<input autofocus onfocus="${run}">`,
  `<details open ontoggle="${run}">`,
  `<video src=x onerror="${run}">`,
  `<audio src=x onerror="${run}">`,
  `<marquee onstart="${run}">`,
  `<math><mtext><img src=x onerror="${run}">`,
  `<a href="javascript:${run}">x</a>`,
  `[x](javascript:${run})`,
  `![x](${away}/x.png)`,
  `javascript:${run}`,
  '{{constructor.constructor("x")()}}',
  '${alert(1)}`-alert(1)-`',
  `";alert(1)//\\';alert(1)//`,
] as const;

/** What only these strings could have put into a page; a binding that ran is a sign too. */
const injected = `[...document.querySelectorAll('iframe,object,embed,base,marquee,math,video,audio,animate,meta[http-equiv],' +
  'a[href^="javascript" i],[onload],[onerror],[onfocus],[ontoggle],[onstart],[src*="evil.example"],[href*="evil.example"]')]
  .map((element) => element.outerHTML.slice(0, 120)).concat('ran' in window ? ['it ran'] : [])`;

describe.skipIf(!hasBrowser)('text that would run if it were markup', () => {
  let world: ConsoleWorld;
  let app: FaultyApp;
  let liar: FaultyApp;
  let page: Page;
  let known: Readonly<Record<string, string>>;
  const signs: string[] = [];

  beforeAll(async () => {
    [world, app, liar] = await Promise.all([openConsoleWorld(), startFaultyApp(), startHostileApp(strings)]);
    known = { ...(await fill(world, app)), probedId: await probe(world.usher, liar, secret) };
    page = await world.newPage();
    page.on('dialog', (dialog) => (signs.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
    page.on('pageerror', (error) => signs.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(world.usher.url))
        signs.push(`request: ${request.url()}`);
    });
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) signs.push(`refused: ${message.text().slice(0, 200)}`);
    });
    await world.signIn(page);
  }, 240_000);
  afterAll(() => Promise.all([world.close(), app.close(), liar.close()]));

  test('is in all lists, and in what a hostile app answered', async () => {
    expect(new Set(strings).size).toBe(40);
    known = { ...known, ...(await whatCameOfIt(world)) };
    const read = async (path: string) => JSON.stringify((await world.usher.call('GET', path)).body);
    for (const path of ['apps', 'users', 'groups']) {
      const list = await read(`/api/v1/${path}?limit=100`);
      for (const string of strings) expect(list).toContain(JSON.stringify(string).slice(1, -1));
    }
    expect(await read(`/usher/v1/tasks/${known['taskId']}`)).toMatch(/It said \(400\): \S/);
    const { report } = succeeded(await world.usher.call('GET', `/usher/v1/wizards/${known['probedId']}`));
    const answers = (report as { exchanges: { responseBody: string | null }[] }).exchanges
      .map(({ responseBody }) => responseBody ?? '')
      .join();
    // Those that are names of accounts are masked.
    expect(strings.filter((string) => answers.includes(JSON.stringify(string).slice(1, -1))).length).toBeGreaterThan(
      25,
    );
    expect(await read(`/usher/v1/runs/${known['runId']}/problems`)).toContain('onerror');
  }, 60_000);

  test('is shown as text on every page: nothing runs, nothing is loaded, nothing is added', async () => {
    const paths = (await patterns()).map((pattern) =>
      pattern.replace(/:(\w+)/g, (_all, name: string) => known[name] ?? `no-${name}`),
    );
    for (const path of [...paths, ...tabsOf(known)]) {
      await page.goto(world.usher.url + path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await expect.poll(() => page.getByRole('status', { name: /^Loading/ }).count(), { timeout: 20_000 }).toBe(0);
      // A page that was led elsewhere answers with an error.
      const found = await page.evaluate<string[]>(injected).catch((error: unknown) => [String(error)]);
      signs.push(...found.map((sign) => `${path}: ${sign}`));
    }
    expect(signs).toEqual([]);
  }, 240_000);
});

/** Views that have an address of their own below their page's. */
function tabsOf({ userId, wizardId, probedId, appId }: Readonly<Record<string, string>>): string[] {
  return [
    ...['apps', 'groups', 'activity'].map((tab) => `/admin/people/${userId}?tab=${tab}`),
    `/admin/applications/new?wizard=${wizardId}`,
    ...['connection', 'capabilities', 'mappings', 'match', 'review'].map(
      (step) => `/admin/applications/new?wizard=${probedId}&step=${step}`,
    ),
    `/admin/applications/${appId}/push-groups?view=rules`,
    `/admin/applications/${appId}/assignments?kind=groups`,
    `/admin/tasks?status=IGNORED`,
  ];
}

/** Puts each of the strings into every field that takes text, and gives the ids for the pages. */
async function fill({ usher, addPerson }: ConsoleWorld, app: FaultyApp): Promise<Record<string, string>> {
  const call = async (method: 'POST' | 'PUT' | 'GET', path: string, body?: JsonObject) =>
    succeeded(await usher.call(method, path, body));
  const idOf = async (path: string, body: JsonObject) => String((await call('POST', path, body))['id']);
  const custom = Object.fromEntries(
    strings.map((title, index) => [`hostile${index}`, { title, description: title, type: 'string' }]),
  );
  const values = Object.fromEntries(strings.map((string, index) => [`hostile${index}`, string]));
  const definitions = { custom: { id: '#custom', properties: custom } };
  await call('POST', '/api/v1/meta/schemas/user/default', { definitions });
  const appId = await addScimApp(usher, app.url, secret);
  const external = (name: string) => ({ externalName: name, externalNamespace: 'urn:acme:hostile' });
  const there = Object.fromEntries(
    Object.entries(custom).map(([name, more]) => [name, { ...more, ...external(name) }]),
  );
  const accounts = { definitions: { custom: { id: '#custom', properties: there } } };
  await call('POST', `/api/v1/meta/schemas/apps/${appId}/default`, accounts);
  const mappings = (await usher.call('GET', `/api/v1/mappings?targetId=${appId}`)).body as readonly JsonObject[];
  const properties = Object.fromEntries(
    strings.map((string, index) => [`hostile${index}`, { expression: quoted(string), pushStatus: 'PUSH' }]),
  );
  await call('POST', `/api/v1/mappings/${String(mappings[0]?.['id'])}`, { properties });
  // More than there are attempts: whoever is changed again meanwhile is sent again, and must be refused again.
  app.fail(...Array.from({ length: 10 }, () => strings.map(refusal)).flat());
  const me = String((await call('GET', '/api/v1/users/me'))['id']);

  const put = async (string: string, index: number) => {
    const name = string.slice(0, 50);
    const more = { ...all(text, string), ...(index === 0 ? values : {}) };
    const userId = await addPerson(`p${index}@acme.example`, name, name, more);
    const groupId = await idOf('/api/v1/groups', { profile: { name: string, description: string } });
    await call('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
    await call('POST', `/api/v1/apps/${appId}/users`, { id: userId });
    await call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, { priority: index });
    await call('POST', `/api/v1/apps/${appId}/group-push/mappings`, {
      ...{ sourceGroupId: groupId, targetGroupName: string },
    });
    const conditions = { name: { operator: 'CONTAINS', value: string } };
    await call('POST', `/usher/v1/apps/${appId}/group-push/rules`, { name: string, conditions, status: 'INACTIVE' });
    const people = { users: { exclude: [] }, groups: { exclude: [] } };
    await call('POST', '/api/v1/groups/rules', {
      ...{ type: 'group_rule', name },
      conditions: { people, expression: { value: `user.title == ${quoted(string)}`, type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [groupId] } },
    });
    const bookmark = await idOf('/api/v1/apps', {
      ...{ name: 'bookmark', label: string, signOnMode: 'BOOKMARK' },
      settings: { app: { url: `https://${index}.example.com/` }, notes: { admin: string, enduser: string } },
    });
    await call('POST', `/api/v1/apps/${bookmark}/users`, { id: me });
    await call('POST', '/usher/v1/api-tokens', { name: string });
    const wizardId = await idOf('/usher/v1/wizards', { label: string });
    const issuer = `https://${index}.login.example.com`;
    await call('POST', '/usher/v1/identity-providers', {
      ...{ label: string, issuer, clientId: string, clientSecret: 'client-secret-of-usher' },
    });
    return { userId, groupId, wizardId };
  };
  const made = await Promise.all(strings.map(put));
  await call('PUT', '/usher/v1/me/layout', { apps: [], sections: strings.map((name) => ({ name, apps: [] })) });
  return { ...made[0], appId, key: 'scim2headerauth', report: 'leavers' };
}

/** A task from what the app answered, one that is ignored for a reason, a load whose rows are wrong, and a plan. */
async function whatCameOfIt({ usher, importPeople }: ConsoleWorld): Promise<Record<string, string>> {
  const rows = strings.map((string) => `"${string.replaceAll('"', '""')}",x,x,x`);
  const runId = await importPeople(['login,email,firstName,lastName', ...rows].join('\n'));
  const tasks = async () => (await usher.call('GET', '/usher/v1/tasks?limit=200')).body as readonly JsonObject[];
  await expect.poll(async () => (await tasks()).length, { timeout: 30_000 }).toBeGreaterThan(20);
  const [first, second] = await tasks();
  const body = { reason: strings.join(' ').slice(0, 1_000) };
  succeeded(await usher.call('POST', `/usher/v1/tasks/${String(second?.['id'])}/ignore`, body));
  const appId = String((first?.['app'] as JsonObject)['id']);
  const change = { kind: 'assignment', appId, search: 'profile.login sw "p"' };
  const planId = String(succeeded(await usher.call('POST', '/usher/v1/plans', { change }))['id']);
  return { runId, planId, taskId: String(first?.['id']) };
}

/** Attributes of people that take any text. */
const text = [
  ...['middleName', 'honorificPrefix', 'honorificSuffix', 'title', 'displayName', 'nickName', 'streetAddress', 'city'],
  ...['state', 'postalAddress', 'userType', 'employeeNumber', 'costCenter', 'organization', 'division', 'department'],
  ...['managerId', 'manager'],
];

function all(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** The text as a literal of the expression language. */
function quoted(string: string): string {
  return `"${string.replaceAll('"', '""')}"`;
}

/** The app refuses an account, and gives the text as its reason. */
function refusal(detail: string) {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400', detail };
  return { on: 'POST /Users', times: 1, effect: 'before' as const, status: 400, body: JSON.stringify(body) };
}
