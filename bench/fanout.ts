import { changeLatency } from './change-latency.ts';
import { openEmbedded, openServer } from './databases.ts';
import { groupAssignment } from './group-assignment.ts';
import type { BenchOptions } from './options.ts';
import type { Findings } from './report.ts';

/** From a change in the directory to work for the engine: DESIGN section 9, lines 4 and 5. */
export async function fanout(options: BenchOptions): Promise<Findings> {
  const { databaseUrl } = options;
  const openMain = databaseUrl === undefined ? openEmbedded : () => openServer(databaseUrl);
  const parts = [await groupAssignment(openMain, options)];
  if (databaseUrl !== undefined) parts.push(await groupAssignment(openEmbedded, options));
  parts.push(await changeLatency(openMain, options));
  return {
    tables: parts.flatMap((part) => part.tables),
    judged: parts.flatMap((part) => part.judged),
    databases: [...new Set(parts.flatMap((part) => part.databases))],
    raw: parts.map((part) => part.raw),
  };
}
