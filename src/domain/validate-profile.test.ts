import { expect, test } from 'vitest';
import type { AttributeDefinitions } from './profile-schema.ts';
import { baseUserAttributes, definitionProblem } from './user-schema.ts';
import { canonicalProfile, validateProfile, valueProblem } from './validate-profile.ts';

const attributes: AttributeDefinitions = {
  ...baseUserAttributes,
  level: { title: 'Level', type: 'integer' },
  remote: { title: 'Remote', type: 'boolean' },
  rate: { title: 'Rate', type: 'number' },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  size: { title: 'Size', type: 'string', enum: ['S', 'M'] },
  startDate: { title: 'Start', type: 'string', format: 'date' },
  seenAt: { title: 'Seen', type: 'string', format: 'date-time' },
};
const ada = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' };

test.each([
  ['Okta’s shortest login', { login: 'a@b.c' }],
  ['a login of 100 characters', { login: `${'a'.repeat(60)}@${'b'.repeat(36)}.de` }],
  ['plus and quoted local part', { email: '"ada+x"@example.com' }],
  ['international e-mail', { email: 'müller@пример.рф' }],
  ['full-width login', { login: 'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ' }],
  ['line breaks in an address', { postalAddress: '1 Main St\nFloor 2' }],
  ['a zero-width joiner in a name', { displayName: 'نامه\u200cای' }],
  ['every type', { level: 3, remote: false, rate: 3.5, skills: ['a', 'b'], size: 'S' }],
  ['a leap day', { startDate: '2028-02-29' }],
  ['codes', { countryCode: 'DE', locale: 'en_US', timezone: 'Europe/Berlin', preferredLanguage: 'pt-BR' }],
  ['clearing what is not required', { title: null }],
])('accepts %s', (_, profile) => {
  expect(validateProfile(attributes, profile, 'update')).toEqual([]);
});

test.each([
  ['an unknown attribute', { shoeSize: '9' }, "Property name 'shoeSize' is not defined in profile"],
  ['a name of every object', { constructor: 'x' }, "Property name 'constructor' is not defined in profile"],
  ['a number in a text', { title: 5 }, 'must be a text'],
  ['a text in a number', { level: '5' }, 'must be a whole number'],
  ['a fraction in a whole number', { level: 1.5 }, 'must be a whole number'],
  ['a number in true or false', { remote: 1 }, 'must be true or false'],
  ['a wrong item', { skills: ['a', 1] }, 'item 2: must be a text'],
  ['a value outside the list', { size: 'L' }, 'must be one of "S", "M"'],
  ['NUL', { title: 'a\0b' }, 'must not contain the control character U+0000'],
  ['half a character', { title: 'a\ud800b' }, 'must not contain half a character (U+D800)'],
  ['too many characters', { title: 'x'.repeat(1_025) }, 'must have at most 1024 characters and has 1025'],
  ['clearing a required attribute', { lastName: null }, 'The field cannot be left blank'],
  ['emptying a required attribute', { lastName: '' }, 'The field cannot be left blank'],
  ['no domain', { email: 'ada@host' }, 'must be in the form of an email address'],
  ['two signs', { email: 'a@b@c.de' }, 'must be in the form of an email address'],
  ['a double dot', { email: 'a..b@c.de' }, 'must be in the form of an email address'],
  ['a login of 4 characters', { login: 'a@bc' }, 'must have at least 5 characters'],
  ['a login of 101 characters', { login: `${'a'.repeat(60)}@${'b'.repeat(37)}.de` }, 'must have at most 100'],
  ['a zero-width space in a login', { login: 'a\u200bda@example.com' }, 'an invisible one'],
  ['a direction mark in a login', { login: 'ada\u202e@example.com' }, 'an invisible one'],
  ['a filler letter in a login', { login: 'ada\u3164@example.com' }, 'an invisible one'],
  ['the 30th of February', { startDate: '2026-02-30' }, 'must be a date that exists'],
  ['another order of day and month', { startDate: '28.02.2026' }, 'must be a date that exists'],
  ['a time without zone', { seenAt: '2026-02-28T09:00:00' }, 'must be a time that exists with its zone'],
  ['a script as a link', { profileUrl: 'javascript:alert(1)' }, 'must be an absolute URI'],
  ['a country’s name', { countryCode: 'Germany' }, 'must be a country code'],
  ['an invented time zone', { timezone: 'Europe/Atlantis' }, 'must be a time zone'],
])('refuses %s', (_, profile, reason) => {
  const [cause, ...others] = validateProfile(attributes, profile as never, 'update');
  expect(cause?.reason).toContain(reason);
  expect(others).toEqual([]);
});

test('a whole profile names every required attribute it lacks', () => {
  expect(validateProfile(attributes, ada, 'create')).toEqual([]);
  expect(validateProfile(attributes, { login: ada.login }, 'create').map((cause) => cause.field)).toEqual([
    'email',
    'firstName',
    'lastName',
  ]);
});

test('keeps profiles without nulls, logins after NFKC, times in UTC', () => {
  const given = { login: 'ａｄａ@example.com', title: null, seenAt: '2026-02-28T10:00:00+01:00', nickName: '' };
  expect(canonicalProfile(attributes, given)).toEqual({
    login: 'ada@example.com',
    seenAt: '2026-02-28T09:00:00.000Z',
    nickName: '',
  });
});

test('a definition that looks attacked costs no time', () => {
  const started = performance.now();
  validateProfile(attributes, { email: `"${'\\\\'.repeat(20)}`, login: `${'a.'.repeat(49)}@` }, 'update');
  expect(performance.now() - started).toBeLessThan(50);
});

test.each([
  ['__proto__', { title: 'x', type: 'string' }],
  ['constructor', { title: 'x', type: 'string' }],
  ['größe', { title: 'x', type: 'string' }],
  ['email', { title: 'x', type: 'string' }],
  ['tags', { title: 'x', type: 'array' }],
  ['born', { title: 'x', type: 'integer', format: 'date' }],
  ['code', { title: 'x', type: 'string', minLength: 5, maxLength: 4 }],
  ['untitled', { title: ' ', type: 'string' }],
  ['name', { title: 'x', type: 'string', items: { type: 'string' } }],
  ['size', { title: 'x', type: 'integer', enum: [1, '2'] }],
  ['size', { title: 'x', type: 'string', enum: [null] }],
  ['size', { title: 'x', type: 'string', enum: [] }],
  ['size', { title: 'x', type: 'integer', oneOf: [{ const: 'S', title: 'Small' }] }],
  ['sizes', { title: 'x', type: 'array', items: { type: 'integer', oneOf: [{ const: 'S', title: 'Small' }] } }],
] as const)('refuses to define %s', (variable, definition) => {
  expect(definitionProblem(baseUserAttributes, variable, definition)).toBeDefined();
});

const named = [
  { const: 'S', title: 'Small' },
  { const: 'M', title: 'Medium' },
];
test.each([
  ['a named value', { title: 'x', type: 'string', oneOf: named }, 'S', true],
  ['its name', { title: 'x', type: 'string', oneOf: named }, 'Small', false],
  ['a value of either list', { title: 'x', type: 'string', oneOf: named, enum: ['L'] }, 'L', true],
  ['named items', { title: 'x', type: 'array', items: { type: 'string', oneOf: named } }, ['S', 'M'], true],
  ['another item', { title: 'x', type: 'array', items: { type: 'string', oneOf: named } }, ['S', 'L'], false],
  ['what a pattern matches', { title: 'x', type: 'string', format: 'email', pattern: '[a-z]+' }, 'ada', true],
  ['what it does not match whole', { title: 'x', type: 'string', format: 'email', pattern: '[a-z]+' }, 'ada1', false],
] as const)('%s', (_name, definition, value, taken) => {
  expect(definitionProblem(baseUserAttributes, 'x', definition)).toBeUndefined();
  expect(valueProblem(definition, value) === undefined).toBe(taken);
});
