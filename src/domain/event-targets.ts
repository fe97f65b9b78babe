import type { GroupId, UserId } from '../lib/ids.ts';
import type { Actor, EventTarget } from './log-event.ts';
import type { Profile } from './profile.ts';

export function userTarget(user: { readonly id: UserId; readonly profile: Profile }): EventTarget {
  const { login } = user.profile;
  return {
    id: user.id,
    type: 'User',
    alternateId: typeof login === 'string' ? login : user.id,
    displayName: nameOf(user.profile) ?? user.id,
  };
}

/** The person as the one who acts. */
export function userActor(user: { readonly id: UserId; readonly profile: Profile }): Actor {
  const { id, alternateId, displayName } = userTarget(user);
  return { id, type: 'User', alternateId, displayName };
}

export function groupTarget(group: { readonly id: GroupId; readonly name: string }): EventTarget {
  return { id: group.id, type: 'UserGroup', alternateId: 'unknown', displayName: group.name };
}

/** The name to show for a person: their display name, else first and last name, else the login. */
function nameOf(profile: Profile): string | undefined {
  const { displayName, firstName, lastName, login } = profile;
  if (typeof displayName === 'string' && displayName !== '') return displayName;
  const parts = [firstName, lastName].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length > 0) return parts.join(' ');
  return typeof login === 'string' ? login : undefined;
}
