import { hidden } from '../../api/mask.ts';
import type { SentRequest } from '../../api/sent.ts';
import { cliCommands } from './cli-commands.ts';

/** The request for a POSIX shell. The token is the reader's own. */
export function curlOf(request: SentRequest, address: string): string {
  const { method, body, fileType } = request;
  const type = fileType ?? (body === undefined ? undefined : 'application/json');
  return [
    `curl -X ${method.toUpperCase()} ${quoted(address)}`,
    `-H "Authorization: SSWS $USHER_TOKEN"`,
    ...(type === undefined ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`]),
    ...(fileType === undefined ? [] : ['--data-binary @FILE']),
    ...(body === undefined ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
  ].join(' \\\n  ');
}

/** The command that asks for the same; undefined where `usher` has none. */
export function cliOf(request: SentRequest): string | undefined {
  const words = argumentsOf(request);
  return words && ['usher', ...words].map(quoted).join(' ');
}

/** What `usher` is given; undefined where it cannot be told to do this. */
export function argumentsOf(request: SentRequest): readonly string[] | undefined {
  // A file has a name here, and a secret is asked for, which is for the reader to find in --help.
  if (request.fileType !== undefined || JSON.stringify(request.body ?? null).includes(hidden)) return undefined;
  const key = `${request.method} ${request.path}`;
  return Object.hasOwn(cliCommands, key) ? cliCommands[key]?.(request) : undefined;
}

/** A word of a shell: as it is where nothing in it means anything. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
