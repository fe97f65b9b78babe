import type { App } from '../domain/app.ts';
import type { GroupAssignment } from '../domain/assignment.ts';
import { groupTarget } from '../domain/event-targets.ts';
import type { Group } from '../domain/group.ts';
import { allAttributes } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import { canonicalProfile, validateProfile } from '../domain/validate-profile.ts';
import { parseFilter } from '../domain/filter/parser.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { AppId, GroupId } from '../lib/ids.ts';
import { jsonEqual } from '../lib/json.ts';
import * as store from '../store/app-groups.ts';
import { findAppMapping } from '../store/app-mappings.ts';
import { findAppSchema } from '../store/app-schemas.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { findGroup, lockGroup } from '../store/groups.ts';
import { beginAppChange, logAppEvent, lookAtMembers, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import type { Asked } from './directory-listing.ts';

/** What is left out stays as it is. */
export interface GroupAssignmentValues {
  /**
   * The lowest number wins. A new assignment without one comes after all others; the first gets 0. A group that has
   * the number already makes room, and so on, as far as numbers follow each other without a gap.
   */
  readonly priority?: number;
  /** Values of app attributes for the members. Replaces what was there. */
  readonly profile?: Profile;
}

/**
 * Gives the app to a group: to its members of now and of later. A second time it changes the priority and values, and
 * the members are looked at again.
 *
 * @throws {UsherError} `not_found` (app or group), `invalid_input` with a cause per attribute: unknown, of the wrong
 *   type, personal, read-only, or mapped from the user's profile.
 */
export async function assignGroup(
  context: Context,
  appId: AppId,
  groupId: GroupId,
  values: GroupAssignmentValues = {},
): Promise<GroupAssignment> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    return assignGroupIn(context, tx, app, groupId, values);
  });
}

/** The same inside a transaction that has begun a change of the app. */
export async function assignGroupIn(
  context: Context,
  tx: Tx,
  app: App,
  groupId: GroupId,
  values: GroupAssignmentValues = {},
): Promise<GroupAssignment> {
  const group = await requireGroup(tx, groupId);
  return saveAssignment(context, tx, app, group, await store.findAppGroup(tx, app.id, groupId), values);
}

/**
 * Changes what a group that has the app is given, starting from what it is given now.
 *
 * @throws {UsherError} `not_found` (app, group, or the group does not have it), and as `assignGroup` and `revise` do.
 */
export async function reviseGroupAssignment(
  context: Context,
  appId: AppId,
  groupId: GroupId,
  revise: (current: GroupAssignment) => Required<GroupAssignmentValues>,
): Promise<GroupAssignment> {
  return context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const group = await requireGroup(tx, groupId);
    const before = await requireAppGroup(tx, app, groupId);
    return saveAssignment(context, tx, app, group, before, revise(before));
  });
}

/**
 * Takes the app from a group. Members keep it only where it was given to them individually or by another group.
 *
 * @throws {UsherError} `not_found` (app, group, or the group does not have it)
 */
export async function unassignGroup(context: Context, appId: AppId, groupId: GroupId): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.assign', { apps: [appId] });
    const group = await requireGroup(tx, groupId);
    await requireAppGroup(tx, app, groupId);
    await store.deleteAppGroup(tx, appId, groupId);
    await lookAtMembers(context, tx, { appId, groupId, granted: false });
    await logGroup(context, tx, app, group, 'remove');
  });
}

/** One page, the best priority first. */
export async function listAppGroups(
  context: Context,
  appId: AppId,
  { filter, ...listing }: Asked<store.AppGroupFilter>,
): Promise<GroupAssignment[]> {
  await requireApp(context.db, appId);
  const asked = filter === undefined ? {} : { filter: parseFilter(filter, 'filter') };
  return store.listAppGroups(context.db, appId, { ...listing, ...asked });
}

/** @throws {UsherError} `not_found` (app, or the group does not have it) */
export async function getAppGroup(context: Context, appId: AppId, groupId: GroupId): Promise<GroupAssignment> {
  return requireAppGroup(context.db, await requireApp(context.db, appId), groupId);
}

async function saveAssignment(
  context: Context,
  tx: Tx,
  app: App,
  group: Group,
  before: GroupAssignment | undefined,
  values: GroupAssignmentValues,
): Promise<GroupAssignment> {
  const [appId, groupId] = [app.id, group.id];
  const profile = values.profile === undefined ? before?.profile : await checkedProfile(tx, app, values.profile);
  const priority = values.priority ?? before?.priority;
  assertPriority(priority);
  if (before !== undefined && before.priority === priority && jsonEqual(before.profile, profile)) return before;
  if (priority !== undefined && priority !== before?.priority) await store.makeRoomAt(tx, appId, groupId, priority);
  await store.saveAppGroup(tx, { appId, groupId, priority, profile: profile ?? {} });
  await lookAtMembers(context, tx, { appId, groupId, granted: before === undefined });
  await logGroup(context, tx, app, group, before === undefined ? 'add' : 'update');
  return requireAppGroup(tx, app, groupId);
}

async function requireGroup(tx: Tx, groupId: GroupId): Promise<Group> {
  const group = await lockGroup(tx, groupId);
  if (group !== undefined) return group;
  throw new UsherError('not_found', `There is no group with the id ${groupId}.`);
}

async function requireAppGroup(db: Queryable, app: App, groupId: GroupId): Promise<GroupAssignment> {
  const assignment = await store.findAppGroup(db, app.id, groupId);
  if (assignment !== undefined) return assignment;
  const group = await findGroup(db, groupId);
  throw new UsherError('not_found', `${app.label} is not assigned to the group ${group?.profile.name ?? groupId}.`);
}

async function checkedProfile(tx: Tx, app: App, profile: Profile): Promise<Profile> {
  const schema = await findAppSchema(tx, app.id);
  const attributes = schema === undefined ? {} : allAttributes(schema);
  const mapped = (await findAppMapping(tx, app.id, 'TO_APP'))?.properties ?? {};
  const values = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null));
  const causes: ErrorCause[] = validateProfile(attributes, values, 'update');
  for (const field of Object.keys(values)) {
    const definition = attributes[field];
    if (definition?.mutability === 'READ_ONLY') causes.push({ field, reason: 'is read-only' });
    if (definition?.scope === 'SELF') {
      causes.push({ field, reason: 'is personal: it can be set for one person, not for a group' });
    }
    if (Object.hasOwn(mapped, field)) {
      causes.push({ field, reason: "is mapped from the user's profile: remove the mapping first" });
    }
  }
  if (causes.length === 0) return canonicalProfile(attributes, values);
  const sentences = causes.map((cause) => `${cause.field}: ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These values cannot be assigned to a group: ${sentences}.`, { causes });
}

const priorityMax = 2_147_483_647;

function assertPriority(priority: number | undefined): void {
  if (priority === undefined || (Number.isInteger(priority) && priority >= 0 && priority <= priorityMax)) return;
  throw new UsherError('invalid_input', `The priority must be a whole number from 0 to ${priorityMax}.`, {
    causes: [{ field: 'priority', reason: 'must be a whole number of at least 0' }],
  });
}

async function logGroup(
  context: Context,
  tx: Tx,
  app: App,
  group: Group,
  verb: 'add' | 'update' | 'remove',
): Promise<void> {
  const target = groupTarget({ id: group.id, name: group.profile.name });
  await logAppEvent(context, tx, app, `group.application_assignment.${verb}`, { targets: [target] });
}
