import { credentialObstacle, type CredentialVerb } from '../../../domain/user-credentials.ts';
import { canSignIn, lifecycleVerbs, statusAfter, type User } from '../../../domain/user.ts';
import type { Json } from '../../../lib/json.ts';
import { oktaDate, oktaDateOrNull } from '../dates.ts';
import type { HalLink } from '../hal.ts';

/** A user as it stands alone: with links to what its status allows. */
export function presentUser(user: User, base: string) {
  return { ...common(user), _links: links(user, base) };
}

/** A user in a list: Okta links nothing but the user there. */
export function presentListedUser(user: User, base: string) {
  return { ...common(user), _links: { self: { href: selfOf(user, base) } } };
}

function common(user: User) {
  return {
    id: user.id,
    status: user.status,
    created: oktaDate(user.created),
    activated: oktaDateOrNull(user.activated),
    statusChanged: oktaDateOrNull(user.statusChanged),
    lastLogin: oktaDateOrNull(user.lastLogin),
    lastUpdated: oktaDate(user.lastUpdated),
    passwordChanged: oktaDateOrNull(user.passwordChanged),
    // What a client asks for is done when it is answered.
    transitioningToStatus: null,
    type: { id: user.typeId },
    profile: { ...alwaysThere, ...user.profile },
    credentials: presentCredentials(user),
  };
}

/** What there is of credentials, never a secret. */
export function presentCredentials({ hasPassword, recoveryQuestion, provider }: User) {
  return {
    ...(hasPassword ? { password: {} } : {}),
    ...(recoveryQuestion === null ? {} : { recovery_question: { question: recoveryQuestion } }),
    provider,
  };
}

/** Okta writes these two as null where other attributes without a value are left out. */
const alwaysThere: { readonly [attribute: string]: Json } = { mobilePhone: null, secondEmail: null };

const credentialLinks: readonly (readonly [CredentialVerb, path: string])[] = [
  ['resetPassword', 'lifecycle/reset_password'],
  ['expirePassword', 'lifecycle/expire_password'],
  ['forgotPassword', 'credentials/forgot_password'],
  ['changePassword', 'credentials/change_password'],
  ['changeRecoveryQuestion', 'credentials/change_recovery_question'],
];

function links(user: User, base: string): Record<string, HalLink> {
  const self = selfOf(user, base);
  const lifecycle = lifecycleVerbs.filter((verb) => statusAfter(verb, user.status, canSignIn(user)) !== undefined);
  const allowed = [
    ...lifecycle.map((verb) => [verb, `lifecycle/${verb}`] as const),
    ...credentialLinks.filter(([verb]) => credentialObstacle(verb, user) === undefined),
  ];
  return {
    self: { href: self },
    ...(user.schemaId === null ? {} : { schema: { href: `${base}/api/v1/meta/schemas/user/${user.schemaId}` } }),
    type: { href: `${base}/api/v1/meta/types/user/${user.typeId}` },
    ...Object.fromEntries(allowed.map(([verb, path]) => [verb, { href: `${self}/${path}`, method: 'POST' }])),
  };
}

function selfOf(user: User, base: string): string {
  return `${base}/api/v1/users/${user.id}`;
}
