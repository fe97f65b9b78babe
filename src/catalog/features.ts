import type { CatalogEntry } from './entry.ts';

/** The part of Okta's feature names that a catalog entry can carry. */
export type AppFeature =
  | 'SCIM_PROVISIONING'
  | 'IMPORT_NEW_USERS'
  | 'IMPORT_PROFILE_UPDATES'
  | 'PROFILE_MASTERING'
  | 'IMPORT_USER_SCHEMA'
  | 'PUSH_NEW_USERS'
  | 'PUSH_PENDING_USERS'
  | 'PUSH_PROFILE_UPDATES'
  | 'UPDATE_EXISTING_USERNAME'
  | 'PUSH_PASSWORD_UPDATES'
  | 'PUSH_USER_DEACTIVATION'
  | 'REACTIVATE_USERS'
  | 'GROUP_PUSH';

/** What the app can be provisioned with, in Okta's feature names; empty where no connector exists. */
export function featuresOf(entry: Pick<CatalogEntry, 'connector' | 'capabilities' | 'quirks'>): AppFeature[] {
  if (entry.connector === null) return [];
  const { users, groups } = entry.capabilities;
  const features: readonly (readonly [boolean, ...AppFeature[]])[] = [
    [entry.connector === 'scim', 'SCIM_PROVISIONING'],
    [users.read, 'IMPORT_NEW_USERS', 'IMPORT_PROFILE_UPDATES', 'PROFILE_MASTERING'],
    [users.schemaDiscovery, 'IMPORT_USER_SCHEMA'],
    [users.create, 'PUSH_NEW_USERS', 'PUSH_PENDING_USERS'],
    [users.update, 'PUSH_PROFILE_UPDATES'],
    [users.update && entry.quirks['userNameImmutable'] !== true, 'UPDATE_EXISTING_USERNAME'],
    [users.password, 'PUSH_PASSWORD_UPDATES'],
    [users.deactivate, 'PUSH_USER_DEACTIVATION'],
    [users.reactivate, 'REACTIVATE_USERS'],
    [groups.update, 'GROUP_PUSH'],
  ];
  return features.flatMap(([has, ...names]) => (has ? names : []));
}
