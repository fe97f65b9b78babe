import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { resolveApp, resolveUser } from '../resolve.ts';

export function addExplainCommand(program: Command, session: Session): void {
  examples(program.command('explain').description('why a person has an account with these values, or why not'), [
    ['explain ada@acme.example Wiki', 'from the source of each value to the last request'],
  ])
    .argument('<user>', 'id, login or full name')
    .argument('<app>', 'id, label or name')
    .action(
      perform(session, async (cli, [who = '', name = '']) => {
        const [user, app] = [await resolveUser(cli.api, who), await resolveApp(cli.api, name)];
        const path = `/usher/v1/apps/${textAt(app, 'id')}/users/${textAt(user, 'id')}/explanation`;
        const found = await cli.api.get(path);
        cli.output.answer(found, () => describe(cli, isJsonObject(found) ? found : {}));
      }),
    );
}

function describe(cli: Cli, found: JsonObject): string {
  const { style } = cli.output;
  const has = valueAt(found, 'account', 'active') === true;
  const verb = has ? style.green('has an account in') : style.yellow('has no active account in');
  const trouble = textAt(found, 'trouble', 'error');
  const lines = facts(
    [
      ['person', textAt(found, 'person', 'status')],
      ['assigned individually', valueAt(found, 'direct') === true ? 'yes' : 'no'],
      ...objectsAt(found, 'groups').map((group) => [`group ${textAt(group, 'name')}`, membership(group)] as const),
      ['account', textAt(found, 'account', 'externalId')],
      ['now', textAt(found, 'decision', 'sentence')],
      ...(trouble === '' ? [] : [['in the way', style.red(trouble)] as const]),
    ],
    style,
  );
  const title = `${textAt(found, 'person', 'login')} ${verb} ${textAt(found, 'app', 'label')}`;
  return [title, '', lines, '', cli.output.table(valueColumns, objectsAt(found, 'values'))].join('\n');
}

function membership(group: JsonObject): string {
  const state = valueAt(group, 'member') === true ? 'gives the app' : 'would give the app; not a member';
  const own = valueAt(group, 'direct') === true ? ['put in by hand'] : [];
  return [state, ...own, ...objectsAt(group, 'rules').map(ruleLine)].join('; ');
}

function ruleLine(rule: JsonObject): string {
  return `rule "${textAt(rule, 'name')}" ${verdict(rule)}: ${textAt(rule, 'expression')}${reads(rule)}`;
}

function verdict(rule: JsonObject): string {
  if (valueAt(rule, 'excluded') === true) return 'leaves the person out';
  const holds = valueAt(rule, 'holds');
  if (typeof holds !== 'boolean') return `cannot be evaluated: ${textAt(rule, 'error')}`;
  return holds ? 'holds' : 'does not hold';
}

function reads(rule: JsonObject): string {
  const found = valueAt(rule, 'reads');
  const values = isJsonObject(found) ? Object.entries(found) : [];
  if (values.length === 0) return '';
  return ` (${values.map(([name, value]) => `${name} is ${JSON.stringify(value)}`).join(', ')})`;
}

const valueColumns: readonly Column[] = [
  { title: 'attribute', value: (row) => textAt(row, 'attribute') },
  {
    title: 'value',
    value: (row) => textAt(row, 'error') || textAt(row, 'value'),
    colour: (row, style) => (textAt(row, 'error') === '' ? (text) => text : style.red),
  },
  {
    title: 'from',
    value: (row) =>
      `${textAt(row, 'source', 'kind').replaceAll('_', ' ')} ${textAt(row, 'source', 'expression')}`.trim(),
    colour: (_row, style) => style.cyan,
  },
  { title: 'now in the app', value: (row) => textAt(row, 'inApp') },
];
