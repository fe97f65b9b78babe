import type { FastifyRequest } from 'fastify';
import type { EventClient } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppContext } from '../services/context.ts';
import type { Principal } from './authenticate.ts';
import type { ServerDeps } from './deps.ts';

/** What use cases get for this request: everything the server has, and who asks. */
export function contextOf(deps: ServerDeps, request: FastifyRequest): AppContext {
  const { actor, rights } = principalOf(request);
  return { ...deps, actor, rights, transactionId: request.id, client: clientOf(request) };
}

/** For what people do before anybody knows who they are. */
export function contextOfNobody(deps: ServerDeps, request: FastifyRequest): Omit<AppContext, 'actor' | 'rights'> {
  return { ...deps, transactionId: request.id, client: clientOf(request) };
}

function clientOf(request: FastifyRequest): EventClient {
  return {
    ipAddress: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, userAgentMax) ?? null,
    requestUri: request.url.split('?')[0] ?? '',
    apiTokenId: request.principal?.tokenId ?? null,
  };
}

/** Characters kept of it in every event of a request. */
const userAgentMax = 300;

export function principalOf(request: FastifyRequest): Principal {
  if (request.principal !== undefined) return request.principal;
  throw new UsherError('internal', `The public route ${request.routeOptions.url ?? ''} asked who is calling.`);
}
