import { describe, expect, test } from 'vitest';
import type { GroupId } from '../../lib/ids.ts';
import { compileExpression, type ExpressionValue } from '../compile.ts';
import type { ExpressionScope } from '../scope.ts';

const scope: ExpressionScope = {
  user: {
    login: 'winston.churchill@gmail.com',
    email: 'winston.churchill@gmail.com',
    firstName: 'Winston',
    lastName: 'Churchill',
    middleName: null,
    empty: '',
    number: 12,
    flag: true,
    tags: ['red', 'green', 'blue'],
    csv: 'red, green,blue',
    nested: [1, [2, [3, null]], { a: 1 }],
    country: 'gb',
  },
  internal: { id: '00u1', status: 'ACTIVE' },
  appUsers: {
    active_directory: { managerUpn: 'bob@okta.com' },
    workday_9ao1g13: { employeeID: '123456' },
  },
  groups: [
    { id: '00g1' as GroupId, name: 'Sales', type: 'OKTA_GROUP' },
    { id: '00g2' as GroupId, name: 'Sales EMEA', type: 'OKTA_GROUP' },
    { id: '00g3' as GroupId, name: 'Everyone', type: 'BUILT_IN' },
    {
      id: '00g4' as GroupId,
      name: 'San Francisco admins',
      type: 'APP_GROUP',
      source: { id: '0oa1', name: 'active_directory_9ao1g13' },
    },
  ],
  linked: { manager: { lastName: 'Gates' } },
  manager: { firstName: 'Clement' },
  assistant: { firstName: 'Jock' },
  managerAppUsers: { google: { email: 'clement@x.org' } },
  assistantAppUsers: { google: { email: 'jock@x.org' } },
  now: new Date('2015-07-31T17:18:37.979Z'),
};

function evaluate(source: string): ExpressionValue {
  return compileExpression(source, 'mapping').evaluate(scope);
}

type Example = readonly [source: string, value: ExpressionValue];

const strings: readonly Example[] = [
  ['String.append("This is", " a test")', 'This is a test'],
  ['String.append(user.middleName, "x")', 'x'],
  ['String.append(null, null)', null],
  ['String.join(",", "This", "is", "a", "test")', 'This,is,a,test'],
  ['String.join("", "This", "is", "a", "test")', 'Thisisatest'],
  ['String.join(" ", user.firstName, user.middleName, user.lastName)', 'Winston  Churchill'],
  ['String.len("This")', 4],
  ['String.len(user.middleName)', 0],
  ['String.len(user.number)', 2],
  ['String.removeSpaces("This is a test")', 'Thisisatest'],
  ['String.replace("This is a test", "is", "at")', 'That at a test'],
  ['String.replace("a.c", ".", "$&")', 'a$&c'],
  ['String.replace("abc", "", "x")', 'abc'],
  ['String.replace(user.middleName, "a", "b")', null],
  ['String.replace("abc", "b", null)', 'ac'],
  ['String.replace(user.tags, "re", "RE")', ['REd', 'gREen', 'blue']],
  ['String.replaceFirst("This is a test", "is", "at")', 'That is a test'],
  ['String.startsWith("This is a test", "This")', true],
  ['String.startsWith("This is a test", "test")', false],
  ['String.startsWith(user.middleName, "t")', false],
  ['String.stringContains("This is a test", "test")', true],
  [`String.stringContains("This is a test", "doesn'tExist")`, false],
  ['String.stringContains(user.middleName, "x")', false],
  ['String.stringContains(user.tags, "ree")', true],
  ['String.stringSwitch("This is a test", "default", "key1", "value1")', 'default'],
  ['String.stringSwitch("This is a test", "default", "test", "value1")', 'value1'],
  [
    'String.stringSwitch("First match wins", "default", "absent", "value1", "wins", "value2", "match", "value3")',
    'value2',
  ],
  ['String.stringSwitch("Substrings count", "default", "ring", "value1")', 'value1'],
  ['String.stringSwitch(user.middleName, "default", "", "value1")', 'default'],
  ['String.substring("This is a test", 2, 9)', 'is is a'],
  ['String.substring("Li", 0, 6)', 'Li'],
  ['String.substring("Churchill", String.len("Churchill")-20, String.len("Churchill"))', 'Churchill'],
  ['String.substring("abc", 2, 1)', ''],
  ['String.substringAfter("abc@okta.com", "@")', 'okta.com'],
  ['String.substringAfter("abc", "@")', ''],
  ['String.substringBefore("abc@okta.com", "@")', 'abc'],
  ['String.substringBefore("abc", "@")', 'abc'],
  ['String.substringBefore(user.middleName, "@")', null],
  ['String.toUpperCase("This")', 'THIS'],
  ['String.toLowerCase("ThiS")', 'this'],
  ['String.toLowerCase(null)', null],
  ['toUpperCase(user.firstName)', 'WINSTON'],
  ['toLowerCase("AlexANDER")', 'alexander'],
  ["substringBefore(user.email, '@')", 'winston.churchill'],
  ["substringAfter(user.email, '@')", 'gmail.com'],
  ['substring("Alexander", 1, 4)', 'lex'],
  ['substring(user.firstName, 0, 1) + substring(user.lastName, 0, 6)', 'WChurch'],
  [
    'toUpperCase(substringBefore( substringAfter(user.email, "@"), ".")) + "\\" + substringBefore( user.email, "@")',
    'GMAIL\\winston.churchill',
  ],
  ['"XDOMAIN\\" + toLowerCase(substring( user.firstName, 0, 1)) + toLowerCase(user.lastName)', 'XDOMAIN\\wchurchill'],
];

const arrays: readonly Example[] = [
  ['Arrays.add({10, 20, 30}, 40)', [10, 20, 30, 40]],
  ['Arrays.add(null, "a")', ['a']],
  ['Arrays.remove({10, 20, 30}, 20)', [10, 30]],
  ['Arrays.remove({10, 20, 10}, 10)', [20]],
  ['Arrays.clear({10, 20, 30})', []],
  ['Arrays.get({0, 1, 2}, 0)', 0],
  ['Arrays.get({0, 1, 2}, 3)', null],
  ['Arrays.get(user.csv, 1)', 'green'],
  ['Arrays.flatten(10, {20, 30}, 40)', [10, 20, 30, 40]],
  ['Arrays.flatten(user.nested, null)', [1, 2, 3, { a: 1 }]],
  ['Arrays.contains({10, 20, 30}, 10)', true],
  ['Arrays.contains({10, 20, 30}, 50)', false],
  ['Arrays.contains(user.csv, "blue")', true],
  ['Arrays.contains(user.tags, "blu")', false],
  ['Arrays.size({10, 20, 30})', 3],
  ['Arrays.size(NULL)', 0],
  ['Arrays.size(user.csv)', 3],
  ['Arrays.isEmpty({10, 20})', false],
  ['Arrays.isEmpty(NULL)', true],
  ['Arrays.isEmpty("")', true],
  ['Arrays.isEmpty(Arrays.toCsvString(Groups.startsWith("OKTA", "none", 10)))', true],
  ['Arrays.toCsvString({"This", "is", " a ", "test"})', 'This,is, a ,test'],
  ['Arrays.toCsvString({1, null, true})', '1,,true'],
];

const conversions: readonly Example[] = [
  ["Convert.toInt('1234')", 1234],
  ['Convert.toInt(123.4)', 123],
  ['Convert.toInt(123.6)', 124],
  ["Convert.toInt(' 123.5 ')", 124],
  ['Convert.toInt(-0.4)', 0],
  ['Convert.toInt(null)', null],
  ["Convert.toNum('3.141')", 3.141],
  ['Convert.toNum(null)', null],
  ['Iso3166Convert.toAlpha2("IND")', 'IN'],
  ['Iso3166Convert.toAlpha3("840")', 'USA'],
  ['Iso3166Convert.toNumeric("USA")', '840'],
  ['Iso3166Convert.toName("IN")', 'India'],
  ['Iso3166Convert.toAlpha3(user.country)', 'GBR'],
  ['Iso3166Convert.toAlpha2("4")', 'AF'],
  ['Iso3166Convert.toAlpha2("nowhere")', null],
  ['Iso3166Convert.toAlpha2("constructor")', null],
  ['Iso3166Convert.toAlpha2(null)', null],
];

const times: readonly Example[] = [
  ['Time.now()', '2015-07-31T17:18:37.979Z'],
  ['Time.now("EST")', '2015-07-31T12:18:37.979-05:00'],
  ['Time.now("America/New_York")', '2015-07-31T13:18:37.979-04:00'],
  ['Time.now("US/Pacific-New")', '2015-07-31T10:18:37.979-07:00'],
  ['Time.now("America/New_York", "YYYY-MM-dd HH:mm:ss")', '2015-07-31 13:18:37'],
  ['Time.now(null, "E, d MMM yy")', 'Fri, 31 Jul 15'],
  ['Time.fromWindowsToIso8601("130828367179790000")', '2015-07-31T17:18:37.979Z'],
  ['Time.fromWindowsToIso8601("116444736000000000")', '1970-01-01T00:00:00.000Z'],
  ['Time.fromWindowsToIso8601("9223372036854775807")', null],
  ['Time.fromIso8601ToWindows("2015-07-31T17:18:37.979Z")', '130828367179790000'],
  ['Time.fromUnixToIso8601("1438363117")', '2015-07-31T17:18:37.000Z'],
  ['Time.fromUnixToIso8601("0")', '1970-01-01T00:00:00.000Z'],
  ['Time.fromIso8601ToUnix("2015-07-31T17:18:37.979Z")', '1438363117'],
  ['Time.fromIso8601ToUnix("2015-07-31T13:18:37-04:00")', '1438363117'],
  ['Time.fromStringToIso8601("31/07/2015 17:18", "dd/MM/yyyy HH:mm")', '2015-07-31T17:18:00.000Z'],
  ['Time.fromStringToIso8601("20150731171837+0200", "yyyyMMddHHmmssZ")', '2015-07-31T15:18:37.000Z'],
  ['Time.fromIso8601ToString("2015-07-31T17:18:37.979Z", "MM/dd/yyyy")', '07/31/2015'],
  ['Time.fromIso8601ToString(null, "MM/dd/yyyy")', null],
  ['Time.fromIso8601ToUnix(user.middleName)', null],
];

const groups: readonly Example[] = [
  ['isMemberOfGroupName("Sales")', true],
  ['isMemberOfGroupName("Sal")', false],
  ['isMemberOfGroup("00g1")', true],
  ['isMemberOfGroup("00g9")', false],
  ['isMemberOfAnyGroup("00g9", "00g2")', true],
  ['isMemberOfAnyGroup("00g8", "00g9")', false],
  ['isMemberOfGroupNameStartsWith("San Fr")', true],
  ['isMemberOfGroupNameContains("admin")', true],
  ['isMemberOfGroupNameRegex("/.*admin.*")', true],
  ['isMemberOfGroupNameRegex("admin")', false],
  ['isMemberOfGroupNameRegex("(?i)SALES( emea)?")', true],
  ['getFilteredGroups({"00g1", "00g2", "00g9"}, "group.name", 40)', ['Sales', 'Sales EMEA']],
  ['getFilteredGroups({"00g1", "00g2"}, "group.id", 1)', ['00g1']],
  [
    'Arrays.flatten(String.replace(getFilteredGroups({"00g1","00g2"}, "group.name", 40), "Sales", "S"))',
    ['S', 'S EMEA'],
  ],
  ['Groups.startsWith("OKTA", "Sales", 10)', ['Sales', 'Sales EMEA']],
  ['Groups.startsWith("OKTA", "Sales", 1)', ['Sales']],
  ['Groups.contains("active_directory", "Francisco", 10)', ['San Francisco admins']],
  ['Groups.endsWith("0oa1", "admins", 10)', ['San Francisco admins']],
  ['Groups.endsWith("workday", "admins", 10)', []],
  ["user.getGroups({'group.id': {'00g1', '00g3'}}).![name]", ['Sales', 'Everyone']],
  [
    "user.getGroups({'group.type': {'OKTA_GROUP'}}, {'group.profile.name': 'Sales'}).![profile.name]",
    ['Sales', 'Sales EMEA'],
  ],
  ["user.getGroups({'group.profile.name': 'Sales', 'operator': 'EXACT'}).![id]", ['00g1']],
  ["user.getGroups({'group.profile.name': {'Every', 'San'}, 'operator': 'STARTS_WITH'}).![id]", ['00g3', '00g4']],
  ["user.getGroups({'group.source.id': {'0oa1'}}).![type]", ['APP_GROUP']],
  ["user.isMemberOf({'group.id': {'00g1'}}, {'group.type': 'BUILT_IN'})", false],
  ["user.isMemberOf({'group.profile.name': 'Sal'})", true],
];

const people: readonly Example[] = [
  ['user.getInternalProperty("id")', '00u1'],
  ['user.getInternalProperty("status")', 'ACTIVE'],
  ['user.getLinkedObject("manager").lastName', 'Gates'],
  ['user.getLinkedObject("mentor").lastName', null],
  ['user.getLinkedObject("constructor")', null],
  ['getManagerUser("active_directory").firstName', 'Clement'],
  ['getAssistantUser("active_directory").firstName', 'Jock'],
  ['getManagerAppUser("active_directory", "google").email', 'clement@x.org'],
  ['getAssistantAppUser("active_directory", "google").email', 'jock@x.org'],
  ['getManagerAppUser("active_directory", "zendesk").email', null],
  ['hasDirectoryUser() ? findDirectoryUser().managerUpn : null', 'bob@okta.com'],
  ['hasWorkdayUser() ? findWorkdayUser().employeeID : null', '123456'],
];

describe.each([
  ['String', strings],
  ['Arrays', arrays],
  ['Convert and Iso3166Convert', conversions],
  ['Time', times],
  ['groups', groups],
  ['people', people],
])('%s functions', (_name, examples) => {
  test.each(examples)('%s gives %j', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });
});

test('two app users of a type are found by neither function, though they are there', () => {
  const twice = { ...scope, appUsers: { workday: { employeeID: '1' }, workday_2: { employeeID: '2' } } };
  expect(compileExpression('hasWorkdayUser()', 'mapping').evaluate(twice)).toBe(true);
  expect(compileExpression('findWorkdayUser()', 'mapping').evaluate(twice)).toBeNull();
  expect(compileExpression('findDirectoryUser().x', 'mapping').evaluate(twice)).toBeNull();
});

test('an app whose name only begins like a directory is none', () => {
  const other = { ...scope, appUsers: { workdayish: { employeeID: '1' } } };
  expect(compileExpression('hasWorkdayUser()', 'mapping').evaluate(other)).toBe(false);
});

test('DEPROVISIONED is not given out', () => {
  const leaver = { ...scope, internal: { id: '00u1', status: 'DEPROVISIONED' } };
  expect(compileExpression('user.getInternalProperty("status")', 'mapping').evaluate(leaver)).toBeNull();
});

test.each([
  ['Convert.toInt(user.firstName)', 'expected a number such as 1234 or 3.14, found a text'],
  ['Convert.toInt("")', 'found an empty text'],
  ['Convert.toInt(1e300)', 'too large'],
  ['Convert.toNum("0x10")', 'expected a number'],
  ['Time.now(user.firstName)', 'There is no time zone "Winston"'],
  ['Time.fromIso8601ToUnix("yesterday")', 'expected an ISO 8601 time'],
  ['Time.fromUnixToIso8601("soon")', 'expected a Unix time'],
  ['Time.fromUnixToIso8601("999999999999999")', 'outside the years'],
  ['Time.fromWindowsToIso8601("never")', 'expected a Windows time'],
  ['Time.fromStringToIso8601("2015-02-30", "yyyy-MM-dd")', 'not written as the format says'],
  ['Time.fromIso8601ToString("2015-07-31", user.firstName)', 'uses the letter W'],
  ['String.len(user.nested)', 'expected a flat array'],
  ['String.len(findWorkdayUser())', 'expected a text, found an object'],
  ['String.substring("abc", "x", 2)', 'expected a whole number'],
  ['Arrays.size(findWorkdayUser())', 'expected an array, found an object'],
  ["user.getGroups({'group.size': '1'})", 'there is no criterion "group.size"'],
  ["user.getGroups('Sales')", 'expected a criterion'],
  ["user.getGroups({'group.profile.name': 'x', 'operator': 'ENDS_WITH'})", 'expected EXACT or STARTS_WITH'],
  ['getFilteredGroups({"00g1"}, user.firstName, 10)', 'expected group.name, group.id, group.type'],
  ['Groups.contains("OKTA", "x", null)', 'expected a limit'],
  ['isMemberOfGroupNameRegex(user.firstName + "(")', 'The regular expression cannot be used'],
  ['user.getInternalProperty(user.firstName)', 'expected "id" or "status"'],
])('%s fails: %s', (source, reason) => {
  expect(() => evaluate(source)).toThrow(expect.objectContaining({ code: 'evaluation_failed' }));
  expect(() => evaluate(source)).toThrow(reason);
});
