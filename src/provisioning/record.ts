import type { AppUserStatus, SyncState } from '../domain/app-user.ts';
import type { EventTarget, EventType } from '../domain/log-event.ts';
import { withoutNulls } from '../domain/profile.ts';
import type { UsherError } from '../lib/errors.ts';
import type { NoActionReason, PlannedAction } from '../planner/action.ts';
import type { OperationRecord, OutcomeEvent, RowOutcome } from '../store/app-user-queue.ts';
import type { AppSetup } from './app-setup.ts';
import type { Applied, EffectiveAction } from './apply.ts';
import type { Reconciled } from './reconcile.ts';

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
  const state = applied?.state ?? result.observed;
  const active = state?.active ?? row.recordedActive;
  const externalId = state === undefined ? row.externalId : state.externalId;
  return {
    row,
    assigned: entitled,
    leaver: !entitled && active && error !== undefined,
    status: appUserStatus(result, externalId !== undefined && active),
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
    retrySeconds: error === undefined ? undefined : retry.afterSeconds,
    attemptCounts: retry.rowFailed,
    lookFirst: error?.outcomeUnknown === true || !result.certain,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    ...operation(result),
    targets: eventTargets(result, setup),
    events: [
      ...membershipEvents(result),
      ...(action.kind === 'none' && error === undefined ? [] : actionEvents(result, retry)),
    ],
  };
}

function appUserStatus(result: Reconciled, hasActiveAccount: boolean): AppUserStatus {
  if (!result.entitled) return 'DEPROVISIONED';
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
};

function syncState({ error, action }: Reconciled, retry: Retry): SyncState {
  if (error !== undefined) return retry.rowFailed ? 'ERROR' : 'OUT_OF_SYNC';
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
  if (action.kind === 'none' || action.kind === 'ask') return {};
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
      return action.change;
    case 'deactivate':
      return { active: false };
  }
}

const actionEventTypes: Record<Exclude<PlannedAction['kind'], 'none'>, EventType> = {
  create: 'application.provision.user.push',
  link: 'application.provision.user.sync',
  update: 'application.provision.user.push_profile',
  reactivate: 'application.provision.user.reactivate',
  deactivate: 'application.provision.user.deactivate',
  ask: 'application.provision.user.verify_exists',
};

function membershipEvents({ entitled, subject }: Reconciled): OutcomeEvent[] {
  if (entitled === subject.row.loggedAssigned) return [];
  const eventType = entitled ? 'application.user_membership.add' : 'application.user_membership.remove';
  return [{ eventType, outcome: 'SUCCESS' }];
}

function actionEvents(result: Reconciled, retry: Retry): OutcomeEvent[] {
  const { action, error, applied } = result;
  if (error !== undefined && !retry.rowFailed) return [];
  const eventType = action.kind === 'none' ? 'application.provision.user.sync' : actionEventTypes[action.kind];
  if (error !== undefined) return [{ eventType, outcome: 'FAILURE', reason: reasonOf(error) }];
  const ignored = applied?.ignored ?? [];
  const debug = ignored.length === 0 ? {} : { debug: { attributesTheAppIgnored: ignored } };
  return [{ eventType, outcome: 'SUCCESS', ...debug }];
}

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
