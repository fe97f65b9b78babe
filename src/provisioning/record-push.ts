import { groupTarget } from '../domain/event-targets.ts';
import type { EventTarget, EventType } from '../domain/log-event.ts';
import { pushTaskId } from '../domain/task.ts';
import type { PushOutcome } from '../store/app-group-push-queue.ts';
import type { AppSetup } from './app-setup.ts';
import { verifyEverySeconds, type PushResult } from './push-group.ts';
import type { Retry } from './record.ts';

/** The outcome of one push as it is written down: its new state and its log events. */
export function describePush(result: PushResult, setup: AppSetup, retry: Retry): PushOutcome {
  const { push, error } = result;
  return {
    push,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    taskId: error && pushTaskId(push.appId, error, [result.groupName, push.sourceName ?? '', push.targetName]),
    againSeconds: error === undefined ? verifyEverySeconds : retry.afterSeconds,
    attemptCounts: retry.rowFailed,
    lookFirst: error?.outcomeUnknown === true || (error !== undefined && push.lookFirst && !result.verified),
    verified: result.verified,
    targets: eventTargets(result, setup),
    events: eventsOf(result, retry),
  };
}

type PushEvent = PushOutcome['events'][number];

function eventsOf(result: PushResult, retry: Retry): PushEvent[] {
  const { made, renamedFrom, members, error, end } = result;
  const done = (eventType: EventType, debug?: PushEvent['debug']): PushEvent => ({
    eventType,
    outcome: 'SUCCESS',
    ...(debug === undefined ? {} : { debug }),
  });
  const prefix = 'application.provision.group_push';
  const written: PushEvent[] = [
    ...(made === undefined ? [] : [done(`${prefix}.pushed`, { linked: made === 'linked' })]),
    ...(renamedFrom === undefined ? [] : [done(`${prefix}.mapping.app.group.renamed`, { from: renamedFrom })]),
    ...(members.added + members.removed === 0
      ? []
      : [done(`${prefix}.push_memberships`, { added: members.added, removed: members.removed })]),
    ...(end === 'removed' ? [done(`${prefix}.delete_appgroup`)] : []),
    ...(error === undefined || !retry.rowFailed
      ? []
      : [
          {
            eventType: `${prefix}.mapping.update.or.delete.failed.with.error` as const,
            outcome: 'FAILURE' as const,
            reason: error.message,
          },
        ]),
  ];
  // What failed and is right without anything to write would go on looking like a failure to who follows the log.
  const recovered =
    end === 'converged' && error === undefined && written.length === 0 && result.push.failingSeconds > 0;
  return recovered ? [done(`${prefix}.updated`, { recovered: true })] : written;
}

function eventTargets({ push, groupName }: PushResult, setup: AppSetup): EventTarget[] {
  const source = groupTarget({ id: push.sourceGroupId, name: push.sourceName ?? groupName });
  const target = push.targetGroupId === undefined ? [] : [groupTarget({ id: push.targetGroupId, name: groupName })];
  return [source, ...target, setup.target];
}
