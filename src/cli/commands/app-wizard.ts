import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { addAuthOptions, readAuth, type AuthFlags } from '../auth-flags.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { promptYes } from '../prompt.ts';
import { resolveApp } from '../resolve.ts';
import { printable } from '../terminal-text.ts';

interface RunFlags extends AuthFlags {
  readonly url: string;
  readonly app?: string;
  readonly signOnMode?: string;
  readonly allowWrites?: boolean;
  readonly yes?: boolean;
}

const path = '/usher/v1/wizards';

export function addAppWizardCommands(apps: Command, session: Session): void {
  const wizard = examples(
    apps.command('wizard').description('give an app with a SCIM server provisioning, step by step'),
    [
      ['apps wizard run CRM --url https://crm.example.com/scim/v2', 'probe, propose, match; asks before turning on'],
      ['apps wizard run CRM --url … --credential-file crm.token --yes', 'without asking'],
      ['apps wizard run Intranet --app Intranet --url …', 'provisioning for an app that is there'],
      ['apps wizard list', 'what was begun'],
      ['apps wizard turn-on wiz…', 'what was left at the last step'],
    ],
  );
  const run = examples(
    wizard.command('run').description('all steps with what is proposed; sends nothing but reads until it is turned on'),
    [['apps wizard run CRM --url https://crm.example.com/scim/v2', 'asks for the token']],
  )
    .argument('<name>', 'what the app is to be called')
    .requiredOption('--url <url>', 'SCIM base URL')
    .option('--app <app>', 'an app that is there, in place of a new one')
    .option('--sign-on-mode <mode>', 'of a new app; BOOKMARK unless given')
    .option('--allow-writes', 'learn with a throw-away account, too')
    .option('--yes', 'turn it on without asking');
  addAuthOptions(run).action(perform(session, runAll));
  examples(wizard.command('list').description('list wizards'), [
    ['apps wizard list', 'open ones and done ones'],
  ]).action(
    perform(session, async (cli) => {
      const found = await cli.api.list(path, { limit: 200 });
      cli.output.answer(found, () => cli.output.table(wizardColumns, found));
    }),
  );
  examples(wizard.command('show').description('show a wizard: what was found and proposed'), [
    ['apps wizard show wiz…', 'by id'],
  ])
    .argument('<wizard>', 'id')
    .action(
      perform(session, async (cli, [id = '']) => {
        const found = await cli.api.get(`${path}/${id}`);
        cli.output.answer(found, () => review(cli, found));
      }),
    );
  examples(wizard.command('turn-on').description('make the app of it and begin to provision'), [
    ['apps wizard turn-on wiz…', 'by id'],
  ])
    .argument('<wizard>', 'id')
    .action(perform(session, async (cli, [id = '']) => turnOn(cli, id)));
  examples(wizard.command('discard').description('forget a draft with its credential'), [
    ['apps wizard discard wiz…', 'by id'],
  ])
    .argument('<wizard>', 'id')
    .action(
      perform(session, async (cli, [id = '']) => {
        await cli.api.send('DELETE', `${path}/${id}`);
        cli.output.answer({ id, done: 'discarded' }, () => `${cli.output.style.green('✓')} discarded`);
      }),
    );
}

const wizardColumns: readonly Column[] = [
  { title: 'id', value: (row) => textAt(row, 'id') },
  { title: 'label', value: (row) => textAt(row, 'label') },
  { title: 'status', value: (row) => textAt(row, 'status') },
  { title: 'steps taken', value: (row) => listOf(valueAt(row, 'draft', 'done')) },
  { title: 'app', value: (row) => textAt(row, 'appId') },
];

async function runAll(cli: Cli, [label = '']: readonly string[], flags: RunFlags): Promise<void> {
  const auth = await readAuth(cli, flags);
  const app = flags.app === undefined ? undefined : textAt(await resolveApp(cli.api, flags.app), 'id');
  const started = await cli.api.send('POST', path, {
    label,
    ...(app === undefined ? {} : { appId: app }),
    ...(flags.signOnMode === undefined ? {} : { signOnMode: flags.signOnMode }),
  });
  const own = `${path}/${textAt(started, 'id')}`;
  const stage = (words: string): void => {
    if (cli.output.terminal.stderr) cli.output.note(cli.output.noteStyle.dim(`· ${words}`));
  };
  await cli.api.send('PUT', `${own}/connection`, { settings: { baseUrl: flags.url, auth } });
  stage('probing the server');
  await cli.api.send('POST', `${own}/probe`, { allowWrites: flags.allowWrites === true });
  for (const step of ['capabilities', 'schema', 'mappings']) await cli.api.send('PUT', `${own}/${step}`, {});
  stage('listing its accounts');
  const ready = await cli.api.send('POST', `${own}/match`);
  if (flags.yes === true) return turnOn(cli, textAt(started, 'id'));
  if (cli.deps.stdin.isTTY === true && !cli.output.json) {
    cli.output.text(await reviewWithSample(cli, own, ready));
    if (await promptYes(cli, `Turn on provisioning for ${label}?`)) return turnOn(cli, textAt(started, 'id'));
    cli.output.note(`Kept as ${textAt(started, 'id')}.`);
    return;
  }
  const text = await reviewWithSample(cli, own, ready);
  cli.output.answer(ready, () => text);
}

async function turnOn(cli: Cli, id: string): Promise<void> {
  if (!/^\w+$/.test(id))
    throw new CommandError('usage', `"${id}" is not the id of a wizard. See "usher apps wizard list".`);
  const app = await cli.api.send('POST', `${path}/${id}/turn-on`);
  cli.output.answer(
    app,
    () =>
      `${cli.output.style.green('✓')} ${printable(textAt(app, 'label'))} is provisioned, ${textAt(app, 'id')}. Give it to people: usher assign`,
  );
}

async function reviewWithSample(cli: Cli, own: string, wizard: Json): Promise<string> {
  const [sample] = objectsAt(await cli.api.send('POST', `${own}/preview`, {}));
  const rows: JsonObject[] = objectsAt(sample, 'attributes');
  const shown = rows.filter((row) => textAt(row, 'value') !== '' || textAt(row, 'error') !== '');
  const title =
    sample === undefined
      ? ''
      : `\n\n  ${cli.output.style.dim('Sample')} ${printable(textAt(sample, 'user', 'login'))}\n`;
  return review(cli, wizard) + title + (sample === undefined ? '' : indented(cli.output.table(sampleColumns, shown)));
}

const sampleColumns: readonly Column[] = [
  { title: 'attribute', value: (row) => textAt(row, 'attribute') },
  { title: 'from', value: (row) => textAt(row, 'expression'), colour: (_row, style) => style.cyan },
  { title: 'value', value: (row) => textAt(row, 'error') || textAt(row, 'value') },
];

function review(cli: Cli, wizard: Json): string {
  const { style } = cli.output;
  const draft = valueAt(wizard, 'draft');
  const match = valueAt(draft, 'match');
  const on = Object.entries(valueAt(draft, 'provisioning') ?? {}).flatMap(([name, value]) =>
    value === true ? [name] : [],
  );
  const matching = ['exact', 'partial', 'ambiguous', 'none']
    .map((kind) => `${numberAt(match, kind)} ${kind}`)
    .join(' · ');
  const done = textAt(wizard, 'status') === 'DONE';
  return [
    `  ${style.bold(printable(textAt(wizard, 'label')))}  ${style.dim(textAt(wizard, 'id'))}`,
    indented(
      facts(
        [
          ['address', textAt(draft, 'connection', 'baseUrl')],
          ['score', textAt(wizard, 'report', 'score')],
          ['found', textAt(wizard, 'report', 'verdict')],
          ['Usher will', on.join(', ')],
          ['attributes', String(Object.keys(valueAt(draft, 'attributes') ?? {}).length)],
          ['mapped', String(Object.keys(valueAt(draft, 'mappings') ?? {}).length)],
          ['accounts', match === undefined ? '' : `${numberAt(match, 'accounts')}: ${matching}`],
          ['next', textAt(wizard, 'next')],
        ],
        style,
      ),
    ),
    done ? '' : style.dim('  Nothing has been changed in the app yet.'),
  ].join('\n');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

function listOf(value: Json | undefined): string {
  return Array.isArray(value) ? value.join(' ') : '';
}
