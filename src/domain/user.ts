import type { SchemaId, TypeId, UserId } from '../lib/ids.ts';
import type { Profile } from './profile.ts';

/** Okta's eight user statuses, spelled as Okta spells them. */
export const userStatuses = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
] as const;
export type UserStatus = (typeof userStatuses)[number];

/** Who vouches for somebody: Usher, a hash that came from elsewhere, or another place where they sign in. */
export interface CredentialProvider {
  readonly type: 'OKTA' | 'IMPORT' | 'FEDERATION' | 'SOCIAL';
  readonly name: string;
}

export const ownProvider: CredentialProvider = { type: 'OKTA', name: 'OKTA' };
export const importProvider: CredentialProvider = { type: 'IMPORT', name: 'IMPORT' };

/**
 * Whose API tokens and sessions work. Those of somebody LOCKED_OUT do: they have nothing to do with the password, and ten wrong ones
 * would otherwise be all it takes to stop an administrator's automation.
 */
export const mayAct: readonly UserStatus[] = ['ACTIVE', 'PROVISIONED', 'LOCKED_OUT'];

export interface User {
  readonly id: UserId;
  readonly status: UserStatus;
  readonly typeId: TypeId;
  /** Of the user type's attributes. */
  readonly schemaId: SchemaId | null;
  readonly profile: Profile;
  readonly hasPassword: boolean;
  readonly recoveryQuestion: string | null;
  readonly provider: CredentialProvider;
  readonly created: Date;
  readonly activated: Date | null;
  readonly statusChanged: Date | null;
  readonly lastLogin: Date | null;
  readonly lastUpdated: Date;
  readonly passwordChanged: Date | null;
}

/** The verbs of `/users/{id}/lifecycle/…` that change a status. */
export const lifecycleVerbs = ['activate', 'reactivate', 'deactivate', 'suspend', 'unsuspend', 'unlock'] as const;
export type LifecycleVerb = (typeof lifecycleVerbs)[number];

const allowedFrom: Record<LifecycleVerb, readonly UserStatus[]> = {
  activate: ['STAGED', 'DEPROVISIONED'],
  reactivate: ['PROVISIONED', 'RECOVERY'],
  deactivate: ['STAGED', 'PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED'],
  suspend: ['ACTIVE'],
  unsuspend: ['SUSPENDED'],
  unlock: ['LOCKED_OUT'],
};

/**
 * The status a verb leads to, or undefined where the verb is not allowed (Okta behaviours 86 and 87).
 *
 * @param canSignIn they have a password, or sign in elsewhere: nothing has to be set up first.
 */
export function statusAfter(verb: LifecycleVerb, status: UserStatus, canSignIn: boolean): UserStatus | undefined {
  if (!allowedFrom[verb].includes(status)) return undefined;
  switch (verb) {
    case 'activate':
    case 'reactivate':
      return canSignIn && verb === 'activate' ? 'ACTIVE' : 'PROVISIONED';
    case 'deactivate':
      return 'DEPROVISIONED';
    case 'suspend':
      return 'SUSPENDED';
    case 'unsuspend':
    case 'unlock':
      return 'ACTIVE';
  }
}

/** Whether nothing has to be set up before the person's first sign-in. */
export function canSignIn({ hasPassword, provider }: Pick<User, 'hasPassword' | 'provider'>): boolean {
  return hasPassword || signsInElsewhere(provider);
}

/** Such people have no password with us, and cannot be given one. */
export function signsInElsewhere({ type }: CredentialProvider): boolean {
  return type === 'FEDERATION' || type === 'SOCIAL';
}

/** Whether a password of ours could let them in; LOCKED_OUT ends with time. */
export function maySignIn({ status, provider }: Pick<User, 'status' | 'provider'>): boolean {
  return ['ACTIVE', 'PASSWORD_EXPIRED', 'LOCKED_OUT'].includes(status) && !signsInElsewhere(provider);
}

/** The status after somebody is given a password: who only lacked a good one may sign in now. */
export function statusAfterPassword(status: UserStatus): UserStatus {
  return status === 'PROVISIONED' || status === 'RECOVERY' || status === 'PASSWORD_EXPIRED' ? 'ACTIVE' : status;
}
