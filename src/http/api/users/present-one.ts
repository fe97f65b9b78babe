import type { FastifyReply } from 'fastify';
import type { User } from '../../../domain/user.ts';
import { versionOf } from '../../../domain/user-version.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { presentUser } from './present.ts';

/** One user as the whole answer, with its version as the `ETag` that `If-Match` takes. */
export function presentOne(deps: ServerDeps, reply: FastifyReply, user: User) {
  void reply.header('etag', `"${versionOf(user)}"`);
  return presentUser(user, baseOf(deps, reply.request));
}
