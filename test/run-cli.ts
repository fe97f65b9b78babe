import { PassThrough } from 'node:stream';
import { runCli } from '../src/cli/program.ts';
import { UsherError } from '../src/lib/errors.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command in this process, without a terminal. */
export async function runUsher(
  args: readonly string[],
  options: { readonly server?: string; readonly token?: string; readonly stdin?: string } = {},
): Promise<CliRun> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const texts = [stdout, stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  stdin.end(options.stdin ?? '');
  const code = await runCli(['node', 'usher', ...args], {
    startUsher: () => Promise.reject(new UsherError('internal', 'No server is started in this test.')),
    version: '1.2.3',
    environment: {
      ...(options.server === undefined ? {} : { USHER_SERVER: options.server }),
      ...(options.token === undefined ? {} : { USHER_TOKEN: options.token }),
    },
    stdin,
    stdout,
    stderr,
  });
  const [out = '', err = ''] = texts.map((chunks) => Buffer.concat(chunks).toString());
  return { code, stdout: out, stderr: err };
}
