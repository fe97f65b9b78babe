import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  errorCodes,
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { UsherError } from '../lib/errors.ts';
import { answerError, answerNoRoute, type ErrorAnswer } from './api/errors.ts';
import { apiRoutes, internalRoutes } from './api/routes.ts';
import { organizationRoutes } from './api/organization.ts';
import type { Api } from './api.ts';
import { assertAcceptable } from './accept.ts';
import { authenticate } from './authenticate.ts';
import { credentialOf } from './credential.ts';
import { createRecentPrincipals, type RecentPrincipals } from './recent-principals.ts';
import type { ServerDeps } from './deps.ts';
import { consolePages } from './console.ts';
import { sessionOfPage } from './usher/session-info.ts';
import { healthRoutes } from './health.ts';
import { parseJsonBody, textProblem } from './json-body.ts';
import { collectRoutes } from './openapi/document.ts';
import { referencePage } from './openapi/page.ts';
import { openapiRoutes } from './openapi/routes.ts';
import { assertProven, authorizeRoute, requirePolicies } from './policy.ts';
import { authorizeObjects } from './authorize-objects.ts';
import { createRequestLimit, type Allowance, type RequestLimit } from './request-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { usherRoutes } from './usher/routes.ts';

const bodyBytesMax = 1_048_576;
const requestTimeoutMs = 30_000;
/** Its headers alone: they are small. */
const headersTimeoutMs = 10_000;
/** How often connections are looked through for slow ones. Node's own is half a minute. */
const slowCheckMs = 1_000;
const headerBytesMax = 16_384;
const requestsPerMinute = 1_200;

/**
 * The HTTP server, not listening yet. `close()` takes no more connections and waits for requests in flight and for
 * loads of people that were begun. It does not get ready, and so never listens, when a route has no policy.
 */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const timeoutMs = deps.settings.requestTimeoutMs ?? requestTimeoutMs;
  const server: Api = Fastify({
    ...(deps.logger === undefined ? {} : { loggerInstance: deps.logger }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: bodyBytesMax,
    requestTimeout: timeoutMs,
    http: {
      maxHeaderSize: headerBytesMax,
      requestTimeout: timeoutMs,
      headersTimeout: Math.min(headersTimeoutMs, timeoutMs),
      connectionsCheckingInterval: slowCheckMs,
    },
    trustProxy: deps.settings.trustProxy ?? false,
    forceCloseConnections: 'idle',
    // Until the last connection is closed requests are served like any other: nobody sees an error for our leaving.
    return503OnClosing: false,
    genReqId: () => randomBytes(15).toString('base64url'),
    // Okta's SDK asks for //api/v1/… where its organisation URL ends with a slash.
    rewriteUrl: (request) => (request.url ?? '/').replace(/^\/{2,}/, '/'),
    routerOptions: { maxParamLength: 300 },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true } },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  requirePolicies(server);
  const routes = collectRoutes(server);
  addBodyParsers(server);
  addRequestHooks(server, deps);
  addErrorEdge(server);
  healthRoutes(server, deps);
  organizationRoutes(server, deps);
  openapiRoutes(server, routes);
  referencePage(server);
  consolePages(server, deps.consoleFolder, (request) => sessionOfPage(deps, request));
  void server.register(async (api: Api) => apiRoutes(api, deps), { prefix: '/api/v1' });
  void server.register(async (api: Api) => internalRoutes(api, deps), { prefix: '/api/internal/v1' });
  void server.register(async (api: Api) => usherRoutes(api, deps), { prefix: '/usher/v1' });
  return server;
}

function addBodyParsers(server: Api): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      assertPlainUtf8(request.headers);
      return parseJsonBody(body);
    },
  );
}

/** JSON is UTF-8; we unpack nothing, and read nothing as what it was not written in. */
function assertPlainUtf8(headers: FastifyRequest['headers']): void {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = headers;
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1] ?? 'utf-8';
  if (!/^(utf-?8|us-ascii)$/i.test(charset) || coding.toLowerCase() !== 'identity') {
    throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type);
  }
}

function addRequestHooks(server: Api, deps: ServerDeps): void {
  const countRequest = createRequestLimit(deps.clock, deps.settings.requestsPerMinute ?? requestsPerMinute);
  const callers = createRecentPrincipals((credential) => authenticate(deps.db, credential), deps.clock);
  server.decorateRequest('principal', undefined);
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders).header('x-okta-request-id', request.id);
    const { policy, uncounted } = request.routeOptions.config;
    if (policy === 'public' && uncounted === true) return;
    const { allowance, refusal } = await admit(deps, request, { countRequest, callers });
    const { limit, remaining, resetSeconds, exceeded } = allowance;
    void reply.headers({
      'x-rate-limit-limit': limit,
      'x-rate-limit-remaining': remaining,
      'x-rate-limit-reset': resetSeconds,
    });
    if (exceeded) {
      const retryAfterSeconds = Math.ceil(resetSeconds - deps.clock.now().getTime() / 1_000);
      throw new UsherError('rate_limited', 'API call exceeded rate limit due to too many requests.', {
        retryAfterSeconds,
      });
    }
    if (refusal !== undefined) throw refusal;
  });
  server.addHook('preValidation', async (request) => {
    assertAcceptable(request);
    assertPlainText('path', request.params);
    assertPlainText('query', request.query);
  });
  server.addHook('preHandler', async (request) => {
    if (request.principal !== undefined) await authorizeObjects(deps.db, request, request.principal);
  });
  // Whatever was changed may be what somebody may do; it holds before the caller knows that it is done.
  server.addHook('onSend', async (request) => {
    if (!isRead(request)) callers.forget();
  });
  let closing = false;
  server.addHook('preClose', async () => void (closing = true));
  // A connection that was busy when the server began to close would otherwise be kept for the next request.
  server.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
  server.addHook('onResponse', async (request, reply) => {
    deps.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    });
  });
}

/**
 * Counts the request and says whether the matched route's policy lets it go on; the path as written decides nothing.
 * Who does not say who they are shares what their address has.
 */
async function admit(
  { db, clock }: ServerDeps,
  request: FastifyRequest,
  { countRequest, callers }: { readonly countRequest: RequestLimit; readonly callers: RecentPrincipals },
): Promise<{ readonly allowance: Allowance; readonly refusal: unknown }> {
  const countAddress = () => countRequest(`address ${request.ip}`);
  const { policy } = request.routeOptions.config;
  if (request.is404 || policy === 'public') return { allowance: countAddress(), refusal: undefined };
  try {
    if (policy === undefined) throw new UsherError('internal', 'A route without a policy was reached.');
    const credential = credentialOf(request);
    request.principal = await (isRead(request) ? callers.recall(credential) : authenticate(db, credential));
    const { tokenId, session } = request.principal;
    authorizeRoute(request.principal, policy);
    if (!isRead(request)) assertProven(request.principal, request.routeOptions.config, clock);
    return { allowance: countRequest(tokenId ?? session?.id ?? ''), refusal: undefined };
  } catch (refusal) {
    return { allowance: countAddress(), refusal };
  }
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function assertPlainText(part: string, values: unknown): void {
  if (typeof values !== 'object' || values === null) return;
  for (const [name, value] of Object.entries(values)) {
    const problem = textProblem(name) ?? (typeof value === 'string' ? textProblem(value) : undefined);
    if (problem !== undefined) {
      const field = textProblem(name) === undefined ? name : part;
      throw new UsherError('invalid_input', `The ${part} of the request cannot be taken: ${field} ${problem}.`, {
        causes: [{ field, reason: problem }],
      });
    }
  }
}

function addErrorEdge(server: Api): void {
  const patterns: { readonly path: RegExp; readonly method: string }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const path = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:[A-Za-z]+/g, '[^/]+')}$`);
    for (const each of [method].flat()) patterns.push({ path, method: each });
  });
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = patterns.filter((pattern) => pattern.path.test(path)).map((pattern) => pattern.method);
    if (methods.length > 0) void reply.header('allow', [...new Set(methods)].join(', '));
    return send(reply, answerNoRoute(methods.length > 0 ? 'method' : 'path', path, placeOf(request)));
  });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = answerError(error, placeOf(request));
  if (answer.ours) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (answer.status === 401) void reply.header('www-authenticate', 'SSWS');
  if (answer.status === 401 || answer.status === 403) {
    request.log.warn(
      {
        route: request.routeOptions.url,
        actor: request.principal?.actor.id,
        address: request.ip,
      },
      'request refused',
    );
  }
  // A request that never reached a hook (its URL cannot be decoded) has none of these yet.
  void reply.headers(securityHeaders).header('x-okta-request-id', request.id);
  if (answer.retryAfterSeconds !== undefined) void reply.header('retry-after', answer.retryAfterSeconds);
  if (answer.status === 413) void reply.header('connection', 'close');
  return send(reply, answer);
}

function send(reply: FastifyReply, { status, body }: ErrorAnswer): FastifyReply {
  return reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body));
}

function placeOf(request: FastifyRequest) {
  return {
    requestId: request.id,
    inOktaWords: !(request.routeOptions.url ?? request.url).startsWith('/usher/'),
    okta: request.routeOptions.config.okta,
  };
}

/** What is not even HTTP, or comes too slowly. There is no request yet, so the answer is written by hand. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large']
        : [400, 'Bad Request'];
  const body = JSON.stringify({
    errorCode: 'E0000024',
    errorSummary: `Bad request. ${reason}`,
    errorLink: 'E0000024',
    errorId: randomBytes(15).toString('base64url'),
    errorCauses: [],
  });
  const head = `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}
