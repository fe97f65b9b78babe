import { once } from 'node:events';
import type { Query } from './api-client.ts';
import type { Cli } from './cli.ts';

/** Prints a file of any size as it comes, and no faster than it is taken. */
export async function printFile(cli: Cli, path: string, query: Query): Promise<void> {
  for await (const piece of cli.api.download(path, query)) {
    if (!cli.deps.stdout.write(piece)) await once(cli.deps.stdout, 'drain', { signal: cli.signal });
  }
}
