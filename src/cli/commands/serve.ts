import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { readServerSettings, type RunningUsher, type ServerSettings } from '../settings.ts';
import { aborted } from '../wait.ts';

interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
}

export function addServeCommand(program: Command, session: Session): void {
  examples(program.command('serve').description('run the server until SIGTERM or Ctrl-C'), [
    ['serve', 'on 127.0.0.1:8686, with an embedded database in ./data'],
    ['serve --port 8080 --data /var/lib/usher', 'elsewhere'],
  ])
    .option('--host <address>', 'address to listen on (default 127.0.0.1, or USHER_HOST)')
    .option('--port <number>', 'port, 0 for any (default 8686, or USHER_PORT)', parsePort)
    .option('--data <folder>', 'embedded database, lock and key file (default ./data, or USHER_DATA)')
    .addHelpText(
      'after',
      `
On an empty database, USHER_BOOTSTRAP_TOKEN (or USHER_BOOTSTRAP_TOKEN_FILE) creates the owner and that API token.
DATABASE_URL names a PostgreSQL server to use instead of the embedded database. USHER_EGRESS_ALLOW lists networks
(CIDR, commas) that apps may be reached in besides the public internet.`,
    )
    .action(perform(session, serve));
}

async function serve(cli: Cli, _args: readonly string[], flags: ServeFlags): Promise<void> {
  const settings = readServerSettings(cli.deps.environment, {
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.data === undefined ? {} : { dataFolder: flags.data }),
  });
  const running = await cli.deps.startUsher(settings).catch((error: unknown) => {
    throw listenProblem(error, settings);
  });
  announce(cli, running, settings);
  await aborted(cli.interrupted);
  cli.output.note('Finishing what is in flight …');
  await running.close();
  cli.output.note('Stopped.');
}

function announce({ output }: Cli, running: RunningUsher, settings: ServerSettings): void {
  const { bold, dim } = output.noteStyle;
  const database = running.database === 'pglite' ? `embedded, in ${settings.dataFolder}` : 'PostgreSQL';
  output.note(`Usher serves ${bold(running.url)} ${dim(`(database: ${database})`)}`);
  output.note(
    running.firstSignIn === undefined
      ? `Sign in at ${bold(running.url)}`
      : `Set the owner's password, once and within a week: ${bold(running.firstSignIn)}`,
  );
  output.note(
    settings.bootstrapToken === undefined
      ? dim(
          'For programs: header "Authorization: SSWS <token>". Make a token with `usher tokens create`, or start once on an empty database with USHER_BOOTSTRAP_TOKEN set.',
        )
      : dim(
          'For programs: header "Authorization: SSWS <token>"; on a new database the token is your USHER_BOOTSTRAP_TOKEN.',
        ),
  );
}

/** What the system says about an address that cannot be listened on, as a sentence; any other error as it is. */
function listenProblem(error: unknown, { host, port }: ServerSettings): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = listenFaults[code];
  if (reason === undefined) return error;
  const advice = 'Choose another address with --host and --port, or USHER_HOST and USHER_PORT.';
  return new CommandError('failed', `Usher cannot listen on ${host}:${port}: ${reason}. ${advice}`, { cause: error });
}

const listenFaults: { readonly [code: string]: string } = {
  EADDRINUSE: 'another program does already',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'the name is not known',
};

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a port number from 0 to 65535.');
}
