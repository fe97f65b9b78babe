import type { Account } from '../domain/account.ts';
import type { AppId, ExternalId, RunId, UserId } from '../lib/ids.ts';
import type { Alike, Match, MatchResult } from '../planner/match.ts';
import { toAccount, type AccountRow } from './app-accounts.ts';
import type { ClaimedRow } from './app-user-queue.ts';
import { markDue } from './assignments.ts';
import { asClaimed, currentColumns, type CurrentRow } from './current-row.ts';
import { queryAsJson, type Queryable, type Tx } from './database.ts';
import type { AttributeDiff } from './plan-entries.ts';

/** Somebody looking for their account: what it would be called, and what it would hold of them. */
export interface SoughtAccount {
  readonly userId: UserId;
  /** Null where accounts are not recognised by their user names. */
  readonly nameKey: string | null;
  /** The unique attribute's value in lower case; null where there is none. */
  readonly unique: string | null;
  /** Folded; null where the app has no attribute for it, or the person no value. */
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** The app's attributes that hold what people are compared by; null where it has none. */
export interface ComparedAttributes {
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** What accounts are recognised by instead of user names. */
  readonly unique: string | null;
}

export interface AccountCandidate {
  readonly userId: UserId;
  readonly exact: boolean;
  /** What an account has of theirs that is not exactly theirs. */
  readonly alike: Alike | undefined;
  readonly account: Account;
  readonly linkedTo: UserId | null;
}

/**
 * Accounts that may be these people's, according to the listing. Two statements for any number of people: the second
 * compares e-mail addresses and names, for those whose key and user name no account bears.
 */
export async function findCandidates(
  db: Queryable,
  appId: AppId,
  sought: readonly SoughtAccount[],
  compared: ComparedAttributes,
): Promise<AccountCandidate[]> {
  const exact = await query(db, exactSql, [appId, JSON.stringify(sought), compared.unique]);
  const found = new Set(exact.map(({ userId }) => userId));
  const rest = sought.filter(({ userId }) => !found.has(userId));
  if (rest.length === 0) return exact;
  const { email, firstName, lastName } = compared;
  return [...exact, ...(await query(db, likeSql, [appId, JSON.stringify(rest), email, firstName, lastName]))];
}

const wanted = `wanted as materialized (
  select $1::text as app_id, w.* from jsonb_to_recordset($2::jsonb)
    as w("userId" text, "nameKey" text, "unique" text, email text, "firstName" text, "lastName" text))`;

const candidate = `select f."userId" as user_id, f.alike, k.external_id, k.correlation_id, k.active, k.profile,
    o.user_id as linked_to
  from found f join app_accounts k on k.app_id = $1 and k.external_id = f.external_id
  left join app_users o on o.app_id = $1 and o.external_id = k.external_id and o.user_id <> f."userId"`;

const exactSql = `with ${wanted}, found as (
    select w."userId", k.external_id, null as alike from wanted w
    join app_accounts k on k.app_id = w.app_id and k.name_key = w."nameKey"
    union
    select w."userId", k.external_id, null from wanted w
    join app_accounts k on k.app_id = w.app_id and k.correlation_id = w."userId"
    union
    select w."userId", k.external_id, null from wanted w
    join app_accounts k on k.app_id = w.app_id and $3::text is not null and lower(k.profile->>$3::text) = w."unique")
  ${candidate}`;

/** Texts of accounts are taken out once, so that the joins are of plain values. */
const likeSql = `with ${wanted}, accounts as materialized (
    select external_id, lower(profile->>$3::text) as email,
      lower(profile->>$4::text) as first_name, lower(profile->>$5::text) as last_name
    from app_accounts where app_id = $1),
  found as (
    select "userId", external_id, min(alike) as alike from (
      select w."userId", k.external_id, 'email' as alike from wanted w join accounts k on k.email = w.email
      union all
      select w."userId", k.external_id, 'name' from wanted w
      join accounts k on k.first_name = w."firstName" and k.last_name = w."lastName") either
    group by "userId", external_id)
  ${candidate}`;

async function query(db: Queryable, sql: string, parameters: readonly unknown[]): Promise<AccountCandidate[]> {
  const rows = await db.query<AccountRow & { user_id: UserId; alike: Alike | null; linked_to: UserId | null }>(
    sql,
    parameters,
  );
  return rows.map((row) => ({
    userId: row.user_id,
    exact: sql === exactSql,
    alike: row.alike ?? undefined,
    account: toAccount(row),
    linkedTo: row.linked_to,
  }));
}

export interface StoredMatch extends Match {
  readonly userId: UserId;
  readonly diff: readonly AttributeDiff[] | null;
}

/** Keeps what matching has come to, over what it came to before. */
export async function saveMatches(tx: Tx, appId: AppId, matches: readonly StoredMatch[]): Promise<void> {
  await tx.query(
    `insert into account_matches (app_id, user_id, result, external_id, reason, diff)
     select $1, m."userId", m.result, m."externalId", m.reason, m.diff
     from jsonb_to_recordset($2::jsonb) as m("userId" text, result text, "externalId" text, reason text, diff jsonb)
     on conflict (app_id, user_id) do update set result = excluded.result, external_id = excluded.external_id,
       reason = excluded.reason, diff = excluded.diff, matched = now()`,
    [appId, JSON.stringify(matches)],
  );
}

/** Forgets what the last matching came to, before the next. */
export async function deleteMatches(tx: Tx, appId: AppId): Promise<void> {
  await tx.query('delete from account_matches where app_id = $1', [appId]);
}

/** Somebody who has the app and no account in it. */
export interface UnprovisionedPerson {
  readonly userId: UserId;
  readonly login: string;
  readonly displayName: string | null;
  readonly userStatus: string;
  readonly scope: 'USER' | 'GROUP';
  readonly assigned: Date;
  /** `unknown`: not matched since they came. */
  readonly match: MatchResult | 'unknown';
  readonly reason: string | null;
  readonly externalId: ExternalId | null;
  readonly accountName: string | null;
  readonly diff: readonly AttributeDiff[] | null;
  readonly matched: Date | null;
}

/** In order of user ids. Served by app_users' key. */
export async function listUnprovisioned(
  db: Queryable,
  appId: AppId,
  page: { readonly match?: string; readonly after?: UserId; readonly limit: number },
): Promise<UnprovisionedPerson[]> {
  return db.query<UnprovisionedPerson>(
    `select a.user_id as "userId", u.profile->>'login' as login,
       coalesce(u.profile->>'displayName', nullif(concat_ws(' ', u.profile->>'firstName', u.profile->>'lastName'), ''))
         as "displayName",
       u.status as "userStatus", case when a.direct then 'USER' else 'GROUP' end as scope, a.created as assigned,
       coalesce(m.result, 'unknown') as match, m.reason, m.external_id as "externalId",
       k.profile->>'userName' as "accountName", m.diff, m.matched
     from app_users a join users u on u.id = a.user_id
     left join account_matches m on m.app_id = a.app_id and m.user_id = a.user_id
     left join app_accounts k on k.app_id = a.app_id and k.external_id = m.external_id
     where a.app_id = $1 and a.assigned and a.unprovisioned and a.user_id > $2
       and ($3::text is null or coalesce(m.result, 'unknown') = $3)
     order by a.user_id limit $4`,
    [appId, page.after ?? '', page.match ?? null, page.limit],
  );
}

/** How many there are, by what matching has come to. */
export async function countUnprovisioned(
  db: Queryable,
  appId: AppId,
): Promise<Readonly<Record<MatchResult | 'unknown' | 'total', number>>> {
  const rows = await db.query<{ match: MatchResult | 'unknown'; count: number }>(
    `select coalesce(m.result, 'unknown') as match, count(*)::int as count
     from app_users a left join account_matches m on m.app_id = a.app_id and m.user_id = a.user_id
     where a.app_id = $1 and a.assigned and a.unprovisioned group by 1`,
    [appId],
  );
  const counts = { exact: 0, partial: 0, none: 0, ambiguous: 0, unknown: 0, total: 0 };
  for (const { match, count } of rows) {
    counts[match] = count;
    counts.total += count;
  }
  return counts;
}

/** Whether somebody is still waiting for an account, and what matching came to for them. */
export interface WaitingPerson {
  readonly userId: UserId;
  readonly name: string;
  readonly waiting: boolean;
  readonly result: MatchResult | null;
  readonly reason: string | null;
  readonly externalId: ExternalId | null;
}

/** In the order of the ids given. */
export async function findWaiting(db: Queryable, appId: AppId, userIds: readonly string[]): Promise<WaitingPerson[]> {
  return db.query<WaitingPerson>(
    `select g.id as "userId", coalesce(u.profile->>'login', g.id) as name,
       coalesce(a.assigned and a.unprovisioned, false) as waiting, m.result, m.reason, m.external_id as "externalId"
     from unnest($2::text[]) with ordinality as g(id, ordinality)
     left join users u on u.id = g.id
     left join app_users a on a.app_id = $1 and a.user_id = g.id
     left join account_matches m on m.app_id = $1 and m.user_id = g.id
     order by g.ordinality`,
    [appId, userIds],
  );
}

/** The rows of people without an account, as the engine would claim them, in order of user ids. */
export async function listUnprovisionedRows(
  db: Queryable,
  appId: AppId,
  after: string,
  limit: number,
): Promise<ClaimedRow[]> {
  const rows = await queryAsJson<CurrentRow>(
    db,
    `select a.user_id, ${currentColumns} from app_users a
     where a.app_id = $1 and a.user_id > $2 and a.assigned and a.unprovisioned order by a.user_id limit $3`,
    [appId, after, limit],
  );
  return rows.map(asClaimed);
}

/**
 * Ties people to accounts a person has decided are theirs, and marks their rows as work: the engine reads each account
 * before it writes, and writes only what differs. An account somebody else has is left. Returns who was tied.
 */
export async function linkAccounts(
  tx: Tx,
  appId: AppId,
  links: readonly { readonly userId: UserId; readonly externalId: ExternalId }[],
): Promise<UserId[]> {
  const rows = await tx.query<{ user_id: UserId }>(
    `with wanted as (
       select distinct on (l."externalId") l."userId", l."externalId"
       from jsonb_to_recordset($2::jsonb) as l("userId" text, "externalId" text)
       where not exists (select 1 from app_users o where o.app_id = $1 and o.external_id = l."externalId")
       order by l."externalId", l."userId")
     update app_users set external_id = w."externalId", look_first = true, unprovisioned = false, ${markDue}
     from wanted w
     where app_users.app_id = $1 and app_users.user_id = w."userId" and app_users.assigned
       and app_users.unprovisioned and app_users.external_id is null
     returning app_users.user_id`,
    [appId, JSON.stringify(links)],
  );
  return rows.map((row) => row.user_id);
}

/** Makes everybody without an account, or those matching has come to this for, items of a run. Returns how many. */
export async function appendUnprovisioned(
  tx: Tx,
  runId: RunId,
  appId: AppId,
  match: MatchResult | 'unknown' | undefined,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `with added as (
       insert into run_items (run_id, seq, subject)
       select $1, row_number() over (order by a.user_id), a.user_id
       from app_users a left join account_matches m on m.app_id = a.app_id and m.user_id = a.user_id
       where a.app_id = $2 and a.assigned and a.unprovisioned and ($3::text is null or coalesce(m.result, 'unknown') = $3)
       returning 1)
     select count(*)::int as count from added`,
    [runId, appId, match ?? null],
  );
  return row?.count ?? 0;
}
