import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { ApiClient } from '../api-client.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { resolveApp, resolveGroup } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { until } from '../wait.ts';
import { addPushRuleCommands } from './push-rules.ts';

const appName = 'id, label or name';
const groupName = 'id or name of the group here';

/** How far a push is. */
export const pushColumns: readonly Column[] = [
  { title: 'in the app', value: (push) => textAt(push, 'targetName') },
  {
    title: 'status',
    value: (push) => stateOf(push),
    colour: (push, style) =>
      textAt(push, 'status') === 'ERROR' ? style.red : stateOf(push) === 'in sync' ? style.green : style.yellow,
  },
  { title: 'members', value: (push) => membersOf(push), align: 'right' },
  { title: 'last push', value: (push) => textAt(push, 'lastPush').slice(0, 19).replace('T', ' ') },
  { title: 'problem', value: (push) => textAt(push, 'lastError') },
];

const columns: readonly Column[] = [
  { title: 'group', value: (push) => textAt(push, 'sourceName') || `${textAt(push, 'sourceGroupId')} (deleted)` },
  ...pushColumns,
];

export function addPushGroupCommands(apps: Command, session: Session): void {
  const group = examples(apps.command('push-groups').description('groups that an app is given, with their members'), [
    ['apps push-groups add Wiki Engineering', 'the group and its members are in the app from now on'],
    ['apps push-groups list Wiki', 'how far that is, and what stands in the way'],
    ['apps push-groups push Wiki Engineering --watch', 'compare it member by member, now'],
    ['apps push-groups rules add Wiki Teams --name-starts-with team-', 'every group that fits, as groups come'],
  ]);
  addReading(group, session);
  addTargets(group, session);
  addAdding(group, session);
  addPushing(group, session);
  addChanging(group, session);
  addPushRuleCommands(group, session);
}

function addReading(group: Command, session: Session): void {
  examples(group.command('list').description('list the groups an app is given'), [
    ['apps push-groups list Wiki --failed', 'only those with an error'],
  ])
    .argument('<app>', appName)
    .option('--failed', 'only those with an error')
    .action(
      perform<{ failed?: boolean }>(session, async (cli, [name = ''], flags) => {
        const appId = textAt(await resolveApp(cli.api, name), 'id');
        const query = { limit: 1_000, ...(flags.failed === true ? { status: 'ERROR' } : {}) };
        const found = await cli.api.list(`/usher/v1/apps/${appId}/group-push/mappings`, query);
        cli.output.answer(found, () => cli.output.table(columns, found));
      }),
    );
  examples(group.command('show').description('show one of them'), [['apps push-groups show Wiki Engineering', 'all']])
    .argument('<app>', appName)
    .argument('<group>', groupName)
    .action(
      perform(session, async (cli, [name = '', wanted = '']) => {
        const { path } = await findPush(cli.api, name, wanted);
        const push = await cli.api.get(path);
        cli.output.answer(push, () => describe(cli, push));
      }),
    );
}

function addTargets(group: Command, session: Session): void {
  const shown: readonly Column[] = [
    { title: 'group in the app', value: (target) => textAt(target, 'name') },
    { title: 'pushed', value: (target) => (valueAt(target, 'taken') === true ? 'already' : '') },
    { title: 'id there', value: (target) => textAt(target, 'externalId') },
  ];
  examples(group.command('targets').description('ask the app which groups it has, to link them with "add --as"'), [
    ['apps push-groups targets Wiki', 'by name'],
  ])
    .argument('<app>', appName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const appId = textAt(await resolveApp(cli.api, name), 'id');
        const found = await cli.api.get(`/usher/v1/apps/${appId}/group-push/targets`);
        const more = valueAt(found, 'complete') === true ? '' : '\nThe app has more.';
        cli.output.answer(found, () => cli.output.table(shown, objectsAt(found, 'groups')) + more);
      }),
    );
}

function addAdding(group: Command, session: Session): void {
  examples(group.command('add').description('give groups to an app'), [
    ['apps push-groups add Wiki Engineering Sales', 'made there under the same names, or taken over'],
    ['apps push-groups add Wiki Engineering --as engineers', 'under another name'],
  ])
    .argument('<app>', appName)
    .argument('<group...>', groupName)
    .option('--as <name>', 'the name in the app, for one group')
    .option('--paused', 'begin when it is resumed')
    .action(perform(session, addPushes));
}

async function addPushes(
  cli: Cli,
  [name = '', ...groups]: readonly string[],
  flags: { as?: string; paused?: boolean },
): Promise<void> {
  if (flags.as !== undefined && groups.length > 1) {
    throw new CommandError('usage', 'One name cannot stand for several groups. Give --as with one group.');
  }
  const appId = textAt(await resolveApp(cli.api, name), 'id');
  const sources = await Promise.all(groups.map((one) => resolveGroup(cli.api, one)));
  const made: JsonObject[] = [];
  for (const source of sources) {
    const push = await cli.api.send('POST', `/api/v1/apps/${appId}/group-push/mappings`, {
      sourceGroupId: textAt(source, 'id'),
      targetGroupName: flags.as ?? textAt(source, 'profile', 'name'),
      status: flags.paused === true ? 'INACTIVE' : 'ACTIVE',
    });
    made.push({ id: textAt(push, 'id'), name: textAt(source, 'profile', 'name'), status: textAt(push, 'status') });
  }
  const { style } = cli.output;
  cli.output.answer(made, () =>
    made
      .map((push) => `${style.green('✓')} ${textAt(push, 'name')} is pushed to ${name}, ${textAt(push, 'id')}`)
      .join('\n'),
  );
}

function addPushing(group: Command, session: Session): void {
  examples(group.command('push').description('compare a group in the app with what it should be, and put it right'), [
    ['apps push-groups push Wiki Engineering --watch', 'and wait for the end'],
  ])
    .argument('<app>', appName)
    .argument('<group>', groupName)
    .option('--watch', 'wait until nothing is left to do')
    .action(
      perform<{ watch?: boolean }>(session, async (cli, [name = '', wanted = ''], flags): Promise<Exit> => {
        const { path } = await findPush(cli.api, name, wanted);
        const begun = await cli.api.send('POST', `${path}/push`);
        const push = flags.watch === true ? await settled(cli, path) : begun;
        cli.output.answer(push, () => describe(cli, push));
        return textAt(push, 'status') === 'ERROR' ? 'failed' : 'ok';
      }),
    );
  examples(group.command('retry').description('push every group again whose push failed'), [
    ['apps push-groups retry Wiki', 'all that are in error'],
  ])
    .argument('<app>', appName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const appId = textAt(await resolveApp(cli.api, name), 'id');
        const answer = await cli.api.send('POST', `/usher/v1/apps/${appId}/group-push/retry`);
        const retried = numberAt(answer, 'retried');
        cli.output.answer(answer, () => `${counted(retried, 'group')} pushed again`);
      }),
    );
}

/** Milliseconds between two looks at a push. */
const lookEveryMs = 250;

function settled(cli: Cli, path: string): Promise<Json> {
  return until(
    async () => {
      const push = await cli.api.get(path);
      const waits = ['OUT_OF_SYNC', 'SYNCING'].includes(textAt(push, 'syncState'));
      return waits ? undefined : push;
    },
    { clock: cli.clock, signal: cli.signal, everyMs: lookEveryMs, what: 'the push' },
  );
}

const verbs = {
  pause: { status: 'INACTIVE', meaning: 'leave the group in the app as it is, from here on' },
  resume: { status: 'ACTIVE', meaning: 'go on, with everybody who came and went meanwhile' },
} as const;

function addChanging(group: Command, session: Session): void {
  for (const verb of ['pause', 'resume'] as const) {
    const { status, meaning } = verbs[verb];
    examples(group.command(verb).description(meaning), [[`apps push-groups ${verb} Wiki Engineering`, meaning]])
      .argument('<app>', appName)
      .argument('<group>', groupName)
      .action(
        perform(session, async (cli, [name = '', wanted = '']) => {
          const { appId, id } = await findPush(cli.api, name, wanted);
          const push = await cli.api.send('PATCH', `/api/v1/apps/${appId}/group-push/mappings/${id}`, { status });
          cli.output.answer(push, () => `${cli.output.style.green('✓')} ${wanted}: ${meaning}`);
        }),
      );
  }
  examples(group.command('rename').description('say whether the name in the app follows the name here'), [
    ['apps push-groups rename Wiki Engineering --follow', 'it follows'],
    ['apps push-groups rename Wiki Engineering --keep', 'it stays as it is'],
  ])
    .argument('<app>', appName)
    .argument('<group>', groupName)
    .option('--follow', 'it is renamed when the group here is')
    .option('--keep', 'it keeps the name it has')
    .action(
      perform<{ follow?: boolean; keep?: boolean }>(session, async (cli, [name = '', wanted = ''], flags) => {
        if ((flags.follow === true) === (flags.keep === true)) {
          throw new CommandError('usage', 'Give --follow or --keep, and not both.');
        }
        const { path } = await findPush(cli.api, name, wanted);
        const push = await cli.api.send('PATCH', path, { namePolicy: flags.follow === true ? 'SOURCE' : 'TARGET' });
        cli.output.answer(push, () => describe(cli, push));
      }),
    );
  examples(group.command('remove').description('untie a group from the one in the app'), [
    ['apps push-groups remove Wiki Engineering', 'the one in the app stays, with its members'],
    ['apps push-groups remove Wiki Engineering --delete-in-app', 'and is deleted there'],
  ])
    .argument('<app>', appName)
    .argument('<group>', groupName)
    .option('--delete-in-app', 'delete the group in the app, too')
    .action(
      perform<{ deleteInApp?: boolean }>(session, async (cli, [name = '', wanted = ''], flags) => {
        const { appId, id, push } = await findPush(cli.api, name, wanted);
        const path = `/api/v1/apps/${appId}/group-push/mappings/${id}`;
        if (textAt(push, 'status') === 'ACTIVE') await cli.api.send('PATCH', path, { status: 'INACTIVE' });
        await cli.api.send('DELETE', path, undefined, { deleteTargetGroup: flags.deleteInApp === true });
        const done = flags.deleteInApp === true ? 'untied, and deleted in the app' : 'untied';
        cli.output.answer({ id, done: 'removed' }, () => `${cli.output.style.green('✓')} ${wanted} ${done}`);
      }),
    );
}

interface FoundPush {
  readonly appId: string;
  readonly id: string;
  readonly path: string;
  readonly push: JsonObject;
}

/** A mapping by its own id, or by the id or name of its group here, in any letter case. */
async function findPush(api: ApiClient, app: string, wanted: string): Promise<FoundPush> {
  const appId = textAt(await resolveApp(api, app), 'id');
  const mappings = `/usher/v1/apps/${appId}/group-push/mappings`;
  const found = await api.list(mappings, { limit: 1_000 });
  const same = (text: string) => text.localeCompare(wanted, undefined, { sensitivity: 'accent' }) === 0;
  const fitting = found.filter(
    (push) => [textAt(push, 'id'), textAt(push, 'sourceGroupId')].includes(wanted) || same(textAt(push, 'sourceName')),
  );
  const [push, another] = fitting;
  if (push === undefined) {
    throw new CommandError('notFound', `"${wanted}" is not pushed to ${app}. See "usher apps push-groups list".`);
  }
  if (another !== undefined) {
    throw new CommandError('conflict', `Several groups named "${wanted}" are pushed to ${app}. Name one by its id:`, {
      details: fitting.map((one) => `${textAt(one, 'sourceGroupId')}  ${textAt(one, 'sourceName')}`),
    });
  }
  const id = textAt(push, 'id');
  return { appId, id, path: `${mappings}/${id}`, push };
}

function describe(cli: Cli, push: Parameters<typeof textAt>[0]): string {
  const without = numberAt(push, 'withoutAccount');
  return facts(
    [
      ['id', textAt(push, 'id')],
      ['group', textAt(push, 'sourceName') || `${textAt(push, 'sourceGroupId')} (deleted)`],
      ['in the app', textAt(push, 'targetName')],
      ['name', textAt(push, 'namePolicy') === 'SOURCE' ? 'follows the group here' : 'stays as it is'],
      ['status', stateOf(push)],
      ['members', `${membersOf(push)}${without > 0 ? `, and ${without} without an active account there` : ''}`],
      ['last push', textAt(push, 'lastPush')],
      ['problem', textAt(push, 'lastError')],
      ['next look', textAt(push, 'nextLook')],
      ['rule', textAt(push, 'ruleId')],
    ],
    cli.output.style,
  );
}

function stateOf(push: Parameters<typeof textAt>[0]): string {
  const status = textAt(push, 'status');
  if (status === 'INACTIVE') return valueAt(push, 'pausedByRule') === true ? 'paused by its rule' : 'paused';
  if (status === 'ERROR') return 'error';
  return textAt(push, 'syncState') === 'SYNCHRONIZED' ? 'in sync' : 'waiting';
}

function membersOf(push: Parameters<typeof textAt>[0]): string {
  return `${numberAt(push, 'membersInApp')} of ${numberAt(push, 'membersWanted')}`;
}
