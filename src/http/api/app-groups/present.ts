import type { GroupAssignment } from '../../../domain/assignment.ts';
import { oktaDate } from '../dates.ts';

export function presentAppGroup({ appId, groupId, priority, profile, lastUpdated }: GroupAssignment, base: string) {
  const app = `${base}/api/v1/apps/${appId}`;
  return {
    id: groupId,
    lastUpdated: oktaDate(lastUpdated),
    priority,
    profile,
    _links: {
      app: { href: app },
      self: { href: `${app}/groups/${groupId}` },
      group: { href: `${base}/api/v1/groups/${groupId}` },
    },
  };
}
