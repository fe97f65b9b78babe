import type { AppId, ExternalId, GroupId, UserId } from '../lib/ids.ts';
import type { Profile } from './profile.ts';

/** Okta's AppUser statuses. */
export const appUserStatuses = [
  'ACTIVE',
  'APPROVED',
  'DEPROVISIONED',
  'IMPLICIT',
  'IMPORTED',
  'INACTIVE',
  'MATCHED',
  'PENDING',
  'PROVISIONED',
  'REVOKED',
  'STAGED',
  'SUSPENDED',
  'UNASSIGNED',
] as const;
export type AppUserStatus = (typeof appUserStatuses)[number];

export const syncStates = ['DISABLED', 'ERROR', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING'] as const;
export type SyncState = (typeof syncStates)[number];

/** USER: assigned individually. GROUP: through a group. */
export type AssignmentScope = 'USER' | 'GROUP';

/** One user in one app. Its id, in Okta's API and here, is the user's id within the app. */
export interface AppUser {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly scope: AssignmentScope;
  /** The group with the best priority of those that give the app; null where it is given individually. */
  readonly groupId: GroupId | null;
  readonly status: AppUserStatus;
  readonly syncState: SyncState;
  readonly externalId: ExternalId | null;
  readonly userName: string | null;
  /** Attribute values given with the individual assignment; they win over groups and mappings. */
  readonly assignedProfile: Profile;
  /** What the app last confirmed. */
  readonly recordedProfile: Profile | null;
  readonly lastError: string | null;
  readonly lastErrorCode: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly created: Date;
  readonly lastUpdated: Date;
  readonly statusChanged: Date | null;
  readonly lastSync: Date | null;
  /** When an administrator last set a password for this account; null where there is none. */
  readonly passwordChanged: Date | null;
}
