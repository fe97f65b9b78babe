import { roleLabels } from '../../../domain/admin-role.ts';
import type { AppTarget } from '../../../domain/rights.ts';
import type { AssignedRole } from '../../../store/admins.ts';
import { oktaDate } from '../dates.ts';

/** `assignmentType` GROUP: held through a group, whatever was asked about. */
export function presentRole(role: AssignedRole, base: string) {
  const { id, role: type, holder, created, lastUpdated } = role;
  const assignee = 'userId' in holder ? `users/${holder.userId}` : `groups/${holder.groupId}`;
  return {
    id,
    label: roleLabels[type],
    type,
    status: 'ACTIVE',
    created: oktaDate(created),
    lastUpdated: oktaDate(lastUpdated),
    assignmentType: 'userId' in holder ? 'USER' : 'GROUP',
    _links: { assignee: { href: `${base}/api/v1/${assignee}` } },
  };
}

/** What is known of a target besides its name. */
export interface TargetFacts {
  readonly displayName: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly lastUpdated: Date | undefined;
}

/** Okta's CatalogApplication; with an id where it is one app. */
export function presentAppTarget({ name, appId }: AppTarget, facts: TargetFacts, base: string) {
  const { displayName, status, lastUpdated } = facts;
  return {
    name,
    displayName,
    status,
    ...(lastUpdated === undefined ? {} : { lastUpdated: oktaDate(lastUpdated) }),
    ...(appId === null ? {} : { id: appId, _links: { self: { href: `${base}/api/v1/apps/${appId}` } } }),
  };
}
