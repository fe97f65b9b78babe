import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { personName, textAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveGroup, resolveUser } from '../resolve.ts';
import { pushColumns } from './push-groups.ts';
import { userColumns } from './users.ts';

const groupColumns: readonly Column[] = [
  { title: 'id', value: (group) => textAt(group, 'id') },
  { title: 'type', value: (group) => textAt(group, 'type') },
  { title: 'name', value: (group) => textAt(group, 'profile', 'name') },
  { title: 'description', value: (group) => textAt(group, 'profile', 'description') },
];

const byName = 'id or name of the group';

export function addGroupCommands(program: Command, session: Session): void {
  const groups = examples(program.command('groups').description('groups and who is in them'), [
    ['groups create "Mobile team" --description "iOS and Android"', 'an empty group'],
    ['groups add "Mobile team" ada@acme.example grace@acme.example', 'two people by hand'],
    ['rules create Mobile --if \'user.division == "Mobile"\' --into "Mobile team"', 'and more by rule'],
  ]);
  addReading(groups, session);
  addWriting(groups, session);
  addMembership(groups, session);
  addOwners(groups, session);
}

function addReading(groups: Command, session: Session): void {
  examples(groups.command('list').description('list groups'), [['groups list --query Eng', 'names that begin so']])
    .option('--query <text>', 'beginning of the name')
    .action(
      perform<{ query?: string }>(session, async (cli, _args, flags) => {
        const found = await cli.api.list('/api/v1/groups', { q: flags.query, limit: 1_000 });
        cli.output.answer(found, () => cli.output.table(groupColumns, found));
      }),
    );
  examples(groups.command('get').description('show a group'), [['groups get Engineering', 'by id or name']])
    .argument('<group>', byName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const group = await resolveGroup(cli.api, name);
        cli.output.answer(group, () => cli.output.table(groupColumns, [group]));
      }),
    );
  examples(groups.command('members').description('list the people in a group'), [['groups members Engineering', 'all']])
    .argument('<group>', byName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const group = await resolveGroup(cli.api, name);
        const members = await cli.api.list(`/api/v1/groups/${textAt(group, 'id')}/users`, { limit: 1_000 });
        cli.output.answer(members, () => cli.output.table(userColumns, members));
      }),
    );
  examples(groups.command('pushes').description('list the apps a group is pushed to'), [
    ['groups pushes Engineering', 'and how far that is'],
  ])
    .argument('<group>', byName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const groupId = textAt(await resolveGroup(cli.api, name), 'id');
        const pushes = await cli.api.list(`/usher/v1/groups/${groupId}/pushes`, { limit: 1_000 });
        const columns = [{ title: 'app', value: (push: JsonObject) => textAt(push, 'appLabel') }, ...pushColumns];
        cli.output.answer(pushes, () => cli.output.table(columns, pushes));
      }),
    );
}

function addWriting(groups: Command, session: Session): void {
  examples(groups.command('create').description('make a group'), [['groups create Engineering', 'an empty group']])
    .argument('<name>')
    .option('--description <text>')
    .action(
      perform<{ description?: string }>(session, async (cli, [name = ''], flags) => {
        const profile = { name, ...(flags.description === undefined ? {} : { description: flags.description }) };
        const group = await cli.api.send('POST', '/api/v1/groups', { profile });
        cli.output.answer(group, () => `${cli.output.style.green('✓')} ${name} made, ${textAt(group, 'id')}`);
      }),
    );
  examples(groups.command('delete').description('delete a group; its members lose the apps only it gave them'), [
    ['groups delete "Mobile team"', 'by id or name'],
  ])
    .argument('<group>', byName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const id = textAt(await resolveGroup(cli.api, name), 'id');
        await cli.api.send('DELETE', `/api/v1/groups/${id}`);
        cli.output.answer({ id, done: 'deleted' }, () => `${cli.output.style.green('✓')} ${name} deleted`);
      }),
    );
}

function addMembership(groups: Command, session: Session): void {
  examples(groups.command('add').description('put people into a group'), [
    ['groups add Engineering ada@acme.example', 'by id, login or full name'],
  ])
    .argument('<group>', byName)
    .argument('<user...>', 'ids, logins or full names')
    .action(perform(session, (cli, args) => changeMembers(cli, args, 'PUT', 'is in')));
  examples(groups.command('remove').description('take people out of a group; rules leave them out from then on'), [
    ['groups remove Engineering ada@acme.example', 'by id, login or full name'],
  ])
    .argument('<group>', byName)
    .argument('<user...>', 'ids, logins or full names')
    .action(perform(session, (cli, args) => changeMembers(cli, args, 'DELETE', 'is no longer in')));
}

const ownerColumns: readonly Column[] = ['id', 'type', 'displayName'].map((name) => ({
  title: name,
  value: (owner) => textAt(owner, name),
}));

function addOwners(groups: Command, session: Session): void {
  examples(groups.command('owners').description('list whom a group belongs to, or change that; it allows nothing'), [
    ['groups owners Engineering', 'all'],
    ['groups owners Engineering --add ada@acme.example --remove bob@acme.example', 'people, by id, login or full name'],
    ['groups owners Engineering --add-group Leads', 'all who are in another group'],
  ])
    .argument('<group>', byName)
    .option('--add <user>', 'a person to own it too')
    .option('--add-group <group>', 'a group to own it too')
    .option('--remove <user>', 'a person to own it no more')
    .option('--remove-group <group>', 'a group to own it no more')
    .action(
      perform<OwnerFlags>(session, async (cli, [name = ''], flags) => {
        const path = `/api/v1/groups/${textAt(await resolveGroup(cli.api, name), 'id')}/owners`;
        const idOf = async (who?: string) => (who === undefined ? '' : textAt(await resolveUser(cli.api, who), 'id'));
        const groupIdOf = async (of?: string) =>
          of === undefined ? '' : textAt(await resolveGroup(cli.api, of), 'id');
        const [added, addedGroup] = [await idOf(flags.add), await groupIdOf(flags.addGroup)];
        const removed = [await idOf(flags.remove), await groupIdOf(flags.removeGroup)].filter((id) => id !== '');
        if (added !== '') await cli.api.send('POST', path, { id: added, type: 'USER' });
        if (addedGroup !== '') await cli.api.send('POST', path, { id: addedGroup, type: 'GROUP' });
        for (const id of removed) await cli.api.send('DELETE', `${path}/${id}`);
        const owners = await cli.api.list(path, { limit: 1_000 });
        cli.output.answer(owners, () => cli.output.table(ownerColumns, owners));
      }),
    );
}

interface OwnerFlags {
  readonly add?: string;
  readonly addGroup?: string;
  readonly remove?: string;
  readonly removeGroup?: string;
}

/** Everybody is looked up before anybody is changed. */
async function changeMembers(
  cli: Cli,
  [name = '', ...people]: readonly string[],
  method: 'PUT' | 'DELETE',
  outcome: string,
): Promise<void> {
  const group = await resolveGroup(cli.api, name);
  const users = await Promise.all(people.map((who) => resolveUser(cli.api, who)));
  for (const user of users)
    await cli.api.send(method, `/api/v1/groups/${textAt(group, 'id')}/users/${textAt(user, 'id')}`);
  cli.output.answer(users, () =>
    users.map((user) => `${cli.output.style.green('✓')} ${personName(user)} ${outcome} ${name}`).join('\n'),
  );
}
