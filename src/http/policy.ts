import type { FastifyInstance } from 'fastify';
import type { Permission } from '../domain/admin-role.ts';
import { allows } from '../domain/rights.ts';
import type { Clock } from '../lib/clock.ts';
import { UsherError } from '../lib/errors.ts';
import type { Principal } from './authenticate.ts';

/** Who may use a route. Each route names one; a server with a route that does not name one refuses to start. */
export type Policy = 'public' | 'signed-in' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
    /** True where somebody who signed in through a browser a while ago has to show their password again. */
    proof?: boolean;
    /** True where a page asks of its own accord, so that it keeps no session alive. */
    unattended?: boolean;
    /** True for a public file out of memory: dozens make one page, so none counts against its caller's requests. */
    uncounted?: boolean;
  }
}

/** The `config` of a route that anybody may use, without a token. */
export const open = { policy: 'public' } as const;

/** The `config` of a route about whoever asks: it shows and changes nothing of anybody else's. */
export const own = { policy: 'signed-in' } as const;

/**
 * The `config` of a route that takes a permission: `{ config: may('groups.manage') }`.
 *
 * Choose the one for what the route changes, or shows, not for where its path stands: a route that gives an app to a
 * group takes `apps.assign`. What evaluates or tries something an administrator wrote takes the right to change it,
 * since it can do as much. What shows one kind of object takes that kind's `.read`. Add a permission, to the table in
 * `domain/admin-role.ts`, only when no role could sensibly have all of an existing one.
 *
 * Parameters named `userId`, `groupId` and `appId` are compared with what the caller's roles are limited to before the
 * handler runs. What else a request names (ids in a body, a mapping's app) its service asks `services/authorize.ts`
 * for, and so does every use case that writes. A list takes its limits into its query: `visibleGroups`, `visibleApps`.
 * The route's row in `test/access/matrix.md` is written by `npx vitest run test/access/matrix.test.ts -u`: look at it.
 */
export function may<Name extends Permission>(permission: Name): { readonly policy: Name } {
  return { policy: permission };
}

/**
 * Whether a caller may use a route at all.
 *
 * @throws {UsherError} `forbidden`
 */
export function authorizeRoute(principal: Principal, policy: 'signed-in' | Permission): void {
  if (policy === 'signed-in' || allows(principal.rights, policy)) return;
  throw new UsherError('forbidden', 'You do not have permission to perform the requested action');
}

/** Whoever may change who may do what shows that it is still them at the screen. */
const dangerous: readonly (Policy | undefined)[] = ['roles.manage', 'tokens.own', 'tokens.manage'];
const provenMinutes = 15;

/**
 * Asks for the password again before something dangerous. Tokens are not asked: nobody sits before them.
 *
 * @throws {UsherError} `proof_required`
 */
export function assertProven(
  { session }: Principal,
  config: { readonly policy?: Policy; readonly proof?: boolean },
  clock: Clock,
): void {
  if (session === null || !(config.proof === true || dangerous.includes(config.policy))) return;
  if (clock.now().getTime() - session.proven.getTime() < provenMinutes * 60_000) return;
  throw new UsherError(
    'proof_required',
    'This takes your password, or signing in again with a provider: it is a while since you showed who you are.',
  );
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
