import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, textAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { resolveApp, resolveUser } from '../resolve.ts';
import { counted } from '../terminal-text.ts';

const byName = 'id, label or name';

export function addTaskCommands(program: Command, session: Session): void {
  const tasks = examples(
    program.command('tasks').description('what waits for a person: failures by cause, work by hand'),
    [
      ['tasks list', 'what is open, the worst first'],
      ['tasks retry tsk0A1b2C3d4E5f6G7h8', 'everybody with this cause'],
    ],
  );
  addReading(tasks, session);
  addDeciding(tasks, session);
}

interface ListFlags {
  readonly app?: string;
  readonly ignored?: boolean;
  readonly mine?: boolean;
}

function addReading(tasks: Command, session: Session): void {
  examples(tasks.command('list').description('list tasks, those with leavers first'), [
    ['tasks list --app Wiki', 'of one app'],
    ['tasks list --mine', 'given to me'],
    ['tasks list --json', 'for a script; exit code 0 whether there are any or not'],
  ])
    .option('--app <app>', byName)
    .option('--ignored', 'the ignored ones instead')
    .option('--mine', 'only those assigned to me')
    .action(
      perform<ListFlags>(session, async (cli, _args, flags) => {
        const found = await cli.api.list('/usher/v1/tasks', {
          limit: 200,
          status: flags.ignored === true ? 'IGNORED' : 'OPEN',
          appId: flags.app === undefined ? undefined : textAt(await resolveApp(cli.api, flags.app), 'id'),
          assigneeId: flags.mine === true ? 'me' : undefined,
        });
        cli.output.answer(found, () => cli.output.table(taskColumns, found));
      }),
    );
  examples(tasks.command('show').description('show a task, what is behind it and whom it concerns'), [
    ['tasks show tsk0A1b2C3d4E5f6G7h8', 'with the first people'],
    ['tasks show tsk0A1b2C3d4E5f6G7h8 --people 1000', 'with more of them'],
  ])
    .argument('<id>')
    .option('--people <number>', 'people, or groups, shown at most', Number, 20)
    .action(
      perform<{ people: number }>(session, async (cli, [id = ''], { people }) => {
        const task = await cli.api.get(pathOf(id));
        const ofGroups = textAt(task, 'kind') === 'GROUP_PUSH';
        const path = `${pathOf(id)}/${ofGroups ? 'groups' : 'people'}`;
        const concerned = await cli.api.list(path, { limit: Math.min(people, 1_000) }, people);
        cli.output.answer({ task, ...(ofGroups ? { groups: concerned } : { people: concerned }) }, () =>
          [describe(cli, task), '', cli.output.table(ofGroups ? groupColumns : personColumns, concerned)].join('\n'),
        );
      }),
    );
}

function addDeciding(tasks: Command, session: Session): void {
  examples(tasks.command('retry').description('try again what failed: some people, a cause, an app, or everything'), [
    ['tasks retry tsk0A1b2C3d4E5f6G7h8', 'everybody with this cause'],
    ['tasks retry tsk0A1b2C3d4E5f6G7h8 --user ada@acme.example', 'one of them'],
    ['tasks retry tsk0A1b2C3d4E5f6G7h8 --mapping gpm0A1b2C3d4E5f6G7h8', 'one of the groups that cannot be pushed'],
    ['tasks retry --app Wiki', 'every failure in an app'],
    ['tasks retry --all', 'every failure'],
  ])
    .argument('[id]')
    .option('--user <user...>', 'only these: ids, logins or full names')
    .option('--mapping <id...>', 'only these groups: the ids of their mappings, as `tasks show` lists them')
    .option('--app <app>', byName)
    .option('--all', 'every failure there is')
    .action(perform(session, retry));
  examples(tasks.command('complete').description('say what was done by hand in an app without an interface'), [
    ['tasks complete tsk0A1b2C3d4E5f6G7h8 --user ada@acme.example --evidence "Made in the panel"', 'one person'],
    ['tasks complete tsk0A1b2C3d4E5f6G7h8 --all --evidence "Ticket 4711" --link https://t.example/4711', 'everybody'],
  ])
    .argument('<id>')
    .requiredOption('--evidence <text>', 'what was done')
    .option('--link <url>', 'where that can be seen')
    .option('--user <user...>', 'for whom: ids, logins or full names')
    .option('--account <id>', 'the id of the account made, for one person')
    .option('--all', 'for everybody')
    .action(perform(session, complete));
  examples(tasks.command('assign').description('give a task to a colleague'), [
    ['tasks assign tsk0A1b2C3d4E5f6G7h8 ada@acme.example', 'by id, login or full name'],
    ['tasks assign tsk0A1b2C3d4E5f6G7h8', 'back to nobody'],
  ])
    .argument('<id>')
    .argument('[user]')
    .action(
      perform(session, async (cli, [id = '', who]) => {
        const userId = who === undefined ? null : textAt(await resolveUser(cli.api, who), 'id');
        report(cli, await cli.api.send('POST', `${pathOf(id)}/assign`, { userId }), 'assigned');
      }),
    );
  examples(tasks.command('ignore').description('leave a task alone until somebody else meets its cause'), [
    ['tasks ignore tsk0A1b2C3d4E5f6G7h8 --reason "Licences come on Monday"', 'retries go on'],
  ])
    .argument('<id>')
    .requiredOption('--reason <text>', 'why')
    .action(
      perform<{ reason: string }>(session, async (cli, [id = ''], { reason }) => {
        report(cli, await cli.api.send('POST', `${pathOf(id)}/ignore`, { reason }), 'ignored');
      }),
    );
  examples(tasks.command('reopen').description('take an ignored task up again'), [
    ['tasks reopen tsk0A1b2C3d4E5f6G7h8', 'it is listed again'],
  ])
    .argument('<id>')
    .action(
      perform(session, async (cli, [id = '']) => {
        report(cli, await cli.api.send('POST', `${pathOf(id)}/reopen`, {}), 'open again');
      }),
    );
}

async function retry(
  cli: Cli,
  [id]: readonly string[],
  flags: { user?: readonly string[]; mapping?: readonly string[]; app?: string; all?: boolean },
): Promise<void> {
  const ways = [id !== undefined, flags.app !== undefined, flags.all === true].filter(Boolean).length;
  const some = flags.user ?? flags.mapping;
  if (ways !== 1 || (some !== undefined && id === undefined)) {
    throw new CommandError('usage', 'Say what to retry: a task, perhaps with --user or --mapping, or --app, or --all.');
  }
  const users = await Promise.all((flags.user ?? []).map((who) => resolveUser(cli.api, who)));
  const chosen = {
    ...(users.length === 0 ? {} : { userIds: users.map((user) => textAt(user, 'id')) }),
    ...(flags.mapping === undefined ? {} : { mappingIds: [...flags.mapping] }),
  };
  const app = flags.app === undefined ? {} : { appId: textAt(await resolveApp(cli.api, flags.app), 'id') };
  const answer =
    id === undefined
      ? await cli.api.send('POST', '/usher/v1/tasks/retry', app)
      : await cli.api.send('POST', `${pathOf(id)}/retry`, chosen);
  const count = counted(numberAt(answer, 'retried'), flags.mapping === undefined ? 'failure' : 'group');
  cli.output.answer(answer, () => `${cli.output.style.green('✓')} ${count} tried again`);
}

interface CompleteFlags {
  readonly evidence: string;
  readonly link?: string;
  readonly user?: readonly string[];
  readonly account?: string;
  readonly all?: boolean;
}

async function complete(cli: Cli, [id = '']: readonly string[], flags: CompleteFlags): Promise<void> {
  const { evidence, link, user, account, all } = flags;
  if ((all === true) === (user !== undefined)) {
    throw new CommandError('usage', 'Say for whom: --all, or --user with one or more people.');
  }
  const users = await Promise.all((user ?? []).map((who) => resolveUser(cli.api, who)));
  const whom = all === true ? { all: true } : { userIds: users.map((found) => textAt(found, 'id')) };
  const answer = await cli.api.send('POST', `${pathOf(id)}/complete`, {
    ...whom,
    evidence: { text: evidence, ...(link === undefined ? {} : { link }) },
    ...(account === undefined ? {} : { externalId: account }),
  });
  const count = counted(numberAt(answer, 'completed'), 'account');
  cli.output.answer(answer, () => `${cli.output.style.green('✓')} ${count} completed`);
}

function report(cli: Cli, task: Json, done: string): void {
  cli.output.answer(task, () => `${cli.output.style.green('✓')} ${textAt(task, 'id')} ${done}`);
}

function describe(cli: Cli, task: Json): string {
  const shown = [
    'id',
    'kind',
    'status',
    'people',
    'groups',
    'leavers',
    'retrying',
    'firstSeen',
    'lastSeen',
    'nextAttempt',
  ];
  const said = ['errorCode', 'error', 'probableCause', 'suggestion', 'reason'];
  return facts(
    [
      ['app', textAt(task, 'app', 'label')],
      ...shown.map((name) => [name, textAt(task, name)] as const),
      ['assigned to', textAt(task, 'assignee', 'login')],
      ...said.map((name) => [name, textAt(task, name)] as const),
    ],
    cli.output.style,
  );
}

function pathOf(id: string): string {
  return `/usher/v1/tasks/${encodeURIComponent(id)}`;
}

const taskColumns: readonly Column[] = [
  { title: 'id', value: (task) => textAt(task, 'id') },
  { title: 'app', value: (task) => textAt(task, 'app', 'label') },
  { title: 'kind', value: (task) => textAt(task, 'kind') },
  { title: 'people', value: (task) => textAt(task, 'people'), align: 'right' },
  { title: 'groups', value: (task) => textAt(task, 'groups'), align: 'right' },
  {
    title: 'leavers',
    value: (task) => textAt(task, 'leavers'),
    align: 'right',
    colour: (task, style) => (numberAt(task, 'leavers') > 0 ? style.red : (text: string) => text),
  },
  { title: 'since', value: (task) => textAt(task, 'firstSeen') },
  { title: 'what', value: (task) => textAt(task, 'error') || textAt(task, 'suggestion') },
];

const groupColumns: readonly Column[] = [
  { title: 'mapping', value: (group) => textAt(group, 'id') },
  { title: 'group', value: (group) => textAt(group, 'name') },
  { title: 'name in the app', value: (group) => textAt(group, 'nameInApp') },
  { title: 'attempts', value: (group) => textAt(group, 'attempts'), align: 'right' },
  { title: 'since', value: (group) => textAt(group, 'since') },
  { title: 'next', value: (group) => textAt(group, 'nextAttempt') },
  { title: 'what', value: (group) => textAt(group, 'error') },
];

const personColumns: readonly Column[] = [
  { title: 'user', value: (person: JsonObject) => textAt(person, 'login') || textAt(person, 'userId') },
  { title: 'name in the app', value: (person) => textAt(person, 'userName') },
  { title: 'attempts', value: (person) => textAt(person, 'attempts'), align: 'right' },
  { title: 'since', value: (person) => textAt(person, 'since') },
  { title: 'next', value: (person) => textAt(person, 'nextAttempt') },
  { title: 'what', value: (person) => textAt(person, 'error') },
];
