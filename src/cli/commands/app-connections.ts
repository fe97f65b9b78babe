import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { addAuthOptions, readAuth, type AuthFlags } from '../auth-flags.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import type { Exit } from '../exit-codes.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import { resolveApp } from '../resolve.ts';
import { printable } from '../terminal-text.ts';

interface ConnectFlags extends AuthFlags {
  readonly url?: string;
  readonly activate: boolean;
}

export function addAppConnectionCommands(apps: Command, session: Session): void {
  const connecting = examples(
    apps.command('connect').description('give an app its address and credential; both are tested before they are kept'),
    [
      ['apps connect Wiki', 'asks for the bearer token'],
      ['apps connect Wiki --credential-file wiki.token', 'takes it from a file'],
      ['apps connect Wiki --auth basic --username usher --credential-file -', 'the password from stdin'],
    ],
  )
    .argument('<app>', 'id, label or name')
    .option('--url <url>', 'base URL; the settings of the app say it unless given here')
    .option('--no-activate', 'keep it without testing, and leave the connection off');
  addAuthOptions(connecting).action(perform(session, connect));
  examples(apps.command('test').description('test the connection of an app; reads only'), [
    ['apps test Wiki', 'by id, label or name'],
  ])
    .argument('<app>', 'id, label or name')
    .action(perform(session, test));
}

async function connect(cli: Cli, [name = '']: readonly string[], flags: ConnectFlags): Promise<void> {
  const app = await resolveApp(cli.api, name);
  const auth = await readAuth(cli, flags);
  const settings = { ...(flags.url === undefined ? {} : { baseUrl: flags.url }), auth };
  const path = `/usher/v1/apps/${textAt(app, 'id')}/connection`;
  const connection = await cli.api.send('PUT', path, { settings }, { activate: flags.activate });
  const state = textAt(connection, 'status') === 'ENABLED' ? 'connected and tested' : 'kept; the connection is off';
  cli.output.answer(connection, () => `${cli.output.style.green('✓')} ${textAt(app, 'label')} ${state}`);
}

async function test(cli: Cli, [name = '']: readonly string[]): Promise<Exit> {
  const app = await resolveApp(cli.api, name);
  const report = await cli.api.send('POST', `/usher/v1/apps/${textAt(app, 'id')}/connection/test`);
  const findings = objectsAt(report, 'findings');
  cli.output.answer(report, () => findings.map((finding) => describeFinding(cli, finding)).join('\n'));
  return findings.every((finding) => valueAt(finding, 'ok') === true) ? 'ok' : 'failed';
}

function describeFinding(cli: Cli, finding: JsonObject): string {
  const { green, red, dim } = cli.output.style;
  const sign = valueAt(finding, 'ok') === true ? green('✓') : red('✗');
  return `${sign} ${printable(textAt(finding, 'subject'))}  ${dim(printable(textAt(finding, 'detail')))}`;
}
