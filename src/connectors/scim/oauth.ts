import { systemClock } from '../../lib/clock.ts';
import { UsherError } from '../../lib/errors.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { isJsonObject } from '../../lib/json.ts';
import { badAnswer, failureOf } from './errors.ts';
import { parseJson } from './json.ts';

export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

/** Access tokens from an OAuth 2.0 token endpoint, fetched when needed, one request at a time. */
export interface TokenSource {
  /** The token in hand, until a minute (or half its life, if that is less) before it expires. */
  current(): string | undefined;
  /** @throws {UsherError} `app_credentials_refused` when the client is refused, else what went wrong on the way. */
  fetch(): Promise<string>;
  drop(): void;
}

const renewBeforeMs = 60_000;
/** For servers that do not say how long a token lives (RFC 6749 leaves it open). */
const lifetimeSecondsDefault = 300;

export function openTokenSource(client: ClientCredentials, http: HttpClient): TokenSource {
  let token: string | undefined;
  let usableUntilMs = 0;
  let fetching: Promise<string> | undefined;

  async function request(): Promise<string> {
    const { access, lifetimeSeconds } = await requestToken(client, http);
    token = access;
    const lifetimeMs = lifetimeSeconds * 1000;
    usableUntilMs = systemClock.monotonicMs() + lifetimeMs - Math.min(renewBeforeMs, lifetimeMs / 2);
    return access;
  }

  return {
    current: () => (systemClock.monotonicMs() < usableUntilMs ? token : undefined),
    fetch() {
      fetching ??= request().finally(() => (fetching = undefined));
      return fetching;
    },
    drop: () => void (usableUntilMs = 0),
  };
}

async function requestToken(
  client: ClientCredentials,
  http: HttpClient,
): Promise<{ access: string; lifetimeSeconds: number }> {
  const { host } = new URL(client.tokenUrl);
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (client.scope !== undefined) form.set('scope', client.scope);
  const id = [client.clientId, client.clientSecret].map(encodeURIComponent).join(':');
  const encoded = Buffer.from(id).toString('base64');
  const response = await http.request({
    method: 'POST',
    url: client.tokenUrl,
    headers: {
      authorization: `Basic ${encoded}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: form.toString(),
  });
  if (response.status !== 200) {
    const redact = (text: string): string => text.replaceAll(client.clientSecret, '•••').replaceAll(encoded, '•••');
    const failure = failureOf(response, { method: 'GET', host, onResource: false, now: systemClock.now(), redact });
    // RFC 6749 answers 400 invalid_client or invalid_grant where others answer 401.
    if (failure.code !== 'app_rejected') throw failure;
    throw new UsherError('app_credentials_refused', `${failure.message} Check the client ID, secret and scope.`);
  }
  const body = parseJson(response.body);
  const access = isJsonObject(body) ? body['access_token'] : undefined;
  if (!isJsonObject(body) || typeof access !== 'string' || access === '') {
    throw badAnswer(host, 'answered the token request without an access token. Check the token URL.', 'GET');
  }
  const seconds = Number(body['expires_in']);
  return { access, lifetimeSeconds: seconds > 0 ? seconds : lifetimeSecondsDefault };
}
