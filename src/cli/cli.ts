import type { Command, OptionValues } from 'commander';
import { systemClock, type Clock } from '../lib/clock.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { readServerAddress, readToken, type ClientFlags, type InputStream } from './client-settings.ts';
import { CommandError, type Exit } from './exit-codes.ts';
import { createOutput, type Output, type PrintStream } from './output.ts';
import type { Environment, StartUsher } from './settings.ts';

/** What the command line gets from outside. */
export interface CliDeps {
  readonly startUsher: StartUsher;
  readonly version: string;
  readonly environment: Environment;
  readonly stdin: InputStream;
  readonly stdout: PrintStream;
  readonly stderr: PrintStream;
}

/** One invocation: its surroundings, what ends it early, and how it ended. */
export interface Session {
  readonly deps: CliDeps;
  /** Aborts on Ctrl-C and SIGTERM, with a `CommandError` as reason. */
  readonly interrupted: AbortSignal;
  exit: Exit;
}

/** What a command works with. */
export interface Cli {
  readonly deps: CliDeps;
  readonly output: Output;
  readonly clock: Clock;
  /** Aborts on Ctrl-C, SIGTERM and after `--timeout`, with a `CommandError` as reason. */
  readonly signal: AbortSignal;
  /** Ctrl-C and SIGTERM alone: for commands that run until told to end. */
  readonly interrupted: AbortSignal;
  readonly server: string;
  /** What `--token-file` gave, and no other place. */
  readonly givenToken: string | undefined;
  /** The API, signed in with the token given. */
  readonly api: ApiClient;
}

interface GlobalOptions extends ClientFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False with `--no-color`. */
  readonly color?: boolean;
  readonly timeout?: number;
}

export type Handler<Options extends OptionValues> = (
  cli: Cli,
  args: readonly string[],
  options: Options,
) => Promise<Exit | void>;

/** Wraps a handler for commander's `action`: opens what it needs, keeps its exit code, and closes again. */
export function perform<Options extends OptionValues>(
  session: Session,
  handler: Handler<Options>,
): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const options = this.optsWithGlobals<GlobalOptions & Options>();
    const cli = await openCli(session, options);
    try {
      session.exit = (await handler(cli, this.args, options)) ?? 'ok';
    } finally {
      await cli.api.close();
    }
  };
}

/** Examples stand first in a command's help: they are what most people came for. */
export function examples(command: Command, lines: readonly (readonly [line: string, meaning: string])[]): Command {
  const width = Math.max(...lines.map(([line]) => line.length));
  const shown = lines.map(([line, meaning]) => `  $ usher ${line.padEnd(width)}   # ${meaning}`);
  return command.addHelpText('before', `Examples:\n${shown.join('\n')}\n`);
}

async function openCli(session: Session, options: GlobalOptions): Promise<Cli> {
  const { deps, interrupted } = session;
  const { environment } = deps;
  const output = createOutput({
    stdout: deps.stdout,
    stderr: deps.stderr,
    json: options.json === true,
    quiet: options.quiet === true,
    colour: options.color !== false && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb',
  });
  const signal = options.timeout === undefined ? interrupted : AbortSignal.any([interrupted, after(options.timeout)]);
  const server = readServerAddress(environment, options);
  const token = await readToken(environment, options, deps.stdin);
  return {
    deps,
    output,
    clock: systemClock,
    signal,
    interrupted,
    server,
    givenToken: options.tokenFile === undefined ? undefined : token,
    api: createApiClient({ server, token, signal }),
  };
}

function after(seconds: number): AbortSignal {
  const controller = new AbortController();
  const reason = new CommandError('timeout', `Gave up after ${seconds} s, as --timeout says.`);
  setTimeout(() => controller.abort(reason), seconds * 1_000).unref();
  return controller.signal;
}
