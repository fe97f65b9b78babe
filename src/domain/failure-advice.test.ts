import { expect, test } from 'vitest';
import { errorCodes } from '../lib/errors.ts';
import { adviceByCode } from './failure-advice.ts';

test.each(errorCodes)('%s has a probable cause and something to do about it', (code) => {
  const { probableCause, suggestion } = adviceByCode[code];
  expect(probableCause).toMatch(/^\p{Lu}.{15,}\.$/u);
  expect(suggestion).toMatch(/^\p{Lu}.{15,}\.$/u);
});
