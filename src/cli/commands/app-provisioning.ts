import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, textAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { startProgress } from '../progress.ts';
import { resolveApp, resolveUser } from '../resolve.ts';
import { counted, printable } from '../terminal-text.ts';
import { until } from '../wait.ts';
import { makePlan } from './plans.ts';
import { describeRun, exitOfRun, followRun } from './runs.ts';

const byName = 'id, label or name';

export function addAppProvisioningCommands(apps: Command, session: Session): void {
  addSettings(apps, session);
  examples(apps.command('progress').description('how many accounts are as they should be'), [
    ['apps progress Wiki --watch', 'until nothing is waiting'],
  ])
    .argument('<app>', byName)
    .option('--watch', 'wait, with a progress bar')
    .action(perform(session, showProgress));
  examples(apps.command('users').description('list who has an app, and what became of their account'), [
    ['apps users Wiki --failed', 'only accounts with an error'],
  ])
    .argument('<app>', byName)
    .option('--failed', 'only those with an error')
    .action(perform(session, listAppUsers));
  examples(apps.command('accounts').description('list the accounts of an app, also of people who have it no more'), [
    ['apps accounts Wiki --former', 'what is left of people who had it'],
  ])
    .argument('<app>', byName)
    .option('--former', 'only those of people who have the app no more')
    .action(perform(session, listAccounts));
  examples(apps.command('sync').description('look at everybody in an app again, and send what differs'), [
    ['apps sync Wiki', 'everybody, as after a change of its mappings; Ctrl-C leaves the run going'],
    ['apps sync Wiki --read', 'reads each account first, so that changes made in the app are found'],
    ['apps sync Wiki --user ada@acme.example --read', 'one person'],
  ])
    .argument('<app>', byName)
    .option('--user <user...>', 'ids, logins or full names')
    .option('--read', 'read each account from the app first')
    .action(perform(session, synchronize));
  examples(apps.command('provision').description('make the accounts of people assigned while provisioning was off'), [
    ['apps provision Wiki --all', 'everybody'],
    ['apps provision Wiki --user ada@acme.example', 'one'],
  ])
    .argument('<app>', byName)
    .option('--all', 'everybody')
    .option('--user <user...>', 'ids, logins or full names')
    .action(perform(session, provision));
}

function addSettings(apps: Command, session: Session): void {
  const command = examples(apps.command('provisioning').description('show or change what Usher does in an app'), [
    ['apps provisioning Wiki', 'what is on'],
    ['apps provisioning Wiki --create on --update on --deactivate on', 'everything'],
    ['apps provisioning Wiki --deprovision delete --delete-after-days 30', 'off at once, gone after a month'],
    ['apps provisioning Wiki --deprovision delete --plan', 'show what it would do to whom, change nothing'],
    ['apps provisioning Wiki --password own', 'the person’s password, on sign-in and when it changes'],
    ['apps provisioning Fax --manual on', 'an app without an interface: tasks for people'],
  ]).argument('<app>', byName);
  for (const [flag, meaning, parse] of settingFlags) command.option(flag, meaning, parse);
  command.option('--plan', 'plan the change, and change nothing');
  command.action(
    perform<Readonly<Record<string, Json>>>(session, async (cli, [name = ''], flags): Promise<Exit> => {
      const appId = textAt(await resolveApp(cli.api, name), 'id');
      const path = `/usher/v1/apps/${appId}/provisioning`;
      const changes = changesOf(flags);
      if (flags['plan'] === true) return makePlan(cli, { kind: 'provisioning', appId, settings: changes });
      const none = Object.keys(changes).length === 0;
      const settings = none ? await cli.api.get(path) : await cli.api.send('PATCH', path, changes);
      cli.output.answer(settings, () => describeSettings(cli, settings));
      return 'ok';
    }),
  );
}

/** What `--password` takes besides "off". */
const passwords: { readonly [choice: string]: JsonObject } = {
  random: { status: 'ENABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
  'random-each-change': { status: 'ENABLED', seed: 'RANDOM', change: 'CHANGE' },
  own: { status: 'ENABLED', seed: 'OKTA', change: 'CHANGE' },
  'own-for-new-accounts': { status: 'ENABLED', seed: 'OKTA', change: 'KEEP_EXISTING' },
};

/** Named after the settings of the API; those of `limitNames` are limits there. */
const settingFlags: readonly (readonly [flag: string, meaning: string, parse: (text: string) => Json])[] = [
  ['--create <on|off>', 'make accounts', onOrOff],
  ['--update <on|off>', 'keep attributes as mapped', onOrOff],
  ['--deactivate <on|off>', 'deactivate accounts of those who lose the app, reactivate on return', onOrOff],
  ['--reactivate <on|off>', 'switch accounts on again when their people come back', onOrOff],
  ['--push-pending <on|off>', 'also people who are not activated yet', onOrOff],
  ['--group-push <on|off>', 'make and fill the groups of "apps push-groups"', onOrOff],
  ['--exclude-user-name-updates <on|off>', 'never rename an account', onOrOff],
  ['--existing-account <link|ask>', 'what to do when the user name is taken', word],
  ['--deprovision <policy>', 'nothing, task, deactivate, remove_entitlements or delete', word],
  ['--delete-after-days <days>', 'between losing the app and the deletion', wholeNumber],
  ['--confirm-deletions <number>', 'so many accounts may be deleted at once', wholeNumber],
  ['--entitlements <attributes>', 'what remove_entitlements clears, with commas; "auto" goes by their names', names],
  ['--suspended <leave|deactivate>', 'what becomes of the account of a suspended person', word],
  ['--manual <on|off>', 'people make and take away the accounts, told by tasks', onOrOff],
  ['--update-verb <automatic|patch|put>', 'how changes are sent', word],
  ['--unique-attribute <name>', 'what finds an existing account: userName, externalId or a mapped attribute', String],
  ['--password <which>', `off, ${Object.keys(passwords).join(', ')}`, passwordChoice],
  ['--concurrency-max <number>', 'requests at once, at most', wholeNumber],
  ['--requests-per-minute <number>', 'on average, or "none"', (text) => (text === 'none' ? null : wholeNumber(text))],
  ['--timeout-ms <ms>', 'for one request', wholeNumber],
  ['--page-size <number>', 'accounts asked for at once', wholeNumber],
];
const limitNames = ['concurrencyMax', 'requestsPerMinute', 'timeoutMs', 'pageSize'];

function changesOf(flags: Readonly<Record<string, Json>>): JsonObject {
  const known = settingFlags.map(([flag]) => camelCase(flag.split(' ')[0] ?? ''));
  const given = Object.entries(flags).filter(([name, value]) => known.includes(name) && value !== undefined);
  const limits = given.filter(([name]) => limitNames.includes(name));
  return {
    ...Object.fromEntries(given.filter(([name]) => !limitNames.includes(name))),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
  };
}

function camelCase(flag: string): string {
  return flag.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function passwordChoice(text: string): JsonObject {
  if (text === 'off') return { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' };
  const chosen = passwords[text];
  if (chosen !== undefined) return chosen;
  throw new InvalidArgumentError(`It must be off, ${Object.keys(passwords).join(', ')}.`);
}

function word(text: string): string {
  return text.toUpperCase();
}

function names(text: string): Json {
  return text === 'auto' ? null : text.split(',').map((name) => name.trim());
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function onOrOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('It must be on or off.');
}

function describeSettings(cli: Cli, settings: Json): string {
  const { limits, supports, ...own } = isJsonObject(settings) ? settings : {};
  const shown = [...Object.entries(own), ...Object.entries(isJsonObject(limits) ? limits : {})];
  const able = Object.entries(isJsonObject(supports) ? supports : {}).flatMap(([verb, can]) =>
    can === true ? verb : [],
  );
  const said = (value: Json) => {
    if (isJsonObject(value)) return passwordSaid(value);
    if (Array.isArray(value)) return value.map((item) => textAt(item)).join(', ');
    return typeof value === 'boolean' ? (value ? 'on' : 'off') : textAt(value);
  };
  return facts(
    [...shown.map(([name, value]) => [name, said(value)] as const), ['the app can', able.join(', ')]],
    cli.output.style,
  );
}

function passwordSaid({ status, seed, change }: JsonObject): string {
  if (status !== 'ENABLED') return 'off';
  const same = Object.entries(passwords).find(([, choice]) => choice['seed'] === seed && choice['change'] === change);
  return same?.[0] ?? 'on';
}

const accountColumns: readonly Column[] = [
  { title: 'login', value: (account) => textAt(account, 'login') },
  { title: 'user name there', value: (account) => textAt(account, 'userName') },
  { title: 'id there', value: (account) => textAt(account, 'externalId') },
  { title: 'state', value: (account) => (account['assigned'] === true ? textAt(account, 'syncState') : 'FORMER') },
  { title: 'last write', value: (account) => textAt(account, 'lastOperation', 'kind') },
  { title: 'problem', value: (account) => textAt(account, 'lastError') },
];

async function listAccounts(cli: Cli, [name = '']: readonly string[], flags: { former?: boolean }): Promise<void> {
  const appId = textAt(await resolveApp(cli.api, name), 'id');
  const query = { limit: 500, ...(flags.former === true ? { state: 'FORMER' } : {}) };
  const found = await cli.api.list(`/usher/v1/apps/${appId}/accounts`, query);
  cli.output.answer(found, () => cli.output.table(accountColumns, found));
}

/** Milliseconds between two looks at an app's progress. */
const lookEveryMs = 500;

async function showProgress(cli: Cli, [name = '']: readonly string[], flags: { watch?: boolean }): Promise<Exit> {
  const app = await resolveApp(cli.api, name);
  const path = `/usher/v1/apps/${textAt(app, 'id')}/progress`;
  const counts = flags.watch === true ? await watch(cli, path, app) : await cli.api.get(path);
  cli.output.answer(counts, () => describeProgress(cli, counts));
  return numberAt(counts, 'failed') > 0 ? 'partial' : 'ok';
}

async function watch(cli: Cli, path: string, app: JsonObject): Promise<Json> {
  const label = textAt(app, 'label');
  const progress = startProgress(cli.output, cli.clock, label, 'accounts');
  let most = 0;
  let health = 'OK';
  const look = async () => {
    const counts = await cli.api.get(path);
    const waiting = numberAt(counts, 'waiting');
    if (waiting > 0 && textAt(app, 'status') !== 'ACTIVE') {
      const sentence = `${label} is not active, so ${counted(waiting, 'account')} will go on waiting.`;
      throw new CommandError('conflict', `${sentence} Activate it: usher apps activate ${textAt(app, 'id')}`);
    }
    const state = textAt(counts, 'health', 'state') || 'OK';
    if (state !== health && state !== 'OK') {
      cli.output.note(
        `${printable(label)} is ${state.toLowerCase()} and waits before the next attempt; "usher log" says why.`,
      );
    }
    health = state;
    most = Math.max(most, waiting);
    progress.update(most - waiting, most);
    return waiting === 0 ? counts : undefined;
  };
  try {
    return await until(look, { clock: cli.clock, signal: cli.signal, everyMs: lookEveryMs, what: label });
  } finally {
    progress.end();
  }
}

function describeProgress(cli: Cli, counts: Json): string {
  const names = ['assigned', 'synchronized', 'waiting', 'failed', 'unprovisioned'];
  return facts(
    [...names.map((name) => [name, textAt(counts, name)] as const), ['health', textAt(counts, 'health', 'state')]],
    cli.output.style,
  );
}

const appUserColumns: readonly Column[] = [
  { title: 'user', value: (row) => textAt(row, 'id') },
  { title: 'name in the app', value: (row) => textAt(row, 'credentials', 'userName') },
  { title: 'scope', value: (row) => textAt(row, 'scope') },
  { title: 'status', value: (row) => textAt(row, 'status') },
  {
    title: 'state',
    value: (row) => textAt(row, 'syncState'),
    colour: (row, style) => (textAt(row, 'syncState') === 'ERROR' ? style.red : (text: string) => text),
  },
  { title: 'account', value: (row) => textAt(row, 'externalId') },
  { title: 'last error', value: (row) => textAt(row, 'lastError') },
];

async function listAppUsers(cli: Cli, [name = '']: readonly string[], flags: { failed?: boolean }): Promise<void> {
  const app = await resolveApp(cli.api, name);
  const filter = flags.failed === true ? 'syncState eq "ERROR"' : undefined;
  const found = await cli.api.list(`/api/v1/apps/${textAt(app, 'id')}/users`, { limit: 500, filter });
  cli.output.answer(found, () => cli.output.table(appUserColumns, found));
}

async function synchronize(
  cli: Cli,
  [name = '']: readonly string[],
  flags: { readonly user?: readonly string[]; readonly read?: boolean },
): Promise<Exit> {
  const app = await resolveApp(cli.api, name);
  const users = await Promise.all((flags.user ?? []).map((who) => resolveUser(cli.api, who)));
  const begun = await cli.api.send('POST', `/usher/v1/apps/${textAt(app, 'id')}/synchronize`, {
    ...(flags.user === undefined ? {} : { userIds: users.map((user) => textAt(user, 'id')) }),
    ...(flags.read === undefined ? {} : { read: flags.read }),
  });
  const run = await followRun(cli, begun, textAt(app, 'label'), 'accounts');
  cli.output.answer(run, () => describeRun(cli, run));
  return exitOfRun(run);
}

async function provision(
  cli: Cli,
  [name = '']: readonly string[],
  flags: { all?: boolean; user?: readonly string[] },
): Promise<void> {
  if ((flags.all === true) === (flags.user !== undefined)) {
    throw new CommandError('usage', 'Say whom: --all, or --user with one or more people.');
  }
  const app = await resolveApp(cli.api, name);
  const users = await Promise.all((flags.user ?? []).map((who) => resolveUser(cli.api, who)));
  const body = flags.all === true ? { all: true } : { userIds: users.map((user) => textAt(user, 'id')) };
  const answer = await cli.api.send('POST', `/usher/v1/apps/${textAt(app, 'id')}/provision`, body);
  const count = numberAt(answer, 'provisioned');
  const others = users.length - count;
  if (others > 0) cli.output.note(`! ${others} of them left out: without the app, or with an account already.`);
  cli.output.answer(answer, () => `${cli.output.style.green('✓')} ${counted(count, 'account')} on the way`);
}
