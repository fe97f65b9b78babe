import type { IdentityProviderId } from '../lib/ids.ts';
import type { EventTarget } from './log-event.ts';

/** What finds somebody at their first sign-in: the claim whose value is their login. */
export const matchClaims = ['email', 'preferred_username'] as const;
export type MatchClaim = (typeof matchClaims)[number];

export const providerStatuses = ['ACTIVE', 'INACTIVE'] as const;
export type ProviderStatus = (typeof providerStatuses)[number];

/** Another place where people sign in, by OpenID Connect. Never its secret. */
export interface IdentityProvider {
  readonly id: IdentityProviderId;
  /** "Sign in with …" */
  readonly label: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly matchClaim: MatchClaim;
  readonly status: ProviderStatus;
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** Why somebody who came back from a provider, or would go there, was not let in. The sign-in page is to have words for each. */
export type SignInProblem =
  // They said no there
  | 'cancelled'
  // It took too long, was begun in another browser, or was used before
  | 'expired'
  // The provider's answer could not be believed
  | 'refused'
  | 'unreachable'
  // The provider does not take us, says too little of the person, or does not exist
  | 'misconfigured'
  | 'unverified'
  | 'unknown'
  | 'inactive'
  // They are linked to another account there
  | 'linked'
  // They showed there that they are somebody else than here
  | 'another'
  | 'limited'
  | 'broken';

export function providerTarget({ id, label, issuer }: IdentityProvider): EventTarget {
  return { id, type: 'IdentityProvider', alternateId: issuer, displayName: label };
}

/** Whether two logins are written alike but for the case of A to Z: letters that only look alike are other letters. */
export function isSameLogin(left: string, right: string): boolean {
  return asciiLower(left) === asciiLower(right);
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
