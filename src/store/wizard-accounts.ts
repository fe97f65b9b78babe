import type { MatchCounts } from '../domain/wizard.ts';
import type { AppId, ExternalId, UserId, WizardId } from '../lib/ids.ts';
import type { Profile } from '../domain/profile.ts';
import type { Queryable, Tx } from './database.ts';

export type MatchKind = 'exact' | 'partial' | 'none' | 'ambiguous';

export interface ListedAccount {
  readonly external_id: ExternalId;
  readonly user_name: string;
  readonly name_key: string;
  readonly email_key: string | null;
  readonly person_key: string | null;
  readonly correlation_id: string | null;
  readonly active: boolean | null;
  readonly profile: Profile;
}

/** A person as matching sees them: keys are folded. */
export interface MatchablePerson {
  readonly id: UserId;
  readonly name_key: string;
  readonly email_key: string | null;
  readonly person_key: string | null;
}

export async function forgetListedAccounts(tx: Tx, wizardId: WizardId): Promise<void> {
  await tx.query('delete from wizard_accounts where wizard_id = $1', [wizardId]);
}

export async function insertListedAccounts(
  db: Queryable,
  wizardId: WizardId,
  accounts: readonly ListedAccount[],
): Promise<void> {
  await db.query(
    `insert into wizard_accounts (wizard_id, external_id, user_name, name_key, email_key, person_key, correlation_id, active, profile)
     select $1, a.* from jsonb_to_recordset($2::jsonb) as a(external_id text, user_name text, name_key text,
       email_key text, person_key text, correlation_id text, active boolean, profile jsonb)
     on conflict do nothing`,
    [wizardId, JSON.stringify(accounts)],
  );
}

/** Notes which accounts these people could have: one statement for all of them. Five people per account are kept. */
export async function matchPeople(
  db: Queryable,
  wizardId: WizardId,
  people: readonly MatchablePerson[],
): Promise<void> {
  await db.query(
    `with p as materialized (
       select $1::text as wizard_id, r.* from jsonb_to_recordset($2::jsonb)
         as r(id text, name_key text, email_key text, person_key text)),
     hits as (
       select w.external_id, p.id, true as exact from p join wizard_accounts w using (wizard_id, name_key)
       union all
       select w.external_id, p.id, true from p join wizard_accounts w on w.wizard_id = p.wizard_id and w.correlation_id = p.id
       union all
       select w.external_id, p.id, false from p join wizard_accounts w using (wizard_id, email_key)
       union all
       select w.external_id, p.id, false from p join wizard_accounts w using (wizard_id, person_key)),
     found as (
       select external_id, array_agg(distinct id) filter (where exact) as exact,
         array_agg(distinct id) filter (where not exact) as partial
       from hits group by external_id)
     update wizard_accounts w set
       exact = (w.exact || coalesce(found.exact, '{}'))[1:5],
       partial = (w.partial || coalesce(found.partial, '{}'))[1:5]
     from found where w.wizard_id = $1 and w.external_id = found.external_id`,
    [wizardId, JSON.stringify(people)],
  );
}

const kindOf = `case
  when cardinality(exact) = 1 then 'exact'
  when cardinality(exact) > 1 then 'ambiguous'
  when cardinality(partial) = 1 then 'partial'
  when cardinality(partial) > 1 then 'ambiguous'
  else 'none' end`;

export async function countMatches(
  db: Queryable,
  wizardId: WizardId,
): Promise<Pick<MatchCounts, 'accounts' | MatchKind> & { readonly matchedPeople: number }> {
  const [row] = await db.query<Pick<MatchCounts, 'accounts' | MatchKind> & { readonly matchedPeople: number }>(
    `select count(*)::int as accounts,
       count(*) filter (where kind = 'exact')::int as exact, count(*) filter (where kind = 'partial')::int as partial,
       count(*) filter (where kind = 'none')::int as none, count(*) filter (where kind = 'ambiguous')::int as ambiguous,
       count(distinct exact[1]) filter (where kind = 'exact')::int as "matchedPeople"
     from (select exact, ${kindOf} as kind from wizard_accounts where wizard_id = $1) m`,
    [wizardId],
  );
  return row ?? { accounts: 0, exact: 0, partial: 0, none: 0, ambiguous: 0, matchedPeople: 0 };
}

export interface MatchedAccount {
  readonly externalId: ExternalId;
  readonly userName: string;
  readonly active: boolean | null;
  readonly match: MatchKind;
  /** Whom it could belong to. */
  readonly people: readonly { readonly id: UserId; readonly login: string }[];
}

/** In order of the accounts' ids. */
export function listMatches(
  db: Queryable,
  wizardId: WizardId,
  list: { readonly kind?: MatchKind; readonly after?: string; readonly limit: number },
): Promise<MatchedAccount[]> {
  return db.query<MatchedAccount>(
    `select external_id as "externalId", user_name as "userName", active, kind as match,
       (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'login', u.profile->>'login') order by u.id), '[]')
        from users u where u.id = any(case when cardinality(exact) > 0 then exact else partial end)) as people
     from (select *, ${kindOf} as kind from wizard_accounts where wizard_id = $1) m
     where external_id > $2 and ($3::text is null or kind = $3) order by external_id limit $4`,
    [wizardId, list.after ?? '', list.kind ?? null, list.limit],
  );
}

/** What the wizard has listed is known of the app from its first moment on. */
export async function adoptListedAccounts(tx: Tx, wizardId: WizardId, appId: AppId): Promise<void> {
  await tx.query(
    `insert into app_accounts (app_id, external_id, name_key, correlation_id, active, profile)
     select $2, external_id, name_key, correlation_id, active, profile || jsonb_build_object('userName', user_name)
     from wizard_accounts where wizard_id = $1 on conflict do nothing`,
    [wizardId, appId],
  );
  await tx.query('update app_connections set accounts_listed = now() where app_id = $1', [appId]);
  await tx.query('delete from wizard_accounts where wizard_id = $1', [wizardId]);
}

/** People who could have an account, in order of ids. */
export function listMatchablePeople(
  db: Queryable,
  after: string,
  limit: number,
): Promise<{ readonly id: UserId; readonly status: 'ACTIVE'; readonly profile: Profile }[]> {
  return db.query(
    `select id, status, profile from users where id > $1 and status <> 'DEPROVISIONED' order by id limit $2`,
    [after, limit],
  );
}
