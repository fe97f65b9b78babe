import type { GroupRule } from '../domain/group.ts';
import { systemActor } from '../domain/log-event.ts';
import { underRules } from '../domain/rule-membership.ts';
import { userStatuses } from '../domain/user.ts';
import { newId, type GroupRuleId, type RunId, type UserId } from '../lib/ids.ts';
import { findRule } from '../store/group-rules.ts';
import { appendEvents } from '../store/log-events.ts';
import { endLostRuns, insertRun, updateRun } from '../store/runs.ts';
import { listIdsByStatus } from '../store/users.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';
import { refreshPeopleOfApps } from './people-changed.ts';
import { evaluateRules, failureEvents, ruleTarget, type RuleFailure } from './rule-evaluation.ts';

/** People per transaction. */
const chunkSize = 1_000;

/** How far a walk is, and what it has found. */
interface Progress {
  readonly runId: RunId;
  readonly after: UserId | undefined;
  readonly people: number;
  readonly added: number;
  readonly removed: number;
  readonly unsettled: number;
  readonly failure: RuleFailure | undefined;
}

/**
 * Walks over everybody after a rule was switched on, a thousand people per transaction, and ends early where it has
 * been switched off meanwhile. Called again after a crash it starts over, which changes nothing that is done.
 */
export async function runRuleJob(context: Context, ruleId: GroupRuleId): Promise<void> {
  const runId = newId('run');
  const run = { kind: 'rule_evaluation', request: { ruleId } } as const;
  await context.db.transaction(async (tx) => {
    await endLostRuns(tx, run.kind, run.request);
    await insertRun(tx, { ...run, id: runId, appId: null, startedBy: systemActor });
  });
  const start = { runId, after: undefined, people: 0, added: 0, removed: 0, unsettled: 0, failure: undefined };
  let progress: Progress | undefined = start;
  while (progress !== undefined) progress = await walkChunk(context, ruleId, progress);
}

/** One transaction of the walk. Undefined when it is over. */
async function walkChunk(context: Context, ruleId: GroupRuleId, progress: Progress): Promise<Progress | undefined> {
  const statuses = userStatuses.filter(underRules);
  return context.db.transaction(async (tx) => {
    const rule = await findRule(tx, ruleId);
    if (rule?.status !== 'ACTIVE') {
      const problems = [{ reason: 'The rule was switched off or deleted while it was being evaluated.' }];
      await updateRun(tx, progress.runId, { status: 'FAILED', problems });
      return undefined;
    }
    const userIds = await listIdsByStatus(tx, statuses, progress.after, chunkSize);
    const outcome = await evaluateRules(context, tx, userIds, 'person');
    if (outcome.changedUserIds.length > 0) await refreshPeopleOfApps(context, tx, outcome.changedUserIds);
    const next = {
      runId: progress.runId,
      after: userIds.at(-1),
      people: progress.people + userIds.length,
      added: progress.added + outcome.added.filter((each) => each.source === ruleId).length,
      removed: progress.removed + outcome.removed.filter((each) => each.source === ruleId).length,
      unsettled: progress.unsettled + outcome.unsettled,
      failure: sum(progress.failure, outcome.failures.get(ruleId)),
    };
    const last = userIds.length < chunkSize;
    await updateRun(tx, progress.runId, {
      ...{ counts: countsOf(next), done: next.people - (next.failure?.people ?? 0), failed: next.failure?.people ?? 0 },
      ...(last ? { status: 'SUCCEEDED' as const, total: next.people } : {}),
    });
    if (last) await appendEvents(tx, endEvents(context, rule, next));
    return last ? undefined : next;
  });
}

function endEvents(context: Context, rule: GroupRule, progress: Progress) {
  const { failure, unsettled } = progress;
  const failures = new Map(failure === undefined ? [] : [[rule.id, failure]]);
  return [
    ...failureEvents(context, { failures, unsettled }),
    succeeded(
      { ...context, actor: systemActor },
      'group.user_membership.rule.trigger',
      [ruleTarget(rule)],
      countsOf(progress),
    ),
  ];
}

function countsOf({ people, added, removed, failure }: Progress) {
  return { people, added, removed, failed: failure?.people ?? 0 };
}

function sum(left: RuleFailure | undefined, right: RuleFailure | undefined): RuleFailure | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return { ...left, people: left.people + right.people };
}
