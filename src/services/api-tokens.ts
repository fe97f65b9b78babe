import { createHash, randomInt } from 'node:crypto';
import type { EventTarget } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import { newId, type TokenId, type UserId } from '../lib/ids.ts';
import * as store from '../store/api-tokens.ts';
import type { Queryable } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { authorize, forbidden, holds } from './authorize.ts';
import type { Context } from './context.ts';
import { assertAdminLeft } from './last-admin.ts';
import { succeeded } from './log.ts';

export interface NewToken {
  readonly name: string;
  /** Whom the token acts as. */
  readonly userId: UserId;
  /** Left out: until it is revoked. */
  readonly expires?: Date;
  /** When the token that asks for it stops working: another one never outlives it. */
  readonly notAfter?: Date | null;
}

export interface IssuedToken {
  readonly token: store.ApiToken;
  /** The token itself. Shown this once: only its hash is kept. */
  readonly value: string;
}

/**
 * A token for whoever asks: nobody makes one that acts as somebody else. It does at any moment what its holder may do.
 *
 * @throws {UsherError} `forbidden`, or `invalid_input` (name, expiry).
 */
export async function createToken(context: Context, input: NewToken): Promise<IssuedToken> {
  await authorize(context, context.db, 'tokens.own');
  if (!isOwn(context, input)) throw forbidden();
  const name = input.name.trim();
  if (name === '' || name.length > nameMax || /\p{Cc}/u.test(name)) {
    throw invalid(
      'name',
      `must have 1 to ${nameMax} characters and no control character, to tell the token from others`,
    );
  }
  if (input.expires !== undefined && input.expires <= context.clock.now()) throw invalid('expires', 'is in the past');
  const { notAfter } = input;
  if (notAfter != null && input.expires !== undefined && input.expires > notAfter) {
    throw invalid('expires', `is after ${notAfter.toISOString()}, when the token that asks for it expires`);
  }
  const value = newTokenValue();
  const id = newId('token');
  return context.db.transaction(async (tx) => {
    await store.insertToken(tx, {
      id,
      name,
      userId: input.userId,
      expires: input.expires ?? notAfter ?? null,
      hash: hashToken(value),
    });
    await appendEvents(tx, [succeeded(context, 'system.api_token.create', [tokenTarget({ id, name })])]);
    return { token: await requireToken(tx, id), value };
  });
}

/** In order of ids; only their own to whoever does not administer tokens. */
export async function listTokens(context: Context): Promise<store.ApiToken[]> {
  await authorize(context, context.db, 'tokens.own');
  const tokens = await store.listTokens(context.db);
  return holds(context, 'tokens.manage') ? tokens : tokens.filter((token) => isOwn(context, token));
}

/** @throws {UsherError} `not_found`, or `forbidden` for somebody else's. */
export async function getToken(context: Context, tokenId: TokenId): Promise<store.ApiToken> {
  await authorize(context, context.db, 'tokens.own');
  return ownToken(context, context.db, tokenId);
}

/**
 * From the next request on the token is refused; another process of this database may let it read for half a second more.
 *
 * @throws {UsherError} `not_found`, `forbidden` for somebody else's, or `wrong_state` when it is the last one that can
 *   administer Usher.
 */
export async function revokeToken(context: Context, tokenId: TokenId): Promise<void> {
  await context.db.transaction(async (tx) => {
    await authorize(context, tx, 'tokens.own');
    await ownToken(context, tx, tokenId);
    await assertAdminLeft(tx, { tokenId });
    const token = await store.deleteToken(tx, tokenId);
    if (token === undefined) throw notFound(tokenId);
    await appendEvents(tx, [succeeded(context, 'system.api_token.revoke', [tokenTarget(token)])]);
  });
}

/** What is kept of a token. It has well over 128 random bits, so that a plain hash is enough. */
export function hashToken(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

export function tokenTarget({ id, name }: Pick<store.ApiToken, 'id' | 'name'>): EventTarget {
  return { id, type: 'Token', alternateId: 'unknown', displayName: name };
}

const nameMax = 100;
/** Okta's prefix, so that people and secret scanners know one at sight; 40 letters of 62 are 238 bits. */
const prefix = '00';
const randomLetters = 40;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function newTokenValue(): string {
  return prefix + Array.from({ length: randomLetters }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function isOwn({ actor }: Context, { userId }: Pick<store.ApiToken, 'userId'>): boolean {
  return actor.type === 'SystemPrincipal' || actor.id === userId;
}

/** Refused alike where there is none, so that nobody learns which ids exist. */
async function ownToken(context: Context, db: Queryable, id: TokenId): Promise<store.ApiToken> {
  if (holds(context, 'tokens.manage')) return requireToken(db, id);
  const token = await store.findToken(db, id);
  if (token !== undefined && isOwn(context, token)) return token;
  throw forbidden();
}

async function requireToken(db: Queryable, id: TokenId): Promise<store.ApiToken> {
  const token = await store.findToken(db, id);
  if (token === undefined) throw notFound(id);
  return token;
}

function notFound(id: TokenId): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${id} (ApiToken)`);
}

function invalid(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The token cannot be made: its ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}
