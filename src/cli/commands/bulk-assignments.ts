import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { objectsAt, textAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp, resolveGroup } from '../resolve.ts';
import { describeRun, exitOfRun, followRun } from './runs.ts';

export type BulkAction = 'assign' | 'unassign' | 'override' | 'return_to_groups';

export interface BulkFlags {
  readonly user?: readonly string[];
  readonly search?: string;
  readonly csv?: string;
  readonly all?: boolean;
}

export function addBulkAssignmentCommands(program: Command, session: Session): void {
  const assignments = examples(
    program.command('assignments').description('how people have an app: individually or through groups'),
    [
      ['assignments override Wiki --user ada@acme.example', 'individual from now on, with the values it has'],
      ['assignments return-to-groups Wiki --all', 'back to the groups, all who are in one'],
      ['assignments order Wiki Engineering Sales', 'the first group wins'],
    ],
  );
  addConversion(assignments, session, 'override', 'override', 'make assignments by group individual ones');
  addConversion(
    assignments,
    session,
    'return-to-groups',
    'return_to_groups',
    'give individual assignments back to groups',
  );
  examples(assignments.command('order').description('put the groups of an app in order: the first wins'), [
    ['assignments order Wiki Engineering Sales', 'priorities 0 and 1'],
  ])
    .argument('<app>', 'id, label or name')
    .argument('<groups...>', 'ids or names; all groups of the app')
    .action(perform(session, orderGroups));
}

function addConversion(parent: Command, session: Session, verb: string, action: BulkAction, about: string): void {
  examples(parent.command(verb).description(about), [
    [`assignments ${verb} Wiki --user ada@acme.example`, 'one or some'],
    [`assignments ${verb} Wiki --all`, 'all'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--user <user...>', 'ids or logins')
    .option('--search <expression>', 'everybody found')
    .option('--csv <file>', 'everybody in a file with a column login or id')
    .option('--all', 'everybody it can be done for')
    .action(
      perform<BulkFlags>(session, async (cli, [app = ''], flags) =>
        runBulk(cli, textAt(await resolveApp(cli.api, app), 'id'), action, flags),
      ),
    );
}

/** Begins the run, follows it, and says how it went. */
export async function runBulk(cli: Cli, appId: string, action: BulkAction, flags: BulkFlags): Promise<Exit> {
  const run = await followRun(cli, await beginBulk(cli, appId, action, flags), action.replaceAll('_', ' '), 'people');
  cli.output.answer(run, () => describeRun(cli, run));
  return exitOfRun(run);
}

async function beginBulk(cli: Cli, appId: string, action: BulkAction, flags: BulkFlags): Promise<Json> {
  const { user, search, csv, all } = flags;
  const given = [user, search, csv, all].filter((flag) => flag !== undefined);
  if (given.length !== 1) throw new CommandError('usage', 'Say whom: --user, --search, --csv or --all, one of them.');
  const path = `/usher/v1/apps/${appId}/assignment-runs`;
  if (csv !== undefined) {
    return cli.api.upload(`${path}/csv`, csv === '-' ? cli.deps.stdin : createReadStream(csv), 'text/csv', { action });
  }
  const whom = user !== undefined ? { users: user } : search !== undefined ? { search } : { all: true };
  const begun = await cli.api.send('POST', path, { action, ...whom });
  return cli.api.get(`/usher/v1/runs/${textAt(begun, 'id')}`);
}

const groupColumns: readonly Column[] = [
  { title: 'priority', value: (row) => textAt(row, 'priority'), align: 'right' },
  { title: 'group', value: (row) => textAt(row, 'groupId') },
];

async function orderGroups(cli: Cli, [app = '', ...names]: readonly string[]): Promise<void> {
  const appId = textAt(await resolveApp(cli.api, app), 'id');
  const groups = await Promise.all(names.map((name) => resolveGroup(cli.api, name)));
  const order = groups.map((group, priority) => ({ groupId: textAt(group, 'id'), priority }));
  const answer = await cli.api.send('PUT', `/usher/v1/apps/${appId}/group-priorities`, order);
  const rows = Array.isArray(answer) ? answer.filter(isJsonObject) : objectsAt(answer);
  cli.output.answer(answer, () => cli.output.table(groupColumns, rows));
}
