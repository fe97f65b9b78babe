import type { DesiredAccount } from '../../domain/account.ts';
import type { DuplicateLinks } from '../../domain/app-duplicate.ts';
import type { Profile } from '../../domain/profile.ts';
import { conceal, isSensitive } from '../../domain/sensitive.ts';
import { foldName } from '../../lib/text.ts';
import type { PlannedAction } from '../../planner/action.ts';
import type { RecordedState } from '../../planner/plan.ts';
import type { AppSetup } from '../../provisioning/app-setup.ts';
import type { decideRow } from '../../provisioning/reconcile.ts';
import type { AttributeDiff, DuplicateFate, NewPlanEntry, PlanSubject } from '../../store/plan-entries.ts';

/** What the engine has decided about one person, as the plan keeps it. */
export function planEntry(
  { row, fingerprint }: PlanSubject,
  { action, before, error }: ReturnType<typeof decideRow>,
  { setup, looksFirst }: { readonly setup: AppSetup; readonly looksFirst: boolean },
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
    diff: diffOf(action, before, setup),
    requests: cost(action, looksFirst),
  };
}

const fates: Readonly<Record<DuplicateLinks, DuplicateFate>> = { MATCH: 'match', STAY: 'stay', MOVE: 'move' };

/** What becomes of one person's account when the app is duplicated. The account itself is not touched by it. */
export function duplicateEntry({ row, fingerprint }: PlanSubject, links: DuplicateLinks): NewPlanEntry {
  const { userId, externalId = null, userName = null } = row;
  const entry = { userId, externalId, userName, nameKey: null, fingerprint, diff: null, requests: 0 };
  if (externalId !== null) return { ...entry, kind: fates[links], reason: null };
  return { ...entry, kind: 'none', reason: links === 'MOVE' ? 'assignment_copied' : 'no_account' };
}

type Change = Exclude<PlannedAction, { kind: 'none' } | { kind: 'ask' } | { kind: 'task' }>;

/** In the order of the account's name, whether it is active, and its attributes. What is sensitive is not in it. */
export function diffOf(
  action: Change,
  before: RecordedState,
  { sensitive }: Pick<AppSetup, 'sensitive'>,
): AttributeDiff[] {
  return changesOf(action, before).map((one) =>
    sensitive.has(one.attribute) || isSensitive(one.attribute)
      ? { ...one, now: conceal(one.now), after: conceal(one.after) }
      : one,
  );
}

function changesOf(action: Change, before: RecordedState): AttributeDiff[] {
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
