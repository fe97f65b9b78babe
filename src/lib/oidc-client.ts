import * as oidc from 'openid-client';
import { asUsherError, UsherError } from './errors.ts';
import type { HttpClient } from './http-client.ts';

/** A client as its OpenID Connect provider knows it. */
export interface OidcRegistration {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What ties an answer to its question. Whoever has it and an answer can have the answer read; it is kept sealed. */
export interface OidcQuestion {
  readonly state: string;
  readonly nonce: string;
  /** The one whose hash goes along (PKCE): a code that is caught on the way is worth nothing without it. */
  readonly verifier: string;
}

export interface OidcClaims {
  /** Whom the issuer means, for ever. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** What a provider publishes of itself, and its keys, as they were a while ago. Plain data. */
export interface OidcKnowledge {
  readonly metadata: oidc.ServerMetadata;
  readonly keys?: oidc.ExportedJWKSCache;
}

export interface OidcClient {
  readonly metadata: oidc.ServerMetadata;
  /** Where to send a browser; `fresh` where the person is to sign in there though they are signed in. */
  ask(redirectUri: string, fresh?: boolean): Promise<{ readonly url: URL; readonly question: OidcQuestion }>;
  /**
   * Whom the provider says the browser belongs to. What `wanted` names is asked for apart where the ID token lacks it.
   *
   * @param answer the whole address the browser came back to.
   * @param maxAgeSeconds since the person signed in there, which the provider then has to say; left out: for ever.
   * @throws {UsherError} `app_rejected` when the provider says no, with its code as the answer's detail, or does not
   *   take the code; `app_credentials_refused` when it does not take us; `app_bad_answer` for what must not be believed.
   */
  read(answer: URL, question: OidcQuestion, wanted: readonly string[], maxAgeSeconds?: number): Promise<OidcClaims>;
  /** Whether the provider takes our client ID and secret; undefined where it does not say. Nobody signs in. */
  isTaken(redirectUri: string): Promise<boolean | undefined>;
  knowledge(): OidcKnowledge;
}

/** Milliseconds for each request to a provider. */
const requestTimeoutMs = 8_000;
const scope = 'openid email profile';

/**
 * Opens a client, asking the provider for what it publishes unless that is known. `https` only; `http` where the issuer
 * is on this machine, which egress rules refuse unless they were opened.
 *
 * @throws {UsherError} `app_*`
 */
export async function openOidcClient(
  registration: OidcRegistration,
  http: HttpClient,
  known?: OidcKnowledge,
): Promise<OidcClient> {
  const config = known === undefined ? await discover(registration, http) : configure(registration, known.metadata);
  config[oidc.customFetch] = fetchBy(http);
  config.timeout = requestTimeoutMs / 1_000;
  // ID tokens are read with their signature, also those that came by TLS.
  oidc.enableNonRepudiationChecks(config);
  if (!isHttps(registration.issuer)) oidc.allowInsecureRequests(config);
  if (known?.keys !== undefined) oidc.setJwksCache(config, known.keys);
  const metadata = config.serverMetadata();
  return {
    metadata,
    ask: (redirectUri, fresh = false) => ask(config, redirectUri, fresh),
    read: (answer, question, wanted, maxAgeSeconds) => read(config, answer, question, wanted, maxAgeSeconds),
    isTaken: (redirectUri) => isTaken(config, redirectUri),
    knowledge: () => {
      const keys = oidc.getJwksCache(config);
      return { metadata, ...(keys === undefined ? {} : { keys }) };
    },
  };
}

/** Why an address cannot be an issuer's; undefined where it can. */
export function issuerProblem(issuer: string): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined) return 'is not an address such as https://login.example.com';
  if (!isSafe(url)) return 'must begin with https:// (http:// is for a provider on this machine only)';
  if (url.username !== '' || url.password !== '') return 'must have no user name and password in it';
  if (url.search !== '' || url.hash !== '') return 'must have neither ? nor # in it';
  if (url.pathname.includes('/.well-known/')) return 'must end before /.well-known/';
  return undefined;
}

async function discover(registration: OidcRegistration, http: HttpClient): Promise<oidc.Configuration> {
  const { issuer, clientId } = registration;
  try {
    const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      [oidc.customFetch]: fetchBy(http),
      timeout: requestTimeoutMs / 1_000,
      execute: isHttps(issuer) ? [] : [oidc.allowInsecureRequests],
    });
    return configure(registration, found.serverMetadata());
  } catch (error) {
    throw failureOf(error, issuer);
  }
}

/** The secret goes in the header, as the standard has it, unless the provider takes it in the body only. */
function configure({ clientId, clientSecret }: OidcRegistration, metadata: oidc.ServerMetadata): oidc.Configuration {
  const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = metadata;
  const authenticate = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
  return new oidc.Configuration(metadata, clientId, undefined, authenticate(clientSecret));
}

async function ask(config: oidc.Configuration, redirectUri: string, fresh: boolean) {
  const { issuer } = config.serverMetadata();
  const question = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  };
  try {
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state: question.state,
      nonce: question.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(question.verifier),
      code_challenge_method: 'S256',
      ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
    });
    if (!isSafe(url)) throw bad(issuer, 'wants browsers to be sent to an address that is not https');
    return { url, question };
  } catch (error) {
    throw failureOf(error, issuer);
  }
}

async function read(
  config: oidc.Configuration,
  answer: URL,
  { state, nonce, verifier }: OidcQuestion,
  wanted: readonly string[],
  maxAge: number | undefined,
): Promise<OidcClaims> {
  const { issuer, userinfo_endpoint: more } = config.serverMetadata();
  try {
    const tokens = await oidc.authorizationCodeGrant(config, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
      ...(maxAge === undefined ? {} : { maxAge }),
    });
    const claims = tokens.claims();
    if (claims === undefined) throw bad(issuer, 'sent no ID token');
    if (more === undefined || wanted.every((name) => claims[name] !== undefined)) return claims;
    // The ID token is signed, so that it comes over what is only asked for.
    return { ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
  } catch (error) {
    throw failureOf(error, issuer);
  }
}

/** A code that cannot be right: who answers that the code is wrong has taken the secret. */
async function isTaken(config: oidc.Configuration, redirectUri: string): Promise<boolean | undefined> {
  const parameters = { code: 'usher-tries-its-secret', redirect_uri: redirectUri, code_verifier: 'x'.repeat(43) };
  try {
    await oidc.genericGrantRequest(config, 'authorization_code', parameters);
    return undefined;
  } catch (error) {
    const code = error instanceof oidc.ResponseBodyError ? error.error : undefined;
    if (code === 'invalid_grant') return true;
    if (isRefusedClient(error)) return false;
    if (code !== undefined) return undefined;
    throw failureOf(error, config.serverMetadata().issuer);
  }
}

function isHttps(address: string): boolean {
  return new URL(address).protocol === 'https:';
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname));
}

/** The library's requests by the one way out, so that egress rules hold and no redirect is followed. */
function fetchBy(http: HttpClient): oidc.CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    if (!isSafe(new URL(url))) throw bad(url, 'has an address that is not https');
    const response = await http.request({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body == null ? {} : { body: await new Response(body).text() }),
      ...(signal === undefined ? {} : { signal }),
    });
    const hasBody = response.status !== 204 && response.status !== 304;
    return new Response(hasBody ? response.body : null, { status: response.status, headers: { ...response.headers } });
  };
}

function failureOf(error: unknown, address: string): UsherError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UsherError) return cause;
  }
  const { host } = new URL(address);
  if (error instanceof oidc.AuthorizationResponseError) {
    const appAnswer = { status: 302, detail: error.error.slice(0, 100) };
    return new UsherError('app_rejected', `${host} did not let the person in (${appAnswer.detail}).`, { appAnswer });
  }
  if (isRefusedClient(error)) {
    return new UsherError(
      'app_credentials_refused',
      `${host} does not take the client ID and secret. Compare them with what it shows, and enter the secret again.`,
    );
  }
  if (error instanceof oidc.ResponseBodyError) {
    const appAnswer = { status: error.status, detail: error.error.slice(0, 100) };
    return new UsherError('app_rejected', `${host} did not take the sign-in (${appAnswer.detail}).`, { appAnswer });
  }
  if (error instanceof oidc.ClientError || error instanceof oidc.WWWAuthenticateChallengeError) {
    return bad(address, `answered what cannot be believed (${error.message})`, error);
  }
  return asUsherError(error);
}

function isRefusedClient(error: unknown): boolean {
  if (error instanceof oidc.WWWAuthenticateChallengeError) return error.status === 401;
  return error instanceof oidc.ResponseBodyError && ['invalid_client', 'unauthorized_client'].includes(error.error);
}

function bad(address: string, what: string, cause?: unknown): UsherError {
  return new UsherError('app_bad_answer', `${new URL(address).host} ${what}. Compare the issuer with what it shows.`, {
    cause,
  });
}
