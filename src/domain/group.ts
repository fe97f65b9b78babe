import type { GroupId, GroupRuleId, UserId } from '../lib/ids.ts';
import type { Profile } from './profile.ts';

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

export interface Group {
  readonly id: GroupId;
  readonly type: GroupType;
  readonly profile: Profile & { readonly name: string };
  readonly created: Date;
  readonly lastUpdated: Date;
  readonly lastMembershipUpdated: Date;
}

/** What an expression or a mapping may know about a group somebody is in. */
export interface GroupRef {
  readonly id: GroupId;
  readonly name: string;
  readonly type: GroupType;
}

export type GroupRuleStatus = 'ACTIVE' | 'INACTIVE' | 'INVALID';

/** Who is in a group, by expression. Members it adds carry the rule as their source. */
export interface GroupRule {
  readonly id: GroupRuleId;
  readonly name: string;
  readonly status: GroupRuleStatus;
  readonly expression: string;
  readonly groupIds: readonly GroupId[];
  readonly excludedUserIds: readonly UserId[];
  readonly excludedGroupIds: readonly GroupId[];
  readonly created: Date;
  readonly lastUpdated: Date;
}
