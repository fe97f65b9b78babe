import { expect, test } from 'vitest';
import type { Json } from '../../lib/json.ts';
import { openLearned } from './learned.ts';
import { readQuirks } from './quirks.ts';

test('facts of another kind are left out, the rest is used', () => {
  const { facts } = openLearned(
    { updateDialect: 'telepathy', etag: true, ignoredAttributes: ['a'], other: 1 },
    () => undefined,
  );
  expect(facts).toEqual({ etag: true, ignoredAttributes: ['a'] });
});

test('what is learned is used at once and handed on', () => {
  const stored: { [fact: string]: Json } = { bulk: 'broken', updateDialect: 'put' };
  const learned = openLearned({ ...stored }, (facts) => void Object.assign(stored, facts));
  learned.set({ activeDialect: 'path' });
  expect(learned.facts).toEqual({ bulk: 'broken', updateDialect: 'put', activeDialect: 'path' });
  learned.forgetFailures();
  expect(learned.facts).toEqual({ updateDialect: 'put', activeDialect: 'path' });
  expect(openLearned(stored, () => undefined).facts).toEqual(learned.facts);
});

test('a quirk of the wrong kind is named', () => {
  expect(readQuirks({ membersPerPatchMax: 100, requestsPerMinute: 600 })).toMatchObject({ membersPerPatchMax: 100 });
  expect(() => readQuirks({ membersPerPatchMax: 'many' })).toThrow(/membersPerPatchMax/);
});
