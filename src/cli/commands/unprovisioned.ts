import type { Command } from 'commander';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { resolveApp, resolveUser } from '../resolve.ts';
import { describeRun, exitOfRun, followRun } from './runs.ts';

const byName = 'id, label or name';
const kinds = 'exact, partial, none, ambiguous or unknown';

export function addUnprovisionedCommands(program: Command, session: Session): void {
  const unprovisioned = examples(
    program.command('unprovisioned').description('people who have an app and no account in it'),
    [
      ['unprovisioned match Wiki', 'whose account may be whose; reads the app once, writes nothing'],
      ['unprovisioned list Wiki --match partial', 'who has to be decided on'],
      ['unprovisioned provision Wiki --match exact', 'link those'],
    ],
  );
  examples(unprovisioned.command('list').description('list them'), [['unprovisioned list Wiki', 'all of them']])
    .argument('<app>', byName)
    .option('--match <result>', kinds)
    .option('--limit <number>', 'people, 100 when left out', '100')
    .action(perform(session, list));
  examples(unprovisioned.command('match').description("compare them with the app's accounts"), [
    ['unprovisioned match Wiki', 'with a progress bar'],
  ])
    .argument('<app>', byName)
    .action(perform(session, match));
  examples(unprovisioned.command('provision').description('make or link their accounts'), [
    ['unprovisioned provision Wiki --all', 'everybody it is clear for'],
    [
      'unprovisioned provision Wiki --user ada@acme.example --partial link',
      'one, with the account that is like theirs',
    ],
  ])
    .argument('<app>', byName)
    .option('--all', 'everybody')
    .option('--user <user...>', 'ids, logins or full names')
    .option('--match <result>', kinds)
    .option('--partial <decision>', 'for an account that may be theirs: leave (default), link or create')
    .action(perform(session, provision));
}

const columns: readonly Column[] = [
  { title: 'user', value: (row) => textAt(row, 'login') },
  { title: 'scope', value: (row) => textAt(row, 'scope') },
  { title: 'match', value: (row) => textAt(row, 'match') },
  { title: 'account', value: (row) => textAt(row, 'accountName') },
  {
    title: 'would change',
    value: (row) =>
      objectsAt(row, 'diff')
        .map((one) => textAt(one, 'attribute'))
        .join(', '),
  },
  { title: 'why', value: (row) => textAt(row, 'reason') },
];

async function list(cli: Cli, [name = '']: readonly string[], flags: { match?: string; limit: string }): Promise<void> {
  const limit = Number(flags.limit) || 100;
  const query = { match: flags.match, limit: Math.min(limit, 1_000) };
  const found = await cli.api.list(`${await pathOf(cli, name)}`, query, limit);
  cli.output.answer(found, () => cli.output.table(columns, found));
}

async function match(cli: Cli, [name = '']: readonly string[]): Promise<Exit> {
  const path = await pathOf(cli, name);
  const run = await followRun(cli, await cli.api.send('POST', `${path}/match`), 'Matching', 'people');
  const summary = await cli.api.get(`${path}/summary`);
  cli.output.answer({ run, summary }, () => {
    const names = ['total', 'exact', 'partial', 'none', 'ambiguous', 'unknown'];
    const counts = names.map((result) => [result, String(numberAt(summary, result))] as const);
    return `${describeRun(cli, run)}\n\n${facts(counts, cli.output.style)}`;
  });
  return exitOfRun(run);
}

interface ProvisionFlags {
  readonly all?: boolean;
  readonly user?: readonly string[];
  readonly match?: string;
  readonly partial?: string;
}

async function provision(cli: Cli, [name = '']: readonly string[], flags: ProvisionFlags): Promise<Exit> {
  const { all, user, match: result, partial } = flags;
  if ([all, user, result].filter((flag) => flag !== undefined).length !== 1) {
    throw new CommandError('usage', 'Say whom: --all, --user or --match, one of them.');
  }
  const path = await pathOf(cli, name);
  const users = await Promise.all((user ?? []).map((who) => resolveUser(cli.api, who)));
  const begun = await cli.api.send('POST', `${path}/provision`, {
    ...(user === undefined ? {} : { userIds: users.map((found) => textAt(found, 'id')) }),
    ...(result === undefined ? {} : { match: result }),
    ...(partial === undefined ? {} : { partial }),
  });
  const run = await cli.api.get(`/usher/v1/runs/${textAt(begun, 'id')}`);
  const ended = await followRun(cli, run, 'Provisioning', 'people');
  cli.output.answer(ended, () => describeRun(cli, ended));
  return exitOfRun(ended);
}

async function pathOf(cli: Cli, name: string): Promise<string> {
  return `/usher/v1/apps/${textAt(await resolveApp(cli.api, name), 'id')}/unprovisioned`;
}
