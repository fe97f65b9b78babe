import { signsInElsewhere, type User, type UserStatus } from './user.ts';

/** What can be done about the credentials of somebody who exists, besides giving them new ones. */
export type CredentialVerb =
  | 'expirePassword'
  | 'giveTemporaryPassword'
  | 'resetPassword'
  | 'forgotPassword'
  | 'changePassword'
  | 'changeRecoveryQuestion';

interface Needs {
  readonly from: readonly UserStatus[];
  readonly password?: true;
  readonly recoveryQuestion?: true;
}

const needsOf: Record<CredentialVerb, Needs> = {
  expirePassword: { from: ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'], password: true },
  giveTemporaryPassword: { from: ['PROVISIONED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT'] },
  resetPassword: { from: ['PROVISIONED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'LOCKED_OUT'] },
  forgotPassword: { from: ['ACTIVE'], recoveryQuestion: true },
  changePassword: { from: ['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'], password: true },
  changeRecoveryQuestion: { from: ['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'], password: true },
};

type Standing = Pick<User, 'status' | 'hasPassword' | 'recoveryQuestion' | 'provider'>;

/** What stands in the way, as a sentence; undefined when nothing does. */
export function credentialObstacle(verb: CredentialVerb, user: Standing): string | undefined {
  const needs = needsOf[verb];
  if (signsInElsewhere(user.provider))
    return `The user signs in through ${user.provider.name} and has no password here`;
  if (!needs.from.includes(user.status))
    return `The user's status is ${user.status}; this takes ${needs.from.join(', ')}`;
  if (needs.password === true && !user.hasPassword) return 'The user has no password yet';
  if (needs.recoveryQuestion === true && user.recoveryQuestion === null) return 'The user has no recovery question';
  return undefined;
}
