import type { Api } from '../api.ts';
import { open } from '../policy.ts';
import { openapiDocument, type Route } from './document.ts';

/** The document says nothing of who uses Usher, so that anybody's tool may read it. It is made when first asked for. */
export function openapiRoutes(api: Api, routes: readonly Route[]): void {
  let document: string | undefined;
  api.get('/openapi.json', { config: open }, async (_request, reply) => {
    document ??= JSON.stringify(openapiDocument(routes));
    return reply.header('content-type', 'application/json; charset=utf-8').send(document);
  });
}
