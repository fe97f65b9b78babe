import type { ConnectionFinding } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { ScimHttp } from './http.ts';
import type { Learned } from './learned.ts';
import { readRows } from './listing.ts';

/**
 * Looks at the app without changing anything. The listing of accounts must work; everything else is a hint.
 * @throws {UsherError} the first thing that makes provisioning impossible.
 */
export async function testConnection(
  http: ScimHttp,
  learned: Learned,
  signal: AbortSignal,
): Promise<ConnectionFinding[]> {
  const { body } = await http.send('GET', '/Users?startIndex=1&count=2', signal);
  readRows(http, body);
  learned.forgetFailures();
  const accounts = { subject: 'Accounts', ok: true, detail: `${http.host} lets us in and lists its accounts.` };
  return [accounts, await findGroups(http, learned, signal), await readConfig(http, learned, signal)];
}

async function findGroups(http: ScimHttp, learned: Learned, signal: AbortSignal): Promise<ConnectionFinding> {
  try {
    const { body } = await http.send('GET', '/Groups?startIndex=1&count=1', signal);
    readRows(http, body);
    learned.set({ groups: true });
    return { subject: 'Groups', ok: true, detail: 'Groups can be read.' };
  } catch (error) {
    const failure = hint(error);
    // Only an app that says it has no groups is without them; a failure may pass.
    if ([404, 405, 501].includes(failure.appAnswer?.status ?? 0)) learned.set({ groups: false });
    return { subject: 'Groups', ok: false, detail: failure.message };
  }
}

async function readConfig(http: ScimHttp, learned: Learned, signal: AbortSignal): Promise<ConnectionFinding> {
  const subject = 'Capabilities';
  try {
    const { body } = await http.send('GET', '/ServiceProviderConfig', signal);
    const config = body ?? {};
    learned.set({ etag: isSupported(config['etag']) });
    if (!isSupported(config['patch']) && config['patch'] !== undefined && learned.facts.updateDialect === undefined) {
      learned.set({ updateDialect: 'put', activeDialect: 'put' });
    }
    learnBulk(config['bulk'], learned);
    const names = ['patch', 'bulk', 'etag', 'filter'].filter((name) => isSupported(config[name]));
    return { subject, ok: true, detail: `The app says it supports: ${names.join(', ') || 'none of the options'}.` };
  } catch (error) {
    return {
      subject,
      ok: false,
      detail: `The app does not describe itself; what it can do is found out in use. ${hint(error).message}`,
    };
  }
}

function learnBulk(bulk: Json | undefined, learned: Learned): void {
  if (!isSupported(bulk) || !isJsonObject(bulk) || learned.facts.bulk === 'works') return;
  const operations = Number(bulk['maxOperations']);
  const bytes = Number(bulk['maxPayloadSize']);
  learned.set({
    bulk: 'advertised',
    ...(Number.isInteger(operations) && operations > 0 ? { bulkOperationsMax: operations } : {}),
    ...(Number.isInteger(bytes) && bytes > 0 ? { bulkPayloadBytesMax: bytes } : {}),
  });
}

function isSupported(option: Json | undefined): boolean {
  return isJsonObject(option) && String(option['supported']).toLowerCase() === 'true';
}

/** The failure of an optional request; what ends the connection altogether goes on. */
function hint(error: unknown): UsherError {
  if (error instanceof UsherError && error.appAnswer !== undefined && error.code !== 'app_rate_limited') return error;
  throw error;
}

/** The schema documents of the app, by URN; empty where it does not show them. */
export async function readSchemas(http: ScimHttp, signal: AbortSignal): Promise<ReadonlyMap<string, JsonObject>> {
  try {
    const { body } = await http.send('GET', '/Schemas', signal);
    return new Map(readRows(http, body).map((row) => [String(row['id']), row]));
  } catch (error) {
    hint(error);
    return new Map();
  }
}

/** The URNs of the schema of accounts, the core first; undefined where the app does not say. */
export async function readUserSchemaUrns(http: ScimHttp, signal: AbortSignal): Promise<readonly string[] | undefined> {
  try {
    const { body } = await http.send('GET', '/ResourceTypes', signal);
    const user = readRows(http, body).find((row) => String(row['endpoint']).toLowerCase().endsWith('/users'));
    if (!user) return undefined;
    const extensions = user['schemaExtensions'];
    const urns = Array.isArray(extensions)
      ? extensions.map((item: Json) => (isJsonObject(item) ? item['schema'] : null))
      : [];
    return [user['schema'] ?? null, ...urns].filter((urn) => typeof urn === 'string');
  } catch (error) {
    hint(error);
    return undefined;
  }
}
