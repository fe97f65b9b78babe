import { createHash, randomBytes } from 'node:crypto';

declare const brand: unique symbol;
/** A string that may not stand in for another kind of id. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type UserId = Id<'user'>;
export type GroupId = Id<'group'>;
export type GroupRuleId = Id<'group_rule'>;
export type AppId = Id<'app'>;
export type GroupPushId = Id<'group_push'>;
export type GroupPushRuleId = Id<'group_push_rule'>;
export type MappingId = Id<'mapping'>;
export type SchemaId = Id<'schema'>;
export type RoleId = Id<'role'>;
export type TokenId = Id<'token'>;
export type SessionId = Id<'session'>;
export type RunId = Id<'run'>;
export type PlanId = Id<'plan'>;
export type ProbeId = Id<'probe'>;
export type WizardId = Id<'wizard'>;
export type IdentityProviderId = Id<'identity_provider'>;
export type TypeId = Id<'user_type'>;
export type TaskId = Id<'task'>;
/** The app's own key for an account (SCIM `id`, LDAP entryUUID, SQL primary key). Never an Usher id. */
export type ExternalId = Id<'external'>;

/** Okta's prefixes, so that people and dashboards recognise an id at sight. */
const idPrefixes = {
  user: '00u',
  group: '00g',
  group_rule: '0pr',
  app: '0oa',
  mapping: 'prm',
  schema: 'osc',
  role: 'ra1',
  token: '00T',
  session: '102',
  data_key: 'key',
  run: 'run',
  plan: 'pln',
  probe: 'prb',
  wizard: 'wiz',
  user_type: 'oty',
  identity_provider: 'idp',
  group_push: 'gPm',
  group_push_rule: 'gPr',
  task: 'tsk',
  org: '00o',
} as const;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 20;

/** Twenty characters `[0-9A-Za-z]`: a three-letter prefix and about 101 random bits. */
export function newId<Kind extends keyof typeof idPrefixes>(kind: Kind): Id<Kind> {
  let id: string = idPrefixes[kind];
  while (id.length < idLength) {
    for (const byte of randomBytes(32)) {
      // 248 is the largest multiple of 62 a byte can hold; the rest is dropped so that no letter is favoured.
      if (byte < 248 && id.length < idLength) id += alphabet[byte % 62];
    }
  }
  return id as Id<Kind>;
}

/** The same id for the same parts, always: for what is found and not made. About 101 bits. */
export function derivedId<Kind extends keyof typeof idPrefixes>(kind: Kind, ...parts: readonly string[]): Id<Kind> {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  const letters = Array.from(digest.subarray(0, idLength - idPrefixes[kind].length), (byte) => alphabet[byte % 62]);
  return (idPrefixes[kind] + letters.join('')) as Id<Kind>;
}
