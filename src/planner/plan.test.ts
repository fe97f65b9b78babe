import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { provisioningOff, type ProvisioningSettings } from '../domain/app.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { PlannedAction } from './action.ts';
import { planAction, type DesiredState, type FoundAccount, type PlanOptions, type RecordedState } from './plan.ts';

const on: ProvisioningSettings = { ...provisioningOff, create: true, update: true, deactivate: true };
const all: PlanOptions = { settings: on, connected: true, unprovisioned: false, canUpdate: true, canDeactivate: true };
const id = (text: string) => text as ExternalId;

const ada: DesiredState = {
  kind: 'account',
  account: {
    userName: 'ada@acme.example',
    active: true,
    profile: { givenName: 'Ada', title: 'CTO' },
    correlationId: '00uAda',
  },
  createOnly: new Set(['title']),
};
const gone: DesiredState = { kind: 'no_account' };
const blank: RecordedState = { externalId: undefined, active: false, userName: undefined, profile: {} };
const held: RecordedState = {
  externalId: id('42'),
  active: true,
  userName: 'ada@acme.example',
  profile: { givenName: 'Ada', title: 'CTO' },
};
const stranger: FoundAccount = {
  account: {
    externalId: id('7'),
    userName: 'ADA@acme.example',
    active: true,
    profile: { givenName: 'Ada', title: 'CEO' },
    correlationId: undefined,
  },
  ours: false,
  linkedToOther: false,
};
const ours = { ...stranger, ours: true };

type Row = [string, DesiredState, RecordedState, FoundAccount | undefined, PlanOptions, Partial<PlannedAction>];
const rows: Row[] = [
  ['assigned, no account', ada, blank, undefined, all, { kind: 'create' }],
  ['assigned, all as it should be', ada, held, undefined, all, { kind: 'none', reason: 'in_sync' }],
  [
    'an attribute differs',
    ada,
    { ...held, profile: { givenName: 'Augusta', title: 'CTO' } },
    undefined,
    all,
    { kind: 'update', externalId: id('42'), change: { profile: { givenName: 'Ada' } } },
  ],
  [
    'a create-only attribute differs',
    ada,
    { ...held, profile: { givenName: 'Ada', title: 'x' } },
    undefined,
    all,
    { kind: 'none', reason: 'in_sync' },
  ],
  [
    'renamed',
    ada,
    { ...held, userName: 'old@acme.example' },
    undefined,
    all,
    { kind: 'update', change: { userName: 'ada@acme.example', profile: {} } },
  ],
  [
    'renamed, name updates excluded',
    ada,
    { ...held, userName: 'old@acme.example' },
    undefined,
    { ...all, settings: { ...on, excludeUserNameUpdates: true } },
    { kind: 'none', reason: 'in_sync' },
  ],
  [
    'back again',
    ada,
    { ...held, active: false },
    undefined,
    all,
    { kind: 'reactivate', externalId: id('42'), change: { active: true, profile: {} } },
  ],
  [
    'back again, update off',
    ada,
    { ...held, active: false, profile: {} },
    undefined,
    { ...all, settings: { ...on, update: false } },
    { kind: 'reactivate', change: { active: true, profile: {} } },
  ],
  [
    'back again, create off',
    ada,
    { ...held, active: false },
    undefined,
    { ...all, settings: { ...on, create: false } },
    { kind: 'none', reason: 'create_off' },
  ],
  ['unassigned, account active', gone, held, undefined, all, { kind: 'deactivate', externalId: id('42') }],
  [
    'unassigned, already inactive',
    gone,
    { ...held, active: false },
    undefined,
    all,
    { kind: 'none', reason: 'not_assigned' },
  ],
  [
    'unassigned, deactivate off',
    gone,
    held,
    undefined,
    { ...all, settings: { ...on, deactivate: false } },
    { kind: 'none', reason: 'deactivate_off' },
  ],
  ['unassigned, no account', gone, blank, undefined, all, { kind: 'none', reason: 'not_assigned' }],
  ['unassigned while a create was lost', gone, blank, ours, all, { kind: 'deactivate', externalId: id('7') }],
  ['unassigned, a stranger has the name', gone, blank, stranger, all, { kind: 'none', reason: 'not_assigned' }],
  ['connection off', ada, blank, undefined, { ...all, connected: false }, { kind: 'none', reason: 'provisioning_off' }],
  [
    'leaver, connection off',
    gone,
    held,
    undefined,
    { ...all, connected: false },
    { kind: 'none', reason: 'provisioning_off' },
  ],
  [
    'assigned before provisioning',
    ada,
    blank,
    undefined,
    { ...all, unprovisioned: true },
    { kind: 'none', reason: 'assigned_before_provisioning' },
  ],
  [
    'everything off',
    ada,
    blank,
    undefined,
    { ...all, settings: provisioningOff },
    { kind: 'none', reason: 'create_off' },
  ],
  [
    'create off, no match',
    ada,
    blank,
    undefined,
    { ...all, settings: { ...on, create: false } },
    { kind: 'ask', question: 'no_match' },
  ],
  [
    'an account with the name in another case',
    ada,
    blank,
    stranger,
    all,
    { kind: 'link', externalId: id('7'), change: undefined },
  ],
  [
    'the same, set to ask',
    ada,
    blank,
    stranger,
    { ...all, settings: { ...on, existingAccount: 'ASK' } },
    { kind: 'ask', question: 'link_existing' },
  ],
  [
    'our own account, set to ask',
    ada,
    blank,
    ours,
    { ...all, settings: { ...on, existingAccount: 'ASK' } },
    { kind: 'link' },
  ],
  [
    'an account of somebody else here',
    ada,
    blank,
    { ...stranger, linkedToOther: true },
    all,
    { kind: 'ask', question: 'linked_to_other' },
  ],
  [
    'our own account, which another instance writes to',
    ada,
    blank,
    { ...ours, owner: { label: 'Wiki', attributes: ['title'] } },
    all,
    { kind: 'ask', question: 'owned_by_other_app', owner: { label: 'Wiki', attributes: ['title'] } },
  ],
  ['not activated yet', { kind: 'wait' }, held, undefined, all, { kind: 'none', reason: 'not_activated' }],
  [
    'the app cannot deactivate',
    gone,
    held,
    undefined,
    { ...all, canDeactivate: false },
    { kind: 'none', reason: 'app_cannot_deactivate' },
  ],
];

describe('planAction', () => {
  test.each(rows)('%s', (_name, desired, recorded, found, options, expected) => {
    expect(planAction(desired, recorded, found, options)).toMatchObject(expected);
  });
});

const value = fc.constantFrom<string | number | boolean | null>('a', 'b', '', 1, true, null);
const profile = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), value);
const settings = fc.record({
  create: fc.boolean(),
  update: fc.boolean(),
  deactivate: fc.boolean(),
  pushPending: fc.boolean(),
  excludeUserNameUpdates: fc.boolean(),
  existingAccount: fc.constantFrom('LINK' as const, 'ASK' as const),
});
const options: fc.Arbitrary<PlanOptions> = fc.record({
  settings,
  connected: fc.boolean(),
  unprovisioned: fc.boolean(),
  canUpdate: fc.boolean(),
  canDeactivate: fc.boolean(),
});
const name = fc.constantFrom('ada', 'bob');
const desired: fc.Arbitrary<DesiredState> = fc.oneof(
  fc.constant<DesiredState>({ kind: 'no_account' }),
  fc.constant<DesiredState>({ kind: 'wait' }),
  fc.record({
    kind: fc.constant('account' as const),
    account: fc.record({ userName: name, active: fc.constant(true), profile, correlationId: fc.constant('00u1') }),
    createOnly: fc.uniqueArray(fc.constantFrom('p', 'q')).map((names) => new Set(names)),
  }),
);
const recorded: fc.Arbitrary<RecordedState> = fc.record({
  externalId: fc.option(fc.constant(id('1')), { nil: undefined }),
  active: fc.boolean(),
  userName: fc.option(name, { nil: undefined }),
  profile,
});
const found: fc.Arbitrary<FoundAccount | undefined> = fc.option(
  fc.record({
    account: fc.record({
      externalId: fc.constant(id('9')),
      userName: name,
      active: fc.option(fc.boolean(), { nil: undefined }),
      profile,
      correlationId: fc.constant(undefined),
    }),
    ours: fc.boolean(),
    linkedToOther: fc.boolean(),
  }),
  { nil: undefined },
);

/** What carrying out an action makes of the recorded state, as `record` does. */
function carryOut(
  action: PlannedAction,
  before: RecordedState,
  wanted: DesiredState,
  seen: FoundAccount | undefined,
): RecordedState {
  const account = wanted.kind === 'account' ? wanted.account : undefined;
  switch (action.kind) {
    case 'create':
      return {
        externalId: id('new'),
        active: true,
        userName: action.desired.userName,
        profile: action.desired.profile,
      };
    case 'link':
      return {
        externalId: action.externalId,
        active: action.change?.active ?? seen?.account.active ?? true,
        userName: action.change?.userName ?? account?.userName,
        profile: { ...seen?.account.profile, ...action.change?.profile },
      };
    case 'update':
    case 'reactivate':
      return {
        externalId: action.externalId,
        active: action.change.active ?? before.active,
        userName: action.change.userName ?? before.userName,
        profile: { ...before.profile, ...action.change.profile },
      };
    case 'deactivate':
      return { ...before, externalId: action.externalId, active: false };
    case 'ask':
    case 'none':
      return before;
  }
}

describe('planAction, whatever the input', () => {
  test('one action is enough: planning again after it plans nothing or asks', () => {
    fc.assert(
      fc.property(desired, recorded, found, options, (wanted, before, seen, how) => {
        const action = planAction(wanted, before, seen, how);
        const after = carryOut(action, before, wanted, seen);
        const again = planAction(wanted, after, after.externalId === undefined ? seen : undefined, how);
        expect(['none', 'ask']).toContain(again.kind);
      }),
      { numRuns: 5_000 },
    );
  });

  test('nothing is sent while not connected, and nothing foreign is taken away', () => {
    fc.assert(
      fc.property(desired, recorded, found, options, (wanted, before, seen, how) => {
        const action = planAction(wanted, before, seen, how);
        if (!how.connected) expect(action.kind).toBe('none');
        if (action.kind === 'deactivate') {
          expect(wanted.kind).toBe('no_account');
          expect(action.externalId === before.externalId || seen?.ours === true).toBe(true);
        }
        if (action.kind === 'create') expect(before.externalId).toBeUndefined();
        if (action.kind === 'link') expect(seen?.linkedToOther).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('an update carries only attributes that are desired, not create-only, and different', () => {
    fc.assert(
      fc.property(desired, recorded, options, (wanted, before, how) => {
        const action = planAction(wanted, before, undefined, how);
        if (action.kind !== 'update' || wanted.kind !== 'account') return;
        for (const [attribute, sent] of Object.entries(action.change.profile)) {
          expect(wanted.account.profile[attribute] ?? null).toEqual(sent ?? null);
          expect(wanted.createOnly.has(attribute)).toBe(false);
          expect(before.profile[attribute] ?? null).not.toEqual(sent ?? null);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
