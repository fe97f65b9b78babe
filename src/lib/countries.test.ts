import { expect, test } from 'vitest';
import { countryByCode } from './countries.ts';

test.each(['IN', 'in', 'IND', ' ind ', '356'])('%s is India', (code) => {
  expect(countryByCode(code)).toEqual({ alpha2: 'IN', alpha3: 'IND', numeric: '356', name: 'India' });
});

test.each(['4', '04', '004'])('%s is Afghanistan', (code) => {
  expect(countryByCode(code)?.alpha2).toBe('AF');
});

test.each(['', 'India', 'XX', '999', 'constructor', '__proto__'])('"%s" is no code', (code) => {
  expect(countryByCode(code)).toBeUndefined();
});
