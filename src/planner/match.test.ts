import { describe, expect, test } from 'vitest';
import type { ExternalId } from '../lib/ids.ts';
import { classifyMatch, type MatchCandidate, type MatchResult } from './match.ts';

const account = (id: string, rest: Partial<MatchCandidate> = {}): MatchCandidate => ({
  externalId: id as ExternalId,
  exact: false,
  alike: 'email',
  linkedToOther: false,
  ...rest,
});
const exact = account('1', { exact: true });

describe('classifyMatch', () => {
  test.each<[string, MatchCandidate[], MatchResult, string | undefined]>([
    ['nobody is like them', [], 'none', undefined],
    ['one bears their user name', [exact], 'exact', '1'],
    ['one bears their user name, others are like them', [exact, account('2'), account('3')], 'exact', '1'],
    ['two bear it', [exact, account('2', { exact: true })], 'ambiguous', undefined],
    ['the one that bears it is taken', [account('1', { exact: true, linkedToOther: true })], 'ambiguous', undefined],
    ['one is like them', [account('2')], 'partial', '2'],
    ['two are like them', [account('2'), account('3')], 'ambiguous', undefined],
    ['two are like them, one of them taken', [account('2'), account('3', { linkedToOther: true })], 'partial', '2'],
    ['the one like them is taken', [account('2', { linkedToOther: true })], 'none', undefined],
  ])('%s', (_name, candidates, result, externalId) => {
    expect(classifyMatch(candidates)).toMatchObject({ result, externalId });
  });

  test.each([
    ['email', 'the account has their e-mail address, and another user name'],
    ['name', 'the account has their first and last name, and another user name'],
  ] as const)('an account that is like them by their %s says so', (alike, reason) => {
    expect(classifyMatch([account('2', { alike })])).toMatchObject({ result: 'partial', reason });
  });
});
