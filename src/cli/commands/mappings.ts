import type { Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import type { Exit } from '../exit-codes.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp, resolveUser } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { addMappingChanges } from './mapping-changes.ts';
import {
  apiDirection,
  directionOption,
  directions,
  fromFlags,
  mappingOf,
  withMappingFlags,
  type Direction,
  type MappingFlags,
} from './mapping-flags.ts';

export function addMappingCommands(program: Command, session: Session): void {
  const mappings = examples(
    program.command('mappings').description('how attributes of people become attributes of accounts, and back'),
    [
      ['mappings show Wiki', 'the expressions, both ways'],
      [
        'mappings set Wiki --to title --expression \'user.title ?: "Agent"\' --plan',
        'how many accounts it would change',
      ],
      ['mappings set Wiki --to title --from title', 'the attribute of the same person'],
      ['mappings preview Wiki --user ada@acme.example', 'what they give for one person'],
    ],
  );
  addReading(mappings, session);
  addMappingChanges(mappings, session);
  addTrying(mappings, session);
}

const listColumns: readonly Column[] = [
  { title: 'id', value: (mapping) => textAt(mapping, 'id') },
  { title: 'from', value: (mapping) => textAt(mapping, 'source', 'name') },
  { title: 'to', value: (mapping) => textAt(mapping, 'target', 'name') },
];

function addReading(mappings: Command, session: Session): void {
  examples(mappings.command('list').description('list mappings of all apps, or of one'), [
    ['mappings list', 'all'],
    ['mappings list --app Wiki', 'both directions of one app'],
  ])
    .option('--app <app>', 'id, label or name')
    .action(
      perform<{ app?: string }>(session, async (cli, _args, { app }) => {
        const appId = app === undefined ? undefined : textAt(await resolveApp(cli.api, app), 'id');
        const found =
          appId === undefined
            ? await cli.api.list('/api/v1/mappings', { limit: 200 })
            : await Promise.all(directions.map((direction) => mappingOf(cli, appId, direction)));
        cli.output.answer(found, () => cli.output.table(listColumns, found));
      }),
    );
  examples(mappings.command('show').description('show the expressions of an app'), [
    ['mappings show Wiki', 'both ways'],
    ['mappings show Wiki --direction to-app', 'one of them'],
  ])
    .argument('<app>', 'id, label or name')
    .addOption(directionOption())
    .action(
      perform<{ direction?: Direction }>(session, async (cli, [name = ''], { direction }) => {
        const appId = textAt(await resolveApp(cli.api, name), 'id');
        const wanted = direction === undefined ? directions : [direction];
        const found = await Promise.all(wanted.map((way) => mappingOf(cli, appId, way)));
        const [only = {}] = found;
        cli.output.answer(direction === undefined ? found : only, () =>
          found
            .map((mapping) => {
              const title = `${textAt(mapping, 'source', 'name')} → ${textAt(mapping, 'target', 'name')}`;
              return `${cli.output.style.bold(title)}\n${cli.output.table(mappingColumns, mappingRows(mapping))}`;
            })
            .join('\n\n'),
        );
      }),
    );
}

const mappingColumns: readonly Column[] = [
  { title: 'attribute', value: (row) => textAt(row, 'attribute') },
  { title: 'expression', value: (row) => textAt(row, 'expression'), colour: (_row, style) => style.cyan },
  { title: 'sent', value: (row) => (textAt(row, 'pushStatus') === 'PUSH' ? 'always' : 'on create') },
  { title: 'when empty', value: whenEmpty },
];

function whenEmpty(row: JsonObject): string {
  const policy = textAt(row, 'whenEmpty');
  return policy === 'DEFAULT' ? `becomes ${shown(row['defaultValue'])}` : policy.toLowerCase();
}

function mappingRows(mapping: JsonObject): JsonObject[] {
  const properties = valueAt(mapping, 'properties');
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([attribute, each]) => ({
    attribute,
    ...(isJsonObject(each) ? each : {}),
  }));
}

function addTrying(mappings: Command, session: Session): void {
  const preview = examples(mappings.command('preview').description('see what the mappings give for one person'), [
    ['mappings preview Wiki --user ada@acme.example', 'as they are saved'],
    ['mappings preview Wiki', 'for somebody who has the app'],
    ["mappings preview Wiki --to title --expression 'String.toUpperCase(user.title)'", 'one that is not saved'],
    ['mappings preview Wiki --direction to-directory', 'what an import of their account would give'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--user <user>', 'id, login or full name')
    .addOption(directionOption());
  withMappingFlags(preview).action(perform<PreviewFlags>(session, previewMappings));
  examples(mappings.command('check').description('hold the mappings of an app against both schemas'), [
    ['mappings check Wiki', 'both ways; exit code 1 where something is wrong'],
  ])
    .argument('<app>', 'id, label or name')
    .addOption(directionOption())
    .action(perform<{ direction?: Direction }>(session, checkMappings));
}

interface PreviewFlags extends MappingFlags {
  readonly user?: string;
}

async function previewMappings(cli: Cli, [name = '']: readonly string[], flags: PreviewFlags): Promise<void> {
  const appId = textAt(await resolveApp(cli.api, name), 'id');
  const { direction = 'to-app' } = flags;
  const preview = await cli.api.send('POST', `/usher/v1/apps/${appId}/mappings/preview`, {
    direction: apiDirection(direction),
    ...(flags.user === undefined ? {} : { userId: textAt(await resolveUser(cli.api, flags.user), 'id') }),
    ...(flags.to === undefined ? {} : { properties: { [flags.to]: fromFlags(flags) } }),
  });
  const columns = [...mappingColumns.slice(0, -1), ...previewColumns];
  cli.output.answer(preview, () => cli.output.table(columns, previewRows(preview)));
}

const previewColumns: readonly Column[] = [
  {
    title: 'value',
    value: (row) => textAt(row, 'error') || shown(row['value']),
    colour: (row, style) => (textAt(row, 'error') === '' ? (text: string) => text : style.red),
  },
];

/** The rows of a preview, the account's name first. */
export function previewRows(preview: Json): JsonObject[] {
  const userName = valueAt(preview, 'userName');
  const named = isJsonObject(userName) && userName['left'] !== true;
  return [
    ...(named ? [{ attribute: 'userName', expression: '(user name)', pushStatus: 'PUSH', ...userName }] : []),
    ...objectsAt(preview, 'attributes'),
  ];
}

function shown(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const findingColumns: readonly Column[] = [
  { title: 'direction', value: (finding) => textAt(finding, 'direction') },
  { title: 'attribute', value: (finding) => textAt(finding, 'attribute') },
  {
    title: 'what',
    value: (finding) => textAt(finding, 'severity'),
    colour: (finding, style) => (textAt(finding, 'severity') === 'error' ? style.red : style.yellow),
  },
  { title: 'reason', value: (finding) => textAt(finding, 'reason') },
];

async function checkMappings(
  cli: Cli,
  [name = '']: readonly string[],
  { direction }: { readonly direction?: Direction },
): Promise<Exit> {
  const appId = textAt(await resolveApp(cli.api, name), 'id');
  const found = await Promise.all(
    (direction === undefined ? directions : [direction]).map(async (way) => {
      const mapping = await mappingOf(cli, appId, way);
      const answer = await cli.api.send('POST', `/usher/v1/mappings/${textAt(mapping, 'id')}/check`);
      return objectsAt(answer, 'findings').map((finding): JsonObject => ({ direction: way, ...finding }));
    }),
  );
  const findings = found.flat();
  const errors = findings.filter((finding) => finding['severity'] === 'error').length;
  if (errors > 0) cli.output.note(`! ${counted(errors, 'mapping')} cannot be used as it is.`);
  cli.output.answer(findings, () => cli.output.table(findingColumns, findings));
  return errors > 0 ? 'failed' : 'ok';
}
