import type { AppUserStatus, SyncState } from '../domain/app-user.ts';
import type { Profile } from '../domain/profile.ts';
import type { UserStatus } from '../domain/user.ts';
import type { AppId, ExternalId, UserId } from '../lib/ids.ts';
import { appUserNamed } from './app-user-fields.ts';
import type { Queryable } from './database.ts';
import { bind, bindText, type SqlValues } from './filter/sql-values.ts';
import type { Operation } from './operations.ts';

/** Somebody's account in an app, or the one they are to have. */
export interface AccountRow {
  readonly userId: UserId;
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userStatus: UserStatus;
  /** False for one that is left of somebody who has the app no more. */
  readonly assigned: boolean;
  readonly direct: boolean;
  readonly userName: string | null;
  readonly externalId: ExternalId | null;
  readonly status: AppUserStatus;
  readonly syncState: SyncState;
  readonly lastError: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastSync: Date | null;
  /** As the app last confirmed it; null before. */
  readonly profile: Profile | null;
  readonly lastOperation: { readonly kind: string; readonly outcome: Operation['outcome']; readonly at: Date } | null;
}

export interface AccountFilter {
  /** Start of the name in the app, or of the person's first name, last name or e-mail; in any letter case. */
  readonly prefix?: string;
  /** FORMER: of people who have the app no more. */
  readonly state?: SyncState | 'FORMER';
  /** The last user id of the page before. */
  readonly after?: UserId;
  readonly limit: number;
}

/** Everybody who has the app, and accounts that are left of those who had it; in order of user ids. */
export async function listAccounts(db: Queryable, appId: AppId, filter: AccountFilter): Promise<AccountRow[]> {
  const { prefix, state, after, limit } = filter;
  const into: SqlValues = { values: [] };
  const conditions = [
    `au.app_id = ${bindText(into, appId)}`,
    '(au.assigned or au.external_id is not null)',
    ...(after === undefined ? [] : [`au.user_id > ${bindText(into, after)}`]),
    ...(prefix === undefined ? [] : [appUserNamed(prefix, into)]),
    ...(state === undefined
      ? []
      : [state === 'FORMER' ? 'not au.assigned' : `au.sync_state = ${bindText(into, state)}`]),
  ];
  return db.query<AccountRow>(
    `select au.user_id as "userId", u.profile ->> 'login' as login, coalesce(u.profile ->> 'firstName', '') as "firstName",
       coalesce(u.profile ->> 'lastName', '') as "lastName", u.status as "userStatus", au.assigned, au.direct,
       au.user_name as "userName", au.external_id as "externalId", au.status, au.sync_state as "syncState",
       au.last_error as "lastError", au.attempts, au.due_at as "nextAttemptAt", au.last_sync as "lastSync",
       au.recorded as profile, o.last as "lastOperation"
     from app_users au join users u on u.id = au.user_id left join lateral (
       select json_build_object('kind', kind, 'outcome', outcome, 'at', at) as last from operations
       where app_id = au.app_id and user_id = au.user_id order by id desc limit 1) o on true
     where ${conditions.join(' and ')} order by au.user_id limit ${bind(into, limit)}::int`,
    into.values,
  );
}
