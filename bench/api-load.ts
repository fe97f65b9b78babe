import { parentPort, workerData } from 'node:worker_threads';
import { Pool } from 'undici';

/** Runs in a thread of its own, so that what clients cost is no part of what the server costs. */
export interface Load {
  readonly url: string;
  readonly paths: readonly string[];
  readonly authorization: string;
  readonly inFlight: number;
  readonly durationMs: number;
}

const { url, paths, authorization, inFlight, durationMs }: Load = workerData;
const client = new Pool(url, { connections: inFlight });
const until = performance.now() + durationMs;
let answers = 0;

async function callInTurn(first: number): Promise<void> {
  for (let index = first; performance.now() < until; index += inFlight) {
    const path = paths[index % paths.length] ?? '/';
    const { statusCode, body } = await client.request({ method: 'GET', path, headers: { authorization } });
    await body.dump();
    if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}.`);
    answers += 1;
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: inFlight }, (_, first) => callInTurn(first)));
const perSecond = (answers * 1_000) / (performance.now() - started);
await client.close();
parentPort?.postMessage(perSecond);
