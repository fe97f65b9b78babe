import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsherError } from '../lib/errors.ts';
import type { GroupId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import { compileExpression, type ExpressionValue } from './compile.ts';
import { functionTable } from './functions/table.ts';
import type { ExpressionScope } from './scope.ts';
import { compileUserNameTemplate } from './user-name-template.ts';

const scope: ExpressionScope = {
  user: {
    name: 'Ada',
    manyA: `${'a'.repeat(5_000)}!`,
    kilobytes60: 'a'.repeat(60_000),
    megabyte: 'a'.repeat(1_000_000),
    needle: `${'a'.repeat(16_000)}b${'a'.repeat(16_000)}`,
    many: Array.from({ length: 9_000 }, (_, index) => `item ${index}`),
    deep: nested(100_000),
  },
  linked: { manager: { lastName: 'Gates', photo: 'x'.repeat(200_000) } },
  internal: { id: '00u1', status: 'ACTIVE' },
  groups: Array.from({ length: 2_000 }, (_, index) => ({
    ...{ id: `00g${index}` as GroupId, name: `${'a'.repeat(1_000)}!`, type: 'OKTA_GROUP' as const },
  })),
  now: new Date('2026-01-01T00:00:00Z'),
};

function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function evaluate(source: string): ExpressionValue {
  return compileExpression(source, 'mapping').evaluate(scope);
}

/** What a call returned or threw, and how many milliseconds it took. */
function timed(work: () => ExpressionValue): { readonly result: unknown; readonly ms: number } {
  const start = performance.now();
  try {
    return { result: work(), ms: performance.now() - start };
  } catch (error) {
    return { result: error, ms: performance.now() - start };
  }
}

describe('limits of the source', () => {
  test('10,000 characters are taken, one more is refused at its place', () => {
    expect(evaluate(`"${'x'.repeat(9_998)}"`)).toHaveLength(9_998);
    expect(() => evaluate(`"${'x'.repeat(9_999)}"`)).toThrow('column 10001: it has 10001 characters');
  });

  test('a literal of a megabyte is refused at once', () => {
    const { result, ms } = timed(() => evaluate(`"${'x'.repeat(1_000_000)}"`));
    expect(result).toMatchObject({ code: 'invalid_expression' });
    expect(ms).toBeLessThan(50);
  });

  test.each([
    ['parentheses', (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`],
    ['calls', (depth: number) => `${'toUpperCase('.repeat(depth)}"a"${')'.repeat(depth)}`],
    ['lists', (depth: number) => `${'{'.repeat(depth)}1${'}'.repeat(depth)}`],
    ['maps', (depth: number) => `${'{a:'.repeat(depth)}1${'}'.repeat(depth)}`],
    ['indexes', (depth: number) => `${'user['.repeat(depth)}"a"${']'.repeat(depth)}`],
    ['NOT', (depth: number) => `${'!'.repeat(depth)}true`],
    ['signs', (depth: number) => `${'- '.repeat(depth)}1`],
    ['members', (depth: number) => `user${'.a'.repeat(depth)}`],
    ['choices within choices', (depth: number) => `${'true ? '.repeat(depth)}1${' : 2'.repeat(depth)}`],
  ])('%s may nest 60 deep, not 700', (_name, write) => {
    expect(() => evaluate(write(60))).not.toThrow();
    expect(() => evaluate(write(700))).toThrow('nests deeper than 64 levels');
  });

  test.each([
    ['sum', Array(2_000).fill('1').join(' + '), 2_000],
    ['OR', Array(1_000).fill('false').join(' OR '), false],
    ['choices in a row', `${'false ? 1 : '.repeat(700)}2`, 2],
    ['Elvis in a row', `${'null ?: '.repeat(1_000)}2`, 2],
  ])('a long %s is not deep', (_name, source, value) => {
    expect(evaluate(source)).toBe(value);
  });
});

describe('limits of an evaluation', () => {
  test.each([
    ['replacement that multiplies', 'String.replace(user.kilobytes60, "a", user.kilobytes60)'],
    ['text doubled forty times', `${'String.replace('.repeat(40)}"a"${', "a", "aa")'.repeat(40)}`],
    ['join', `String.join(user.kilobytes60, "a", "b", "c")`],
    ['concatenation', 'user.kilobytes60 + user.kilobytes60'],
    ['array of large texts', '{user.kilobytes60, user.kilobytes60}'],
    ['CSV of large texts', 'Arrays.toCsvString({user.kilobytes60, 1}) + user.kilobytes60'],
    ['search that compares every pair of characters', 'String.stringContains(user.megabyte, user.needle)'],
    ['many searches', Array(150).fill('String.stringContains(user.megabyte, "b")').join(' OR ')],
    ['many passes over an array', Array(20).fill('Arrays.contains(user.many, "x")').join(' OR ')],
    ['array that is too large', 'Arrays.flatten(user.many, user.many, user.many)'],
    ['deep data flattened', 'Arrays.flatten(user.deep)'],
    ['deep data compared', 'user.deep == user.deep.![x] OR user.deep == {user.deep}'],
    ['pattern on many groups', 'isMemberOfGroupNameRegex("(a|aa|aaa){1,50}b")'],
    ['large pattern', 'user.kilobytes60 matches "(.*a.{1,20}){50}b"'],
  ])('%s fails in time', (_name, source) => {
    const { result, ms } = timed(() => evaluate(source));
    expect(result instanceof UsherError && result.code).toBe('evaluation_failed');
    expect(ms).toBeLessThan(250);
  });

  test('a stored value passes through whatever its size', () => {
    expect(evaluate('user.megabyte')).toHaveLength(1_000_000);
    expect(evaluate('user.getLinkedObject("manager").lastName')).toBe('Gates');
  });

  test('a pattern that makes backtracking engines explode is quick', () => {
    const { result, ms } = timed(() => evaluate('user.manyA matches "(a+)+$"'));
    expect(result).toBe(false);
    expect(ms).toBeLessThan(250);
  });
});

describe('nothing outside the data can be reached', () => {
  test.each([
    'user.constructor',
    'user.__proto__',
    'user.__proto__.polluted',
    'user["__proto__"]["constructor"]',
    'user.toString',
    'user.hasOwnProperty',
    'user.name.constructor',
    'user.name.length',
    'user.many.length',
    'user.many.constructor',
    'user.many["0"].constructor',
    '{a: 1}.constructor',
    '{1}.constructor',
    'constructor.x',
    '__proto__.x',
    'hasOwnProperty_app.x',
    'user.getLinkedObject("__proto__")',
    'getManagerAppUser("active_directory", "constructor")',
    "user.getGroups({'group.id': '00g1'})[0].constructor",
  ])('%s is absent', (source) => {
    expect(evaluate(source)).toBeNull();
  });

  test.each([
    'constructor.constructor("return process")()',
    'user.constructor("return process")',
    'user.name.constructor("x")',
    '__proto__("x")',
    'toString()',
    'String.constructor("x")',
    'String.fromCharCode(65)',
    'T(java.lang.Runtime).getRuntime()',
    'new java.lang.String("x")',
    '@bean',
    '#root',
    '`x`',
    'user.x = 1',
  ])('%s is refused', (source) => {
    expect(() => evaluate(source)).toThrow(expect.objectContaining({ code: 'invalid_expression' }));
  });

  test('a map may have any key without touching a prototype', () => {
    expect(evaluate('{"__proto__": {polluted: true}}.polluted')).toBeNull();
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
  });
});

const words = fc.constantFrom(
  ...['user', '.name', '.many', '.![x]', '[0]', '(', ')', '{', '}', ',', ':', '?', '?:', '"a"', "'b'", '1', '2.5'],
  ...['+', '-', '*', '/', '%', '==', '<', '>=', ' AND ', ' or ', '!', ' matches ', 'null', 'true', '${', ' ', '\n'],
  ...Object.keys(functionTable).map((name) => `${name}(`),
);
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

test.each([
  ['token soup', fc.array(words, { maxLength: 40 }).map((parts) => parts.join(''))],
  ['any text', anyText],
])('%s never does anything but answer or say what is wrong, quickly', (_name, sources) => {
  fc.assert(
    fc.property(sources, (source) => {
      const works = [
        () => compileExpression(source, 'mapping').evaluate(scope),
        () => compileExpression(source, 'condition').evaluate(scope),
        () => compileUserNameTemplate(source).evaluate(scope),
      ];
      for (const work of works) {
        const { result, ms } = timed(work);
        expect(!(result instanceof Error) || result instanceof UsherError).toBe(true);
        expect(ms).toBeLessThan(500);
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each(['1 + ', 'user.a == "b" OR ', 'false ? 1 : ', 'String.len("a") + ', '"" + '])(
  'compiling "%s" repeated takes about as many times longer as it is longer',
  (part) => {
    const source = (times: number) => `${part.repeat(times)}1`;
    const times = Math.floor(9_000 / part.length);
    const best = (work: () => void) => Math.min(...Array.from({ length: 15 }, () => timed(() => (work(), null)).ms));
    const half = best(() => parseOnly(source(Math.floor(times / 2))));
    const whole = best(() => parseOnly(source(times)));
    expect(whole).toBeLessThan(half * 3.5 + 1);
  },
);

test('a plain attribute costs less than a microsecond, a small expression a few', () => {
  expect(microseconds('user.name')).toBeLessThan(1);
  expect(microseconds('String.toLowerCase(user.name) + "@x.org"')).toBeLessThan(5);
});

/** The best of several rounds, so that a busy machine does not count. */
function microseconds(source: string): number {
  const { evaluate: run } = compileExpression(source, 'mapping');
  const round = () => {
    const start = performance.now();
    for (let index = 0; index < 10_000; index += 1) run(scope);
    return ((performance.now() - start) * 1_000) / 10_000;
  };
  return Math.min(...Array.from({ length: 20 }, round));
}

function parseOnly(source: string): void {
  try {
    compileExpression(source, 'mapping');
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
  }
}
