import type { Account, AccountChange, DesiredAccount } from '../domain/account.ts';
import type { Profile } from '../domain/profile.ts';
import type { Connection, WriteResult } from '../connectors/contract.ts';
import { UsherError } from '../lib/errors.ts';
import type { ExternalId } from '../lib/ids.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { PlannedAction } from '../planner/action.ts';
import type { RecordedState } from '../planner/plan.ts';

/** Actions that change something, in the app or in what we know of it. */
export type EffectiveAction = Exclude<PlannedAction, { kind: 'ask' } | { kind: 'task' } | { kind: 'none' }>;

/** The account as it now stands, without an id where it is no more, and what the app did not keep. */
export interface Applied {
  readonly state: RecordedState;
  readonly ignored: readonly string[];
  /** What the app showed when it was read back after access was taken away. */
  readonly proof?: RemovalProof;
}

/** NOT_READABLE: the app does not let accounts be read, or does not say whether they are active. */
export type RemovalProof = 'READ_INACTIVE' | 'READ_GONE' | 'NOT_READABLE';

/**
 * Carries out one action in the app. An account is created in an app here, and nowhere else.
 *
 * @param before what is recorded, or what `link` found.
 * @param password what an account that is made or changed gets besides. Kept apart from the action, which is recorded.
 * @throws {UsherError} as the connector does; with `outcomeUnknown` the action may have been carried out.
 */
export async function applyAction(
  action: EffectiveAction,
  desired: DesiredAccount | undefined,
  before: RecordedState,
  connection: Connection,
  signal: AbortSignal,
  password?: string,
): Promise<Applied> {
  const secret = password === undefined ? {} : { password };
  switch (action.kind) {
    case 'create':
      return createAccount({ ...action.desired, ...secret }, connection, signal);
    case 'link': {
      const linked = { ...before, externalId: action.externalId, userName: desired?.userName ?? before.userName };
      const change = action.change ?? (password === undefined || !connection.update ? undefined : { profile: {} });
      if (change === undefined) return { state: linked, ignored: [] };
      return changeAccount(action.externalId, { ...change, ...secret }, linked, connection, signal);
    }
    case 'update':
    case 'reactivate':
      return changeAccount(action.externalId, { ...action.change, ...secret }, before, connection, signal);
    case 'remove_entitlements':
      return changeAccount(action.externalId, action.change, before, connection, signal);
    case 'deactivate':
      await must(connection.deactivate, 'deactivate').call(connection, action.externalId, signal);
      return {
        state: { ...before, externalId: action.externalId, active: false },
        ignored: [],
        proof: await proveRemoval(action.externalId, connection, signal),
      };
    case 'remove':
      await must(connection.remove, 'remove').call(connection, action.externalId, signal);
      return { state: noAccount, ignored: [], proof: await proveRemoval(action.externalId, connection, signal) };
    default:
      return unreachable(action);
  }
}

/**
 * Reads the account back: that somebody is out is believed of the app's state, not of its answer to a write.
 *
 * @throws {UsherError} `app_ignored_write` for an account that is still active; as the connector does when it cannot be
 *   read now. Either has it tried again.
 */
async function proveRemoval(id: ExternalId, connection: Connection, signal: AbortSignal): Promise<RemovalProof> {
  if (connection.read === undefined) return 'NOT_READABLE';
  const account = await connection.read(id, signal);
  if (account === undefined) return 'READ_GONE';
  if (account.active === false) return 'READ_INACTIVE';
  if (account.active === undefined) return 'NOT_READABLE';
  throw new UsherError(
    'app_ignored_write',
    `The app says it has taken the access away, but the account ${id} is still active there. It is tried again; take it away by hand if that does not help.`,
  );
}

export const noAccount: RecordedState = { externalId: undefined, active: false, userName: undefined, profile: {} };

async function createAccount(desired: DesiredAccount, connection: Connection, signal: AbortSignal): Promise<Applied> {
  const result = await connection.create(desired, signal);
  return applied(result, { userName: desired.userName, active: desired.active, profile: desired.profile });
}

async function changeAccount(
  id: ExternalId,
  change: AccountChange,
  before: RecordedState,
  connection: Connection,
  signal: AbortSignal,
): Promise<Applied> {
  const result = await must(connection.update, 'update').call(connection, id, change, signal);
  return applied(result, {
    userName: change.userName ?? before.userName,
    active: change.active ?? before.active,
    profile: { ...before.profile, ...change.profile },
  });
}

/**
 * What was sent counts as recorded, not the app's own rendering of it: the connector has verified that the two mean
 * the same, and recording the rendering would plan the same change again for ever.
 */
function applied(
  result: WriteResult,
  sent: { readonly userName: string | undefined; readonly active: boolean; readonly profile: Profile },
): Applied {
  return { state: { ...sent, externalId: result.account.externalId }, ignored: result.ignored };
}

function must<Operation>(operation: Operation | undefined, name: string): Operation {
  if (operation !== undefined) return operation;
  throw new UsherError('unsupported', `The app's connector cannot ${name} accounts.`);
}

/** A found account as the state a `link` starts from. */
export function foundState(account: Account): RecordedState {
  return {
    externalId: account.externalId,
    active: account.active ?? true,
    userName: account.userName,
    profile: account.profile,
  };
}
