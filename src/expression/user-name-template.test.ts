import { describe, expect, test } from 'vitest';
import type { ExpressionScope } from './scope.ts';
import { compileUserNameTemplate } from './user-name-template.ts';

const scope: ExpressionScope = {
  user: { login: 'Ada@x.org', firstName: 'Ada', tags: ['a', 'b'], big: 'x'.repeat(60_000) },
  source: { login: 'Ada@x.org', email: 'Ada.Lovelace@X.org', number: 7 },
  internal: { id: '00u1', status: 'ACTIVE' },
  now: new Date('2026-01-01T00:00:00Z'),
};

test.each([
  ['${source.login}', 'Ada@x.org'],
  ['${fn:substringBefore(source.login, "@")}', 'Ada'],
  ['${fn:toLowerCase(source.email)}', 'ada.lovelace@x.org'],
  ['${fn:toUpperCase(fn:substringBefore(source.email, "."))}', 'ADA'],
  ['${f:replace(source.email, "X.org", "y.org")}', 'Ada.Lovelace@y.org'],
  ['${fn:substring(source.email, 0, 3)}', 'Ada'],
  ['${fn:substringAfter(source.email, "@")}', 'X.org'],
  ['${source.login}.test', 'Ada@x.org.test'],
  ['ACME\\${fn:substringBefore(source.login, "@")}-${source.number}', 'ACME\\Ada-7'],
  ['${String.len("}") == 1 ? "yes}" : \'{no\'}', 'yes}'],
  ['${Arrays.size({1, {2}})}', '2'],
  ['${source.missing}@x.org', '@x.org'],
  ['${user.tags}', 'a,b'],
  ['$ ${"$"}', '$ $'],
  ['source.login', 'Ada@x.org'],
  ['user.getInternalProperty("id")', '00u1'],
  ['toLowerCase(substringBefore(user.login, "@")) + "@y.org"', 'ada@y.org'],
  ['user.missing', ''],
  ['1 + 1', '2'],
])('%s gives %s', (template, name) => {
  expect(compileUserNameTemplate(template).evaluate(scope)).toBe(name);
});

describe('what cannot be compiled', () => {
  test.each([
    ['', 'line 1, column 1: expected an expression'],
    ['a${source.login', 'column 2: the ${ that opens here has no closing }'],
    ['ab${}', 'column 5: expected an expression, it ends here'],
    ['ab${source.login)}', 'column 17: expected an operator or the end, found ")"'],
    ['ab${fn:trim(source.login)}', 'column 5: there is no function fn:trim'],
    ['${"a}', 'column 3: the text that opens here has no closing "'],
    ['ab ${source.login} ${login}', 'column 22: "login" alone means nothing'],
    ['x'.repeat(10_001), 'it has 10001 characters, the most we take is 10000'],
  ])('%s: %s', (template, reason) => {
    expect(() => compileUserNameTemplate(template)).toThrow(expect.objectContaining({ code: 'invalid_expression' }));
    expect(() => compileUserNameTemplate(template)).toThrow(reason);
  });
});

test('the name may not grow beyond the limit', () => {
  const template = compileUserNameTemplate('${user.big}${user.big}');
  expect(() => template.evaluate(scope)).toThrow('would exceed 65536 characters');
});
