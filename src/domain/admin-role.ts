/** Okta's standard administrator roles, spelled as Okta spells them. USER_ADMIN is the group administrator. */
export const adminRoles = [
  'SUPER_ADMIN',
  'ORG_ADMIN',
  'APP_ADMIN',
  'USER_ADMIN',
  'HELP_DESK_ADMIN',
  'REPORT_ADMIN',
  'READ_ONLY_ADMIN',
] as const;
export type AdminRole = (typeof adminRoles)[number];

export const roleLabels: Readonly<Record<AdminRole, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organizational Administrator',
  APP_ADMIN: 'Application Administrator',
  USER_ADMIN: 'Group Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  REPORT_ADMIN: 'Report Administrator',
  READ_ONLY_ADMIN: 'Read-Only Administrator',
};

/** What a role may be limited to. The others are always for everything. */
export function targetKind(role: AdminRole): 'apps' | 'groups' | undefined {
  if (role === 'APP_ADMIN') return 'apps';
  return role === 'USER_ADMIN' || role === 'HELP_DESK_ADMIN' ? 'groups' : undefined;
}

const holders = {
  // The organisation and what runs it
  'org.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'READ_ONLY_ADMIN'],
  'logs.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'REPORT_ADMIN', 'READ_ONLY_ADMIN'],
  // An app administrator sees the runs about their apps, and their own.
  'runs.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'REPORT_ADMIN', 'READ_ONLY_ADMIN'],
  // An app administrator sees what reports say about their apps.
  'reports.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'REPORT_ADMIN', 'READ_ONLY_ADMIN'],
  // Stopping bulk work takes, besides, the right to begin work of that kind.
  'runs.manage': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN'],
  // People. Help desk and group administrators may have their groups named; then it is about members of these only.
  'users.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN', 'READ_ONLY_ADMIN'],
  'users.manage': ['SUPER_ADMIN', 'ORG_ADMIN', 'USER_ADMIN'],
  'users.credentials': ['SUPER_ADMIN', 'ORG_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN'],
  'users.import': ['SUPER_ADMIN', 'ORG_ADMIN'],
  // Groups, and the rules that fill them
  'groups.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN', 'READ_ONLY_ADMIN'],
  'groups.manage': ['SUPER_ADMIN', 'ORG_ADMIN'],
  'groups.members': ['SUPER_ADMIN', 'ORG_ADMIN', 'USER_ADMIN'],
  'rules.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'READ_ONLY_ADMIN'],
  'rules.manage': ['SUPER_ADMIN', 'ORG_ADMIN'],
  // Attributes of people and groups
  'schemas.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN', 'READ_ONLY_ADMIN'],
  'schemas.manage': ['SUPER_ADMIN', 'ORG_ADMIN'],
  // Apps. An app administrator may have the apps named; then it is about these only.
  'catalog.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'READ_ONLY_ADMIN'],
  'apps.read': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN', 'READ_ONLY_ADMIN'],
  'apps.manage': ['SUPER_ADMIN', 'APP_ADMIN'],
  'apps.assign': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN'],
  'connections.manage': ['SUPER_ADMIN', 'APP_ADMIN'],
  'mappings.manage': ['SUPER_ADMIN', 'ORG_ADMIN', 'APP_ADMIN'],
  // Access to Usher itself. To change somebody who holds a role takes the right to and, besides, all that they may do.
  'admins.manage': ['SUPER_ADMIN', 'ORG_ADMIN'],
  'roles.read': ['SUPER_ADMIN'],
  'roles.manage': ['SUPER_ADMIN'],
  'tokens.own': adminRoles,
  'tokens.manage': ['SUPER_ADMIN'],
} as const satisfies Readonly<Record<string, readonly AdminRole[]>>;

/** What can be allowed. A small closed vocabulary: a route that fits one of these takes it, before another is added. */
export type Permission = keyof typeof holders;
export const permissions = Object.keys(holders).filter((name): name is Permission => Object.hasOwn(holders, name));

/** The one table of who may do what. What a role is limited to (apps, groups) is told by each grant of it. */
export function roleAllows(role: AdminRole, permission: Permission): boolean {
  const roles: readonly AdminRole[] = holders[permission];
  return roles.includes(role);
}
