import type { App } from '../domain/app.ts';
import type { EventTarget, EventType } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import type { AppId, GroupId, UserId } from '../lib/ids.ts';
import type { JsonObject } from '../lib/json.ts';
import { findApp, reviseApp } from '../store/apps.ts';
import { grantByGroups, markApp, recheckAssignments } from '../store/assignments.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { markReaders } from '../store/profile-reads.ts';
import { retryConflictsOfRivals } from '../store/shared-accounts.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';

/** @throws {UsherError} `not_found` */
export async function requireApp(db: Queryable, appId: AppId): Promise<App> {
  return (await findApp(db, appId)) ?? missing(appId);
}

/**
 * Begins a change to an app's configuration: counts it, so that workers load the app afresh, and makes other changes
 * wait until this one is done.
 *
 * @throws {UsherError} `not_found`
 */
export async function beginAppChange(tx: Tx, appId: AppId): Promise<App> {
  return (await reviseApp(tx, appId)) ?? missing(appId);
}

/** Has everybody in the app looked at again, and those whom other instances on the same accounts left to it. */
export async function lookAgain(context: Context, tx: Tx, appId: AppId): Promise<void> {
  if (context.rehearsal === true) return;
  await markApp(tx, appId);
  const rivals = await retryConflictsOfRivals(tx, appId);
  await context.queue.signalApps(tx, [appId, ...rivals, ...(await markReaders(tx, appId, 'everybody'))]);
}

/** The same for the members of a group that has got the app, keeps it with other values, or has lost it. */
export async function lookAtMembers(
  context: Context,
  tx: Tx,
  { granted, ...scope }: { readonly appId: AppId; readonly groupId: GroupId; readonly granted: boolean },
): Promise<void> {
  if (context.rehearsal === true) return;
  await (granted ? grantByGroups(tx, scope) : recheckAssignments(tx, scope));
  await context.queue.signalApps(tx, [scope.appId, ...(await markReaders(tx, scope.appId, scope))]);
}

/** What follows when these people get the app, lose it, or have it with other values, besides the marks on their rows. */
export async function followAssignments(
  context: Context,
  tx: Tx,
  appId: AppId,
  userIds: readonly UserId[],
): Promise<void> {
  await context.queue.signalApps(tx, [appId, ...(await markReaders(tx, appId, { userIds }))]);
}

export interface AppEventDetails {
  /** What else the event is about; the app itself always comes last, as in Okta's log. */
  readonly targets?: readonly EventTarget[];
  readonly debug?: JsonObject;
}

export async function logAppEvent(
  context: Context,
  tx: Tx,
  app: Pick<App, 'id' | 'label'>,
  eventType: EventType,
  details: AppEventDetails = {},
): Promise<void> {
  const target: EventTarget = { id: app.id, type: 'AppInstance', alternateId: app.label, displayName: app.label };
  await appendEvents(tx, [succeeded(context, eventType, [...(details.targets ?? []), target], details.debug)]);
}

function missing(appId: AppId): never {
  throw new UsherError('not_found', `There is no app with the id ${appId}.`);
}
