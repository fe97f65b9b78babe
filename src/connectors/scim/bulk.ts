import type { AccountChange, BulkOperation, BulkOutcome, DesiredAccount, WriteResult } from '../contract.ts';
import { asUsherError, UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { systemClock } from '../../lib/clock.ts';
import { failureOf, statusOf } from './errors.ts';
import type { ScimHttp } from './http.ts';
import type { Learned } from './learned.ts';

/** The single operations a bulk falls back to, and the parts of them a bulk needs. */
export interface SingleOperations {
  /** The body of the POST that would create this account. */
  createBody(desired: DesiredAccount): JsonObject;
  /** Judges the answer to a create as if it had come alone. */
  created(desired: DesiredAccount, resource: JsonObject | undefined, signal: AbortSignal): Promise<WriteResult>;
  create(desired: DesiredAccount, signal: AbortSignal): Promise<WriteResult>;
  update(id: ExternalId, change: AccountChange, signal: AbortSignal): Promise<WriteResult>;
}

/**
 * Carries out many operations: creates in one bulk request within the app's limits, the rest one by one (changes
 * need the dialect ladder). An app whose bulk does not work is never asked again; its creates then go one by one.
 * Outcomes are in the order of the operations.
 */
export async function runBulk(
  http: ScimHttp,
  learned: Learned,
  single: SingleOperations,
  operations: readonly BulkOperation[],
  signal: AbortSignal,
): Promise<readonly BulkOutcome[]> {
  const outcomes = new Map<BulkOperation, BulkOutcome>();
  const creates = operations.filter((operation) => operation.kind === 'create');
  for (const batch of batches(creates, single, learned)) {
    const results = learned.facts.bulk === 'broken' ? undefined : await sendBatch(http, learned, single, batch, signal);
    for (const [at, operation] of batch.entries()) {
      const outcome = results?.[at] ?? (await attempt(single.create(operation.desired, signal)));
      outcomes.set(operation, outcome);
    }
  }
  for (const operation of operations) {
    if (operation.kind === 'update') {
      outcomes.set(operation, await attempt(single.update(operation.externalId, operation.change, signal)));
    }
  }
  return operations.map((operation) => outcomes.get(operation) ?? lostOutcome(http.host));
}

type Create = Extract<BulkOperation, { kind: 'create' }>;

/** One bulk request. Undefined when the app refused it as a whole, so that nothing of it was carried out. */
async function sendBatch(
  http: ScimHttp,
  learned: Learned,
  single: SingleOperations,
  batch: readonly Create[],
  signal: AbortSignal,
): Promise<readonly BulkOutcome[] | undefined> {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: batch.map((operation, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `u${at}`,
      data: single.createBody(operation.desired),
    })),
  };
  try {
    const answer = await http.send('POST', '/Bulk', signal, body);
    const results = resultsOf(answer.body);
    if (results.size === batch.length && learned.facts.bulk !== 'works') learned.set({ bulk: 'works' });
    return await Promise.all(
      batch.map((operation, at) => judge(http, single, operation, results.get(`u${at}`), signal)),
    );
  } catch (error) {
    if ([400, 403, 404, 405, 413, 501].includes(statusOf(error) ?? 0)) {
      learned.set({ bulk: 'broken' });
      return undefined;
    }
    return batch.map(() => ({ ok: false, error }));
  }
}

async function judge(
  http: ScimHttp,
  single: SingleOperations,
  { desired }: Create,
  result: JsonObject | undefined,
  signal: AbortSignal,
): Promise<BulkOutcome> {
  if (!result) return lostOutcome(http.host);
  const raw = result['status'];
  const status = Number(isJsonObject(raw) ? raw['code'] : raw);
  const response = result['response'];
  if (status >= 200 && status < 300) {
    return attempt(single.created(desired, isJsonObject(response) ? response : undefined, signal));
  }
  const answer = { status, headers: {}, body: response === undefined ? '' : JSON.stringify(response) };
  const context = {
    method: 'POST',
    host: http.host,
    onResource: false,
    now: systemClock.now(),
    redact: http.redact,
  } as const;
  return { ok: false, error: failureOf(answer, context) };
}

function resultsOf(body: JsonObject | undefined): ReadonlyMap<string, JsonObject> {
  const results = body?.['Operations'];
  const rows = Array.isArray(results) ? results.filter((row: Json) => isJsonObject(row)) : [];
  return new Map(rows.map((row) => [String(row['bulkId']), row]));
}

/** Creates in groups that keep to the number and the bytes the app takes at once. */
function batches(creates: readonly Create[], single: SingleOperations, learned: Learned): Create[][] {
  const { bulkOperationsMax = 100, bulkPayloadBytesMax = 1024 * 1024 } = learned.facts;
  const all: Create[][] = [];
  let bytes = Infinity;
  for (const create of creates) {
    const size = Buffer.byteLength(JSON.stringify(single.createBody(create.desired))) + operationOverheadBytes;
    const last = all.at(-1);
    if (!last || last.length >= bulkOperationsMax || bytes + size > bulkPayloadBytesMax - operationOverheadBytes) {
      all.push([create]);
      bytes = size;
    } else {
      last.push(create);
      bytes += size;
    }
  }
  return all;
}

/** Method, path, bulkId and punctuation around one operation's data, generously. */
const operationOverheadBytes = 200;

function lostOutcome(host: string): BulkOutcome {
  const message = `${host} answered a bulk request without saying what came of this account.`;
  return { ok: false, error: new UsherError('app_bad_answer', message, { outcomeUnknown: true }) };
}

async function attempt(work: Promise<WriteResult>): Promise<BulkOutcome> {
  try {
    return { ok: true, result: await work };
  } catch (error) {
    return { ok: false, error: asUsherError(error) };
  }
}
