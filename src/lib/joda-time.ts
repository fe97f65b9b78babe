import { DateTime, IANAZone } from 'luxon';
import { UsherError } from './errors.ts';
import { jodaParts, type JodaPart } from './joda-pattern.ts';

const isoParts = jodaParts("yyyy-MM-dd'T'HH:mm:ss.SSS");
const maxZoneNameLength = 60;
const numberFields: { readonly [letter: string]: (local: DateTime) => number } = {
  C: (local) => Math.floor(local.year / 100),
  Y: (local) => (local.year > 0 ? local.year : 1 - local.year),
  y: (local) => local.year,
  x: (local) => local.weekYear,
  w: (local) => local.weekNumber,
  e: (local) => local.weekday,
  D: (local) => local.ordinal,
  d: (local) => local.day,
  K: (local) => local.hour % 12,
  h: (local) => local.hour % 12 || 12,
  H: (local) => local.hour,
  k: (local) => local.hour || 24,
  m: (local) => local.minute,
  s: (local) => local.second,
};
/** Checking a name anew costs some fifty microseconds. Names differ in letter case, so they are not finite. */
const maxKnownZones = 1_000;
const knownZones = new Set<string>();

/** Whether the name is one of the IANA time-zone names, old aliases included. */
export function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (name.length > maxZoneNameLength || !IANAZone.isValidZone(name)) return false;
  if (knownZones.size < maxKnownZones) knownZones.add(name);
  return true;
}

/**
 * A moment (milliseconds since 1970) in a time zone, as a Joda pattern says.
 *
 * @throws {UsherError} `invalid_input` when the pattern or the zone is unknown.
 */
export function formatJoda(moment: number, zone: string, pattern: string): string {
  return formatParts(inZone(moment, zone), jodaParts(pattern));
}

/** RFC 3339 with milliseconds; a zero offset is written `Z`. @throws {UsherError} `invalid_input`, as above. */
export function formatIso(moment: number, zone: string): string {
  const local = inZone(moment, zone);
  return formatParts(local, isoParts) + (local.offset === 0 ? 'Z' : offsetText(local, ':'));
}

/** Milliseconds since 1970 of an ISO 8601 date or date-time; without an offset it is UTC. Undefined if it is none. */
export function parseIso(text: string): number | undefined {
  if (text.length > 60 || !/^\d{4}/.test(text)) return undefined;
  const parsed = DateTime.fromISO(text, { zone: 'utc' });
  return parsed.isValid ? parsed.toMillis() : undefined;
}

function inZone(moment: number, zone: string): DateTime {
  if (!isTimeZone(zone)) {
    const shown = zone.slice(0, maxZoneNameLength);
    throw new UsherError('invalid_input', `There is no time zone "${shown}"; use an IANA name such as Europe/Berlin`);
  }
  // luxon's own UTC is ten times as fast as the zone of that name.
  const local = DateTime.fromMillis(moment, { zone: zone === 'UTC' ? 'utc' : zone, locale: 'en-US' });
  if (local.isValid) return local;
  throw new UsherError('invalid_input', 'The time is outside the years a calendar can show');
}

function formatParts(local: DateTime, parts: readonly JodaPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : formatField(local, part.letter, part.count))).join('');
}

function formatField(local: DateTime, letter: string, count: number): string {
  switch (letter) {
    case 'G':
      return local.year > 0 ? 'AD' : 'BC';
    case 'E':
      return (count >= 4 ? local.weekdayLong : local.weekdayShort) ?? '';
    case 'a':
      return local.hour < 12 ? 'AM' : 'PM';
    case 'S':
      return String(local.millisecond).padStart(3, '0').padEnd(count, '0').slice(0, count);
    case 'z':
      return (count >= 4 ? local.offsetNameLong : local.offsetNameShort) ?? '';
    case 'Z':
      return count >= 3 ? (local.zoneName ?? '') : offsetText(local, count === 2 ? ':' : '');
    case 'M':
      if (count >= 3) return (count >= 4 ? local.monthLong : local.monthShort) ?? '';
      return String(local.month).padStart(count, '0');
    default: {
      const value = numberFields[letter]?.(local) ?? 0;
      const isShortYear = count === 2 && 'yYx'.includes(letter);
      return String(isShortYear ? Math.abs(value) % 100 : value).padStart(count, '0');
    }
  }
}

function offsetText(local: DateTime, separator: string): string {
  const minutes = Math.abs(local.offset);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${local.offset < 0 ? '-' : '+'}${hours}${separator}${String(minutes % 60).padStart(2, '0')}`;
}
