import type { Actor } from '../domain/log-event.ts';
import type { PlanChange } from '../domain/plan-change.ts';
import type { AppScope } from '../domain/rights.ts';
import type { AppId, GroupId, PlanId, RunId } from '../lib/ids.ts';
import { queryOne, type Queryable, type Tx } from './database.ts';
import { appInScope, appTargetsOf } from './scopes.ts';

export const planStatuses = ['COMPUTING', 'READY', 'APPLIED', 'DISCARDED', 'FAILED'] as const;
export type PlanStatus = (typeof planStatuses)[number];

/** A change that is not made yet. What it would do to whom is in plan-entries.ts. */
export interface Plan {
  readonly id: PlanId;
  readonly appId: AppId;
  /** Without a list of people: whom it names are the people of its entries. */
  readonly change: PlanChange;
  readonly title: string;
  readonly createdBy: Actor;
  /** FAILED: it could not be computed, and the run says why. */
  readonly status: PlanStatus;
  readonly runId: RunId | null;
  /** The app's revision it was computed at. */
  readonly revision: number | null;
  /** The groups that would give the app, and the people named, whom the plan is about; null: not known yet. */
  readonly basis: PlanBasis | null;
  /** Entries by kind. */
  readonly counts: { readonly [kind: string]: number };
  /** Requests it would cost, and seconds. */
  readonly requests: number;
  readonly seconds: number | null;
  readonly notes: readonly string[];
  readonly created: Date;
  readonly computed: Date | null;
  readonly decided: Date | null;
  readonly decidedBy: Actor | null;
  /** The app applying it has made; null also where that app is gone. */
  readonly madeAppId: AppId | null;
  /** Attributes of the app whose values nobody is shown because the app never shows them. */
  readonly writeOnly: readonly string[];
}

export interface PlanBasis {
  readonly groupIds: readonly GroupId[];
  /** True where the plan is about people named and nobody else; false: about everybody of the app. */
  readonly named: boolean;
}

export async function insertPlan(
  tx: Tx,
  plan: Pick<Plan, 'id' | 'appId' | 'change' | 'title' | 'createdBy'>,
): Promise<void> {
  await tx.query(
    `insert into plans (id, app_id, change, title, created_by, status)
     values ($1, $2, $3::jsonb, $4, $5::jsonb, 'COMPUTING')`,
    [plan.id, plan.appId, JSON.stringify(plan.change), plan.title, JSON.stringify(plan.createdBy)],
  );
}

export type PlanChanges = Partial<
  Pick<
    Plan,
    'status' | 'runId' | 'revision' | 'basis' | 'counts' | 'requests' | 'seconds' | 'notes' | 'decidedBy' | 'madeAppId'
  >
>;

/** Writes what is given and leaves the rest; READY and the decisions stamp their time. */
export async function updatePlan(tx: Tx, planId: PlanId, changes: PlanChanges): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.query(
    `update plans set
       status = coalesce($2, status),
       run_id = coalesce($3, run_id),
       revision = coalesce($4::bigint, revision),
       basis = coalesce($5::jsonb, basis),
       counts = coalesce($6::jsonb, counts),
       requests = coalesce($7::bigint, requests),
       seconds = coalesce($8::float8, seconds),
       notes = coalesce($9::jsonb, notes),
       decided_by = coalesce($10::jsonb, decided_by),
       made_app_id = coalesce($11, made_app_id),
       computed = case when $2 = 'READY' then now() else computed end,
       decided = case when $2 in ('APPLIED', 'DISCARDED') then now() else decided end
     where id = $1`,
    [
      ...[planId, changes.status ?? null, changes.runId ?? null, changes.revision ?? null, json(changes.basis)],
      ...[json(changes.counts), changes.requests ?? null, changes.seconds ?? null, json(changes.notes)],
      ...[json(changes.decidedBy), changes.madeAppId ?? null],
    ],
  );
}

export async function findPlan(db: Queryable, planId: PlanId): Promise<Plan | undefined> {
  const row = await queryOne<PlanRow>(db, `select ${columns} from ${fromPlans} where p.id = $1`, [planId]);
  return row && toPlan(row);
}

/** The same, kept from being decided on by anybody else until the transaction ends. */
export async function lockPlan(tx: Tx, planId: PlanId): Promise<Plan | undefined> {
  await tx.query('select 1 from plans where id = $1 for no key update', [planId]);
  return findPlan(tx, planId);
}

export interface PlanFilter {
  readonly appId?: AppId;
  readonly status?: PlanStatus;
  readonly within?: AppScope;
  /** The last plan of the page before. */
  readonly before?: Pick<Plan, 'id' | 'created'>;
  readonly limit: number;
}

/** The newest first. */
export async function listPlans(db: Queryable, filter: PlanFilter): Promise<Plan[]> {
  const rows = await db.query<PlanRow>(
    `select * from (select ${columns} from ${fromPlans} join apps a on a.id = p.app_id
       where ${appInScope('a', 1)} and ($2::text is null or p.app_id = $2)
         and ($3::timestamptz is null or (p.created, p.id) < ($3, $4))) found
     where $5::text is null or status = $5
     order by created desc, id desc limit $6`,
    [
      ...[appTargetsOf(filter.within), filter.appId ?? null],
      ...[filter.before?.created ?? null, filter.before?.id ?? null, filter.status ?? null, filter.limit],
    ],
  );
  return rows.map(toPlan);
}

/** The app's revision, which stays what it is until the transaction ends; undefined when the app is gone. */
export async function holdRevision(tx: Tx, appId: AppId): Promise<number | undefined> {
  const row = await queryOne<{ revision: number }>(tx, 'select revision from apps where id = $1 for no key update', [
    appId,
  ]);
  return row?.revision;
}

const fromPlans = 'plans p left join runs r on r.id = p.run_id';

/** A plan whose run has ended without making it ready will never be. */
const columns = `p.id, p.app_id, p.change, p.title, p.created_by, p.run_id, p.revision, p.basis, p.counts, p.requests,
  p.seconds, p.notes, p.created, p.computed, p.decided, p.decided_by, p.made_app_id,
  array(select d.key from profile_schemas s, jsonb_each(s.base || s.custom) d
        where s.app_id = p.app_id and d.value->>'mutability' = 'WRITE_ONLY') as write_only,
  case when p.status = 'COMPUTING' and r.status in ('FAILED', 'CANCELLED') then 'FAILED' else p.status end as status`;

interface PlanRow extends Omit<Plan, 'appId' | 'createdBy' | 'runId' | 'decidedBy' | 'madeAppId' | 'writeOnly'> {
  readonly app_id: AppId;
  readonly created_by: Actor;
  readonly run_id: RunId | null;
  readonly decided_by: Actor | null;
  readonly made_app_id: AppId | null;
  readonly write_only: readonly string[];
}

function toPlan(row: PlanRow): Plan {
  const { app_id, created_by, run_id, decided_by, made_app_id, write_only, ...same } = row;
  const [appId, createdBy, runId, decidedBy] = [app_id, created_by, run_id, decided_by];
  return { ...same, appId, createdBy, runId, decidedBy, madeAppId: made_app_id, writeOnly: write_only };
}
