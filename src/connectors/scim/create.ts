import type { DesiredAccount, WriteResult } from '../contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { ExternalId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { badAnswer } from './errors.ts';
import type { Answer } from './http.ts';
import { coreUserUrn, type Layout } from './layout.ts';
import type { Learned } from './learned.ts';
import { readAccount, readPlace, writePlace, type Draft } from './resource.ts';
import { inSentForm, isKept, sameName, type Entry } from './verify.ts';

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
 * Whether an answer to a create speaks of this very person: the name sent or, where the app makes its own names,
 * our key. Undefined when it holds neither.
 */
export function isOwnAnswer(desired: DesiredAccount, resource: JsonObject): boolean | undefined {
  const { userName, externalId } = resource;
  if (userName === undefined && externalId === undefined) return undefined;
  return sameName(desired.userName, userName) || externalId === desired.correlationId;
}

/** @throws {UsherError} `app_bad_answer`, outcome unknown: nothing is linked to an answer about somebody else. */
export function strangerAnswer(host: string, desired: DesiredAccount): UsherError {
  return badAnswer(
    host,
    `answered the creation of ${desired.userName} with another account. Nothing was linked; look into the app.`,
    'POST',
    201,
  );
}

/**
 * What came of a create, from the app's answer. The first time an attribute is missing from an answer, one read
 * finds out whether the app dropped it or only does not say; after that a create costs one request.
 */
export async function createResult(
  entries: readonly Entry[],
  resource: JsonObject,
  layout: Layout,
  learned: Learned,
  read: (id: ExternalId) => Promise<Answer | undefined>,
): Promise<WriteResult> {
  const missing = entries.filter(({ place, value }) => !isKept(place, value, readPlace(resource, place)));
  const account = readAccount(resource, layout);
  if (!account) throw new UsherError('app_bad_answer', 'The new account has no id.', { outcomeUnknown: true });
  if (missing.length === 0) return { account: inSentForm(account, entries, []), ignored: [] };
  const unknown = missing.filter(
    ({ place }) => readPlace(resource, place) === undefined && !isLearned(learned, place.variable),
  );
  // A failed look changes nothing about the account; the question is asked again with the next one.
  const fresh = unknown.length === 0 ? undefined : await read(account.externalId).catch(() => undefined);
  if (fresh?.body) learnFrom(fresh.body, unknown, learned);
  const silent = learned.facts.createSilent ?? [];
  const kept = missing.filter(
    ({ place }) => readPlace(resource, place) === undefined && silent.includes(place.variable),
  );
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
