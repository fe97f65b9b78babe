import { expect, test } from 'vitest';
import { parseJoda } from './joda-parse.ts';
import { formatIso, formatJoda, isTimeZone, parseIso } from './joda-time.ts';

const moment = Date.UTC(2015, 6, 31, 17, 8, 7, 45);
const now = new Date('2026-06-01T00:00:00Z');

test.each([
  ['yyyy-MM-dd HH:mm:ss.SSS', '2015-07-31 17:08:07.045'],
  ['YYYY yy y G C', '2015 15 2015 AD 20'],
  ["xxxx-'W'ww-e", '2015-W31-5'],
  ['D DDD', '212 212'],
  ['M MM MMM MMMM', '7 07 Jul July'],
  ['E EEEE', 'Fri Friday'],
  ['a h hh K H k', 'PM 5 05 5 17 17'],
  ['m mm s ss', '8 08 7 07'],
  ['S SS SSS SSSS', '0 04 045 0450'],
  ['Z ZZ ZZZ', '+0000 +00:00 UTC'],
  ["hh 'o''clock'", "05 o'clock"],
  ["''", "'"],
])('%s writes %s', (pattern, text) => {
  expect(formatJoda(moment, 'UTC', pattern)).toBe(text);
});

test.each([
  [Date.UTC(2015, 0, 1, 0), 'h K H k a', '12 0 0 24 AM'],
  [Date.UTC(2015, 0, 1, 12), 'h K H k a', '12 0 12 12 PM'],
])('midnight and noon: %i as %s is %s', (at, pattern, text) => {
  expect(formatJoda(at, 'UTC', pattern)).toBe(text);
});

test.each([
  ['UTC', '2015-07-31T17:08:07.045Z'],
  ['America/New_York', '2015-07-31T13:08:07.045-04:00'],
  ['Asia/Kolkata', '2015-07-31T22:38:07.045+05:30'],
  ['Etc/GMT+12', '2015-07-31T05:08:07.045-12:00'],
])('in %s it is %s', (zone, text) => {
  expect(formatIso(moment, zone)).toBe(text);
});

test.each(['EST', 'HST', 'MST7MDT', 'US/Pacific-New', 'Mexico/BajaNorte', 'Pacific/Johnston', 'Asia/Calcutta'])(
  'Okta lists the old name %s',
  (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  },
);

test.each(['', 'Mars/Olympus', 'constructor', 'x'.repeat(100)])('"%s" is no time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
  expect(() => formatIso(moment, zone)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test.each([
  ['2015-07-31T17:08:07.045Z', moment],
  ['2015-07-31T13:08:07.045-04:00', moment],
  ['20150731T170807.045Z', moment],
  ['2015-07-31T17:08:07.045', moment],
  ['2015-07-31', Date.UTC(2015, 6, 31)],
  ['17:08', undefined],
  ['2015-02-30', undefined],
  ['soon', undefined],
  ['', undefined],
])('parseIso(%s) is %s', (text, expected) => {
  expect(parseIso(text)).toBe(expected);
});

test.each([
  ['2015-07-31 17:08:07.045', 'yyyy-MM-dd HH:mm:ss.SSS', moment],
  ['20150731170807', 'yyyyMMddHHmmss', Date.UTC(2015, 6, 31, 17, 8, 7)],
  ['7/4/2015', 'M/d/yyyy', Date.UTC(2015, 6, 4)],
  ['Fri, 31 Jul 2015', 'EEE, d MMM yyyy', Date.UTC(2015, 6, 31)],
  ['july 4 2015', 'MMMM d yyyy', Date.UTC(2015, 6, 4)],
  ['05:08 PM', 'hh:mm a', Date.UTC(2000, 0, 1, 17, 8)],
  ['12:00 am', 'h:mm a', Date.UTC(2000, 0, 1, 0, 0)],
  ['12:30 PM', 'h:mm a', Date.UTC(2000, 0, 1, 12, 30)],
  ['24:10', 'kk:mm', Date.UTC(2000, 0, 1, 0, 10)],
  ['2015-212', 'yyyy-DDD', Date.UTC(2015, 6, 31)],
  ['2015-W31-5', "xxxx-'W'ww-e", Date.UTC(2015, 6, 31)],
  ['31.07.45', 'dd.MM.yy', Date.UTC(2045, 6, 31)],
  ['31.07.46', 'dd.MM.yy', Date.UTC(1946, 6, 31)],
  ['2015-07-31T17:08+0200', "yyyy-MM-dd'T'HH:mmZ", Date.UTC(2015, 6, 31, 15, 8)],
  ['2015-07-31 17:08 -04:00', 'yyyy-MM-dd HH:mm ZZ', Date.UTC(2015, 6, 31, 21, 8)],
  ['2015-07-31 17:08 Europe/Berlin', 'yyyy-MM-dd HH:mm ZZZ', Date.UTC(2015, 6, 31, 15, 8)],
  ['12.5', 's.S', Date.UTC(2000, 0, 1, 0, 0, 12, 500)],
  ['2015-07-31', 'yyyy-MM-dd HH', undefined],
  ['2015-07-31 1', 'yyyy-MM-dd', undefined],
  ['2015-13-01', 'yyyy-MM-dd', undefined],
  ['2015-02-30', 'yyyy-MM-dd', undefined],
  ['EST', 'z', undefined],
  ['x', 'd', undefined],
  ['Foo 1', 'MMM d', undefined],
])('%s read as %s is %s', (text, pattern, expected) => {
  expect(parseJoda(text, pattern, now)).toBe(expected);
});

test.each(['n', 'yyyy b', "'open", 'y'.repeat(201)])('pattern %s is refused', (pattern) => {
  expect(() => formatJoda(moment, 'UTC', pattern)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  expect(() => parseJoda('1', pattern, now)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

test('a pattern of many numbers is read once, not in every combination', () => {
  const start = performance.now();
  expect(parseJoda('1'.repeat(150) + 'x', 'dH'.repeat(80), now)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(50);
});
