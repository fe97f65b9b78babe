import type { Profile } from '../domain/profile.ts';
import type { Rights } from '../domain/rights.ts';
import type { UserStatus } from '../domain/user.ts';
import type { IdentityProviderId, SessionId, UserId } from '../lib/ids.ts';
import { grantOf, selectRoles, type GrantRow } from './admins.ts';
import { queryOne, type Db, type Queryable, type Tx } from './database.ts';

/** A sign-in as it may be shown: never what the browser keeps, nor the hash of it. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly created: Date;
  readonly lastSeen: Date;
  /** When the person last showed who they are, by their password or anew at a provider; 1970 where they have not. */
  readonly proven: Date;
  /** When it ends however busy it is. */
  readonly expires: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface NewSession extends Pick<Session, 'id' | 'userId' | 'expires' | 'address' | 'userAgent'> {
  /** SHA-256 of what the browser keeps. */
  readonly hash: Buffer;
  /** The provider that vouched for the person; null where they showed a password of ours. */
  readonly providerId: IdentityProviderId | null;
  /** Whether they have just shown who they are: a provider lets in whom it knows without asking. */
  readonly proven: boolean;
}

/** Whose session it is, and what that person may do. */
export interface SessionHolder extends Session {
  readonly status: UserStatus;
  readonly profile: Profile;
  readonly rights: Rights;
  /** True when `last_seen` is a minute old or more. */
  readonly useUnrecorded: boolean;
}

/** A session nobody used for so long has ended. */
export const idleMinutes = 30;

/**
 * Not idle for too long, not over, and begun after the person's password was last changed: whoever gets a new one is
 * signed out everywhere by that alone.
 */
const alive = `s.expires > now() and s.last_seen > now() - interval '${idleMinutes} minutes'
  and s.created >= coalesce(u.password_changed, '-infinity')`;

/** Also forgets sessions of the person that have ended. */
export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.query(`delete from sessions s using users u where u.id = s.user_id and s.user_id = $1 and not (${alive})`, [
    session.userId,
  ]);
  await tx.query(
    `insert into sessions (id, user_id, token_hash, expires, address, user_agent, provider_id, created, last_seen, proven)
     values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), clock_timestamp(),
       case when $8 then clock_timestamp() else to_timestamp(0) end)`,
    [
      ...[session.id, session.userId, session.hash, session.expires, session.address, session.userAgent],
      ...[session.providerId, session.proven],
    ],
  );
}

/** Undefined where there is none with this hash, or no more. */
export async function findSessionHolder(db: Queryable, hash: Buffer): Promise<SessionHolder | undefined> {
  const row = await queryOne<HolderRow>(
    db,
    `select ${columns}, u.status, u.profile, s.last_seen < now() - interval '1 minute' as use_unrecorded,
       (select coalesce(json_agg(r), '[]') from (${selectRoles} where a.user_id = s.user_id or exists (
          select 1 from group_members m where m.group_id = a.group_id and m.user_id = s.user_id)) r) as roles
     from sessions s join users u on u.id = s.user_id where s.token_hash = $1 and ${alive}`,
    [hash],
  );
  return (
    row && {
      ...toSession(row),
      status: row.status,
      profile: row.profile,
      rights: row.roles.map(grantOf),
      useUnrecorded: row.use_unrecorded,
    }
  );
}

export async function recordSessionUse(db: Db, sessionId: SessionId): Promise<void> {
  await db.query('update sessions set last_seen = now() where id = $1', [sessionId]);
}

export async function recordProof(tx: Tx, sessionId: SessionId): Promise<void> {
  await tx.query('update sessions set proven = now(), last_seen = now() where id = $1', [sessionId]);
}

/** Those that go on, the newest first. */
export async function listSessionsOf(db: Queryable, userId: UserId): Promise<Session[]> {
  const rows = await db.query<SessionRow>(
    `select ${columns} from sessions s join users u on u.id = s.user_id
     where s.user_id = $1 and ${alive} order by s.created desc, s.id limit 200`,
    [userId],
  );
  return rows.map(toSession);
}

/** How many there were. */
export async function deleteSessions(
  tx: Tx,
  userId: UserId,
  which: { readonly only?: SessionId; readonly except?: SessionId } = {},
): Promise<number> {
  const rows = await tx.query(
    `delete from sessions where user_id = $1 and ($2::text is null or id = $2) and ($3::text is null or id <> $3)
     returning id`,
    [userId, which.only ?? null, which.except ?? null],
  );
  return rows.length;
}

/** Signs out everybody a provider has let in. */
export async function deleteSessionsOfProvider(tx: Tx, providerId: IdentityProviderId): Promise<void> {
  await tx.query('delete from sessions where provider_id = $1', [providerId]);
}

/** True where nobody who may do everything has a way to sign in: the first one has to be let in by a link. */
export async function nobodyCanSignIn(db: Queryable): Promise<boolean> {
  const row = await queryOne<{ none: boolean }>(
    db,
    `select not exists (
       select 1 from admins a join user_credentials c on c.user_id = a.user_id
       where a.role = 'SUPER_ADMIN' and (c.password_hash is not null or c.imported_hash is not null)) as none`,
    [],
  );
  return row?.none ?? false;
}

/** The first person who was made to do everything, where they may act. */
export async function findOwner(db: Queryable): Promise<UserId | undefined> {
  const row = await queryOne<{ id: UserId }>(
    db,
    `select u.id from admins a join users u on u.id = a.user_id
     where a.role = 'SUPER_ADMIN' and u.status in ('ACTIVE', 'PROVISIONED') order by u.created, u.id limit 1`,
    [],
  );
  return row?.id;
}

export async function recordLogin(tx: Tx, userId: UserId): Promise<void> {
  await tx.query('update users set last_login = now() where id = $1', [userId]);
}

const columns = 's.id, s.user_id, s.created, s.last_seen, s.proven, s.expires, s.address, s.user_agent';

interface SessionRow {
  readonly id: SessionId;
  readonly user_id: UserId;
  readonly created: Date;
  readonly last_seen: Date;
  readonly proven: Date;
  readonly expires: Date;
  readonly address: string | null;
  readonly user_agent: string | null;
}

interface HolderRow extends SessionRow {
  readonly status: UserStatus;
  readonly profile: Profile;
  readonly roles: readonly GrantRow[];
  readonly use_unrecorded: boolean;
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    userId: row.user_id,
    created: row.created,
    lastSeen: row.last_seen,
    proven: row.proven,
    expires: row.expires,
    address: row.address,
    userAgent: row.user_agent,
  };
}
