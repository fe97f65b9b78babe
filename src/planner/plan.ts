import type { Account, AccountChange, DesiredAccount } from '../domain/account.ts';
import { deprovisionPolicy, type ProvisioningSettings } from '../domain/app.ts';
import { profileChanges, type Profile } from '../domain/profile.ts';
import type { ExternalId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import type { AccountOwner, PlannedAction } from './action.ts';

/** What one person's account in one app should be. */
export type DesiredState =
  | { readonly kind: 'account'; readonly account: DesiredAccount; readonly createOnly: ReadonlySet<string> }
  /** Entitled, but not yet: the person is STAGED. An existing account is left as it is. */
  | { readonly kind: 'wait' }
  /** Entitled, but suspended, and the app is to know: an account is switched off until that ends. */
  | { readonly kind: 'suspended' }
  | { readonly kind: 'no_account' };

/** What the app last confirmed. */
export interface RecordedState {
  readonly externalId: ExternalId | undefined;
  readonly active: boolean;
  readonly userName: string | undefined;
  readonly profile: Profile;
}

/** An account found in the app for somebody without a recorded one. */
export interface FoundAccount {
  readonly account: Account;
  /** We made it: it carries our correlation id, or it answers a create of ours whose outcome was lost. */
  readonly ours: boolean;
  /** It is already linked to another person of this app. */
  readonly linkedToOther: boolean;
  /** Another instance has the account and writes attributes this one would write, too. */
  readonly owner?: AccountOwner;
}

export interface PlanOptions {
  readonly settings: ProvisioningSettings;
  /** False while the connection is off or the app inactive: nothing may be sent. */
  readonly connected: boolean;
  /** Assigned while provisioning was off, and nobody has said "provision" since. */
  readonly unprovisioned: boolean;
  readonly canUpdate: boolean;
  readonly canDeactivate: boolean;
  readonly canRemove: boolean;
  /** Attributes that say what an account allows. */
  readonly entitlements: readonly string[];
  /** Seconds until the account of somebody without the app is deleted; undefined where none ever is. */
  readonly removalWaitSeconds: number | undefined;
}

/** The smallest action that takes the recorded state to the desired one. */
export function planAction(
  desired: DesiredState,
  recorded: RecordedState,
  found: FoundAccount | undefined,
  options: PlanOptions,
): PlannedAction {
  if (desired.kind === 'wait') return { kind: 'none', reason: 'not_activated' };
  if (options.settings.manual === true) return planManual(desired, recorded, options);
  if (desired.kind === 'suspended') return planSuspension(recorded, found, options);
  if (desired.kind === 'no_account') return planRemoval(recorded, found, options);
  if (!options.connected) return { kind: 'none', reason: 'provisioning_off' };
  if (recorded.externalId !== undefined) {
    return planUpdate(desired.account, desired.createOnly, { ...recorded, externalId: recorded.externalId }, options);
  }
  if (found !== undefined) return planLink(desired.account, desired.createOnly, found, options);
  if (options.unprovisioned) return { kind: 'none', reason: 'assigned_before_provisioning' };
  if (options.settings.create) return { kind: 'create', desired: desired.account };
  if (options.settings.update || options.settings.deactivate) {
    return { kind: 'ask', externalId: undefined, question: 'no_match' };
  }
  return { kind: 'none', reason: 'create_off' };
}

/** What `account` lacks of `desired`, or undefined when nothing. Create-only attributes never count. */
function accountChange(
  desired: DesiredAccount,
  createOnly: ReadonlySet<string>,
  current: { readonly userName: string | undefined; readonly active: boolean | undefined; readonly profile: Profile },
  settings: ProvisioningSettings,
): AccountChange | undefined {
  const owned = Object.fromEntries(Object.entries(desired.profile).filter(([name]) => !createOnly.has(name)));
  const profile = settings.update ? profileChanges(owned, current.profile) : {};
  const rename =
    settings.update && !settings.excludeUserNameUpdates && current.userName !== desired.userName
      ? { userName: desired.userName }
      : {};
  const activate = current.active === false ? { active: true } : {};
  const change = { ...rename, ...activate, profile };
  return Object.keys(change).length > 1 || Object.keys(profile).length > 0 ? change : undefined;
}

/** In an app without an interface the recorded state is what people have said they did. */
function planManual(
  desired: Exclude<DesiredState, { kind: 'wait' }>,
  { active }: RecordedState,
  { unprovisioned }: PlanOptions,
): PlannedAction {
  if (desired.kind === 'account') {
    if (active) return { kind: 'none', reason: 'in_sync' };
    return unprovisioned
      ? { kind: 'none', reason: 'assigned_before_provisioning' }
      : { kind: 'task', verb: 'PROVISION' };
  }
  // Somebody who had the app before may well have an account nobody has told us of.
  if (active || (unprovisioned && desired.kind === 'no_account')) return { kind: 'task', verb: 'DEPROVISION' };
  return { kind: 'none', reason: desired.kind === 'suspended' ? 'suspended' : 'not_assigned' };
}

function planSuspension(recorded: RecordedState, found: FoundAccount | undefined, options: PlanOptions): PlannedAction {
  const { externalId, active } = ownAccount(recorded, found);
  if (externalId === undefined || !active) return { kind: 'none', reason: 'suspended' };
  if (!options.connected) return { kind: 'none', reason: 'provisioning_off' };
  if (!options.canDeactivate) return { kind: 'none', reason: 'app_cannot_deactivate' };
  return { kind: 'deactivate', externalId };
}

function planRemoval(recorded: RecordedState, found: FoundAccount | undefined, options: PlanOptions): PlannedAction {
  const { externalId, active, profile } = ownAccount(recorded, found);
  const policy = deprovisionPolicy(options.settings);
  const waitSeconds = options.removalWaitSeconds;
  if (externalId === undefined || (!active && waitSeconds === undefined))
    return { kind: 'none', reason: 'not_assigned' };
  if (!options.connected) return { kind: 'none', reason: 'provisioning_off' };
  switch (policy) {
    case 'NOTHING':
      return { kind: 'none', reason: 'deactivate_off' };
    case 'TASK':
      return { kind: 'task', verb: 'DEPROVISION' };
    case 'REMOVE_ENTITLEMENTS':
      return planDisentitling(externalId, profile, options);
    case 'DELETE':
      if (waitSeconds === 0 && options.canRemove) return { kind: 'remove', externalId };
      if (active) break;
      return { kind: 'none', reason: waitSeconds === 0 ? 'app_cannot_remove' : 'removal_scheduled' };
    case 'DEACTIVATE':
  }
  if (!options.canDeactivate) return { kind: 'none', reason: 'app_cannot_deactivate' };
  return { kind: 'deactivate', externalId };
}

function planDisentitling(externalId: ExternalId, profile: Profile, options: PlanOptions): PlannedAction {
  const held = options.entitlements.filter((name) => (profile[name] ?? null) !== null);
  if (held.length === 0) return { kind: 'none', reason: 'entitlements_removed' };
  if (!options.canUpdate) return { kind: 'none', reason: 'app_cannot_update' };
  const change = { profile: Object.fromEntries(held.map((name) => [name, null])) };
  return { kind: 'remove_entitlements', externalId, change };
}

/** The account we made or linked, or the one a lost create of ours has made. Another instance's is not ours to end. */
function ownAccount(recorded: RecordedState, found: FoundAccount | undefined): RecordedState {
  if (recorded.externalId !== undefined || found?.ours !== true || found.owner !== undefined) return recorded;
  const { externalId, active, userName, profile } = found.account;
  return { externalId, active: active !== false, userName, profile };
}

function planUpdate(
  desired: DesiredAccount,
  createOnly: ReadonlySet<string>,
  recorded: RecordedState & { readonly externalId: ExternalId },
  options: PlanOptions,
): PlannedAction {
  const { externalId } = recorded;
  const change = accountChange(desired, createOnly, recorded, options.settings);
  if (change === undefined) return { kind: 'none', reason: 'in_sync' };
  if (!options.canUpdate) return { kind: 'none', reason: 'app_cannot_update' };
  if (change.active === true) {
    // Giving access back is granting it, so it goes with the switch for creating accounts.
    return (options.settings.reactivate ?? options.settings.create)
      ? { kind: 'reactivate', externalId, change }
      : { kind: 'none', reason: 'create_off' };
  }
  return { kind: 'update', externalId, change };
}

function planLink(
  desired: DesiredAccount,
  createOnly: ReadonlySet<string>,
  found: FoundAccount,
  options: PlanOptions,
): PlannedAction {
  const { account } = found;
  if (found.linkedToOther) return { kind: 'ask', externalId: account.externalId, question: 'linked_to_other' };
  if (found.owner !== undefined) {
    return { kind: 'ask', externalId: account.externalId, question: 'owned_by_other_app', owner: found.owner };
  }
  if (!found.ours && options.unprovisioned) return { kind: 'none', reason: 'assigned_before_provisioning' };
  if (!found.ours && options.settings.existingAccount === 'ASK') {
    return { kind: 'ask', externalId: account.externalId, question: 'link_existing' };
  }
  // A name in another letter case is the same name: the app's own form stays until the person is renamed.
  const sameName = foldName(account.userName) === foldName(desired.userName);
  const current = { ...account, userName: sameName ? desired.userName : account.userName };
  const change = accountChange(desired, createOnly, current, options.settings);
  return { kind: 'link', externalId: account.externalId, change: options.canUpdate ? change : undefined };
}
