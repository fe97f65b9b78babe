import type { FastifyInstance } from 'fastify';
import { UsherError } from '../lib/errors.ts';
import type { AdminRole } from '../store/admins.ts';
import type { Principal } from './authenticate.ts';

/** Who may use a route. Each route names one; a server with a route that does not name one refuses to start. */
export type Policy = 'public' | 'admin:read' | 'admin:write';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
  }
}

/** The `config` of a route that only shows, and of one that changes something. */
export const reading = { policy: 'admin:read' } as const;
export const writing = { policy: 'admin:write' } as const;
export const open = { policy: 'public' } as const;

const rolesByPolicy: Readonly<Record<Exclude<Policy, 'public'>, readonly AdminRole[]>> = {
  'admin:read': ['SUPER_ADMIN', 'READ_ONLY_ADMIN'],
  'admin:write': ['SUPER_ADMIN'],
};

/**
 * The one place that decides whether a request may go on.
 *
 * @throws {UsherError} `forbidden`
 */
export function authorize(principal: Principal, policy: Exclude<Policy, 'public'>): void {
  if (rolesByPolicy[policy].some((role) => principal.roles.includes(role))) return;
  throw new UsherError('forbidden', 'You do not have permission to perform the requested action');
}

/** Refuses, while the server is put together, every route without a policy. Call it before the first route. */
export function requirePolicies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.config?.policy !== undefined) return;
    throw new UsherError(
      'internal',
      `The route ${String(route.method)} ${route.url} has no policy, so nobody could say who may use it. Give its config one.`,
    );
  });
}
