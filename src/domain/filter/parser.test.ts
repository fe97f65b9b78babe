import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyComparison, anyFilter, printFilter, withoutPlaces } from '../../../test/filters.ts';
import { UsherError } from '../../lib/errors.ts';
import { filterLimits, parseFilter } from './parser.ts';

describe('a filter', () => {
  test.each([
    ['status eq "ACTIVE"', 'status EQ "ACTIVE"'],
    ['  status\teq\n"ACTIVE" ', 'status EQ "ACTIVE"'],
    ['status Eq "A" AND id pr', 'status EQ "A" AND id pr'],
    ['a pr or b pr and c pr', 'a pr OR (b pr AND c pr)'],
    ['(a pr or b pr) and c pr', '(a pr OR b pr) AND c pr'],
    ['NOT(a pr)and(b pr)', 'not (a pr) AND b pr'],
    ['not (not (a pr))', 'not (not (a pr))'],
    ['((a pr))', 'a pr'],
    ['profile.n gt -1.5e2', 'profile.n GT -150'],
    ['profile.n eq 007', 'profile.n EQ 7'],
    ['a eq TRUE and b ne Null', 'a EQ true AND b NE null'],
    [String.raw`a eq "say \"hi\" \\ \u00e9 \n \/"`, String.raw`a EQ "say \"hi\" \\ é \n /"`],
    ['a eq "(not) and or"', 'a EQ "(not) and or"'],
    ['a eq ""', 'a EQ ""'],
    ['and eq "or" or or pr', 'and EQ "or" OR or pr'],
    ['debugContext.debugData.x-y_$1 eq "1"', 'debugContext.debugData.x-y_$1 EQ "1"'],
  ])('%j reads as %j', (text, meaning) => {
    expect(printFilter(parseFilter(text, 'search'))).toBe(meaning);
  });

  const deep = '('.repeat(filterLimits.depthMax + 1);
  test.each([
    ['', 1, 'expected an attribute, not or (, it ends here'],
    ['   ', 4, 'it ends here'],
    ['status', 7, 'expected an operator after status (eq, ne, sw, co, ew, gt, ge, lt, le, pr), it ends here'],
    ['status is "A"', 8, 'found is'],
    ['status "A"', 8, 'found "A"'],
    ['status eq', 10, 'expected a value'],
    ['status eq ACTIVE', 11, 'found ACTIVE'],
    ["status eq 'A'", 11, "a value stands in double quotes, not in '"],
    ['status eq “A”', 11, 'not in “'],
    ['status eq "A', 11, 'no closing "'],
    [String.raw`status eq "A\"`, 11, 'no closing "'],
    [String.raw`status eq "ACME\ada"`, 11, String.raw`the escape \a; write \\ for a backslash`],
    [String.raw`status eq "\ud800"`, 11, 'cannot be stored'],
    [String.raw`status eq "\u0000"`, 11, 'cannot be stored'],
    ['status eq "A" status eq "B"', 15, 'expected and, or, or the end, found status'],
    ['status eq "A" and', 18, 'expected an attribute, not or (, it ends here'],
    ['or status eq "A"', 4, 'expected an operator after or'],
    ['(status eq "A"', 15, 'the ) for the ( at character 1, it ends here'],
    ['status eq "A")', 14, 'found )'],
    ['not status eq "A"', 5, 'expected ( after not, found status'],
    ['()', 2, 'found )'],
    ['status == "A"', 8, '"=" has no meaning here; compare with eq or ne'],
    ['status eq "A"; drop', 14, '";" has no meaning here'],
    ['a eq 1e999', 6, 'expected a value'],
    ['a eq 12abc', 6, '"1" has no meaning here'],
    ['emails[type eq "work"] pr', 7, '"[" has no meaning here'],
    [`${deep}a pr${')'.repeat(filterLimits.depthMax + 1)}`, filterLimits.depthMax + 1, 'nested deeper than 32 levels'],
    [Array.from({ length: 129 }, () => 'a pr').join(' or '), 1025, 'more than 128 comparisons'],
    [`a eq "${'x'.repeat(8_192)}"`, 8_193, 'more than 8192 characters'],
  ])('%j is refused at character %i', (text, character, reason) => {
    const place = `The filter is not valid at character ${character}: `;
    const error = thrownBy(() => parseFilter(text, 'filter'));
    expect(error.code).toBe('invalid_input');
    expect(error.message).toContain(place);
    expect(error.message).toContain(reason);
    expect(error.causes[0]?.field).toBe('filter');
  });

  test('printed and read again is the same', () => {
    const values = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cs}\0]/u.test(text)),
      fc.integer(),
      fc.constantFrom(true, false, null, 0.5, -1e-7),
    );
    const filters = anyFilter(anyComparison(['status', 'profile.login', 'not_', 'a.b-c'], values));
    fc.assert(
      fc.property(filters, (filter) => {
        expect(withoutPlaces(parseFilter(printFilter(filter), 'search'))).toEqual(withoutPlaces(filter));
      }),
    );
  });

  test('any text is read or refused, never anything else', () => {
    const words = fc.constantFrom('a', 'not', 'and', 'or', 'eq', 'pr', '(', ')', '"', '\\', ' ', '"x"', '1', '-', 'é');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseFilter(text, 'search');
          } catch (error) {
            expect(error).toBeInstanceOf(UsherError);
          }
        },
      ),
    );
  });
});

function thrownBy(work: () => unknown): UsherError {
  try {
    work();
  } catch (error) {
    if (error instanceof UsherError) return error;
  }
  throw new Error('Nothing was thrown.');
}
