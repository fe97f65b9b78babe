import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { duration } from '../progress.ts';
import { resolveApp, resolveGroup, resolveUser } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { followRun } from './runs.ts';

export function addPlanCommands(program: Command, session: Session): void {
  const plans = examples(program.command('plan').description('changes looked at before they are made'), [
    ['plan create Wiki --group Sales', 'what giving Wiki to Sales would do'],
    ['plan show plnA1b2C3d4E5f6G7h8 --kind create', 'to whom'],
    ['plan apply plnA1b2C3d4E5f6G7h8', 'make exactly that change'],
  ]);
  addCreate(plans, session);
  examples(plans.command('list').description('list plans, the newest first'), [['plan list --app Wiki', 'of one app']])
    .option('--app <app>', 'id, label or name')
    .action(
      perform<{ app?: string }>(session, async (cli, _args, flags) => {
        const app = flags.app === undefined ? undefined : await resolveApp(cli.api, flags.app);
        const query = app === undefined ? {} : { appId: textAt(app, 'id') };
        const found = await cli.api.list('/usher/v1/plans', query, 200);
        cli.output.answer(found, () => cli.output.table(planColumns, found));
      }),
    );
  examples(plans.command('show').description('show what a plan would do, account by account'), [
    ['plan show plnA1b2C3d4E5f6G7h8', 'the first hundred accounts'],
    ['plan show plnA1b2C3d4E5f6G7h8 --kind update --limit 1000', 'more of one kind'],
  ])
    .argument('<id>')
    .option('--kind <kind>', 'create, link, update, reactivate, deactivate, remove, match, stay, move, none or error')
    .option('--limit <number>', 'accounts, 100 when left out', '100')
    .action(perform(session, showPlan));
  addDecision(plans, session, 'apply', 'make exactly the change a plan shows, if it still holds');
  addDecision(plans, session, 'discard', 'put a plan away');
  examples(plans.command('again').description('plan the same change anew, as things are now'), [
    ['plan again plnA1b2C3d4E5f6G7h8', 'after one that no longer holds'],
  ])
    .argument('<id>')
    .action(
      perform(session, async (cli, [id = '']) => answerPlan(cli, await cli.api.send('POST', `${pathOf(id)}/again`))),
    );
}

interface CreateFlags {
  readonly group?: string;
  readonly priority?: string;
  readonly unassignGroup?: string;
  readonly user?: readonly string[];
  readonly unassignUser?: readonly string[];
  readonly search?: string;
  readonly set?: readonly string[];
  readonly connection?: string;
  readonly status?: string;
  readonly reapply?: boolean;
  readonly change?: string;
}

function addCreate(plans: Command, session: Session): void {
  examples(plans.command('create').description('plan a change of one app; nothing is sent'), [
    ['plan create Wiki --group Sales --priority 0', 'give it to a group'],
    ['plan create Wiki --search \'profile.department eq "Sales"\'', 'give it to everybody found'],
    ['plan create Wiki --set update=on', 'turn a kind of provisioning on'],
    ['plan create Wiki --change change.json', 'any change, as the API takes it'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--group <group>', 'give the app to a group, or change its priority')
    .option('--priority <number>', 'with --group: the lowest wins')
    .option('--unassign-group <group>', 'take the app from a group')
    .option('--user <user...>', 'give the app to people')
    .option('--search <expression>', 'give the app to everybody found')
    .option('--unassign-user <user...>', 'take the app from people')
    .option('--set <setting=on|off...>', 'create, update, deactivate, pushPending or excludeUserNameUpdates')
    .option('--connection <on|off>', 'turn provisioning as a whole on or off')
    .option('--status <active|inactive>', 'activate or deactivate the app')
    .option('--reapply', 'apply the mappings to everybody again')
    .option('--change <file>', 'a JSON file with the change')
    .action(
      perform<CreateFlags>(session, async (cli, [name = ''], flags): Promise<Exit> => {
        const app = await resolveApp(cli.api, name);
        const change = await changeOf(cli, textAt(app, 'id'), flags);
        return makePlan(cli, change);
      }),
    );
}

/** Plans a change, waits until it is known what it would do, and answers with that. */
export async function makePlan(cli: Cli, change: JsonObject): Promise<Exit> {
  return answerPlan(cli, await cli.api.send('POST', '/usher/v1/plans', { change }));
}

async function answerPlan(cli: Cli, made: Json): Promise<Exit> {
  const plan = textAt(made, 'status') === 'COMPUTING' ? await computed(cli, made) : made;
  cli.output.answer(plan, () => describePlan(cli, plan));
  return textAt(plan, 'status') === 'READY' ? 'ok' : 'failed';
}

async function computed(cli: Cli, plan: Json): Promise<Json> {
  await followRun(cli, await cli.api.get(`/usher/v1/runs/${textAt(plan, 'runId')}`), 'Planning', 'accounts');
  return cli.api.get(pathOf(textAt(plan, 'id')));
}

async function changeOf(cli: Cli, appId: string, flags: CreateFlags): Promise<JsonObject> {
  const changes: JsonObject[] = [];
  if (flags.group !== undefined) {
    const priority = flags.priority === undefined ? {} : { priority: Number(flags.priority) };
    changes.push({ kind: 'group_assignment', appId, groupId: await groupId(cli, flags.group), ...priority });
  }
  if (flags.unassignGroup !== undefined) {
    changes.push({ kind: 'group_unassignment', appId, groupId: await groupId(cli, flags.unassignGroup) });
  }
  if (flags.user !== undefined) changes.push({ kind: 'assignment', appId, userIds: await userIds(cli, flags.user) });
  if (flags.search !== undefined) changes.push({ kind: 'assignment', appId, search: flags.search });
  if (flags.unassignUser !== undefined) {
    changes.push({ kind: 'unassignment', appId, userIds: await userIds(cli, flags.unassignUser) });
  }
  if (flags.set !== undefined) changes.push({ kind: 'provisioning', appId, settings: settingsOf(flags.set) });
  if (flags.connection !== undefined) {
    changes.push({ kind: 'connection', appId, status: flags.connection === 'on' ? 'ENABLED' : 'DISABLED' });
  }
  if (flags.status !== undefined) changes.push({ kind: 'app_status', appId, status: flags.status.toUpperCase() });
  if (flags.reapply === true) changes.push({ kind: 'reapply_mappings', appId });
  if (flags.change !== undefined) changes.push(await readChange(flags.change));
  const [only, another] = changes;
  if (only !== undefined && another === undefined) return only;
  throw new CommandError('usage', 'Say what is to change, and one thing only: --help lists what there is.');
}

async function groupId(cli: Cli, name: string): Promise<string> {
  return textAt(await resolveGroup(cli.api, name), 'id');
}

async function userIds(cli: Cli, names: readonly string[]): Promise<string[]> {
  const users = await Promise.all(names.map((who) => resolveUser(cli.api, who)));
  return users.map((user) => textAt(user, 'id'));
}

function settingsOf(texts: readonly string[]): JsonObject {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value] = text.split('=');
      if (value === 'on' || value === 'off') return [name, value === 'on'];
      throw new CommandError('usage', `"${text}" is not a setting with on or off, such as update=on.`);
    }),
  );
}

async function readChange(file: string): Promise<JsonObject> {
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (isJsonObject(parsed)) return parsed;
  throw new CommandError('usage', `${file} does not hold a JSON object.`);
}

async function showPlan(
  cli: Cli,
  [id = '']: readonly string[],
  flags: { kind?: string; limit: string },
): Promise<void> {
  const plan = await cli.api.get(pathOf(id));
  const limit = Number(flags.limit) || 100;
  const entries = await cli.api.list(
    `${pathOf(id)}/entries`,
    { kind: flags.kind, limit: Math.min(limit, 1_000) },
    limit,
  );
  cli.output.answer({ ...(isJsonObject(plan) ? plan : {}), entries }, () =>
    [describePlan(cli, plan), '', cli.output.table(entryColumns, entries)].join('\n'),
  );
}

function addDecision(plans: Command, session: Session, verb: 'apply' | 'discard', about: string): void {
  examples(plans.command(verb).description(about), [[`plan ${verb} plnA1b2C3d4E5f6G7h8`, 'by its id']])
    .argument('<id>')
    .action(
      perform(session, async (cli, [id = '']) => {
        const plan = await cli.api.send('POST', `${pathOf(id)}/${verb}`);
        cli.output.answer(plan, () => describePlan(cli, plan));
      }),
    );
}

function describePlan(cli: Cli, plan: Json): string {
  const counts = valueAt(plan, 'counts');
  const kinds = isJsonObject(counts) ? Object.keys(counts) : [];
  const notes = valueAt(plan, 'notes');
  const made = textAt(plan, 'madeAppId');
  return facts(
    [
      ...['id', 'title', 'status', 'created'].map((name) => [name, textAt(plan, name)] as const),
      ...kinds.map((kind) => [kind, textAt(counts, kind)] as const),
      ...(made === '' ? [] : [['made', made] as const]),
      ['cost', `${counted(numberAt(plan, 'requests'), 'request')}, about ${duration(numberAt(plan, 'seconds'))}`],
      ...(Array.isArray(notes) ? notes : []).map((note: Json) => ['note', textAt(note)] as const),
    ],
    cli.output.style,
  );
}

const planColumns: readonly Column[] = [
  { title: 'id', value: (plan) => textAt(plan, 'id') },
  { title: 'status', value: (plan) => textAt(plan, 'status') },
  { title: 'change', value: (plan) => textAt(plan, 'title') },
  { title: 'requests', value: (plan) => textAt(plan, 'requests'), align: 'right' },
  { title: 'created', value: (plan) => textAt(plan, 'created') },
];

const entryColumns: readonly Column[] = [
  { title: 'user', value: (entry) => textAt(entry, 'login') || textAt(entry, 'userId') },
  { title: 'what', value: (entry) => textAt(entry, 'kind') },
  { title: 'account', value: (entry) => textAt(entry, 'externalId') },
  { title: 'changes', value: describeDiff },
];

/** `title: CTO → CEO`. */
function describeDiff(entry: JsonObject): string {
  const shown = (value: Json | undefined) => (value === null || value === undefined ? '–' : JSON.stringify(value));
  const changes = objectsAt(entry, 'diff').map(
    (one) => `${textAt(one, 'attribute')}: ${shown(valueAt(one, 'now'))} → ${shown(valueAt(one, 'after'))}`,
  );
  return changes.length > 0 ? changes.join(', ') : textAt(entry, 'reason');
}

function pathOf(id: string): string {
  return `/usher/v1/plans/${encodeURIComponent(id)}`;
}
