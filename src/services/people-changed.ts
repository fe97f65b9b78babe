import { chunksOf } from '../lib/chunks.ts';
import type { UserId } from '../lib/ids.ts';
import { refreshPeople } from '../store/assignments.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import type { Context } from './context.ts';
import { evaluateRules, failureEvents, type PeopleChange } from './rule-evaluation.ts';

/** People whose rows one statement takes. */
const chunkSize = 5_000;

/**
 * What follows from any change to people, in the change's own transaction: the group rules are asked again, the
 * people's apps are marked as work, and the workers of those apps are signalled.
 */
export async function followPeople(
  context: Context,
  tx: Tx,
  userIds: readonly UserId[],
  change: PeopleChange,
): Promise<void> {
  for (const chunk of chunksOf(userIds, chunkSize)) {
    const outcome = await evaluateRules(context, tx, chunk, change);
    await appendEvents(tx, failureEvents(context, outcome));
    await refreshPeopleOfApps(context, tx, chunk);
  }
}

/** The second half of {@link followPeople}, for people no rule is about to move. At most 5,000. */
export async function refreshPeopleOfApps(context: Context, tx: Tx, userIds: readonly UserId[]): Promise<void> {
  const appIds = await refreshPeople(tx, userIds);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
}
