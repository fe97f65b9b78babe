import type {
  AccountChange,
  BulkOperation,
  BulkOutcome,
  Connection,
  DesiredAccount,
  WriteResult,
} from '../contract.ts';
import { systemClock } from '../../lib/clock.ts';
import { asUsherError, UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { ScimApp } from './app.ts';
import { accountCreated, createAccount, newResource } from './create.ts';
import { failureOf, statusOf } from './errors.ts';
import type { Learned } from './learned.ts';
import { entriesOf, type Entry } from './verify.ts';

type Update = (id: ExternalId, change: AccountChange, signal: AbortSignal) => Promise<WriteResult>;

/**
 * Many writes at once, for apps that say they can. Creates go in bulk requests within the app's limits; changes go
 * one by one, because they need the dialect ladder. An app whose bulk turns out not to work is never asked again.
 */
export function bulkOf(app: ScimApp, update: Update): Connection['bulk'] {
  const { bulk, bulkOperationsMax } = app.learned.facts;
  if (bulk !== 'advertised' && bulk !== 'works') return undefined;
  return {
    operationsMax: bulkOperationsMax ?? bulkOperationsDefault,
    run: (operations, signal) => run(app, update, operations, signal),
  };
}

/** For apps that support bulk and do not say how much of it. */
const bulkOperationsDefault = 100;
const bulkPayloadBytesDefault = 1024 * 1024;

interface Create {
  readonly desired: DesiredAccount;
  readonly entries: readonly Entry[];
  readonly body: JsonObject;
}

async function run(
  app: ScimApp,
  update: Update,
  operations: readonly BulkOperation[],
  signal: AbortSignal,
): Promise<readonly BulkOutcome[]> {
  const outcomes = new Map<DesiredAccount, BulkOutcome>();
  const creates = operations.filter((operation) => operation.kind === 'create');
  for (const batch of batches(
    creates.map(({ desired }) => createOf(app, desired)),
    app.learned,
  )) {
    const results = app.learned.facts.bulk === 'broken' ? undefined : await sendBatch(app, batch, signal);
    for (const [at, { desired }] of batch.entries()) {
      outcomes.set(desired, results?.[at] ?? (await attempt(createAccount(app, desired, signal))));
    }
  }
  const ordered: BulkOutcome[] = [];
  for (const operation of operations) {
    if (operation.kind === 'create') ordered.push(outcomes.get(operation.desired) ?? lostOutcome(app.http.host));
    else ordered.push(await attempt(update(operation.externalId, operation.change, signal)));
  }
  return ordered;
}

/** One bulk request. Undefined when the app refused it as a whole, so that nothing of it was carried out. */
async function sendBatch(
  app: ScimApp,
  batch: readonly Create[],
  signal: AbortSignal,
): Promise<readonly BulkOutcome[] | undefined> {
  const operations = batch.map(({ body }, at) => ({ method: 'POST', path: '/Users', bulkId: `u${at}`, data: body }));
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
  try {
    const answer = await app.http.send('POST', '/Bulk', signal, { schemas, Operations: operations });
    const results = resultsOf(answer.body);
    if (results.size === batch.length && app.learned.facts.bulk !== 'works') app.learned.set({ bulk: 'works' });
    return await Promise.all(batch.map((create, at) => judge(app, create, results.get(`u${at}`), signal)));
  } catch (error) {
    if (![400, 403, 404, 405, 413, 501].includes(statusOf(error) ?? 0)) return batch.map(() => ({ ok: false, error }));
    app.learned.set({ bulk: 'broken' });
    return undefined;
  }
}

async function judge(
  app: ScimApp,
  { desired, entries }: Create,
  result: JsonObject | undefined,
  signal: AbortSignal,
): Promise<BulkOutcome> {
  const { host, redact } = app.http;
  if (!result) return lostOutcome(host);
  const raw = result['status'];
  const status = Number(isJsonObject(raw) ? raw['code'] : raw);
  const response = result['response'];
  if (status >= 200 && status < 300) {
    return attempt(accountCreated(app, desired, entries, isJsonObject(response) ? response : undefined, signal));
  }
  const answer = { status, headers: {}, body: response === undefined ? '' : JSON.stringify(response) };
  const context = { method: 'POST', host, onResource: false, now: systemClock.now(), redact } as const;
  return { ok: false, error: failureOf(answer, context) };
}

function createOf(app: ScimApp, desired: DesiredAccount): Create {
  const entries = entriesOf(desired.profile, app.layout);
  return { desired, entries, body: newResource(desired, entries) };
}

function resultsOf(body: JsonObject | undefined): ReadonlyMap<string, JsonObject> {
  const results = body?.['Operations'];
  const rows = Array.isArray(results) ? results.filter((row: Json) => isJsonObject(row)) : [];
  return new Map(rows.map((row) => [String(row['bulkId']), row]));
}

/** Creates in groups that keep to the number and the bytes the app takes at once. */
function batches(creates: readonly Create[], { facts }: Learned): Create[][] {
  const { bulkOperationsMax = bulkOperationsDefault, bulkPayloadBytesMax = bulkPayloadBytesDefault } = facts;
  const all: Create[][] = [];
  let bytes = 0;
  for (const create of creates) {
    const size = Buffer.byteLength(JSON.stringify(create.body)) + operationOverheadBytes;
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

/** Method, path, bulkId and punctuation around one operation's data, generously; and as much around them all. */
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
