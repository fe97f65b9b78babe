import { expect, test } from 'vitest';
import { change, differences, entitled, type Company } from './company.ts';
import type { AppAccount } from './scim-app.ts';

function company(): Company {
  const person = (login: string, department: string) =>
    [login, { profile: { login, department }, employed: true }] as const;
  return {
    people: new Map([person('ada', 'Sales'), person('bob', 'Legal'), person('eve', 'Legal')]),
    departments: new Set(['Sales']),
    individuals: new Set(['bob']),
    everEntitled: new Set(),
  };
}

function accounts(...all: readonly (readonly [login: string, active: boolean, department: string])[]) {
  return new Map(
    all.map(([login, active, department]): [string, AppAccount] => [
      login,
      { id: login, active, values: { login, department } },
    ]),
  );
}

test('those in a department with the app and those who have it individually are entitled', () => {
  expect(entitled(company())).toEqual(['ada', 'bob']);
});

test('an app that is as it should be has no differences', () => {
  expect(differences(company(), accounts(['ada', true, 'Sales'], ['bob', true, 'Legal']))).toEqual([]);
});

test.each([
  ['a missing account', accounts(['ada', true, 'Sales']), 'bob has no account'],
  ['an inactive one', accounts(['ada', false, 'Sales'], ['bob', true, 'Legal']), 'the account of ada is not active'],
  [
    'a wrong value',
    accounts(['ada', true, 'Sale'], ['bob', true, 'Legal']),
    'ada: department is "Sale" and should be "Sales"',
  ],
  [
    'one too many',
    accounts(['ada', true, 'Sales'], ['bob', true, 'Legal'], ['eve', true, 'Legal']),
    'nobody should have the account eve',
  ],
])('%s is found', (_name, found, sentence) => {
  expect(differences(company(), found)).toContain(sentence);
});

test('a leaver keeps an account that must not be active', () => {
  const acme = company();
  entitled(acme);
  change(acme, 'ada', { employed: false });
  expect(differences(acme, accounts(['ada', true, 'Sales'], ['bob', true, 'Legal']))).toEqual([
    'the account of ada is active',
  ]);
  expect(differences(acme, accounts(['ada', false, 'Sales'], ['bob', true, 'Legal']))).toEqual([]);
});
