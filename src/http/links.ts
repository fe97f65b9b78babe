import type { FastifyReply, FastifyRequest } from 'fastify';
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
  readonly cursorOf: (last: Item) => string;
}

/** The page's items; sets the `Link` header: always to itself, and to the next page where there is one. */
export function pageOf<Item>(deps: ServerDeps, reply: FastifyReply, options: PageOptions<Item>): readonly Item[] {
  const items = options.rows.slice(0, options.limit);
  const last = items.at(-1);
  const more = options.rows.length > options.limit && last !== undefined;
  setLinks(deps, reply, { limit: options.limit, next: more ? { after: options.cursorOf(last) } : undefined });
  return items;
}

/** `next`: query parameters that the next page's link has otherwise than this one's. */
export function setLinks(
  deps: ServerDeps,
  reply: FastifyReply,
  { limit, next }: { readonly limit: number; readonly next: Readonly<Record<string, string>> | undefined },
): void {
  const { request } = reply;
  const [path = '', query = ''] = request.url.split('?');
  const link = (rel: 'self' | 'next', changes: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams(query);
    parameters.set('limit', String(limit));
    for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
    return `<${baseOf(deps, request)}${path}?${parameters.toString()}>; rel="${rel}"`;
  };
  void reply.header('link', [link('self', {}), ...(next === undefined ? [] : [link('next', next)])]);
}
