import type { PlannedAction } from '../planner/action.ts';
import type { AppId, ExternalId, PlanId, RunId, UserId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';
import type { ClaimedRow } from './app-user-queue.ts';
import { asClaimed, currentColumns, type CurrentRow } from './current-row.ts';
import { queryAsJson, type Queryable, type Tx } from './database.ts';
import type { PlanBasis } from './plans.ts';

/** What becomes of an account when its app is duplicated: found again by the duplicate, left to this one, or moved. */
export type DuplicateFate = 'match' | 'stay' | 'move';

export type PlanEntryKind = Exclude<PlannedAction['kind'], 'ask'> | DuplicateFate | 'error';

/** One attribute: what is in the app now, and what will be. */
export interface AttributeDiff {
  readonly attribute: string;
  readonly now: Json;
  readonly after: Json;
}

/** What a plan would do to one account. */
export interface PlanEntry {
  readonly userId: UserId;
  readonly kind: PlanEntryKind;
  /** Why nothing would be done, or what would go wrong. */
  readonly reason: string | null;
  readonly externalId: ExternalId | null;
  readonly userName: string | null;
  readonly diff: readonly AttributeDiff[] | null;
  readonly requests: number;
}

export interface NewPlanEntry extends PlanEntry {
  /** The user name folded. */
  readonly nameKey: string | null;
  readonly fingerprint: string;
}

/** Somebody a plan is about: their row in the app as it is, or as a new one would be, and a print of all of it. */
export interface PlanSubject {
  readonly row: ClaimedRow;
  readonly fingerprint: string;
  /** False for somebody deactivated who never had the app: they have no entry. */
  readonly concerned: boolean;
}

/**
 * Everything an entry rests on as one short text, of `users u`, `app_users a` and the groups of parameter `groups`.
 * What is not here (the app's own configuration) counts in its revision.
 */
const fingerprintOf = (groups: string) => `md5(jsonb_build_array(u.status, u.profile, a.version, a.direct, a.assigned,
  a.assigned_profile, a.unprovisioned, a.external_id, a.user_name, a.recorded, a.recorded_active,
  array(select distinct gm.group_id from group_members gm
        where gm.user_id = c.user_id and gm.group_id = any(${groups}::text[]) order by 1))::text)`;

/** People of the app and of the groups that would give it; `$1` the app, `$2` the groups. */
const everybody = `(
  select user_id from app_users where app_id = $1 and (assigned or external_id is not null or look_first)
  union
  select gm.user_id from group_members gm where gm.group_id = any($2::text[]))`;

/** Somebody deactivated who never had the app is not concerned by anything. */
const concerned = `(a.user_id is not null or u.status <> 'DEPROVISIONED')`;

/** The next people of the app, in order of ids: everybody it has, and everybody its groups would give it to. */
export async function listPlanSubjects(
  db: Queryable,
  appId: AppId,
  page: { readonly basis: PlanBasis; readonly runId: RunId; readonly after: string; readonly limit: number },
): Promise<PlanSubject[]> {
  const { basis, runId, after, limit } = page;
  const source = basis.named
    ? 'select subject as user_id from run_items where run_id = $5 and subject > $3'
    : `(select user_id from app_users
        where app_id = $1 and user_id > $3 and (assigned or external_id is not null or look_first)
        order by user_id limit $4)
       union
       (select distinct gm.user_id from group_members gm where gm.group_id = any($2::text[]) and gm.user_id > $3
        order by gm.user_id limit $4)`;
  const rows = await queryAsJson<SubjectRow>(
    db,
    `select c.user_id, ${fingerprintOf('$2')} as fingerprint, ${currentColumns},
       ${concerned} as concerned
     from (select user_id from (${source}) s where $5::text is not null order by user_id limit $4) c
     left join app_users a on a.app_id = $1 and a.user_id = c.user_id
     left join users u on u.id = c.user_id
     order by c.user_id`,
    [appId, basis.groupIds, after, limit, runId],
  );
  return rows.map((row) => ({ row: asClaimed(row), fingerprint: row.fingerprint, concerned: row.concerned === true }));
}

/** Keeps entries, at most 5,000 at once, with a mark of the account each would link. */
export async function insertPlanEntries(
  tx: Tx,
  planId: PlanId,
  appId: AppId,
  entries: readonly NewPlanEntry[],
): Promise<void> {
  const rows = entries.map((entry) => ({
    ...{ user_id: entry.userId, kind: entry.kind, reason: entry.reason, external_id: entry.externalId },
    ...{ user_name: entry.userName, name_key: entry.nameKey, diff: entry.diff, requests: entry.requests },
    fingerprint: entry.fingerprint,
  }));
  await tx.query(
    `insert into plan_entries (plan_id, user_id, kind, reason, external_id, user_name, name_key, diff, requests,
       fingerprint, account_mark)
     select $1, e.user_id, e.kind, e.reason, e.external_id, e.user_name, e.name_key, e.diff, e.requests, e.fingerprint,
       case when e.kind = 'link' then ${accountMark} end
     from jsonb_to_recordset($3::jsonb) as e(user_id text, kind text, reason text, external_id text, user_name text,
       name_key text, diff jsonb, requests integer, fingerprint text)
     left join app_accounts k on k.app_id = $2 and k.external_id = e.external_id
     on conflict (plan_id, user_id) do nothing`,
    [planId, appId, JSON.stringify(rows)],
  );
}

const accountMark = `md5(jsonb_build_array(k.name_key, k.correlation_id, k.active, k.profile)::text)`;

/** In order of user ids; `after` is the last one of the page before. */
export async function listPlanEntries(
  db: Queryable,
  planId: PlanId,
  page: { readonly kind?: string; readonly attribute?: string; readonly after?: UserId; readonly limit: number },
): Promise<(PlanEntry & { readonly login: string | null; readonly displayName: string | null })[]> {
  return db.query(
    `select e.user_id as "userId", e.kind, e.reason, e.external_id as "externalId", e.user_name as "userName", e.diff,
       e.requests, u.profile->>'login' as login,
       coalesce(u.profile->>'displayName', nullif(concat_ws(' ', u.profile->>'firstName', u.profile->>'lastName'), ''))
         as "displayName"
     from plan_entries e left join users u on u.id = e.user_id
     where e.plan_id = $1 and e.user_id > $2 and ($3::text is null or e.kind = $3)
       and ($4::text is null or e.diff @> jsonb_build_array(jsonb_build_object('attribute', $4::text)))
     order by e.user_id limit $5`,
    [planId, page.after ?? '', page.kind ?? null, page.attribute ?? null, page.limit],
  );
}

/** Entries by kind, and what they cost together. */
export async function sumPlanEntries(
  db: Queryable,
  planId: PlanId,
): Promise<{ readonly counts: Record<string, number>; readonly requests: number }> {
  const rows = await db.query<{ kind: string; count: number; requests: number }>(
    `select kind, count(*)::int as count, coalesce(sum(requests), 0)::int as requests
     from plan_entries where plan_id = $1 group by kind order by kind`,
    [planId],
  );
  return {
    counts: Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
    requests: rows.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** Somebody whose entry no longer holds: they have changed, were not concerned then, or are no longer. */
export interface StaleEntry {
  readonly userId: UserId;
  readonly name: string;
  readonly what: 'changed' | 'new' | 'gone' | 'account';
}

/**
 * The first entries that rest on something that is no longer so. One statement however many entries there are.
 */
export async function findStaleEntries(
  tx: Tx,
  plan: { readonly id: PlanId; readonly appId: AppId; readonly basis: PlanBasis },
  limit: number,
): Promise<StaleEntry[]> {
  const candidates = plan.basis.named ? `(select user_id from plan_entries where plan_id = $3)` : everybody;
  return tx.query<StaleEntry>(
    `with current as (
       select c.user_id, ${fingerprintOf('$2')} as fingerprint
       from ${candidates} c
       left join app_users a on a.app_id = $1 and a.user_id = c.user_id
       left join users u on u.id = c.user_id
       where ${concerned}),
     stale as (
       select coalesce(e.user_id, c.user_id) as user_id,
         case when c.user_id is null then 'gone' when e.user_id is null then 'new' else 'changed' end as what
       from (select * from plan_entries where plan_id = $3) e full join current c on c.user_id = e.user_id
       where e.fingerprint is distinct from c.fingerprint
       union all
       select e.user_id, 'account' from plan_entries e
       left join app_accounts k on k.app_id = $1 and k.external_id = e.external_id
       where e.plan_id = $3 and e.kind = 'link' and (${accountMark} is distinct from e.account_mark
         or exists (select 1 from app_users o
                    where o.app_id = $1 and o.external_id = e.external_id and o.user_id <> e.user_id))
       union all
       select e.user_id, 'account' from plan_entries e
       where e.plan_id = $3 and e.kind = 'create' and exists (
         select 1 from app_accounts k where k.app_id = $1 and (k.name_key = e.name_key or k.correlation_id = e.user_id)))
     select s.user_id as "userId", coalesce(u.profile->>'login', s.user_id) as name, s.what
     from stale s left join users u on u.id = s.user_id order by s.user_id limit $4`,
    [plan.appId, plan.basis.groupIds, plan.id, limit],
  );
}

/** The people a plan names, for applying it to just these. */
export async function listEntryUserIds(db: Queryable, planId: PlanId): Promise<UserId[]> {
  const rows = await db.query<{ user_id: UserId }>('select user_id from plan_entries where plan_id = $1', [planId]);
  return rows.map((row) => row.user_id);
}

interface SubjectRow extends CurrentRow {
  readonly fingerprint: string;
  readonly concerned: boolean | null;
}
