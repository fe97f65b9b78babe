import type { Permission } from '../../domain/admin-role.ts';
import type { ProvisioningSettings, UserNameTemplate } from '../../domain/app.ts';
import type { AppId, GroupId, MappingId, UserId } from '../../lib/ids.ts';
import type { JsonObject } from '../../lib/json.ts';
import { assignUsers, unassignUsers } from '../app-assignments.ts';
import { updateProvisioning } from '../app-features.ts';
import { assignGroup, unassignGroup, type GroupAssignmentValues } from '../app-group-assignments.ts';
import { reapplyMappings, updateMapping, type MappingChanges } from '../app-mappings.ts';
import { activateApp, deactivateApp, updateApp } from '../apps.ts';
import { activateConnection, deactivateConnection, testConnection } from '../app-connections.ts';
import type { AppContext } from '../context.ts';

/** A change that can be planned: a document per kind, with what the service that makes it takes. */
export type PlanChange =
  | { readonly kind: 'mapping'; readonly mappingId: MappingId; readonly properties: MappingChanges }
  | { readonly kind: 'reapply_mappings'; readonly appId: AppId }
  | { readonly kind: 'provisioning'; readonly appId: AppId; readonly settings: Partial<ProvisioningSettings> }
  | { readonly kind: 'connection'; readonly appId: AppId; readonly status: 'ENABLED' | 'DISABLED' }
  | { readonly kind: 'app_status'; readonly appId: AppId; readonly status: 'ACTIVE' | 'INACTIVE' }
  | { readonly kind: 'user_name_template'; readonly appId: AppId; readonly template: UserNameTemplate }
  | ({ readonly kind: 'group_assignment'; readonly appId: AppId; readonly groupId: GroupId } & GroupAssignmentValues)
  | { readonly kind: 'group_unassignment'; readonly appId: AppId; readonly groupId: GroupId }
  | {
      readonly kind: 'assignment' | 'unassignment';
      readonly appId: AppId;
      /** Or everybody a search of people finds; who that is, is fixed when the plan is made. */
      readonly userIds?: readonly UserId[];
      readonly search?: string;
    };

export type PlanKindName = PlanChange['kind'];

/** What the plan's machinery needs to know of a kind of change. */
export interface PlanKind<Change extends PlanChange> {
  readonly permission: Permission;
  title(change: Change): string;
  /** Makes the change, by the service that makes it outright. `userIds`: whom the plan names. */
  make(context: AppContext, change: Change, userIds: readonly UserId[]): Promise<unknown>;
  /** What has to be found out from the app before the change is made, outside of any transaction. */
  prove?(context: AppContext, change: Change): Promise<unknown>;
  /** For changes about people named: whether they will have the app individually. */
  readonly direct?: boolean;
}

export const planKinds: { readonly [Name in PlanKindName]: PlanKind<Extract<PlanChange, { kind: Name }>> } = {
  mapping: {
    permission: 'mappings.manage',
    title: ({ properties }) => `Change the mappings of ${Object.keys(properties).join(', ')}`,
    make: (context, { mappingId, properties }) => updateMapping(context, mappingId, properties),
  },
  reapply_mappings: {
    permission: 'mappings.manage',
    title: () => 'Apply the mappings again to everybody',
    make: (context, { appId }) => reapplyMappings(context, appId, 'TO_APP'),
  },
  provisioning: {
    permission: 'apps.manage',
    title: ({ settings }) => `Change what is provisioned: ${Object.keys(settings).join(', ')}`,
    make: (context, { appId, settings }) => updateProvisioning(context, appId, settings),
  },
  connection: {
    permission: 'connections.manage',
    title: ({ status }) => (status === 'ENABLED' ? 'Turn provisioning on' : 'Turn provisioning off'),
    prove: async (context, { appId, status }) => {
      if (status === 'ENABLED') await testConnection(context, appId);
    },
    make: (context, { appId, status }) =>
      status === 'ENABLED'
        ? activateConnection(context, appId, { tested: true })
        : deactivateConnection(context, appId),
  },
  app_status: {
    permission: 'apps.manage',
    title: ({ status }) => (status === 'ACTIVE' ? 'Activate the app' : 'Deactivate the app'),
    make: (context, { appId, status }) =>
      status === 'ACTIVE' ? activateApp(context, appId) : deactivateApp(context, appId),
  },
  user_name_template: {
    permission: 'apps.manage',
    title: ({ template }) => `Make user names by ${template.template}`,
    make: (context, { appId, template }) => updateApp(context, appId, { userNameTemplate: template }),
  },
  group_assignment: {
    permission: 'apps.assign',
    title: () => 'Assign a group, or change its priority or values',
    make: (context, { kind: _kind, appId, groupId, ...values }) => assignGroup(context, appId, groupId, values),
  },
  group_unassignment: {
    permission: 'apps.assign',
    title: () => 'Take the app from a group',
    make: (context, { appId, groupId }) => unassignGroup(context, appId, groupId),
  },
  assignment: {
    permission: 'apps.assign',
    title: () => 'Assign people',
    make: (context, { appId }, userIds) => assignUsers(context, appId, userIds),
    direct: true,
  },
  unassignment: {
    permission: 'apps.assign',
    title: () => 'Take the app from people',
    make: (context, { appId }, userIds) => unassignUsers(context, appId, userIds),
    direct: false,
  },
};

/** The kind of a change, with the change in its hands. */
export function plannable(change: PlanChange): {
  readonly permission: Permission;
  readonly title: string;
  readonly named: boolean;
  readonly direct: boolean | undefined;
  prove(context: AppContext): Promise<unknown>;
  make(context: AppContext, userIds: readonly UserId[]): Promise<unknown>;
} {
  // The table has for each kind what takes changes of this kind; TypeScript cannot see that the two go together.
  const kind = planKinds[change.kind] as PlanKind<PlanChange>;
  return {
    permission: kind.permission,
    title: kind.title(change),
    named: kind.direct !== undefined,
    direct: kind.direct,
    prove: async (context) => kind.prove?.(context, change),
    make: (context, userIds) => kind.make(context, change, userIds),
  };
}

/** A stored change, as `createPlan` checked it before it stored it. */
export function storedChange(change: JsonObject): PlanChange {
  return change as unknown as PlanChange;
}
