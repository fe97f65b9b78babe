import type { AppId, GroupPushRuleId } from '../lib/ids.ts';
import type { GroupType } from './group.ts';

export const textOperators = ['STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EQUALS'] as const;

/** Holds in any letter case. */
export interface TextCondition {
  readonly operator: (typeof textOperators)[number];
  readonly value: string;
}

/** Which groups a push rule means: all of it must hold, and at least one text must be asked for. */
export interface GroupPushConditions {
  readonly name?: TextCondition;
  readonly description?: TextCondition;
  readonly groupTypes: readonly GroupType[];
}

/** Gives an app every group that fits, as groups come. */
export interface GroupPushRule {
  readonly id: GroupPushRuleId;
  readonly appId: AppId;
  readonly name: string;
  /** INACTIVE: no more mappings come of it, and those there are stay. */
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly conditions: GroupPushConditions;
  /** How many mappings have come of it and are there. */
  readonly mappings: number;
  readonly created: Date;
  readonly lastUpdated: Date;
}
