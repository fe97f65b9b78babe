import type { AppId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';

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
  /** Machine name, unique per instance: the catalog key, or the key with a suffix for a second instance. */
  readonly name: string;
  /** The catalog entry the app was made from; null for a private app. */
  readonly catalogKey: string | null;
  readonly label: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly signOnMode: SignOnMode;
  /** Per-tenant variables of the catalog entry and sign-on settings, as Okta's `settings`. */
  readonly settings: JsonObject;
  readonly visibility: JsonObject;
  readonly accessibility: JsonObject;
  readonly userNameTemplate: UserNameTemplate;
  readonly provisioning: ProvisioningSettings;
  readonly limits: AppLimits;
  readonly created: Date;
  readonly lastUpdated: Date;
}
