import type { PlanChange } from '../../domain/plan-change.ts';
import { UsherError } from '../../lib/errors.ts';
import { newId, type AppId, type PlanId, type RunId } from '../../lib/ids.ts';
import { findMapping } from '../../store/app-mappings.ts';
import type { Queryable, Tx } from '../../store/database.ts';
import { findStaleEntries, listEntryUserIds, listPlanEntries, type StaleEntry } from '../../store/plan-entries.ts';
import * as store from '../../store/plans.ts';
import type { Plan, PlanStatus } from '../../store/plans.ts';
import { appendRunItems } from '../../store/run-items.ts';
import { logAppEvent, requireApp } from '../app-change.ts';
import { authorize, visibleApps } from '../authorize.ts';
import type { AppContext, Context } from '../context.ts';
import { insertRun } from '../runs/insert.ts';
import { fillWithPeople } from '../runs/people.ts';
import { makeChange, namedAssignment, planPermissions, proveChange, titleOf } from './change.ts';
import { insideOf, rehearse } from './inside.ts';

/**
 * Keeps a change as a plan, and begins the run that computes what it would do to whom. Nothing is sent to the app and
 * nothing is changed.
 *
 * @throws {UsherError} `not_found`, and whatever making the change outright would be refused for.
 */
export async function createPlan(context: AppContext, change: PlanChange): Promise<{ planId: PlanId; runId: RunId }> {
  const appId = await appOf(context.db, change);
  const named = namedAssignment(change) !== undefined;
  await authorize(context, context.db, planPermissions[change.kind], { apps: [appId] });
  await requireApp(context.db, appId);
  if (!named) {
    await rehearse(
      context,
      (inside) => makeChange(inside, change),
      async () => undefined,
    );
  }
  const planId = newId('plan');
  return context.db.transaction(async (tx) => {
    const plan = { id: planId, appId, change: withoutPeople(change), title: titleOf(change) };
    await store.insertPlan(tx, { ...plan, createdBy: context.actor });
    const fill = named ? (id: RunId) => fillNamed(context, tx, id, change) : undefined;
    const runId = await insertRun(context, tx, { kind: 'plan', appId, request: { planId } }, fill);
    await store.updatePlan(tx, planId, { runId });
    return { planId, runId };
  });
}

/** The same change planned anew: of the people the plan names, or of whom its search finds now. @throws as both do. */
export async function createPlanAgain(context: AppContext, planId: PlanId): Promise<{ planId: PlanId; runId: RunId }> {
  const { change, basis } = await getPlan(context, planId);
  const isOfPeople = change.kind === 'assignment' || change.kind === 'unassignment';
  if (!isOfPeople || change.search !== undefined) return createPlan(context, change);
  if (basis === null)
    throw new UsherError('wrong_state', `The plan ${planId} is not computed, so it names nobody yet.`);
  return createPlan(context, { ...change, userIds: await listEntryUserIds(context.db, planId) });
}

/** @throws {UsherError} `not_found`, also for a plan about an app the caller may not see. */
export async function getPlan(context: Context, planId: PlanId): Promise<Plan> {
  const plan = await store.findPlan(context.db, planId);
  if (plan === undefined) throw planNotFound(planId);
  await authorize(context, context.db, 'apps.read', { apps: [plan.appId] });
  return plan;
}

/** The newest first. */
export function listPlans(context: Context, filter: Omit<store.PlanFilter, 'within'>): Promise<Plan[]> {
  return store.listPlans(context.db, { ...filter, within: visibleApps(context) });
}

/** One page in order of user ids. @throws {UsherError} as `getPlan` does. */
export async function listEntries(context: Context, planId: PlanId, page: Parameters<typeof listPlanEntries>[2]) {
  await getPlan(context, planId);
  return listPlanEntries(context.db, planId, page);
}

/** A plan that was applied; with the secret of the app it has made, where that has one. It is shown this once. */
export interface AppliedPlan extends Plan {
  readonly clientSecret?: string;
}

/**
 * Makes just the change the plan shows, if every entry still holds; the engine then does the writes.
 *
 * @throws {UsherError} `stale` with a cause per entry that no longer holds, nothing changed; `wrong_state` unless the
 *   plan is READY; and whatever the change itself is refused for.
 */
export async function applyPlan(context: AppContext, planId: PlanId): Promise<AppliedPlan> {
  const { change, status } = await getPlan(context, planId);
  if (status === 'READY') await proveChange(context, change);
  let clientSecret: string | undefined;
  const plan = await decide(context, planId, 'APPLIED', async (tx, held) => {
    await assertFresh(tx, held);
    const userIds = held.basis?.named === true ? await listEntryUserIds(tx, planId) : [];
    const made = await makeChange(insideOf(context, tx), change, userIds);
    if (made === undefined) return;
    clientSecret = made.clientSecret;
    await store.updatePlan(tx, planId, { madeAppId: made.id });
  });
  return clientSecret === undefined ? plan : { ...plan, clientSecret };
}

/** Puts a plan away. @throws {UsherError} `wrong_state` when it has been decided on already. */
export function discardPlan(context: Context, planId: PlanId): Promise<Plan> {
  return decide(context, planId, 'DISCARDED', async (tx, { id, appId, title }) => {
    const app = await requireApp(tx, appId);
    await logAppEvent(context, tx, app, 'application.plan.discard', { debug: { planId: id, title } });
  });
}

async function decide(
  context: Context,
  planId: PlanId,
  status: 'APPLIED' | 'DISCARDED',
  act: (tx: Tx, plan: Plan) => Promise<void>,
): Promise<Plan> {
  return context.db.transaction(async (tx) => {
    const plan = await store.lockPlan(tx, planId);
    if (plan === undefined) throw planNotFound(planId);
    await authorize(context, tx, planPermissions[plan.change.kind], { apps: [plan.appId] });
    const may: readonly PlanStatus[] = status === 'APPLIED' ? ['READY'] : ['READY', 'COMPUTING', 'FAILED'];
    if (!may.includes(plan.status)) throw undecidable(plan, status);
    await act(tx, plan);
    await store.updatePlan(tx, planId, { status, decidedBy: context.actor });
    return (await store.findPlan(tx, planId)) ?? plan;
  });
}

/** Entries named in the answer; there may be more. */
const staleShown = 20;

async function assertFresh(tx: Tx, plan: Plan): Promise<void> {
  const revision = await store.holdRevision(tx, plan.appId);
  if (revision !== plan.revision || plan.basis === null) {
    const reason = 'its configuration has been changed since';
    throw stale([{ field: 'app', reason }]);
  }
  const entries = await findStaleEntries(tx, { ...plan, basis: plan.basis }, staleShown);
  if (entries.length > 0) {
    throw stale(entries.map((entry) => ({ field: `entries.${entry.name}`, reason: staleReasons[entry.what] })));
  }
}

const staleReasons: Readonly<Record<StaleEntry['what'], string>> = {
  changed: 'the person, their groups or their account have changed since',
  new: 'was not concerned when the plan was made and would be now',
  gone: 'was concerned when the plan was made and no longer is',
  account: 'another account would be found in the app now',
};

function stale(causes: readonly { readonly field: string; readonly reason: string }[]): UsherError {
  const [first] = causes;
  const example = first === undefined ? '' : ` (${first.field}: ${first.reason})`;
  return new UsherError(
    'stale',
    `The plan no longer holds, so nothing was changed: what it rests on is not as it was${example}. Make the plan again.`,
    { causes },
  );
}

function undecidable(plan: Plan, status: 'APPLIED' | 'DISCARDED'): UsherError {
  const verb = status === 'APPLIED' ? 'applied' : 'discarded';
  const advice = plan.status === 'COMPUTING' ? 'Wait until it is READY.' : 'Make another one.';
  return new UsherError('wrong_state', `The plan ${plan.id} is ${plan.status} and cannot be ${verb}. ${advice}`);
}

function withoutPeople(change: PlanChange): PlanChange {
  if (!('userIds' in change)) return change;
  const { userIds: _userIds, ...rest } = change;
  return rest;
}

async function fillNamed(context: Context, tx: Tx, runId: RunId, change: PlanChange): Promise<number> {
  const { userIds, search } = 'userIds' in change || 'search' in change ? change : {};
  if ((userIds === undefined) === (search === undefined)) {
    const reason = 'or search must be given, and not both';
    throw new UsherError('invalid_input', `Say whom the plan is about: userIds ${reason}.`, {
      causes: [{ field: 'change.userIds', reason }],
    });
  }
  if (userIds !== undefined) return appendRunItems(tx, runId, [...new Set(userIds)]);
  return fillWithPeople(context, tx, runId, { search: search ?? '' });
}

async function appOf(db: Queryable, change: PlanChange): Promise<AppId> {
  if (change.kind !== 'mapping') return change.appId;
  const mapping = await findMapping(db, change.mappingId);
  if (mapping?.direction === 'TO_APP') return mapping.appId;
  const what = mapping === undefined ? 'There is no mapping' : 'Only a mapping towards an app can be planned, not one';
  throw new UsherError('not_found', `${what} with the id ${change.mappingId}.`);
}

function planNotFound(planId: PlanId): UsherError {
  return new UsherError('not_found', `There is no plan with the id ${planId}.`);
}
