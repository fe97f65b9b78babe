import type { AppId, GroupId } from '../lib/ids.ts';
import type { Profile } from './profile.ts';

/** An app given to a group. The lowest `priority` number wins where a person is in several. */
export interface GroupAssignment {
  readonly appId: AppId;
  readonly groupId: GroupId;
  readonly priority: number;
  readonly profile: Profile;
  readonly lastUpdated: Date;
}
