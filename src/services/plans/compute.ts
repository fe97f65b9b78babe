import type { Connection } from '../../connectors/contract.ts';
import { UsherError } from '../../lib/errors.ts';
import type { PlanId } from '../../lib/ids.ts';
import { setUpApp, type AppSetup } from '../../provisioning/app-setup.ts';
import { loadSubjects } from '../../provisioning/load-subjects.ts';
import { openAppConnection } from '../../provisioning/open-connection.ts';
import { decideRow } from '../../provisioning/reconcile.ts';
import { loadAppConfig } from '../../store/app-config.ts';
import type { Tx } from '../../store/database.ts';
import { averageDurationMs } from '../../store/operations.ts';
import { loadPeopleOfGroups } from '../../store/people.ts';
import { insertPlanEntries, listPlanSubjects, sumPlanEntries, type PlanSubject } from '../../store/plan-entries.ts';
import { findPlan, holdRevision, lockPlan, updatePlan, type Plan, type PlanBasis } from '../../store/plans.ts';
import type { Run } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';
import type { Chunk, RunKind, RunWork } from '../runs/kind.ts';
import { makeChange, namedAssignment } from './change.ts';
import { duplicateEntry, planEntry } from './entry.ts';
import { rehearse } from './inside.ts';

/** People per transaction. */
const chunkSize = 1_000;

/** Computes plans: what the engine would do to each account if the change were made. */
export const planRuns: RunKind = { permission: 'apps.assign', open: openComputation };

/** The world after the change, as far as it is not about people one by one. */
interface After {
  readonly plan: Plan;
  readonly setup: AppSetup;
  /** Undefined where nothing could be sent. It is asked what it can do, and nothing else. */
  readonly connection: Connection | undefined;
  readonly basis: PlanBasis;
  /** The app's revision before the change. */
  readonly revision: number;
  /** What becomes of individual assignment where the change is about people named. */
  readonly assignment: 'direct' | 'none' | undefined;
}

function openComputation(context: AppContext, { request }: Run): RunWork {
  let after: After | undefined;
  return {
    before: async () => {
      after ??= await afterChange(context, String(request['planId']) as PlanId);
    },
    chunk: async (tx, run) => {
      if (after === undefined) throw new UsherError('internal', 'A plan was computed before its change was rehearsed.');
      return computeChunk(context, tx, run, after);
    },
    close: async () => after?.connection?.close(),
  };
}

async function afterChange(context: AppContext, planId: PlanId): Promise<After> {
  const plan = await findPlan(context.db, planId);
  if (plan === undefined) throw new UsherError('not_found', `There is no plan with the id ${planId}.`);
  const assignment = namedAssignment(plan.change);
  const named = assignment !== undefined;
  const revision = (await loadAppConfig(context.db, plan.appId))?.revision ?? 0;
  return rehearse(
    // Whether the change may be made was asked when the plan was, and is asked again when it is applied.
    { ...context, actor: { ...context.actor, type: 'SystemPrincipal' } },
    async (inside) => {
      if (!named) await makeChange(inside, plan.change);
    },
    async (inside) => {
      const config = await loadAppConfig(inside.db, plan.appId);
      if (config === undefined) throw new UsherError('not_found', `There is no app with the id ${plan.appId}.`);
      const groupIds = config.groups.map(({ groupId }) => groupId);
      const connection = config.connected ? await openAppConnection(inside.db, inside, plan.appId) : undefined;
      return { plan, setup: setUpApp(config), connection, basis: { groupIds, named }, revision, assignment };
    },
  );
}

async function computeChunk(context: AppContext, tx: Tx, run: Run, after: After): Promise<Chunk> {
  const { plan, setup, basis, revision } = after;
  if ((await holdRevision(tx, plan.appId)) !== revision) {
    throw new UsherError('stale', `${setup.label} was changed while the plan was being computed. Make the plan again.`);
  }
  // Discarded meanwhile.
  if ((await lockPlan(tx, plan.id))?.status !== 'COMPUTING') return { cursor: run.cursor, ended: true };
  const from = typeof run.cursor === 'string' ? run.cursor : '';
  const subjects = await listPlanSubjects(tx, plan.appId, { basis, runId: run.id, after: from, limit: chunkSize });
  const concerned = subjects.filter((subject) => subject.concerned);
  await insertPlanEntries(tx, plan.id, plan.appId, await decide(context, tx, after, concerned));
  const ended = subjects.length < chunkSize;
  if (ended) await finish(tx, after);
  const skipped = subjects.length - concerned.length;
  return { cursor: subjects.at(-1)?.row.userId ?? from, done: concerned.length, skipped, ended };
}

async function decide(context: AppContext, tx: Tx, after: After, subjects: readonly PlanSubject[]) {
  const { plan, setup, connection, basis, assignment } = after;
  const { change } = plan;
  if (change.kind === 'duplicate') return subjects.map((subject) => duplicateEntry(subject, change.links ?? 'MATCH'));
  const direct = assignment === 'direct';
  const rows = subjects.map(({ row }) =>
    assignment === undefined ? row : { ...row, direct, assignedProfile: direct ? row.assignedProfile : {} },
  );
  const people = await loadPeopleOfGroups(
    tx,
    basis.groupIds,
    rows.map(({ userId }) => userId),
  );
  const loaded = await loadSubjects(tx, setup, rows, people, context.clock.now());
  const looksFirst = !setup.accountsListed && connection?.list === undefined;
  return subjects.flatMap((subject, index) => {
    const row = loaded[index];
    return row === undefined ? [] : [planEntry(subject, decideRow(row, { setup, connection }), { setup, looksFirst })];
  });
}

async function finish(tx: Tx, { plan, setup, connection, basis, revision }: After): Promise<void> {
  const { counts, requests } = await sumPlanEntries(tx, plan.id);
  const unread = setup.provisioning.create && !setup.accountsListed && connection?.list !== undefined;
  await updatePlan(tx, plan.id, {
    ...{ status: 'READY', revision, basis, counts, requests },
    seconds: requests / (await requestsPerSecond(tx, setup)),
    notes: unread && (counts['create'] ?? 0) > 0 ? [unreadNote(setup.label)] : [],
  });
}

/** Milliseconds a request takes where there is no experience with the app. */
const usualMs = 200;

async function requestsPerSecond(tx: Tx, { appId, limits }: AppSetup): Promise<number> {
  const durationMs = (await averageDurationMs(tx, appId)) ?? usualMs;
  const atOnce = (limits.concurrencyMax * 1_000) / Math.max(durationMs, 1);
  return Math.min(atOnce, (limits.requestsPerMinute ?? Infinity) / 60);
}

function unreadNote(label: string): string {
  return `The accounts of ${label} have not been read yet, so that some of those to be created may turn out to be there already and be linked. Have them matched first to know.`;
}
