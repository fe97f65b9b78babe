import type { DesiredAccount } from '../../domain/account.ts';
import type { Profile } from '../../domain/profile.ts';
import { foldName } from '../../lib/text.ts';
import type { PlannedAction } from '../../planner/action.ts';
import type { RecordedState } from '../../planner/plan.ts';
import type { decideRow } from '../../provisioning/reconcile.ts';
import type { AttributeDiff, NewPlanEntry, PlanSubject } from '../../store/plan-entries.ts';

/** What the engine has decided about one person, as the plan keeps it. */
export function planEntry(
  { row, fingerprint }: PlanSubject,
  { action, before, error }: ReturnType<typeof decideRow>,
  { looksFirst }: { readonly looksFirst: boolean },
): NewPlanEntry {
  const userName = userNameAfter(action, before);
  const entry = {
    userId: row.userId,
    externalId: 'externalId' in action ? (action.externalId ?? null) : (row.externalId ?? null),
    userName: userName ?? null,
    nameKey: userName === undefined ? null : foldName(userName),
    fingerprint,
  };
  if (error !== undefined) return { ...entry, kind: 'error', reason: error.message, diff: null, requests: 0 };
  if (action.kind === 'task') return { ...entry, kind: 'task', reason: action.verb, diff: null, requests: 0 };
  if (action.kind === 'none' || action.kind === 'ask') {
    const reason = action.kind === 'none' ? action.reason : action.question;
    return { ...entry, kind: 'none', reason, diff: null, requests: 0 };
  }
  return {
    ...entry,
    kind: action.kind,
    reason: null,
    diff: diffOf(action, before),
    requests: cost(action, looksFirst),
  };
}

type Change = Exclude<PlannedAction, { kind: 'none' } | { kind: 'ask' } | { kind: 'task' }>;

/** In the order of the account's name, whether it is active, and its attributes. */
export function diffOf(action: Change, before: RecordedState): AttributeDiff[] {
  switch (action.kind) {
    case 'create':
      return differences(action.desired, { userName: undefined, active: undefined, profile: {} });
    case 'deactivate':
      return [{ attribute: 'active', now: before.active, after: false }];
    case 'remove':
      return differences(
        { profile: Object.fromEntries(Object.keys(before.profile).map((name) => [name, null])) },
        before,
      );
    default:
      return action.change === undefined ? [] : differences(action.change, before);
  }
}

function differences(
  { userName, active, profile }: Partial<DesiredAccount> & { readonly profile: Profile },
  now: { readonly userName: string | undefined; readonly active: boolean | undefined; readonly profile: Profile },
): AttributeDiff[] {
  return [
    ...(userName === undefined ? [] : [{ attribute: 'userName', now: now.userName ?? null, after: userName }]),
    ...(active === undefined ? [] : [{ attribute: 'active', now: now.active ?? null, after: active }]),
    ...Object.entries(profile).flatMap(([attribute, after]) => {
      const current = now.profile[attribute] ?? null;
      return current === null && after === null ? [] : [{ attribute, now: current, after }];
    }),
  ];
}

/** Requests it takes when nothing goes wrong. An app whose accounts are not known is asked before each create. */
function cost(action: Change, looksFirst: boolean): number {
  if (action.kind === 'create') return looksFirst ? 2 : 1;
  return action.kind === 'link' && action.change === undefined ? 0 : 1;
}

function userNameAfter(action: PlannedAction, before: RecordedState): string | undefined {
  if (action.kind === 'create') return action.desired.userName;
  return 'change' in action ? (action.change?.userName ?? before.userName) : before.userName;
}
