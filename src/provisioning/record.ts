import type { AppUserStatus, SyncState } from '../domain/app-user.ts';
import type { EventTarget, EventType } from '../domain/log-event.ts';
import { withoutNulls } from '../domain/profile.ts';
import type { ManualVerb } from '../domain/task.ts';
import type { UsherError } from '../lib/errors.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { NoActionReason, PlannedAction } from '../planner/action.ts';
import type { SettledPassword } from '../store/password-pushes.ts';
import type { ClaimedRow, OperationRecord, OutcomeEvent, RowOutcome } from '../store/app-user-queue.ts';
import type { AppSetup } from './app-setup.ts';
import type { Applied, EffectiveAction } from './apply.ts';
import type { RecordedState } from '../planner/plan.ts';
import { removalWaitSeconds, type Reconciled } from './reconcile.ts';

/** What the worker decides about a failure: when to try again, and whose fault it was. */
export interface Retry {
  /** Undefined: not before something changes or a person acts. */
  readonly afterSeconds: number | undefined;
  /** False when the app as a whole is in trouble: then the row's attempt does not count and is not logged. */
  readonly rowFailed: boolean;
}

/** The outcome of one row as it is written down: its new state, its operation, its log events. */
export function describeOutcome(result: Reconciled, setup: AppSetup, retry: Retry): RowOutcome {
  const { subject, entitled, action, error, applied } = result;
  const { row } = subject;
  const state = applied?.state ?? result.observed ?? handled(result);
  const active = state?.active ?? row.recordedActive;
  const externalId = state === undefined ? row.externalId : state.externalId;
  return {
    row,
    assigned: entitled,
    leaver: result.removal && (active || !result.certain) && (error !== undefined || waitsForPerson(action)),
    status: appUserStatus(result, active && (externalId !== undefined || setup.provisioning.manual === true)),
    syncState: syncState(result, retry),
    unprovisioned: isUnprovisioned(result),
    ...(state === undefined
      ? {}
      : {
          account: {
            externalId: state.externalId ?? null,
            userName: state.userName ?? null,
            recorded: withoutNulls(state.profile),
            active: state.active,
          },
        }),
    retrySeconds: error === undefined ? againSeconds(result, externalId, setup) : retry.afterSeconds,
    attemptCounts: retry.rowFailed,
    lookFirst: error?.outcomeUnknown === true || !result.certain,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    ...(action.kind === 'task' ? { manual: action.verb } : {}),
    ...operation(result),
    ...settledPassword(result, retry),
    targets: eventTargets(result, setup),
    events: [
      ...membershipEvents(result),
      ...(action.kind === 'none' && error === undefined ? recovery(row) : actionEvents(result, setup, retry)),
      ...scheduleEvents(result, setup),
    ],
  };
}

/** What failed and is right without anything to write would go on looking like a failure to who follows the log. */
function recovery({ failingSeconds }: ClaimedRow): OutcomeEvent[] {
  if (failingSeconds === 0) return [];
  return [{ eventType: 'application.provision.user.verify_exists', outcome: 'SUCCESS', debug: { recovered: true } }];
}

/** Nothing is done, and somebody may still get in. */
function waitsForPerson(action: PlannedAction): boolean {
  return action.kind === 'task' || (action.kind === 'none' && action.reason === 'provisioning_off');
}

/** The account somebody has to take away by hand: it counts as there until they say that it is not. */
function handled({ action, before }: Reconciled): RecordedState | undefined {
  return action.kind === 'task' && action.verb === 'DEPROVISION' ? { ...before, active: true } : undefined;
}

/** A write that has gone well leaves a password that was refused before as it was: the next look says so again. */
function againSeconds(result: Reconciled, externalId: ExternalId | undefined, setup: AppSetup): number | undefined {
  const { applied, subject, entitled } = result;
  const owed = applied !== undefined && entitled && subject.passwordRefused !== undefined;
  return owed ? 0 : scheduledSeconds(result, externalId, setup);
}

/** Until an account that is off is deleted. */
function scheduledSeconds(
  { action, entitled, subject }: Reconciled,
  externalId: ExternalId | undefined,
  setup: AppSetup,
): number | undefined {
  const removed = entitled || externalId === undefined;
  const impossible = action.kind === 'none' && action.reason !== 'removal_scheduled';
  return removed || impossible ? undefined : removalWaitSeconds(subject, setup);
}

function scheduleEvents(result: Reconciled, setup: AppSetup): OutcomeEvent[] {
  const { action, error, entitled } = result;
  if (action.kind !== 'deactivate' || error !== undefined || entitled) return [];
  if (removalWaitSeconds(result.subject, setup) === undefined) return [];
  const debug = { afterDays: setup.provisioning.deleteAfterDays ?? 0 };
  return [{ eventType: 'application.provision.user.delete.schedule', outcome: 'SUCCESS', debug }];
}

function appUserStatus(result: Reconciled, hasActiveAccount: boolean): AppUserStatus {
  if (result.action.kind === 'task') return result.action.verb === 'PROVISION' ? 'APPROVED' : 'REVOKED';
  if (!result.entitled) return 'DEPROVISIONED';
  if (result.removal) return 'SUSPENDED';
  if (hasActiveAccount) return 'PROVISIONED';
  const { action, error } = result;
  if (action.kind !== 'none' || error !== undefined) return 'STAGED';
  return action.reason === 'not_activated' ? 'PENDING' : 'ACTIVE';
}

const settledStates: Record<NoActionReason, SyncState> = {
  in_sync: 'SYNCHRONIZED',
  not_assigned: 'SYNCHRONIZED',
  not_activated: 'DISABLED',
  provisioning_off: 'DISABLED',
  create_off: 'DISABLED',
  update_off: 'DISABLED',
  deactivate_off: 'DISABLED',
  assigned_before_provisioning: 'DISABLED',
  app_cannot_update: 'DISABLED',
  app_cannot_deactivate: 'DISABLED',
  app_cannot_remove: 'DISABLED',
  suspended: 'SYNCHRONIZED',
  removal_scheduled: 'SYNCHRONIZED',
  entitlements_removed: 'SYNCHRONIZED',
};

function syncState({ error, action }: Reconciled, retry: Retry): SyncState {
  if (error !== undefined) return retry.rowFailed ? 'ERROR' : 'OUT_OF_SYNC';
  if (action.kind === 'task') return 'DISABLED';
  return action.kind === 'none' ? settledStates[action.reason] : 'SYNCHRONIZED';
}

/** Somebody entitled while nothing could be made for them stays without an account until a person says otherwise. */
function isUnprovisioned({ entitled, action, applied, subject }: Reconciled): boolean {
  if (!entitled || applied !== undefined || subject.row.externalId !== undefined) return false;
  if (action.kind !== 'none') return subject.row.unprovisioned;
  return ['provisioning_off', 'create_off', 'assigned_before_provisioning'].includes(action.reason);
}

function operation(result: Reconciled): { operation?: OperationRecord } {
  const { action, before, applied, error, durationMs } = result;
  if (action.kind === 'none' || action.kind === 'ask' || action.kind === 'task') return {};
  const { externalId, ...image } = before;
  return {
    operation: {
      kind: action.kind,
      externalId: applied?.state.externalId ?? externalId,
      before: externalId === undefined ? undefined : image,
      changes: changesOf(action, applied),
      outcome: error === undefined ? 'SUCCESS' : error.outcomeUnknown ? 'UNKNOWN' : 'FAILURE',
      ignored: applied?.ignored ?? [],
      durationMs,
    },
  };
}

function changesOf(action: EffectiveAction, applied: Applied | undefined): unknown {
  switch (action.kind) {
    case 'create': {
      if (applied?.ignored.length === 0) return undefined;
      const { userName, active, profile } = action.desired;
      return { userName, active, profile: withoutNulls(profile) };
    }
    case 'link':
    case 'update':
    case 'reactivate':
    case 'remove_entitlements':
      return action.change;
    case 'deactivate':
      return { active: false, ...proofOf(applied) };
    case 'remove':
      return { removed: true, ...proofOf(applied) };
  }
}

function proofOf(applied: Applied | undefined): { readonly proof?: string } {
  return applied?.proof === undefined ? {} : { proof: applied.proof };
}

const actionEventTypes: Record<Exclude<PlannedAction['kind'], 'none' | 'task'>, EventType> = {
  create: 'application.provision.user.push',
  link: 'application.provision.user.sync',
  update: 'application.provision.user.push_profile',
  reactivate: 'application.provision.user.reactivate',
  deactivate: 'application.provision.user.deactivate',
  remove_entitlements: 'application.provision.user.remove_entitlements',
  remove: 'application.provision.user.delete',
  ask: 'application.provision.user.verify_exists',
};

function membershipEvents({ entitled, subject }: Reconciled): OutcomeEvent[] {
  if (entitled === subject.row.loggedAssigned) return [];
  const eventType = entitled ? 'application.user_membership.add' : 'application.user_membership.remove';
  return [{ eventType, outcome: 'SUCCESS' }];
}

function actionEvents(result: Reconciled, setup: AppSetup, retry: Retry): OutcomeEvent[] {
  const { action, error, applied } = result;
  if (error !== undefined && !retry.rowFailed) return [];
  // Nothing was sent: the refusal has been logged when it came.
  if (error?.code === 'app_password_refused' && action.kind === 'none') return [];
  if (action.kind === 'task') return result.subject.row.waitsForPerson ? [] : [manualEvents[action.verb]];
  const ownEvent = action.kind === 'none' ? 'application.provision.user.sync' : actionEventTypes[action.kind];
  const passwordEvent = passwordEvents[setup.provisioning.password?.seed ?? 'RANDOM'];
  const eventType = result.passwordOnly ? passwordEvent : ownEvent;
  if (error !== undefined) return [{ eventType, outcome: 'FAILURE', reason: reasonOf(error) }];
  const ignored = applied?.ignored ?? [];
  const debug = { ...(ignored.length === 0 ? {} : { attributesTheAppIgnored: ignored }), ...proofOf(applied) };
  const event: OutcomeEvent = {
    eventType,
    outcome: 'SUCCESS',
    ...(Object.keys(debug).length === 0 ? {} : { debug }),
  };
  const besides = isPushed(result) && !result.passwordOnly;
  return besides ? [event, { eventType: passwordEvent, outcome: 'SUCCESS' }] : [event];
}

const passwordEvents = {
  OKTA: 'application.provision.user.push_okta_password',
  RANDOM: 'application.provision.user.push_password',
} as const;

/** The password that waited has been written with the account. */
function isPushed({ subject, action, applied, error }: Reconciled): boolean {
  if (subject.password === undefined || applied === undefined || error !== undefined) return false;
  return ['create', 'link', 'update', 'reactivate'].includes(action.kind);
}

/** Kept for another attempt, and while somebody has to wait for their account; else pushed, refused or given up. */
function settledPassword(result: Reconciled, retry: Retry): { password?: SettledPassword } {
  const { subject, action, error, entitled } = result;
  if (subject.password === undefined) return {};
  const pushed = isPushed(result);
  const waits = error === undefined ? !['in_sync', 'not_assigned'].includes(reasonFor(action)) : !isFinal(retry);
  if (!pushed && entitled && waits) return {};
  const refused = error?.code === 'app_password_refused' ? { refused: error.message } : {};
  return { password: { userId: subject.row.userId, kept: subject.password.kept, pushed, ...refused } };
}

function reasonFor(action: PlannedAction): string {
  return action.kind === 'none' ? action.reason : action.kind;
}

function isFinal(retry: Retry): boolean {
  return retry.rowFailed && retry.afterSeconds === undefined;
}

/** Written when the task comes up, not each time it is found still there. */
const manualEvents: Record<ManualVerb, OutcomeEvent> = {
  PROVISION: { eventType: 'application.user_membership.approve', outcome: 'DEFERRED' },
  DEPROVISION: { eventType: 'application.user_membership.revoke', outcome: 'DEFERRED' },
};

function reasonOf(error: UsherError): string {
  return error.outcomeUnknown ? `${error.message} The outcome is unknown; it will be looked up.` : error.message;
}

function eventTargets({ subject, applied }: Reconciled, setup: AppSetup): EventTarget[] {
  const { row, person } = subject;
  const login = textOf(person?.profile['login']) ?? row.userName ?? row.userId;
  const name = `${textOf(person?.profile['firstName']) ?? ''} ${textOf(person?.profile['lastName']) ?? ''}`.trim();
  const displayName = textOf(person?.profile['displayName']) ?? (name === '' ? login : name);
  const accountId = applied?.state.externalId ?? row.externalId;
  const account: EventTarget[] =
    accountId === undefined
      ? []
      : [
          {
            id: accountId,
            type: 'AppUser',
            alternateId: applied?.state.userName ?? row.userName ?? login,
            displayName,
          },
        ];
  return [{ id: row.userId, type: 'User', alternateId: login, displayName }, ...account, setup.target];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
