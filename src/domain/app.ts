import type { AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import type { InboundCapabilities } from './inbound.ts';

export const signOnModes = [
  'BOOKMARK',
  'AUTO_LOGIN',
  'BROWSER_PLUGIN',
  'BASIC_AUTH',
  'SECURE_PASSWORD_STORE',
  'SAML_2_0',
  'OPENID_CONNECT',
  'WS_FEDERATION',
] as const;
export type SignOnMode = (typeof signOnModes)[number];

/** How an app user's name in the app is made. `BUILT_IN` and `CUSTOM` templates share one syntax. */
export interface UserNameTemplate {
  readonly template: string;
  readonly type: 'BUILT_IN' | 'CUSTOM' | 'NONE';
  readonly suffix?: string;
  readonly pushStatus?: 'PUSH' | 'DONT_PUSH' | 'NOT_CONFIGURED';
}

/** Who knows the name and password people sign in to the app with. */
export const credentialsSchemes = [
  'ADMIN_SETS_CREDENTIALS',
  'EDIT_PASSWORD_ONLY',
  'EDIT_USERNAME_AND_PASSWORD',
  'EXTERNAL_PASSWORD_SYNC',
  'SHARED_USERNAME_AND_PASSWORD',
] as const;
export type CredentialsScheme = (typeof credentialsSchemes)[number];

export const clientAuthMethods = [
  'none',
  'client_secret_post',
  'client_secret_basic',
  'client_secret_jwt',
  'private_key_jwt',
] as const;

/** How people sign in to the app: Okta's `credentials` without the name template and without what is secret. */
export interface AppCredentials {
  readonly scheme?: CredentialsScheme;
  /** The name everybody signs in with, where it is shared. */
  readonly userName?: string;
  readonly revealPassword?: boolean;
  readonly oauthClient?: {
    readonly client_id: string;
    readonly token_endpoint_auth_method: (typeof clientAuthMethods)[number];
    readonly autoKeyRotation: boolean;
    readonly pkce_required: boolean;
  };
}

/**
 * What losing the app leads to: nothing, work for a person, an account that is switched off, one without what it
 * allows, or, `deleteAfterDays` after it was switched off, none.
 */
export const deprovisionPolicies = ['NOTHING', 'TASK', 'DEACTIVATE', 'REMOVE_ENTITLEMENTS', 'DELETE'] as const;
export type DeprovisionPolicy = (typeof deprovisionPolicies)[number];

/** How changes are sent; AUTOMATIC tries PATCH first and learns what the app takes. */
export const updateVerbs = ['AUTOMATIC', 'PATCH', 'PUT'] as const;

/** What Usher does in the app of its own accord. Everything is off until an administrator turns it on. */
export interface ProvisioningSettings {
  readonly create: boolean;
  readonly update: boolean;
  readonly deactivate: boolean;
  /** Switch the account on again when its person comes back. Undefined: as `create` says. */
  readonly reactivate?: boolean;
  /** Undefined: DEACTIVATE or NOTHING, as `deactivate` says. See `deprovisionPolicy`. */
  readonly deprovision?: DeprovisionPolicy;
  /** Days between losing the app and the deletion of the account; 0 deletes at once. */
  readonly deleteAfterDays?: number;
  /** Since when the policy is DELETE: nobody's days began before. */
  readonly deleteSince?: string;
  /** The attributes REMOVE_ENTITLEMENTS clears. Null or undefined: those that are entitlements by their names. */
  readonly entitlements?: readonly string[] | null;
  /** What becomes of the account while its person is SUSPENDED. Undefined: LEAVE, as in Okta. */
  readonly suspended?: 'LEAVE' | 'DEACTIVATE';
  /** The app has no interface, or none is used: people make and take away its accounts, and tasks tell them which. */
  readonly manual?: boolean;
  /** Undefined: AUTOMATIC, or what the catalog entry says. */
  readonly updateVerb?: (typeof updateVerbs)[number];
  /** Push people who are STAGED (not activated yet). */
  readonly pushPending: boolean;
  /** Never change the account's name in the app after creation. */
  readonly excludeUserNameUpdates: boolean;
  /** What to do when an account with the person's name is already there: link it, or ask a person. */
  readonly existingAccount: 'LINK' | 'ASK';
  /**
   * What an account that is there already is recognised by, besides our key in it: `userName`, then the e-mail address
   * (undefined means that); `externalId`, the key alone; or one mapped attribute of the app's schema and nothing else.
   */
  readonly uniqueAttribute?: string;
  /** False: no group is pushed and nobody is put into one or taken out, until it is switched on again. */
  readonly groupPush?: boolean;
  /**
   * Which passwords accounts get; undefined or without a status, none. OKTA: the person's own, as soon as it is known;
   * RANDOM: one nobody knows. CHANGE: another one whenever the person's changes; KEEP_EXISTING: new accounts only.
   */
  readonly password?: {
    readonly status?: 'ENABLED' | 'DISABLED';
    readonly seed: 'OKTA' | 'RANDOM';
    readonly change: 'CHANGE' | 'KEEP_EXISTING';
  };
}

export const provisioningOff: ProvisioningSettings = {
  create: false,
  update: false,
  deactivate: false,
  pushPending: false,
  excludeUserNameUpdates: false,
  existingAccount: 'LINK',
};

/** What losing the app leads to. */
export function deprovisionPolicy(settings: ProvisioningSettings): DeprovisionPolicy {
  return settings.deprovision ?? (settings.deactivate ? 'DEACTIVATE' : 'NOTHING');
}

/**
 * The settings with these changes. `deactivate`, which is Okta's, and `deprovision`, which says more, never contradict
 * each other: the one given is believed.
 */
export function mergeProvisioning(
  before: ProvisioningSettings,
  changes: Partial<ProvisioningSettings>,
  now: Date,
): ProvisioningSettings {
  const { deleteSince, ...merged } = { ...before, ...changes };
  const policy = changes.deprovision ?? policyFor(deprovisionPolicy(before), changes.deactivate);
  const since = deprovisionPolicy(before) === 'DELETE' ? deleteSince : undefined;
  return {
    ...merged,
    deprovision: policy,
    deactivate: takesAway(policy),
    ...(policy === 'DELETE' ? { deleteSince: since ?? now.toISOString() } : {}),
  };
}

function policyFor(policy: DeprovisionPolicy, deactivate: boolean | undefined): DeprovisionPolicy {
  if (deactivate === undefined || deactivate === takesAway(policy)) return policy;
  return deactivate ? 'DEACTIVATE' : 'NOTHING';
}

function takesAway(policy: DeprovisionPolicy): boolean {
  return policy !== 'NOTHING' && policy !== 'TASK';
}

/** Limits of one app instance; they bound what the engine does, whatever its own adaptation finds. */
export interface AppLimits {
  /** Requests in flight at once, at most. */
  readonly concurrencyMax: number;
  /** Requests per minute on average, with short bursts; undefined leaves it to the app's own 429s. */
  readonly requestsPerMinute?: number;
  /** Milliseconds for one request from connect to last byte. */
  readonly timeoutMs: number;
  /** Accounts per page asked for. */
  readonly pageSize: number;
}

export const defaultLimits: AppLimits = { concurrencyMax: 16, timeoutMs: 30_000, pageSize: 100 };

/** Of what an app takes at once and by the minute, so much is for taking access away and nothing else. */
const leaverShare = { concurrency: 1 / 8, rate: 1 / 5 };

/** The limits of the way out that only leavers take, besides the one they share with everybody. */
export function leaverLimits(limits: AppLimits): AppLimits {
  const { requestsPerMinute: rate, concurrencyMax } = limits;
  return {
    ...limits,
    concurrencyMax: Math.max(1, Math.round(concurrencyMax * leaverShare.concurrency)),
    ...(rate === undefined ? {} : { requestsPerMinute: leaverRate(rate) }),
  };
}

/** The limits of the way out everybody shares: without the rate that is kept for leavers. */
export function sharedLimits(limits: AppLimits): AppLimits {
  const { requestsPerMinute: rate } = limits;
  return rate === undefined ? limits : { ...limits, requestsPerMinute: Math.max(1, rate - leaverRate(rate)) };
}

function leaverRate(rate: number): number {
  return Math.max(1, Math.round(rate * leaverShare.rate));
}

export interface App {
  readonly id: AppId;
  /**
   * Machine name: the catalog key, for a second instance the key with a suffix. Unique, but for the templates, whose
   * instances all bear the template's name.
   */
  readonly name: string;
  /** The catalog entry the app was made from; null for a private app. */
  readonly catalogKey: string | null;
  /** The catalog entry that says how the app is provisioned, where its own says nothing of that. */
  readonly provisioningKey: string | null;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly signOnMode: SignOnMode;
  /** Per-tenant variables of the catalog entry and sign-on settings, as Okta's `settings`. */
  readonly settings: JsonObject;
  readonly visibility: JsonObject;
  readonly accessibility: JsonObject;
  readonly userNameTemplate: UserNameTemplate;
  readonly credentials: AppCredentials;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  /** What imports from the app are to do. */
  readonly inbound: InboundCapabilities;
  /** The media type of the logo an administrator has uploaded. */
  readonly logoType: string | null;
  readonly created: Date;
  readonly lastUpdated: Date;
}
