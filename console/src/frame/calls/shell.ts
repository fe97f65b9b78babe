import { hidden } from '../../api/mask.ts';
import type { SentRequest } from '../../api/sent.ts';
import { askingForSecrets, cliCommands } from './cli-commands.ts';

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
  const key = `${request.method} ${request.path}`;
  const hasSecret = JSON.stringify(request.body ?? null).includes(hidden);
  // What a file is called is not known here, and a secret in a command is in the history of the shell.
  if (request.fileType !== undefined || (hasSecret && !askingForSecrets.includes(key))) return undefined;
  return Object.hasOwn(cliCommands, key) ? cliCommands[key]?.(request) : undefined;
}

/** A word of a shell: as it is where nothing in it means anything. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
