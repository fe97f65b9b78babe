import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UsherError } from '../lib/errors.ts';
import { hashToken } from '../services/api-tokens.ts';
import { csrfTokenOf, hashSession } from '../services/sessions.ts';

/** What a request shows of who sends it. */
export interface Credential {
  readonly kind: 'token' | 'session';
  readonly hash: Buffer;
  /** True for what a page asks of its own accord: that nobody does anything does not keep a session alive. */
  readonly unattended: boolean;
}

/**
 * The token of an `Authorization: SSWS …` header, or else the session in the cookie. A change that comes with a cookie
 * must come from a page of ours: browsers send cookies with what other sites' pages ask too.
 *
 * @throws {UsherError} `unauthenticated` where there is neither, `forbidden` for another site's change.
 */
export function credentialOf(request: FastifyRequest): Credential {
  const { authorization } = request.headers;
  const token = /^SSWS +([\x21-\x7e]{20,300})$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) return { kind: 'token', hash: hashToken(token), unattended: false };
  const session = authorization === undefined ? sessionOf(request) : undefined;
  if (session === undefined) throw new UsherError('unauthenticated', 'Invalid token provided');
  if (request.method !== 'GET' && request.method !== 'HEAD') assertOwnPage(request, session);
  const unattended =
    request.routeOptions.config.unattended === true || request.headers['x-usher-unattended'] !== undefined;
  return { kind: 'session', hash: hashSession(session), unattended };
}

/**
 * Refuses what a page of another site had a browser send.
 *
 * @throws {UsherError} `forbidden`
 */
export function assertSameSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new UsherError('forbidden', 'The request comes from a page of another site, so that nothing was done.');
}

/** What the browser keeps, where it has the form of one of ours. */
export function sessionOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, sessionName(request), /^[0-9A-Za-z]{43}$/);
}

export function setSession(reply: FastifyReply, value: string): void {
  void reply.header('set-cookie', `${sessionName(reply.request)}=${value}; ${attributes(reply.request)}`);
}

export function clearSession(reply: FastifyReply): void {
  void reply.header('set-cookie', `${sessionName(reply.request)}=; Max-Age=0; ${attributes(reply.request)}`);
}

/** What the browser of somebody on their way to a provider keeps until they are back. */
export function pendingSignInOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, pendingName(request), /^[\w.-]{1,4000}$/);
}

export function setPendingSignIn(reply: FastifyReply, sealed: string): void {
  void reply.header('set-cookie', `${pendingName(reply.request)}=${sealed}; Max-Age=600; ${attributes(reply.request)}`);
}

export function clearPendingSignIn(reply: FastifyReply): void {
  void reply.header('set-cookie', `${pendingName(reply.request)}=; Max-Age=0; ${attributes(reply.request)}`);
}

function cookieOf(request: FastifyRequest, name: string, form: RegExp): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value = ''] = part.trim().split('=');
    if (key === name && form.test(value)) return value;
  }
  return undefined;
}

/** A `__Host-` cookie cannot be set by a neighbour; browsers keep it over https only. */
function sessionName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? '__Host-usher' : 'usher_session';
}

function pendingName({ protocol }: FastifyRequest): string {
  return protocol === 'https' ? '__Host-usher-sign-in' : 'usher_sign_in';
}

/** The session's has no lifetime: it goes with the browser, and the server ends it before. */
function attributes({ protocol }: FastifyRequest): string {
  return `Path=/; HttpOnly; SameSite=Lax${protocol === 'https' ? '; Secure' : ''}`;
}

function assertOwnPage(request: FastifyRequest, session: string): void {
  assertSameSite(request);
  const shown = Buffer.from(String(request.headers['x-usher-csrf'] ?? ''));
  const expected = Buffer.from(csrfTokenOf(session));
  if (shown.length === expected.length && timingSafeEqual(shown, expected)) return;
  throw new UsherError(
    'forbidden',
    'The request lacks the token a page of Usher sends with each change (X-Usher-Csrf). Load the page again.',
  );
}
