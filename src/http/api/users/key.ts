import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { principalOf } from '../../request-context.ts';

export const UserParams = Type.Object({ userId: Type.String() });

/** `me` is whoever the token acts as. */
export function keyOf(request: FastifyRequest, key: string): string {
  return key === 'me' ? principalOf(request).userId : key;
}
