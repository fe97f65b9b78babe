import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { UsherError } from '../../lib/errors.ts';
import { badAnswer, isGone, statusOf } from './errors.ts';
import type { Answer, ScimHttp } from './http.ts';
import { dialects, type Dialect, type Learned } from './learned.ts';
import { needsCurrent, writeRequest } from './dialects.ts';
import { userPath } from './paths.ts';
import { readId } from './resource.ts';
import { isEmpty, isOnlyActive, unmetPart, type Intent } from './verify.ts';

export interface Updater {
  /**
   * Brings one account to what `intent` says, in the dialect that worked before, else in the next one down the
   * ladder. The answer is verified, by reading back where it is silent or doubtful.
   *
   * @returns the resource as the app shows it, with the part it did not keep whatever was tried.
   * @throws {UsherError} `app_account_gone`; what the app said when no dialect was accepted.
   */
  update(id: ExternalId, intent: Intent, signal: AbortSignal): Promise<Outcome>;
  /** The resource with its version, or undefined when the app says it is gone. */
  read(id: ExternalId, signal: AbortSignal): Promise<Answer | undefined>;
}

export interface Outcome {
  readonly resource: JsonObject;
  readonly unmet: Intent;
}

/** One attempt of the ladder; `informed` sends `path` again after a look at which elements there are. */
interface Rung {
  readonly dialect: Dialect;
  readonly informed: boolean;
}

export function openUpdater(http: ScimHttp, learned: Learned, method: 'PATCH' | 'PUT' | undefined): Updater {
  const way: Way = { http, learned, method };
  return {
    read: (id, signal) => read(way, id, signal),
    async update(id, intent, signal) {
      const outcome = await climb(way, id, intent, signal);
      learnIgnored(learned, intent, outcome.unmet);
      return outcome;
    },
  };
}

interface Way {
  readonly http: ScimHttp;
  readonly learned: Learned;
  readonly method: 'PATCH' | 'PUT' | undefined;
}

async function climb(way: Way, id: ExternalId, intent: Intent, signal: AbortSignal): Promise<Outcome> {
  const { learned } = way;
  const fact = isOnlyActive(intent) ? 'activeDialect' : 'updateDialect';
  const proven = learned.facts[fact];
  let pending = intent;
  let outcome: Outcome | undefined;
  let refusal: unknown;
  for (const rung of ladder(fact, proven, way.method)) {
    if (rung.informed && !pending.entries.some(({ place }) => place.element)) continue;
    try {
      outcome = await verify(way, id, pending, await send(way, rung, id, pending, signal), signal);
    } catch (error) {
      await checkRefused(way, id, error, rung.dialect === proven, signal);
      refusal = moreTelling(refusal, error);
      continue;
    }
    pending = worthChasing(outcome.unmet, learned);
    if (!isEmpty(pending)) continue;
    if (proven === undefined) learned.set({ [fact]: rung.dialect });
    break;
  }
  if (!outcome) return alreadySo(way, id, intent, refusal, signal);
  return { resource: outcome.resource, unmet: unmetPart(intent, outcome.resource) };
}

/** Some apps refuse to do again what is done, such as deactivating an inactive account. A password does not show. */
async function alreadySo(
  way: Way,
  id: ExternalId,
  intent: Intent,
  refusal: unknown,
  signal: AbortSignal,
): Promise<Outcome> {
  if (intent.password !== undefined) throw refusal;
  const resource = (await read(way, id, signal).catch(() => undefined))?.body;
  const unmet = resource && unmetPart(intent, resource);
  if (!resource || !unmet || !isEmpty(unmet)) throw refusal;
  return { resource, unmet };
}

async function send(way: Way, rung: Rung, id: ExternalId, intent: Intent, signal: AbortSignal): Promise<Answer> {
  const { http, learned } = way;
  const { activeDialect, etag } = learned.facts;
  const look = rung.informed || needsCurrent(rung.dialect, intent);
  const current = look ? await readOrThrow(way, id, signal) : undefined;
  const request = writeRequest(rung.dialect, intent, current?.body, activeDialect);
  const version = current && etag ? versionOf(current) : undefined;
  try {
    return await http.send(request.method, userPath(id), signal, request.body, version);
  } catch (error) {
    if (statusOf(error) !== 412 || version === undefined) throw error;
    // Somebody changed the account between our read and our write: once more, on what it is now.
    const fresh = await readOrThrow(way, id, signal);
    const again = writeRequest(rung.dialect, intent, fresh.body, activeDialect);
    return http.send(again.method, userPath(id), signal, again.body, versionOf(fresh));
  }
}

/** What the app shows after a write: its answer if that tells all, else a fresh read. */
async function verify(way: Way, id: ExternalId, intent: Intent, answer: Answer, signal: AbortSignal): Promise<Outcome> {
  const { body } = answer;
  if (body && readId(body) === id && typeof body['userName'] === 'string') {
    const unmet = unmetPart(intent, body);
    const silentOnActive = intent.active !== undefined && body['active'] === undefined;
    if (isEmpty(worthChasing(unmet, way.learned)) && !silentOnActive) return { resource: body, unmet };
  }
  const { body: resource } = await readOrThrow(way, id, signal);
  return { resource, unmet: unmetPart(intent, resource) };
}

/** Returns when the failure means "not in this form", so that the next dialect may be tried. */
async function checkRefused(
  way: Way,
  id: ExternalId,
  error: unknown,
  isProven: boolean,
  signal: AbortSignal,
): Promise<void> {
  const status = statusOf(error);
  if (status === undefined || !refusedStatuses.has(status)) throw error;
  if (status === 400 || status === 405 || status === 501) return;
  // 404 may be the account or only the verb, and some apps answer 500 to either: the account itself tells.
  const there = await read(way, id, signal).catch(() => {
    throw error;
  });
  if (!there) throw accountGone(way.http.host, id);
  if (isProven) throw error;
}

async function read({ http }: Way, id: ExternalId, signal: AbortSignal): Promise<Answer | undefined> {
  try {
    return await http.send('GET', userPath(id), signal);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function readOrThrow(way: Way, id: ExternalId, signal: AbortSignal): Promise<Answer & { body: JsonObject }> {
  const answer = await read(way, id, signal);
  if (!answer) throw accountGone(way.http.host, id);
  if (answer.body && readId(answer.body) === id) return { ...answer, body: answer.body };
  throw badAnswer(way.http.host, 'did not answer with the account asked for.', 'GET');
}

export function accountGone(host: string, id: ExternalId): UsherError {
  return new UsherError(
    'app_account_gone',
    `${host} no longer has the account ${id}. It may have been deleted there.`,
    {
      appAnswer: { status: 404, detail: '' },
    },
  );
}

/** Answers that may mean the form of the change rather than the change. */
const refusedStatuses = new Set([400, 404, 405, 406, 410, 415, 422, 500, 501]);

/** `active` alone goes first in the form every server seen understands; profiles in the form with least to send. */
function ladder(
  fact: 'activeDialect' | 'updateDialect',
  proven: Dialect | undefined,
  method: 'PATCH' | 'PUT' | undefined,
): Rung[] {
  const order: readonly Dialect[] =
    method === 'PUT' ? ['put', 'noPath', 'path'] : fact === 'activeDialect' ? ['noPath', 'path', 'put'] : dialects;
  const first = proven === undefined ? order : [proven, ...order.filter((dialect) => dialect !== proven)];
  return first.flatMap((dialect): Rung[] => {
    const plain = { dialect, informed: false };
    return dialect === 'path' ? [plain, { dialect, informed: true }] : [plain];
  });
}

/** Without the attributes known to be ignored: they are reported, but not worth more requests. */
function worthChasing(unmet: Intent, learned: Learned): Intent {
  const ignored = learned.facts.ignoredAttributes ?? [];
  return { ...unmet, entries: unmet.entries.filter(({ place }) => !ignored.includes(place.variable)) };
}

function learnIgnored(learned: Learned, intent: Intent, unmet: Intent): void {
  const known = learned.facts.ignoredAttributes ?? [];
  const missing = unmet.entries.map(({ place }) => place.variable);
  const kept = intent.entries.map(({ place }) => place.variable).filter((variable) => !missing.includes(variable));
  const now = [...new Set([...known, ...missing])].filter((variable) => !kept.includes(variable));
  if (now.length !== known.length || now.some((variable) => !known.includes(variable))) {
    learned.set({ ignoredAttributes: now });
  }
}

/** A refusal of the content says more than one of the verb or the form. */
function moreTelling(first: unknown, second: unknown): unknown {
  const rank = (error: unknown): number => {
    const status = statusOf(error);
    if (status === undefined) return 0;
    return status === 400 || status === 422 ? 3 : status === 500 ? 2 : 1;
  };
  return rank(second) > rank(first) ? second : first;
}

/** An ETag is trusted only when it is the resource's own version: some frameworks send a hash of the body. */
function versionOf({ headers, body }: Answer): string | undefined {
  const meta = body?.['meta'];
  const version = isJsonObject(meta) ? meta['version'] : undefined;
  const etag = headers['etag'];
  return etag !== undefined && etag === version ? etag : undefined;
}
