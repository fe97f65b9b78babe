import type { AppUser } from '../../../domain/app-user.ts';
import type { User } from '../../../domain/user.ts';
import { oktaDate, oktaDateOrNull } from '../dates.ts';
import { presentListedUser } from '../users/present.ts';

/**
 * Somebody in an app, in Okta's words: its id is the person's. Whoever has the app through a group is shown the group
 * that comes first. `user` comes along when the caller asked to expand it.
 * `lastError`, which Okta has no word for, is there while the last attempt has failed.
 */
export function presentAppUser(appUser: AppUser, name: string | null, base: string, expanded?: User) {
  const { userName: _, ...assigned } = appUser.assignedProfile;
  const self = `${base}/api/v1/apps/${appUser.appId}`;
  return {
    id: appUser.userId,
    externalId: appUser.externalId,
    created: oktaDate(appUser.created),
    lastUpdated: oktaDate(appUser.lastUpdated),
    scope: appUser.scope,
    status: appUser.status,
    statusChanged: oktaDateOrNull(appUser.statusChanged),
    passwordChanged: oktaDateOrNull(appUser.passwordChanged),
    syncState: appUser.syncState,
    lastSync: oktaDateOrNull(appUser.lastSync),
    ...(appUser.lastError === null ? {} : { lastError: appUser.lastError }),
    credentials: { userName: name, ...(appUser.passwordChanged === null ? {} : { password: {} }) },
    profile: { ...appUser.recordedProfile, ...assigned },
    ...(expanded === undefined ? {} : { _embedded: { user: presentListedUser(expanded, base) } }),
    _links: {
      app: { href: self },
      user: { href: `${base}/api/v1/users/${appUser.userId}` },
      ...(appUser.groupId === null ? {} : { group: { href: `${base}/api/v1/groups/${appUser.groupId}` } }),
    },
  };
}
