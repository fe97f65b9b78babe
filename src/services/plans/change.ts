import type { Permission } from '../../domain/admin-role.ts';
import type { PlanChange, PlanKind, ToAppPlan } from '../../domain/plan-change.ts';
import type { AppId, UserId } from '../../lib/ids.ts';
import { assignUsers, unassignUsers } from '../app-assignments.ts';
import { activateConnection, deactivateConnection, testConnection } from '../app-connections.ts';
import { duplicateApp, type DuplicatedApp } from '../app-duplicate.ts';
import { assignGroup, unassignGroup } from '../app-group-assignments.ts';
import { reapplyMappings, updateMapping } from '../app-mappings.ts';
import { updateAppSchema } from '../app-schemas.ts';
import { updateToApp } from '../app-to-app.ts';
import { activateApp, deactivateApp, updateApp } from '../apps.ts';
import type { AppContext } from '../context.ts';

// Everything a new kind of change has to be given: what it takes to make it, what it is called, and how it is made.

export const planPermissions: Readonly<Record<PlanKind, Permission>> = {
  mapping: 'mappings.manage',
  reapply_mappings: 'mappings.manage',
  provisioning: 'apps.manage',
  app_schema: 'apps.manage',
  connection: 'connections.manage',
  app_status: 'apps.manage',
  user_name_template: 'apps.manage',
  group_assignment: 'apps.assign',
  group_unassignment: 'apps.assign',
  assignment: 'apps.assign',
  unassignment: 'apps.assign',
  duplicate: 'apps.manage',
};

/** What people named will have individually; undefined for a change that is not about people named. */
export function namedAssignment({ kind }: PlanChange): 'direct' | 'none' | undefined {
  if (kind === 'assignment') return 'direct';
  return kind === 'unassignment' ? 'none' : undefined;
}

export function titleOf(change: PlanChange): string {
  switch (change.kind) {
    case 'mapping':
      return `Change the mappings of ${Object.keys(change.properties).join(', ')}`;
    case 'reapply_mappings':
      return 'Apply the mappings again to everybody';
    case 'provisioning':
      return `Change what is provisioned: ${Object.keys(change.settings).join(', ')}`;
    case 'app_schema':
      return `Change the attributes ${Object.keys(change.custom).join(', ')}`;
    case 'connection':
      return change.status === 'ENABLED' ? 'Turn provisioning on' : 'Turn provisioning off';
    case 'app_status':
      return change.status === 'ACTIVE' ? 'Activate the app' : 'Deactivate the app';
    case 'user_name_template':
      return `Make user names by ${change.template.template}`;
    case 'group_assignment':
      return 'Assign a group, or change its priority or values';
    case 'group_unassignment':
      return 'Take the app from a group';
    case 'assignment':
      return 'Assign people';
    case 'unassignment':
      return 'Take the app from people';
    case 'duplicate':
      return change.label === undefined ? 'Duplicate the app' : `Duplicate the app as ${change.label}`;
  }
}

/** Finds out from the app what has to be known before the change is made. Outside of any transaction. */
export async function proveChange(context: AppContext, change: PlanChange): Promise<void> {
  if (change.kind === 'connection' && change.status === 'ENABLED') await testConnection(context, change.appId);
}

/**
 * Makes the change, by the service that makes it outright. `userIds`: whom it names, where it names people. The new
 * app, where the change makes one.
 */
export async function makeChange(
  context: AppContext,
  change: PlanChange,
  userIds: readonly UserId[] = [],
): Promise<DuplicatedApp | undefined> {
  if (change.kind === 'duplicate') return duplicateApp(context, change.appId, change);
  await changeApp(context, change, userIds);
  return undefined;
}

async function changeApp(
  context: AppContext,
  change: Exclude<PlanChange, { readonly kind: 'duplicate' }>,
  userIds: readonly UserId[],
): Promise<void> {
  switch (change.kind) {
    case 'mapping':
      return void (await updateMapping(context, change.mappingId, change.properties));
    case 'reapply_mappings':
      return reapplyMappings(context, change.appId, 'TO_APP');
    case 'provisioning':
      return changeToApp(context, change.appId, change.settings);
    case 'app_schema':
      return void (await updateAppSchema(context, change.appId, change));
    case 'connection':
      return change.status === 'ENABLED'
        ? activateConnection(context, change.appId, { tested: true })
        : deactivateConnection(context, change.appId);
    case 'app_status':
      return change.status === 'ACTIVE' ? activateApp(context, change.appId) : deactivateApp(context, change.appId);
    case 'user_name_template':
      return void (await updateApp(context, change.appId, { userNameTemplate: change.template }));
    case 'group_assignment': {
      const { kind: _kind, appId, groupId, ...values } = change;
      return void (await assignGroup(context, appId, groupId, values));
    }
    case 'group_unassignment':
      return unassignGroup(context, change.appId, change.groupId);
    case 'assignment':
      return void (await assignUsers(context, change.appId, userIds));
    case 'unassignment':
      return void (await unassignUsers(context, change.appId, userIds));
  }
}

/** The plan shows each account that would be deleted, and is refused where one more would be: that confirms them. */
async function changeToApp(context: AppContext, appId: AppId, { limits = {}, ...provisioning }: ToAppPlan) {
  await updateToApp(context, appId, { provisioning, limits }, 'planned');
}
