import type { Account } from '../domain/account.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppId, ExternalId, UserId } from '../lib/ids.ts';
import { foldName } from '../lib/text.ts';
import type { Queryable, Tx } from './database.ts';

/** An account seen in the app, and whose it is here. */
export interface KnownAccount {
  readonly account: Account;
  readonly nameKey: string;
  readonly linkedTo: UserId | undefined;
  /** The value of the attribute asked for, in lower case. */
  readonly unique: string | undefined;
}

/** Remembers accounts as the app shows them now. One statement per page. */
export async function upsertAccounts(db: Queryable, appId: AppId, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.map((account) => ({
    external_id: account.externalId,
    name_key: foldName(account.userName),
    correlation_id: account.correlationId,
    active: account.active,
    profile: { ...account.profile, userName: account.userName },
  }));
  await db.query(
    `insert into app_accounts (app_id, external_id, name_key, correlation_id, active, profile)
     select $1, a.external_id, a.name_key, a.correlation_id, a.active, a.profile
     from jsonb_to_recordset($2::jsonb) as a(external_id text, name_key text, correlation_id text, active boolean, profile jsonb)
     on conflict (app_id, external_id) do update set name_key = excluded.name_key,
       correlation_id = excluded.correlation_id, active = excluded.active, profile = excluded.profile, last_seen = now()`,
    [appId, JSON.stringify(rows)],
  );
}

/**
 * Accounts with one of these folded names, correlation ids or values of an attribute (in lower case), more than once
 * where more fits. Served by app_accounts_name and app_accounts_correlation; an attribute has every account read. Joined to lists for the reason told in app-user-queue.ts.
 */
export async function findKnownAccounts(
  db: Queryable,
  appId: AppId,
  nameKeys: readonly string[],
  correlationIds: readonly string[],
  unique?: { readonly attribute: string; readonly values: readonly string[] },
): Promise<KnownAccount[]> {
  const rows = await db.query<AccountRow & { name_key: string; unique_value: string | null; linked_to: UserId | null }>(
    `with wanted_name as materialized (select $1::text as app_id, unnest($2::text[]) as name_key),
     wanted_key as materialized (select $1::text as app_id, unnest($3::text[]) as correlation_id),
     wanted_value as materialized (select unnest($5::text[]) as value),
     found as (
       select k.* from wanted_name w join app_accounts k on k.app_id = w.app_id and k.name_key = w.name_key
       union all
       select k.* from wanted_key w join app_accounts k on k.app_id = w.app_id and k.correlation_id = w.correlation_id
       union all
       select k.* from app_accounts k join wanted_value w on w.value = lower(k.profile->>$4::text)
       where k.app_id = $1 and $4::text is not null)
     select k.external_id, k.name_key, lower(k.profile->>$4::text) as unique_value, k.correlation_id, k.active, k.profile, u.user_id as linked_to
     from found k left join app_users u on u.app_id = k.app_id and u.external_id = k.external_id`,
    [appId, nameKeys, correlationIds, unique?.attribute ?? null, unique?.values ?? []],
  );
  return rows.map((row) => ({
    account: toAccount(row),
    nameKey: row.name_key,
    linkedTo: row.linked_to ?? undefined,
    unique: row.unique_value ?? undefined,
  }));
}

/** An account as it was last seen. */
export interface AccountRow {
  readonly external_id: ExternalId;
  readonly correlation_id: string | null;
  readonly active: boolean | null;
  readonly profile: Profile & { readonly userName: string };
}

export function toAccount({ external_id, correlation_id, active, profile }: AccountRow): Account {
  return {
    externalId: external_id,
    userName: profile.userName,
    active: active ?? undefined,
    profile,
    correlationId: correlation_id ?? undefined,
  };
}

/** Whose account this is, or undefined when nobody's. Served by app_users_account. */
export async function findLinkedUser(db: Queryable, appId: AppId, externalId: ExternalId): Promise<UserId | undefined> {
  const [row] = await db.query<{ user_id: UserId }>(
    'select user_id from app_users where app_id = $1 and external_id = $2',
    [appId, externalId],
  );
  return row?.user_id;
}

/** Says that every account of the app has been seen once. */
export async function markAccountsListed(db: Queryable, appId: AppId): Promise<void> {
  await db.query('update app_connections set accounts_listed = now() where app_id = $1', [appId]);
}

/** Forgets accounts that a listing begun at this moment, and now complete, has not shown: they are gone. */
export async function deleteAccountsNotSeen(tx: Tx, appId: AppId, since: Date): Promise<void> {
  await tx.query('delete from app_accounts where app_id = $1 and last_seen < $2', [appId, since]);
}

/** Tells the planner of accounts that came all at once. The embedded database never looks by itself. */
export async function analyzeAccounts(tx: Tx): Promise<void> {
  await tx.query('analyze app_accounts');
}

/** Forgets that the app was seen to have this account. */
export async function forgetAccount(db: Queryable, appId: AppId, externalId: ExternalId): Promise<void> {
  await db.query('delete from app_accounts where app_id = $1 and external_id = $2', [appId, externalId]);
}
