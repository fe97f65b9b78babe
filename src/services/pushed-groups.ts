import { UsherError } from '../lib/errors.ts';
import type { AppId, GroupId, GroupPushId } from '../lib/ids.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import * as store from '../store/app-group-push-list.ts';
import { pushGroupsNow, setNamePolicy } from '../store/app-group-push.ts';
import type { App } from '../domain/app.ts';
import type { Queryable } from '../store/database.ts';
import { logPush } from './app-group-push.ts';
import { beginAppChange, logAppEvent, requireApp } from './app-change.ts';
import { authorize, visibleApps } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { getGroup } from './groups.ts';

/** Group push in one app at a glance: what it can, whether it may, and how it stands. */
export interface GroupPushOverview extends store.PushCounts {
  readonly enabled: boolean;
  readonly can: {
    readonly create: boolean;
    readonly update: boolean;
    readonly delete: boolean;
    readonly link: boolean;
  };
}

/** @throws {UsherError} `not_found` (app) */
export async function describeGroupPush(context: AppContext, appId: AppId): Promise<GroupPushOverview> {
  const app = await requireApp(context.db, appId);
  const groups = provisioningEntryOf(context, app)?.capabilities.groups;
  const can = {
    create: groups?.create === true,
    update: groups?.update === true,
    delete: groups?.delete === true,
    link: groups?.link === true,
  };
  const enabled = app.provisioning.groupPush !== false && can.update;
  return { enabled, can, ...(await store.countPushedGroups(context.db, appId)) };
}

/** One page in order of ids. @throws {UsherError} `not_found` (app) */
export async function listPushedGroups(
  context: Context,
  appId: AppId,
  filter: store.PushedGroupFilter,
): Promise<store.PushedGroup[]> {
  await requireApp(context.db, appId);
  return store.listPushedGroups(context.db, appId, filter);
}

/**
 * The apps that a group is pushed to, and how far that is: one page of those that one may see, in order of the pushes' ids.
 *
 * @throws {UsherError} `not_found` (group)
 */
export async function listPushesOfGroup(
  context: Context,
  groupId: GroupId,
  page: { readonly after?: GroupPushId; readonly limit: number },
): Promise<store.PushOfGroup[]> {
  await getGroup(context, groupId);
  return store.listPushesOfGroup(context.db, groupId, { ...page, within: visibleApps(context) });
}

/** One pushed group, and how many of its people cannot be in it yet. */
export interface PushedGroupDetail extends store.PushedGroup {
  readonly people: number;
  readonly withoutAccount: number;
}

/** @throws {UsherError} `not_found` (app or mapping) */
export async function getPushedGroup(context: Context, appId: AppId, id: GroupPushId): Promise<PushedGroupDetail> {
  return detail(context.db, await requireApp(context.db, appId), id);
}

/**
 * Compares the group in the app with what it should be, member by member, and puts right what differs. Members nobody
 * here knows of stay.
 *
 * @throws {UsherError} `not_found` (app or mapping); `wrong_state` while the mapping is INACTIVE.
 */
export async function pushGroupNow(context: Context, appId: AppId, id: GroupPushId): Promise<PushedGroupDetail> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const push = await detail(tx, app, id);
    if (push.status === 'INACTIVE') {
      throw new UsherError('wrong_state', 'The mapping is INACTIVE, so its group is not pushed. Activate it first.');
    }
    await pushGroupsNow(tx, appId, { id });
    await context.queue.signalApps(tx, [appId]);
    const eventType = 'application.provision.group_push.updated';
    await logPush(context, tx, app, push.sourceGroupId, eventType, { action: 'push_now' });
    return detail(tx, app, id);
  });
}

/**
 * The same for every mapping that is in ERROR. Returns how many there were. It decides nothing about what is pushed, and
 * what failed comes again by itself: so it takes the right that tasks of failed groups take, and not the app's management.
 *
 * @throws {UsherError} `not_found` (app)
 */
export async function retryFailedPushes(context: Context, appId: AppId): Promise<number> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const retried = await pushGroupsNow(tx, appId, 'failed');
    if (retried === 0) return 0;
    await context.queue.signalApps(tx, [appId]);
    const debug = { action: 'retry_failed', mappings: retried };
    await logAppEvent(context, tx, app, 'application.provision.group_push.updated', { debug });
    return retried;
  });
}

/**
 * Whether the group in the app follows when ours is renamed (SOURCE), or keeps the name it has (TARGET).
 *
 * @throws {UsherError} `not_found` (app or mapping)
 */
export async function setPushNamePolicy(
  context: Context,
  appId: AppId,
  id: GroupPushId,
  namePolicy: 'SOURCE' | 'TARGET',
): Promise<PushedGroupDetail> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    const before = await detail(tx, app, id);
    if (before.namePolicy === namePolicy) return before;
    await setNamePolicy(tx, id, namePolicy);
    await context.queue.signalApps(tx, [appId]);
    const eventType = 'application.provision.group_push.updated';
    await logPush(context, tx, app, before.sourceGroupId, eventType, { namePolicy });
    return detail(tx, app, id);
  });
}

async function detail(db: Queryable, app: App, id: GroupPushId): Promise<PushedGroupDetail> {
  const push = await store.findPushedGroup(db, app.id, id);
  if (push === undefined) {
    throw new UsherError('not_found', `${app.label} has no group push mapping with the id ${id}.`);
  }
  return { ...push, ...(await store.countPeopleOfPush(db, app.id, push.sourceGroupId)) };
}
