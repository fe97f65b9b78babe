import type { DesiredAccount, WriteResult } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ScimApp } from './app.ts';
import { badAnswer } from './errors.ts';
import { coreUserUrn } from './layout.ts';
import type { Learned } from './learned.ts';
import { readAccount, readActive, readId, readPlace, writePlace, type Draft } from './resource.ts';
import { entriesOf, inSentForm, isKept, onlyActive, sameName, type Entry } from './verify.ts';

/** Creates an account with one request, and verifies from the answer what came of it. */
export async function createAccount(app: ScimApp, desired: DesiredAccount, signal: AbortSignal): Promise<WriteResult> {
  const entries = entriesOf(desired.profile, app.layout);
  const { body } = await app.http.send('POST', '/Users', signal, newResource(desired, entries));
  return accountCreated(app, desired, entries, body, signal);
}

/** The resource a new account is asked for with. */
export function newResource(desired: DesiredAccount, entries: readonly Entry[]): JsonObject {
  const schemas = [coreUserUrn];
  const draft: Draft = {
    schemas,
    userName: desired.userName,
    externalId: desired.correlationId,
    active: desired.active,
  };
  for (const { place, value } of entries) {
    if (value === null) continue;
    writePlace(draft, place, value);
    if (place.urn !== undefined && !schemas.includes(place.urn)) schemas.push(place.urn);
  }
  if (desired.password !== undefined) draft['password'] = desired.password;
  return draft;
}

/**
 * What came of a create that the app accepted, from its answer (undefined where it sent none).
 * @throws {UsherError} with `outcomeUnknown`, whatever goes wrong from here on: the account may well be there.
 */
export async function accountCreated(
  app: ScimApp,
  desired: DesiredAccount,
  entries: readonly Entry[],
  body: JsonObject | undefined,
  signal: AbortSignal,
): Promise<WriteResult> {
  try {
    const resource = await createdResource(app, desired, body, signal);
    const result = await verifyCreated(app, entries, resource, signal);
    const active = readActive(resource);
    if (active === undefined || active === desired.active) return result;
    const outcome = await app.updater.update(result.account.externalId, onlyActive(desired.active), signal);
    return { ...result, account: { ...result.account, active: readActive(outcome.resource) } };
  } catch (error) {
    throw withUnknownOutcome(error);
  }
}

/** The resource that a create made, whatever the app's answer left out. */
async function createdResource(
  { http, matcher, updater }: ScimApp,
  desired: DesiredAccount,
  body: JsonObject | undefined,
  signal: AbortSignal,
): Promise<JsonObject> {
  const bad = (sentence: string): UsherError => badAnswer(http.host, sentence, 'POST', 201);
  const resource = body ?? (await matcher.find(desired, signal));
  if (!resource) throw bad(`says it created ${desired.userName}, but does not have it.`);
  const id = readId(resource);
  if (id === undefined) throw bad('answered the creation of an account without its id.');
  const own = isOwn(desired, resource);
  if (own === true) return resource;
  const whole = own === undefined ? (await updater.read(id, signal))?.body : undefined;
  if (whole && isOwn(desired, whole)) return whole;
  // Nothing may be linked to an answer about somebody else.
  throw bad(`answered the creation of ${desired.userName} with another account. Look into the app.`);
}

/**
 * Whether a resource speaks of this very person: by the name sent or, where the app makes its own names, by our key.
 * Undefined when it holds neither.
 */
function isOwn(desired: DesiredAccount, { userName, externalId }: JsonObject): boolean | undefined {
  if (userName === undefined && externalId === undefined) return undefined;
  return sameName(desired.userName, userName) || externalId === desired.correlationId;
}

/**
 * What came of a create, from the app's answer. The first time an attribute is missing from an answer, one read
 * finds out whether the app dropped it or only does not say; after that a create costs one request.
 */
async function verifyCreated(
  { http, layout, learned, updater }: ScimApp,
  entries: readonly Entry[],
  resource: JsonObject,
  signal: AbortSignal,
): Promise<WriteResult> {
  const account = readAccount(resource, layout);
  if (!account) throw badAnswer(http.host, 'answered the creation of an account without its id.', 'POST', 201);
  const missing = entries.filter(({ place, value }) => !isKept(place, value, readPlace(resource, place)));
  if (missing.length === 0) return { account: inSentForm(account, entries, []), ignored: [] };
  const untold = missing.filter(({ place }) => readPlace(resource, place) === undefined);
  const unknown = untold.filter(({ place }) => !isLearned(learned, place.variable));
  // A failed look changes nothing about the account; the question is asked again with the next one.
  const fresh =
    unknown.length === 0 ? undefined : await updater.read(account.externalId, signal).catch(() => undefined);
  if (fresh?.body) learnFrom(fresh.body, unknown, learned);
  const silent = learned.facts.createSilent ?? [];
  const kept = untold.filter(({ place }) => silent.includes(place.variable));
  const ignored = missing.filter((entry) => !kept.includes(entry)).map(({ place }) => place.variable);
  return { account: inSentForm(account, entries, ignored), ignored };
}

function isLearned({ facts }: Learned, variable: string): boolean {
  return (facts.createSilent ?? []).includes(variable) || (facts.createDrops ?? []).includes(variable);
}

function learnFrom(resource: JsonObject, unknown: readonly Entry[], learned: Learned): void {
  const silent = new Set(learned.facts.createSilent);
  const drops = new Set(learned.facts.createDrops);
  for (const { place, value } of unknown) {
    (isKept(place, value, readPlace(resource, place)) ? silent : drops).add(place.variable);
  }
  learned.set({ createSilent: [...silent], createDrops: [...drops] });
}

/** After a create was accepted, nothing that goes wrong may hide that the account may be there. */
function withUnknownOutcome(error: unknown): unknown {
  if (!(error instanceof UsherError) || error.outcomeUnknown) return error;
  const { retryAfterSeconds, appAnswer } = error;
  return new UsherError(error.code, error.message, {
    cause: error,
    causes: error.causes,
    outcomeUnknown: true,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(appAnswer === undefined ? {} : { appAnswer }),
  });
}
