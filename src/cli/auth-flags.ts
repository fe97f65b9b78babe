import { Option, type Command } from 'commander';
import type { JsonObject } from '../lib/json.ts';
import type { Cli } from './cli.ts';
import { readSecret } from './client-settings.ts';
import { CommandError } from './exit-codes.ts';
import { promptSecret } from './prompt.ts';

/** How Usher is to sign in to an app, as flags; the secret itself never is one. */
export interface AuthFlags {
  readonly auth: string;
  readonly credentialFile?: string;
  readonly username?: string;
  readonly header?: string;
  readonly clientId?: string;
  readonly tokenUrl?: string;
  readonly scope?: string;
}

export function addAuthOptions(command: Command): Command {
  return command
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
    .option('--scope <scope>', 'for oauth2');
}

/**
 * The `auth` of a connector's settings. The secret comes from a file, from stdin, from `given` or from the terminal.
 *
 * @throws {CommandError} `usage`
 */
export async function readAuth(cli: Cli, flags: AuthFlags, given?: string): Promise<JsonObject> {
  return authSettings(flags, given ?? (await readCredential(cli, flags)));
}

async function readCredential(cli: Cli, flags: AuthFlags): Promise<string> {
  if (flags.credentialFile !== undefined) return readSecret(flags.credentialFile, cli.deps.stdin, 'a credential');
  return promptSecret(cli, `${credentialNames[flags.auth] ?? 'Credential'}: `);
}

const credentialNames: { readonly [scheme: string]: string } = {
  bearer: 'Bearer token',
  basic: 'Password',
  header: 'Header value',
  oauth2: 'Client secret',
};

function authSettings(flags: AuthFlags, secret: string): JsonObject {
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
