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

/** What Usher does in the app of its own accord. Everything is off until an administrator turns it on. */
export interface ProvisioningSettings {
  readonly create: boolean;
  readonly update: boolean;
  readonly deactivate: boolean;
  /** Push people who are STAGED (not activated yet). */
  readonly pushPending: boolean;
  /** Never change the account's name in the app after creation. */
  readonly excludeUserNameUpdates: boolean;
  /** What to do when an account with the person's name is already there: link it, or ask a person. */
  readonly existingAccount: 'LINK' | 'ASK';
  /** False: no group is pushed and nobody is put into one or taken out, until it is switched on again. */
  readonly groupPush?: boolean;
  /** How passwords would be made and changed; Usher pushes none. Undefined: as nobody has said otherwise. */
  readonly password?: { readonly seed: 'OKTA' | 'RANDOM'; readonly change: 'CHANGE' | 'KEEP_EXISTING' };
}

export const provisioningOff: ProvisioningSettings = {
  create: false,
  update: false,
  deactivate: false,
  pushPending: false,
  excludeUserNameUpdates: false,
  existingAccount: 'LINK',
};

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
