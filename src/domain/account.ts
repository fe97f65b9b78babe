import type { ExternalId } from '../lib/ids.ts';
import type { Profile } from './profile.ts';

/** An account as the app shows it. `profile` is keyed by the app schema's variable names. */
export interface Account {
  readonly externalId: ExternalId;
  readonly userName: string;
  /** Undefined where the app does not say. */
  readonly active: boolean | undefined;
  readonly profile: Profile;
  /** The key we stored with the account when we made it (SCIM `externalId`), if the app keeps one. */
  readonly correlationId: string | undefined;
}

/** An account as it should be. `profile` holds owned attributes only; null clears. */
export interface DesiredAccount {
  readonly userName: string;
  readonly active: boolean;
  readonly profile: Profile;
  /** Stable key of the person in this app, sent on create where the app can keep one. */
  readonly correlationId: string;
  readonly password?: string;
}

/** The least that must change. Absent fields stay as they are in the app. */
export interface AccountChange {
  readonly userName?: string;
  readonly active?: boolean;
  /** Changed attributes only; null clears. */
  readonly profile: Profile;
  /** Apps never show it, so nobody can tell whether it was kept. No plan and no record holds it. */
  readonly password?: string;
}
