import type { Command } from 'commander';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { parseAttributes } from '../parse-attributes.ts';
import { resolveApp } from '../resolve.ts';
import { addAppConnectionCommands } from './app-connections.ts';
import { addAppDuplicateCommands } from './app-duplicates.ts';
import { addAppProvisioningCommands } from './app-provisioning.ts';
import { addAppWizardCommands } from './app-wizard.ts';
import { addPushGroupCommands } from './push-groups.ts';

const appColumns: readonly Column[] = [
  { title: 'id', value: (app) => textAt(app, 'id') },
  {
    title: 'status',
    value: (app) => textAt(app, 'status'),
    colour: (app, style) => (textAt(app, 'status') === 'ACTIVE' ? style.green : style.yellow),
  },
  { title: 'label', value: (app) => textAt(app, 'label') },
  { title: 'integration', value: (app) => textAt(app, 'name') },
  { title: 'provisioning', value: (app) => listOf(valueAt(app, 'features')) },
];

export function addAppCommands(program: Command, session: Session): void {
  const apps = examples(program.command('apps').description('apps: add, connect, provision'), [
    ['catalog search scim', 'find the integration'],
    ['apps add scim2headerauth --label "Wiki" --set baseUrl=https://wiki.example.com/scim/v2', 'make an app of it'],
    ['apps connect Wiki --credential-file wiki.token', 'test the credential and keep it'],
    ['apps provisioning Wiki --create on --update on --deactivate on', 'let Usher work'],
    ['assign Wiki --group Engineering', 'give it to people'],
  ]);
  addReading(apps, session);
  addWriting(apps, session);
  addAppDuplicateCommands(apps, session);
  addAppConnectionCommands(apps, session);
  addAppProvisioningCommands(apps, session);
  addAppWizardCommands(apps, session);
  addPushGroupCommands(apps, session);
}

function addReading(apps: Command, session: Session): void {
  examples(apps.command('list').description('list apps'), [['apps list', 'all, with what is turned on']]).action(
    perform(session, async (cli) => {
      const found = await cli.api.list('/api/v1/apps', { limit: 200 });
      cli.output.answer(found, () => cli.output.table(appColumns, found));
    }),
  );
  examples(apps.command('get').description('show an app'), [['apps get Wiki', 'by id, label or name']])
    .argument('<app>', 'id, label or name')
    .action(
      perform(session, async (cli, [name = '']) => {
        const app = await resolveApp(cli.api, name);
        cli.output.answer(app, () => describeApp(cli, app));
      }),
    );
}

function describeApp(cli: Cli, app: JsonObject): string {
  const settings = valueAt(app, 'settings', 'app');
  return facts(
    [
      ['id', textAt(app, 'id')],
      ['label', textAt(app, 'label')],
      ['name', textAt(app, 'name')],
      ['status', textAt(app, 'status')],
      ['sign-on mode', textAt(app, 'signOnMode')],
      ['user names', textAt(app, 'credentials', 'userNameTemplate', 'template')],
      ['provisioning', listOf(valueAt(app, 'features'))],
      ...Object.keys(isJsonObject(settings) ? settings : {}).map((name) => [name, textAt(settings, name)] as const),
    ],
    cli.output.style,
  );
}

function addWriting(apps: Command, session: Session): void {
  examples(apps.command('add').description('make an app of a catalog entry; the same one twice makes two'), [
    ['apps add slack', 'nothing is sent until it is connected and provisioning is on'],
    ['apps add scim2headerauth --label Wiki --set baseUrl=https://wiki.example.com/scim/v2', 'any SCIM 2.0 server'],
  ])
    .argument('<key>', 'key of the catalog entry')
    .option('--label <text>', 'what people see')
    .option('--set <name=value...>', 'settings of the entry; "usher catalog show" lists them')
    .action(
      perform<{ label?: string; set?: readonly string[] }>(session, async (cli, [key = ''], flags) => {
        const app = await cli.api.send('POST', '/usher/v1/apps', {
          catalogKey: key,
          ...(flags.label === undefined ? {} : { label: flags.label }),
          settings: parseAttributes(flags.set ?? []),
        });
        cli.output.answer(
          app,
          () => `${cli.output.style.green('✓')} ${textAt(app, 'label')} added, ${textAt(app, 'id')}`,
        );
      }),
    );
  for (const verb of ['activate', 'deactivate'] as const) {
    const meaning = verb === 'activate' ? 'go on where it was' : 'send nothing to it from here on; assignments stay';
    examples(apps.command(verb).description(meaning), [[`apps ${verb} Wiki`, meaning]])
      .argument('<app>', 'id, label or name')
      .action(
        perform(session, async (cli, [name = '']) => {
          const id = textAt(await resolveApp(cli.api, name), 'id');
          await cli.api.send('POST', `/api/v1/apps/${id}/lifecycle/${verb}`);
          cli.output.answer({ id, done: verb }, () => `${cli.output.style.green('✓')} ${name} ${verb}d`);
        }),
      );
  }
  examples(apps.command('delete').description('delete an inactive app; accounts in it stay as they are'), [
    ['apps delete Wiki', 'deactivate it first'],
  ])
    .argument('<app>', 'id, label or name')
    .action(
      perform(session, async (cli, [name = '']) => {
        const id = textAt(await resolveApp(cli.api, name), 'id');
        await cli.api.send('DELETE', `/api/v1/apps/${id}`);
        cli.output.answer({ id, done: 'deleted' }, () => `${cli.output.style.green('✓')} ${name} deleted`);
      }),
    );
}

function listOf(value: Json | undefined): string {
  return Array.isArray(value) ? value.join(' ') : '';
}
