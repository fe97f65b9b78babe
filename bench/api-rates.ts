import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Load } from './api-load.ts';
import { idOf, personOf } from './api-operations.ts';
import type { Organization } from './api-organization.ts';

/** Requests a second, of one round. */
export interface Rates {
  readonly bare: number;
  readonly full: number;
}

const inFlight = 32;
const durationMs = 2_000;
/** Ids asked for in turns: more than would be answered from one page of memory. */
const idsAsked = 5_000;

/** GET /api/v1/users/{id}. */
export function fullRate(organization: Organization): Promise<number> {
  return rate(organization, organization.url, '/api/v1/users/');
}

/** The bare route, which runs the same statement and answers with its row. */
export function bareRate(organization: Organization): Promise<number> {
  return rate(organization, organization.bareUrl, '/users/');
}

async function rate(organization: Organization, url: string, path: string): Promise<number> {
  const paths = Array.from({ length: idsAsked }, (_, index) => `${path}${idOf(personOf(organization, index))}`);
  const load: Load = { url, paths, authorization: organization.authorization, inFlight, durationMs };
  const worker = new Worker(new URL('./api-load.js', import.meta.url), { workerData: load });
  const [perSecond]: unknown[] = await once(worker, 'message');
  await worker.terminate();
  if (typeof perSecond !== 'number') throw new Error('The load said nothing.');
  return perSecond;
}
