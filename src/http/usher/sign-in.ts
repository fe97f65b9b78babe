import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SignInProblem } from '../../domain/identity-provider.ts';
import type { IdentityProviderId } from '../../lib/ids.ts';
import { returnPath } from '../../lib/return-path.ts';
import {
  beginProviderSignIn,
  finishProviderSignIn,
  listOpenProviders,
  type ProviderMemory,
} from '../../services/provider-sign-in.ts';
import { hashSession } from '../../services/sessions.ts';
import type { Api } from '../api.ts';
import { IdOf, Text } from '../api/schema.ts';
import { clearPendingSignIn, pendingSignInOf, sessionOf, setPendingSignIn, setSession } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { baseOf } from '../links.ts';
import { open } from '../policy.ts';
import { contextOfNobody } from '../request-context.ts';
import { createRequestLimit } from '../request-limit.ts';
import { attemptsPerMinute } from './session.ts';

/**
 * Signing in with a provider, for browsers: there, and back. Whatever happens the browser ends on a page of ours, and
 * the sign-in page says what went wrong.
 */
export function signInRoutes(api: Api, deps: ServerDeps): void {
  const attempt = createRequestLimit(deps.clock, deps.settings.signInsPerMinute ?? attemptsPerMinute);
  const memory: ProviderMemory = new Map();

  api.get('/sign-in/providers', { config: open }, async () => listOpenProviders(deps.db));

  const Params = Type.Object({ providerId: IdOf<IdentityProviderId>() });
  const going = { config: open, schema: { params: Params, querystring: Type.Object({ from: Text, fresh: Text }) } };
  api.get('/sign-in/providers/:providerId', going, async (request, reply) => {
    const returnTo = returnPath(request.query.from);
    if (attempt(request.ip).exceeded) return refuse(reply, 'limited', returnTo);
    const target = {
      id: request.params.providerId,
      redirectUri: redirectUriOf(deps, request),
      returnTo,
      fresh: request.query.fresh === 'true',
    };
    try {
      const begun = await beginProviderSignIn(contextOfNobody(deps, request), memory, target);
      if (typeof begun === 'string') return refuse(reply, begun, returnTo);
      setPendingSignIn(reply, begun.kept);
      return reply.redirect(begun.url);
    } catch (error) {
      return broken(reply, error, returnTo);
    }
  });

  api.get('/sign-in/callback', { config: open }, async (request, reply) => {
    if (attempt(request.ip).exceeded) return refuse(reply, 'limited', '/');
    clearPendingSignIn(reply);
    const answer = new URL(redirectUriOf(deps, request));
    answer.search = request.url.split('?')[1] ?? '';
    try {
      const context = contextOfNobody(deps, request);
      const value = sessionOf(request);
      const session = value === undefined ? undefined : hashSession(value);
      const { result, returnTo } = await finishProviderSignIn(
        context,
        memory,
        pendingSignInOf(request),
        answer,
        session,
      );
      if (typeof result === 'string') return refuse(reply, result, returnTo);
      if (result !== undefined) setSession(reply, result.value);
      return reply.redirect(returnTo);
    } catch (error) {
      return broken(reply, error, '/');
    }
  });
}

/** The one address that every provider is told to send browsers back to. */
export function redirectUriOf(deps: ServerDeps, request: FastifyRequest): string {
  return `${baseOf(deps, request)}/usher/v1/sign-in/callback`;
}

/** The page that a window of its own ends on: it tells the page that opened it how it went. */
const windowPage = '/login/done';

function refuse(reply: FastifyReply, problem: SignInProblem, from: string): FastifyReply {
  if (from === windowPage) return reply.redirect(`${windowPage}?${new URLSearchParams({ problem }).toString()}`);
  return reply.redirect(`/login?${new URLSearchParams({ problem, ...(from === '/' ? {} : { from }) }).toString()}`);
}

/** Nobody who was sent here by a provider can do anything with an answer in JSON. */
function broken(reply: FastifyReply, error: unknown, from: string): FastifyReply {
  reply.log.error({ err: error, route: reply.request.routeOptions.url }, 'request failed');
  return refuse(reply, 'broken', from);
}
