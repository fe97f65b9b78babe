import { DateTime, Info } from 'luxon';
import { jodaParts, type JodaPart } from './joda-pattern.ts';
import { isTimeZone } from './joda-time.ts';

/** What has been read so far: `at` is the offset of the rest, `fields` the values by pattern letter. */
interface Reader {
  readonly text: string;
  readonly fields: Map<string, number>;
  zone: string;
  at: number;
}

const monthNames = [...Info.months('long', { locale: 'en-US' }), ...Info.months('short', { locale: 'en-US' })];
const weekdayNames = [...Info.weekdays('long', { locale: 'en-US' }), ...Info.weekdays('short', { locale: 'en-US' })];
/** Most digits of each numeric field; years and centuries take what is there. */
const mostDigits: { readonly [letter: string]: number } = {
  ...{ C: 9, Y: 9, y: 9, x: 9, w: 2, e: 1, D: 3, M: 2, d: 2, K: 2, h: 2, H: 2, k: 2, m: 2, s: 2, S: 3 },
};
const defaultYear = 2000;

/**
 * Milliseconds since 1970 of a text written as a Joda pattern says; undefined if it is not. Without an offset in
 * the pattern the text is UTC, without a year it is 2000. `now` places two-digit years: 80 back to 19 ahead.
 * Reads once from left to right, so the time is linear whatever the pattern.
 *
 * @throws {UsherError} `invalid_input` when the pattern is unknown.
 */
export function parseJoda(text: string, pattern: string, now: Date): number | undefined {
  const parts = jodaParts(pattern);
  const reader: Reader = { text, fields: new Map(), zone: 'utc', at: 0 };
  for (const [index, part] of parts.entries()) {
    const isRead =
      part.kind === 'text'
        ? readText(reader, part.text)
        : readField(reader, part.letter, part.count, isNumeric(parts[index + 1]), now.getUTCFullYear());
    if (!isRead) return undefined;
  }
  return reader.at === text.length ? momentOf(reader) : undefined;
}

function readText(reader: Reader, expected: string): boolean {
  if (!reader.text.startsWith(expected, reader.at)) return false;
  reader.at += expected.length;
  return true;
}

function readField(reader: Reader, letter: string, count: number, digitsFollow: boolean, currentYear: number): boolean {
  if (letter === 'E') return readName(reader, 'E', weekdayNames, 7);
  if (letter === 'M' && count >= 3) return readName(reader, 'M', monthNames, 12);
  if (letter === 'a') return readName(reader, 'a', ['AM', 'PM'], 2);
  if (letter === 'G') return readName(reader, 'G', ['BC', 'AD'], 2);
  if (letter === 'Z') return count >= 3 ? readZone(reader) : readOffset(reader);
  const most = mostDigits[letter];
  // Names of zones (`z`) are ambiguous: EST is three places.
  if (most === undefined) return false;
  const start = reader.at;
  const sign = 'yx'.includes(letter) && reader.text.startsWith('-', start) ? 1 : 0;
  const digits = digitsAt(
    reader.text,
    start + sign,
    most === 9 && digitsFollow ? count : letter === 'S' ? count : most,
  );
  if (digits === '') return false;
  reader.at = start + sign + digits.length;
  let value = Number(digits) * (sign === 1 ? -1 : 1);
  if (letter === 'S') value = Number(digits.padEnd(3, '0').slice(0, 3));
  if (count === 2 && digits.length === 2 && 'yYx'.includes(letter)) value = nearYear(value, currentYear);
  reader.fields.set(letter, value);
  return true;
}

/** The year with these last two digits that is at most 80 years back and 19 ahead. */
function nearYear(lastTwo: number, currentYear: number): number {
  const earliest = currentYear - 80;
  return earliest + ((((lastTwo - earliest) % 100) + 100) % 100);
}

function readName(reader: Reader, letter: string, names: readonly string[], period: number): boolean {
  const rest = reader.text.slice(reader.at, reader.at + 20).toLowerCase();
  const index = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
  const name = names[index];
  if (name === undefined) return false;
  reader.at += name.length;
  reader.fields.set(letter, (index % period) + 1);
  return true;
}

function readOffset(reader: Reader): boolean {
  const match = /^(?:Z|[+-]\d{2}:?\d{2})/.exec(reader.text.slice(reader.at, reader.at + 6));
  if (match === null) return false;
  reader.at += match[0].length;
  const digits = match[0].replace(':', '');
  reader.zone = digits === 'Z' ? 'utc' : `UTC${digits.slice(0, 3)}:${digits.slice(3)}`;
  return true;
}

function readZone(reader: Reader): boolean {
  const name = /^[A-Za-z][A-Za-z0-9_+/-]{0,59}/.exec(reader.text.slice(reader.at, reader.at + 60))?.[0];
  if (name === undefined || !isTimeZone(name)) return false;
  reader.at += name.length;
  reader.zone = name;
  return true;
}

function digitsAt(text: string, start: number, most: number): string {
  let end = start;
  while (end < start + most && text.charAt(end) >= '0' && text.charAt(end) <= '9') end += 1;
  return text.slice(start, end);
}

function isNumeric(part: JodaPart | undefined): boolean {
  if (part?.kind !== 'field') return false;
  return Object.hasOwn(mostDigits, part.letter) && !(part.letter === 'M' && part.count >= 3);
}

function momentOf({ fields, zone }: Reader): number | undefined {
  const parsed = DateTime.fromObject({ ...dateOf(fields), ...timeOf(fields) }, { zone });
  return parsed.isValid ? parsed.toMillis() : undefined;
}

function dateOf(fields: ReadonlyMap<string, number>): { [unit: string]: number } {
  const weekYear = fields.get('x');
  if (weekYear !== undefined || fields.has('w')) {
    const weekday = fields.get('e') ?? fields.get('E') ?? 1;
    return { weekYear: weekYear ?? defaultYear, weekNumber: fields.get('w') ?? 1, weekday };
  }
  const stated = fields.get('y') ?? fields.get('Y') ?? (fields.has('C') ? (fields.get('C') ?? 0) * 100 : defaultYear);
  const year = fields.get('G') === 1 ? 1 - stated : stated;
  const ordinal = fields.get('D');
  return ordinal === undefined ? { year, month: fields.get('M') ?? 1, day: fields.get('d') ?? 1 } : { year, ordinal };
}

function timeOf(fields: ReadonlyMap<string, number>): { [unit: string]: number } {
  const half = fields.get('a') === 2 ? 12 : 0;
  const halfDayHour = fields.get('h') === 12 ? 0 : (fields.get('h') ?? fields.get('K'));
  const clockHour = fields.get('k') === 24 ? 0 : fields.get('k');
  const hour = fields.get('H') ?? clockHour ?? (halfDayHour === undefined ? 0 : halfDayHour + half);
  return {
    ...{ hour, minute: fields.get('m') ?? 0, second: fields.get('s') ?? 0 },
    millisecond: fields.get('S') ?? 0,
  };
}
