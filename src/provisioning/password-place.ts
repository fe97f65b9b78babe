import type { AppId, UserId } from '../lib/ids.ts';

/** Binds a sealed password to the account it is for. */
export function passwordPlace(appId: AppId, userId: UserId): string {
  return `password_pushes/${appId}/${userId}`;
}
