import { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import { CommandError, exitOfAnswer } from './exit-codes.ts';
import { objectsAt, textAt, valueAt } from './json-fields.ts';
import { pause } from './wait.ts';

export interface ApiSettings {
  /** Where Usher is, e.g. `http://127.0.0.1:8686`. */
  readonly server: string;
  /** Undefined only for what needs no sign-in. */
  readonly token: string | undefined;
  /** Ends every request; its reason is what is thrown. */
  readonly signal: AbortSignal;
}

/** A list is repeated; undefined is left out. */
export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | undefined };

export interface Page {
  readonly items: readonly JsonObject[];
  /** Address of the next page. */
  readonly next: string | undefined;
}

/**
 * Speaks Usher's HTTP API. Paths begin with a slash; answers without a body are null.
 *
 * All throw {@link CommandError} with a sentence: what the server said with every cause, or why there was no answer.
 */
export interface ApiClient {
  get(path: string, query?: Query): Promise<Json>;
  /** For the few answers that are not JSON. */
  getText(path: string): Promise<string>;
  /** A file of any size, piece by piece. */
  download(path: string, query?: Query): AsyncIterable<Uint8Array>;
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: Json, query?: Query): Promise<Json>;
  upload(path: string, content: AsyncIterable<Uint8Array | string>, contentType: string, query?: Query): Promise<Json>;
  /** `path` may be a `next` address. */
  page(path: string, query?: Query): Promise<Page>;
  /** All pages, or as many as hold `limit` items. */
  list(path: string, query?: Query, limit?: number): Promise<JsonObject[]>;
  close(): Promise<void>;
}

/** Milliseconds the server may take to begin an answer; `--timeout` bounds the whole command. */
const answerTimeoutMs = 120_000;

/** Times a request is sent that the server puts off with 429. */
const attemptsMax = 4;

export function createApiClient(settings: ApiSettings): ApiClient {
  const base = settings.server.replace(/\/+$/, '');
  const agent = new Agent({ headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs, connectTimeout: 10_000 });
  const call = createCaller(settings, base, agent);

  async function page(path: string, query?: Query): Promise<Page> {
    const { text, links } = await call('GET', path, query);
    return { items: objectsAt(parseAnswer(text, base)), next: nextLink(links, base) };
  }

  return {
    get: async (path, query) => parseAnswer((await call('GET', path, query)).text, base),
    getText: async (path) => (await call('GET', path)).text,
    download: (path, query) => download(settings, { url: addressOf(base + path, query), base, agent }),
    send: async (method, path, body, query) => {
      const content = body === undefined ? undefined : { body: JSON.stringify(body), type: 'application/json' };
      return parseAnswer((await call(method, path, query, content)).text, base);
    },
    upload: async (path, content, type, query) => {
      const body = Readable.from(content, { objectMode: false });
      return parseAnswer((await call('POST', path, query, { body, type })).text, base);
    },
    page,
    list: async (path, query, limit = Infinity) => {
      const items: JsonObject[] = [];
      for (let next: string | undefined = path; next !== undefined && items.length < limit;) {
        const answer: Page = await page(next, next === path ? query : {});
        items.push(...answer.items);
        next = answer.next;
      }
      return items.slice(0, limit);
    },
    close: () => agent.close(),
  };
}

interface Content {
  readonly body: Readable | string;
  readonly type: string;
}

type Caller = (
  method: Dispatcher.HttpMethod,
  path: string,
  query?: Query,
  content?: Content,
) => Promise<{ readonly text: string; readonly links: readonly string[] }>;

/** One request, sent again while the server puts it off with 429. What cannot be read twice is sent once. */
function createCaller({ token, signal }: ApiSettings, base: string, agent: Agent): Caller {
  return async (method, path, query = {}, content) => {
    const url = addressOf(base + path, query);
    const headers = {
      accept: 'application/json',
      ...credentialOf(token),
      ...(content === undefined ? {} : { 'content-type': content.type }),
    };
    const body = content?.body ?? null;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await request(url, { method, headers, body, dispatcher: agent, signal })
        .then(async (response) => ({ ...response, text: await response.body.text() }))
        .catch((error: unknown) => {
          throw connectionError(error, base, signal);
        });
      const { statusCode: status, text } = answer;
      if (status < 400) return { text, links: [answer.headers['link'] ?? []].flat() };
      if (status !== 429 || attempt === attemptsMax || body instanceof Readable) {
        throw refusal(status, text, token !== undefined);
      }
      await pause((Number(answer.headers['retry-after']) || 1) * 1_000, signal);
    }
  };
}

async function* download(
  { token, signal }: ApiSettings,
  { url, base, agent }: { readonly url: URL; readonly base: string; readonly agent: Agent },
): AsyncGenerator<Uint8Array> {
  try {
    const { statusCode, body } = await request(url, { headers: credentialOf(token), dispatcher: agent, signal });
    if (statusCode >= 400) throw refusal(statusCode, await body.text(), token !== undefined);
    yield* body;
  } catch (error) {
    throw error instanceof CommandError ? error : connectionError(error, base, signal);
  }
}

function addressOf(address: string, query: Query = {}): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? []].flat()) url.searchParams.append(name, String(each));
  }
  return url;
}

function credentialOf(token: string | undefined) {
  return token === undefined ? {} : { authorization: `SSWS ${token}` };
}

/** The address after `rel="next"`, moved to the server we speak to: behind a proxy it may name another. */
function nextLink(links: readonly string[], base: string): string | undefined {
  const address = /<([^>]+)>;\s*rel="next"/.exec(links.join(', '))?.[1];
  if (address === undefined) return undefined;
  const { pathname, search } = new URL(address, base);
  return pathname + search;
}

function parseAnswer(text: string, base: string): Json {
  if (text === '') return null;
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch (cause) {
    throw new CommandError('failed', `${base} did not answer in JSON. Is it an Usher server?`, { cause });
  }
}

function refusal(status: number, text: string, signedIn: boolean): CommandError {
  const body = parsedOrNull(text);
  const summary = textAt(body, 'errorSummary') || reasonsOf(body) || `The server answered ${status}${shortened(text)}.`;
  const causes = objectsAt(body, 'errorCauses').map((cause) => textAt(cause, 'errorSummary'));
  // Okta's summary only names the field; a single cause says all of it.
  const [only, another] = causes;
  const message = summary.startsWith('Api validation failed') && another === undefined ? (only ?? summary) : summary;
  const advice = status === 401 ? [signedIn ? wrongToken : noToken] : [];
  const details = [...causes.filter((cause) => !message.includes(cause)), ...advice];
  return new CommandError(exitOfAnswer(status, textAt(body, 'errorCode')), message, { details });
}

const noToken = 'Give an API token in USHER_TOKEN or USHER_TOKEN_FILE, or with --token-file (- reads it from stdin).';
const wrongToken =
  'Check USHER_TOKEN, USHER_TOKEN_FILE or --token-file: the token may be of another server, or revoked.';

function parsedOrNull(text: string): Json {
  try {
    const json: Json = JSON.parse(text);
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}

/** A server that is not ready lists why. */
function reasonsOf(body: Json): string {
  const reasons = valueAt(body, 'reasons');
  return Array.isArray(reasons) ? reasons.map((reason) => textAt(reason)).join(' ') : '';
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 120);
  return line === '' ? '' : ` and said "${line}"`;
}

function connectionError(error: unknown, base: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new CommandError('timeout', `${base} took the request but did not answer within two minutes.`, {
      cause: error,
    });
  }
  const reason =
    connectFaults[code] ?? (error instanceof Error && error.message !== '' ? error.message : String(error));
  return new CommandError('unreachable', `No Usher answers at ${base}: ${reason}.`, {
    cause: error,
    details: ['Start one with "usher serve", or name another with --server or USHER_SERVER.'],
  });
}

const connectFaults: { readonly [code: string]: string } = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not accepted in time',
  UND_ERR_SOCKET: 'the connection was closed without an answer',
  ECONNRESET: 'the connection was closed without an answer',
};
