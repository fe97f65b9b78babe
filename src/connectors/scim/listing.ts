import { createHash } from 'node:crypto';
import { UsherError } from '../../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { badAnswer } from './errors.ts';
import type { ScimHttp } from './http.ts';
import { readId } from './resource.ts';

export type Collection = '/Users' | '/Groups';

export interface Page {
  /** Each resource once; all have a usable id. */
  readonly resources: readonly JsonObject[];
  /** Undefined once the app has nothing new to show. */
  readonly next: string | undefined;
}

/** More rows than any directory holds; an app that never ends its listing is stopped here. */
const rowsMax = 5_000_000;

/**
 * One page of a collection. Ends at an empty page or at one that repeats the page before: what the app says about
 * totals and page sizes is not used, so short pages, capped pages and an ignored `startIndex` are all read to the end.
 *
 * @param cursor what the page before gave as `next`; it holds all there is to know, so another process may go on.
 */
export async function readPage(
  http: ScimHttp,
  collection: Collection,
  cursor: string | undefined,
  pageSize: number,
  signal: AbortSignal,
  attributes = '',
): Promise<Page> {
  const { startIndex, seen } = readCursor(cursor);
  const answer = await http.send(
    'GET',
    `${collection}?startIndex=${startIndex}&count=${pageSize}${attributes}`,
    signal,
  );
  const rows = readRows(http, answer.body);
  const byId = new Map(rows.map((row) => [idOf(http, row), row]));
  const fingerprint = fingerprintOf([...byId.keys()]);
  if (rows.length === 0 || fingerprint === seen) return { resources: [], next: undefined };
  const next = startIndex + rows.length;
  if (next > rowsMax) throw badAnswer(http.host, `lists more than ${rowsMax} rows and does not come to an end.`, 'GET');
  return { resources: [...byId.values()], next: `${next}:${fingerprint}` };
}

/** Every resource of a collection, each once. */
export async function* readAll(
  http: ScimHttp,
  collection: Collection,
  pageSize: number,
  signal: AbortSignal,
  attributes = '',
): AsyncGenerator<JsonObject> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(http, collection, cursor, pageSize, signal, attributes);
    for (const resource of page.resources) {
      const id = idOf(http, resource);
      if (ids.has(id)) continue;
      ids.add(id);
      yield resource;
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The rows of a ListResponse. No `Resources` is an empty page, unless the app claims to have rows. */
export function readRows(http: ScimHttp, body: JsonObject | undefined): readonly JsonObject[] {
  const rows = body?.['Resources'];
  if (Array.isArray(rows)) return rows.filter((row: Json) => isJsonObject(row));
  if (body && (rows === undefined || rows === null) && Number(body['totalResults']) === 0) return [];
  throw badAnswer(http.host, 'answered a listing without Resources. Check the base URL.', 'GET');
}

function idOf(http: ScimHttp, row: JsonObject): string {
  const id = readId(row);
  if (id === undefined) throw badAnswer(http.host, 'lists a resource without an id, so it cannot be managed.', 'GET');
  return id;
}

function readCursor(cursor: string | undefined): { startIndex: number; seen: string } {
  if (cursor === undefined) return { startIndex: 1, seen: '' };
  const match = /^(\d{1,9}):([\w-]+)$/.exec(cursor);
  if (!match)
    throw new UsherError('invalid_input', 'This listing cannot be continued: its cursor is not ours. Start it anew.');
  return { startIndex: Number(match[1]), seen: match[2] ?? '' };
}

/** Names a page by the ids on it. */
function fingerprintOf(ids: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 16);
}
