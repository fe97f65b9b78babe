import type { Command } from 'commander';
import type { Json } from '../../lib/json.ts';
import { addAuthOptions } from '../auth-flags.ts';
import { examples, perform, type Session } from '../cli.ts';
import { textAt, valueAt } from '../json-fields.ts';
import type { Column } from '../output.ts';
import { review } from './app-wizard-review.ts';
import { begin, resume, turnOn, wizardPath, wizardsPath } from './app-wizard-steps.ts';

export function addAppWizardCommands(apps: Command, session: Session): void {
  const wizard = examples(
    apps.command('wizard').description('give an app with a SCIM server provisioning, step by step'),
    [
      ['apps wizard run CRM --url https://crm.example.com/scim/v2', 'probe, propose, match; asks before turning on'],
      ['apps wizard run CRM --url … --credential-file crm.token --yes', 'without asking'],
      ['apps wizard run Intranet --app Intranet --url …', 'provisioning for an app that is there'],
      ['apps wizard list --open', 'what was begun and not turned on'],
      ['apps wizard resume wiz…', 'goes on where it was left'],
    ],
  );
  addRunning(wizard, session);
  addLooking(wizard, session);
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
        await cli.api.send('DELETE', wizardPath(id));
        cli.output.answer({ id, done: 'discarded' }, () => `${cli.output.style.green('✓')} discarded`);
      }),
    );
}

function addRunning(wizard: Command, session: Session): void {
  const run = examples(
    wizard.command('run').description('all steps with what is proposed; sends nothing but reads until it is turned on'),
    [
      ['apps wizard run CRM --url https://crm.example.com/scim/v2', 'asks for the token'],
      ['apps wizard run CRM --url … --until probe', 'leaves it there, to be resumed'],
    ],
  )
    .argument('<name>', 'what the app is to be called')
    .requiredOption('--url <url>', 'SCIM base URL')
    .option('--app <app>', 'an app that is there, in place of a new one')
    .option('--sign-on-mode <mode>', 'of a new app; BOOKMARK unless given');
  addAuthOptions(addChoices(run)).action(perform(session, begin));
  const again = examples(wizard.command('resume').description('the steps that were left, and no others'), [
    ['apps wizard resume wiz…', 'with what is proposed; asks before turning on'],
    ['apps wizard resume wiz… --group Sales --yes', 'gives it to a group and turns it on'],
    ['apps wizard resume wiz… --credential-file crm.token', 'with another credential, and what rests on it again'],
  ])
    .argument('<wizard>', 'id')
    .option('--url <url>', 'another SCIM base URL');
  addAuthOptions(addChoices(again)).action(perform(session, resume));
}

function addChoices(command: Command): Command {
  const many = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];
  return command
    .option('--allow-writes', 'learn with a throw-away account, too')
    .option('--user <user>', 'who gets it when it is turned on; may be repeated', many)
    .option('--group <group>', 'a group that gets it when it is turned on; may be repeated', many)
    .option('--until <step>', 'stop after this step: connection, probe, capabilities, schema, mappings or match')
    .option('--yes', 'turn it on without asking');
}

function addLooking(wizard: Command, session: Session): void {
  examples(wizard.command('list').description('list wizards'), [
    ['apps wizard list', 'open ones and done ones'],
    ['apps wizard list --open', 'those to go on with, and the step that is next'],
  ])
    .option('--open', 'only those that have not been turned on')
    .action(
      perform<{ open?: boolean }>(session, async (cli, _args, { open }) => {
        const found = await cli.api.list(wizardsPath, { limit: 200, ...(open === true ? { status: 'OPEN' } : {}) });
        cli.output.answer(found, () => cli.output.table(wizardColumns, found));
      }),
    );
  examples(wizard.command('show').description('show a wizard: what was found and proposed'), [
    ['apps wizard show wiz…', 'by id'],
  ])
    .argument('<wizard>', 'id')
    .action(
      perform(session, async (cli, [id = '']) => {
        const found = await cli.api.get(wizardPath(id));
        cli.output.answer(found, () => review(cli, found));
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

function listOf(value: Json | undefined): string {
  return Array.isArray(value) ? value.join(' ') : '';
}
