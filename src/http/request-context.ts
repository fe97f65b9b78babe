import type { FastifyRequest } from 'fastify';
import { UsherError } from '../lib/errors.ts';
import type { AppContext } from '../services/context.ts';
import type { Principal } from './authenticate.ts';
import type { ServerDeps } from './deps.ts';

/** What use cases get for this request: everything the server has, and who asks. */
export function contextOf(deps: ServerDeps, request: FastifyRequest): AppContext {
  const { actor, rights } = principalOf(request);
  return { ...deps, actor, rights, transactionId: request.id };
}

export function principalOf(request: FastifyRequest): Principal {
  if (request.principal !== undefined) return request.principal;
  throw new UsherError('internal', `The public route ${request.routeOptions.url ?? ''} asked who is calling.`);
}
