import { createHash, randomBytes } from 'node:crypto';
import type { clientAuthMethods } from '../domain/app.ts';
import {
  credentialsSchemes,
  type App,
  type AppCredentials,
  type CredentialsScheme,
  type SignOnMode,
} from '../domain/app.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import type { Queryable } from '../store/database.ts';
import type { Sealer, SecretBox } from '../store/secret-box.ts';

/** What a client says of how people sign in. What is left out stays as it is, or gets Okta's default. */
export interface CredentialsInput {
  readonly scheme?: CredentialsScheme;
  readonly userName?: string;
  readonly revealPassword?: boolean;
  /** Of the shared account. */
  readonly password?: string;
  readonly oauthClient?: {
    readonly client_id?: string;
    /** Usher makes one where the app needs it and none is given. */
    readonly client_secret?: string;
    readonly token_endpoint_auth_method?: (typeof clientAuthMethods)[number];
    readonly autoKeyRotation?: boolean;
    readonly pkce_required?: boolean;
  };
}

/** Credentials ready to be stored, and the secret that goes with them. */
export interface PreparedCredentials {
  readonly credentials: AppCredentials;
  /** To be sealed; null takes the stored one away, undefined leaves it. */
  readonly secret: string | null | undefined;
}

export interface CredentialsBefore {
  readonly credentials: AppCredentials;
  readonly hasSecret: boolean;
}

/**
 * How people sign in to an app of this mode. A bookmark, a SAML or a WS-Federation app has no such credentials; what is
 * said of them is left out, as Okta does.
 *
 * @throws {UsherError} `invalid_input`, a cause per field. No value is repeated in it.
 */
export function prepareCredentials(
  app: Pick<App, 'id' | 'signOnMode' | 'name'>,
  given: CredentialsInput,
  before: CredentialsBefore = { credentials: {}, hasSecret: false },
): PreparedCredentials {
  if (app.name === 'oidc_client') return prepareClient(app.id, given.oauthClient ?? {}, before);
  if (!hasScheme(app.signOnMode)) return { credentials: {}, secret: before.hasSecret ? null : undefined };
  return prepareScheme(given, before);
}

/** Modes in which a name and a password are sent for the person. */
export function hasScheme(mode: SignOnMode): boolean {
  return ['AUTO_LOGIN', 'BROWSER_PLUGIN', 'SECURE_PASSWORD_STORE', 'BASIC_AUTH'].includes(mode);
}

export function sealCredentials(sealer: Sealer, appId: AppId, secret: string): string {
  return sealer.seal(secret, placeOf(appId));
}

/** What tells one client secret from another without being it. */
export async function clientSecretHash(
  db: Queryable,
  secrets: SecretBox,
  appId: AppId,
  sealed: string,
): Promise<string> {
  const secret = await secrets.open(db, sealed, placeOf(appId));
  return createHash('sha256').update(secret).digest('base64url').slice(0, 22);
}

const secretBytes = 48;
const passwordMax = 256;
const userNameMax = 256;

function placeOf(appId: AppId): string {
  return `apps/${appId}`;
}

function prepareScheme(given: CredentialsInput, before: CredentialsBefore): PreparedCredentials {
  const current = before.credentials;
  const scheme = given.scheme ?? current.scheme ?? 'EDIT_USERNAME_AND_PASSWORD';
  const revealPassword = given.revealPassword ?? current.revealPassword ?? false;
  const causes: ErrorCause[] = [];
  if (!credentialsSchemes.includes(scheme)) causes.push({ field: 'credentials.scheme', reason: 'is unknown' });
  if (scheme !== 'SHARED_USERNAME_AND_PASSWORD') {
    refuse(causes);
    return { credentials: { scheme, revealPassword }, secret: before.hasSecret ? null : undefined };
  }
  const userName = given.userName ?? current.userName ?? '';
  if (userName === '' || userName.length > userNameMax) {
    const reason =
      userName === '' ? 'is missing: everybody signs in with it' : `is longer than ${userNameMax} characters`;
    causes.push({ field: 'credentials.userName', reason });
  }
  const missing = given.password === undefined && !before.hasSecret;
  if (missing || given.password === '' || (given.password?.length ?? 0) > passwordMax) {
    const reason = missing || given.password === '' ? 'is missing' : `is longer than ${passwordMax} characters`;
    causes.push({ field: 'credentials.password', reason });
  }
  refuse(causes);
  return { credentials: { scheme, userName, revealPassword }, secret: given.password };
}

function prepareClient(
  appId: AppId,
  given: NonNullable<CredentialsInput['oauthClient']>,
  before: CredentialsBefore,
): PreparedCredentials {
  const current = before.credentials.oauthClient;
  const method = given.token_endpoint_auth_method ?? current?.token_endpoint_auth_method ?? 'client_secret_basic';
  const clientId = given.client_id ?? current?.client_id ?? appId;
  const causes: ErrorCause[] = [];
  if (current !== undefined && clientId !== current.client_id) {
    causes.push({ field: 'credentials.oauthClient.client_id', reason: 'cannot be changed' });
  } else if (!/^[\w-]{6,100}$/.test(clientId)) {
    const reason = 'must be 6 to 100 letters, digits, - and _';
    causes.push({ field: 'credentials.oauthClient.client_id', reason });
  }
  if (given.client_secret !== undefined && !/^[\x21-\x7e]{14,100}$/.test(given.client_secret)) {
    const reason = 'must be 14 to 100 printable characters without spaces';
    causes.push({ field: 'credentials.oauthClient.client_secret', reason });
  }
  refuse(causes);
  const withSecret = method.startsWith('client_secret_');
  const made = before.hasSecret ? undefined : randomBytes(secretBytes).toString('base64url');
  return {
    credentials: {
      oauthClient: {
        client_id: clientId,
        token_endpoint_auth_method: method,
        autoKeyRotation: given.autoKeyRotation ?? current?.autoKeyRotation ?? true,
        pkce_required: given.pkce_required ?? current?.pkce_required ?? method === 'none',
      },
    },
    secret: withSecret ? (given.client_secret ?? made) : before.hasSecret ? null : undefined,
  };
}

function refuse(causes: readonly ErrorCause[]): void {
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These credentials cannot be used: ${sentences}.`, { causes });
}
