import { userTarget } from '../domain/event-targets.ts';
import type { Actor } from '../domain/log-event.ts';
import type { Rights } from '../domain/rights.ts';
import { mayAct } from '../domain/user.ts';
import { UsherError } from '../lib/errors.ts';
import type { TokenId, UserId } from '../lib/ids.ts';
import { hashToken } from '../services/api-tokens.ts';
import { findTokenHolder, recordTokenUse } from '../store/api-tokens.ts';
import type { Db } from '../store/database.ts';

/** Who asks: the person an API token acts as. */
export interface Principal {
  readonly tokenId: TokenId;
  readonly userId: UserId;
  readonly rights: Rights;
  /** When the token stops working; null: when it is revoked. */
  readonly expires: Date | null;
  readonly actor: Actor;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on public routes, and until the request has been authenticated. */
    principal: Principal | undefined;
  }
}

/**
 * The hash of the token in an `Authorization: SSWS …` header.
 *
 * @throws {UsherError} `unauthenticated` for any other header, or none.
 */
export function tokenHashOf(authorization: string | undefined): Buffer {
  const token = /^SSWS +([\x21-\x7e]{20,300})$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw refused();
  return hashToken(token);
}

/**
 * The holder of the token with this hash, as of now.
 *
 * @throws {UsherError} `unauthenticated`, always with the same words: whether a token is unknown, revoked, expired
 *   or its holder locked out is nobody's business.
 */
export async function authenticate(db: Db, tokenHash: Buffer): Promise<Principal> {
  const holder = await findTokenHolder(db, tokenHash);
  if (holder === undefined || holder.expired || !mayAct.includes(holder.status)) throw refused();
  if (holder.useUnrecorded) await recordTokenUse(db, holder.tokenId);
  const { id, alternateId, displayName } = userTarget({ id: holder.userId, profile: holder.profile });
  return {
    tokenId: holder.tokenId,
    userId: holder.userId,
    rights: holder.rights,
    expires: holder.expires,
    actor: { id, type: 'User', alternateId, displayName },
  };
}

function refused(): UsherError {
  return new UsherError('unauthenticated', 'Invalid token provided');
}
