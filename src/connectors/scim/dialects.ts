import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { Dialect } from './learned.ts';
import type { Place } from './layout.ts';
import { hasElement, newElement, wireValue, writePlace, type Draft } from './resource.ts';
import { isOnlyActive, type Entry, type Intent } from './verify.ts';

export interface WriteRequest {
  readonly method: 'PATCH' | 'PUT';
  readonly body: JsonObject;
}

/** Whether a dialect can only be written when the resource as it stands is known. */
export function needsCurrent(dialect: Dialect, intent: Intent): boolean {
  if (dialect === 'put') return true;
  return dialect === 'noPath' && intent.entries.some(({ place }) => isComplex(place));
}

/**
 * The request that asks for a change in one dialect. `current` is the resource as read just now: required where
 * {@link needsCurrent} says so; with `path` it tells which elements must be added rather than replaced.
 * `activeDialect` is what carried `active` before.
 */
export function writeRequest(
  dialect: Dialect,
  intent: Intent,
  current: JsonObject | undefined,
  activeDialect: Dialect | undefined,
): WriteRequest {
  switch (dialect) {
    case 'path':
      return patch(pathOperations(intent, current, activeDialect));
    case 'noPath':
      return patch([{ op: 'replace', value: noPathValue(intent, current ?? {}) }]);
    case 'put':
      return { method: 'PUT', body: mergedResource(intent, current ?? {}) };
  }
}

function patch(operations: readonly Json[]): WriteRequest {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  return { method: 'PATCH', body: { schemas, Operations: operations } };
}

function pathOperations(intent: Intent, current: JsonObject | undefined, activeDialect: Dialect | undefined): Json[] {
  const operations: Json[] = [];
  if (intent.active !== undefined) {
    const { active } = intent;
    // Beside other changes without a path, which every server seen understands, unless only the path worked before.
    operations.push(
      isOnlyActive(intent) || activeDialect === 'path'
        ? { op: 'replace', path: 'active', value: active }
        : { op: 'replace', value: { active } },
    );
  }
  if (intent.userName !== undefined) operations.push({ op: 'replace', path: 'userName', value: intent.userName });
  if (intent.password !== undefined) operations.push({ op: 'replace', path: 'password', value: intent.password });
  for (const entry of intent.entries) operations.push(pathOperation(entry, current));
  return operations;
}

function pathOperation({ place, value }: Entry, current: JsonObject | undefined): Json {
  if (value === null) return { op: 'remove', path: removalPath(place) };
  if (place.element && current && !hasElement(current, place)) {
    return { op: 'add', path: attributePath(place), value: [newElement(place, value)] };
  }
  return { op: 'replace', path: valuePath(place), value: wireValue(value, place) };
}

function attributePath(place: Place): string {
  return place.urn === undefined ? place.attribute : `${place.urn}:${place.attribute}`;
}

function valuePath(place: Place): string {
  const { element, sub } = place;
  const key = element ? `[${element.name} eq ${JSON.stringify(element.value)}]` : '';
  return `${attributePath(place)}${key}${sub === undefined ? '' : `.${sub}`}`;
}

/** Without its value an element is nothing, so the whole element goes; other parts go alone. */
function removalPath(place: Place): string {
  return valuePath(place.element && place.sub === 'value' ? { ...place, sub: undefined } : place);
}

/** Top-level attributes with their new values; complex ones carry all they have, because some apps replace them. */
function noPathValue(intent: Intent, current: JsonObject): JsonObject {
  const merged: Draft = { ...current };
  for (const { place, value } of intent.entries) writePlace(merged, place, value);
  const value: Draft = {};
  if (intent.active !== undefined) value['active'] = intent.active;
  if (intent.userName !== undefined) value['userName'] = intent.userName;
  if (intent.password !== undefined) value['password'] = intent.password;
  for (const entry of intent.entries) {
    const name = entry.place.urn ?? entry.place.attribute;
    value[name] = withExplicitNull(value[name] ?? merged[name] ?? null, entry);
  }
  return value;
}

/** Where objects are merged, leaving a part out does not clear it: it must be named. */
function withExplicitNull(whole: Json, { place, value }: Entry): Json {
  if (value !== null || place.element || !isJsonObject(whole)) return whole;
  if (place.urn === undefined) return place.sub === undefined ? whole : { ...whole, [place.sub]: null };
  if (place.sub === undefined) return { ...whole, [place.attribute]: null };
  const child = whole[place.attribute];
  return { ...whole, [place.attribute]: { ...(isJsonObject(child) ? child : {}), [place.sub]: null } };
}

/** The resource as it stands with the change in it. Attributes that are not ours stay as they are. */
function mergedResource(intent: Intent, current: JsonObject): JsonObject {
  const { meta: _meta, groups: _groups, ...merged } = current;
  const draft: Draft = merged;
  for (const { place, value } of intent.entries) {
    writePlace(draft, place, value);
    if (place.urn !== undefined) addSchema(draft, place.urn);
  }
  if (intent.active !== undefined) draft['active'] = intent.active;
  if (intent.userName !== undefined) draft['userName'] = intent.userName;
  if (intent.password !== undefined) draft['password'] = intent.password;
  return draft;
}

function addSchema(draft: Draft, urn: string): void {
  const { schemas } = draft;
  if (Array.isArray(schemas) && !schemas.includes(urn)) draft['schemas'] = [...schemas, urn];
}

function isComplex(place: Place): boolean {
  return place.urn !== undefined || place.element !== undefined || place.sub !== undefined;
}
