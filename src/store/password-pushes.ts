import type { AppId, UserId } from '../lib/ids.ts';
import type { ProvisioningSettings } from '../domain/app.ts';
import type { Queryable, Tx } from './database.ts';
import { markDue } from './assignments.ts';

/** An app of a person that passwords are pushed to. */
export interface PasswordApp {
  readonly appId: AppId;
  readonly password: NonNullable<ProvisioningSettings['password']>;
  readonly hasAccount: boolean;
  /** The present password has arrived there. */
  readonly upToDate: boolean;
  /** The app refused the last one, and has taken none since. */
  readonly refused: boolean;
}

/** The person's apps with password sync, where they have the app. Served by app_users_user. */
export function listPasswordApps(tx: Tx, userId: UserId): Promise<PasswordApp[]> {
  return tx.query<PasswordApp>(
    `select au.app_id as "appId", a.provisioning->'password' as password, au.external_id is not null as "hasAccount",
       coalesce(p.pushed >= u.password_changed, false) as "upToDate",
       p.refused is not null as refused
     from app_users au join apps a on a.id = au.app_id join users u on u.id = au.user_id
     left join password_pushes p on p.app_id = au.app_id and p.user_id = au.user_id
     where au.user_id = $1 and au.assigned and a.provisioning->'password'->>'status' = 'ENABLED'`,
    [userId],
  );
}

/** Keeps sealed passwords for so long at most, in the place of earlier ones, and marks their rows as work. */
export async function keepPasswords(
  tx: Tx,
  userId: UserId,
  passwords: readonly { readonly appId: AppId; readonly sealed: string }[],
  seconds: number,
): Promise<void> {
  await tx.query(
    `with kept as (
       insert into password_pushes (app_id, user_id, sealed, expires)
       select k.app_id, $1, k.sealed, now() + $3 * interval '1 second'
       from jsonb_to_recordset($2::jsonb) as k(app_id text, sealed text)
       on conflict (app_id, user_id) do update set sealed = excluded.sealed, expires = excluded.expires
       returning app_id)
     update app_users set ${markDue} where user_id = $1 and app_id in (select app_id from kept)`,
    [userId, JSON.stringify(passwords.map(({ appId, sealed }) => ({ app_id: appId, sealed }))), seconds],
  );
}

/** One that waits to be pushed, or what the app said when it refused the last one. */
export type PasswordStanding = { readonly sealed: string; readonly kept: string } | { readonly refused: string };

/** Of these people of an app, those of whom a password waits or was refused. */
export async function loadPasswords(
  db: Queryable,
  appId: AppId,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, PasswordStanding>> {
  const rows = await db.query<{ user_id: UserId; sealed: string | null; kept: string; refused: string | null }>(
    `select user_id, case when expires > now() then sealed end as sealed, expires::text as kept, refused
     from password_pushes
     where app_id = $1 and user_id = any($2) and (refused is not null or (sealed is not null and expires > now()))`,
    [appId, userIds],
  );
  return new Map(
    rows.map(({ user_id, sealed, kept, refused }) => [
      user_id,
      sealed === null ? { refused: refused ?? '' } : { sealed, kept },
    ]),
  );
}

/** What became of a password: pushed, refused or given up, unless a newer one has taken its place. */
export interface SettledPassword {
  readonly userId: UserId;
  /** Tells it from a newer one, as `loadPasswords` said: the sealed text changes with its key. */
  readonly kept: string;
  readonly pushed: boolean;
  /** What the app said, without the password. */
  readonly refused?: string;
}

/** Deletes passwords nothing is to be done with any more. */
export async function settlePasswords(db: Queryable, appId: AppId, settled: readonly SettledPassword[]): Promise<void> {
  await db.query(
    `update password_pushes p set sealed = null, pushed = case when s.pushed then now() else p.pushed end,
       refused = case when not s.pushed then coalesce(s.refused, p.refused) end
     from jsonb_to_recordset($2::jsonb) as s("userId" text, kept timestamptz, pushed boolean, refused text)
     where p.app_id = $1 and p.user_id = s."userId" and p.expires = s.kept`,
    [appId, JSON.stringify(settled)],
  );
}

/** Of an app that is to get none any more. */
export async function dropPasswords(tx: Tx, appId: AppId): Promise<void> {
  await tx.query('delete from password_pushes where app_id = $1 and (sealed is not null or refused is not null)', [
    appId,
  ]);
}

/** Those whose time is up. Served by password_pushes_expires. */
export async function dropExpiredPasswords(db: Queryable): Promise<void> {
  await db.query('update password_pushes set sealed = null where sealed is not null and expires <= now()', []);
}
