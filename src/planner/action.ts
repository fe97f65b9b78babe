import type { AccountChange, DesiredAccount } from '../domain/account.ts';
import type { ManualVerb } from '../domain/task.ts';
import type { ExternalId } from '../lib/ids.ts';

/** Why nothing is done. Every way of doing nothing has a name, so that it can be explained. */
export type NoActionReason =
  | 'in_sync'
  | 'not_assigned'
  | 'not_activated'
  | 'provisioning_off'
  | 'create_off'
  | 'update_off'
  | 'deactivate_off'
  | 'assigned_before_provisioning'
  | 'app_cannot_update'
  | 'app_cannot_deactivate'
  | 'app_cannot_remove'
  /** Still entitled, but suspended, and the account is off or was never made. */
  | 'suspended'
  /** The account is off and will be deleted later. */
  | 'removal_scheduled'
  | 'entitlements_removed';

/** The instance that writes attributes of an account, and which of them. */
export interface AccountOwner {
  readonly label: string;
  readonly attributes: readonly string[];
}

/** One step from the recorded to the desired state of one person in one app. Plain data: it can be stored and shown. */
export type PlannedAction =
  | { readonly kind: 'create'; readonly desired: DesiredAccount }
  /** Ties an account that is already there to the person; `change` is what it lacks, undefined when nothing. */
  | { readonly kind: 'link'; readonly externalId: ExternalId; readonly change: AccountChange | undefined }
  | { readonly kind: 'update'; readonly externalId: ExternalId; readonly change: AccountChange }
  | { readonly kind: 'reactivate'; readonly externalId: ExternalId; readonly change: AccountChange }
  | { readonly kind: 'deactivate'; readonly externalId: ExternalId }
  /** Clears what the account allows and leaves it otherwise as it is. */
  | { readonly kind: 'remove_entitlements'; readonly externalId: ExternalId; readonly change: AccountChange }
  | { readonly kind: 'remove'; readonly externalId: ExternalId }
  /** A person has to make or take away the account. */
  | { readonly kind: 'task'; readonly verb: ManualVerb }
  /** An account with the person's name is there and the app is set to ask before linking, or linking is refused. */
  | {
      readonly kind: 'ask';
      readonly externalId: ExternalId | undefined;
      readonly question: 'link_existing' | 'no_match' | 'linked_to_other';
    }
  /** Another instance writes the same attributes of this account already. */
  | {
      readonly kind: 'ask';
      readonly externalId: ExternalId;
      readonly question: 'owned_by_other_app';
      readonly owner: AccountOwner;
    }
  | { readonly kind: 'none'; readonly reason: NoActionReason };
