import type { App } from '../domain/app.ts';
import { groupTarget } from '../domain/event-targets.ts';
import type { Group } from '../domain/group.ts';
import type { EventType } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { newId, type AppId, type GroupId, type GroupPushId } from '../lib/ids.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import { findConnection } from '../store/app-connections.ts';
import * as store from '../store/app-group-push.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findGroup, lockGroup } from '../store/groups.ts';
import { beginAppChange, logAppEvent, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';

export interface NewGroupPush {
  readonly sourceGroupId: GroupId;
  /** A group the app is known to have, or the name of one it is to have. One of the two. */
  readonly targetGroupId?: GroupId;
  readonly targetGroupName?: string;
  /** ACTIVE when left out. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
}

/**
 * Ties a group to one in the app, which gets its members from then on. A group the app already has under the name is
 * taken over; else it is made when the mapping is first worked on.
 *
 * @throws {UsherError} `not_found` (app or group); `invalid_input` while the connection is off, for what is not one
 *   target, and for a group that is taken; `unsupported` for an app that cannot be given groups.
 */
export async function createGroupPush(
  context: AppContext,
  appId: AppId,
  input: NewGroupPush,
): Promise<store.GroupPush> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    // Whoever gives a group to an app shows its members there.
    await authorize(context, tx, 'groups.read', { groups: [input.sourceGroupId] });
    await assertTakesGroups(context, tx, app);
    const source = await requireSource(tx, app, input.sourceGroupId);
    const target = await chooseTarget(context, tx, app, input);
    const id = newId('group_push');
    await store.insertGroupPush(tx, {
      id,
      appId,
      sourceGroupId: source.id,
      targetGroupId: target.id,
      targetName: target.name,
      namePolicy: target.name === source.profile.name ? 'SOURCE' : 'TARGET',
      status: input.status ?? 'ACTIVE',
      mayLink: provisioningEntryOf(context, app)?.capabilities.groups.link === true,
    });
    await context.queue.signalApps(tx, [appId]);
    await logPush(context, tx, app, source.id, 'application.provision.group_push.mapping.created');
    return requirePush(tx, app, id);
  });
}

/** One page in order of ids. @throws {UsherError} `not_found` (app) */
export async function listGroupPushes(
  context: Context,
  appId: AppId,
  filter: store.GroupPushFilter,
): Promise<store.GroupPush[]> {
  await requireApp(context.db, appId);
  return store.listGroupPushes(context.db, appId, filter);
}

/** @throws {UsherError} `not_found` (app or mapping) */
export async function getGroupPush(context: Context, appId: AppId, id: GroupPushId): Promise<store.GroupPush> {
  return requirePush(context.db, await requireApp(context.db, appId), id);
}

/**
 * ACTIVE has the group pushed with all its members at once; INACTIVE leaves the one in the app as it is.
 *
 * @throws {UsherError} `not_found` (app or mapping)
 */
export async function setGroupPushStatus(
  context: Context,
  appId: AppId,
  id: GroupPushId,
  status: 'ACTIVE' | 'INACTIVE',
): Promise<store.GroupPush> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const before = await requirePush(tx, app, id);
    if (before.status === status) return before;
    await store.setGroupPushStatus(tx, id, status);
    await context.queue.signalApps(tx, [appId]);
    const verb = status === 'ACTIVE' ? 'activate_mapping' : 'deactivate_mapping';
    await logPush(context, tx, app, before.sourceGroupId, `application.provision.group_push.${verb}`);
    return requirePush(tx, app, id);
  });
}

/**
 * Unties the groups. The one in the app stays, with its members, unless it is to be deleted as well; that happens when
 * the app is next worked on.
 *
 * @throws {UsherError} `not_found`; `wrong_state` while the mapping is ACTIVE; `unsupported` where the app's groups
 *   cannot be deleted.
 */
export async function deleteGroupPush(
  context: AppContext,
  appId: AppId,
  id: GroupPushId,
  options: { readonly deleteTargetGroup: boolean },
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const push = await requirePush(tx, app, id);
    if (push.status === 'ACTIVE') {
      throw new UsherError('wrong_state', 'The mapping is ACTIVE and cannot be deleted. Deactivate it first.');
    }
    if (options.deleteTargetGroup && provisioningEntryOf(context, app)?.capabilities.groups.delete !== true) {
      throw new UsherError(
        'unsupported',
        `The groups of ${app.label} cannot be deleted from here. Leave deleteTargetGroup false, and delete it there.`,
      );
    }
    await store.removeGroupPushes(tx, [id], options.deleteTargetGroup);
    if (options.deleteTargetGroup) await context.queue.signalApps(tx, [appId]);
    await logPush(context, tx, app, push.sourceGroupId, 'application.provision.group_push.removed');
  });
}

const nameMax = 255;

/**
 * The catalog says what the app can do; the connector is what would do it.
 *
 * @throws {UsherError} `unsupported`, or `invalid_input` while the connection is off.
 */
export async function assertTakesGroups(context: AppContext, tx: Tx, app: App): Promise<void> {
  const entry = provisioningEntryOf(context, app);
  const connector = context.connectors.find((candidate) => candidate.key === entry?.connector);
  const { groups } = entry?.capabilities ?? {};
  if (connector === undefined || groups?.create !== true || !groups.update) {
    throw new UsherError('unsupported', `${app.label} cannot be given groups: its integration does not take them.`);
  }
  if ((await findConnection(tx, app.id))?.status === 'ENABLED') return;
  throw new UsherError('invalid_input', 'Provisioning is not enabled for the app instance.', {
    causes: [{ field: 'connection', reason: 'is not enabled; set it up and activate it first' }],
  });
}

async function requireSource(tx: Tx, app: App, groupId: GroupId): Promise<Group> {
  const group = await lockGroup(tx, groupId);
  if (group === undefined) throw new UsherError('not_found', `There is no group with the id ${groupId}.`);
  if (await store.isGroupOfApp(tx, app.id, groupId)) {
    throw refused('sourceGroupId', `is a group of ${app.label} itself`);
  }
  if (await store.isPushed(tx, app.id, groupId)) throw refused('sourceGroupId', `is pushed to ${app.label} already`);
  return group;
}

async function chooseTarget(
  context: AppContext,
  tx: Tx,
  app: App,
  { targetGroupId, targetGroupName }: NewGroupPush,
): Promise<{ readonly id: GroupId; readonly name: string }> {
  if ((targetGroupId === undefined) === (targetGroupName === undefined)) {
    throw refused('targetGroupId', 'or targetGroupName must be given, and not both');
  }
  const name = targetGroupName?.trim();
  if (name !== undefined) assertName(name);
  const standing =
    name === undefined
      ? await store.findGroupOfApp(tx, app.id, { id: targetGroupId })
      : await store.findGroupOfApp(tx, app.id, { name });
  const field = name === undefined ? 'targetGroupId' : 'targetGroupName';
  if (standing?.taken === true) throw refused(field, 'gets its members from another group already');
  if (standing?.external === true && provisioningEntryOf(context, app)?.capabilities.groups.link !== true) {
    throw refused(field, `is there already, and groups of ${app.label} cannot be taken over`);
  }
  if (standing !== undefined) return standing;
  if (name === undefined) throw refused(field, `is not a group of ${app.label}`);
  const id = newId('group');
  await store.insertGroupOfApp(tx, app.id, id, name);
  return { id, name };
}

function assertName(name: string): void {
  if (name === '') throw refused('targetGroupName', 'is empty');
  if (name.length > nameMax) throw refused('targetGroupName', `is longer than ${nameMax} characters`);
  if (/\p{Cc}/u.test(name)) throw refused('targetGroupName', 'contains a line break or another control character');
}

async function requirePush(db: Queryable, app: App, id: GroupPushId): Promise<store.GroupPush> {
  const push = await store.findGroupPush(db, app.id, id);
  if (push !== undefined) return push;
  throw new UsherError('not_found', `${app.label} has no group push mapping with the id ${id}.`);
}

export async function logPush(
  context: Context,
  tx: Tx,
  app: App,
  groupId: GroupId,
  eventType: EventType,
  debug?: JsonObject,
): Promise<void> {
  const group = await findGroup(tx, groupId);
  const targets = [groupTarget({ id: groupId, name: group?.profile.name ?? groupId })];
  await logAppEvent(context, tx, app, eventType, { targets, ...(debug === undefined ? {} : { debug }) });
}

function refused(field: string, reason: string): UsherError {
  return new UsherError('invalid_input', `The group cannot be pushed: ${field} ${reason}.`, {
    causes: [{ field, reason }],
  });
}
