import { InvalidArgumentError, type Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, personName, textAt } from '../json-fields.ts';
import { parseAttributes } from '../parse-attributes.ts';
import { resolveApp, resolveGroup, resolveUser } from '../resolve.ts';
import { runBulk } from './bulk-assignments.ts';

interface WhomFlags {
  readonly user?: readonly string[];
  readonly group?: readonly string[];
  readonly search?: string;
  readonly csv?: string;
}

interface AssignFlags extends WhomFlags {
  readonly set?: readonly string[];
  readonly priority?: number;
}

interface Whom {
  readonly app: JsonObject;
  readonly users: readonly JsonObject[];
  readonly groups: readonly JsonObject[];
}

export function addAssignmentCommands(program: Command, session: Session): void {
  examples(program.command('assign').description('give an app to people and groups'), [
    ['assign Wiki --group Engineering --group Sales', 'members of now and of later'],
    ['assign Wiki --user ada@acme.example', 'one person'],
    ['assign Wiki --user ada@acme.example --set role=Editor', 'with a value of their own, which no group changes'],
    ['assign Wiki --group Sales --set role=Reader --priority 0', 'with a value for its members, before other groups'],
    ['assign Wiki --search \'profile.department eq "Sales"\'', 'everybody found, as a run'],
    ['assign Wiki --csv people.csv', 'everybody in a file with a column login or id'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--user <user...>', 'ids, logins or full names')
    .option('--group <group...>', 'ids or names')
    .option('--search <expression>', 'everybody found')
    .option('--csv <file>', 'everybody in a file, - for stdin')
    .option('--set <attribute=value...>', "values of the app's attributes; of a group they replace those it had")
    .option('--priority <number>', 'of a group: the lowest wins', parsePriority)
    .action(perform(session, assign));
  examples(program.command('unassign').description('take an app from people and groups'), [
    ['unassign Wiki --group Sales', 'those who have it otherwise keep it'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--user <user...>', 'ids, logins or full names')
    .option('--group <group...>', 'ids or names')
    .option('--search <expression>', 'everybody found')
    .option('--csv <file>', 'everybody in a file, - for stdin')
    .action(
      perform(session, async (cli, [app = ''], flags: WhomFlags) =>
        isBulk(flags) ? bulk(cli, app, 'unassign', flags) : unassign(cli, await resolveWhom(cli, app, flags)),
      ),
    );
}

function isBulk({ search, csv }: WhomFlags): boolean {
  return search !== undefined || csv !== undefined;
}

async function bulk(cli: Cli, name: string, action: 'assign' | 'unassign', flags: WhomFlags): Promise<Exit> {
  if (flags.group !== undefined) throw new CommandError('usage', 'Groups are named apart from a search or a file.');
  return runBulk(cli, textAt(await resolveApp(cli.api, name), 'id'), action, flags);
}

/** Everything is looked up before anything is changed. */
async function resolveWhom(cli: Cli, app: string, { user = [], group = [] }: WhomFlags): Promise<Whom> {
  if (user.length + group.length === 0)
    throw new CommandError('usage', 'Say whom: --user or --group, each once or more, or --search or --csv.');
  return {
    app: await resolveApp(cli.api, app),
    users: await Promise.all(user.map((who) => resolveUser(cli.api, who))),
    groups: await Promise.all(group.map((name) => resolveGroup(cli.api, name))),
  };
}

async function assign(cli: Cli, [name = '']: readonly string[], flags: AssignFlags): Promise<Exit> {
  const { priority } = flags;
  const profile = flags.set === undefined ? undefined : parseAttributes(flags.set);
  if (priority !== undefined && flags.group === undefined) {
    throw new CommandError('usage', 'A priority is of a group. Name one with --group.');
  }
  if (isBulk(flags)) {
    if (profile === undefined) return bulk(cli, name, 'assign', flags);
    throw new CommandError('usage', 'Values are set for --user or --group, not for a search or a file.');
  }
  const { app, users, groups } = await resolveWhom(cli, name, flags);
  const id = textAt(app, 'id');
  const values = { ...(profile === undefined ? {} : { profile }), ...(priority === undefined ? {} : { priority }) };
  for (const group of groups) await cli.api.send('PUT', `/api/v1/apps/${id}/groups/${textAt(group, 'id')}`, values);
  const userIds = users.map((user) => textAt(user, 'id'));
  const counts = await (profile === undefined ? give(cli, id, userIds) : giveWith(cli, id, userIds, profile));
  const refused = numberAt(counts, 'refused');
  cli.output.answer({ app: id, groups: groups.map((group) => textAt(group, 'id')), users: counts }, () => {
    const { green, yellow } = cli.output.style;
    return [
      ...groups.map((group) => `${green('✓')} ${textAt(app, 'label')} → group ${textAt(group, 'profile', 'name')}`),
      ...(users.length > refused ? [`${green('✓')} ${textAt(app, 'label')} → ${people(users.length - refused)}`] : []),
      ...(refused > 0 ? [`${yellow('!')} ${people(refused)} cannot have it: deactivated. Activate them first.`] : []),
    ].join('\n');
  });
  if (refused === 0) return 'ok';
  return refused === users.length && groups.length === 0 ? 'conflict' : 'partial';
}

async function give(cli: Cli, appId: string, userIds: readonly string[]): Promise<Json> {
  return userIds.length === 0 ? {} : cli.api.send('POST', `/usher/v1/apps/${appId}/assignments`, { userIds });
}

/** Whoever has the app already keeps it, with these values. */
async function giveWith(cli: Cli, appId: string, userIds: readonly string[], profile: JsonObject): Promise<Json> {
  for (const id of userIds) await cli.api.send('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER', profile });
  return { assigned: userIds.length, refused: 0 };
}

async function unassign(cli: Cli, { app, users, groups }: Whom): Promise<void> {
  const id = textAt(app, 'id');
  for (const group of groups) await cli.api.send('DELETE', `/api/v1/apps/${id}/groups/${textAt(group, 'id')}`);
  for (const user of users) await cli.api.send('DELETE', `/api/v1/apps/${id}/users/${textAt(user, 'id')}`);
  const names = [...groups.map((group) => `group ${textAt(group, 'profile', 'name')}`), ...users.map(personName)];
  cli.output.answer(
    { app: id, groups: groups.map((group) => textAt(group, 'id')), users: users.map((user) => textAt(user, 'id')) },
    () => names.map((name) => `${cli.output.style.green('✓')} ${textAt(app, 'label')} taken from ${name}`).join('\n'),
  );
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en-US')} people`;
}

function parsePriority(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0.');
}
