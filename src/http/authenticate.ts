import { userActor } from '../domain/event-targets.ts';
import type { Actor } from '../domain/log-event.ts';
import type { Rights } from '../domain/rights.ts';
import { mayAct } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import type { SessionId, TokenId, UserId } from '../lib/ids.ts';
import { findTokenHolder, recordTokenUse } from '../store/api-tokens.ts';
import type { Db } from '../store/database.ts';
import { findSessionHolder, recordSessionUse } from '../store/sessions.ts';
import type { Credential } from './credential.ts';

/** Who asks: the person an API token acts as, or who signed in through a browser. */
export interface Principal {
  /** Null in a browser. */
  readonly tokenId: TokenId | null;
  /** Null with a token. */
  readonly session: PrincipalSession | null;
  readonly userId: UserId;
  readonly rights: Rights;
  /** When the token or the session stops working; null: when it is revoked. */
  readonly expires: Date | null;
  readonly actor: Actor;
}

export interface PrincipalSession {
  readonly id: SessionId;
  readonly userId: UserId;
  /** When the person last showed their password. */
  readonly proven: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on public routes, and until the request has been authenticated. */
    principal: Principal | undefined;
  }
}

/**
 * Whoever has this token or session, as of now.
 *
 * @throws {UsherError} `unauthenticated`, always with the same words: whether it is unknown, revoked, expired
 *   or its holder locked out is nobody's business.
 */
export function authenticate(db: Db, credential: Credential): Promise<Principal> {
  return credential.kind === 'token' ? byToken(db, credential.hash) : bySession(db, credential);
}

async function byToken(db: Db, hash: Buffer): Promise<Principal> {
  const holder = await findTokenHolder(db, hash);
  if (holder === undefined || holder.expired || !mayAct.includes(holder.status)) throw refused();
  if (holder.useUnrecorded) await recordTokenUse(db, holder.tokenId);
  return {
    tokenId: holder.tokenId,
    session: null,
    userId: holder.userId,
    rights: holder.rights,
    expires: holder.expires,
    actor: userActor({ id: holder.userId, profile: holder.profile }),
  };
}

async function bySession(db: Db, { hash, unattended }: Credential): Promise<Principal> {
  const holder = await findSessionHolder(db, hash);
  if (holder === undefined || !mayAct.includes(holder.status)) throw refused();
  if (holder.useUnrecorded && !unattended) await recordSessionUse(db, holder.id);
  return {
    tokenId: null,
    session: { id: holder.id, userId: holder.userId, proven: holder.proven },
    userId: holder.userId,
    rights: holder.rights,
    expires: holder.expires,
    actor: userActor({ id: holder.userId, profile: holder.profile }),
  };
}

function refused(): UsherError {
  return new UsherError('unauthenticated', 'Invalid token provided');
}
