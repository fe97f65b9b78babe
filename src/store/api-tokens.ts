import type { Profile } from '../domain/profile.ts';
import type { Rights } from '../domain/rights.ts';
import type { UserStatus } from '../domain/user.ts';
import type { TokenId, UserId } from '../lib/ids.ts';
import { grantOf, selectRoles, type GrantRow } from './admins.ts';
import { queryOne, type Db, type Queryable, type Tx } from './database.ts';

/** A token as it may be shown: never its value, nor the hash of it. */
export interface ApiToken {
  readonly id: TokenId;
  readonly name: string;
  /** Whom it acts as. */
  readonly userId: UserId;
  readonly created: Date;
  readonly lastUpdated: Date;
  readonly lastUsed: Date | null;
  /** Null: until it is revoked. */
  readonly expires: Date | null;
}

/** Whom a token acts as, and what that person may do. */
export interface TokenHolder {
  readonly tokenId: TokenId;
  readonly userId: UserId;
  readonly status: UserStatus;
  readonly profile: Profile;
  readonly rights: Rights;
  readonly expires: Date | null;
  readonly expired: boolean;
  /** True when `last_used` is a minute old or more, or was never written. */
  readonly useUnrecorded: boolean;
}

export interface NewApiToken extends Pick<ApiToken, 'id' | 'name' | 'userId' | 'expires'> {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

export async function insertToken(tx: Tx, token: NewApiToken): Promise<void> {
  await tx.query(`insert into api_tokens (id, name, user_id, token_hash, expires) values ($1, $2, $3, $4, $5)`, [
    token.id,
    token.name,
    token.userId,
    token.hash,
    token.expires,
  ]);
}

/**
 * The holder of the token with this hash. The index finds it: what its look-up time could tell is about a SHA-256
 * value, of which nobody can make one that is near another.
 */
export async function findTokenHolder(db: Queryable, hash: Buffer): Promise<TokenHolder | undefined> {
  const row = await queryOne<HolderRow>(
    db,
    `select t.id, t.user_id, u.status, u.profile, t.expires, coalesce(t.expires <= now(), false) as expired,
       t.last_used is null or t.last_used < now() - interval '1 minute' as use_unrecorded,
       (select coalesce(json_agg(r), '[]') from (${selectRoles} where a.user_id = t.user_id or exists (
          select 1 from group_members m where m.group_id = a.group_id and m.user_id = t.user_id)) r) as roles
     from api_tokens t join users u on u.id = t.user_id where t.token_hash = $1`,
    [hash],
  );
  return (
    row && {
      tokenId: row.id,
      userId: row.user_id,
      status: row.status,
      profile: row.profile,
      rights: row.roles.map(grantOf),
      expires: row.expires,
      expired: row.expired,
      useUnrecorded: row.use_unrecorded,
    }
  );
}

export async function recordTokenUse(db: Db, tokenId: TokenId): Promise<void> {
  await db.query(`update api_tokens set last_used = now() where id = $1`, [tokenId]);
}

export async function findToken(db: Queryable, tokenId: TokenId): Promise<ApiToken | undefined> {
  const row = await queryOne<TokenRow>(db, `select ${columns} from api_tokens where id = $1`, [tokenId]);
  return row && toToken(row);
}

/** All of them, in order of ids: an organisation has few. */
export async function listTokens(db: Queryable): Promise<ApiToken[]> {
  const rows = await db.query<TokenRow>(`select ${columns} from api_tokens order by id`);
  return rows.map(toToken);
}

export async function deleteToken(tx: Tx, tokenId: TokenId): Promise<ApiToken | undefined> {
  const row = await queryOne<TokenRow>(tx, `delete from api_tokens where id = $1 returning ${columns}`, [tokenId]);
  return row && toToken(row);
}

const columns = 'id, name, user_id, created, last_updated, last_used, expires';

interface HolderRow {
  readonly id: TokenId;
  readonly user_id: UserId;
  readonly status: UserStatus;
  readonly profile: Profile;
  readonly roles: readonly GrantRow[];
  readonly expires: Date | null;
  readonly expired: boolean;
  readonly use_unrecorded: boolean;
}

interface TokenRow {
  readonly id: TokenId;
  readonly name: string;
  readonly user_id: UserId;
  readonly created: Date;
  readonly last_updated: Date;
  readonly last_used: Date | null;
  readonly expires: Date | null;
}

function toToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    userId: row.user_id,
    created: row.created,
    lastUpdated: row.last_updated,
    lastUsed: row.last_used,
    expires: row.expires,
  };
}
