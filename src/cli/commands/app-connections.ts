import type { Command } from 'commander';
import { Option } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { readSecret } from '../client-settings.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { objectsAt, textAt, valueAt } from '../json-fields.ts';
import { promptSecret } from '../prompt.ts';
import { resolveApp } from '../resolve.ts';
import { printable } from '../terminal-text.ts';

interface ConnectFlags {
  readonly url?: string;
  readonly auth: string;
  readonly credentialFile?: string;
  readonly username?: string;
  readonly header?: string;
  readonly clientId?: string;
  readonly tokenUrl?: string;
  readonly scope?: string;
  readonly activate: boolean;
}

export function addAppConnectionCommands(apps: Command, session: Session): void {
  examples(
    apps.command('connect').description('give an app its address and credential; both are tested before they are kept'),
    [
      ['apps connect Wiki', 'asks for the bearer token'],
      ['apps connect Wiki --credential-file wiki.token', 'takes it from a file'],
      ['apps connect Wiki --auth basic --username usher --credential-file -', 'the password from stdin'],
    ],
  )
    .argument('<app>', 'id, label or name')
    .option('--url <url>', 'base URL; the settings of the app say it unless given here')
    .addOption(
      new Option('--auth <scheme>', 'how Usher signs in')
        .choices(['bearer', 'basic', 'header', 'oauth2'])
        .default('bearer'),
    )
    .option('--credential-file <file>', 'file with the token, password, header value or client secret; - for stdin')
    .option('--username <name>', 'for basic')
    .option('--header <name>', 'for header; default Authorization')
    .option('--client-id <id>', 'for oauth2')
    .option('--token-url <url>', 'for oauth2')
    .option('--scope <scope>', 'for oauth2')
    .option('--no-activate', 'keep it without testing, and leave the connection off')
    .action(perform(session, connect));
  examples(apps.command('test').description('test the connection of an app; reads only'), [
    ['apps test Wiki', 'by id, label or name'],
  ])
    .argument('<app>', 'id, label or name')
    .action(perform(session, test));
}

async function connect(cli: Cli, [name = '']: readonly string[], flags: ConnectFlags): Promise<void> {
  const app = await resolveApp(cli.api, name);
  const auth = authSettings(flags, await readCredential(cli, flags));
  const settings = { ...(flags.url === undefined ? {} : { baseUrl: flags.url }), auth };
  const path = `/usher/v1/apps/${textAt(app, 'id')}/connection`;
  const connection = await cli.api.send('PUT', path, { settings }, { activate: flags.activate });
  const state = textAt(connection, 'status') === 'ENABLED' ? 'connected and tested' : 'kept; the connection is off';
  cli.output.answer(connection, () => `${cli.output.style.green('✓')} ${textAt(app, 'label')} ${state}`);
}

async function readCredential(cli: Cli, flags: ConnectFlags): Promise<string> {
  if (flags.credentialFile !== undefined) return readSecret(flags.credentialFile, cli.deps.stdin, 'a credential');
  return promptSecret(cli, `${credentialNames[flags.auth] ?? 'Credential'}: `);
}

const credentialNames: { readonly [scheme: string]: string } = {
  bearer: 'Bearer token',
  basic: 'Password',
  header: 'Header value',
  oauth2: 'Client secret',
};

function authSettings(flags: ConnectFlags, secret: string): JsonObject {
  switch (flags.auth) {
    case 'basic':
      return { scheme: 'basic', username: required(flags.username, '--username'), password: secret };
    case 'header':
      return { scheme: 'header', ...(flags.header === undefined ? {} : { headerName: flags.header }), value: secret };
    case 'oauth2':
      return {
        scheme: 'oauth2_client_credentials',
        tokenUrl: required(flags.tokenUrl, '--token-url'),
        clientId: required(flags.clientId, '--client-id'),
        clientSecret: secret,
        ...(flags.scope === undefined ? {} : { scope: flags.scope }),
      };
    default:
      return { scheme: 'bearer', token: secret };
  }
}

function required(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new CommandError('usage', `This way of signing in needs ${flag}.`);
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
