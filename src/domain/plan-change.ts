import type { AppId, GroupId, MappingId, UserId } from '../lib/ids.ts';
import type { DuplicateOptions } from './app-duplicate.ts';
import type { AppLimits, ProvisioningSettings, UserNameTemplate } from './app.ts';
import type { AttributeMapping } from './mapping.ts';
import type { AttributeDefinition } from './profile-schema.ts';
import type { Profile } from './profile.ts';

/** A change that can be planned: a document per kind, with what the service that makes it outright takes. */
export type PlanChange =
  | {
      readonly kind: 'mapping';
      readonly mappingId: MappingId;
      readonly properties: { readonly [targetAttribute: string]: AttributeMapping | null };
    }
  | { readonly kind: 'reapply_mappings'; readonly appId: AppId }
  | { readonly kind: 'provisioning'; readonly appId: AppId; readonly settings: ToAppPlan }
  | {
      readonly kind: 'app_schema';
      readonly appId: AppId;
      /** Changed custom attributes; null takes one away. */
      readonly custom: { readonly [attribute: string]: AttributeDefinition | null };
      readonly dropMappings: boolean;
    }
  | { readonly kind: 'connection'; readonly appId: AppId; readonly status: 'ENABLED' | 'DISABLED' }
  | { readonly kind: 'app_status'; readonly appId: AppId; readonly status: 'ACTIVE' | 'INACTIVE' }
  | { readonly kind: 'user_name_template'; readonly appId: AppId; readonly template: UserNameTemplate }
  | {
      readonly kind: 'group_assignment';
      readonly appId: AppId;
      readonly groupId: GroupId;
      readonly priority?: number;
      readonly profile?: Profile;
    }
  | { readonly kind: 'group_unassignment'; readonly appId: AppId; readonly groupId: GroupId }
  | ({ readonly kind: 'duplicate'; readonly appId: AppId } & DuplicateOptions)
  | {
      readonly kind: 'assignment' | 'unassignment';
      readonly appId: AppId;
      /** Or everybody a search of people finds; who that is, is fixed when the plan is made. */
      readonly userIds?: readonly UserId[];
      readonly search?: string;
    };

/** Any of the To App options; a rate of null leaves the pace to the app. */
export type ToAppPlan = Partial<ProvisioningSettings> & {
  readonly limits?: Partial<Omit<AppLimits, 'requestsPerMinute'>> & { readonly requestsPerMinute?: number | null };
};

export type PlanKind = PlanChange['kind'];
