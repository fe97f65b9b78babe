import type { Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { personName, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { parseAttributes } from '../parse-attributes.ts';
import { resolveUser } from '../resolve.ts';
import type { Style } from '../terminal-text.ts';
import { addUserImport } from './user-import.ts';

/** How people are listed wherever they are. */
export const userColumns: readonly Column[] = [
  { title: 'id', value: (user) => textAt(user, 'id') },
  { title: 'status', value: (user) => textAt(user, 'status'), colour: (user, style) => statusColour(user, style) },
  { title: 'login', value: (user) => textAt(user, 'profile', 'login') },
  { title: 'name', value: personName },
];

export function addUserCommands(program: Command, session: Session): void {
  const users = examples(program.command('users').description('people in the directory'), [
    ['users import people.csv --dry-run', 'check a file and count what would change'],
    ['users list --query smith', 'people whose name or e-mail begins so'],
    ['users deactivate ada@acme.example', 'a leaver: every app is taken away'],
  ]);
  addUserImport(users, session);
  addReading(users, session);
  addWriting(users, session);
  addLifecycle(users, session);
}

const listLimit = 200;

function addReading(users: Command, session: Session): void {
  examples(users.command('list').description('list people'), [
    ['users list', `the first ${listLimit}`],
    ['users list --query smith', 'whose first name, last name or e-mail begins so'],
    ['users list --all --json', 'everybody, for a script'],
  ])
    .option('--query <text>', 'beginning of first name, last name or e-mail')
    .option('--all', `not only the first ${listLimit}`)
    .action(
      perform<{ query?: string; all?: boolean }>(session, async (cli, _args, flags) => {
        const query = { q: flags.query, limit: listLimit };
        const found = await cli.api.list('/api/v1/users', query, flags.all === true ? Infinity : listLimit);
        cli.output.answer(found, () => cli.output.table(userColumns, found));
        if (found.length === listLimit && flags.all !== true) {
          cli.output.note(`The first ${listLimit} are shown; --all shows everybody.`);
        }
      }),
    );
  examples(users.command('get').description('show one person'), [
    ['users get ada@acme.example', 'by login, id or name'],
  ])
    .argument('<user>', 'id, login or full name')
    .action(perform(session, async (cli, [who = '']) => showUser(cli, await resolveUser(cli.api, who))));
}

function statusColour(user: JsonObject, style: Style): (text: string) => string {
  const status = textAt(user, 'status');
  if (status === 'ACTIVE' || status === 'PROVISIONED') return style.green;
  return status === 'DEPROVISIONED' ? style.dim : style.yellow;
}

function showUser(cli: Cli, user: Json): void {
  cli.output.answer(user, () => {
    const profile = valueAt(user, 'profile');
    const attributes = Object.keys(isJsonObject(profile) ? profile : {});
    return facts(
      [
        ['id', textAt(user, 'id')],
        ['status', textAt(user, 'status')],
        ...attributes.map((name) => [name, textAt(user, 'profile', name)] as const),
      ],
      cli.output.style,
    );
  });
}

function addWriting(users: Command, session: Session): void {
  examples(users.command('create').description('add a person'), [
    ['users create login=ada@acme.example email=ada@acme.example firstName=Ada lastName=Byron', 'active at once'],
  ])
    .argument('<attribute=value...>', 'attributes of the profile')
    .option('--staged', 'do not activate yet')
    .action(
      perform<{ staged?: boolean }>(session, async (cli, args, flags) => {
        const body = { profile: parseAttributes(args) };
        showUser(cli, await cli.api.send('POST', '/api/v1/users', body, { activate: flags.staged !== true }));
      }),
    );
  examples(users.command('update').description('change attributes of a person'), [
    ['users update ada@acme.example department=Research title=', 'an empty value clears'],
  ])
    .argument('<user>', 'id, login or full name')
    .argument('<attribute=value...>', 'attributes to change')
    .action(
      perform(session, async (cli, [who = '', ...attributes]) => {
        const profile = parseAttributes(attributes);
        const user = await resolveUser(cli.api, who);
        showUser(cli, await cli.api.send('POST', `/api/v1/users/${textAt(user, 'id')}`, { profile }));
      }),
    );
  examples(users.command('delete').description('deactivate a person, and delete them for good with --yes'), [
    ['users delete ada@acme.example', 'deactivates'],
    ['users delete ada@acme.example --yes', 'deletes somebody who is deactivated'],
  ])
    .argument('<user>', 'id, login or full name')
    .option('--yes', 'delete for good')
    .action(perform(session, deleteUser));
}

async function deleteUser(cli: Cli, [who = '']: readonly string[], flags: { yes?: boolean }): Promise<void> {
  const user = await resolveUser(cli.api, who);
  const deactivated = textAt(user, 'status') === 'DEPROVISIONED';
  if (deactivated && flags.yes !== true) {
    throw new CommandError(
      'conflict',
      `${personName(user)} is deactivated already. Add --yes to delete them for good.`,
    );
  }
  const path = `/api/v1/users/${textAt(user, 'id')}`;
  if (!deactivated) await cli.api.send('DELETE', path);
  if (flags.yes === true) await cli.api.send('DELETE', path);
  const done = flags.yes === true ? 'deleted' : 'deactivated';
  cli.output.answer(
    { id: textAt(user, 'id'), done },
    () => `${cli.output.style.green('✓')} ${personName(user)} ${done}`,
  );
}

const lifecycle = {
  activate: 'let a person in: a new one, or one who returns',
  deactivate: 'a leaver: take every app away',
  suspend: 'keep a person out for a while',
  unsuspend: 'let a suspended person in again',
} as const;

function addLifecycle(users: Command, session: Session): void {
  for (const [verb, description] of Object.entries(lifecycle)) {
    examples(users.command(verb).description(description), [[`users ${verb} ada@acme.example`, description]])
      .argument('<user...>', 'ids, logins or full names')
      .action(perform(session, (cli, people) => changeStatus(cli, verb, people)));
  }
}

/** One after the other; what fails does not stop the rest. */
async function changeStatus(cli: Cli, verb: string, people: readonly string[]): Promise<Exit> {
  const results: JsonObject[] = [];
  let failure: CommandError | undefined;
  for (const who of people) {
    try {
      const user = await resolveUser(cli.api, who);
      const query = verb === 'activate' ? { sendEmail: false } : {};
      await cli.api.send('POST', `/api/v1/users/${textAt(user, 'id')}/lifecycle/${verb}`, undefined, query);
      results.push({ user: who, id: textAt(user, 'id'), done: true });
    } catch (error) {
      if (!(error instanceof CommandError) || people.length === 1 || cli.signal.aborted) throw error;
      failure = error;
      results.push({ user: who, done: false, error: error.message });
    }
  }
  const { green, red } = cli.output.style;
  cli.output.answer(results, () =>
    results
      .map((result) =>
        result['done'] === true
          ? `${green('✓')} ${textAt(result, 'user')}`
          : `${red('✗')} ${textAt(result, 'user')}: ${textAt(result, 'error')}`,
      )
      .join('\n'),
  );
  if (failure === undefined) return 'ok';
  return results.some((result) => result['done'] === true) ? 'partial' : failure.exit;
}
