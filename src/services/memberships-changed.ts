import type { GroupId } from '../lib/ids.ts';
import { appsPushing } from '../store/app-group-push-changes.ts';
import type { Tx } from '../store/database.ts';
import { touchMemberships } from '../store/groups.ts';
import type { Context } from './context.ts';

/** What follows from any change to who is in these groups, besides what follows for the people themselves. */
export async function followMemberships(context: Context, tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  await touchMemberships(tx, groupIds);
  await signalPushes(context, tx, groupIds);
}

/** Wakes the workers of the apps that are given these groups. */
export async function signalPushes(context: Context, tx: Tx, groupIds: readonly GroupId[]): Promise<void> {
  const appIds = await appsPushing(tx, groupIds);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
}
