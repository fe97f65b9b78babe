import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { User } from '../../domain/user.ts';
import { UsherError } from '../../lib/errors.ts';
import { proveSession, signIn, signInByLink, signOut } from '../../services/sessions.ts';
import type { Api } from '../api.ts';
import { assertSameSite, clearSession, sessionOf, setSession } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { open, own } from '../policy.ts';
import { createRequestLimit } from '../request-limit.ts';
import { contextOf, contextOfNobody, principalOf } from '../request-context.ts';
import { describeSession } from './session-info.ts';

const closed = { additionalProperties: false };
/** Longer ones are nobody's, and cost no work. */
const Password = Type.String({ minLength: 1, maxLength: 512 });
/** Attempts to sign in an address may make in a minute. */
export const attemptsPerMinute = 30;

/** Signing in with a password, for browsers: a cookie that scripts cannot read, and a token that other sites cannot. */
export function sessionRoutes(api: Api, deps: ServerDeps): void {
  const attempt = createRequestLimit(deps.clock, deps.settings.signInsPerMinute ?? attemptsPerMinute);
  const assertMayTry = (request: FastifyRequest) => {
    assertSameSite(request);
    if (!attempt(request.ip).exceeded) return;
    throw new UsherError('rate_limited', 'Too many attempts to sign in from your address. Wait a minute.', {
      retryAfterSeconds: 60,
    });
  };

  const SignInBody = Type.Object(
    { username: Type.String({ minLength: 1, maxLength: 300 }), password: Password },
    closed,
  );
  api.post('/session', { config: open, schema: { body: SignInBody } }, async (request, reply) => {
    assertMayTry(request);
    const { username, password } = request.body;
    const result = await signIn(contextOfNobody(deps, request), username, password);
    if ('passwordToken' in result) return { status: 'PASSWORD_EXPIRED', passwordToken: result.passwordToken };
    return letIn(reply, result);
  });

  const LinkBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }), password: Password }, closed);
  api.post('/session/password', { config: open, schema: { body: LinkBody } }, async (request, reply) => {
    assertMayTry(request);
    const { token, password } = request.body;
    return letIn(reply, await signInByLink(contextOfNobody(deps, request), token, password));
  });

  api.get('/session', { config: own }, async (request) =>
    describeSession(deps, principalOf(request), sessionOf(request)),
  );

  const ProofBody = Type.Object({ password: Password }, closed);
  api.post('/session/proof', { config: own, schema: { body: ProofBody } }, async (request, reply) => {
    assertMayTry(request);
    await proveSession(contextOf(deps, request), sessionIn(request), request.body.password);
    return reply.code(204).send();
  });

  api.delete('/session', { config: own }, async (request, reply) => {
    await signOut(contextOf(deps, request), sessionIn(request));
    clearSession(reply);
    return reply.code(204).send();
  });
}

function letIn(reply: FastifyReply, { user, value }: { readonly user: User; readonly value: string }) {
  setSession(reply, value);
  return { status: 'SIGNED_IN', userId: user.id };
}

function sessionIn(request: FastifyRequest) {
  const { session } = principalOf(request);
  if (session !== null) return session;
  throw new UsherError('unsupported', 'You use an API token, not a session. Give up a token at /api/v1/api-tokens.');
}
