import type { components, paths } from './openapi';
import { isUnattended } from './presence';
import { rememberRequest } from './sent';

export type Schemas = components['schemas'];
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Json<Responses> = Responses extends { 200: { content: { 'application/json': infer Body } } }
  ? Body
  : Responses extends { 201: { content: { 'application/json': infer Body } } }
    ? Body
    : Responses extends { 202: { content: { 'application/json': infer Body } } }
      ? Body
      : undefined;
type Answer<Path extends keyof paths, Verb extends Method> =
  paths[Path] extends Record<Verb, { responses: infer Responses }> ? Json<Responses> : never;

export interface Options {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** A body that is not JSON. */
  readonly text?: { readonly type: string; readonly content: Blob | string };
  /** The version that is changed: once somebody has saved another, the answer is 412 and nothing is done. */
  readonly version?: string;
  /** True for what the page asks of its own accord, also while somebody sits before it. */
  readonly unattended?: boolean;
  readonly signal?: AbortSignal;
}

/** What the server said instead of doing it. `message` is its sentence. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly errorId: string;
  readonly causes: readonly string[];

  constructor(status: number, body: Partial<Schemas['Error']>) {
    super(body.errorSummary ?? '');
    this.status = status;
    this.code = body.errorCode ?? '';
    this.errorId = body.errorId ?? '';
    this.causes = (body.errorCauses ?? []).map((cause) => cause.errorSummary);
  }
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
}

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;
let askForProof: () => Promise<boolean> = () => Promise.resolve(false);

/** What the requests need of the session: its token, and whom to tell when it has ended or the password is asked for. */
export function bindSession(session: {
  readonly csrfToken: string | null;
  readonly onSignedOut: () => void;
  readonly askForProof: () => Promise<boolean>;
}): void {
  ({ csrfToken, onSignedOut, askForProof } = session);
}

export async function get<Path extends keyof paths>(path: Path, options: Options = {}): Promise<Answer<Path, 'get'>> {
  return (await request<Answer<Path, 'get'>>('get', path, options)).body;
}

/** With the version it has, as the header `ETag` tells it. */
export async function getVersioned<Path extends keyof paths>(
  path: Path,
  options: Options = {},
): Promise<{ readonly data: Answer<Path, 'get'>; readonly version: string }> {
  const { body, version } = await request<Answer<Path, 'get'>>('get', path, options);
  return { data: body, version };
}

type ItemOf<Path extends keyof paths> = Answer<Path, 'get'> extends readonly (infer Item)[] ? Item : never;

export async function page<Path extends keyof paths>(path: Path, options: Options): Promise<Page<ItemOf<Path>>> {
  const { body, link } = await request<readonly ItemOf<Path>[]>('get', path, options);
  const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
  return { items: body, next: next === undefined ? undefined : (new URL(next).searchParams.get('after') ?? undefined) };
}

export async function send<Verb extends Exclude<Method, 'get'>, Path extends keyof paths>(
  verb: Verb,
  path: Path,
  options: Options = {},
): Promise<Answer<Path, Verb>> {
  return (await request<Answer<Path, Verb>>(verb, path, options)).body;
}

/** The body is whatever the document says of this route: the server is held to it by its own tests. */
async function request<Body>(
  method: Method,
  path: string,
  options: Options,
): Promise<{ readonly body: Body; readonly link: string; readonly version: string }> {
  const { body, text, version, unattended, signal } = options;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (text !== undefined) headers['content-type'] = text.type;
  if (version !== undefined) headers['if-match'] = version;
  if (method !== 'get' && csrfToken !== null) headers['x-usher-csrf'] = csrfToken;
  if (unattended === true || (method === 'get' && isUnattended())) headers['x-usher-unattended'] = '1';
  const response = await fetch(addressOf(path, options), {
    method: method.toUpperCase(),
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(text === undefined ? {} : { body: text.content }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) {
    if (method !== 'get') {
      const { path: parts = {}, query = {} } = options;
      rememberRequest({ method, path, parts, query, body, fileType: text?.type });
    }
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    const content = response.status === 204 ? undefined : isJson ? await response.json() : await response.text();
    const { headers: told } = response;
    return { body: content, link: told.get('link') ?? '', version: told.get('etag') ?? '' };
  }
  const error = new ApiError(response.status, await response.json().catch(() => ({})));
  if (error.code === 'U0000001' && (await askForProof())) return request(method, path, options);
  if (response.status === 401 && !path.endsWith('/session')) onSignedOut();
  throw error;
}

/** Where a path leads, with its parts and its query. */
export function addressOf(path: string, { path: parts = {}, query = {} }: Options): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(parts[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== '') search.append(name, String(each));
    }
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
