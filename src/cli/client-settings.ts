import { readFile } from 'node:fs/promises';
import { CommandError } from './exit-codes.ts';
import { valueOrFile, type Environment } from './settings.ts';

export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export interface ClientFlags {
  readonly server?: string;
  /** A path, or `-` for stdin. */
  readonly tokenFile?: string;
}

export const defaultServer = 'http://127.0.0.1:8686';

/** Where commands find the server. @throws {CommandError} `usage` for what is no address. */
export function readServerAddress(environment: Environment, flags: ClientFlags): string {
  const server = flags.server ?? environment['USHER_SERVER'] ?? defaultServer;
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return server;
  throw new CommandError('usage', `"${server}" is not the address of a server. Write it like ${defaultServer}.`);
}

/** The API token without its line end; undefined where none is given. */
export async function readToken(
  environment: Environment,
  flags: ClientFlags,
  stdin: InputStream,
): Promise<string | undefined> {
  if (flags.tokenFile !== undefined) return readSecret(flags.tokenFile, stdin, 'an API token');
  return valueOrFile(environment, 'USHER_TOKEN');
}

/**
 * A secret from a file, or from stdin for `-`, without the line end.
 *
 * @throws {CommandError} `usage` when it cannot be read or is empty.
 */
export async function readSecret(file: string, stdin: InputStream, what: string): Promise<string> {
  const text = (file === '-' ? await readAll(stdin) : await readTextFile(file)).trim();
  if (text !== '') return text;
  throw new CommandError('usage', `${file === '-' ? 'Standard input' : file} is empty; ${what} was expected there.`);
}

async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('usage', `${file} cannot be read: ${reason}.`, { cause });
  }
}

async function readAll(stream: InputStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
