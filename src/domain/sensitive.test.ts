import { describe, expect, test } from 'vitest';
import { conceal, isSensitive } from './sensitive.ts';

describe('an attribute nobody is shown the values of', () => {
  test.each([
    'password',
    'tempPasswd',
    'clientSecret',
    'apiToken',
    'pin',
    'badgePin',
    'employee_ssn',
    'SSN',
    'ssnLast4',
  ])('%s', (attribute) => expect(isSensitive(attribute)).toBe(true));
  test.each(['title', 'pinned', 'shippingCity', 'businessName', 'className', 'spin', 'opinion'])(
    'is not %s',
    (attribute) => expect(isSensitive(attribute)).toBe(false),
  );
  test('is one the app never shows either', () => {
    expect(isSensitive('answer', { mutability: 'WRITE_ONLY' })).toBe(true);
    expect(isSensitive('answer', { mutability: 'READ_WRITE' })).toBe(false);
  });
});

test('a concealed value still says whether there is one', () => {
  expect([null, '', [], 'x', 0, false, ['x']].map(conceal)).toEqual([null, '', [], '••••', '••••', '••••', '••••']);
});
