import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../lib/clock.ts';
import { asUsherError, UsherError } from '../../../lib/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../lib/http-client.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import type { ProbeExchange } from '../../contract.ts';
import { openCredential, type Credential } from '../http.ts';
import { parseJson } from '../json.ts';
import type { ScimSettings } from '../settings.ts';
import { maskPeople, maskText } from './mask.ts';

export interface Reply {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** Undefined where the body is no JSON object. */
  readonly json: JsonObject | undefined;
  readonly text: string;
  readonly exchange: number;
}

export interface AskOptions {
  readonly body?: JsonObject;
  /** `none` sends no credential, `wrong` one that cannot be right. */
  readonly credential?: 'none' | 'wrong';
  readonly ifMatch?: string;
  /** The answer is about what the probe made itself, so it is kept as it is. */
  readonly ours?: boolean;
}

/** Speaks to the server under test and keeps a record. Any status is an answer. */
export interface Recorder {
  readonly exchanges: readonly ProbeExchange[];
  /** @throws {UsherError} where there is no answer. */
  ask(method: HttpRequest['method'], path: string, options?: AskOptions): Promise<Reply>;
  /** From here on this text of the app (a person's name) is shortened wherever it stands in the record. */
  hide(text: string): void;
}

const bodyCharactersMax = 4_000;
/** A probe of every rule takes about eighty; this bounds one that an endpoint leads astray. */
const requestsMax = 200;
/** Seconds to wait on a 429, at most; an endpoint that asks for more is not probed further. */
const waitSecondsMax = 15;

export function openRecorder(settings: ScimSettings, http: HttpClient, signal: () => AbortSignal): Recorder {
  const base = settings.baseUrl.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const credential = openCredential(settings, http);
  const exchanges: ProbeExchange[] = [];
  const hidden = new Set<string>();
  const clean = (text: string): string => withoutNames(withoutSecrets(text, credential), hidden);

  async function once(method: HttpRequest['method'], path: string, options: AskOptions): Promise<Reply> {
    if (exchanges.length >= requestsMax) {
      const message = `The probe ended after ${requestsMax} requests: the server leads in circles.`;
      throw new UsherError('app_bad_answer', message);
    }
    const headers = await headersFor(credential, options);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const number = exchanges.length + 1;
    const started = systemClock.monotonicMs();
    const note = (answer: Pick<ProbeExchange, 'status' | 'responseHeaders' | 'responseBody' | 'error'>): void =>
      void exchanges.push({
        number,
        method,
        url: clean(base + path),
        requestHeaders: shownHeaders(headers, clean),
        requestBody: body === undefined ? null : clean(body).slice(0, bodyCharactersMax),
        ...answer,
        durationMs: Math.round(systemClock.monotonicMs() - started),
      });
    const request = { method, url: base + path, headers, signal: signal(), ...(body === undefined ? {} : { body }) };
    const response = await http.request(request).catch((error: unknown) => {
      note({ status: null, responseHeaders: {}, responseBody: null, error: clean(asUsherError(error).message) });
      throw error;
    });
    const json = parseJson(response.body);
    note({
      status: response.status,
      responseHeaders: shownHeaders(response.headers, clean),
      responseBody: clean(shownBody(response.body, json, path, options.ours === true)).slice(0, bodyCharactersMax),
      error: null,
    });
    const { status, headers: answered, body: text } = response;
    return { status, headers: answered, json: isJsonObject(json) ? json : undefined, text, exchange: number };
  }

  return {
    exchanges,
    hide: (text) => void (text.length > 2 && hidden.add(text)),
    async ask(method, path, options = {}) {
      const reply = await once(method, path, options);
      if (reply.status !== 429 && reply.status !== 503) return reply;
      const seconds = Number(reply.headers['retry-after'] ?? 1);
      if (!(seconds <= waitSecondsMax)) return reply;
      await sleep(Math.max(seconds, 0.2) * 1_000, undefined, { signal: signal() });
      return once(method, path, options);
    },
  };
}

function withoutSecrets(text: string, credential: Credential): string {
  return credential.secrets().reduce((said, secret) => said.replaceAll(secret, '•••'), text);
}

/** Names of people, plain as in bodies and encoded as in addresses. */
function withoutNames(text: string, names: ReadonlySet<string>): string {
  return [...names].reduce((said, name) => {
    const mask = maskText(name);
    return said.replaceAll(name, mask).replaceAll(encodeURIComponent(name), encodeURIComponent(mask));
  }, text);
}

async function headersFor(credential: Credential, options: AskOptions): Promise<{ readonly [name: string]: string }> {
  const plain = {
    'user-agent': 'Usher SCIM Probe 0.1',
    accept: 'application/scim+json, application/json',
    ...(options.body === undefined ? {} : { 'content-type': 'application/scim+json' }),
  };
  if (options.credential === 'none') return plain;
  if (options.credential === 'wrong') return { ...plain, authorization: 'Bearer usher-probe-wrong-credential' };
  const { 'content-type': _, ...signed } = credential.headers() ?? (await credential.freshHeaders());
  return { ...signed, ...plain, ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }) };
}

const secretHeaders = /^(authorization|proxy-authorization|cookie|set-cookie|x-.*(key|token|secret).*)$/i;

function shownHeaders(
  headers: { readonly [name: string]: string },
  clean: (text: string) => string,
): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const [scheme] = /^(Bearer|Basic)(?= )/i.exec(value) ?? [];
      const hide = secretHeaders.test(name);
      return [name, hide ? (scheme === undefined ? '•••' : `${scheme} •••`) : clean(value).slice(0, 500)];
    }),
  );
}

function shownBody(text: string, json: Json | undefined, path: string, ours: boolean): string {
  if (json === undefined || text === '') return text;
  const isAboutPeople = /^\/(Users|Groups)\b/i.test(path) && !ours;
  return JSON.stringify(isAboutPeople ? maskPeople(json) : json);
}
