import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp, resolveGroup, resolveUser } from '../resolve.ts';

const adminColumns: readonly Column[] = [
  { title: 'id', value: (role) => textAt(role, 'id') },
  { title: 'role', value: (role) => textAt(role, 'type') },
  { title: 'held by', value: holderOf },
  { title: 'for', value: targetsOf },
];

const roleHelp =
  'SUPER_ADMIN, ORG_ADMIN, APP_ADMIN, USER_ADMIN (groups), HELP_DESK_ADMIN, REPORT_ADMIN or READ_ONLY_ADMIN';

export function addAdminCommands(program: Command, session: Session): void {
  const admins = examples(program.command('admins').description('who administers Usher, and what they are for'), [
    ['admins grant ada@acme.example HELP_DESK_ADMIN --for-group Engineering', 'for the people in one group'],
    ['admins grant ada@acme.example APP_ADMIN --for-app Slack', 'for one app'],
    ['admins revoke ada@acme.example APP_ADMIN', 'from the next request on'],
  ]);
  examples(admins.command('list').description('list all roles that anybody holds'), [
    ['admins list', 'people and groups'],
  ]).action(
    perform(session, async (cli) => {
      const found = await cli.api.list('/usher/v1/admins', { limit: 1_000 });
      cli.output.answer(found, () => cli.output.table(adminColumns, found));
    }),
  );
  addGrant(admins, session);
  addRevoke(admins, session);
}

function addGrant(admins: Command, session: Session): void {
  examples(admins.command('grant').description('give a role to a person, or to a group for its members'), [
    ['admins grant ada@acme.example READ_ONLY_ADMIN', 'sees everything, changes nothing'],
    ['admins grant ada@acme.example APP_ADMIN --for-integration slack', 'all apps of an integration'],
    ['admins grant "Service desk" HELP_DESK_ADMIN --group', 'whoever is in the group'],
  ])
    .argument('<who>', 'id, login or full name of a person; with --group id or name of a group')
    .argument('<role>', roleHelp)
    .option('--group', 'it is a group: its members have the role while they are in it')
    .option('--for-app <app...>', 'limit APP_ADMIN to apps, by id, label or name')
    .option('--for-integration <key...>', 'limit APP_ADMIN to all apps of an integration of the catalog')
    .option('--for-group <group...>', 'limit USER_ADMIN or HELP_DESK_ADMIN to the people in groups')
    .action(perform(session, grant));
}

interface GrantFlags {
  readonly group?: boolean;
  readonly forApp?: readonly string[];
  readonly forIntegration?: readonly string[];
  readonly forGroup?: readonly string[];
}

async function grant(cli: Cli, args: readonly string[], flags: GrantFlags): Promise<void> {
  const { holder, role } = await holderAndRole(cli, args, flags.group);
  const apps = [...(await idsOf(cli, flags.forApp ?? [], resolveApp)), ...(flags.forIntegration ?? [])];
  const groups = await idsOf(cli, flags.forGroup ?? [], resolveGroup);
  const made = await cli.api.send('POST', '/usher/v1/admins', {
    ...holder,
    type: role,
    ...(apps.length === 0 ? {} : { apps }),
    ...(groups.length === 0 ? {} : { groups }),
  });
  cli.output.answer(made, () => {
    const { green } = cli.output.style;
    return `${green('✓')} ${textAt(made, 'holder', 'name')} is ${textAt(made, 'label')} for ${targetsOf(made)}`;
  });
}

function addRevoke(admins: Command, session: Session): void {
  examples(admins.command('revoke').description('take a role away'), [
    ['admins revoke ada@acme.example APP_ADMIN', 'one they hold themselves'],
    ['admins revoke "Service desk" HELP_DESK_ADMIN --group', 'from all its members'],
  ])
    .argument('<who>', 'id, login or full name of a person; with --group id or name of a group')
    .argument('<role>', roleHelp)
    .option('--group', 'it is a group')
    .action(perform(session, revoke));
}

async function revoke(cli: Cli, args: readonly string[], { group }: { readonly group?: boolean }): Promise<void> {
  const { holder, role, who } = await holderAndRole(cli, args, group);
  const path = 'userId' in holder ? `/api/v1/users/${holder.userId}/roles` : `/api/v1/groups/${holder.groupId}/roles`;
  const roles = await cli.api.list(path);
  const own = roles.filter((each) => 'userId' in holder === (textAt(each, 'assignmentType') === 'USER'));
  const id = textAt(
    own.find((each) => textAt(each, 'type') === role),
    'id',
  );
  if (id === '') throw new CommandError('notFound', `${who} does not hold the role ${role}. See "usher admins list".`);
  await cli.api.send('DELETE', `${path}/${id}`);
  cli.output.answer({ id, done: 'revoked' }, () => `${cli.output.style.green('✓')} ${who} is no longer ${role}`);
}

interface HolderAndRole {
  readonly holder: { readonly userId: string } | { readonly groupId: string };
  readonly who: string;
  readonly role: string;
}

async function holderAndRole(
  { api }: Cli,
  [who = '', role = '']: readonly string[],
  isGroup: boolean | undefined,
): Promise<HolderAndRole> {
  const holder =
    isGroup === true
      ? { groupId: textAt(await resolveGroup(api, who), 'id') }
      : { userId: textAt(await resolveUser(api, who), 'id') };
  return { holder, who, role: role.toUpperCase() };
}

function idsOf(
  cli: Cli,
  names: readonly string[],
  resolve: (api: Cli['api'], name: string) => Promise<JsonObject>,
): Promise<string[]> {
  return Promise.all(names.map(async (name) => textAt(await resolve(cli.api, name), 'id')));
}

function holderOf(role: JsonObject): string {
  return `${textAt(role, 'holder', 'type') === 'GROUP' ? 'group ' : ''}${textAt(role, 'holder', 'name')}`;
}

function targetsOf(role: Parameters<typeof valueAt>[0]): string {
  const limited = ['apps', 'groups'].find((kind) => valueAt(role, kind) !== null);
  if (limited === undefined) return 'everything';
  return (
    objectsAt(role, limited)
      .map((target) => textAt(target, 'name'))
      .join(', ') || 'nothing any more'
  );
}
