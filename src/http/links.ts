import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidCursor, openCursor, sealCursor } from '../lib/cursor.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { asPageEnd, type PageEnd } from '../store/filter/page.ts';
import type { ServerDeps } from './deps.ts';

/** What absolute links begin with, without a slash at the end. A host name nobody could have is not repeated. */
export function baseOf(deps: ServerDeps, request: FastifyRequest): string {
  if (deps.settings.baseUrl !== undefined) return deps.settings.baseUrl.replace(/\/+$/, '');
  const host = /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.test(request.host) ? request.host : 'localhost';
  return `${request.protocol}://${host}`;
}

export interface PageOptions<Item> {
  /** One more than `limit` where there are more. */
  readonly rows: readonly Item[];
  readonly limit: number;
  /** Where a page ends that this item is the last of. */
  readonly cursorOf: (last: Item) => Json;
}

/**
 * Where the page before ended, as its `cursorOf` said; undefined on the first page.
 *
 * @throws {UsherError} `invalid_input` for an `after` that is not from a `next` link of this very list.
 */
export function afterOf(deps: ServerDeps, request: FastifyRequest): Json | undefined {
  const after: unknown = isJsonObject(request.query) ? request.query['after'] : undefined;
  return typeof after !== 'string' || after === ''
    ? undefined
    : openCursor(deps.secrets.master, pathOf(request), after);
}

/** The same for lists whose pages end with an id. */
export function afterId<Id extends string>(deps: ServerDeps, request: FastifyRequest): Id | undefined {
  const after = afterOf(deps, request);
  if (after === undefined) return undefined;
  if (typeof after === 'string') return after as Id;
  throw invalidCursor();
}

/** The same for lists that may be in any order. */
export function afterEnd(deps: ServerDeps, request: FastifyRequest): PageEnd | undefined {
  const after = afterOf(deps, request);
  const end = after === undefined ? undefined : asPageEnd(after);
  if (after !== undefined && end === undefined) throw invalidCursor();
  return end;
}

/** The page's items; sets the `Link` header: always to itself, and to the next page where there is one. */
export function pageOf<Item>(deps: ServerDeps, reply: FastifyReply, options: PageOptions<Item>): readonly Item[] {
  const items = options.rows.slice(0, options.limit);
  const last = items.at(-1);
  const more = options.rows.length > options.limit && last !== undefined;
  setLinks(deps, reply, { limit: options.limit, next: more ? nextOf(deps, reply, options.cursorOf(last)) : undefined });
  return items;
}

/** What the next page's link has, for `setLinks`. */
export function nextOf(deps: ServerDeps, { request }: FastifyReply, end: Json): { readonly after: string } {
  return { after: sealCursor(deps.secrets.master, pathOf(request), end) };
}

/** `next`: query parameters that the next page's link has otherwise than this one's. */
export function setLinks(
  deps: ServerDeps,
  reply: FastifyReply,
  { limit, next }: { readonly limit: number; readonly next: Readonly<Record<string, string>> | undefined },
): void {
  const { request } = reply;
  const query = request.url.slice(pathOf(request).length + 1);
  const link = (rel: 'self' | 'next', changes: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams(query);
    parameters.set('limit', String(limit));
    for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
    return `<${baseOf(deps, request)}${pathOf(request)}?${parameters.toString()}>; rel="${rel}"`;
  };
  void reply.header('link', [link('self', {}), ...(next === undefined ? [] : [link('next', next)])]);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
