import { systemClock } from '../../lib/clock.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../lib/http-client.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { UsherError } from '../../lib/errors.ts';
import { badAnswer, failureOf } from './errors.ts';
import { parseJson } from './json.ts';
import { openTokenSource } from './oauth.ts';
import type { ScimSettings } from './settings.ts';

type Method = HttpRequest['method'];

/** A 2xx answer; `body` is undefined where the app sent none. */
export interface Answer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly body: JsonObject | undefined;
}

export interface ScimHttp {
  /** Host of the app, for messages. */
  readonly host: string;
  /** Takes our credentials out of what the app said. */
  redact(text: string): string;
  /**
   * One attempt; `path` is below the base URL and already encoded.
   * @throws {UsherError} what the answer means when it is not 2xx, and `app_bad_answer` when it is not a JSON object.
   */
  send(method: Method, path: string, signal: AbortSignal, body?: JsonObject, ifMatch?: string): Promise<Answer>;
}

export function openScimHttp(settings: ScimSettings, http: HttpClient): ScimHttp {
  const url = new URL(settings.baseUrl);
  const base = url.origin + url.pathname.replace(/\/+$/, '');
  const credential = openCredential(settings, http);
  const redact = (text: string): string =>
    credential.secrets().reduce((redacted, secret) => redacted.replaceAll(secret, '•••'), text);

  async function once(method: Method, path: string, signal: AbortSignal, body: string | undefined, ifMatch?: string) {
    const headers = credential.headers() ?? (await credential.freshHeaders());
    return http.request({
      method,
      url: base + path,
      headers: ifMatch === undefined ? headers : { ...headers, 'if-match': ifMatch },
      signal,
      ...(body === undefined ? {} : { body }),
    });
  }

  return {
    host: url.host,
    redact,
    async send(method, path, signal, body, ifMatch) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      let response = await once(method, path, signal, text, ifMatch);
      if (response.status === 401 && credential.renew()) response = await once(method, path, signal, text, ifMatch);
      if (response.status < 200 || response.status >= 300) {
        const hidden = typeof body?.['password'] === 'string' ? body['password'] : undefined;
        const hide = (said: string): string => redact(hidden === undefined ? said : said.replaceAll(hidden, '•••'));
        const onResource = resourcePath.test(path);
        throw failureOf(response, { method, host: url.host, onResource, now: systemClock.now(), redact: hide });
      }
      return { status: response.status, headers: response.headers, body: readBody(response, method, url.host) };
    },
  };
}

const resourcePath = /^\/[^/?]+\/[^/?]/;

function readBody(response: HttpResponse, method: Method, host: string): JsonObject | undefined {
  const { status, body } = response;
  if (body === '' || status === 204) return undefined;
  const json = parseJson(body);
  if (isJsonObject(json)) return json;
  // What a successful DELETE says does not matter.
  if (method === 'DELETE') return undefined;
  const kind = /^\s*</.test(body) ? 'an HTML or XML page' : 'something that is not a JSON object';
  throw badAnswer(host, `answered ${status} with ${kind}. Check the base URL.`, method, status, body.slice(0, 200));
}

export interface Credential {
  /** Ready-made headers, or undefined when a token must be fetched first. */
  headers(): { readonly [name: string]: string } | undefined;
  freshHeaders(): Promise<{ readonly [name: string]: string }>;
  /** Called on a 401: drops a token that can be renewed. False where there is nothing to renew. */
  renew(): boolean;
  secrets(): readonly string[];
}

const commonHeaders = {
  'user-agent': 'Usher SCIM Client 0.1',
  accept: 'application/scim+json, application/json',
  'content-type': 'application/scim+json',
} as const;

export function openCredential({ auth }: ScimSettings, http: HttpClient): Credential {
  switch (auth.scheme) {
    case 'bearer':
      return fixedHeader('authorization', `Bearer ${auth.token}`, [auth.token]);
    case 'basic': {
      const encoded = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      return fixedHeader('authorization', `Basic ${encoded}`, [auth.password, encoded]);
    }
    case 'header':
      return fixedHeader((auth.headerName ?? 'authorization').toLowerCase(), auth.value, [auth.value]);
    case 'oauth2_client_credentials':
      return oauthCredential(auth, http);
  }
}

function fixedHeader(name: string, value: string, secrets: readonly string[]): Credential {
  if (/[\r\n\0]/.test(value)) {
    throw new UsherError('invalid_input', 'The credential holds a line break. Enter it again without one.');
  }
  const headers = { ...commonHeaders, [name]: value };
  return {
    headers: () => headers,
    freshHeaders: () => Promise.resolve(headers),
    renew: () => false,
    secrets: () => secrets,
  };
}

function oauthCredential(
  auth: Extract<ScimSettings['auth'], { scheme: 'oauth2_client_credentials' }>,
  http: HttpClient,
): Credential {
  const source = openTokenSource(auth, http);
  const withToken = (token: string) => ({ ...commonHeaders, authorization: `Bearer ${token}` });
  return {
    headers: () => {
      const token = source.current();
      return token === undefined ? undefined : withToken(token);
    },
    freshHeaders: async () => withToken(await source.fetch()),
    renew: () => {
      source.drop();
      return true;
    },
    secrets: () => [auth.clientSecret, ...[source.current()].filter((token) => token !== undefined)],
  };
}
