import { InvalidArgumentError, Option, type Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { resolveApp } from '../resolve.ts';
import { counted } from '../terminal-text.ts';
import { makePlan } from './plans.ts';

const ofWhat = 'user, group, or an app by id, label or name';

export function addSchemaCommands(program: Command, session: Session): void {
  const schema = examples(program.command('schema').description('which attributes people, groups and accounts have'), [
    ['schema show user', 'the attributes of people'],
    ['schema add user badge --title Badge --max-length 20 --unique', 'one more'],
    ['schema discover Wiki --all', 'what the app has and nobody knew of'],
  ]);
  examples(schema.command('show').description('list attributes'), [
    ['schema show user', 'of people'],
    ['schema show Wiki', 'of accounts in an app'],
  ])
    .argument('<of>', ofWhat)
    .action(perform(session, showSchema));
  addChange(schema, session, 'add');
  addChange(schema, session, 'change');
  examples(schema.command('remove').description('remove attributes, with all their values'), [
    ['schema remove user badge', 'refused, naming them, where expressions use it'],
    ['schema remove Wiki badge --force', 'takes the mappings that use it away as well'],
  ])
    .argument('<of>', ofWhat)
    .argument('<attribute...>')
    .option('--force', 'take the mappings that use them away too')
    .option('--plan', 'of an app: show what it would do to whom, change nothing')
    .action(
      perform<{ force?: boolean; plan?: boolean }>(session, async (cli, [of = '', ...attributes], { force, plan }) => {
        const removed = Object.fromEntries(attributes.map((attribute) => [attribute, null]));
        if (plan === true) return planChange(cli, of, removed, force);
        const path = `${await pathOf(cli, of)}${force === true ? '?force=true' : ''}`;
        const saved = await cli.api.send('POST', path, { definitions: { custom: { properties: removed } } });
        cli.output.answer(saved, () => said(cli, attributes.length, 'removed'));
        return 'ok' as const;
      }),
    );
  examples(schema.command('discover').description('ask an app which attributes it has besides those known'), [
    ['schema discover Wiki', 'list them'],
    ['schema discover Wiki --add costCode', 'add one'],
    ['schema discover Wiki --all', 'add all of them'],
  ])
    .argument('<app>', 'id, label or name')
    .option('--add <attribute...>', 'add these to the schema of the app')
    .option('--all', 'add all of them')
    .action(perform<{ add?: readonly string[]; all?: boolean }>(session, discover));
}

/** Flags of one attribute, by the keyword of the schema each sets. */
function withDefinition(command: Command): Command {
  return command
    .addOption(new Option('--type <type>').choices(['string', 'number', 'integer', 'boolean', 'array', 'object']))
    .addOption(new Option('--items <type>', 'of an array').choices(['string', 'number', 'integer']))
    .option('--title <text>', 'what people see')
    .option('--description <text>')
    .option('--enum <values>', 'the values it is limited to, with commas')
    .option('--min-length <number>', 'of a text', wholeNumber)
    .option('--max-length <number>', 'of a text', wholeNumber)
    .addOption(new Option('--required <yes|no>').choices(['yes', 'no']))
    .option('--unique', 'no two people have the same')
    .addOption(new Option('--scope <scope>', 'self: not to be given by a group').choices(['none', 'self']))
    .addOption(
      new Option('--combine <yes|no>', 'of a list: the values of all groups together, not of the first alone').choices([
        'yes',
        'no',
      ]),
    )
    .option('--external-name <path>', "where the app keeps it, such as name.givenName or emails.^[type=='work'].value")
    .option('--external-namespace <urn>', 'the SCIM schema that is of')
    .option('--plan', 'of an app: show what it would do to whom, change nothing');
}

interface DefinitionFlags {
  readonly type?: string;
  readonly items?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly required?: string;
  readonly unique?: boolean;
  readonly scope?: string;
  readonly combine?: string;
  readonly externalName?: string;
  readonly externalNamespace?: string;
  readonly plan?: boolean;
}

function addChange(schema: Command, session: Session, verb: 'add' | 'change'): void {
  const command =
    verb === 'add'
      ? examples(schema.command('add').description('add an attribute'), [
          ['schema add user badge --title Badge', 'a text; --type says otherwise'],
          ['schema add user size --enum S,M,L --required yes', 'one of a few'],
          [
            'schema add Wiki team --external-name team --external-namespace urn:acme:2.0:User',
            'of an app, with its place there',
          ],
        ])
      : examples(schema.command('change').description('change an attribute; what is left out stays'), [
          ['schema change user badge --title "Badge number" --max-length 12', 'what everybody has stays as it is'],
          ['schema change user size --enum S,M,L,XL', 'another value'],
        ]);
  withDefinition(command.argument('<of>', ofWhat).argument('<attribute>')).action(
    perform<DefinitionFlags>(session, async (cli, [of = '', name = ''], flags) => {
      const path = await pathOf(cli, of);
      const { part, definition } = attributeOf(await cli.api.get(path), name);
      if (verb === 'add' && part !== undefined)
        throw new CommandError('conflict', `${of} has the attribute ${name} already. Change it: usher schema change`);
      if (verb === 'change' && part === undefined)
        throw new CommandError('notFound', `${of} has no attribute ${name}. See "usher schema show ${of}".`);
      const given = definitionOf(flags);
      // Of a base attribute only what is changed is sent: the rest is not to be changed at all.
      const after = part === 'base' ? given : { title: name, type: 'string', ...definition, ...given };
      if (flags.plan === true) {
        if (part === 'base') throw new CommandError('usage', 'Only changes of custom attributes can be planned.');
        return planChange(cli, of, { [name]: after });
      }
      const saved = await cli.api.send('POST', path, {
        definitions: { [part ?? 'custom']: { properties: { [name]: after } } },
      });
      cli.output.answer(saved, () => said(cli, 1, verb === 'add' ? 'added' : 'changed'));
      return 'ok' as const;
    }),
  );
}

function definitionOf(flags: DefinitionFlags): JsonObject {
  const { type, title, description, minLength, maxLength, externalName, externalNamespace } = flags;
  const same = { type, title, description, minLength, maxLength, externalName, externalNamespace };
  const numeric = [flags.items ?? type ?? ''].some((each) => each === 'number' || each === 'integer');
  const values = flags.enum?.split(',').map((value) => (numeric ? Number(value) : value.trim()));
  return Object.fromEntries(
    Object.entries<Json | undefined>({
      ...same,
      items:
        flags.items === undefined
          ? undefined
          : { type: flags.items, ...(values === undefined ? {} : { enum: values }) },
      enum: flags.items === undefined ? values : undefined,
      required: flags.required === undefined ? undefined : flags.required === 'yes',
      unique: flags.unique === true ? 'UNIQUE_VALIDATED' : undefined,
      scope: flags.scope?.toUpperCase(),
      union: flags.combine === undefined ? undefined : flags.combine === 'yes' ? 'ENABLE' : 'DISABLE',
    }).flatMap(([keyword, value]) => (value === undefined ? [] : [[keyword, value] as const])),
  );
}

async function pathOf(cli: Cli, of: string): Promise<string> {
  if (of === 'user') return '/api/v1/meta/schemas/user/default';
  if (of === 'group') return '/api/v1/meta/schemas/group/default';
  return `/api/v1/meta/schemas/apps/${textAt(await resolveApp(cli.api, of), 'id')}/default`;
}

function attributeOf(schema: Json, name: string) {
  for (const part of ['base', 'custom'] as const) {
    const properties = valueAt(schema, 'definitions', part, 'properties');
    const found = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isJsonObject(found)) return { part, definition: found };
  }
  return { part: undefined, definition: {} };
}

const columns: readonly Column[] = [
  { title: 'attribute', value: (row) => textAt(row, 'name') },
  { title: 'title', value: (row) => textAt(row, 'title') },
  { title: 'type', value: typeOf },
  { title: 'rules', value: rulesOf },
  { title: 'in the app', value: (row) => textAt(row, 'externalName') },
  { title: 'part', value: (row) => textAt(row, 'part') },
];

function typeOf(row: JsonObject): string {
  const items = textAt(row, 'items', 'type');
  return items === '' ? textAt(row, 'type') : `${textAt(row, 'type')} of ${items}`;
}

function rulesOf(row: JsonObject): string {
  const values = valueAt(row, 'enum') ?? valueAt(row, 'items', 'enum');
  return [
    row['required'] === true ? 'required' : '',
    textAt(row, 'unique') === 'UNIQUE_VALIDATED' ? 'unique' : '',
    textAt(row, 'scope') === 'SELF' ? 'personal' : '',
    textAt(row, 'mutability') === 'READ_ONLY' ? 'read-only' : '',
    textAt(row, 'minLength') === '' ? '' : `at least ${textAt(row, 'minLength')} long`,
    textAt(row, 'maxLength') === '' ? '' : `at most ${textAt(row, 'maxLength')} long`,
    Array.isArray(values) ? `one of ${values.map((value: Json) => textAt({ value }, 'value')).join(', ')}` : '',
  ]
    .filter((rule) => rule !== '')
    .join(', ');
}

function rowsOf(properties: Json | undefined, part: string): JsonObject[] {
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, definition]) => ({
    ...(isJsonObject(definition) ? definition : {}),
    name,
    part,
  }));
}

async function showSchema(cli: Cli, [of = '']: readonly string[]): Promise<void> {
  const schema = await cli.api.get(await pathOf(cli, of));
  const rows = (['base', 'custom'] as const).flatMap((part) =>
    rowsOf(valueAt(schema, 'definitions', part, 'properties'), part),
  );
  cli.output.answer(schema, () => cli.output.table(columns, rows));
}

async function discover(
  cli: Cli,
  [name = '']: readonly string[],
  { add, all }: { readonly add?: readonly string[]; readonly all?: boolean },
): Promise<Exit> {
  const appId = textAt(await resolveApp(cli.api, name), 'id');
  const answer = await cli.api.get(`/usher/v1/apps/${appId}/schema/discovered`);
  const properties = valueAt(answer, 'properties');
  const found = isJsonObject(properties) ? properties : {};
  const unknown = (add ?? []).find((each) => !Object.hasOwn(found, each));
  if (unknown !== undefined)
    throw new CommandError('notFound', `The app offers no attribute ${unknown} that it has not here already.`);
  const wanted = all === true ? Object.keys(found) : (add ?? []);
  if (wanted.length === 0) {
    cli.output.answer(answer, () => cli.output.table(columns.slice(0, -1), rowsOf(found, '')));
    return 'ok';
  }
  const chosen = Object.fromEntries(wanted.map((each) => [each, found[each] ?? null]));
  const path = `/api/v1/meta/schemas/apps/${appId}/default`;
  const saved = await cli.api.send('POST', path, { definitions: { custom: { properties: chosen } } });
  cli.output.answer(saved, () => said(cli, wanted.length, 'added'));
  return 'ok';
}

async function planChange(cli: Cli, of: string, properties: JsonObject, force = false): Promise<Exit> {
  if (of === 'user' || of === 'group') throw new CommandError('usage', 'Only changes of an app can be planned.');
  const appId = textAt(await resolveApp(cli.api, of), 'id');
  return makePlan(cli, { kind: 'app_schema', appId, definitions: { custom: { properties } }, force });
}

function said(cli: Cli, count: number, verb: string): string {
  return `${cli.output.style.green('✓')} ${counted(count, 'attribute')} ${verb}`;
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
