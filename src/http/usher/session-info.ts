import type { FastifyRequest } from 'fastify';
import { permissions, roleLabels } from '../../domain/admin-role.ts';
import { allows } from '../../domain/rights.ts';
import { csrfTokenOf, hashSession } from '../../services/sessions.ts';
import { idleMinutes } from '../../store/sessions.ts';
import { authenticate, type Principal } from '../authenticate.ts';
import { sessionOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';

/** Who asks, and what they may do. `value` is the session's cookie. */
export function describeSession(
  deps: ServerDeps,
  { userId, rights, session, expires, actor }: Principal,
  value: string | undefined,
) {
  return {
    user: { id: userId, login: actor.alternateId, displayName: actor.displayName },
    roles: [...new Set(rights.map(({ role }) => roleLabels[role]))],
    permissions: permissions.filter((permission) => allows(rights, permission)),
    // Who shows a token has no page of another site to fear.
    csrfToken: session === null || value === undefined ? null : csrfTokenOf(value),
    expires: expires?.toISOString() ?? null,
    idleMinutes,
    org: { name: deps.org.name },
    version: deps.system.version,
  };
}

export type SessionInfo = ReturnType<typeof describeSession>;

/** Of whoever loads a page; undefined where nobody is signed in, or where that cannot be told now. */
export async function sessionOfPage(deps: ServerDeps, request: FastifyRequest): Promise<SessionInfo | undefined> {
  const value = sessionOf(request);
  if (value === undefined) return undefined;
  try {
    // A page loaded again by itself does not keep a session alive; what is done on it does.
    const principal = await authenticate(deps.db, { kind: 'session', hash: hashSession(value), unattended: true });
    return describeSession(deps, principal, value);
  } catch {
    return undefined;
  }
}
