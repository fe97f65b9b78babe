import { groupTarget, userTarget } from '../domain/event-targets.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import type { GroupOwner, OwnerId } from '../domain/group-owner.ts';
import type { EventTarget } from '../domain/log-event.ts';
import { UsherError } from '../lib/errors.ts';
import type { GroupId, UserId } from '../lib/ids.ts';
import type { Queryable, Tx } from '../store/database.ts';
import * as store from '../store/group-owners.ts';
import { findGroup } from '../store/groups.ts';
import { appendEvents } from '../store/log-events.ts';
import { findUsers } from '../store/users.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { getGroup } from './groups.ts';
import { succeeded } from './log.ts';

/** What to list; `search` as written. */
export interface OwnerListing extends Omit<store.OwnerList, 'search'> {
  readonly search?: string;
}

/** @throws {UsherError} `not_found`, or `invalid_input` for a search that does not hold. */
export async function listGroupOwners(
  context: Context,
  groupId: GroupId,
  { search, ...page }: OwnerListing,
): Promise<GroupOwner[]> {
  await getGroup(context, groupId);
  const asked = search === undefined ? {} : { search: parseFilter(search, 'search') };
  return store.listGroupOwners(context.db, groupId, { ...page, ...asked });
}

/**
 * Notes whom a group belongs to. Nothing happens where it does already.
 *
 * @throws {UsherError} `not_found` for the group or the owner; `invalid_input` for a group that would own itself.
 */
export function addGroupOwner(
  context: Context,
  groupId: GroupId,
  owner: Pick<GroupOwner, 'id' | 'type'>,
): Promise<GroupOwner> {
  return context.db.transaction(async (tx) => {
    const { target, ownerTarget } = await targetsOf(context, tx, groupId, owner);
    if (owner.id === groupId) {
      throw new UsherError('invalid_input', `The group ${target.displayName} cannot own itself.`, {
        causes: [{ field: 'id', reason: 'is the group itself' }],
      });
    }
    if (await store.insertGroupOwner(tx, groupId, owner)) {
      const event = succeeded(context, 'group.profile.update', [target, ownerTarget], { ownerAdded: owner.id });
      await appendEvents(tx, [event]);
    }
    return (await store.findGroupOwner(tx, groupId, owner.id)) ?? ownerNotFound(owner.id);
  });
}

/** @throws {UsherError} `not_found` for the group, or an owner it does not have. */
export function removeGroupOwner(context: Context, groupId: GroupId, ownerId: OwnerId): Promise<void> {
  return context.db.transaction(async (tx) => {
    const owner = await store.findGroupOwner(tx, groupId, ownerId);
    const { target, ownerTarget } = await targetsOf(context, tx, groupId, owner ?? { id: ownerId, type: 'USER' });
    if (owner === undefined) ownerNotFound(ownerId);
    await store.deleteGroupOwner(tx, groupId, ownerId);
    const event = succeeded(context, 'group.profile.update', [target, ownerTarget], { ownerRemoved: ownerId });
    await appendEvents(tx, [event]);
  });
}

async function targetsOf(
  context: Context,
  tx: Tx,
  groupId: GroupId,
  owner: Pick<GroupOwner, 'id' | 'type'>,
): Promise<{ readonly target: EventTarget; readonly ownerTarget: EventTarget }> {
  const group = await findGroup(tx, groupId);
  if (group === undefined) throw notFound(groupId, 'UserGroup');
  await authorize(context, tx, 'groups.manage', { groups: [groupId] });
  const target = groupTarget({ id: group.id, name: group.profile.name });
  return { target, ownerTarget: await ownerTargetOf(tx, owner) };
}

async function ownerTargetOf(db: Queryable, { id, type }: Pick<GroupOwner, 'id' | 'type'>): Promise<EventTarget> {
  if (type === 'USER') {
    const [user] = await findUsers(db, [id as UserId]);
    return user === undefined ? ownerNotFound(id) : userTarget(user);
  }
  const group = await findGroup(db, id as GroupId);
  return group === undefined ? ownerNotFound(id) : groupTarget({ id: group.id, name: group.profile.name });
}

function ownerNotFound(id: string): never {
  throw notFound(id, 'GroupOwner');
}

function notFound(id: string, type: string): UsherError {
  return new UsherError('not_found', `Not found: Resource not found: ${id} (${type})`);
}
