import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { ApiClient } from '../api-client.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp } from '../resolve.ts';
import { counted } from '../terminal-text.ts';

const appName = 'id, label or name';

const columns: readonly Column[] = [
  { title: 'id', value: (rule) => textAt(rule, 'id') },
  {
    title: 'status',
    value: (rule) => textAt(rule, 'status'),
    colour: (rule, style) => (textAt(rule, 'status') === 'ACTIVE' ? style.green : style.yellow),
  },
  { title: 'name', value: (rule) => textAt(rule, 'name') },
  { title: 'groups', value: (rule) => conditionsOf(rule) },
  { title: 'mappings', value: (rule) => String(numberAt(rule, 'mappings')), align: 'right' },
];

export function addPushRuleCommands(group: Command, session: Session): void {
  const rules = examples(group.command('rules').description('rules that give an app every group that fits'), [
    ['apps push-groups rules add Wiki Teams --name-starts-with team-', 'groups there are, and groups that come'],
    ['apps push-groups rules list Wiki', 'all of an app'],
  ]);
  examples(rules.command('list').description('list the push rules of an app'), [
    ['apps push-groups rules list Wiki', 'all'],
  ])
    .argument('<app>', appName)
    .action(
      perform(session, async (cli, [name = '']) => {
        const found = await cli.api.list(await pathOf(cli.api, name));
        cli.output.answer(found, () => cli.output.table(columns, found));
      }),
    );
  addAdding(rules, session);
  addSwitching(rules, session);
  addRemoving(rules, session);
}

interface ConditionFlags {
  readonly nameStartsWith?: string;
  readonly nameEndsWith?: string;
  readonly nameContains?: string;
  readonly nameEquals?: string;
  readonly descriptionContains?: string;
  readonly preview?: boolean;
}

function addAdding(rules: Command, session: Session): void {
  examples(rules.command('add').description('push every group that fits, in any letter case'), [
    ['apps push-groups rules add Wiki Teams --name-starts-with team- --preview', 'see which, and make nothing'],
    ['apps push-groups rules add Wiki Teams --name-starts-with team-', 'begin'],
  ])
    .argument('<app>', appName)
    .argument('<name>', 'name of the rule')
    .option('--name-starts-with <text>', 'groups whose name begins so')
    .option('--name-ends-with <text>', 'groups whose name ends so')
    .option('--name-contains <text>', 'groups with this in their name')
    .option('--name-equals <text>', 'the group of this name')
    .option('--description-contains <text>', 'groups with this in their description')
    .option('--preview', 'only say which groups fit')
    .action(
      perform<ConditionFlags>(session, async (cli, [app = '', name = ''], flags) => {
        const path = await pathOf(cli.api, app);
        const conditions = conditionsFrom(flags);
        if (flags.preview === true) return preview(cli, path, conditions);
        const rule = await cli.api.send('POST', path, { name, conditions });
        const mappings = counted(numberAt(rule, 'mappings'), 'group');
        cli.output.answer(rule, () => `${cli.output.style.green('✓')} ${name} made; ${mappings} pushed by it`);
      }),
    );
}

async function preview(cli: Cli, path: string, conditions: JsonObject): Promise<void> {
  const found = await cli.api.send('POST', `${path}/preview`, { conditions });
  const rows = objectsAt(found, 'groups');
  const shown: readonly Column[] = [
    { title: 'group', value: (row) => textAt(row, 'name') },
    { title: 'pushed', value: (row) => (row['pushed'] === true ? 'already' : 'would be') },
  ];
  cli.output.answer(found, () => `${cli.output.table(shown, rows)}\n${counted(numberAt(found, 'total'), 'group')}`);
}

function conditionsFrom(flags: ConditionFlags): JsonObject {
  const names = Object.entries({
    STARTS_WITH: flags.nameStartsWith,
    ENDS_WITH: flags.nameEndsWith,
    CONTAINS: flags.nameContains,
    EQUALS: flags.nameEquals,
  }).flatMap(([operator, value]) => (value === undefined ? [] : [{ operator, value }]));
  const [name, another] = names;
  if (another !== undefined) throw new CommandError('usage', 'A rule asks one thing of the name. Make a second rule.');
  const description = flags.descriptionContains;
  if (name === undefined && description === undefined) {
    throw new CommandError('usage', 'Say which groups: give --name-starts-with, or another condition.');
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description: { operator: 'CONTAINS', value: description } }),
  };
}

function addSwitching(rules: Command, session: Session): void {
  for (const verb of ['activate', 'deactivate'] as const) {
    const meaning =
      verb === 'activate' ? 'push what fits, now and as groups come' : 'push no more; what is pushed goes on';
    examples(rules.command(verb).description(meaning), [[`apps push-groups rules ${verb} Wiki Teams`, meaning]])
      .argument('<app>', appName)
      .argument('<rule>', 'id or name of the rule')
      .action(
        perform(session, async (cli, [app = '', wanted = '']) => {
          const path = await pathOf(cli.api, app);
          const id = await findRule(cli.api, path, wanted);
          const rule = await cli.api.send('PATCH', `${path}/${id}`, {
            status: verb === 'activate' ? 'ACTIVE' : 'INACTIVE',
          });
          cli.output.answer(rule, () => `${cli.output.style.green('✓')} ${wanted}: ${meaning}`);
        }),
      );
  }
}

function addRemoving(rules: Command, session: Session): void {
  examples(rules.command('delete').description('delete a push rule'), [
    ['apps push-groups rules delete Wiki Teams', 'its groups are pushed as if added by hand'],
    ['apps push-groups rules delete Wiki Teams --mappings unlink', 'and are untied; those in the app stay'],
    ['apps push-groups rules delete Wiki Teams --mappings delete', 'and are deleted in the app'],
  ])
    .argument('<app>', appName)
    .argument('<rule>', 'id or name of the rule')
    .option(
      '--mappings <keep|unlink|delete>',
      'what becomes of the groups it pushed',
      oneOf('keep', 'unlink', 'delete'),
    )
    .action(
      perform<{ mappings?: string }>(session, async (cli, [app = '', wanted = ''], flags) => {
        const path = await pathOf(cli.api, app);
        const id = await findRule(cli.api, path, wanted);
        const mappings = (flags.mappings ?? 'keep').toUpperCase();
        await cli.api.send('DELETE', `${path}/${id}`, undefined, { mappings });
        cli.output.answer({ id, done: 'deleted' }, () => `${cli.output.style.green('✓')} ${wanted} deleted`);
      }),
    );
}

async function pathOf(api: ApiClient, app: string): Promise<string> {
  return `/usher/v1/apps/${textAt(await resolveApp(api, app), 'id')}/group-push/rules`;
}

async function findRule(api: ApiClient, path: string, wanted: string): Promise<string> {
  const found = await api.list(path, { limit: 200 });
  const same = (text: string) => text.localeCompare(wanted, undefined, { sensitivity: 'accent' }) === 0;
  const rule = found.find((one) => textAt(one, 'id') === wanted || same(textAt(one, 'name')));
  if (rule !== undefined) return textAt(rule, 'id');
  throw new CommandError('notFound', `There is no push rule "${wanted}". See "usher apps push-groups rules list".`);
}

function conditionsOf(rule: Json): string {
  return (['name', 'description'] as const)
    .flatMap((field) => {
      const operator = textAt(rule, 'conditions', field, 'operator').toLowerCase().replace('_', ' ');
      return operator === '' ? [] : [`${field} ${operator} "${textAt(rule, 'conditions', field, 'value')}"`];
    })
    .join(' and ');
}

function oneOf(...words: readonly string[]): (text: string) => string {
  return (text) => {
    if (words.includes(text)) return text;
    throw new InvalidArgumentError(`It must be ${words.join(' or ')}.`);
  };
}
