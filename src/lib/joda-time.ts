import { DateTime, IANAZone } from 'luxon';
import { UsherError } from './errors.ts';
import { jodaParts } from './joda-pattern.ts';

const maxZoneNameLength = 60;

/** Whether the name is one of the IANA time-zone names, old aliases included. */
export function isTimeZone(name: string): boolean {
  return name.length <= maxZoneNameLength && IANAZone.isValidZone(name);
}

/**
 * A moment (milliseconds since 1970) in a time zone, as a Joda pattern says.
 *
 * @throws {UsherError} `invalid_input` when the pattern or the zone is unknown.
 */
export function formatJoda(moment: number, zone: string, pattern: string): string {
  const local = inZone(moment, zone);
  return jodaParts(pattern)
    .map((part) => (part.kind === 'text' ? part.text : formatField(local, part.letter, part.count)))
    .join('');
}

/** RFC 3339 with milliseconds; a zero offset is written `Z`. @throws {UsherError} `invalid_input`, as above. */
export function formatIso(moment: number, zone: string): string {
  const local = inZone(moment, zone);
  return formatJoda(moment, zone, "yyyy-MM-dd'T'HH:mm:ss.SSS") + (local.offset === 0 ? 'Z' : offsetText(local, ':'));
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
  const local = DateTime.fromMillis(moment, { zone, locale: 'en-US' });
  if (local.isValid) return local;
  throw new UsherError('invalid_input', 'The time is outside the years a calendar can show');
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
      const value = numberField(local, letter);
      const isShortYear = count === 2 && 'yYx'.includes(letter);
      return String(isShortYear ? Math.abs(value) % 100 : value).padStart(count, '0');
    }
  }
}

function numberField(local: DateTime, letter: string): number {
  const fields: { readonly [letter: string]: number } = {
    ...{ C: Math.floor(local.year / 100), Y: local.year > 0 ? local.year : 1 - local.year, y: local.year },
    ...{ x: local.weekYear, w: local.weekNumber, e: local.weekday, D: local.ordinal, d: local.day },
    ...{ K: local.hour % 12, h: local.hour % 12 || 12, H: local.hour, k: local.hour || 24 },
    ...{ m: local.minute, s: local.second },
  };
  return fields[letter] ?? 0;
}

function offsetText(local: DateTime, separator: string): string {
  const minutes = Math.abs(local.offset);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${local.offset < 0 ? '-' : '+'}${hours}${separator}${String(minutes % 60).padStart(2, '0')}`;
}
