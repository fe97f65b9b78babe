import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deprovisionPolicies,
  mergeProvisioning,
  provisioningOff,
  type DeprovisionPolicy,
  type ProvisioningSettings,
} from '../domain/app.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { PlannedAction } from './action.ts';
import { planAction, type DesiredState, type FoundAccount, type PlanOptions, type RecordedState } from './plan.ts';

const on: ProvisioningSettings = { ...provisioningOff, create: true, update: true, deactivate: true };
const all: PlanOptions = {
  ...{ settings: on, connected: true, unprovisioned: false, canUpdate: true, canDeactivate: true, canRemove: true },
  entitlements: ['title'],
  removalWaitSeconds: undefined,
};
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
  [
    'nobody takes away an account that another instance provisions',
    gone,
    blank,
    { ...ours, owner: { label: 'Wiki', attributes: ['active'] } },
    all,
    { kind: 'none', reason: 'not_assigned' },
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
  reactivate: fc.boolean(),
  deprovision: fc.constantFrom(...deprovisionPolicies),
  manual: fc.boolean(),
});
const options: fc.Arbitrary<PlanOptions> = fc
  .record({
    settings,
    connected: fc.boolean(),
    unprovisioned: fc.boolean(),
    canUpdate: fc.boolean(),
    canDeactivate: fc.boolean(),
    canRemove: fc.boolean(),
    entitlements: fc.constant(['p']),
    wait: fc.constantFrom(0, 60),
  })
  .map(({ wait, ...rest }) => ({
    ...rest,
    removalWaitSeconds: rest.settings.deprovision === 'DELETE' ? wait : undefined,
  }));
const name = fc.constantFrom('ada', 'bob');
const desired: fc.Arbitrary<DesiredState> = fc.oneof(
  fc.constant<DesiredState>({ kind: 'no_account' }),
  fc.constant<DesiredState>({ kind: 'wait' }),
  fc.constant<DesiredState>({ kind: 'suspended' }),
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
    case 'remove_entitlements':
      return {
        externalId: action.externalId,
        active: action.change.active ?? before.active,
        userName: action.change.userName ?? before.userName,
        profile: { ...before.profile, ...action.change.profile },
      };
    case 'deactivate':
      return { ...before, externalId: action.externalId, active: false };
    case 'remove':
      return blank;
    case 'task':
    case 'ask':
    case 'none':
      return before;
  }
}

const days = (deprovision: DeprovisionPolicy, removalWaitSeconds?: number): PlanOptions => ({
  ...all,
  settings: mergeProvisioning(on, { deprovision }, new Date(0)),
  removalWaitSeconds,
});
const by = (more: Partial<ProvisioningSettings>): PlanOptions => ({ ...all, settings: { ...on, ...more } });
const off = { ...held, active: false };
const paused: DesiredState = { kind: 'suspended' };
const none = (reason: string) => ({ kind: 'none', reason });

describe('planAction, what losing the app leads to', () => {
  test.each([
    ['nothing', gone, held, days('NOTHING'), none('deactivate_off')],
    ['a task', gone, held, days('TASK'), { kind: 'task', verb: 'DEPROVISION' }],
    ['a task, done already', gone, off, days('TASK'), none('not_assigned')],
    ['deactivation', gone, held, days('DEACTIVATE'), { kind: 'deactivate' }],
    [
      'no entitlements',
      gone,
      held,
      days('REMOVE_ENTITLEMENTS'),
      { kind: 'remove_entitlements', change: { profile: { title: null } } },
    ],
    [
      'no entitlements, none left',
      gone,
      { ...held, profile: { givenName: 'Ada' } },
      days('REMOVE_ENTITLEMENTS'),
      none('entitlements_removed'),
    ],
    ['deletion at once', gone, held, days('DELETE', 0), { kind: 'remove' }],
    ['deletion later: off first', gone, held, days('DELETE', 60), { kind: 'deactivate' }],
    ['deletion later: not yet', gone, off, days('DELETE', 60), none('removal_scheduled')],
    ['deletion later: now', gone, off, days('DELETE', 0), { kind: 'remove', externalId: id('42') }],
    ['deletion, connection off', gone, off, { ...days('DELETE', 0), connected: false }, none('provisioning_off')],
    ['deletion, back in time', ada, off, days('DELETE', 60), { kind: 'reactivate' }],
    [
      'deletion the app does not know',
      gone,
      off,
      { ...days('DELETE', 0), canRemove: false },
      none('app_cannot_remove'),
    ],
    [
      'deletion the app does not know: off',
      gone,
      held,
      { ...days('DELETE', 0), canRemove: false },
      { kind: 'deactivate' },
    ],
    ['deletion of nobody', gone, blank, days('DELETE', 0), none('not_assigned')],
  ] as const)('%s', (_name, wanted, before, how, expected) => {
    expect(planAction(wanted, before, undefined, how)).toMatchObject(expected);
  });
});

describe('planAction, suspended, switched back on, by hand', () => {
  test.each([
    ['suspended, the account is on', paused, held, by({}), { kind: 'deactivate' }],
    ['suspended, the account is off', paused, off, by({}), none('suspended')],
    ['suspended, no account', paused, blank, by({}), none('suspended')],
    ['suspended, connection off', paused, held, { ...all, connected: false }, none('provisioning_off')],
    ['back, reactivation alone', ada, off, by({ create: false, reactivate: true }), { kind: 'reactivate' }],
    ['back, no reactivation', ada, off, by({ reactivate: false }), none('create_off')],
    ['by hand, assigned', ada, blank, by({ manual: true }), { kind: 'task', verb: 'PROVISION' }],
    ['by hand, made', ada, { ...blank, active: true }, by({ manual: true }), none('in_sync')],
    ['by hand, left', gone, { ...blank, active: true }, by({ manual: true }), { kind: 'task', verb: 'DEPROVISION' }],
    ['by hand, left before it was made', gone, blank, by({ manual: true }), none('not_assigned')],
    [
      'by hand, had it before',
      ada,
      blank,
      { ...by({ manual: true }), unprovisioned: true },
      none('assigned_before_provisioning'),
    ],
    [
      'by hand, had it before and left',
      gone,
      blank,
      { ...by({ manual: true }), unprovisioned: true },
      { kind: 'task', verb: 'DEPROVISION' },
    ],
  ] as const)('%s', (_name, wanted, before, how, expected) => {
    expect(planAction(wanted, before, undefined, how)).toMatchObject(expected);
  });
});

test('Okta’s switch and the policy never contradict each other, and a deletion counts from when it was decided', () => {
  const now = new Date('2026-11-25T00:00:00Z');
  const of = (before: Partial<ProvisioningSettings>, changes: Partial<ProvisioningSettings>) =>
    mergeProvisioning({ ...provisioningOff, ...before }, changes, now);
  expect(of({}, { deactivate: true })).toMatchObject({ deprovision: 'DEACTIVATE', deactivate: true });
  expect(of({ deprovision: 'TASK' }, { create: true })).toMatchObject({ deprovision: 'TASK', deactivate: false });
  expect(of({ deactivate: true }, { deprovision: 'NOTHING' })).toMatchObject({ deactivate: false });
  const deleting = of({ deactivate: true }, { deprovision: 'DELETE' });
  expect(deleting).toMatchObject({ deactivate: true, deleteSince: now.toISOString() });
  expect(mergeProvisioning(deleting, { deleteAfterDays: 3 }, new Date()).deleteSince).toBe(now.toISOString());
  expect(mergeProvisioning(deleting, { deactivate: false }, now)).not.toHaveProperty('deleteSince');
});

describe('planAction, whatever the input', () => {
  test('one action is enough: planning again after it plans nothing or asks', () => {
    fc.assert(
      fc.property(desired, recorded, found, options, (wanted, before, seen, how) => {
        const action = planAction(wanted, before, seen, how);
        const after = carryOut(action, before, wanted, seen);
        const left = action.kind === 'remove' ? undefined : seen;
        const again = planAction(wanted, after, after.externalId === undefined ? left : undefined, how);
        expect(['none', 'ask', 'task']).toContain(again.kind);
      }),
      { numRuns: 5_000 },
    );
  });

  test('nothing is sent while not connected, and nothing foreign is taken away', () => {
    fc.assert(
      fc.property(desired, recorded, found, options, (wanted, before, seen, how) => {
        const action = planAction(wanted, before, seen, how);
        if (!how.connected || how.settings.manual === true) expect(['none', 'task']).toContain(action.kind);
        if (action.kind === 'deactivate' || action.kind === 'remove' || action.kind === 'remove_entitlements') {
          expect(['no_account', 'suspended']).toContain(wanted.kind);
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
