import type { Command } from 'commander';
import type { Json } from '../../lib/json.ts';
import { isJsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';

const entryColumns: readonly Column[] = [
  { title: 'key', value: (entry) => textAt(entry, 'key'), colour: (_entry, style) => style.cyan },
  { title: 'name', value: (entry) => textAt(entry, 'name') },
  { title: 'protocol', value: (entry) => textAt(entry, 'protocol') },
  { title: 'can', value: (entry) => capabilities(entry, 'users').join(' ') },
];

export function addCatalogCommands(program: Command, session: Session): void {
  const catalog = examples(program.command('catalog').description('app integrations to choose from'), [
    ['catalog search slack', 'typing errors are forgiven'],
    ['catalog show slack --guide', 'what it can do and how to set it up'],
    ['apps add slack', 'make an app of it'],
  ]);
  examples(catalog.command('search').description('find an integration'), [
    ['catalog search "pager duty"', 'by name'],
    ['catalog search --capability groups.create', 'all that take groups'],
  ])
    .argument('[text]', 'words of the name or description; nothing lists everything')
    .option('--capability <name...>', 'only those that can: users.create, users.deactivate, groups.create, …')
    .option('--limit <count>', 'at most so many', '20')
    .action(
      perform<{ capability?: readonly string[]; limit: string }>(session, async (cli, [text], flags) => {
        const query = { q: text, capability: flags.capability, limit: flags.limit };
        const found = await cli.api.get('/usher/v1/catalog/apps', query);
        const entries = objectsAt(found, 'apps');
        cli.output.answer(found, () =>
          entries.length === 0 ? 'Nothing in the catalog is called so.' : cli.output.table(entryColumns, entries),
        );
      }),
    );
  examples(catalog.command('show').description('show an integration'), [['catalog show slack', 'by its key']])
    .argument('<key>')
    .option('--guide', 'and how to set it up')
    .action(
      perform<{ guide?: boolean }>(session, async (cli, [key = ''], flags) => {
        const path = `/usher/v1/catalog/apps/${encodeURIComponent(key)}`;
        const entry = await cli.api.get(path);
        const guide = flags.guide === true ? await cli.api.getText(`${path}/guide`) : '';
        const document = isJsonObject(entry) && flags.guide === true ? { ...entry, guide } : entry;
        cli.output.answer(document, () => `${describeEntry(cli, entry)}${guide === '' ? '' : `\n\n${guide.trim()}`}`);
      }),
    );
}

function describeEntry(cli: Cli, entry: Json): string {
  const settings = objectsAt(entry, 'connection', 'variables');
  return facts(
    [
      ['key', textAt(entry, 'key')],
      ['name', textAt(entry, 'name')],
      ['description', textAt(entry, 'description')],
      ['website', textAt(entry, 'website')],
      ['protocol', textAt(entry, 'protocol')],
      ['users', capabilities(entry, 'users').join(', ')],
      ['groups', capabilities(entry, 'groups').join(', ')],
      ['signs in by', listOf(valueAt(entry, 'authModes'))],
      ['not checked', listOf(valueAt(entry, 'unverified'), ' ')],
      ...settings.map((each) => ['setting', `${textAt(each, 'name')}: ${textAt(each, 'description')}`] as const),
    ],
    cli.output.style,
  );
}

function capabilities(entry: Json, kind: 'users' | 'groups'): string[] {
  const flags = valueAt(entry, 'capabilities', kind);
  return isJsonObject(flags) ? Object.keys(flags).filter((name) => flags[name] === true) : [];
}

function listOf(value: Json | undefined, separator = ', '): string {
  return Array.isArray(value) ? value.join(separator) : '';
}
