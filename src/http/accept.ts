import type { FastifyRequest } from 'fastify';
import { UsherError } from '../lib/errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media type of the route's answers where it is not JSON. */
    produces?: string;
  }
}

/**
 * Refuses a request under `/api` whose `Accept` rules out what the route answers with. Who says nothing, or says it
 * in a way nobody understands, gets the answer.
 *
 * @throws {UsherError} `not_acceptable`
 */
export function assertAcceptable(request: FastifyRequest): void {
  const { url, config } = request.routeOptions;
  const { accept } = request.headers;
  if (accept === undefined || url?.startsWith('/api/v1/') !== true) return;
  const type = config.produces ?? 'application/json';
  const ranges = accept.split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  if (ranges.some((range) => covers(range, type))) return;
  throw new UsherError('not_acceptable', `The answer is ${type}, which the Accept header of the request rules out.`);
}

function covers(range: string, type: string): boolean {
  return (
    range === '' ||
    range === '*/*' ||
    range === type ||
    range === `${type.split('/')[0] ?? ''}/*` ||
    range === 'application/hal+json'
  );
}
