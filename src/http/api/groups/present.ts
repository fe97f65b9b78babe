import type { Group } from '../../../domain/group.ts';
import type { AppId } from '../../../lib/ids.ts';
import { oktaDate } from '../dates.ts';

/** `source`: the app the group is from, where it is from one. */
export function presentGroup(group: Group, base: string, source?: AppId) {
  const self = `${base}/api/v1/groups/${group.id}`;
  return {
    id: group.id,
    created: oktaDate(group.created),
    lastUpdated: oktaDate(group.lastUpdated),
    lastMembershipUpdated: oktaDate(group.lastMembershipUpdated),
    objectClass: ['okta:user_group'],
    type: group.type,
    profile: { description: null, ...group.profile },
    _links: {
      logo: [],
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
      owners: { href: `${self}/owners` },
      ...(source === undefined ? {} : { source: { href: `${base}/api/v1/apps/${source}` } }),
    },
  };
}
