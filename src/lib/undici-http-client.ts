import { lookup as dnsLookup } from 'node:dns';
import { setMaxListeners } from 'node:events';
import { isIP, type LookupFunction } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { buildConnector, Pool, type Dispatcher } from 'undici';
import { checkAddress, isAllowedAddress, type EgressRules } from './egress.ts';
import { UsherError } from './errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client.ts';
import { aborted, bodyTooLarge, connectFailure, timedOut, undecodable } from './http-failures.ts';

export interface HttpClientOptions {
  readonly egress: EgressRules;
  /** Milliseconds for one request from the call to the last byte, waiting for a connection included. */
  readonly timeoutMs: number;
  /** Bytes of one answer after decompression; 10 MB unless given. */
  readonly bodyBytesMax?: number;
  /** Open connections per origin, at most; further requests wait. */
  readonly connections: number;
}

/** The one {@link HttpClient}: a keep-alive pool per origin, one request at a time on each connection. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const pools = new Map<string, Pool>();
  const limits: Limits = {
    timeoutMs: options.timeoutMs,
    firstByteMs: Math.min(firstByteMsMax, options.timeoutMs),
    bodyBytesMax: options.bodyBytesMax ?? 10 * 1024 * 1024,
  };

  function route(url: string): { pool: Pool; origin: string; path: string } {
    const slash = url.indexOf('/', 'https://'.length);
    const prefix = slash < 0 ? url : url.slice(0, slash);
    const known = slash < 0 ? undefined : pools.get(prefix);
    if (known) return { pool: known, origin: prefix, path: url.slice(slash) };
    const { origin, pathname, search } = checkedUrl(url);
    const pool = pools.get(origin) ?? openPool(origin, options);
    pools.set(origin, pool);
    // The path is sent as it was written: normalizing would turn an encoded id into another path.
    return { pool, origin, path: prefix === origin && slash > 0 ? url.slice(slash) : pathname + search };
  }

  return {
    request: (request) =>
      new Promise((resolve, reject) => {
        const { pool, origin, path } = route(request.url);
        const exchange = new Exchange(request, origin, limits, resolve, reject);
        if (exchange.settled) return;
        pool.dispatch(
          {
            origin,
            path,
            method: request.method,
            headers: { 'accept-encoding': 'identity', ...request.headers },
            body: request.body ?? null,
            headersTimeout: limits.firstByteMs,
            bodyTimeout: 0,
          },
          exchange,
        );
      }),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

const connectMsMax = 5_000;
const firstByteMsMax = 15_000;
const headerBytesMax = 64 * 1024;

interface Limits {
  readonly timeoutMs: number;
  readonly firstByteMs: number;
  readonly bodyBytesMax: number;
}

/**
 * One request and its answer. Undici's own handler interface, because it alone tells when a request was handed to
 * a connection: before that moment the app cannot have seen it, after it the outcome of a write is unknown.
 */
class Exchange implements Dispatcher.DispatchHandler {
  settled = false;
  readonly #origin: string;
  readonly #limits: Limits;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: UsherError) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: { [name: string]: string } = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    request: HttpRequest,
    origin: string,
    limits: Limits,
    resolve: (response: HttpResponse) => void,
    reject: (error: UsherError) => void,
  ) {
    this.#origin = origin;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = request.signal;
    this.#timer = setTimeout(this.#onTimeout, limits.timeoutMs);
    if (!this.#signal) return;
    if (this.#signal.aborted) this.#onAbort();
    else listen(this.#signal, this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Settled while it waited for a connection: nothing has been sent yet, and nothing shall be.
    if (this.settled) controller.abort(new Error('settled'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200) return;
    this.#status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.#headers[name] = typeof value === 'string' ? value : value.join(', ');
    }
    if (Number(this.#headers['content-length']) > this.#limits.bodyBytesMax) this.#fail(this.#tooLarge());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#limits.bodyBytesMax) this.#fail(this.#tooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.settled) return;
    const first = this.#chunks[0];
    const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#size);
    const body = this.#decode(bytes);
    if (body === undefined) return;
    this.#settle();
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.settled) return;
    this.#fail(connectFailure(error, this.#origin, { sent: this.#sent, answering: this.#status > 0 }));
  }

  get #sent(): boolean {
    return this.#controller !== undefined;
  }

  /** We ask for `identity`; an app that compresses all the same is read within the same cap. */
  #decode(bytes: Buffer): string | undefined {
    const encoding = this.#headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity' || bytes.length === 0) return bytes.toString('utf8');
    try {
      if (encoding !== 'gzip') throw new TypeError(`content-encoding ${encoding}`);
      return gunzipSync(bytes, { maxOutputLength: this.#limits.bodyBytesMax }).toString('utf8');
    } catch (error) {
      this.#fail(error instanceof RangeError ? this.#tooLarge() : undecodable(this.#origin, encoding, error));
      return undefined;
    }
  }

  #tooLarge(): UsherError {
    return bodyTooLarge(this.#origin, this.#limits.bodyBytesMax);
  }

  readonly #onTimeout = (): void => {
    this.#fail(timedOut(this.#origin, this.#limits.timeoutMs, this.#sent));
  };

  readonly #onAbort = (): void => {
    this.#fail(aborted(this.#origin, this.#sent));
  };

  #fail(error: UsherError): void {
    if (this.settled) return;
    this.#settle();
    this.#chunks = [];
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    this.settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

const manyListeners = new WeakSet<AbortSignal>();

/** One signal often ends hundreds of requests at once; Node would take that many listeners for a leak. */
function listen(signal: AbortSignal, onAbort: () => void): void {
  if (!manyListeners.has(signal)) {
    manyListeners.add(signal);
    setMaxListeners(0, signal);
  }
  signal.addEventListener('abort', onAbort);
}

type RawHeaders = { readonly [name: string]: string | string[] | undefined };

/** @throws {UsherError} `app_address_refused` for schemes other than http(s) and for credentials in the URL. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new UsherError('app_address_refused', 'The address of the app is not a URL. Correct its base URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UsherError('app_address_refused', `Usher speaks https and http, not "${url.protocol}". Correct the URL.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsherError(
      'app_address_refused',
      `The URL of ${url.host} holds a user name or password. Put the credential into the connection's settings.`,
    );
  }
  return url;
}

function openPool(origin: string, options: HttpClientOptions): Pool {
  const { protocol, port } = new URL(origin);
  return new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    maxHeaderSize: headerBytesMax,
    connect: guardedConnector(options.egress, Number(port) || (protocol === 'https:' ? 443 : 80)),
  });
}

/**
 * Checks the rules three times: IP literals before connecting (`lookup` is not called for them), every address a
 * name resolves to, and the address the socket is really connected to before a byte of the request is sent.
 */
function guardedConnector(rules: EgressRules, port: number): buildConnector.connector {
  const connect = buildConnector({ timeout: connectMsMax, lookup: guardedLookup(rules, port) });
  return (options, callback) => {
    try {
      if (isIP(options.hostname) !== 0) checkAddress(rules, options.hostname, port, options.hostname);
    } catch (error) {
      callback(asError(error), null);
      return;
    }
    connect(options, (error, socket) => {
      if (!socket) {
        callback(error ?? new Error('no socket'), null);
        return;
      }
      try {
        checkAddress(rules, socket.remoteAddress ?? 'unknown', port, options.hostname);
        callback(null, socket);
      } catch (refusal) {
        socket.destroy();
        callback(asError(refusal), null);
      }
    });
  };
}

/** Offers the socket only addresses the rules allow; when none is left, says why the first one is refused. */
function guardedLookup(rules: EgressRules, port: number): LookupFunction {
  return (host, options, callback) => {
    dnsLookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(rules, address, port));
      const first = allowed[0];
      if (!first) {
        try {
          for (const { address } of addresses) checkAddress(rules, address, port, host);
          return callback(new Error(`${host} has no address`), []);
        } catch (refusal) {
          return callback(asError(refusal), []);
        }
      }
      return options.all ? callback(null, allowed) : callback(null, first.address, first.family);
    });
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
