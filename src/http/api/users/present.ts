import type { User, UserStatus } from '../../../domain/user.ts';
import type { Json } from '../../../lib/json.ts';
import type { SchemaId } from '../../../lib/ids.ts';
import { oktaDate, oktaDateOrNull } from '../dates.ts';
import type { HalLink } from '../hal.ts';

/** A user as it stands alone: with links to what its status allows. */
export function presentUser(user: User, base: string, schemaId: SchemaId) {
  return { ...common(user), _links: links(user, base, schemaId) };
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
    type: { id: user.typeId },
    profile: { ...alwaysThere, ...user.profile },
    credentials: {
      ...(user.hasPassword ? { password: {} } : {}),
      ...(user.recoveryQuestion === null ? {} : { recovery_question: { question: user.recoveryQuestion } }),
      provider: { type: 'OKTA', name: 'OKTA' },
    },
  };
}

/** Okta writes these two as null where other attributes without a value are left out. */
const alwaysThere: { readonly [attribute: string]: Json } = { mobilePhone: null, secondEmail: null };

const lifecycleLinks: readonly { readonly verb: string; readonly from: readonly UserStatus[] }[] = [
  { verb: 'activate', from: ['STAGED', 'DEPROVISIONED'] },
  { verb: 'reactivate', from: ['PROVISIONED', 'RECOVERY'] },
  { verb: 'suspend', from: ['ACTIVE'] },
  { verb: 'unsuspend', from: ['SUSPENDED'] },
  { verb: 'unlock', from: ['LOCKED_OUT'] },
  {
    verb: 'deactivate',
    from: ['STAGED', 'PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED'],
  },
];

function links(user: User, base: string, schemaId: SchemaId): Record<string, HalLink> {
  const self = selfOf(user, base);
  const allowed = lifecycleLinks.filter(({ from }) => from.includes(user.status));
  return {
    self: { href: self },
    schema: { href: `${base}/api/v1/meta/schemas/user/${schemaId}` },
    type: { href: `${base}/api/v1/meta/types/user/${user.typeId}` },
    ...Object.fromEntries(allowed.map(({ verb }) => [verb, { href: `${self}/lifecycle/${verb}`, method: 'POST' }])),
  };
}

function selfOf(user: User, base: string): string {
  return `${base}/api/v1/users/${user.id}`;
}
