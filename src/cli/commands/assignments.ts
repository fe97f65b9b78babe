import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, personName, textAt } from '../json-fields.ts';
import { resolveApp, resolveGroup, resolveUser } from '../resolve.ts';
import { runBulk } from './bulk-assignments.ts';

interface WhomFlags {
  readonly user?: readonly string[];
  readonly group?: readonly string[];
  readonly search?: string;
  readonly csv?: string;
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
    ['assign Wiki --search \'profile.department eq "Sales"\'', 'everybody found, as a run'],
    ['assign Wiki --csv people.csv', 'everybody in a file with a column login or id'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--user <user...>', 'ids, logins or full names')
    .option('--group <group...>', 'ids or names')
    .option('--search <expression>', 'everybody found')
    .option('--csv <file>', 'everybody in a file, - for stdin')
    .action(
      perform(session, async (cli, [app = ''], flags: WhomFlags) =>
        isBulk(flags) ? bulk(cli, app, 'assign', flags) : assign(cli, await resolveWhom(cli, app, flags)),
      ),
    );
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

async function assign(cli: Cli, { app, users, groups }: Whom): Promise<Exit> {
  const id = textAt(app, 'id');
  for (const group of groups) await cli.api.send('PUT', `/api/v1/apps/${id}/groups/${textAt(group, 'id')}`, {});
  const counts =
    users.length === 0
      ? {}
      : await cli.api.send('POST', `/usher/v1/apps/${id}/assignments`, {
          userIds: users.map((user) => textAt(user, 'id')),
        });
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
