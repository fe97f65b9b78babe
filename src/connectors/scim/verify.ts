import type { Account, AccountChange } from '../contract.ts';
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { foldName } from '../../lib/text.ts';
import type { Layout, Place } from './layout.ts';
import { readActive, readPlace, wireValue } from './resource.ts';

/** A change taken apart into places, in the form all dialects send it from. */
export interface Intent {
  readonly userName: string | undefined;
  readonly active: boolean | undefined;
  readonly entries: readonly Entry[];
  /** Never shown, so never among what is unmet. */
  readonly password?: string | undefined;
}

export interface Entry {
  readonly place: Place;
  readonly value: Json;
}

/** Attributes without a place in this app, or that only the app writes, are left out. */
export function intentOf(change: AccountChange, layout: Layout): Intent {
  const { userName, active, password } = change;
  return { userName, active, entries: entriesOf(change.profile, layout), password };
}

export function entriesOf(profile: AccountChange['profile'], layout: Layout): Entry[] {
  const entries: Entry[] = [];
  for (const variable in profile) {
    const place = layout.byVariable.get(variable);
    if (!place?.writable) continue;
    const value = profile[variable] ?? null;
    entries.push({ place, value: place.single && Array.isArray(value) ? value.slice(0, 1) : value });
  }
  return entries;
}

export function isEmpty(intent: Intent): boolean {
  return isOnlyActive(intent) && intent.active === undefined;
}

export function onlyActive(active: boolean): Intent {
  return { userName: undefined, active, entries: [] };
}

export function isOnlyActive(intent: Intent): boolean {
  return intent.userName === undefined && intent.entries.length === 0 && intent.password === undefined;
}

/** The part of an intent a resource does not show. An app that never shows `active` is taken at its word. */
export function unmetPart(intent: Intent, resource: JsonObject): Intent {
  const { userName, active } = intent;
  const shownActive = readActive(resource);
  return {
    userName: userName === undefined || sameName(userName, resource['userName']) ? undefined : userName,
    active: active === undefined || shownActive === undefined || shownActive === active ? undefined : active,
    entries: intent.entries.filter(({ place, value }) => !isKept(place, value, readPlace(resource, place))),
  };
}

export function sameName(left: string, right: Json | undefined): boolean {
  return typeof right === 'string' && (left === right || foldName(left) === foldName(right));
}

/** Whether what the app shows at a place means the value that was sent. */
export function isKept(place: Place, sent: Json, shown: Json | undefined): boolean {
  if (!place.readable || sent === shown) return true;
  if (isBlank(sent)) return isBlank(shown);
  if (shown === undefined) return false;
  return sameMeaning(place.wrapped ? sent : wireValue(sent, place), shown, place.foldCase);
}

/**
 * The account with the values that were sent wherever the app shows them in another form (an e-mail address in
 * lower case, a number as text), so that what is recorded equals what was asked for and is not sent again.
 */
export function inSentForm(account: Account, sent: readonly Entry[], notKept: readonly string[]): Account {
  const other = sent.filter(({ place: { variable }, value }) => {
    return value !== null && account.profile[variable] !== value && !notKept.includes(variable);
  });
  if (other.length === 0) return account;
  const profile = {
    ...account.profile,
    ...Object.fromEntries(other.map(({ place, value }) => [place.variable, value])),
  };
  return { ...account, profile };
}

/**
 * Equal in meaning: numbers and booleans as texts, e-mail addresses in any letter case, lists in any order, and
 * objects to which the app added parts of its own are the same value.
 */
function sameMeaning(sent: Json, shown: Json, foldCase: boolean): boolean {
  if (Array.isArray(sent)) {
    if (!Array.isArray(shown) || shown.length !== sent.length) return false;
    return sent.every((item: Json) => shown.some((other: Json) => sameMeaning(item, other, foldCase)));
  }
  if (isJsonObject(sent)) {
    if (!isJsonObject(shown)) return false;
    return Object.entries(sent).every(
      ([name, item]) => isBlank(item) || sameMeaning(item, shown[name] ?? null, foldCase),
    );
  }
  if (isJsonObject(shown)) return shown['value'] !== undefined && sameMeaning(sent, shown['value'], foldCase);
  if (sent === null || shown === null) return sent === shown;
  const [left, right] = [String(sent), String(shown)];
  const fold = foldCase || typeof sent === 'boolean' || typeof shown === 'boolean';
  return left === right || (fold && left.toLowerCase() === right.toLowerCase());
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
