import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsherError } from '../lib/errors.ts';

/** Everything `usher serve` can be told. Flags win over the environment, the environment over defaults. */
export interface ServerSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Holds the embedded database, its lock and the secret key. */
  readonly dataFolder: string;
  /** A PostgreSQL server; undefined means the embedded database in the data folder. */
  readonly databaseUrl: string | undefined;
  /** 32 bytes as base64 or hex; undefined means the key file in the data folder. */
  readonly secretKey: string | undefined;
  /** The key that was used until this start; only where another one takes its place. */
  readonly previousSecretKey: string | undefined;
  /** Networks apps may be reached in besides the public internet, as CIDR. */
  readonly egressAllow: readonly string[];
  /** Creates the owner and this API token on an empty database. */
  readonly bootstrapToken: string | undefined;
  readonly ownerLogin: string;
  /** What links in answers begin with; undefined means as the request addressed us. */
  readonly baseUrl: string | undefined;
  readonly logLevel: string;
}

export type Environment = { readonly [name: string]: string | undefined };

/** What a running server tells its starter. */
export interface RunningUsher {
  readonly url: string;
  readonly database: 'pglite' | 'postgres';
  /** Where the owner sets their password; undefined once somebody who may do everything can sign in. */
  readonly firstSignIn: string | undefined;
  /** Takes no more work, finishes what is in flight, and gives everything back. */
  close(): Promise<void>;
}

export const processEnvironment: Environment = process.env;

export type StartUsher = (settings: ServerSettings) => Promise<RunningUsher>;

const known = new Set([
  'USHER_HOST',
  'USHER_PORT',
  'USHER_DATA',
  'USHER_KEY',
  'USHER_KEY_FILE',
  'USHER_KEY_PREVIOUS',
  'USHER_KEY_PREVIOUS_FILE',
  'USHER_EGRESS_ALLOW',
  'USHER_BOOTSTRAP_TOKEN',
  'USHER_BOOTSTRAP_TOKEN_FILE',
  'USHER_OWNER_LOGIN',
  'USHER_BASE_URL',
  'USHER_LOG_LEVEL',
  // Read by the client commands.
  'USHER_SERVER',
  'USHER_TOKEN',
  'USHER_TOKEN_FILE',
]);

/** Reads the server's settings. @throws {UsherError} `invalid_input` naming the variable. */
export function readServerSettings(
  environment: Environment,
  flags: Partial<Pick<ServerSettings, 'host' | 'port' | 'dataFolder'>> = {},
): ServerSettings {
  refuseUnknown(environment);
  return {
    host: flags.host ?? environment['USHER_HOST'] ?? '127.0.0.1',
    port: flags.port ?? port(environment['USHER_PORT'] ?? '8686'),
    dataFolder: resolve(flags.dataFolder ?? environment['USHER_DATA'] ?? 'data'),
    databaseUrl: environment['DATABASE_URL'],
    secretKey: valueOrFile(environment, 'USHER_KEY'),
    previousSecretKey: valueOrFile(environment, 'USHER_KEY_PREVIOUS'),
    egressAllow: (environment['USHER_EGRESS_ALLOW'] ?? '')
      .split(',')
      .map((cidr) => cidr.trim())
      .filter((cidr) => cidr !== ''),
    bootstrapToken: valueOrFile(environment, 'USHER_BOOTSTRAP_TOKEN'),
    ownerLogin: environment['USHER_OWNER_LOGIN'] ?? 'owner@usher.local',
    baseUrl: environment['USHER_BASE_URL'],
    logLevel: environment['USHER_LOG_LEVEL'] ?? 'info',
  };
}

/** `NAME`, or the content of the file that `NAME_FILE` names, without the line end. */
export function valueOrFile(environment: Environment, name: string): string | undefined {
  const file = environment[`${name}_FILE`];
  if (file === undefined) return environment[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UsherError('invalid_input', `${name}_FILE names ${file}, which cannot be read.`, { cause });
  }
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new UsherError('invalid_input', `USHER_PORT is "${text}"; it must be a port number from 0 to 65535.`);
}

/** A misspelt variable would silently mean the default. */
function refuseUnknown(environment: Environment): void {
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith('USHER_') && !name.startsWith('USHER_TEST_') && !known.has(name),
  );
  if (unknown !== undefined) {
    throw new UsherError(
      'invalid_input',
      `The environment sets ${unknown}, which Usher does not know. Known are: ${[...known].join(', ')}.`,
    );
  }
}
