import type { AccountQuery } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { foldName } from '../../lib/text.ts';
import { statusOf } from './errors.ts';
import type { ScimHttp } from './http.ts';
import type { Facts, Learned } from './learned.ts';
import type { Place } from './layout.ts';
import { readAll, readRows, type Collection } from './listing.ts';
import { readEmails, readId, readPlace } from './resource.ts';
import { sameName } from './verify.ts';

export interface Matcher {
  /**
   * The resource of this person: by our key, then by user name in any letter case, then by e-mail; or by our key and
   * the unique key, where there is one. A hit of a filter is compared here before it counts; a filter that cannot be trusted is replaced by a reading of all.
   * @throws {UsherError} `app_ambiguous`
   */
  find(query: AccountQuery, signal: AbortSignal): Promise<JsonObject | undefined>;
}

/** What accounts are recognised by instead of user name and e-mail: our key alone, or besides it the text at a place. */
export type UniqueKey = 'externalId' | Place;

export function openMatcher(
  http: ScimHttp,
  learned: Learned,
  pageSize: number,
  read: (id: ExternalId, signal: AbortSignal) => Promise<JsonObject | undefined>,
  unique?: UniqueKey,
): Matcher {
  const place = unique === 'externalId' ? undefined : unique;
  const way: Way = { http, learned, nextScan: openScanner(http, pageSize, place), read, unique };
  return { find: (query, signal) => find(way, query, signal) };
}

interface Way {
  readonly http: ScimHttp;
  readonly learned: Learned;
  /** Reads all accounts, beginning after the call. */
  nextScan(signal: AbortSignal): Promise<readonly Entry[]>;
  read(id: ExternalId, signal: AbortSignal): Promise<JsonObject | undefined>;
  readonly unique: UniqueKey | undefined;
}

async function find(way: Way, query: AccountQuery, signal: AbortSignal): Promise<JsonObject | undefined> {
  const { http } = way;
  const byKey = (row: JsonObject): boolean => String(row['externalId']) === query.correlationId;
  const asked = await ask(way, 'filterExternalId', 'externalId', query.correlationId, byKey, signal);
  const keyed = asked ?? [];
  const own = oneRow(http, query, keyed);
  if (own) return own;
  if (way.unique === 'externalId') return asked ? undefined : findByScan(way, query, signal);
  if (way.unique !== undefined) return findByPlace(way, way.unique, query, signal);

  const named = await askUserName(way, query.userName, signal);
  if (!named) return findByScan(way, query, signal);
  const same = one(
    http,
    query,
    exactFirst(
      named.map((row) => entryOf(row)),
      query.userName,
    ),
  );
  if (same) return named.find((row) => readId(row) === same.id);

  const { email } = query;
  if (email === undefined) return undefined;
  const byEmail = (row: JsonObject): boolean => hasEmail(row, email);
  const mailed = await ask(way, 'filterEmail', 'emails.value', email, byEmail, signal);
  if (!mailed) return findByScan(way, query, signal);
  return oneRow(http, query, mailed);
}

/** Rows a filter gives are compared here; where it gives others only, or is not taken, all accounts are read. */
async function findByPlace(
  way: Way,
  place: Place,
  query: AccountQuery,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const { http } = way;
  const { unique } = query;
  if (unique === undefined) return undefined;
  const rows = await askFilter(http, filterPath(place), unique, signal, false);
  if (typeof rows === 'string') return findByScan(way, query, signal);
  const hits = rows.filter((row) => readId(row) !== undefined && uniqueText(row, place) === unique.toLowerCase());
  if (hits.length === 0 && rows.length > 0) return findByScan(way, query, signal);
  return oneRow(http, query, hits);
}

/** Of several elements the filter may hit another one: which one was hit is looked at in the answer. */
function filterPath({ urn, attribute, sub }: Place): string {
  return `${urn === undefined ? '' : `${urn}:`}${attribute}${sub === undefined ? '' : `.${sub}`}`;
}

/** In lower case; empty for an account without. */
function uniqueText(row: JsonObject, place: Place): string {
  const value = readPlace(row, place);
  return typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
}

/** The rows for which `matches` holds, or undefined when the filter is not to be relied on. */
async function ask(
  { http, learned }: Way,
  fact: FilterFact,
  attribute: string,
  value: string,
  matches: (row: JsonObject) => boolean,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | undefined> {
  const known = learned.facts[fact];
  if (known === 'broken') return undefined;
  const rows = await askFilter(http, attribute, value, signal, known !== undefined);
  if (rows === 'failed') return undefined;
  const hits = rows === 'unsupported' ? [] : rows.filter((row) => matches(row) && readId(row) !== undefined);
  if (rows === 'unsupported' || hits.length < rows.length) {
    learned.set({ [fact]: 'broken' });
    return hits.length === 0 ? undefined : hits;
  }
  if (hits.length > 0 && fact !== 'filterUserName' && known === undefined) learned.set({ [fact]: 'works' });
  return hits;
}

async function askUserName(
  way: Way,
  userName: string,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | undefined> {
  const { http, learned } = way;
  const matches = (row: JsonObject): boolean => sameName(userName, row['userName']);
  for (const form of new Set([userName, userName.toLowerCase()])) {
    const hits = await ask(way, 'filterUserName', 'userName', form, matches, signal);
    if (hits && hits.length > 0) return hits;
  }
  // No hit means something only where the filter is known to find names in another letter case.
  const proven = learned.facts.filterUserName ?? (await proveUserNameFilter(http, learned, signal));
  return proven === 'ignoresCase' || proven === 'no accounts' ? [] : undefined;
}

async function findByScan(way: Way, query: AccountQuery, signal: AbortSignal): Promise<JsonObject | undefined> {
  const entries = await way.nextScan(signal);
  const folded = foldName(query.userName);
  const email = query.email?.toLowerCase();
  const unique = query.unique?.toLowerCase();
  const keyed = entries.filter((entry) => entry.key === query.correlationId);
  const alike = unique === undefined ? [] : entries.filter((entry) => entry.unique === unique);
  const usual = () => [
    keyed,
    exactFirst(
      entries.filter((entry) => foldName(entry.userName) === folded),
      query.userName,
    ),
    email === undefined ? [] : entries.filter((entry) => entry.emails.includes(email)),
  ];
  const tiers = way.unique === undefined ? usual() : [keyed, way.unique === 'externalId' ? [] : alike];
  const found = one(way.http, query, tiers.find((tier) => tier.length > 0) ?? []);
  return found && way.read(found.id, signal);
}

type FilterFact = 'filterUserName' | 'filterExternalId' | 'filterEmail';

/**
 * Rows for `attribute eq "value"`. `unsupported` where the app says it cannot filter so, `failed` where it broke over
 * it; a filter that worked before is not blamed for that, so then the failure is thrown. 404 is some apps' "none".
 */
export async function askFilter(
  http: ScimHttp,
  attribute: string,
  value: string,
  signal: AbortSignal,
  proven: boolean,
  collection: Collection = '/Users',
): Promise<readonly JsonObject[] | 'unsupported' | 'failed'> {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
  try {
    const answer = await http.send('GET', `${collection}?filter=${filter}&startIndex=1&count=100`, signal);
    return readRows(http, answer.body);
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return [];
    if (status !== undefined && unsupportedStatuses.has(status)) return 'unsupported';
    if (status === 500 && !proven) return 'failed';
    throw error;
  }
}

const unsupportedStatuses = new Set([400, 405, 406, 413, 414, 422, 501]);

/** Tries the filter on an account that exists, in its own and in the other letter case. */
async function proveUserNameFilter(
  http: ScimHttp,
  learned: Learned,
  signal: AbortSignal,
): Promise<NonNullable<Facts['filterUserName']> | 'no accounts'> {
  const rows = readRows(http, (await http.send('GET', '/Users?startIndex=1&count=10', signal)).body);
  const names = rows.map((row) => row['userName']).filter((name) => typeof name === 'string');
  const name = names.find((candidate) => swapCase(candidate) !== candidate) ?? names[0];
  if (name === undefined) return 'no accounts';
  const finds = async (asked: string): Promise<boolean> => {
    const found = await askFilter(http, 'userName', asked, signal, false);
    return typeof found !== 'string' && found.length > 0 && found.every((row) => sameName(name, row['userName']));
  };
  const verdict = !(await finds(name)) ? 'broken' : (await finds(swapCase(name))) ? 'ignoresCase' : 'exact';
  learned.set({ filterUserName: verdict });
  return verdict;
}

function swapCase(text: string): string {
  const upper = text.toUpperCase();
  return text === upper ? text.toLowerCase() : upper;
}

interface Entry {
  readonly id: ExternalId;
  readonly userName: string;
  readonly key: string;
  /** In lower case. */
  readonly emails: readonly string[];
  /** What is at the unique key's place, in lower case. */
  readonly unique: string;
}

/**
 * Reads all accounts, keeping what matching needs. Callers that come while a reading waits to begin share it; one
 * that is under way is never joined, because it may have passed the account that was made a moment ago.
 */
function openScanner(
  http: ScimHttp,
  pageSize: number,
  unique: Place | undefined,
): (signal: AbortSignal) => Promise<readonly Entry[]> {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<readonly Entry[]> | undefined;
  return (signal) => {
    if (waiting) return waiting;
    const scan = running.then(() => {
      waiting = undefined;
      return scanAll(http, pageSize, unique, signal);
    });
    waiting = scan;
    running = scan.catch(() => undefined);
    return scan;
  };
}

async function scanAll(
  http: ScimHttp,
  pageSize: number,
  unique: Place | undefined,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const row of readAll(http, '/Users', pageSize, signal)) entries.push(entryOf(row, unique));
  return entries;
}

function entryOf(row: JsonObject, unique?: Place): Entry {
  const { userName, externalId } = row;
  const id = readId(row);
  if (id === undefined)
    throw new UsherError('app_bad_answer', 'An account of this app has no id, so it cannot be managed.');
  return {
    id,
    userName: typeof userName === 'string' ? userName : '',
    key: typeof externalId === 'string' || typeof externalId === 'number' ? String(externalId) : '',
    emails: readEmails(row).map((email) => email.toLowerCase()),
    unique: unique === undefined ? '' : uniqueText(row, unique),
  };
}

/** A name in the very letters asked for goes before its look-alikes. */
function exactFirst(entries: readonly Entry[], userName: string): readonly Entry[] {
  const exact = entries.filter((entry) => entry.userName === userName);
  return exact.length > 0 ? exact : entries;
}

function oneRow(http: ScimHttp, query: AccountQuery, rows: readonly JsonObject[]): JsonObject | undefined {
  const found = one(
    http,
    query,
    rows.map((row) => entryOf(row)),
  );
  return found && rows.find((row) => readId(row) === found.id);
}

function one(http: ScimHttp, query: AccountQuery, entries: readonly Entry[]): Entry | undefined {
  const distinct = new Map(entries.map((entry) => [entry.id, entry]));
  if (distinct.size <= 1) return entries[0];
  const ids = [...distinct.keys()].slice(0, 5).join(', ');
  throw new UsherError(
    'app_ambiguous',
    `${http.host} has ${distinct.size} accounts that could be ${query.userName} (${ids}). Link the right one by hand.`,
  );
}

function hasEmail(row: JsonObject, email: string): boolean {
  const wanted = email.toLowerCase();
  return readEmails(row).some((address) => address.toLowerCase() === wanted);
}
