import type { Account } from '../contract.ts';
import type { AttributeType } from '../../domain/profile-schema.ts';
import type { Profile } from '../../domain/profile.ts';
import type { ExternalId } from '../../lib/ids.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import type { Layout, Place } from './layout.ts';

/** A SCIM resource being put together. */
export type Draft = { [attribute: string]: Json };

/** The value at a place, undefined where the resource has none. */
export function readPlace(resource: JsonObject, place: Place): Json | undefined {
  const container = place.urn === undefined ? resource : resource[place.urn];
  if (!isJsonObject(container)) return undefined;
  const value = container[place.attribute];
  if (value === undefined || value === null) return undefined;
  if (place.element) return subValue(elementOf(value, place), place.sub);
  return place.sub === undefined ? unwrap(value, place) : subValue(value, place.sub);
}

/** Puts a value at a place of a draft; null takes away what is there and nothing else. */
export function writePlace(draft: Draft, place: Place, value: Json): void {
  const container = place.urn === undefined ? draft : childOf(draft, place.urn);
  if (place.element) writeElement(container, place, value);
  else if (place.sub !== undefined) assign(childOf(container, place.attribute), place.sub, wireValue(value, place));
  else assign(container, place.attribute, wireValue(value, place));
}

/** What travels for a value: converted to the attribute's type, texts of core multi-valued attributes as objects. */
export function wireValue(value: Json, place: Place): Json {
  if (value === null) return null;
  if (!Array.isArray(value)) return convert(value, place.type);
  return place.wrapped ? value.map((item) => (isJsonObject(item) ? item : { value: item })) : value;
}

/** A new element of a multi-valued attribute, with the key that makes it findable. */
export function newElement(place: Place, value: Json): Draft {
  const element: Draft = place.element ? { [place.element.name]: place.element.value } : {};
  element[place.sub ?? 'value'] = wireValue(value, place);
  return element;
}

export function hasElement(resource: JsonObject, place: Place): boolean {
  const container = place.urn === undefined ? resource : resource[place.urn];
  const value = isJsonObject(container) ? container[place.attribute] : undefined;
  return value !== undefined && value !== null && elementOf(value, place) !== undefined;
}

/** The flat profile a resource amounts to; attributes without a value are left out. */
function readProfile(resource: JsonObject, layout: Layout): Profile {
  const profile: { [attribute: string]: Json } = {};
  for (const place of layout.places) {
    const value = readPlace(resource, place);
    if (value !== undefined) profile[place.variable] = convert(value, place.type);
  }
  return profile;
}

/** The account a resource shows, or undefined when it has no usable id. */
export function readAccount(resource: JsonObject, layout: Layout): Account | undefined {
  const externalId = readId(resource);
  if (externalId === undefined) return undefined;
  const { userName, externalId: key } = resource;
  return {
    externalId,
    userName: typeof userName === 'string' ? userName : '',
    active: readActive(resource),
    profile: readProfile(resource, layout),
    correlationId: typeof key === 'string' && key !== '' ? key : typeof key === 'number' ? String(key) : undefined,
  };
}

/** Ids are opaque texts; some servers send numbers. `.` and `..` would change the meaning of a path. */
export function readId(resource: JsonObject): ExternalId | undefined {
  const { id } = resource;
  const text = typeof id === 'number' ? String(id) : id;
  if (typeof text !== 'string' || text === '' || text === '.' || text === '..') return undefined;
  return text as ExternalId;
}

export function readActive(resource: JsonObject): boolean | undefined {
  const { active } = resource;
  if (typeof active === 'boolean') return active;
  if (typeof active !== 'string') return undefined;
  const word = active.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** E-mail addresses of a resource, as written. */
export function readEmails(resource: JsonObject): readonly string[] {
  const { emails } = resource;
  if (!Array.isArray(emails)) return [];
  return emails
    .map((item: Json) => (isJsonObject(item) ? item['value'] : item))
    .filter((value) => typeof value === 'string');
}

function convert(value: Json, type: AttributeType): Json {
  switch (type) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'number':
    case 'integer':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
    case 'array':
    case 'object':
      return value;
  }
}

function unwrap(value: Json, place: Place): Json {
  if (place.type === 'array' && !Array.isArray(value)) return [value];
  if (!place.wrapped || !Array.isArray(value)) return value;
  // Elements with more than a value were mapped as objects, and are compared as such.
  return value.map((item: Json) => (isJsonObject(item) && item['value'] !== undefined ? item['value'] : item));
}

function subValue(value: Json | undefined, sub: string | undefined): Json | undefined {
  if (sub === undefined || value === undefined) return value;
  return isJsonObject(value) ? (value[sub] ?? undefined) : undefined;
}

/** The element a place means. An app that drops the key of a single element still shows that element. */
function elementOf(value: Json, { element: key }: Place): JsonObject | undefined {
  const elements = (Array.isArray(value) ? value : [value]).filter(isJsonObject);
  if (!key) return elements[0];
  const wanted = String(key.value).toLowerCase();
  const found = elements.find((item) => String(item[key.name]).toLowerCase() === wanted);
  if (found) return found;
  const [only, second] = elements;
  return second === undefined && only?.[key.name] === undefined ? only : undefined;
}

function writeElement(container: Draft, place: Place, value: Json): void {
  const present = container[place.attribute];
  const elements = Array.isArray(present) ? present : [];
  const found = elementOf(elements, place);
  if (value === null) {
    container[place.attribute] = elements.flatMap((item: Json) => (item === found ? withoutSub(found, place) : [item]));
    return;
  }
  if (found) {
    const changed = { ...found, ...newElement(place, value) };
    container[place.attribute] = elements.map((item: Json) => (item === found ? changed : item));
    return;
  }
  const added = newElement(place, value);
  const first = place.attribute === 'emails' && elements.length === 0;
  container[place.attribute] = [...elements, first ? { primary: true, ...added } : added];
}

/** What is left of an element without the cleared part: nothing when only its keys remain. */
function withoutSub(element: JsonObject, { sub, element: key }: Place): readonly Json[] {
  const rest = Object.entries(element).filter(([name]) => name !== (sub ?? 'value'));
  const content = rest.filter(
    ([name]) => name !== key?.name && name !== 'primary' && name !== 'type' && name !== 'display',
  );
  return content.length === 0 ? [] : [Object.fromEntries(rest)];
}

function childOf(draft: Draft, name: string): Draft {
  const present = draft[name];
  const child: Draft = isJsonObject(present) ? { ...present } : {};
  draft[name] = child;
  return child;
}

function assign(draft: Draft, name: string, value: Json): void {
  if (value === null) Reflect.deleteProperty(draft, name);
  else draft[name] = value;
}
