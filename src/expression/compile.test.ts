import { describe, expect, test } from 'vitest';
import { compileExpression, type ExpressionDialect, type ExpressionValue } from './compile.ts';
import type { ExpressionScope } from './scope.ts';

const scope: ExpressionScope = {
  user: {
    firstName: 'Ada',
    lastName: 'Lovelace',
    middleInitial: null,
    empty: '',
    salary: 1_000_000,
    groupCode: 123,
    isContractor: false,
    city: 'San Francisco',
    tags: ['a', 'b'],
    address: { city: 'London' },
    eq: 'word',
  },
  internal: { id: '00u1', status: 'ACTIVE' },
  appuser: { role: 'admin' },
  source: { login: 'ada@x.org' },
  idpuser: { subjectCn: 'Ada' },
  app: { companySubDomain: 'acme' },
  org: { name: 'Acme', subDomain: 'acme' },
  apps: { zendesk_9ao1g13: { companySubDomain: 'zen' } },
  appUsers: { zendesk_9ao1g13: { role: 'agent' }, my_app: { role: 'mine' } },
  session: { amr: ['pwd', 'mfa'] },
  access: { scope: ['openid'] },
  now: new Date('2026-01-01T00:00:00Z'),
};

function evaluate(source: string, dialect: ExpressionDialect = 'mapping'): ExpressionValue {
  return compileExpression(source, dialect).evaluate(scope);
}

type Example = readonly [source: string, value: ExpressionValue];

const literals: readonly Example[] = [
  ["'Hello world'", 'Hello world'],
  ['"Hello world"', 'Hello world'],
  ['"XDOMAIN\\"', 'XDOMAIN\\'],
  ["'it''s'", "it's"],
  ['"say ""hi"""', 'say "hi"'],
  ['""', ''],
  ['1234', 1234],
  ['3.141', 3.141],
  ['1e3', 1000],
  ['true', true],
  ['FALSE', false],
  ['null', null],
  ['NULL', null],
  ['{1,2,3}', [1, 2, 3]],
  ['{}', []],
  ['{:}', {}],
  ["{'group.id': {'00g1'}, operator: 'EXACT'}", { 'group.id': ['00g1'], operator: 'EXACT' }],
  ['{1 == 1 ? 2 : 3}', [2]],
  ['{"a", ":"}', ['a', ':']],
];

const references: readonly Example[] = [
  ['user.firstName', 'Ada'],
  ['user . firstName', 'Ada'],
  ["user['firstName']", 'Ada'],
  ['user?.firstName', 'Ada'],
  ['user.missing', null],
  ['user.missing.deeper', null],
  ['user.address.city', 'London'],
  ['user.eq', 'word'],
  ['appuser.role', 'admin'],
  ['appUser.role', 'admin'],
  ['source.login', 'ada@x.org'],
  ['idpuser.subjectCn', 'Ada'],
  ['app.companySubDomain', 'acme'],
  ['org.name', 'Acme'],
  ['org.subDomain', 'acme'],
  ['org.subdomain', 'acme'],
  ['zendesk_9ao1g13.role', 'agent'],
  ['zendesk_9ao1g13_app.companySubDomain', 'zen'],
  ['my_app.role', 'mine'],
  ['google.email', null],
  ['google_app.domain', null],
  ['session.amr', ['pwd', 'mfa']],
  ['access.scope', ['openid']],
  ['appuser != null', true],
  ['user.tags[0]', 'a'],
  ['user.tags[1 - 0]', 'b'],
  ['user.tags[2]', null],
  ['user.tags[-1]', null],
  ['{1, 2}[1]', 2],
  ['{{a: 1}, {a: 2}, {b: 3}}.![a]', [1, 2, null]],
  ['user.missing.![a]', null],
];

const operators: readonly Example[] = [
  ['user.firstName + user.lastName', 'AdaLovelace'],
  ['user.firstName + " " + user.lastName', 'Ada Lovelace'],
  ['"a" + 1', 'a1'],
  ['1 + 2 + "a"', '3a'],
  ['"a" + true', 'atrue'],
  ['"a" + user.missing', 'anull'],
  ['"a" + user.tags', 'aa,b'],
  ['1 + 2', 3],
  ['7 - 2 * 3', 1],
  ['(7 - 2) * 3', 15],
  ['7 / 2', 3],
  ['-7 / 2', -3],
  ['7.0 / 2', 3],
  ['7.5 / 2', 3.75],
  ['7 % 4', 3],
  ['7 mod 4', 3],
  ['- 3 + + 4', 1],
  ['1 == 1.0', true],
  ['"1" == 1', false],
  ['null == ""', false],
  ['user.missing == null', true],
  ['user.empty == null', false],
  ['user.firstName != "Ada"', false],
  ['user.tags == {"a", "b"}', true],
  ['"a" < "b"', true],
  ['2 <= 2', true],
  ['2 >= 3', false],
  ['null < 0', true],
  ['null <= null', true],
  ['3 gt 2', true],
  ['3 LT 2', false],
  ['3 ge 3 and 3 le 3', true],
  ['3 eq 3 AND 3 ne 4', true],
  ['true AND false', false],
  ['true && !false', true],
  ['false or true', true],
  ['false || false', false],
  ['NOT true', false],
  ['not (1 == 2)', true],
  ['true OR true AND false', true],
  ['null AND false', false],
  ['null AND true', null],
  ['null OR true', true],
  ['!null', null],
  ["user.groupCode == 123 ? 'Sales' : 'Other'", 'Sales'],
  ['false ? 1 : false ? 2 : 3', 3],
  ['true ? false ? 1 : 2 : 3', 2],
  ['null ? 1 : 2', 2],
  ['user.missing ?: "none"', 'none'],
  ['user.empty ?: "none"', 'none'],
  ['false ?: true', false],
  ['user.missing ?: user.empty ?: "none"', 'none'],
  ['user.missing ?: true ? 1 : 2', 1],
  ['"Ada" matches "A.a"', true],
  ['"Ada" matches "A"', false],
  ['"ADA" matches "(?i)ada"', true],
  ['user.missing matches ".*"', false],
  ['user.firstName matches user.firstName', true],
  [
    'user.firstName + " " + (String.len(user.middleInitial) == 0 ? "" : (String.substring(user.middleInitial, 0, 1) + ". ")) + user.lastName',
    'Ada Lovelace',
  ],
];

describe.each([
  ['literals', literals],
  ['references', references],
  ['operators', operators],
])('%s', (_name, examples) => {
  test.each(examples)('%s gives %j', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });
});

describe('operands that decide are enough', () => {
  test.each(['false AND 1 / 0 == 1', 'true OR 1 / 0 == 1', 'true ? true : 1 / 0', '1 ?: 1 / 0'])('%s', (source) => {
    expect(() => evaluate(source)).not.toThrow();
  });
});

describe('conditions', () => {
  test.each<Example>([
    ['String.stringContains(user.firstName, "dummy")', false],
    ['user.city == "San Francisco"', true],
    ['user.salary >= 1000000', true],
    ['!user.isContractor', true],
    ['user.salary > 1000000 AND !user.isContractor', false],
    ['user.isContractor', false],
    ['user.missing', false],
    ['!user.missing', false],
    ['toLowerCase(user.city) == "san francisco"', true],
    ['Arrays.contains(user.tags, "a")', true],
    ['isMemberOfGroupName("Sales")', false],
    ["user.isMemberOf({'group.type': 'OKTA_GROUP'})", false],
    ['user.getInternalProperty("status") == "ACTIVE"', true],
    ['user.isContractor ? true : String.len(user.city) > 3', true],
  ])('%s is %j', (source, value) => {
    expect(evaluate(source, 'condition')).toBe(value);
  });

  test.each([
    ['"yes"', 'line 1, column 1: expected true or false here, found a text'],
    ['user.firstName + "x"', 'line 1, column 1: expected true or false here, found a text'],
    ['String.len(user.city)', 'found a number'],
    ['{true}', 'found an array'],
    ['true AND 1', 'line 1, column 10: expected true or false here, found a number'],
    ['Convert.toInt(user.city) == 1', 'Convert.toInt is not available in group rules'],
    ['Time.now() == "x"', 'Time.now is not available in group rules'],
    ['Groups.contains("OKTA", "x", 1) == null', 'Groups.contains is not available'],
    ['hasDirectoryUser()', 'hasDirectoryUser is not available in group rules'],
    ['appuser.role == "admin"', 'line 1, column 1: group rules read attributes of the user only'],
    ['zendesk.role == "admin"', 'group rules read attributes of the user only'],
  ])('%s is refused: %s', (source, reason) => {
    expect(() => compileExpression(source, 'condition')).toThrow(
      expect.objectContaining({
        code: 'invalid_expression',
        causes: [expect.objectContaining({ field: 'expression' })],
      }),
    );
    expect(() => compileExpression(source, 'condition')).toThrow(reason);
  });

  test('an attribute that turns out to be no Boolean fails when evaluated', () => {
    expect(() => evaluate('user.firstName', 'condition')).toThrow(
      'line 1, column 1: expected true or false, found a text',
    );
  });
});

describe('what cannot be compiled', () => {
  test.each([
    ['', 'line 1, column 1: expected an expression, it ends here'],
    ['   ', 'column 4: expected an expression'],
    ['user.', 'column 6: expected the name of an attribute or function, it ends here'],
    ['user.firstName +', 'column 17: expected a value, it ends here'],
    ['user.firstName user.lastName', 'column 16: expected an operator or the end, found "user"'],
    ['(1 + 2', 'column 7: expected the ) that closes the parenthesis'],
    ['{1, 2', 'expected a comma or the }'],
    ['{a: 1, 2: 3}', 'column 8: expected the key of a map entry, found "2"'],
    ['user.tags[0', 'expected the ] that closes the index'],
    ['user.tags.![', 'expected the name of an attribute'],
    ['String.len(user.x', 'expected a comma or the )'],
    ['true ? 1', 'column 9: expected the : of this choice'],
    ['"abc', 'column 1: the text that opens here has no closing "'],
    ['user.x = 1', 'column 8: there is no assignment here; use == to compare'],
    ['true & false', '"&" stands alone; write AND or OR'],
    ['“abc”', 'typographic quote'],
    ['#root', '"#" has no meaning here'],
    ['12abc', 'column 3: expected the number to end'],
    ['1 < 2 < 3', 'column 7: expected AND or OR between comparisons'],
    ['1 +\n  * 2', 'line 2, column 3: expected a value, found "*"'],
    ['firstName', 'column 1: "firstName" alone means nothing; write user.firstName'],
    ['User.firstName', 'there is no "User"; did you mean user?'],
    ['String', 'String is not a value'],
    ['String.length("a")', 'there is no function String.length'],
    ['String.substringBefor("a", "b")', 'did you mean String.substringBefore?'],
    ['string.len("a")', 'did you mean String.len?'],
    ['stringSwitch("a", "b", "c", "d")', 'did you mean String.stringSwitch?'],
    ['T(java.lang.Runtime)', 'there is no function T'],
    ['constructor.constructor("return 1")', 'there is no function constructor.constructor'],
    ['user.firstName.substring(0, 1)', 'column 16: values have no methods such as substring; write substring(…)'],
    ['user.getGroup({})', 'did you mean user.getGroups?'],
    ['1 + String.len()', 'column 5: String.len is called as String.len(text); found 0 arguments'],
    ['String.len("a", "b")', 'found 2 arguments'],
    ['String.stringSwitch("a", "b", "c", "d", "e")', 'found 5 arguments'],
    ['Time.now("Mars/Olympus")', 'column 10: expected a time zone such as'],
    ['Time.now("UTC", "qq")', 'column 17: The time pattern uses the letter q'],
    ['"a" matches "("', 'column 13: The regular expression cannot be used'],
    ['isMemberOfGroupNameRegex("(?=a)")', 'column 26: The regular expression cannot be used'],
    ['user.getInternalProperty("password")', 'column 26: expected "id" or "status"'],
    ['getFilteredGroups({"a"}, "group.size", 1)', 'expected group.name, group.id, group.type'],
    ['fn:toLowerCase("a")', 'expected an operator or the end, found ":"'],
  ])('%s: %s', (source, reason) => {
    expect(() => compileExpression(source, 'mapping')).toThrow(expect.objectContaining({ code: 'invalid_expression' }));
    expect(() => compileExpression(source, 'mapping')).toThrow(reason);
  });
});

describe('what fails when evaluated', () => {
  test.each([
    ['1 / 0', 'line 1, column 3: this divides by zero'],
    ['1 % (1 - 1)', 'this divides by zero'],
    ['1e308 * 10', 'too large for a number'],
    ['1 + true', '+ does not work between a number and a Boolean'],
    ['1 - "a"', '- does not work between a number and a text'],
    ['null + null', '+ does not work between null and null'],
    ['user.tags + user.tags', 'use Arrays.flatten'],
    ['-user.firstName', 'column 1: - needs a number, found a text'],
    ['1 < "a"', 'column 3: a number and a text have no order'],
    ['user.tags < user.tags', 'have no order'],
    ['user.firstName ? 1 : 2', 'expected true or false, found a text'],
    ['user.firstName[0]', 'a text cannot be indexed with a number'],
    ['user.firstName.![x]', 'needs an array, found a text'],
    ['"a" matches user.tags', 'matches needs a regular expression as text'],
    ['"a" +\n 1 / 0', 'line 2, column 4: this divides by zero'],
  ])('%s: %s', (source, reason) => {
    expect(() => evaluate(source)).toThrow(
      expect.objectContaining({
        code: 'evaluation_failed',
        causes: [expect.objectContaining({ field: 'expression' })],
      }),
    );
    expect(() => evaluate(source)).toThrow(reason);
  });
});
