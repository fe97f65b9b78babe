import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Cli } from './cli.ts';
import { CommandError } from './exit-codes.ts';

/**
 * Asks for a secret on the terminal without showing what is typed.
 *
 * @throws {CommandError} `usage` where there is no terminal to ask on, or nothing is typed.
 */
export async function promptSecret(cli: Cli, question: string): Promise<string> {
  const { stdin, stderr } = cli.deps;
  if (stdin.isTTY !== true) {
    throw new CommandError(
      'usage',
      'There is no terminal to ask for the secret on. Give it with --credential-file, - for stdin.',
    );
  }
  stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: silent, terminal: true });
  // In raw mode Ctrl-C is a key like any other.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const typed = await terminal.question('', { signal: cli.signal }).catch((error: unknown) => {
      cli.signal.throwIfAborted();
      throw error;
    });
    const answer = typed.trim();
    if (answer === '') throw new CommandError('usage', 'Nothing was typed.');
    return answer;
  } finally {
    terminal.close();
    stderr.write('\n');
  }
}

/** Asks a question that `y` or `yes` says yes to. Only where stdin is a terminal. */
export async function promptYes(cli: Cli, question: string): Promise<boolean> {
  const { stdin, stderr } = cli.deps;
  const terminal = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY === true });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: cli.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
