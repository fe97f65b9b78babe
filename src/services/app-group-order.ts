import type { GroupAssignment } from '../domain/assignment.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId, GroupId } from '../lib/ids.ts';
import { listAppGroups, setPriorities } from '../store/app-groups.ts';
import { beginAppChange, logAppEvent, lookAgain } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';

export interface GroupPriority {
  readonly groupId: GroupId;
  /** The lowest wins. */
  readonly priority: number;
}

/** More groups than any app has; the answer is one page. */
const groupsMax = 10_000;

/**
 * Changes priorities of several of an app's groups at once; the others keep theirs. Everybody in the app is looked at
 * again. Returns all of the app's groups, the best priority first.
 *
 * @throws {UsherError} `not_found` (app); `invalid_input` with a cause per entry: a group the app does not have, one
 *   named twice, a priority two groups would have. Then nothing has changed.
 */
export async function orderGroups(
  context: Context,
  appId: AppId,
  priorities: readonly GroupPriority[],
): Promise<GroupAssignment[]> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const before = await listAppGroups(tx, appId, { limit: groupsMax });
    const causes = clashes(before, priorities);
    if (causes.length > 0) {
      const sentences = causes.map(({ field, reason }) => `${field} ${reason}`).join('; ');
      throw new UsherError('invalid_input', `The groups cannot be put in this order: ${sentences}.`, { causes });
    }
    await setPriorities(tx, appId, priorities);
    await lookAgain(context, tx, appId);
    await logAppEvent(context, tx, app, 'group.application_assignment.update', {
      debug: { priorities: Object.fromEntries(priorities.map(({ groupId, priority }) => [groupId, priority])) },
    });
    return listAppGroups(tx, appId, { limit: groupsMax });
  });
}

function clashes(before: readonly GroupAssignment[], priorities: readonly GroupPriority[]): ErrorCause[] {
  const wanted = new Map(priorities.map(({ groupId, priority }) => [groupId, priority]));
  const kept = new Map(
    before.flatMap(({ groupId, priority }) => (wanted.has(groupId) ? [] : [[priority, groupId] as const])),
  );
  const known = new Set(before.map(({ groupId }) => groupId));
  const seen = new Map<number, number>();
  const named = new Set<GroupId>();
  return priorities.flatMap(({ groupId, priority }, index): ErrorCause[] => {
    const twice = named.has(groupId);
    named.add(groupId);
    const earlier = seen.get(priority);
    seen.set(priority, index);
    if (!known.has(groupId)) return [{ field: `${index}.groupId`, reason: 'is not a group that has the app' }];
    if (twice) return [{ field: `${index}.groupId`, reason: 'is named twice' }];
    if (earlier !== undefined) return [{ field: `${index}.priority`, reason: `is also that of entry ${earlier}` }];
    const holder = kept.get(priority);
    return holder === undefined
      ? []
      : [{ field: `${index}.priority`, reason: `is that of the group ${holder}, which is not moved` }];
  });
}
