import type { GroupAssignment } from '../../../domain/assignment.ts';
import type { Group } from '../../../domain/group.ts';
import { presentGroup } from '../groups/present.ts';
import { oktaDate } from '../dates.ts';

/** A group that has an app, in Okta's words. `expanded` comes along when the caller asked for it. */
export function presentAppGroup(assignment: GroupAssignment, base: string, expanded?: Group) {
  const { appId, groupId, priority, profile, lastUpdated } = assignment;
  const app = `${base}/api/v1/apps/${appId}`;
  return {
    id: groupId,
    lastUpdated: oktaDate(lastUpdated),
    priority,
    profile,
    ...(expanded === undefined ? {} : { _embedded: { group: presentGroup(expanded, base) } }),
    _links: {
      app: { href: app },
      self: { href: `${app}/groups/${groupId}` },
      group: { href: `${base}/api/v1/groups/${groupId}` },
    },
  };
}
