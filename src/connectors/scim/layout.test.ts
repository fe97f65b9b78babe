import { describe, expect, test } from 'vitest';
import type { AttributeDefinition } from '../../domain/profile-schema.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { compileLayout, coreUserUrn, type Place } from './layout.ts';
import { readActive, readId, readPlace, writePlace, type Draft } from './resource.ts';
import { isKept } from './verify.ts';

const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function place(externalName: string, definition: Partial<AttributeDefinition> = {}): Place {
  const layout = compileLayout({ x: { title: 'x', type: 'string', externalName, ...definition } }, false);
  const found = layout.byVariable.get('x');
  if (!found) throw new Error('no place');
  return found;
}

describe('writing and reading a place', () => {
  const list = { type: 'array', items: { type: 'string' } } as const;
  test.each<[string, Partial<AttributeDefinition>, Json, JsonObject]>([
    ['title', {}, 'Dr', { title: 'Dr' }],
    ['title', { externalNamespace: coreUserUrn }, 'Dr', { title: 'Dr' }],
    ['name.givenName', {}, 'Ada', { name: { givenName: 'Ada' } }],
    ["emails.^[type=='work'].value", {}, 'a@x', { emails: [{ primary: true, type: 'work', value: 'a@x' }] }],
    ['emails.^[primary==true].value', {}, 'a@x', { emails: [{ primary: true, value: 'a@x' }] }],
    ["phoneNumbers.^[type=='mobile'].value", {}, '1', { phoneNumbers: [{ type: 'mobile', value: '1' }] }],
    ["addresses.^[type=='work'].locality", {}, 'York', { addresses: [{ type: 'work', locality: 'York' }] }],
    ['department', { externalNamespace: urn }, 'R&D', { [urn]: { department: 'R&D' } }],
    ['manager.value', { externalNamespace: urn }, '7', { [urn]: { manager: { value: '7' } } }],
    ['roles', list, ['a', 'b'], { roles: [{ value: 'a' }, { value: 'b' }] }],
    ['teams', list, ['a', 'b'], { teams: ['a', 'b'] }],
    ['roles', { ...list, externalNamespace: urn }, ['a'], { [urn]: { roles: ['a'] } }],
    ['settings', { type: 'object' }, { a: { b: 1 } }, { settings: { a: { b: 1 } } }],
    ['level', { type: 'integer' }, 3, { level: 3 }],
  ])('%s %o', (externalName, definition, value, resource) => {
    const draft: Draft = {};
    const at = place(externalName, definition);
    writePlace(draft, at, value);
    expect(draft).toEqual(resource);
    expect(readPlace(resource, at)).toEqual(value);
  });

  test('keeps what else is there, and clears nothing else', () => {
    const before = {
      name: { givenName: 'Ada', familyName: 'L' },
      emails: [
        { type: 'home', value: 'h' },
        { type: 'work', value: 'w', display: 'W' },
      ],
      addresses: [{ type: 'work', locality: 'York', country: 'GB' }],
    };
    const draft: Draft = { ...before };
    writePlace(draft, place("emails.^[type=='work'].value"), 'new');
    writePlace(draft, place('name.givenName'), null);
    writePlace(draft, place("addresses.^[type=='work'].locality"), null);
    expect(draft).toEqual({
      name: { familyName: 'L' },
      emails: [
        { type: 'home', value: 'h' },
        { type: 'work', value: 'new', display: 'W' },
      ],
      addresses: [{ type: 'work', country: 'GB' }],
    });
    writePlace(draft, place("emails.^[type=='work'].value"), null);
    expect(draft['emails']).toEqual([{ type: 'home', value: 'h' }]);
    expect(before.emails).toHaveLength(2);
  });

  test('a single element without its key is the one meant, one of another kind is not', () => {
    const at = place("emails.^[type=='work'].value");
    expect(readPlace({ emails: [{ value: 'a@x' }] }, at)).toBe('a@x');
    expect(readPlace({ emails: [{ value: 'a@x', type: 'home' }] }, at)).toBeUndefined();
    expect(readPlace({ emails: [{ value: 'a@x' }, { value: 'b@x' }] }, at)).toBeUndefined();
    expect(readPlace({ emails: [{ value: 'a@x', primary: 'True' }, {}] }, place('emails.^[primary==true].value'))).toBe(
      'a@x',
    );
  });
});

test.each([
  '__proto__',
  'constructor',
  'a.constructor',
  'a..b',
  'emails[0].value',
  '',
  "a.^[type=='x\"y'].value",
  'a b',
])('the external name "%s" is refused', (externalName) => expect(() => place(externalName)).toThrow(/external name/));

describe('a value is kept', () => {
  const text = place('title');
  const email = place("emails.^[type=='work'].value");
  const roles = place('roles', { type: 'array', items: { type: 'string' } });
  const object = place('settings', { type: 'object' });
  test.each<[string, Place, Json, Json | undefined, boolean]>([
    ['same text', text, 'Dr', 'Dr', true],
    ['other case', text, 'Dr', 'dr', false],
    ['with a blank more', text, 'Dr', 'Dr ', false],
    ['missing', text, 'Dr', undefined, false],
    ['cleared', text, null, undefined, true],
    ['cleared to empty', text, null, '', true],
    ['cleared to an empty list', roles, null, [], true],
    ['cleared to the word None', text, null, 'None', false],
    ['number as text', text, '7', 7, true],
    ['e-mail in lower case', email, 'Ada@X.org', 'ada@x.org', true],
    ['boolean as text', place('vip', { type: 'boolean' }), true, 'True', true],
    ['other boolean', place('vip', { type: 'boolean' }), true, 'False', false],
    ['integer as text', place('level', { type: 'integer' }), 3, '3', true],
    ['list in other order', roles, ['a', 'b'], ['b', 'a'], true],
    ['list of objects', roles, ['a'], [{ value: 'a', display: 'A' }], true],
    ['shorter list', roles, ['a', 'b'], ['a'], false],
    ['longer list', roles, ['a'], ['a', 'b'], false],
    ['object with parts added', object, { a: 1 }, { a: 1, b: 2 }, true],
    ['object with a part missing', object, { a: 1, b: 2 }, { a: 1 }, false],
    ['write-only', place('pin', { mutability: 'WRITE_ONLY' }), '1', undefined, true],
  ])('%s', (_name, at, sent, shown, kept) => expect(isKept(at, sent, shown)).toBe(kept));
});

test.each<[JsonObject, string | undefined]>([
  [{ id: 'a' }, 'a'],
  [{ id: 7 }, '7'],
  [{ id: 0 }, '0'],
  [{ id: 'a/b c' }, 'a/b c'],
  [{ id: '' }, undefined],
  [{ id: null }, undefined],
  [{ id: '..' }, undefined],
  [{ id: '.' }, undefined],
  [{ id: true }, undefined],
  [{}, undefined],
])('the id of %o is %s', (resource, id) => expect(readId(resource)).toBe(id));

test.each<[Json, boolean | undefined]>([
  [true, true],
  ['True', true],
  ['false', false],
  ['yes', undefined],
  [1, undefined],
  [null, undefined],
])('active %s reads as %s', (active, expected) => expect(readActive({ active })).toBe(expected));
